//! The values of an intent, as they are once every rule about the text holds.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::org::{OrganizationId, TargetId};
use crate::source::{Found, Source, Span};

/// What `optout.toml` says, checked. Names of units and accounts are not looked up yet: see [`Intent::resolve`].
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// The text it was read from, so that later problems can be placed.
    pub source: Source,
    /// The only organization it speaks about; `None` stands for `"new"`, one that is still to be created.
    pub organization: Found<Option<OrganizationId>>,
    /// The policy that carries it.
    pub policy: PolicyWish,
    /// How far policies below the root may change anything.
    pub lock: Lock,
    /// What is closed again beside the way from the root to an exception.
    pub guard: Guard,
    /// Who may be treated otherwise, in the order of the file.
    pub exceptions: Vec<Exception>,
    /// Manual checklist items that somebody vouches for, in the order of the file.
    pub attestations: Vec<Attestation>,
    /// Controls that are turned off, in the order of the file.
    pub controls_off: Vec<ControlOff>,
    /// Whether every run is recorded as evidence.
    pub record_evidence: bool,
}

/// The policy that an intent wants in AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyWish {
    /// Its name, 1 to 128 characters.
    pub name: String,
    /// Its description, at most 512 characters.
    pub description: String,
    /// Its tags, without those this program adds.
    pub tags: BTreeMap<String, String>,
}

/// How far policies below the root may change the settings. The words are those of a lock that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lock {
    /// Nothing can be changed below, except through the exceptions.
    Full,
    /// `default` cannot be changed below; services may be named there.
    Partial,
    /// Everything can be changed below.
    None,
}

impl Lock {
    /// Every word of a lock with its meaning.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("full", Self::Full), ("partial", Self::Partial), ("none", Self::None)];

    /// The word used in files and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
        }
    }
}

/// What is closed again beside the way from the root to an exception, where the exception had to open it.
///
/// An exception needs its service open on its whole way. Every unit and account directly beside the way could use that
/// opening, unless a policy is attached there that closes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// Units and accounts: no target that exists can use the opening.
    All,
    /// Units only: for an exception in a unit with very many accounts, each of which would need an attachment.
    Units,
}

impl Guard {
    /// Every word of a guard with its meaning.
    pub const WORDS: &'static [(&'static str, Self)] = &[("all", Self::All), ("units", Self::Units)];
}

/// What a policy says for a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// `optOut`: AWS may not use the content.
    OptOut,
    /// `optIn`: it may.
    OptIn,
}

impl Choice {
    /// Every word of a choice with its meaning.
    pub const WORDS: &'static [(&'static str, Self)] = &[("optIn", Self::OptIn), ("optOut", Self::OptOut)];

    /// The value as AWS writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OptOut => "optOut",
            Self::OptIn => "optIn",
        }
    }
}

/// A target as a person names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetName {
    /// By its id.
    Id(TargetId),
    /// By the names from the root down, like `/Workloads/Production`; `/` is the root.
    Path(String),
}

impl std::fmt::Display for TargetName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Path(path) => f.pad(path),
        }
    }
}

/// A service that is set otherwise at one target and below.
#[derive(Debug, Clone, PartialEq)]
pub struct Exception {
    /// Where it stands in the file.
    pub span: Span,
    /// The service's key, or `default`.
    pub service: String,
    /// For whom.
    pub target: Found<TargetName>,
    /// What shall hold there.
    pub value: Choice,
    /// Why.
    pub reason: String,
    /// Who decided it.
    pub approver: String,
    /// The last day on which it holds, in UTC.
    pub until: Date,
}

impl Exception {
    /// Whether its last day is over on the day `at` (UTC).
    #[must_use]
    pub fn is_expired(&self, at: Date) -> bool {
        self.until < at
    }
}

/// A manual checklist item that somebody vouches for.
#[derive(Debug, Clone, PartialEq)]
pub struct Attestation {
    /// Where it stands in the file.
    pub span: Span,
    /// The item's id.
    pub item: String,
    /// Who looked.
    pub by: String,
    /// The day they looked.
    pub on: Date,
    /// Where the evidence is: a link or a path.
    pub evidence: String,
    /// The last day on which it is valid, in UTC.
    pub until: Date,
}

impl Attestation {
    /// Whether it is valid on the day `at` (UTC): not before it was made, not after its end.
    #[must_use]
    pub fn is_valid(&self, at: Date) -> bool {
        (self.on..=self.until).contains(&at)
    }
}

/// A control that is not to be reported.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlOff {
    /// Where it stands in the file.
    pub span: Span,
    /// The control's name.
    pub control: String,
    /// Why.
    pub reason: String,
    /// The last day on which it is off, in UTC.
    pub until: Date,
}

/// Whether an organization holds nothing but the account that asks.
fn is_begun(snapshot: &crate::org::Snapshot) -> bool {
    let (Some(organization), Some(caller)) = (snapshot.organization(), &snapshot.caller) else { return false };
    let only = |accounts: &[crate::org::Account]| matches!(accounts, [account] if account.id == caller.account);
    organization.management_account == caller.account
        && snapshot.accounts.as_deref().is_some_and(only)
        && snapshot.units.as_deref().is_some_and(<[_]>::is_empty)
}

impl Intent {
    /// The same intent where `"new"` was begun already: it is about the organization of `snapshot` if that holds nothing
    /// but the account that asks, its management account. That is how an interrupted run leaves what it has created, and
    /// the next one can finish it; an organization of anybody else, or with more in it, is never taken for the new one.
    #[must_use]
    pub fn for_begun(self, snapshot: &crate::org::Snapshot) -> Self {
        if is_begun(snapshot) { self.for_organization(snapshot) } else { self }
    }

    /// The same intent after `"new"` was created: it is then about the organization of `snapshot`.
    #[must_use]
    pub fn for_organization(mut self, snapshot: &crate::org::Snapshot) -> Self {
        if self.organization.value.is_none() {
            self.organization.value = snapshot.organization().map(|it| it.id.clone());
        }
        self
    }

    /// The entry that turns `control` off on the day `at` (UTC), if one does.
    #[must_use]
    pub fn control_off(&self, control: &str, at: Date) -> Option<&ControlOff> {
        self.controls_off.iter().find(|off| off.control == control && off.until >= at)
    }

    /// The attestation of a checklist item that is valid on the day `at` (UTC); of several the one that lasts longest.
    #[must_use]
    pub fn attestation(&self, item: &str, at: Date) -> Option<&Attestation> {
        let valid = self.attestations.iter().filter(|it| it.item == item && it.is_valid(at));
        valid.max_by_key(|it| it.until)
    }

    /// Whether every run is recorded as evidence.
    #[must_use]
    pub const fn records_evidence(&self) -> bool {
        self.record_evidence
    }
}
