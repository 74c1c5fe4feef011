//! The policies that an intent needs of an organization, with the documents, names and tags that `apply` gives them: for
//! those who create them with other tools.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::desired::{Places, desired};
use super::document::says;
use super::matching::{Match, Wish, matched, wishes};
use super::model::model_of;
use super::planner::named_at_root;
use super::read::{check_complete, check_options, targets_of};
use super::{MANAGED_TAG, Options, PlanError};
use crate::intent::{Choice, ResolvedIntent};
use crate::org::{PolicyId, Snapshot, TargetId, Tree};

/// A policy that an intent needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The policy that carries it in the organization already, where one does.
    pub id: Option<PolicyId>,
    /// Whether it bears the intent's name.
    pub is_main: bool,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its document, minified, within AWS's limit.
    pub content: String,
    /// Its tags, the one of managed policies among them.
    pub tags: BTreeMap<String, String>,
    /// Where it must be attached, the deepest first.
    pub targets: Vec<TargetId>,
    /// Where it is attached already, also where it should not be.
    pub attached: BTreeSet<TargetId>,
}

impl Wanted {
    /// Whether it opts a service in: then it must come after what closes the rest.
    #[must_use]
    pub fn opts_in(&self) -> bool {
        says(&self.content, Choice::OptIn)
    }

    /// Whether it opts a service out: then losing it opens something.
    #[must_use]
    pub fn opts_out(&self) -> bool {
        says(&self.content, Choice::OptOut)
    }

    /// Whether it is wanted at the root.
    #[must_use]
    pub fn is_at_root(&self) -> bool {
        self.targets.iter().any(|target| matches!(target, TargetId::Root(_)))
    }
}

/// The policies that `intent` needs on the day `at` (UTC), in the order in which they are to be attached so that at no
/// moment more is opted in than at the end: what only opts out below the root, the root, what opts in.
///
/// # Errors
/// Where something this rests on was not read, or an option names a policy that cannot be meant.
pub fn wanted(
    intent: &ResolvedIntent,
    snapshot: &Snapshot,
    at: Date,
    options: &Options,
) -> Result<Vec<Wanted>, PlanError> {
    check_complete(snapshot)?;
    check_options(snapshot, options)?;
    let model = model_of(snapshot);
    let tree = Tree::new(&model)?;
    let places = Places::new(&model, &tree);
    let Some(root) = model.root.as_ref().map(|root| TargetId::Root(root.id.clone())) else {
        return Ok(Vec::new());
    };
    let desired = desired(intent, &places, &root, &named_at_root(&model, &root, options), at);
    let matched = matched(wishes(&desired, &root, &intent.intent.policy), &model, &root, options);
    let attached = targets_of(&model);
    let mut tags = intent.intent.policy.tags.clone();
    tags.insert(MANAGED_TAG.0.into(), MANAGED_TAG.1.into());
    let mut all: Vec<Wanted> =
        matched.matches.into_iter().map(|found| policy(found, &attached, &tags, &places)).collect();
    all.sort_by_key(|it| if it.is_at_root() { 1 } else { 2 * u8::from(it.opts_in()) });
    Ok(all)
}

fn policy(
    found: Match<'_>,
    attached: &BTreeMap<PolicyId, BTreeSet<TargetId>>,
    tags: &BTreeMap<String, String>,
    places: &Places<'_>,
) -> Wanted {
    let id = found.policy.map(|policy| policy.id.clone());
    let attached = id.as_ref().and_then(|id| attached.get(id)).cloned().unwrap_or_default();
    let Wish { content, targets, is_main, name, description } = found.wish;
    let mut targets: Vec<TargetId> = targets.into_iter().collect();
    targets.sort_by_key(|target| std::cmp::Reverse(places.depth(target)));
    Wanted { id, is_main, name, description, content, tags: tags.clone(), targets, attached }
}
