//! `data/clients.toml` as it is written: one struct for each table, every field named.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;

use super::terms::{Belongs, FleetTarget, Format, Kind, Os, Role, Scope};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClients {
    pub(super) schema: i64,
    pub(super) read: Date,
    #[serde(default)]
    pub(super) editor: Vec<RawEditor>,
    #[serde(default)]
    pub(super) scope: Vec<RawScope>,
    pub(super) product: Vec<RawProduct>,
    #[serde(default)]
    pub(super) tier: Vec<RawTier>,
    #[serde(default)]
    pub(super) fleet: Vec<RawFleet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEditor {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) linux: Option<String>,
    pub(super) macos: Option<String>,
    pub(super) windows: Option<String>,
    pub(super) extensions: String,
    pub(super) server: Option<String>,
    #[serde(default)]
    pub(super) server_proven: bool,
    pub(super) proven_on: BTreeSet<Os>,
    pub(super) source: String,
    pub(super) note: Option<String>,
    pub(super) date: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScope {
    pub(super) id: Scope,
    pub(super) name: String,
    pub(super) read_from: Vec<Role>,
    pub(super) meaning: String,
    pub(super) source: String,
    pub(super) date: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProduct {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) format: Format,
    #[serde(default)]
    pub(super) editors: Vec<String>,
    pub(super) extension: Option<String>,
    #[serde(default = "yes")]
    pub(super) extension_proven: bool,
    pub(super) file_belongs_to: Belongs,
    #[serde(default)]
    pub(super) place: Vec<RawPlace>,
    #[serde(default)]
    pub(super) marker: Vec<RawMarker>,
    pub(super) setting: Vec<RawSetting>,
    pub(super) note: Option<String>,
}

const fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPlace {
    pub(super) role: Role,
    pub(super) linux: Vec<String>,
    pub(super) macos: Vec<String>,
    pub(super) windows: Vec<String>,
    pub(super) proven_on: BTreeSet<Os>,
    pub(super) source: String,
    pub(super) note: Option<String>,
    pub(super) date: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMarker {
    pub(super) linux: Vec<String>,
    pub(super) macos: Vec<String>,
    pub(super) windows: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSetting {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) versions: String,
    pub(super) key: Vec<String>,
    pub(super) scope: Option<Scope>,
    pub(super) opts_out: Vec<toml::Value>,
    pub(super) default: toml::Value,
    pub(super) meaning: String,
    pub(super) menu: String,
    #[serde(default)]
    pub(super) legacy: Vec<Vec<String>>,
    pub(super) legacy_note: Option<String>,
    #[serde(default)]
    pub(super) variable: Vec<RawVariable>,
    pub(super) proven: bool,
    pub(super) source: String,
    pub(super) docs: Option<String>,
    pub(super) note: Option<String>,
    pub(super) date: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVariable {
    pub(super) name: String,
    pub(super) opts_out: RawRule,
    #[serde(default)]
    pub(super) values: Vec<String>,
    pub(super) otherwise: RawOtherwise,
    pub(super) documented: bool,
    pub(super) source: String,
    pub(super) date: Date,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawRule {
    Any,
    Listed,
    Unless,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawOtherwise {
    Shares,
    Ignored,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTier {
    pub(super) id: String,
    pub(super) products: Vec<String>,
    pub(super) name: String,
    pub(super) meaning: String,
    pub(super) detection: String,
    pub(super) source: String,
    pub(super) date: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFleet {
    pub(super) target: FleetTarget,
    pub(super) governs: bool,
    pub(super) reason: String,
    pub(super) help: Option<String>,
    pub(super) source: String,
    pub(super) date: Date,
}
