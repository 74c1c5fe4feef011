//! What an observation of one setting means: opted out, sharing, unknown, with the reason in words.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::clients::{Setting, key_text};
use super::format::Seen;
use super::terms::{Kind, Scalar};

/// What a machine, a tool or a setting does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The tool is not there.
    NotInstalled,
    /// Nothing is shared.
    OptedOut,
    /// It could not be determined; the reason says why.
    Unknown,
    /// Content or telemetry is shared.
    Sharing,
}

impl Verdict {
    /// The word for people and files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotInstalled => "not-installed",
            Self::OptedOut => "opted-out",
            Self::Unknown => "unknown",
            Self::Sharing => "sharing",
        }
    }

    /// `Some(true)` where it shares, `None` where that is open.
    #[must_use]
    pub const fn shares(self) -> Option<bool> {
        match self {
            Self::Sharing => Some(true),
            Self::OptedOut | Self::NotInstalled => Some(false),
            Self::Unknown => None,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Telemetry is sent.
    Low,
    /// Whether content is shared is not known.
    Medium,
    /// Content is shared.
    High,
}

/// The weight of a verdict about a setting; `None` where nothing is wrong.
pub(super) const fn severity(kind: Kind, verdict: Verdict) -> Option<Severity> {
    match (kind, verdict) {
        (_, Verdict::NotInstalled | Verdict::OptedOut) => None,
        (Kind::Content, Verdict::Sharing) => Some(Severity::High),
        (Kind::Content, Verdict::Unknown) => Some(Severity::Medium),
        (Kind::Telemetry, Verdict::Sharing) => Some(Severity::Low),
        (Kind::Telemetry, Verdict::Unknown) => Some(Severity::Info),
    }
}

/// Why a verdict is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum Reason {
    /// The value in the file.
    Value {
        /// The value.
        value: Scalar,
    },
    /// The key is absent, so the documented default holds.
    Default {
        /// The default.
        value: Scalar,
        /// Whether the file is there at all.
        file: bool,
    },
    /// An environment variable, which overrides the file.
    Variable {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// Only an older name of the key opts out.
    LegacyOnly {
        /// The older name.
        key: String,
        /// What became of it.
        note: Option<String>,
    },
    /// The file could not be read.
    Unreadable {
        /// Why, with the place where there is one.
        why: String,
    },
    /// The value is of a kind the setting does not have.
    WrongType {
        /// What is there.
        found: String,
    },
    /// The key is there more than once.
    Duplicate {
        /// How often.
        times: usize,
    },
    /// The key is written in a form whose meaning is not documented.
    OtherForm,
    /// No source shows the file or the key.
    NotProven,
    /// Something outside these files decides.
    ManagedElsewhere {
        /// By what, in words.
        by: String,
    },
    /// Something suggests that the tool is there, and nothing shows it for certain.
    MaybeNotInstalled,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { value } => write!(f, "it is set to `{value}`"),
            Self::Default { value, file: true } => write!(f, "it is not set, and the default is `{value}`"),
            Self::Default { value, file: false } => {
                write!(f, "there is no settings file, and the default is `{value}`")
            }
            Self::Variable { name, value } => write!(f, "the environment variable {name} is `{value}`"),
            Self::LegacyOnly { key, note } => {
                let note = note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
                write!(f, "only its older name `{key}` opts out{note}")
            }
            Self::Unreadable { why } => f.write_str(why),
            Self::WrongType { found } => write!(f, "its value is {found}, which the setting does not know"),
            Self::Duplicate { times } => write!(f, "it is in the file {times} times"),
            Self::OtherForm => f.write_str("it is written in a form whose meaning is not documented"),
            Self::NotProven => f.write_str("no source shows where or under which name it is kept"),
            Self::ManagedElsewhere { by } => write!(f, "it is decided elsewhere: {by}"),
            Self::MaybeNotInstalled => {
                f.write_str("something suggests that the tool is installed, and nothing shows it for certain")
            }
        }
    }
}

/// What was seen of one setting in one place.
#[derive(Debug, Clone)]
pub(super) struct Observation {
    /// What stands under its key.
    pub(super) seen: Seen,
    /// What stands under its older names.
    pub(super) legacy: Vec<(String, Seen)>,
    /// Whether there is a file.
    pub(super) file: bool,
}

/// The meaning of `observation`, before the environment is asked.
pub(super) fn judge(setting: &Setting, observation: &Observation) -> (Verdict, Reason) {
    match &observation.seen {
        Seen::One(value, _) => judge_value(setting, value),
        Seen::Absent => judge_absent(setting, observation),
        Seen::Other { what, .. } => (Verdict::Unknown, Reason::WrongType { found: (*what).to_owned() }),
        Seen::Many(spans) => (Verdict::Unknown, Reason::Duplicate { times: spans.len() }),
        Seen::OtherForm(_) => (Verdict::Unknown, Reason::OtherForm),
    }
}

fn judge_value(setting: &Setting, value: &Scalar) -> (Verdict, Reason) {
    let reason = Reason::Value { value: value.clone() };
    let boolean = matches!((value, &setting.default), (Scalar::Bool(_), Scalar::Bool(_)));
    if setting.opts_out.contains(value) {
        (Verdict::OptedOut, reason)
    } else if *value == setting.default || boolean {
        (Verdict::Sharing, reason)
    } else {
        let found = match value {
            Scalar::Bool(value) => format!("{value}"),
            Scalar::Text(text) => format!("the text `{text}`"),
        };
        (Verdict::Unknown, Reason::WrongType { found })
    }
}

fn judge_absent(setting: &Setting, observation: &Observation) -> (Verdict, Reason) {
    let opted_out =
        |(_, seen): &&(String, Seen)| matches!(seen, Seen::One(value, _) if setting.opts_out.contains(value));
    if let Some((key, _)) = observation.legacy.iter().find(opted_out) {
        return (Verdict::Unknown, Reason::LegacyOnly { key: key.clone(), note: setting.legacy_note.clone() });
    }
    let reason = Reason::Default { value: setting.default.clone(), file: observation.file };
    let verdict = if setting.opts_out.contains(&setting.default) { Verdict::OptedOut } else { Verdict::Sharing };
    (verdict, reason)
}

/// What older names that are there beside the key mean, in words.
pub(super) fn legacy_notes(setting: &Setting, observation: &Observation) -> Vec<String> {
    let beside = matches!(observation.seen, Seen::One(..));
    let there = observation.legacy.iter().filter(|(_, seen)| beside && *seen != Seen::Absent);
    there.map(|(key, _)| format!("the older name `{key}` is there too; `{}` decides", key_text(&setting.key))).collect()
}
