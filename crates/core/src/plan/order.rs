//! The order of attachment, which no API returns: concluded from AWS's answers where they leave only one meaning.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::check::Documents;
use crate::org::{AccountId, AnswerContent, AttachTime, Attachment, PolicyId, Snapshot, TargetId, Tree};
use crate::policy::{Dialect, Order, State};

/// Answers that are compared at most for one target.
const SAMPLES: usize = 8;

/// Gives the attachments of a model times where their order is known or cannot matter, so that what is attached now is
/// certainly later: long ago, a second apart. Recorded times stay as they are.
///
/// `answers` are what AWS said of accounts while the organization was as the model is.
pub(super) fn settle(model: &mut Snapshot, documents: &Documents, answers: &BTreeMap<AccountId, AnswerContent>) {
    let Ok(depths) = Tree::new(model).map(|tree| depths(model, &tree)) else { return };
    // From the root down, since what is settled above helps below.
    for (_, target) in depths {
        let attached = attached(model, &target).to_vec();
        let ids: Vec<PolicyId> = attached.iter().map(|it| it.policy.clone()).collect();
        let order = if documents.order_could_matter(&ids) {
            concluded(model, documents, answers, &target, &attached)
        } else {
            Some(attached)
        };
        if let (Some(order), Some(all)) = (order, &mut model.attachments) {
            all.insert(target, long_ago(order));
        }
    }
}

fn depths(model: &Snapshot, tree: &Tree<'_>) -> Vec<(usize, TargetId)> {
    let targets = model.attachments.iter().flat_map(BTreeMap::keys);
    let depth = |target: &TargetId| match target {
        TargetId::Account(_) => usize::MAX,
        TargetId::Root(_) | TargetId::Unit(_) => tree.path_to(target).map_or(0, |path| path.len()),
    };
    let mut depths: Vec<_> = targets.map(|target| (depth(target), target.clone())).collect();
    depths.sort();
    depths
}

fn attached<'m>(model: &'m Snapshot, target: &TargetId) -> &'m [Attachment] {
    model.attachments.as_ref().and_then(|all| all.get(target)).map(Vec::as_slice).unwrap_or_default()
}

fn long_ago(mut attached: Vec<Attachment>) -> Vec<Attachment> {
    for (second, attachment) in (0_i64..).zip(&mut attached) {
        attachment.attached = Timestamp::from_second(second).ok().map(AttachTime::At);
    }
    attached
}

/// The order that AWS's answers leave: every order under which our engine agrees with all of them must mean the same
/// at the target. Without answers, or with recorded times, nothing is concluded.
fn concluded(
    model: &Snapshot,
    documents: &Documents,
    answers: &BTreeMap<AccountId, AnswerContent>,
    target: &TargetId,
    attached: &[Attachment],
) -> Option<Vec<Attachment>> {
    if attached.iter().all(|it| it.attached.is_some()) || attached.len() > super::ATTACHMENT_LIMIT {
        return None;
    }
    let tree = Tree::new(model).ok()?;
    let samples = samples(model, &tree, answers, target);
    if samples.is_empty() {
        return None;
    }
    let trial = Trial { model, documents, target };
    let orders = permutations(attached.to_vec());
    let mut fitting = orders.into_iter().filter(|order| samples.iter().all(|it| trial.agrees(order, it)));
    let first = fitting.next()?;
    let (path, _) = samples.first()?;
    let meaning = |order: &[Attachment]| trial.state(path, order, true).map(|state| state.effective(Dialect::Plain));
    fitting.all(|other| meaning(&other) == meaning(&first)).then_some(first)
}

/// Paths of accounts at or below the target, each with AWS's answer.
fn samples(
    model: &Snapshot,
    tree: &Tree<'_>,
    answers: &BTreeMap<AccountId, AnswerContent>,
    target: &TargetId,
) -> Vec<(Vec<TargetId>, Value)> {
    let is_valid = |id: &AccountId| model.invalid.as_ref().is_some_and(|invalid| !invalid.contains_key(id));
    let accounts = model.accounts.iter().flatten().filter(|account| is_valid(&account.id));
    let sample = accounts.filter_map(|account| {
        let AnswerContent::Document(text) = answers.get(&account.id)? else { return None };
        let path = tree.path(account).filter(|path| path.contains(target))?;
        Some((path, serde_json::from_str(text).ok()?))
    });
    sample.take(SAMPLES).collect()
}

fn permutations(rest: Vec<Attachment>) -> Vec<Vec<Attachment>> {
    if rest.len() <= 1 {
        return vec![rest];
    }
    let mut all = Vec::new();
    for at in 0..rest.len() {
        let mut others = rest.clone();
        let first = others.remove(at);
        all.extend(permutations(others).into_iter().map(|tail| std::iter::once(first.clone()).chain(tail).collect()));
    }
    all
}

struct Trial<'a> {
    model: &'a Snapshot,
    documents: &'a Documents,
    target: &'a TargetId,
}

impl Trial<'_> {
    fn agrees(&self, order: &[Attachment], (path, answer): &(Vec<TargetId>, Value)) -> bool {
        let effective = self.state(path, order, false).map(|state| state.effective(Dialect::Plain));
        effective.is_some_and(|effective| effective.undetermined.is_empty() && effective.document == *answer)
    }

    /// The state at the end of `path`, or only down to the target, if its policies were attached in this order.
    fn state(&self, path: &[TargetId], order: &[Attachment], only_to_target: bool) -> Option<State> {
        let mut state = State::default();
        for target in path {
            let is_target = target == self.target;
            let attached = if is_target { order } else { attached(self.model, target) };
            let mut level = self.documents.level(target, attached).ok()?;
            if is_target {
                // Without times the documents stand as they were given: in the order that is tried.
                level.order = Order::Known;
            }
            state = state.below(&level);
            if is_target && only_to_target {
                break;
            }
        }
        Some(state)
    }
}
