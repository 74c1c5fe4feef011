//! The effective documents that AWS should answer with after a plan, so that apply can compare.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use super::model::model_of;
use super::{ModelError, PlannedStep, apply_to};
use crate::check::Documents;
use crate::org::{AccountId, Attachment, PolicyTypeState, Snapshot, TargetId, Tree};
use crate::policy::{Dialect, Effective, State};

/// The organization after `steps`, as a model: AWS's answers are forgotten, attachments stand in their order.
///
/// # Errors
/// The first step that AWS would refuse.
pub fn predict(snapshot: &Snapshot, steps: &[PlannedStep], at: Timestamp) -> Result<Snapshot, ModelError> {
    let mut model = model_of(snapshot);
    steps.iter().try_for_each(|planned| apply_to(&mut model, &planned.step, at))?;
    Ok(model)
}

/// What DescribeEffectivePolicy should answer for every account of a model; accounts whose place or policies are not
/// known are left out. Without the policy type there is nothing.
#[must_use]
pub fn effective_documents(model: &Snapshot) -> BTreeMap<AccountId, Arc<Effective>> {
    let is_on = model.policy_type_state().flatten() == Some(&PolicyTypeState::Enabled);
    let (Ok(tree), true) = (Tree::new(model), is_on) else { return BTreeMap::new() };
    let mut walk = Walk { model, documents: Documents::of(model), tree, known: HashMap::new() };
    let accounts = model.accounts.iter().flatten();
    accounts.filter_map(|account| Some((account.id, walk.of_account(account.id, account.parent.as_ref()?)?))).collect()
}

/// States and documents of roots and units, each merged once.
struct Walk<'a> {
    model: &'a Snapshot,
    documents: Documents,
    tree: Tree<'a>,
    known: HashMap<TargetId, Option<(State, Arc<Effective>)>>,
}

impl Walk<'_> {
    fn of_account(&mut self, account: AccountId, parent: &TargetId) -> Option<Arc<Effective>> {
        let (state, document) = self.of_container(parent)?;
        let target = TargetId::Account(account);
        if self.attached(&target).is_empty() {
            return Some(document);
        }
        Some(Arc::new(self.below(&state, &target)?.effective(Dialect::Plain)))
    }

    fn of_container(&mut self, target: &TargetId) -> Option<(State, Arc<Effective>)> {
        if let Some(known) = self.known.get(target) {
            return known.clone();
        }
        let path = self.tree.path_to(target)?;
        let state = path.iter().try_fold(State::default(), |state, target| self.below(&state, target));
        let found = state.map(|state| (state.clone(), Arc::new(state.effective(Dialect::Plain))));
        self.known.insert(target.clone(), found.clone());
        found
    }

    fn below(&self, state: &State, target: &TargetId) -> Option<State> {
        Some(state.below(&self.documents.level(target, self.attached(target)).ok()?))
    }

    fn attached(&self, target: &TargetId) -> &[Attachment] {
        self.model.attachments.as_ref().and_then(|all| all.get(target)).map(Vec::as_slice).unwrap_or_default()
    }
}
