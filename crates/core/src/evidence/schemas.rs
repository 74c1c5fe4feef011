//! The published schemas of the forms are those of the structs.

use super::diff::Diff;
use super::history::History;
use super::history::checked::CheckedFile;
use super::record::Record;
use crate::published::{check, written};

#[test]
fn the_published_schemas_are_those_of_the_structs() {
    check("record-1.json", &schemars::schema_for!(Record));
    check("history-1.json", &written::<History>());
    check("history-check-1.json", &written::<CheckedFile>());
    check("diff-1.json", &written::<Diff>());
}
