//! Accounts and their states.

use jiff::Timestamp;

use super::{AccountId, TargetId};

/// One account of the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name, as people gave it: any text.
    pub name: String,
    /// Its e-mail address, only where the reader was asked to keep it.
    pub email: Option<String>,
    /// Its state.
    pub state: AccountState,
    /// The root or unit it is in; `None` where its place could not be read.
    pub parent: Option<TargetId>,
    /// When it joined the organization.
    pub joined: Option<Timestamp>,
}

/// The state of an account.
///
/// Source: botocore 1.44.5, `AccountState`; `Status`, retired on 2026-09-09, is read only where `State` is absent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountState {
    /// Created, its owner has not finished signing up.
    PendingActivation,
    /// In use.
    Active,
    /// AWS suspended it.
    Suspended,
    /// Being closed; it still works.
    PendingClosure,
    /// Closed; listed for 90 days more.
    Closed,
    /// A state this program does not know.
    Other(String),
}

impl AccountState {
    /// The state of the text AWS uses.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match text {
            "PENDING_ACTIVATION" => Self::PendingActivation,
            "ACTIVE" => Self::Active,
            "SUSPENDED" => Self::Suspended,
            "PENDING_CLOSURE" => Self::PendingClosure,
            "CLOSED" => Self::Closed,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The text AWS uses.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::PendingActivation => "PENDING_ACTIVATION",
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::PendingClosure => "PENDING_CLOSURE",
            Self::Closed => "CLOSED",
            Self::Other(text) => text,
        }
    }

    /// Whether an account in this state counts for verdicts and exit codes: it works, or might.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        match self {
            Self::Active | Self::PendingClosure | Self::Other(_) => true,
            Self::PendingActivation | Self::Suspended | Self::Closed => false,
        }
    }
}
