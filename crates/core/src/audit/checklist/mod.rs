//! The checklists: dated data, compiled in and replaceable at run time.

mod embedded;
mod markdown;
mod read;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{Observation, Profile};
use crate::source::{Rejected, Source};

pub use read::SCHEMA;

/// All items and the requirements that they support.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklists {
    /// The newest day one of the files was read.
    date: Date,
    references: BTreeMap<String, Reference>,
    items: Vec<Item>,
}

/// One thing that an audit asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id, in kebab-case: what an attestation names.
    pub id: String,
    /// What is asked, in one line.
    pub title: String,
    /// The profiles it belongs to.
    pub profiles: Vec<Profile>,
    /// Its places in the guide, like `healthcare 4`.
    pub guide: Vec<String>,
    /// The controls that must hold.
    pub controls: Vec<&'static str>,
    /// The observations that must hold.
    pub observations: Vec<Observation>,
    /// Whether and how somebody may vouch for it.
    pub attest: Option<Attest>,
    /// What the evidence shows and what it does not.
    pub shows: Option<String>,
    /// The ids of the requirements that it is evidence towards.
    pub supports: Vec<String>,
    /// What the guide says of it and what holds instead.
    pub corrections: Vec<Correction>,
}

/// An attestation that an item takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attest {
    /// Beside evidence, or in its place.
    pub mode: AttestMode,
    /// What has to be stated.
    pub statement: String,
}

/// What an attestation is to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttestMode {
    /// There is no other evidence.
    Alone,
    /// It counts where the evidence could not be had.
    Instead,
    /// It is needed beside the evidence.
    Also,
}

impl AttestMode {
    /// Every word with its meaning.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("alone", Self::Alone), ("instead", Self::Instead), ("also", Self::Also)];

    /// The word in data files and outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::Instead => "instead",
            Self::Also => "also",
        }
    }
}

/// Where something was read, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Citation {
    /// The publisher's own page.
    pub source: String,
    /// The copy that was read, where the publisher's page could not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
    /// The day it was read.
    #[cfg_attr(test, schemars(with = "String"))]
    pub read: Date,
}

/// A requirement of a framework, in our words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reference {
    /// Its id in the checklists.
    pub id: String,
    /// The framework, with its version.
    pub framework: String,
    /// The section, article or control.
    pub section: String,
    /// What it asks for.
    pub asks: String,
    /// Where that was read.
    #[serde(flatten)]
    pub citation: Citation,
}

/// What the guide says, and what holds instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Correction {
    /// The claim, in our words.
    pub claim: String,
    /// What holds.
    pub holds: String,
    /// Where that was read.
    #[serde(flatten)]
    pub citation: Citation,
}

impl Checklists {
    /// The checklists that are compiled in.
    ///
    /// # Panics
    /// Never: the tests of this crate read the same files.
    #[must_use]
    pub fn embedded() -> &'static Self {
        embedded::checklists()
    }

    /// Reads checklists from files of the form of `data/checklists/*.toml`; items come in the order of the files.
    ///
    /// # Errors
    /// Every problem of the first file that has any, each with its place: unknown keys, words, controls, observations
    /// and references, ids that come twice, an item that nothing could ever decide, a schema that is newer.
    pub fn parse(sources: &[Source]) -> Result<Self, Rejected> {
        read::read(sources)
    }

    /// The newest day one of the files was read.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.date
    }

    /// Every item.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Every requirement, by id.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.references.values()
    }

    /// The requirement of an id.
    #[must_use]
    pub fn reference(&self, id: &str) -> Option<&Reference> {
        self.references.get(id)
    }

    /// The items one gets by asking for `profiles`, in the order of the files.
    pub fn of<'a>(&'a self, profiles: &[Profile]) -> impl Iterator<Item = &'a Item> {
        let wanted: Vec<Profile> = profiles.iter().flat_map(|profile| profile.included()).copied().collect();
        self.items.iter().filter(move |item| item.profiles.iter().any(|profile| wanted.contains(profile)))
    }

    /// Everything as a page of Markdown, for `docs/audit.md`.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::markdown(self)
    }
}
