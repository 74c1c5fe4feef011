//! The closed sets the catalogue of tools is written in: systems, formats, roles, scopes, values.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An operating system whose paths are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Os {
    /// Linux.
    Linux,
    /// macOS.
    #[serde(rename = "macos")]
    MacOs,
    /// Windows.
    Windows,
}

impl Os {
    /// All of them, in the order of the data.
    pub const ALL: [Self; 3] = [Self::Linux, Self::MacOs, Self::Windows];

    /// The name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::MacOs => "macOS",
            Self::Windows => "Windows",
        }
    }
}

/// One value for each operating system.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PerOs<T> {
    /// On Linux.
    pub linux: T,
    /// On macOS.
    pub macos: T,
    /// On Windows.
    pub windows: T,
}

impl<T> PerOs<T> {
    /// The value for `os`.
    #[must_use]
    pub const fn on(&self, os: Os) -> &T {
        match os {
            Os::Linux => &self.linux,
            Os::MacOs => &self.macos,
            Os::Windows => &self.windows,
        }
    }
}

/// What a settings file is to the tool that reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The user's own settings (of an editor: those of the default profile).
    User,
    /// The settings of one more profile of an editor.
    Profile,
    /// The settings a remote machine adds when an editor connects to it.
    Remote,
}

/// How a settings file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// JSON with comments and trailing commas.
    Jsonc,
    /// JSON as RFC 8259 has it.
    Json,
    /// The state files of JetBrains IDEs.
    Xml,
    /// TOML.
    Toml,
    /// Java properties, as Eclipse keeps preferences.
    Properties,
    /// No source shows how the settings are kept.
    None,
}

impl Format {
    /// The name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jsonc => "JSON with comments",
            Self::Json => "JSON",
            Self::Xml => "XML",
            Self::Toml => "TOML",
            Self::Properties => "properties",
            Self::None => "not known",
        }
    }
}

/// Whose file a settings file is: what its mere existence says about the tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Belongs {
    /// The tool's own: where it is, the tool is installed.
    Product,
    /// Shared by several tools of one vendor: where it is, one of them is installed.
    Vendor,
    /// The editor's: it says nothing about the tool.
    Host,
}

/// What a setting is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Content (code, prompts, answers) used to improve the service: decides the verdict.
    Content,
    /// Usage data without content: a lower finding of its own.
    Telemetry,
}

/// Which files of an editor a setting is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Only the user's own file (the default profile's).
    Application,
    /// The file of the profile in use, overridden by the remote machine's and the workspace's.
    Window,
}

/// A value of a setting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// A text.
    Text(String),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A way to set many machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FleetTarget {
    /// Enterprise policies of Visual Studio Code.
    #[serde(rename = "vscode-policy")]
    VscodePolicy,
    /// Profiles of JetBrains IDE Services.
    #[serde(rename = "jetbrains")]
    JetBrains,
    /// Microsoft Intune.
    Intune,
    /// Jamf.
    Jamf,
    /// An Ansible playbook.
    Ansible,
    /// A dev container.
    #[serde(rename = "devcontainer")]
    DevContainer,
    /// A user's dot files.
    Dotfiles,
}

impl FleetTarget {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::VscodePolicy,
        Self::JetBrains,
        Self::Intune,
        Self::Jamf,
        Self::Ansible,
        Self::DevContainer,
        Self::Dotfiles,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VscodePolicy => "vscode-policy",
            Self::JetBrains => "jetbrains",
            Self::Intune => "intune",
            Self::Jamf => "jamf",
            Self::Ansible => "ansible",
            Self::DevContainer => "devcontainer",
            Self::Dotfiles => "dotfiles",
        }
    }
}
