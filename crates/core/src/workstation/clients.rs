//! The developers' tools and their data-sharing settings, as read from `data/clients.toml` and checked.
//!
//! Every fact here has a source and a date. What no source shows is `proven = false` and never becomes a verdict.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::terms::{Belongs, FleetTarget, Format, Kind, Os, PerOs, Role, Scalar, Scope};
use crate::source::Rejected;

/// The catalogue of tools that is compiled in.
const BUILT_IN: &str = include_str!("../../../../data/clients.toml");

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// The address of the source.
    pub source: String,
    /// The vendor's page for people, where the source is code.
    pub docs: Option<String>,
    /// What has to be known about the source.
    pub note: Option<String>,
    /// When it was read.
    pub date: Date,
}

/// Where settings files of one tool are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The installation it belongs to where that is fixed (the name of an editor); else the pattern names it.
    pub instance: Option<String>,
    /// What the file is to the tool.
    pub role: Role,
    /// The patterns of its path.
    pub patterns: PerOs<Vec<String>>,
    /// The operating systems on which a source shows this location.
    pub proven_on: BTreeSet<Os>,
    /// Where this comes from.
    pub citation: Citation,
}

/// A path whose existence shows that a tool is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The installation it shows where that is fixed; else the pattern names it, or it is for all of them.
    pub instance: Option<String>,
    /// Whether the tool is installed locally (`User`) or on the remote side of an editor (`Remote`).
    pub role: Role,
    /// The patterns of the path.
    pub patterns: PerOs<Vec<String>>,
    /// Whether the name is the tool's own for certain; else the path only suggests it.
    pub proven: bool,
}

/// Which values of an environment variable opt out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableRule {
    /// Any value, also an empty one.
    Any,
    /// One of these.
    Listed(Vec<String>),
    /// Any but these.
    Unless(Vec<String>),
}

/// An environment variable that overrides a setting's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Which values opt out.
    pub opts_out: VariableRule,
    /// Whether any other value shares, whatever the file says; else it is ignored.
    pub otherwise_shares: bool,
    /// Whether the vendor's documentation for users names it; else only the source code does.
    pub documented: bool,
    /// Where this comes from.
    pub citation: Citation,
}

impl Variable {
    /// Whether `value` opts out.
    #[must_use]
    pub fn opts_out(&self, value: &str) -> bool {
        match &self.opts_out {
            VariableRule::Any => true,
            VariableRule::Listed(values) => values.iter().any(|listed| listed == value),
            VariableRule::Unless(values) => !values.iter().any(|listed| listed == value),
        }
    }
}

/// One setting of one tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The tool's id.
    pub product: String,
    /// The id within the tool: `content` or `telemetry`.
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// Which versions of the tool have it.
    pub versions: String,
    /// How the file is written.
    pub format: Format,
    /// The key, one step for each level (XML: component, option and, for a map, entry).
    pub key: Vec<String>,
    /// Which files of an editor it is read from; `None` for tools with one file.
    pub scope: Option<Scope>,
    /// The values that opt out; the first is the one to write. Never empty.
    pub opts_out: Vec<Scalar>,
    /// What holds where the key is absent.
    pub default: Scalar,
    /// What the vendor says it does.
    pub meaning: String,
    /// The way there for a person.
    pub menu: String,
    /// Older names of the key.
    pub legacy: Vec<Vec<String>>,
    /// What became of the older names.
    pub legacy_note: Option<String>,
    /// Environment variables that override the file.
    pub variables: Vec<Variable>,
    /// Whether a source shows this key.
    pub proven: bool,
    /// Where this comes from.
    pub citation: Citation,
}

impl Setting {
    /// The key as people write it.
    #[must_use]
    pub fn key_text(&self) -> String {
        key_text(&self.key)
    }

    /// The value to write, or `None` for a setting without a proven key.
    #[must_use]
    pub fn value_to_write(&self) -> Option<&Scalar> {
        self.opts_out.first().filter(|_| self.proven && !self.key.is_empty())
    }
}

/// A key as people write it: its steps joined by ` › `.
#[must_use]
pub fn key_text(key: &[String]) -> String {
    key.join(" › ")
}

/// One developers' tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The id.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// How its settings files are written.
    pub format: Format,
    /// What the existence of a settings file says.
    pub belongs: Belongs,
    /// Where its settings files are.
    pub locations: Vec<Location>,
    /// What shows that it is installed.
    pub markers: Vec<Marker>,
    /// Its settings.
    pub settings: Vec<Setting>,
    /// What has to be known about it.
    pub note: Option<String>,
}

/// How editors read settings of one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeRule {
    /// The scope.
    pub scope: Scope,
    /// The name for people.
    pub name: String,
    /// The files it is read from.
    pub read_from: Vec<Role>,
    /// The rule in words.
    pub meaning: String,
    /// Where this comes from.
    pub citation: Citation,
}

/// What an identity or subscription changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// The id.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// The ids of the tools it matters to.
    pub products: Vec<String>,
    /// What it changes.
    pub meaning: String,
    /// How it is detected, or why it is not.
    pub detection: String,
    /// Where this comes from.
    pub citation: Citation,
}

/// Whether a way to set many machines reaches these settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetRule {
    /// The way.
    pub target: FleetTarget,
    /// Whether a vendor's documentation says that it does.
    pub governs: bool,
    /// Why, or why not, and what the limits are.
    pub reason: String,
    /// What to do instead.
    pub help: Option<String>,
    /// Where this comes from.
    pub citation: Citation,
}

/// The whole catalogue of tools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clients {
    /// When it was last read against its sources.
    pub read: Date,
    /// How editors read settings of each scope.
    pub scopes: Vec<ScopeRule>,
    /// The tools, in the order of the data.
    pub products: Vec<Product>,
    /// What identities and subscriptions change.
    pub tiers: Vec<Tier>,
    /// The ways to set many machines.
    pub fleet: Vec<FleetRule>,
}

impl Clients {
    /// The catalogue that is compiled in.
    ///
    /// # Errors
    /// Only if the compiled-in text is not valid, which a test excludes.
    pub fn built_in() -> Result<Self, Rejected> {
        Self::parse("data/clients.toml", BUILT_IN)
    }

    /// A catalogue from the text of a file called `name`.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn parse(name: &str, text: &str) -> Result<Self, Rejected> {
        super::convert::read(name, text)
    }

    /// The tool with this id.
    #[must_use]
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    /// The setting `id` of the tool `product`.
    #[must_use]
    pub fn setting(&self, product: &str, id: &str) -> Option<&Setting> {
        self.product(product)?.settings.iter().find(|setting| setting.id == id)
    }

    /// The files a setting is read from: by its scope's rule, or the user's own file where it has no scope.
    #[must_use]
    pub fn read_from(&self, setting: &Setting) -> Vec<Role> {
        let rule = setting.scope.and_then(|scope| self.scopes.iter().find(|rule| rule.scope == scope));
        rule.map_or_else(|| vec![Role::User], |rule| rule.read_from.clone())
    }

    /// The rule of a way to set many machines.
    #[must_use]
    pub fn fleet_rule(&self, target: FleetTarget) -> Option<&FleetRule> {
        self.fleet.iter().find(|rule| rule.target == target)
    }
}
