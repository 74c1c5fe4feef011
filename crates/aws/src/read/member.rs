//! One account alone: AWS's own answer for it, in the form in which the account itself would have read it.

use jiff::Timestamp;
use optout_core::org::{AccountId, Caller, EvidenceMode, Part as Name, Scope, Snapshot};

use super::organization;
use crate::cancel::Cancel;
use crate::effective;
use crate::progress::Watch;
use crate::request::{Failure, Requests};
use crate::session::{Identity, Session};

/// Whose credentials the session has.
///
/// # Errors
/// Where AWS would not say.
pub async fn caller(session: &Session, cancel: &Cancel) -> Result<Identity, Failure> {
    let requests = Requests::new(session, Watch::new(&|_| {}), cancel);
    organization::identity(&requests).await
}

/// Asks AWS for the effective policy of `account`, in one call; `own` is the account of the session.
///
/// The snapshot speaks of this account only, as if it had asked for itself: everything else is out of scope. Where AWS would
/// not answer, it says why, and there is no answer in it.
pub async fn member(session: &Session, account: AccountId, own: Option<AccountId>, cancel: &Cancel) -> Snapshot {
    let requests = Requests::new(session, Watch::new(&|_| {}), cancel);
    let mut snapshot = Snapshot::empty(Timestamp::now(), env!("CARGO_PKG_VERSION"), session.partition().clone());
    snapshot.scope = Scope::Account(account);
    snapshot.evidence = EvidenceMode::All;
    snapshot.caller = Some(Caller { account, principal: "assumed-role".to_owned() });
    match effective::describe(&requests, account, own).await {
        Ok(answer) => drop(snapshot.answers.insert(account, answer)),
        Err(failure) => snapshot.unread.push(failure.unread(Name::EffectivePolicy, Some(account.to_string()))),
    }
    snapshot
}
