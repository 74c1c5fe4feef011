//! Recorded findings, read back.

use serde::Deserialize;

use super::part::{Lookup, all_items};
use super::{EvidenceError, Record};
use crate::check::Severity;

/// A finding as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct RecordedFinding {
    pub(crate) accepted: Option<String>,
    pub(crate) control: String,
    pub(crate) message: String,
    pub(crate) severity: Severity,
    pub(crate) subject: String,
    pub(crate) subject_kind: String,
}

/// The findings of a record; none where nothing was judged.
pub(crate) fn findings(record: &Record, lookup: &Lookup<'_>) -> Result<Vec<RecordedFinding>, EvidenceError> {
    let Some(list) = record.part("findings") else { return Ok(Vec::new()) };
    let items = all_items(lookup, list)?.into_iter();
    items.map(|item| serde_json::from_value(item).map_err(|_| EvidenceError::Form(*list))).collect()
}
