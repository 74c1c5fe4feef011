//! An audit as a value: owned, comparable, and in the form in which machines get it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::{Answer, Correction, Profile, Reference, Status};
use crate::check::Decision;

/// The answer to a set of checklist items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Audit {
    /// The version of the program.
    pub tool_version: String,
    /// The time judged by (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    pub at: Timestamp,
    /// `holds`, `fails` or `undetermined`: exit codes 0, 2 and 3.
    #[serde(serialize_with = "decision")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub decision: Decision,
    /// The profiles asked for.
    pub profiles: Vec<Profile>,
    /// The organization, and how it was read.
    pub organization: Organization,
    /// The newest day a checklist was read.
    #[cfg_attr(test, schemars(with = "String"))]
    pub checklists: Date,
    /// The items, in the order of the checklists.
    pub items: Vec<ItemResult>,
    /// Attestations that no item of these profiles takes, and why.
    pub unused_attestations: Vec<Unused>,
}

/// Which organization was audited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Organization {
    /// Its id; `None` where there is none or it could not be read.
    pub id: Option<String>,
    /// Where it was read from: a file's path, or the live organization.
    pub source: String,
    /// When it was read (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    pub taken: Timestamp,
    /// The intent's path and the SHA-256 of its text, where one was given.
    pub intent: Option<(String, String)>,
}

/// How one item stands, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ItemResult {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub title: String,
    /// The profiles it belongs to.
    pub profiles: Vec<Profile>,
    /// How it stands.
    pub status: Status,
    /// Why it is not assessed, not met, or no longer attested; `None` where it is met or attested.
    pub reason: Option<String>,
    /// What was looked at, each with what it says.
    pub evidence: Vec<Evidence>,
    /// What the evidence shows and what it does not.
    pub shows: Option<String>,
    /// What an attestation has to state, where the item takes one.
    pub attest: Option<String>,
    /// The attestation that counts, or the last one that did.
    pub attestation: Option<Attested>,
    /// Requirements that it is evidence towards.
    pub supports: Vec<Reference>,
    /// What the guide says and what holds instead.
    pub corrections: Vec<Correction>,
}

/// Where a piece of evidence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// A control of `optout verify`.
    Control,
    /// Something else that was looked at.
    Observation,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Evidence {
    /// Where it comes from.
    pub kind: EvidenceKind,
    /// The control's or observation's name.
    pub name: String,
    /// What it says.
    pub answer: Answer,
    /// The same in a sentence.
    pub text: String,
    /// Single subjects and facts: the first few, then how many more.
    pub details: Vec<String>,
}

/// What somebody vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Attested {
    /// Who looked.
    pub by: String,
    /// The day they looked.
    #[cfg_attr(test, schemars(with = "String"))]
    pub on: Date,
    /// Where the evidence is: a link or a path.
    pub evidence: String,
    /// The last day on which it is valid (UTC).
    #[cfg_attr(test, schemars(with = "String"))]
    pub until: Date,
    /// Whether it is valid on the day of the audit.
    pub valid: bool,
}

/// An attestation that was not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unused {
    /// The item it names.
    pub item: String,
    /// Why it was not used.
    pub reason: String,
}

impl Audit {
    /// How many items have a status.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        self.items.iter().filter(|item| item.status == status).count()
    }

    /// What to make of items: not met or no longer attested fails, not assessed leaves it open.
    #[must_use]
    pub fn decide(items: &[ItemResult]) -> Decision {
        let has = |wanted: &[Status]| items.iter().any(|item| wanted.contains(&item.status));
        if has(&[Status::NotMet, Status::AttestationExpired]) {
            Decision::Fails
        } else if items.is_empty() || has(&[Status::NotAssessed]) {
            Decision::Undetermined
        } else {
            Decision::Holds
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn decision<S: serde::Serializer>(decision: &Decision, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(crate::report::json::decision(*decision))
}
