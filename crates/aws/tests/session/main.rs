//! Sessions from every kind of credentials, against fakes on loopback.
//!
//! What the SDK reads from the environment can only be set for a whole process, so each test starts this test binary again
//! with an environment of its own; `child` then opens a session, reads, and prints what came of it.

#[cfg(test)]
mod child;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod endpoints;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod refusals;
