//! What a snapshot's structs cannot say: ids listed once, parents that exist, a scope that is one.

use std::collections::BTreeSet;

use crate::org::{PolicyId, Snapshot, TargetId, Tree, TreeError};
use crate::source::{MOST_PROBLEMS, Problem, Span};

/// What is inconsistent, each placed at the id in question; of very many the first, and how many more.
pub(super) fn problems(snapshot: &Snapshot, text: &str) -> Vec<Problem> {
    let mut wrong = duplicates(snapshot);
    wrong.extend(strangers(snapshot));
    let more = wrong.len().saturating_sub(MOST_PROBLEMS);
    let mut problems: Vec<Problem> = wrong.into_iter().take(MOST_PROBLEMS).map(|it| it.problem(text)).collect();
    if more > 0 {
        let message = format!("{more} more problems of these kinds in this file");
        problems.push(Problem::new("more-problems", message).at(Span::new(text.len(), text.len())));
    }
    if let Err(error) = Tree::new(snapshot) {
        problems.push(tree_problem(&error, text));
    }
    problems
}

fn tree_problem(error: &TreeError, text: &str) -> Problem {
    let id = error.subject();
    Problem::new("snapshot-tree", error.to_string())
        .at(place(text, &id))
        .help("every unit and account must lead to the root through `parent`")
}

/// The last place where `id` stands as a JSON string: the first is where it is defined, the last where it is wrong.
fn place(text: &str, id: &str) -> Span {
    let quoted = format!("\"{id}\"");
    text.rfind(&quoted).map_or(Span::new(0, 0), |at| Span::new(at, at + quoted.len()))
}

/// An id that stands where it must not. Its place is looked up only for those that are told.
enum Wrong {
    Twice(String),
    Stranger { id: String, kind: &'static str },
}

impl Wrong {
    fn problem(&self, text: &str) -> Problem {
        match self {
            Self::Twice(id) => Problem::new("snapshot-duplicate", format!("`{id}` is listed twice"))
                .at(place(text, id))
                .help("keep one of the two"),
            Self::Stranger { id, kind } => {
                let message = format!("`attachments` names the {kind} `{id}`, which the snapshot does not list");
                Problem::new("snapshot-stranger", message)
                    .at(place(text, id))
                    .help(format!("list the {kind}, or remove the attachment"))
            }
        }
    }
}

fn duplicates(snapshot: &Snapshot) -> Vec<Wrong> {
    let accounts = snapshot.accounts.iter().flatten().map(|it| it.id.to_string());
    let units = snapshot.units.iter().flatten().map(|it| it.id.to_string());
    let policies = snapshot.policies.iter().flatten().map(|it| it.id.to_string());
    let controls = snapshot.service_control_policies.iter().flatten().map(|it| it.policy.id.to_string());
    let mut seen = BTreeSet::new();
    let mut seen_controls = BTreeSet::new();
    let twice = accounts.chain(units).chain(policies).filter(|id| !seen.insert(id.clone()));
    let controls_twice = controls.filter(|id| !seen_controls.insert(id.clone()));
    twice.chain(controls_twice).map(Wrong::Twice).collect()
}

/// Attachments to targets or of policies that the snapshot does not list, where it lists all of them.
fn strangers(snapshot: &Snapshot) -> Vec<Wrong> {
    let mut found = Vec::new();
    let policies: Option<BTreeSet<_>> = snapshot.policies.as_ref().map(|list| list.iter().map(|it| &it.id).collect());
    let targets = targets(snapshot);
    for (target, attachments) in snapshot.attachments.iter().flatten() {
        if targets.as_ref().is_some_and(|known| !known.contains(target)) {
            found.push(Wrong::Stranger { id: target.to_string(), kind: "target" });
        }
        let listed = |id: &PolicyId| policies.as_ref().is_none_or(|known| known.contains(id));
        let strangers = attachments.iter().map(|it| &it.policy).filter(|id| !listed(id));
        found.extend(strangers.map(|id| Wrong::Stranger { id: id.to_string(), kind: "policy" }));
    }
    found
}

fn targets(snapshot: &Snapshot) -> Option<BTreeSet<TargetId>> {
    let root = TargetId::Root(snapshot.root.as_ref()?.id.clone());
    let units = snapshot.units.as_ref()?.iter().map(|it| TargetId::Unit(it.id.clone()));
    let accounts = snapshot.accounts.as_ref()?.iter().map(|it| TargetId::Account(it.id));
    Some(std::iter::once(root).chain(units).chain(accounts).collect())
}
