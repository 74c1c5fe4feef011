//! What a run was able to judge: only there does it mean anything that a finding is missing.

use std::collections::{BTreeMap, BTreeSet};

use super::PublishedFinding;
use crate::check::AccountVerdict;
use crate::org::{AccountId, Scope};
use crate::report::Report;

/// Controls that are about the verdict of each account, and open only where that is unknown.
const OF_VERDICTS: &[&str] = &["default-opted-out", "no-undeclared-opt-in"];

/// What a run judged. A finding that stood before and is missing now has healed only if it was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Controls that could not be determined, for all or some: nothing of theirs heals but for accounts that are gone, and,
    /// where the control is about verdicts, for accounts that are opted out.
    pub open: BTreeSet<String>,
    /// Every account there is, and whether it is opted out or excepted; `None` where not every account was listed.
    pub listed: Option<BTreeMap<AccountId, bool>>,
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
        // Verdicts below `unknown` leave nothing about the account open.
        let fine = |verdict| verdict < AccountVerdict::Unknown;
        let listed = || assessment.accounts.iter().map(|result| (result.id, fine(result.verdict))).collect();
        Self {
            open: open.map(|(control, _)| control.id.to_owned()).collect(),
            listed: whole.then(listed),
            accounts: (!whole).then(accounts),
            others: whole,
        }
    }

    /// Nothing: findings are added, none heals. For a run that looked at a single event.
    #[must_use]
    pub fn nothing() -> Self {
        Self { open: BTreeSet::new(), listed: None, accounts: Some(BTreeSet::new()), others: false }
    }

    /// Whether it means anything that this finding is missing.
    #[must_use]
    pub fn covers(&self, finding: &PublishedFinding) -> bool {
        if self.open.contains(&finding.control) {
            return self.settles(finding);
        }
        match (finding.subject.account, &self.accounts) {
            (Some(_), None) => true,
            (Some(account), Some(looked_at)) => looked_at.contains(&account),
            (None, _) => self.others,
        }
    }

    /// Whether it means something though the control is open.
    fn settles(&self, finding: &PublishedFinding) -> bool {
        let (Some(account), Some(listed)) = (finding.subject.account, &self.listed) else { return false };
        match listed.get(&account) {
            None => true,
            Some(fine) => *fine && OF_VERDICTS.contains(&finding.control.as_str()),
        }
    }
}
