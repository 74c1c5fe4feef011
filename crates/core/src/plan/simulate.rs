//! What-ifs: one change to the organization on a model, and what differs for every account × service, and the locks.

use jiff::Timestamp;

use super::difference::{View, compare};
use super::model::{attach, create, detach, disable, model_of, update};
use super::{Change, ModelError};
use crate::intent::{Choice, DEFAULT_SERVICE};
use crate::org::{
    Account, AccountId, AccountState, Policy, PolicyId, PolicyType, Snapshot, TargetId, Tree, TreeError, UnitId,
};

/// A change to try.
#[derive(Debug, Clone, PartialEq)]
pub enum WhatIf {
    /// A policy that is there is attached at a target.
    Attach {
        /// The policy.
        policy: PolicyId,
        /// Where.
        target: TargetId,
    },
    /// A new document is attached at a target.
    AttachDocument {
        /// The document.
        content: String,
        /// Where.
        target: TargetId,
    },
    /// A policy is detached.
    Detach {
        /// The policy.
        policy: PolicyId,
        /// From where.
        target: TargetId,
    },
    /// A policy gets another document.
    Replace {
        /// The policy.
        policy: PolicyId,
        /// The document.
        content: String,
    },
    /// An account moves.
    MoveAccount {
        /// The account.
        account: AccountId,
        /// The root or unit it moves to.
        to: TargetId,
    },
    /// A unit moves with everything below. AWS cannot do that in one call; the effect is that of a new unit with the
    /// same policies.
    MoveUnit {
        /// The unit.
        unit: UnitId,
        /// The root or unit it moves to.
        to: TargetId,
    },
    /// A new account is created in a unit, or at the root.
    NewAccount {
        /// The root or unit.
        parent: TargetId,
    },
    /// An account joins from outside: it comes to the root. Policies attached to it elsewhere stay behind.
    Join {
        /// The account.
        account: AccountId,
    },
    /// Whoever may attach policies at a target tries to opt a service in there.
    OptIn {
        /// The service, or `default`.
        service: String,
        /// Where.
        target: TargetId,
    },
    /// The policy type is disabled: every policy of the type is detached everywhere.
    DisablePolicyType,
    /// AWS adds a service.
    NewService {
        /// Its key.
        service: String,
    },
}

/// Why a change cannot be tried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhatIfError {
    /// AWS would refuse it.
    #[error(transparent)]
    Refused(#[from] ModelError),
    /// The document is not admissible, or no document.
    #[error("AWS would not accept the document: {0}")]
    Document(String),
    /// A target that is not in the organization.
    #[error("`{0}` is not in this organization")]
    NoTarget(String),
    /// Nothing can move there, or it would be inside itself.
    #[error("it cannot be there: {0}")]
    Place(String),
    /// The account or service is there already.
    #[error("`{0}` is there already")]
    AlreadyThere(String),
}

/// What a change would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What differs for whom; empty where nothing does.
    pub changes: Vec<Change>,
    /// The organization afterwards, as a model.
    pub after: Snapshot,
}

/// Tries a change on `snapshot` for `services` (the catalogue's keys, without `default`) at the time `at`.
///
/// # Errors
/// Where AWS would refuse the change, or it names what is not there.
pub fn what_if(snapshot: &Snapshot, what: &WhatIf, services: &[&str], at: Timestamp) -> Result<Outcome, WhatIfError> {
    let before = model_of(snapshot);
    let mut after = before.clone();
    change(&mut after, what, services, at)?;
    Tree::new(&after).map_err(|error| WhatIfError::Place(explain(&error)))?;
    let new_service = match what {
        WhatIf::NewService { service } => Some(service.as_str()),
        _ => None,
    };
    let old = View::new(&before, services.iter().copied());
    let new = View::new(&after, services.iter().copied().chain(new_service));
    Ok(Outcome { changes: compare(&old, &new), after })
}

fn explain(error: &TreeError) -> String {
    error.to_string()
}

fn change(model: &mut Snapshot, what: &WhatIf, services: &[&str], at: Timestamp) -> Result<(), WhatIfError> {
    match what {
        WhatIf::Attach { policy, target } => {
            check_target(model, target)?;
            model.policy(policy).ok_or_else(|| ModelError::NoPolicy(policy.to_string()))?;
            Ok(attach(model, policy.clone(), target.clone(), at)?)
        }
        WhatIf::AttachDocument { content, target } => attach_document(model, content, target, services, at),
        WhatIf::OptIn { service, target } => attach_document(model, &opt_in(service), target, services, at),
        WhatIf::Detach { policy, target } => Ok(detach(model, policy, target)?),
        WhatIf::Replace { policy, content } => {
            check_document(content, services)?;
            Ok(update(model, policy, None, None, Some(content))?)
        }
        WhatIf::MoveAccount { account, to } => move_account(model, *account, to),
        WhatIf::MoveUnit { unit, to } => move_unit(model, unit, to),
        WhatIf::NewAccount { parent } => new_account(model, None, parent),
        WhatIf::Join { account } => {
            let root = model.root.as_ref().map(|root| TargetId::Root(root.id.clone())).ok_or(ModelError::NoRoot)?;
            new_account(model, Some(*account), &root)
        }
        WhatIf::DisablePolicyType => {
            disable(model);
            Ok(())
        }
        WhatIf::NewService { service } if *service == DEFAULT_SERVICE || services.contains(&service.as_str()) => {
            Err(WhatIfError::AlreadyThere(service.clone()))
        }
        WhatIf::NewService { .. } => Ok(()),
    }
}

/// The document of whoever wants `service` opted in.
fn opt_in(service: &str) -> String {
    let value = Choice::OptIn.as_str();
    serde_json::json!({ "services": { service: { "opt_out_policy": { "@@assign": value } } } }).to_string()
}

fn attach_document(
    model: &mut Snapshot,
    content: &str,
    target: &TargetId,
    services: &[&str],
    at: Timestamp,
) -> Result<(), WhatIfError> {
    check_target(model, target)?;
    check_document(content, services)?;
    let mut ids = (1_u64..).filter_map(|number| format!("p-whatif{number:08}").parse::<PolicyId>().ok());
    let id = ids.find(|id| model.policy(id).is_none()).ok_or(ModelError::TooMany)?;
    let policy = Policy {
        id: id.clone(),
        name: format!("what if {id}"),
        description: String::new(),
        policy_type: PolicyType::AiOptOut,
        aws_managed: false,
        content: Some(content.into()),
        tags: Some(std::collections::BTreeMap::new()),
    };
    create(model, policy)?;
    Ok(attach(model, id, target.clone(), at)?)
}

fn check_document(content: &str, services: &[&str]) -> Result<(), WhatIfError> {
    let refuse = |name: &str| {
        let known = name == DEFAULT_SERVICE || services.contains(&name);
        (!known).then(|| (format!("the service `{name}` is unknown to the catalogue"), String::new()))
    };
    let admission = crate::policy::admit_ai_opt_out(content, &refuse);
    match admission.problems.first() {
        None => Ok(()),
        Some(problem) => Err(WhatIfError::Document(problem.message.clone())),
    }
}

fn check_target(model: &Snapshot, target: &TargetId) -> Result<(), WhatIfError> {
    let is_there = match target {
        TargetId::Root(id) => model.root.as_ref().is_some_and(|root| root.id == *id),
        TargetId::Unit(id) => model.units.iter().flatten().any(|unit| unit.id == *id),
        TargetId::Account(id) => model.accounts.iter().flatten().any(|account| account.id == *id),
    };
    if is_there { Ok(()) } else { Err(WhatIfError::NoTarget(target.to_string())) }
}

fn check_parent(model: &Snapshot, parent: &TargetId) -> Result<(), WhatIfError> {
    match parent {
        TargetId::Account(id) => Err(WhatIfError::Place(format!("`{id}` is an account, which holds no others"))),
        TargetId::Root(_) | TargetId::Unit(_) => check_target(model, parent),
    }
}

fn move_account(model: &mut Snapshot, id: AccountId, to: &TargetId) -> Result<(), WhatIfError> {
    check_parent(model, to)?;
    let account = model.accounts.iter_mut().flatten().find(|account| account.id == id);
    account.ok_or_else(|| WhatIfError::NoTarget(id.to_string()))?.parent = Some(to.clone());
    Ok(())
}

fn move_unit(model: &mut Snapshot, id: &UnitId, to: &TargetId) -> Result<(), WhatIfError> {
    check_parent(model, to)?;
    let unit = model.units.iter_mut().flatten().find(|unit| unit.id == *id);
    unit.ok_or_else(|| WhatIfError::NoTarget(id.to_string()))?.parent = to.clone();
    Ok(())
}

fn new_account(model: &mut Snapshot, id: Option<AccountId>, parent: &TargetId) -> Result<(), WhatIfError> {
    check_parent(model, parent)?;
    let accounts = model.accounts.get_or_insert_default();
    let is_there = |id: &AccountId| accounts.iter().any(|account| account.id == *id);
    let mut free = (0_u64..).filter_map(|number| format!("{number:012}").parse::<AccountId>().ok());
    let id = match id {
        Some(id) if is_there(&id) => return Err(WhatIfError::AlreadyThere(id.to_string())),
        Some(id) => id,
        None => free.find(|id| !is_there(id)).ok_or(ModelError::TooMany)?,
    };
    accounts.push(Account {
        id,
        name: "new account".into(),
        email: None,
        state: AccountState::Active,
        parent: Some(parent.clone()),
        joined: None,
    });
    accounts.sort_by_key(|account| account.id);
    Ok(())
}
