//! What a run was able to judge: only there does it mean anything that a finding is missing.

use std::collections::BTreeSet;

use super::PublishedFinding;
use crate::org::{AccountId, Scope};
use crate::report::Report;

/// What a run judged. A finding that stood before and is missing now has healed only if it was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Controls that could not be determined, for all or some: nothing of theirs heals.
    pub open: BTreeSet<String>,
    /// The accounts that were looked at; `None` where it was every account there is.
    pub accounts: Option<BTreeSet<AccountId>>,
    /// Whether what is no account (units, policies, the organization) was looked at.
    pub others: bool,
}

impl Judged {
    /// What a report judged.
    #[must_use]
    pub fn of(report: &Report<'_>) -> Self {
        let assessment = report.assessment;
        let open = report.outcomes.iter().filter(|(_, outcome)| outcome.unknown.is_some());
        let whole = assessment.whole && !assessment.partial && assessment.snapshot.scope == Scope::Organization;
        let accounts = || assessment.accounts.iter().map(|result| result.id).collect();
        Self {
            open: open.map(|(control, _)| control.id.to_owned()).collect(),
            accounts: (!whole).then(accounts),
            others: whole,
        }
    }

    /// Nothing: findings are added, none heals. For a run that looked at a single event.
    #[must_use]
    pub fn nothing() -> Self {
        Self { open: BTreeSet::new(), accounts: Some(BTreeSet::new()), others: false }
    }

    /// Whether it means anything that this finding is missing.
    #[must_use]
    pub fn covers(&self, finding: &PublishedFinding) -> bool {
        if self.open.contains(&finding.control) {
            return false;
        }
        match (finding.subject.account, &self.accounts) {
            (Some(_), None) => true,
            (Some(account), Some(looked_at)) => looked_at.contains(&account),
            (None, _) => self.others,
        }
    }
}
