//! The form that Security Hub takes.

use super::{AsffFinding, PublishedFinding, Status};
use crate::report::{Publisher, asff_finding};

/// A finding for BatchImportFindings: as `optout report --format asff` writes it, but what passed is archived.
///
/// It never has a field that analysts set, which an import may not change either:
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html>, read 2026-11-24.
#[must_use]
pub fn asff(finding: &PublishedFinding, publisher: &Publisher) -> AsffFinding {
    let mut form = asff_finding(finding, publisher);
    if finding.status == Status::Passed {
        form.record_state = "ARCHIVED";
    }
    form
}
