//! Reading again only what an event can have changed ([`Touched`]), into the snapshot that was there.
//!
//! What is gone is taken out, what is new is brought in with all that hangs on it, and AWS is asked for its own answers where
//! one of them can be another: for one account of each chain with an account that is affected. A part that may not be read
//! stays unread; where AWS cannot be reached for the moment there is no snapshot but an error, so that the event is tried
//! again.

mod attached;
mod units;

use std::collections::BTreeSet;

use optout_core::org::{AccountId, Part as Name, Snapshot, Tree};

use super::affected::affected;
use super::{ReadOptions, Touched, governance};
use crate::cancel::Cancel;
use crate::effective;
use crate::progress::{OnProgress, Watch};
use crate::request::{Failure, FailureKind, Requests};
use crate::session::Session;

/// Why a part could not be read again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgainError {
    /// AWS could not be reached, throttled, or failed: it may work later.
    #[error("{operation} could not be called: {detail}", operation = .0.operation.as_str(), detail = .0)]
    Later(Failure),
    /// What was read does not fit what was known: only a full read can tell.
    #[error("the organization as it was known does not fit what was read again: {0}")]
    Unfit(String),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Again {
    /// The organization with the parts that were read again.
    pub snapshot: Snapshot,
    /// The accounts whose effective policy may be another one than before.
    pub affected: BTreeSet<AccountId>,
    /// The accounts that AWS was asked for.
    pub asked: BTreeSet<AccountId>,
}

/// Reads again what was `touched` of the organization in `known`.
///
/// # Errors
/// Where it has to be tried later, or only a full read helps.
pub async fn again(
    session: &Session,
    known: &Snapshot,
    touched: &Touched,
    options: &ReadOptions,
    progress: OnProgress<'_>,
    cancel: &Cancel,
) -> Result<Again, AgainError> {
    if touched.everything {
        return Err(AgainError::Unfit("the event is about the organization as a whole".to_owned()));
    }
    let requests = Requests::new(session, Watch::new(progress), cancel);
    let mut again = Rereading { requests: &requests, options, now: known.clone(), touched: touched.clone() };
    Box::pin(again.structure()).await?;
    Box::pin(again.policies()).await?;
    Box::pin(again.governance()).await?;
    let now = again.now;
    Tree::new(&now).map_err(|error| AgainError::Unfit(error.to_string()))?;
    let affected = affected(known, &now, touched);
    Box::pin(answers(&requests, now, affected, options)).await
}

/// Asks AWS once more for the effective policies of `accounts`, and takes the answers over.
///
/// # Errors
/// Where it has to be tried later.
pub async fn ask_again(
    session: &Session,
    snapshot: &mut Snapshot,
    accounts: &BTreeSet<AccountId>,
    cancel: &Cancel,
) -> Result<(), AgainError> {
    let requests = Requests::new(session, Watch::new(&|_| {}), cancel);
    let own = snapshot.caller.as_ref().map(|caller| caller.account);
    let candidates = accounts.iter().map(|account| vec![*account]);
    let answers = Box::pin(effective::ask_candidates(&requests, candidates, own)).await;
    later(&answers)?;
    snapshot.answers.extend(answers.answers);
    Ok(())
}

async fn answers(
    requests: &Requests<'_>,
    mut now: Snapshot,
    affected: BTreeSet<AccountId>,
    options: &ReadOptions,
) -> Result<Again, AgainError> {
    let own = now.caller.as_ref().map(|caller| caller.account);
    now.answers.retain(|account, _| !affected.contains(account));
    let is_old = |subject: &str| subject.parse().is_ok_and(|account| affected.contains(&account));
    now.unread.retain(|it| it.part != Name::EffectivePolicy || !it.subject.as_deref().is_some_and(is_old));
    let candidates = effective::candidates(&now, own, options, &affected);
    let answers = Box::pin(effective::ask_candidates(requests, candidates, own)).await;
    later(&answers)?;
    let asked = answers.answers.keys().copied().collect();
    now.answers.extend(answers.answers);
    now.unread.extend(answers.unread);
    Ok(Again { snapshot: now, affected, asked })
}

/// # Errors
/// Where an answer is missing that there may be later.
fn later(answers: &effective::Answers) -> Result<(), AgainError> {
    let failure = answers.failures.iter().find(|failure| is_passing(failure.kind));
    failure.map_or(Ok(()), |failure| Err(AgainError::Later(failure.clone())))
}

/// Whether it may be otherwise later.
const fn is_passing(kind: FailureKind) -> bool {
    match kind {
        FailureKind::Refused
        | FailureKind::Throttled
        | FailureKind::Unreachable
        | FailureKind::Failed
        | FailureKind::Stopped => true,
        FailureKind::Denied | FailureKind::NotImplemented | FailureKind::Malformed | FailureKind::Answered => false,
    }
}

struct Rereading<'r, 's> {
    requests: &'r Requests<'s>,
    options: &'r ReadOptions,
    now: Snapshot,
    touched: Touched,
}

impl Rereading<'_, '_> {
    /// Notes what may not be read, instead of what was there.
    fn note(&mut self, part: Name, subject: &str, failure: &Failure) -> Result<(), AgainError> {
        if is_passing(failure.kind) {
            return Err(AgainError::Later(failure.clone()));
        }
        self.forget(part, subject);
        self.now.unread.push(failure.unread(part, Some(subject.to_owned())));
        Ok(())
    }

    fn forget(&mut self, part: Name, subject: &str) {
        self.now.unread.retain(|unread| unread.part != part || unread.subject.as_deref() != Some(subject));
    }

    async fn governance(&mut self) -> Result<(), AgainError> {
        for account in self.touched.invalid.clone() {
            self.invalid(account).await?;
        }
        if self.touched.delegates {
            let delegates = governance::delegates(self.requests).await;
            self.now.unread.retain(|unread| unread.part != Name::Delegates);
            self.now.delegates = delegates.note(&mut self.now.unread);
        }
        if self.touched.resource_policy {
            let policy = governance::resource_policy(self.requests).await;
            self.now.unread.retain(|unread| unread.part != Name::ResourcePolicy);
            self.now.resource_policy = policy.note(&mut self.now.unread);
        }
        Ok(())
    }

    async fn invalid(&mut self, account: AccountId) -> Result<(), AgainError> {
        if self.now.invalid.is_none() {
            return Ok(());
        }
        let subject = account.to_string();
        self.forget(Name::InvalidPolicies, &subject);
        let reasons = match governance::reasons(self.requests, account).await {
            Ok(reasons) => reasons,
            Err(failure) if failure.is_absence() => Vec::new(),
            Err(failure) => {
                self.note(Name::InvalidPolicies, &subject, &failure)?;
                // Whatever is wrong with it: it may be invalid, and then nobody can answer for it.
                self.now.invalid.get_or_insert_default().entry(account).or_default();
                return Ok(());
            }
        };
        let invalid = self.now.invalid.get_or_insert_default();
        if reasons.is_empty() {
            invalid.remove(&account)
        } else {
            invalid.insert(account, reasons)
        };
        Ok(())
    }
}
