//! Why a command could not do its work, with what to do about it. Kind decides the exit code.

use std::io;

use optout_aws::apply::ApplyError;
use optout_aws::read::ReadError;
use optout_aws::session::SessionError;
use optout_core::intent::ResolveError;
use optout_core::plan::simulate::WhatIfError;
use optout_core::plan::undo::UndoError;
use optout_core::plan::{PlanError, StaleError};
use optout_core::source::Rejected;
use optout_simulator::StartError;

use crate::exit::Exit;

/// Something that went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Whoever reads standard output has gone away: no mistake of anybody.
    #[error("standard output is closed")]
    Closed,
    /// A text that cannot be accepted.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// A file that cannot be read.
    #[error("cannot read `{path}`: {why}")]
    Read {
        /// As it was given.
        path: String,
        /// The reason of the operating system, or ours.
        why: String,
    },
    /// A file that cannot be written. The old one is untouched.
    #[error("cannot write `{path}`: {why}")]
    Write {
        /// As it was given.
        path: String,
        /// The reason of the operating system.
        why: String,
    },
    /// The command line does not make sense as a whole.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to write instead.
        help: String,
    },
    /// Anything else.
    #[error("{message}")]
    Failed {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: String,
    },
}

impl Error {
    /// A command line that makes no sense.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    /// Something that went wrong, with a remedy.
    pub(crate) fn failed(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Failed { message: message.into(), help: help.into() }
    }

    /// A file that cannot be read.
    pub(crate) fn read(path: &str, why: &io::Error) -> Self {
        Self::Read { path: path.to_owned(), why: reason(why) }
    }

    /// The system's reason alone.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Read { why, .. } | Self::Write { why, .. } => why.clone(),
            Self::Closed | Self::Rejected(_) | Self::Usage { .. } | Self::Failed { .. } => self.to_string(),
        }
    }

    /// A file that cannot be written.
    pub(crate) fn write(path: &str, why: &io::Error) -> Self {
        Self::Write { path: path.to_owned(), why: reason(why) }
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> Option<&str> {
        match self {
            Self::Closed | Self::Rejected(_) | Self::Read { .. } | Self::Write { .. } => None,
            Self::Usage { help, .. } | Self::Failed { help, .. } => {
                Some(help).filter(|help| !help.is_empty()).map(|help| help.as_str())
            }
        }
    }

    /// What the program ends with.
    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Closed => Exit::Holds,
            Self::Usage { .. } => Exit::Usage,
            Self::Rejected(_) | Self::Read { .. } | Self::Write { .. } | Self::Failed { .. } => Exit::Wrong,
        }
    }
}

/// The system's words without its error number, which says nothing to most people.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

impl From<SessionError> for Error {
    fn from(error: SessionError) -> Self {
        Self::failed(error.to_string(), error.help())
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        Self::failed(error.to_string(), error.help())
    }
}

impl From<ResolveError> for Error {
    fn from(error: ResolveError) -> Self {
        match error {
            ResolveError::Targets(rejected) => Self::Rejected(rejected),
            ResolveError::OtherOrganization { .. }
            | ResolveError::NotNew { .. }
            | ResolveError::NoOrganization { .. }
            | ResolveError::UnreadOrganization => Self::failed(error.to_string(), error.help()),
        }
    }
}

impl From<PlanError> for Error {
    fn from(error: PlanError) -> Self {
        Self::failed(error.to_string(), error.help())
    }
}

impl From<StaleError> for Error {
    fn from(error: StaleError) -> Self {
        match error {
            StaleError::Resolve(error) => error.into(),
            StaleError::Plan(error) => error.into(),
            StaleError::Intent(_) | StaleError::Changed(_) => {
                Self::failed(error.to_string(), "nothing was done; make the plan again with `optout plan --out FILE`")
            }
        }
    }
}

impl From<UndoError> for Error {
    fn from(error: UndoError) -> Self {
        Self::failed(error.to_string(), error.help())
    }
}

impl From<WhatIfError> for Error {
    fn from(error: WhatIfError) -> Self {
        Self::failed(error.to_string(), "`optout snapshot` shows the ids of targets and policies")
    }
}

impl From<ApplyError> for Error {
    fn from(error: ApplyError) -> Self {
        Self::failed(error.to_string(), error.help())
    }
}

impl From<StartError> for Error {
    fn from(error: StartError) -> Self {
        let cause = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
        Self::failed(
            format!("the simulator cannot start: {error}{cause}"),
            "choose another port, or another organization",
        )
    }
}
