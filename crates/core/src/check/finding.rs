//! Controls and what does not hold.

use std::fmt;
use std::sync::Arc;

use super::{Assessment, Uncomputed, controls};
use crate::org::{AccountId, OrganizationId, PolicyId, TargetId};
use crate::words::words;

words! {
    /// How grave it is that a control does not hold, least first.
    Severity {
        /// Worth knowing.
        Info = "info",
        /// To be mended when there is time.
        Low = "low",
        /// To be mended soon.
        Medium = "medium",
        /// To be mended now.
        High = "high",
        /// AWS may use content against the organization's will, or nothing can be enforced.
        Critical = "critical",
    }
}

/// One thing that must hold.
#[derive(Debug)]
pub struct Control {
    /// Its name, in kebab-case.
    pub id: &'static str,
    /// What must hold, in one line.
    pub title: &'static str,
    /// How grave it is if it does not; single findings may be less or more so.
    pub severity: Severity,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it.
    pub remedy: &'static str,
    /// Where the rule is known from.
    pub sources: &'static [&'static str],
    /// Looks for subjects for which it does not hold.
    pub check: fn(&Assessment<'_>) -> Outcome,
}

/// What a control found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The subjects for which it does not hold.
    pub findings: Vec<Finding>,
    /// Why it could not be determined, for all or some subjects.
    pub unknown: Option<String>,
}

impl Outcome {
    /// It holds.
    #[must_use]
    pub fn holds() -> Self {
        Self::default()
    }

    /// It does not hold.
    #[must_use]
    pub fn fails(findings: Vec<Finding>) -> Self {
        Self { findings, unknown: None }
    }

    /// It could not be determined.
    #[must_use]
    pub fn unknown(why: impl Into<String>) -> Self {
        Self { findings: Vec::new(), unknown: Some(why.into()) }
    }
}

/// A control that does not hold for a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The control's name.
    pub control: &'static str,
    /// How grave it is here.
    pub severity: Severity,
    /// For whom it does not hold.
    pub subject: Subject,
    /// What is wrong, without naming the subject: equal for all subjects with the same cause.
    pub message: Arc<str>,
}

impl Finding {
    /// A finding of the control `id`.
    pub fn new(control: &'static str, severity: Severity, subject: Subject, message: impl Into<Arc<str>>) -> Self {
        Self { control, severity, subject, message: message.into() }
    }
}

/// For whom a control does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The organization (or the place where one is missing).
    Organization(Option<OrganizationId>),
    /// A root, a unit or an account that something is attached to.
    Target(TargetId),
    /// An account.
    Account(AccountId),
    /// A policy.
    Policy(PolicyId),
    /// A principal, as the resource policy names it.
    Principal(String),
    /// The catalogue of services.
    Catalogue,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization(Some(id)) => id.fmt(f),
            Self::Organization(None) => f.write_str("organization"),
            Self::Target(id) => id.fmt(f),
            Self::Account(id) => id.fmt(f),
            Self::Policy(id) => id.fmt(f),
            Self::Principal(name) => f.write_str(name),
            Self::Catalogue => f.write_str("catalogue"),
        }
    }
}

impl Subject {
    /// The kind of subject, for machines.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Organization(_) => "organization",
            Self::Target(TargetId::Root(_)) => "root",
            Self::Target(TargetId::Unit(_)) => "organizational-unit",
            Self::Target(TargetId::Account(_)) | Self::Account(_) => "account",
            Self::Policy(_) => "policy",
            Self::Principal(_) => "principal",
            Self::Catalogue => "catalogue",
        }
    }
}

/// Runs every control; the result is in the order of [`controls::ALL`].
///
/// In a partition without AI services opt-out policies nothing can hold or fail: every control is undetermined.
#[must_use]
pub fn findings(assessment: &Assessment<'_>) -> Vec<(&'static Control, Outcome)> {
    let partition = &assessment.snapshot.partition;
    let outcome = |control: &Control| match partition.has_policy_type() {
        Some(false) => Outcome::unknown(Uncomputed::Partition(partition.as_str().to_owned()).to_string()),
        Some(true) | None => (control.check)(assessment),
    };
    controls::ALL.iter().map(|control| (*control, outcome(control))).collect()
}
