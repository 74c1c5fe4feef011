//! Where events come from: exported log files, or CloudTrail's event history.

mod files;
mod lookup;

pub(crate) use files::{collect, collect_into};
pub(crate) use lookup::{Lookup, save};

use optout_core::trail::{Trail, TrailProblem};

use crate::ui::Ui;

/// How many problems are told where the report does not tell them itself.
const TOLD: usize = 5;

/// Tells what could not be read of a trail that is not the report itself.
pub(crate) fn warn_of_problems(trail: &Trail, ui: &mut Ui) {
    if trail.seen.problems == 0 {
        return;
    }
    let told = trail.problems.iter().take(TOLD).map(TrailProblem::to_string);
    told.for_each(|problem| ui.warn(&problem));
    let more = trail.seen.problems.saturating_sub(TOLD as u64);
    if more > 0 {
        ui.warn(&format!("{more} more records could not be read"));
    }
}
