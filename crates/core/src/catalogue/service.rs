//! What the catalogue says about one service: its name, AWS's statement, the terms, and what opting out does.

use jiff::civil::Date;

use super::{Hipaa, PartialDate, ServiceKey};

/// Where something was read, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The address of the page.
    pub source: String,
    /// The day it was read.
    pub read: Date,
}

/// How a name was paired with a key: AWS prints both, on two pages, without a table that joins them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pairing {
    /// A page of AWS names both together.
    Stated,
    /// Concluded from the names.
    Inferred,
    /// The key is new and its service has not been looked up.
    Unknown,
}

impl Pairing {
    /// The word in the data file and in outputs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Inferred => "inferred",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether AWS says it uses content for service improvement when nobody opts out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// It may.
    MayUse,
    /// It says it does not today, and that it may later.
    NotToday,
    /// It says it does not.
    NotUsed,
}

impl Use {
    /// The word in the data file and in outputs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::MayUse => "may-use",
            Self::NotToday => "not-today",
            Self::NotUsed => "not-used",
        }
    }
}

/// What AWS says it does with the content of a service, in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// In one word.
    pub uses: Use,
    /// In a sentence.
    pub text: String,
    /// Where AWS says it.
    pub reference: Reference,
}

/// A section of the AWS Service Terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Its number, like `50.3`.
    pub section: String,
    /// Where it was read.
    pub reference: Reference,
}

/// How much opting out may hurt, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Something changes that few will notice.
    Low,
    /// A function stops, or data goes that the service does not need.
    Medium,
    /// Calls fail, or data goes that people may need.
    High,
    /// An application stops.
    Critical,
}

impl Severity {
    /// The word in the data file and in outputs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Whether the newest copy of the source still says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It does.
    Current,
    /// Only an earlier copy says it; the newest one that was read neither repeats nor withdraws it.
    Earlier,
}

impl Standing {
    /// The word in the data file and in outputs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Earlier => "earlier",
        }
    }
}

/// One thing that opting out does, apart from what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impact {
    /// How much it may hurt.
    pub severity: Severity,
    /// Whether opting in again does not undo it.
    pub irreversible: bool,
    /// Whether AWS still says it.
    pub standing: Standing,
    /// What happens.
    pub text: String,
    /// What to do before opting out.
    pub before: Option<String>,
    /// Commands for that; words in capitals are to be filled in.
    pub commands: Vec<String>,
    /// Where AWS says it.
    pub reference: Reference,
}

/// Something else worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The note.
    pub text: String,
    /// Where it was read.
    pub reference: Reference,
}

/// The oldest copy of AWS's list that was read and has the key. The key may be older.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstSeen {
    /// The date of the copy, as far as it is known.
    pub date: PartialDate,
    /// The copy.
    pub reference: Reference,
}

/// Why a key counts as known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// AWS's list has it.
    Listed(Reference),
    /// The user allowed it: a service newer than the catalogue.
    Allowed,
}

/// One key of the policy (a service, or `default`) with all that is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The key in a policy.
    pub key: ServiceKey,
    /// The name AWS prints; the key itself where no name is known.
    pub name: String,
    /// How sure it is that this name belongs to the key.
    pub pairing: Pairing,
    /// Why the key counts as known.
    pub origin: Origin,
    /// The oldest list that was read and has it.
    pub first_seen: Option<FirstSeen>,
    /// The section of the Service Terms, where known.
    pub terms: Option<Terms>,
    /// What AWS says it does with content; `None` where no statement was found.
    pub statement: Option<Statement>,
    /// What AWS's reference of HIPAA eligible services says, where it was looked up.
    pub hipaa: Option<Hipaa>,
    /// What opting out of this service does; what concerns every service stands at `default`.
    pub impacts: Vec<Impact>,
    /// Anything else.
    pub notes: Vec<Note>,
}

impl Service {
    /// A service that the user allowed and nothing is known about.
    pub(super) fn allowed(key: ServiceKey) -> Self {
        Self {
            name: key.to_string(),
            key,
            pairing: Pairing::Unknown,
            origin: Origin::Allowed,
            first_seen: None,
            terms: None,
            statement: None,
            hipaa: None,
            impacts: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Whether opting out of this service does something that cannot be undone, beyond what concerns every service.
    #[must_use]
    pub fn has_irreversible_impact(&self) -> bool {
        self.impacts.iter().any(|impact| impact.irreversible)
    }
}

/// A service that the policy does not reach, whatever `default` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCovered {
    /// A stable name in kebab-case.
    pub id: String,
    /// The name people know.
    pub name: String,
    /// Whether AWS says it uses the content; `None` where it does not say.
    pub uses: Option<Use>,
    /// What applies instead.
    pub instead: String,
    /// The section of the Service Terms, where known.
    pub terms: Option<Terms>,
    /// What AWS's reference of HIPAA eligible services says, where it was looked up.
    pub hipaa: Option<Hipaa>,
    /// Where it was read.
    pub reference: Reference,
}
