//! The published schemas are those of the structs.

use super::event::{FindingEventV1, FullReadEventV1, SummaryEventV1};
use super::standing::FileV1;
use crate::published::{check, written};

#[test]
fn the_published_schemas_are_those_of_the_structs() {
    check("finding-event-1.json", &written::<FindingEventV1<'static>>());
    check("full-read-event-1.json", &written::<FullReadEventV1<'static>>());
    check("summary-event-1.json", &written::<SummaryEventV1<'static>>());
    check("standing-1.json", &schemars::schema_for!(FileV1));
}
