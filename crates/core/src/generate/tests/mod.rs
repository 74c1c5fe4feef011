//! Whatever a name says, it cannot leave the place where it stands; what is read back is what was meant.

pub(super) mod design;
mod hostile;
mod read;
