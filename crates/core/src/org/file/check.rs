//! What a snapshot's structs cannot say: ids listed once, parents that exist, a scope that is one.

use std::collections::BTreeSet;

use crate::org::{PolicyId, Snapshot, TargetId, Tree, TreeError};
use crate::source::{Problem, Span};

/// Everything that is inconsistent, each placed at the id in question.
pub(super) fn problems(snapshot: &Snapshot, text: &str) -> Vec<Problem> {
    let mut problems = duplicates(snapshot, text);
    problems.extend(strangers(snapshot, text));
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

fn duplicates(snapshot: &Snapshot, text: &str) -> Vec<Problem> {
    let accounts = snapshot.accounts.iter().flatten().map(|it| it.id.to_string());
    let units = snapshot.units.iter().flatten().map(|it| it.id.to_string());
    let policies = snapshot.policies.iter().flatten().map(|it| it.id.to_string());
    let controls = snapshot.service_control_policies.iter().flatten().map(|it| it.policy.id.to_string());
    let mut seen = BTreeSet::new();
    let mut seen_controls = BTreeSet::new();
    let twice = accounts.chain(units).chain(policies).filter(|id| !seen.insert(id.clone()));
    let controls_twice = controls.filter(|id| !seen_controls.insert(id.clone()));
    twice.chain(controls_twice).map(|id| listed_twice(&id, text)).collect()
}

fn listed_twice(id: &str, text: &str) -> Problem {
    Problem::new("snapshot-duplicate", format!("`{id}` is listed twice"))
        .at(place(text, id))
        .help("keep one of the two")
}

/// Attachments to targets or of policies that the snapshot does not list, where it lists all of them.
fn strangers(snapshot: &Snapshot, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let policies: Option<BTreeSet<_>> = snapshot.policies.as_ref().map(|list| list.iter().map(|it| &it.id).collect());
    let targets = targets(snapshot);
    for (target, attachments) in snapshot.attachments.iter().flatten() {
        if targets.as_ref().is_some_and(|known| !known.contains(target)) {
            problems.push(stranger(&target.to_string(), "target", text));
        }
        let listed = |id: &PolicyId| policies.as_ref().is_none_or(|known| known.contains(id));
        let strangers = attachments.iter().map(|it| &it.policy).filter(|id| !listed(id));
        problems.extend(strangers.map(|id| stranger(id.as_str(), "policy", text)));
    }
    problems
}

fn targets(snapshot: &Snapshot) -> Option<BTreeSet<TargetId>> {
    let root = TargetId::Root(snapshot.root.as_ref()?.id.clone());
    let units = snapshot.units.as_ref()?.iter().map(|it| TargetId::Unit(it.id.clone()));
    let accounts = snapshot.accounts.as_ref()?.iter().map(|it| TargetId::Account(it.id));
    Some(std::iter::once(root).chain(units).chain(accounts).collect())
}

fn stranger(id: &str, kind: &str, text: &str) -> Problem {
    Problem::new(
        "snapshot-stranger",
        format!("`attachments` names the {kind} `{id}`, which the snapshot does not list"),
    )
    .at(place(text, id))
    .help(format!("list the {kind}, or remove the attachment"))
}
