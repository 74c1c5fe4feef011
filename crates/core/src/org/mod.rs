//! The organization as data: ids, root, units, accounts, policies, attachments, AWS's own answers.
//!
//! A [`Snapshot`] is everything that was read, as one value, with what could not be read and why. It is what the live
//! reader returns and what a file holds; all later code takes `&Snapshot`.

mod account;
mod attached;
mod chain;
mod file;
mod id;
mod policy;
mod snapshot;
mod tree;
mod unread;

pub use account::{Account, AccountState};
pub use attached::Attachments;
pub use chain::{Chain, Chains, chains};
pub(crate) use file::to_value;
pub use file::{FORMAT, read, write};
pub use id::{AccountId, InvalidIdError, OrganizationId, PolicyId, RootId, TargetId, UnitId};
pub use policy::{AttachTime, AttachedPolicy, Attachment, Policy, PolicyType, PolicyTypeState, PolicyTypeStatus};
pub use snapshot::{
    Answer, AnswerContent, Caller, Delegate, EvidenceMode, InvalidPolicy, Membership, Organization, Partition, Root,
    Scope, Snapshot, Unit,
};
pub use tree::{Tree, TreeError};
pub use unread::{Part, Unread, UnreadReason};
