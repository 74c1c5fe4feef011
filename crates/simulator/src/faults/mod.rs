//! What goes wrong on demand: a list of faults as data, each with the calls it is for and what it does to them.

mod matching;
mod plan;

use optout_core::org::AccountId;
use serde::{Deserialize, Serialize};

use crate::state::Change;

pub use matching::When;
pub(crate) use plan::{Failure, FaultBook, Plan, unknown_operation};

/// A fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The operations it is for, like `ListAccounts`, `AssumeRole`; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// The calling accounts it is for; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callers: Vec<AccountId>,
    /// Which of those calls; all where absent.
    #[serde(default)]
    pub when: When,
    /// What it does.
    pub effect: Effect,
}

/// What a fault does to a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Effect {
    /// `TooManyRequestsException`, HTTP 400.
    Throttle,
    /// `ServiceException` with this HTTP status, like 500 or 503.
    ServerError {
        /// The status.
        status: u16,
    },
    /// Any other error, HTTP 400: `ConcurrentModificationException`, `PolicyChangesInProgressException`, …
    Error {
        /// The code.
        code: String,
        /// The reason, where the error has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// The message.
        #[serde(default)]
        message: String,
    },
    /// The connection ends without an answer.
    Drop,
    /// The answer comes later by this much, in simulated time.
    Slow {
        /// How much later, in milliseconds.
        milliseconds: u64,
    },
    /// No answer ever; the connection stays.
    Hang,
    /// `AccessDeniedException`.
    Deny,
    /// As if the endpoint did not know the operation.
    NotImplemented {
        /// How the endpoint says so.
        form: NotImplementedForm,
    },
    /// HTTP 200 with a body that is not JSON.
    Malformed,
    /// The true answer, cut off in the middle.
    CutShort,
    /// The true answer; after it, somebody else changes the organization.
    ChangeAfter {
        /// The change.
        change: Change,
    },
    /// DescribeEffectivePolicy answers otherwise.
    Effective {
        /// For these accounts; empty: for all.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        accounts: Vec<AccountId>,
        /// What it answers.
        answer: EffectiveScript,
    },
}

/// How an endpoint says that it does not know an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotImplementedForm {
    /// HTTP 500 with an HTML page, as moto 5.2.5 does.
    HtmlPage,
    /// HTTP 400 `InvalidAction`, as ministack 1.5.33 does.
    InvalidAction,
    /// HTTP 400 `UnknownOperationException`, as AWS does.
    UnknownOperation,
}

/// What DescribeEffectivePolicy answers instead of the truth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "kebab-case")]
pub enum EffectiveScript {
    /// This text as the document: another one, one with a value nobody knows, one that is no JSON.
    Content(String),
    /// `EffectivePolicyNotFoundException`.
    NotFound,
    /// The document as if the policies of each target had been attached in reverse order.
    PeersReversed,
    /// The document with its keys in reverse order: an equal one.
    KeysReversed,
    /// The document as of the simulator's start.
    Stale,
}
