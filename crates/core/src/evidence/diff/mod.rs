//! What changed between two readings of an organization, and which change explains which verdict.
//!
//! Both are judged by the same catalogue, intent and date, so that only the organization can make a difference. A change
//! explains a verdict when the engine, given that change alone, comes to the new one; where none does, the smallest set
//! that does is named. `plan::changes` compares settings for a plan; here names, places and AWS's answers count too.

mod apply;
mod changes;
mod explain;
mod model;
mod text;
mod verdicts;

pub use model::{Because, Change, Diff, FORMAT, Incomparable, Kind, ServiceChange, Side, Standing, VerdictChange};
pub use text::render;

use jiff::Timestamp;

use crate::catalogue::Catalogue;
use crate::check::Exceptions;
use crate::org::{EvidenceMode, Part, Snapshot};

/// What two readings are judged by.
pub struct Judge<'j> {
    /// The services.
    pub catalogue: &'j Catalogue,
    /// The declared exceptions, as often as they are needed.
    pub exceptions: &'j dyn Fn() -> Exceptions<'j>,
    /// The date.
    pub at: Timestamp,
    /// `Some(EvidenceMode::None)`: AWS's answers are not to be used.
    pub evidence: Option<EvidenceMode>,
}

impl std::fmt::Debug for Judge<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "judge at {}", self.at)
    }
}

/// Two readings that cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these are two organizations: `{0}` and `{1}`")]
pub struct OtherOrganizationError(pub String, pub String);

/// Compares two readings; `sources` says in words where each came from.
///
/// # Errors
/// Where they are of two organizations.
pub fn diff(
    before: &Snapshot,
    after: &Snapshot,
    judge: &Judge<'_>,
    sources: [String; 2],
) -> Result<Diff, OtherOrganizationError> {
    if let (Some(old), Some(new)) = (before.organization(), after.organization())
        && old.id != new.id
    {
        return Err(OtherOrganizationError(old.id.to_string(), new.id.to_string()));
    }
    let changes = changes::changes(before, after);
    let verdicts = verdicts::verdicts(before, after, judge, &changes);
    let [source_before, source_after] = sources;
    Ok(Diff {
        format: FORMAT.to_owned(),
        organization: after.organization().or(before.organization()).map(|it| it.id.to_string()),
        at: judge.at,
        before: Side { source: source_before, taken: before.taken },
        after: Side { source: source_after, taken: after.taken },
        changes,
        verdicts,
        incomparable: incomparable(before, after),
    })
}

/// What was not read on one of the two sides: changes in it cannot be seen.
fn incomparable(before: &Snapshot, after: &Snapshot) -> Vec<Incomparable> {
    let mut found = Vec::new();
    for part in PARTS {
        let (old, new) = (is_read(before, *part), is_read(after, *part));
        let side = match (old, new) {
            (true, true) => continue,
            (false, true) => "before",
            (true, false) => "after",
            (false, false) => "both",
        };
        found.push(Incomparable { part: part.as_str().to_owned(), unread: side.to_owned() });
    }
    found
}

/// What is compared.
const PARTS: &[Part] = &[
    Part::Organization,
    Part::Root,
    Part::Units,
    Part::Accounts,
    Part::Policies,
    Part::PolicyContent,
    Part::Attachments,
    Part::Delegates,
    Part::ResourcePolicy,
];

fn is_read(snapshot: &Snapshot, part: Part) -> bool {
    let there = match part {
        Part::Organization => snapshot.membership.is_some(),
        Part::Root => snapshot.root.is_some(),
        Part::Units => snapshot.units.is_some(),
        Part::Accounts => snapshot.accounts.is_some(),
        Part::Policies | Part::PolicyContent => snapshot.policies.is_some(),
        Part::Attachments => snapshot.attachments.is_some(),
        Part::Delegates => snapshot.delegates.is_some(),
        Part::ResourcePolicy => snapshot.resource_policy.is_some(),
        Part::Caller
        | Part::PolicyTags
        | Part::EffectivePolicy
        | Part::InvalidPolicies
        | Part::ServiceControlPolicies
        | Part::TrustedServices
        | Part::ControlPolicies => true,
    };
    there && !snapshot.unread.iter().any(|unread| unread.part == part)
}
