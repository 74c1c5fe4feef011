//! A machine, as `optout workstation check --format json` wrote it.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Verdict, read};
use crate::source::{Rejected, Source};

/// A machine.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Workstation {
    /// When it was looked at.
    pub at: Timestamp,
    /// What it is called; `None` where nobody said, as in files of versions before 0.1.0.
    #[serde(default)]
    pub machine: Option<String>,
    /// The home directory that was looked at.
    pub home: String,
    /// The operating system.
    pub os: String,
    /// The worst verdict about content.
    pub content: Verdict,
    /// The worst verdict about usage data.
    pub telemetry: Verdict,
    /// The tools, in the order of the catalogue.
    #[serde(rename = "products")]
    pub tools: Vec<Tool>,
}

/// What one tool shares.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tool {
    /// Its id.
    pub id: String,
    /// Its name; the id where a file has none.
    #[serde(default)]
    name: Option<String>,
    /// The worst verdict about content; `None` for a tool that shares none.
    pub content: Option<Verdict>,
    /// The worst verdict about usage data; `None` for a tool without such a setting.
    pub telemetry: Option<Verdict>,
    /// Each of its settings, by installation.
    #[serde(default, rename = "findings")]
    pub settings: Vec<Setting>,
}

/// What one setting says in one place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Setting {
    /// What it is about: `content` or `telemetry`.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The settings file; `None` where none is known.
    #[serde(default)]
    pub path: Option<String>,
    /// The way there for a person.
    #[serde(default)]
    pub menu: String,
}

impl Tool {
    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    /// Whether it is there, as far as that is known.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        self.verdicts().any(|verdict| verdict != Verdict::NotInstalled)
    }

    /// Whether it is a client of Amazon Q Developer or of what came after it.
    fn is_assistant(&self) -> bool {
        self.id.starts_with("amazon-q-") || self.id.starts_with("kiro-")
    }

    fn verdicts(&self) -> impl Iterator<Item = Verdict> {
        self.content.into_iter().chain(self.telemetry)
    }
}

impl Workstation {
    /// Reads a machine's report.
    ///
    /// # Errors
    /// Where the text is not such a report, with line and column.
    pub fn parse(source: &Source) -> Result<Self, Rejected> {
        read::parse(source, "optout.workstation/1", "optout workstation check --format json")
    }

    /// The machine in a list: what it is called, with the home directory, since one machine can have several.
    #[must_use]
    pub fn name(&self) -> String {
        let machine = self.machine.as_ref().map(|machine| format!("{machine}: ")).unwrap_or_default();
        format!("{machine}{} ({})", self.home, self.os)
    }

    /// The tools that are there, as far as that is known.
    pub fn installed(&self) -> impl Iterator<Item = &Tool> {
        self.tools.iter().filter(|tool| tool.is_installed())
    }

    /// Whether Amazon Q Developer or Kiro shares content or usage data there; `None` where that is open.
    #[must_use]
    pub fn shares(&self) -> Option<bool> {
        let assistants = || self.tools.iter().filter(|tool| tool.is_assistant());
        let any = |wanted: Option<bool>| assistants().flat_map(Tool::verdicts).any(|it| it.shares() == wanted);
        if any(Some(true)) { Some(true) } else { (!any(None)).then_some(false) }
    }

    /// What was found, in a sentence.
    #[must_use]
    pub fn describe(&self) -> String {
        let sharing: Vec<&str> = self
            .tools
            .iter()
            .filter(|tool| tool.verdicts().any(|verdict| verdict == Verdict::Sharing))
            .map(|tool| tool.id.as_str())
            .collect();
        let sharing = if sharing.is_empty() { String::new() } else { format!("; sharing: {}", sharing.join(", ")) };
        let (content, telemetry) = (self.content.word(), self.telemetry.word());
        format!("{}, looked at {}: content {content}, usage data {telemetry}{sharing}", self.name(), self.at)
    }
}
