//! The machine form of a what-if: `optout.simulation/1`.

use serde::Serialize;

use crate::plan::Change;

/// The newest form.
pub const FORMAT: &str = "optout.simulation/1";

/// What would change.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Simulation<'a> {
    /// Always `optout.simulation/1`.
    format: &'static str,
    /// The question, in words.
    what: &'a str,
    /// The answer: accounts with the same change together; empty where nothing changes.
    changes: &'a [Change],
}

impl<'a> Simulation<'a> {
    /// The form of `changes`, which is the answer to `what`.
    #[must_use]
    pub const fn new(what: &'a str, changes: &'a [Change]) -> Self {
        Self { format: FORMAT, what, changes }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("simulation-1.json", &crate::published::written::<super::Simulation<'static>>());
    }
}
