//! What a diagnosis is, and what it may come to.

use serde::{Serialize, Serializer};

use super::{Patient, Symptom};
use crate::check::Subject;

/// One possible cause of a complaint.
#[derive(Debug)]
pub struct Diagnosis {
    /// Its name, in kebab-case.
    pub id: &'static str,
    /// The complaint that it explains.
    pub symptom: Symptom,
    /// What is asked.
    pub question: &'static str,
    /// The observation it rests on: which of AWS's answers, and what in them.
    pub rests_on: &'static str,
    /// What follows where it applies.
    pub conclusion: &'static str,
    /// The commands to go on with; words in capitals are filled in, see [`PLACEHOLDERS`](super::PLACEHOLDERS).
    pub next: &'static [&'static str],
    /// Where the rule is known from.
    pub sources: &'static [&'static str],
    /// What must be there for the question to arise.
    pub ground: Ground,
    /// Looks.
    pub look: fn(&Patient<'_>) -> Opinion,
}

/// What must be there for a question to arise. Where it certainly is not, the diagnosis is excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Nothing.
    Nothing,
    /// An organization that can have opt-out policies.
    Organization,
    /// The policy type, switched on.
    Enabled,
}

/// What a diagnosis came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opinion {
    /// Where it applies.
    pub cases: Vec<Case>,
    /// Why it could not be told, for all or some.
    pub missing: Vec<Missing>,
    /// The observation that excludes it, for everything that the two above do not name.
    pub excluded: String,
}

impl Opinion {
    /// It does not apply, by this observation.
    #[must_use]
    pub fn excluded(observation: impl Into<String>) -> Self {
        Self { excluded: observation.into(), ..Self::default() }
    }

    /// It applies.
    #[must_use]
    pub fn applies(case: Case) -> Self {
        Self { cases: vec![case], ..Self::default() }
    }

    /// It could not be told.
    #[must_use]
    pub fn unknown(missing: Missing) -> Self {
        Self { missing: vec![missing], ..Self::default() }
    }

    /// Cases and gaps, or the observation where there are none.
    #[must_use]
    pub fn of(cases: Vec<Case>, mut missing: Vec<Missing>, excluded: impl Into<String>) -> Self {
        missing.sort();
        missing.dedup();
        Self { cases, missing, excluded: excluded.into() }
    }
}

/// A diagnosis that applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// To whom: accounts with the same cause stand together.
    pub subjects: Vec<Subject>,
    /// What was observed.
    pub observation: String,
    /// What follows from it.
    pub conclusion: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// The commands to go on with.
    pub next: Vec<String>,
    /// Lines for the intent, where a change of it is the remedy.
    pub intent: Option<String>,
}

/// How sure a conclusion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The observation leaves no other.
    Certain,
    /// Others are possible, and less probable.
    Likely,
    /// It fits, and so may others.
    Possible,
}

impl Confidence {
    /// The word used everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}

impl Serialize for Confidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Something that could not be read, and that a diagnosis would have needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// What, and why.
    pub reason: String,
    /// The IAM action that would be needed, where it is known.
    pub permission: Option<String>,
}

impl Missing {
    /// Something that no permission would have brought.
    #[must_use]
    pub fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), permission: None }
    }
}
