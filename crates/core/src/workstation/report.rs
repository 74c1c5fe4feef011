//! The answer for one machine as a value: tools, their installations, their settings.

use serde::Serialize;

use super::terms::{Kind, Os, Role};
use super::verdict::{Reason, Severity, Verdict};

/// The answer for one machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// Its operating system.
    pub os: Os,
    /// Whether its environment was known.
    pub environment_known: bool,
    /// The worst verdict about content: the verdict of the machine.
    pub content: Verdict,
    /// The worst verdict about telemetry.
    pub telemetry: Verdict,
    /// The tools, in the order of the catalogue.
    pub products: Vec<ProductReport>,
}

/// The answer for one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProductReport {
    /// The tool's id.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// The worst verdict about content; `None` for a tool that shares none.
    pub content: Option<Verdict>,
    /// The worst verdict about telemetry; `None` for a tool without such a setting.
    pub telemetry: Option<Verdict>,
    /// What was found, by installation and setting.
    pub findings: Vec<Finding>,
    /// What has to be known about the tool.
    pub note: Option<String>,
    /// What the identity or subscription changes, and whether it can be told from files; only of a tool that is there.
    pub identities: Vec<String>,
}

/// What was found about one setting in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// The tool's id.
    pub product: String,
    /// The setting's id.
    pub setting: String,
    /// What the setting is about.
    pub kind: Kind,
    /// The installation: an editor, an IDE version, a workspace.
    pub instance: Option<String>,
    /// What the file is to the tool.
    pub role: Role,
    /// The settings file: that was read, or that would be written. `None` where none is known.
    pub path: Option<String>,
    /// The key.
    pub key: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// How much it weighs; `None` where nothing is wrong.
    pub severity: Option<Severity>,
    /// Whether a change of the file can opt out.
    pub fixable: bool,
    /// What else has to be known.
    pub notes: Vec<String>,
    /// The way there for a person.
    pub menu: String,
    /// Where the facts about this setting come from.
    pub source: String,
}
