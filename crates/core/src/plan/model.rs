//! A step on a model: what an organization is after a call, as far as settings and locks are concerned.
//!
//! Predictions, what-ifs and the tests of plans all use this one function. It refuses what AWS would refuse, so that an
//! impossible plan shows before the first call.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::order::settle;
use super::step::MODEL_ROOT;
use super::{ATTACHMENT_LIMIT, POLICY_LIMIT, Place, PolicyRef, Step};
use crate::check::Documents;
use crate::org::{
    AttachTime, Attachment, Membership, Policy, PolicyId, PolicyType, PolicyTypeState, PolicyTypeStatus, Root, RootId,
    Snapshot, TargetId,
};

/// A step that AWS would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// There is an organization already.
    #[error("there is an organization already")]
    AlreadyInOrganization,
    /// There is no root.
    #[error("there is no root")]
    NoRoot,
    /// The policy type is off.
    #[error("the policy type is not enabled")]
    PolicyTypeNotEnabled,
    /// No policy has this id or name.
    #[error("there is no policy `{0}`")]
    NoPolicy(String),
    /// A policy has the name.
    #[error("a policy is called `{0}` already")]
    NameTaken(String),
    /// The policy is attached there already.
    #[error("policy `{0}` is attached there already")]
    AlreadyAttached(PolicyId),
    /// The policy is not attached there.
    #[error("policy `{0}` is not attached there")]
    NotAttached(PolicyId),
    /// The policy is attached somewhere.
    #[error("policy `{0}` is still attached")]
    InUse(PolicyId),
    /// More policies than AWS allows.
    #[error("more policies than AWS allows, at the target or in the organization")]
    TooMany,
}

/// Applies a step to a model. `at` is when: attachments are later than those before it.
///
/// # Errors
/// What AWS would refuse; the model is unchanged then.
pub fn apply_to(model: &mut Snapshot, step: &Step, at: Timestamp) -> Result<(), ModelError> {
    match step {
        Step::CreateOrganization {} => create_organization(model),
        Step::EnablePolicyType { .. } => enable(model),
        Step::CreatePolicy { name, description, content, tags } => {
            let policy = Policy {
                id: free_id(model),
                name: name.clone(),
                description: description.clone(),
                policy_type: PolicyType::AiOptOut,
                aws_managed: false,
                content: Some(content.as_str().into()),
                tags: Some(tags.clone()),
            };
            create(model, policy)
        }
        Step::UpdatePolicy { policy, name, description, content } => {
            let id = find(model, policy)?;
            update(model, &id, name.as_deref(), description.as_deref(), content.as_deref())
        }
        Step::TagResource { policy, tags } => tag(model, &find(model, policy)?, tags),
        Step::UntagResource { policy, keys } => untag(model, &find(model, policy)?, keys),
        Step::AttachPolicy { policy, target } => {
            let (policy, target) = (find(model, policy)?, locate(model, target)?);
            attach(model, policy, target, at)
        }
        Step::DetachPolicy { policy, target } => detach(model, &find(model, policy)?, &locate(model, target)?),
        Step::DeletePolicy { policy } => delete(model, &find(model, policy)?),
        Step::DisablePolicyType { .. } => {
            disable(model);
            Ok(())
        }
    }
}

/// An organization as AWS would create it for the account that asks: a root, and that account.
fn create_organization(model: &mut Snapshot) -> Result<(), ModelError> {
    if model.membership != Some(Membership::None) {
        return Err(ModelError::AlreadyInOrganization);
    }
    let root: RootId = MODEL_ROOT.parse().map_err(|_| ModelError::NoRoot)?;
    let caller = model.caller.as_ref().map(|caller| crate::org::Account {
        id: caller.account,
        name: String::new(),
        email: None,
        state: crate::org::AccountState::Active,
        parent: Some(TargetId::Root(root.clone())),
        joined: None,
    });
    model.root = Some(Root { id: root, name: "Root".into(), policy_types: Vec::new() });
    model.units = Some(Vec::new());
    model.accounts = Some(caller.into_iter().collect());
    model.policies = Some(Vec::new());
    model.attachments = Some(BTreeMap::new());
    model.invalid = Some(BTreeMap::new());
    model.membership = None;
    Ok(())
}

fn enable(model: &mut Snapshot) -> Result<(), ModelError> {
    let root = model.root.as_mut().ok_or(ModelError::NoRoot)?;
    root.policy_types.retain(|it| it.policy_type != PolicyType::AiOptOut);
    root.policy_types.push(PolicyTypeStatus { policy_type: PolicyType::AiOptOut, state: PolicyTypeState::Enabled });
    Ok(())
}

/// Disables the type in a model: every policy of the type is detached everywhere.
pub(super) fn disable(model: &mut Snapshot) {
    model.attachments = Some(BTreeMap::new());
    if let Some(root) = &mut model.root {
        root.policy_types.retain(|status| status.policy_type != PolicyType::AiOptOut);
    }
}

fn free_id(model: &Snapshot) -> PolicyId {
    let taken = |id: &PolicyId| model.policy(id).is_some();
    let ids = (1_u64..).filter_map(|number| format!("p-new{number:08}").parse().ok());
    #[expect(clippy::expect_used, reason = "there are more numbers than policies")]
    ids.into_iter().find(|id| !taken(id)).expect("a free id")
}

fn policies(model: &mut Snapshot) -> &mut Vec<Policy> {
    model.policies.get_or_insert_default()
}

fn find(model: &Snapshot, policy: &PolicyRef) -> Result<PolicyId, ModelError> {
    let mut all = model.policies.iter().flatten();
    let found = match policy {
        PolicyRef::Id(id) => all.find(|it| it.id == *id),
        PolicyRef::Name(name) => all.find(|it| it.name == *name && it.policy_type == PolicyType::AiOptOut),
    };
    found.map(|it| it.id.clone()).ok_or_else(|| ModelError::NoPolicy(policy.to_string()))
}

fn locate(model: &Snapshot, place: &Place) -> Result<TargetId, ModelError> {
    match place {
        Place::Id(id) => Ok(id.clone()),
        Place::NewRoot => model.root.as_ref().map(|root| TargetId::Root(root.id.clone())).ok_or(ModelError::NoRoot),
    }
}

/// Adds a policy to a model.
pub(super) fn create(model: &mut Snapshot, policy: Policy) -> Result<(), ModelError> {
    let all = policies(model);
    if all.iter().any(|it| it.name == policy.name) {
        return Err(ModelError::NameTaken(policy.name));
    }
    if all.iter().filter(|it| it.policy_type == PolicyType::AiOptOut).count() >= POLICY_LIMIT {
        return Err(ModelError::TooMany);
    }
    all.push(policy);
    all.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(())
}

fn policy_mut<'m>(model: &'m mut Snapshot, id: &PolicyId) -> Result<&'m mut Policy, ModelError> {
    policies(model).iter_mut().find(|it| it.id == *id).ok_or_else(|| ModelError::NoPolicy(id.to_string()))
}

/// Changes a policy of a model; what is `None` stays.
pub(super) fn update(
    model: &mut Snapshot,
    id: &PolicyId,
    name: Option<&str>,
    description: Option<&str>,
    content: Option<&str>,
) -> Result<(), ModelError> {
    if let Some(name) = name
        && model.policies.iter().flatten().any(|it| it.name == name && it.id != *id)
    {
        return Err(ModelError::NameTaken(name.to_owned()));
    }
    let policy = policy_mut(model, id)?;
    name.map(str::to_owned).into_iter().for_each(|name| policy.name = name);
    description.map(str::to_owned).into_iter().for_each(|it| policy.description = it);
    content.into_iter().for_each(|content| policy.content = Some(content.into()));
    Ok(())
}

fn tag(model: &mut Snapshot, id: &PolicyId, tags: &BTreeMap<String, String>) -> Result<(), ModelError> {
    let policy = policy_mut(model, id)?;
    policy.tags.get_or_insert_default().extend(tags.clone());
    Ok(())
}

fn untag(model: &mut Snapshot, id: &PolicyId, keys: &[String]) -> Result<(), ModelError> {
    let policy = policy_mut(model, id)?;
    policy.tags.get_or_insert_default().retain(|key, _| !keys.contains(key));
    Ok(())
}

/// Attaches a policy in a model, last at its target.
pub(super) fn attach(
    model: &mut Snapshot,
    policy: PolicyId,
    target: TargetId,
    at: Timestamp,
) -> Result<(), ModelError> {
    if model.policy_type_state().flatten() != Some(&PolicyTypeState::Enabled) {
        return Err(ModelError::PolicyTypeNotEnabled);
    }
    let attached = model.attachments.get_or_insert_default().entry(target).or_default();
    if attached.iter().any(|it| it.policy == policy) {
        return Err(ModelError::AlreadyAttached(policy));
    }
    if attached.len() >= ATTACHMENT_LIMIT {
        return Err(ModelError::TooMany);
    }
    // The engine tells the order of attachment by seconds.
    let latest = attached.iter().filter_map(|it| it.attached?.at()).max();
    let next = latest.and_then(|latest| latest.checked_add(SignedDuration::from_secs(1)).ok());
    attached.push(Attachment { policy, attached: Some(AttachTime::At(next.map_or(at, |next| next.max(at)))) });
    Ok(())
}

/// Detaches a policy in a model.
pub(super) fn detach(model: &mut Snapshot, policy: &PolicyId, target: &TargetId) -> Result<(), ModelError> {
    let all = model.attachments.get_or_insert_default();
    let missing = || ModelError::NotAttached(policy.clone());
    let attached = all.get_mut(target).ok_or_else(missing)?;
    let at = attached.iter().position(|it| it.policy == *policy).ok_or_else(missing)?;
    attached.remove(at);
    if attached.is_empty() {
        all.remove(target);
    }
    Ok(())
}

fn delete(model: &mut Snapshot, id: &PolicyId) -> Result<(), ModelError> {
    if model.attachments.iter().flatten().any(|(_, attached)| attached.iter().any(|it| it.policy == *id)) {
        return Err(ModelError::InUse(id.clone()));
    }
    let all = policies(model);
    let at = all.iter().position(|it| it.id == *id).ok_or_else(|| ModelError::NoPolicy(id.to_string()))?;
    all.remove(at);
    Ok(())
}

/// A model of a snapshot: what AWS answered is forgotten, after it was used to tell in which order policies were
/// attached; where that is known or cannot matter, what is attached now is certainly later.
pub(super) fn model_of(snapshot: &Snapshot) -> Snapshot {
    let mut model = snapshot.clone();
    let answers = std::mem::take(&mut model.answers);
    let answers = answers.into_iter().map(|(account, answer)| (account, answer.content)).collect();
    settle(&mut model, &Documents::of(snapshot), &answers);
    model
}
