//! The checklists and what becomes of them, from outside the crate.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod data;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod example;
#[cfg(test)]
mod region;
#[cfg(test)]
mod statuses;
