//! Reading again only what an event can have changed ([`Touched`]), into the snapshot that was there.
//!
//! What is gone is taken out, what is new is brought in with all that hangs on it, and AWS is asked for its own answers where
//! one of them can be another: for one account of each chain with an account that is affected. A part that may not be read
//! stays unread; where AWS cannot be reached for the moment there is no snapshot but an error, so that the event is tried
//! again.

use std::collections::{BTreeMap, BTreeSet};

use optout_core::org::{
    AccountId, Attachment, Part as Name, Policy, PolicyId, PolicyType, Snapshot, TargetId, Tree, UnitId,
};

use super::account::account;
use super::affected::affected;
use super::partial::{describe, name_of};
use super::policies::{GONE, listed_at, targets_of, whole};
use super::structure::{list_root, parent_of, units_below};
use super::{ReadOptions, Touched, governance, policies, structure};
use crate::cancel::Cancel;
use crate::effective;
use crate::progress::{OnProgress, Watch};
use crate::request::{Failure, FailureKind, Purpose, Requests};
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

    async fn structure(&mut self) -> Result<(), AgainError> {
        if self.touched.structure {
            return self.whole_structure().await;
        }
        for target in self.touched.targets.clone() {
            self.touch_unknown(&target);
        }
        for unit in self.touched.units.clone() {
            self.unit(&unit).await?;
        }
        for id in self.touched.accounts.clone() {
            self.account(id).await?;
        }
        Ok(())
    }

    async fn whole_structure(&mut self) -> Result<(), AgainError> {
        let structure = structure::read(self.requests, self.options.emails).await;
        if let (false, Some(unread)) = (structure.is_complete(), structure.unread.first()) {
            return Err(AgainError::Unfit(format!("{} could not be read: {}", unread.operation, unread.detail)));
        }
        self.now.unread.retain(|unread| !matches!(unread.part, Name::Root | Name::Units | Name::Accounts));
        (self.now.root, self.now.units, self.now.accounts) = (structure.root, structure.units, structure.accounts);
        let known = structure::targets(&self.now);
        self.now.attachments.iter_mut().for_each(|all| all.retain(|target, _| known.contains(target)));
        Ok(())
    }

    /// A target that nobody told of before is brought in first.
    fn touch_unknown(&mut self, target: &TargetId) {
        match target {
            TargetId::Root(_) => {}
            TargetId::Unit(unit) if self.now.units.iter().flatten().all(|known| known.id != *unit) => {
                self.touched.units.insert(unit.clone());
            }
            TargetId::Account(id) if self.now.accounts.iter().flatten().all(|known| known.id != *id) => {
                self.touched.accounts.insert(*id);
            }
            TargetId::Unit(_) | TargetId::Account(_) => {}
        }
    }

    async fn unit(&mut self, id: &UnitId) -> Result<(), AgainError> {
        self.forget(Name::Units, id.as_str());
        let Some(units) = &mut self.now.units else { return Ok(()) };
        match name_of(self.requests, id).await {
            Ok(name) => {
                if let Some(unit) = units.iter_mut().find(|unit| unit.id == *id) {
                    unit.name = name;
                    return Ok(());
                }
                self.all_units().await
            }
            Err(failure) if failure.is_absence() => {
                units.retain(|unit| unit.id != *id);
                let target = TargetId::Unit(id.clone());
                self.now.attachments.iter_mut().for_each(|all| drop(all.remove(&target)));
                let inside = self.now.accounts.iter().flatten().filter(|it| it.parent.as_ref() == Some(&target));
                self.touched.accounts.extend(inside.map(|account| account.id).collect::<Vec<_>>());
                Ok(())
            }
            Err(failure) => self.note(Name::Units, id.as_str(), &failure),
        }
    }

    /// Units that nobody told of may be several, one in another.
    async fn all_units(&mut self) -> Result<(), AgainError> {
        let Some(root) = self.now.root.as_ref().map(|root| root.id.clone()) else { return Ok(()) };
        let units = units_below(self.requests, &root).await;
        match (units.value, units.unread.first()) {
            (Some(units), None) => {
                self.now.units = Some(units);
                Ok(())
            }
            (_, unread) => {
                let why = unread.map(|unread| unread.detail.clone()).unwrap_or_default();
                Err(AgainError::Unfit(format!("units could not be listed: {why}")))
            }
        }
    }

    async fn account(&mut self, id: AccountId) -> Result<(), AgainError> {
        self.forget(Name::Accounts, &id.to_string());
        if self.now.accounts.is_none() {
            return Ok(());
        }
        let described = match describe(self.requests, id).await {
            Ok(described) => described,
            Err(failure) if failure.is_absence() => {
                self.remove_account(id);
                return Ok(());
            }
            Err(failure) => return self.note(Name::Accounts, &id.to_string(), &failure),
        };
        let Some(mut found) = account(&described, self.options.emails) else {
            return Err(AgainError::Unfit(format!("the answer about account {id} is about another one")));
        };
        if found.parent.is_none() {
            match parent_of(self.requests, &TargetId::Account(id)).await {
                Ok(parent) => found.parent = parent,
                Err(failure) => self.note(Name::Accounts, &id.to_string(), &failure)?,
            }
        }
        if let Some(TargetId::Unit(unit)) = &found.parent
            && self.now.units.as_ref().is_some_and(|units| units.iter().all(|known| known.id != *unit))
        {
            self.all_units().await?;
        }
        let accounts = self.now.accounts.get_or_insert_default();
        accounts.retain(|known| known.id != id);
        accounts.push(found);
        accounts.sort_by_key(|account| account.id);
        Ok(())
    }

    fn remove_account(&mut self, id: AccountId) {
        self.now.accounts.iter_mut().for_each(|all| all.retain(|account| account.id != id));
        self.now.attachments.iter_mut().for_each(|all| drop(all.remove(&TargetId::Account(id))));
        self.now.invalid.iter_mut().for_each(|all| drop(all.remove(&id)));
        self.now.delegates.iter_mut().for_each(|all| all.retain(|delegate| delegate.account != id));
        self.now.answers.remove(&id);
        self.touched.targets.remove(&TargetId::Account(id));
        self.touched.invalid.remove(&id);
    }

    async fn policies(&mut self) -> Result<(), AgainError> {
        if self.touched.types {
            return self.all_policies().await;
        }
        for target in self.touched.targets.clone() {
            self.target(&target).await?;
        }
        for policy in self.touched.policies.clone() {
            self.policy(&policy).await?;
        }
        Ok(())
    }

    async fn all_policies(&mut self) -> Result<(), AgainError> {
        match list_root(self.requests).await {
            Ok(root) => self.now.root = Some(root),
            Err(failure) => return Err(AgainError::Later(failure)),
        }
        let read = policies::read(self.requests, self.options.tags, BTreeMap::new()).await;
        let Some(ours) = read.policies.filter(|_| read.unread.is_empty()) else {
            return Err(AgainError::Unfit("policies could not be read".to_owned()));
        };
        let of_policies = [Name::Policies, Name::PolicyContent, Name::Attachments];
        self.now.unread.retain(|unread| !of_policies.contains(&unread.part));
        let strays = self.now.policies.take().into_iter().flatten();
        let strays = strays.filter(|policy| policy.policy_type != PolicyType::AiOptOut);
        let mut all: Vec<Policy> = strays.chain(ours).collect();
        all.sort_by(|left, right| left.id.cmp(&right.id));
        (self.now.policies, self.now.attachments) = (Some(all), read.attachments);
        let known = structure::targets(&self.now);
        match self.now.attachments.iter().flatten().find(|(target, _)| !known.contains(target)) {
            Some((target, _)) => {
                Err(AgainError::Unfit(format!("a policy is attached to `{target}`, which is not known")))
            }
            None => Ok(()),
        }
    }

    /// Which policies are attached to a target; those that nobody told of are brought in.
    async fn target(&mut self, target: &TargetId) -> Result<(), AgainError> {
        if self.now.attachments.is_none() || !structure::targets(&self.now).contains(target) {
            return Ok(());
        }
        self.forget(Name::Attachments, &target.to_string());
        let listed = match listed_at(self.requests, target).await {
            Ok(listed) => listed,
            Err(failure) if failure.is_absence() => Vec::new(),
            Err(failure) => return self.note(Name::Attachments, &target.to_string(), &failure),
        };
        for policy in &listed {
            if self.now.policy(&policy.id).is_none() {
                self.policy(&policy.id).await?;
            }
        }
        let attached = |policy: &Policy| Attachment { policy: policy.id.clone(), attached: None };
        let mut list: Vec<Attachment> = listed.iter().map(attached).collect();
        list.sort_by(|left, right| left.policy.cmp(&right.policy));
        list.retain(|attachment| self.now.policy(&attachment.policy).is_some());
        let attachments = self.now.attachments.get_or_insert_default();
        attachments.remove(target);
        if !list.is_empty() {
            attachments.insert(target.clone(), list);
        }
        Ok(())
    }

    async fn policy(&mut self, id: &PolicyId) -> Result<(), AgainError> {
        if self.now.policies.is_none() {
            return Ok(());
        }
        self.forget(Name::PolicyContent, id.as_str());
        match whole(self.requests, id).await {
            Ok(policy) if policy.policy_type != PolicyType::AiOptOut => Ok(()),
            Ok(policy) => self.take_policy(policy).await,
            Err(failure) if failure.is(GONE) => {
                self.now.policies.iter_mut().for_each(|all| all.retain(|policy| policy.id != *id));
                let attachments = self.now.attachments.get_or_insert_default();
                attachments.values_mut().for_each(|list| list.retain(|attachment| attachment.policy != *id));
                attachments.retain(|_, list| !list.is_empty());
                Ok(())
            }
            Err(failure) => {
                self.note(Name::PolicyContent, id.as_str(), &failure)?;
                let policies = self.now.policies.iter_mut().flatten();
                policies.filter(|policy| policy.id == *id).for_each(|policy| policy.content = None);
                Ok(())
            }
        }
    }

    async fn take_policy(&mut self, policy: Policy) -> Result<(), AgainError> {
        let is_new = self.now.policy(&policy.id).is_none();
        let (id, policies) = (policy.id.clone(), self.now.policies.get_or_insert_default());
        policies.retain(|known| known.id != id);
        policies.push(policy);
        policies.sort_by(|left, right| left.id.cmp(&right.id));
        if !is_new {
            return Ok(());
        }
        let targets = match targets_of(self.requests, &id, Purpose::Main).await {
            Ok(targets) => targets,
            Err(failure) if failure.is(GONE) => Vec::new(),
            Err(failure) => return self.note(Name::Attachments, id.as_str(), &failure),
        };
        let known = structure::targets(&self.now);
        if let Some(stranger) = targets.iter().find(|target| !known.contains(target)) {
            return Err(AgainError::Unfit(format!("`{id}` is attached to `{stranger}`, which is not known")));
        }
        let attachments = self.now.attachments.get_or_insert_default();
        policies::attach(attachments, &id, targets);
        Ok(())
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
