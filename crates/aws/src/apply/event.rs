//! Who is told what happens, as it happens.

use std::io;

use optout_core::plan::journal::Event;

use super::ApplyError;

/// Who is told; an error ends the run before the next call.
pub type Record<'a> = &'a mut (dyn FnMut(&Event) -> io::Result<()> + Send);

pub(super) fn tell(record: Record<'_>, event: &Event) -> Result<(), ApplyError> {
    record(event).map_err(|error| ApplyError::Record(error.to_string()))
}
