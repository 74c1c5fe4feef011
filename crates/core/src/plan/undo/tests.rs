//! Undoing, by laws over random organizations and by named cases.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Undo, UndoError, read_undo, write_undo};
use crate::catalogue::Catalogue;
use crate::org::{Membership, PolicyId, PolicyTypeState, Snapshot, TargetId};
use crate::plan::model::model_of;
use crate::plan::tests::organizations::{
    account, add, after, any_exceptions, any_organization, at, intent, organization, root, settings, short, unit,
};
use crate::plan::{MANAGED_TAG, Options, plan};
use crate::source::Source;

const OPT_IN: &str = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;

fn undo_of(snapshot: &Snapshot, options: &Options) -> (Undo, Snapshot) {
    let plan = plan(&intent(snapshot, "full", &[]), snapshot, Catalogue::embedded(), at(), options).unwrap();
    (Undo::of(&plan.steps, &plan.losses, snapshot, at(), "test"), after(&model_of(snapshot), &plan.steps))
}

/// What an organization says, without ids: of each policy its name, description, document, tags and targets.
fn meaning(snapshot: &Snapshot) -> Vec<String> {
    let targets = super::super::read::targets_of(snapshot);
    let say = |policy: &crate::org::Policy| {
        let mut tags = policy.tags.clone().unwrap_or_default();
        tags.remove(super::RESTORED_TAG);
        let document: serde_json::Value = serde_json::from_str(policy.content.as_deref().unwrap()).unwrap();
        format!(
            "{} {} {document} {tags:?} {:?}",
            policy.name,
            policy.description,
            targets.get(&policy.id).filter(|it| !it.is_empty())
        )
    };
    let mut all: Vec<String> = snapshot.policies.iter().flatten().map(say).collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_that_was_undone_leaves_everything_as_it_was(
        (snapshot, exceptions) in any_organization(2).prop_flat_map(|it| { let all = any_exceptions(&it); (Just(it), all) }),
        cut in any::<prop::sample::Index>(),
        again in any::<prop::sample::Index>(),
    ) {
        let intent = intent(&snapshot, "full", &exceptions);
        let plan = plan(&intent, &snapshot, Catalogue::embedded(), at(), &Options::default()).unwrap();
        prop_assume!(!plan.steps.is_empty());
        let undo = Undo::of(&plan.steps, &plan.losses, &snapshot, at(), "test");
        prop_assert_eq!(&read_undo(&Source::new("u.json", write_undo(&undo))).unwrap(), &undo);
        // The plan may have been interrupted anywhere, and the undoing too.
        let done = after(&model_of(&snapshot), &plan.steps[..=cut.index(plan.steps.len())]);
        let first = undo.steps(&done, false).unwrap().steps;
        let middle = if first.is_empty() { done } else { after(&done, &first[..=again.index(first.len())]) };
        let mut back = middle;
        for _ in 0..2 {
            let steps = undo.steps(&back, false).unwrap().steps;
            back = after(&back, &steps);
        }
        prop_assert_eq!(undo.steps(&back, false).unwrap().steps, vec![]);
        prop_assert_eq!(meaning(&back), meaning(&snapshot));
    }
}

#[test]
fn settings_and_locks_come_back() {
    let mut snapshot = organization(&[0], &[0, 1]);
    add(&mut snapshot, "opt-out", OPT_IN, true, &[unit(1)]);
    let (undo, done) = undo_of(&snapshot, &Options::default());
    assert_ne!(settings(&done), settings(&snapshot));
    let back = after(&done, &undo.steps(&done, false).unwrap().steps);
    assert_eq!(settings(&back), settings(&snapshot));
}

#[test]
fn the_type_is_disabled_on_request_and_only_where_nothing_else_is_attached() {
    let mut snapshot = organization(&[], &[0]);
    snapshot.root.as_mut().unwrap().policy_types.clear();
    let (undo, done) = undo_of(&snapshot, &Options::default());
    let plain = undo.steps(&done, false).unwrap();
    assert!(plain.lost.iter().any(|it| it.contains("--disable-type")), "{:?}", plain.lost);
    assert_eq!(short(&plain.steps), ["detach p-new00000001 r-acme", "delete p-new00000001"]);
    let all = undo.steps(&done, true).unwrap();
    assert_eq!(short(&all.steps).last().unwrap(), "disable r-acme");
    let back = after(&done, &all.steps);
    assert_eq!(back.policy_type_state().flatten(), None::<&PolicyTypeState>);
    assert_eq!(undo.steps(&back, true).unwrap().steps, vec![]);
    let mut shared = done;
    add(&mut shared, "theirs", OPT_IN, false, &[account(0)]);
    assert!(matches!(undo.steps(&shared, true), Err(UndoError::StillAttached(ids)) if ids.len() == 1));
}

#[test]
fn an_undo_can_be_undone() {
    let mut snapshot = organization(&[0], &[0, 1]);
    add(&mut snapshot, "opt-out", OPT_IN, true, &[unit(1)]);
    snapshot.root.as_mut().unwrap().policy_types.clear();
    snapshot.attachments.as_mut().unwrap().clear();
    let (undo, done) = undo_of(&snapshot, &Options::default());
    let steps = undo.steps(&done, true).unwrap().steps;
    let redo = Undo::of(&steps, &[], &done, at(), "test");
    let back = after(&done, &steps);
    let again = after(&back, &redo.steps(&back, false).unwrap().steps);
    assert_eq!(meaning(&again), meaning(&done));
    assert_eq!(again.root, done.root);
}

#[test]
fn what_was_adopted_is_nobodys_again() {
    let mut snapshot = organization(&[], &[0]);
    add(&mut snapshot, "theirs", OPT_IN, false, &[root()]);
    let id: PolicyId = "p-00000001".parse().unwrap();
    let options = Options { adopt: [id.clone()].into(), ..Options::default() };
    let (undo, done) = undo_of(&snapshot, &options);
    assert!(done.policy(&id).unwrap().tags.as_ref().unwrap().contains_key(MANAGED_TAG.0));
    let back = after(&done, &undo.steps(&done, false).unwrap().steps);
    assert_eq!(back.policy(&id), snapshot.policy(&id));
}

#[test]
fn another_organization_is_refused_and_what_is_gone_is_said() {
    let mut snapshot = organization(&[], &[0, 0]);
    add(&mut snapshot, "theirs", OPT_IN, false, &[account(1)]);
    let options = Options { prune: ["p-00000001".parse().unwrap()].into(), ..Options::default() };
    let (undo, mut done) = undo_of(&snapshot, &options);
    done.accounts.as_mut().unwrap().pop();
    let said = undo.steps(&done, false).unwrap().lost;
    assert!(said.iter().any(|it| it.contains("not there any more")), "{said:?}");
    if let Some(Membership::Member(organization)) = &mut done.membership {
        organization.id = "o-anotherorgid".parse().unwrap();
    }
    assert!(matches!(undo.steps(&done, false), Err(UndoError::OtherOrganization { .. })));
}

#[test]
fn a_full_target_is_emptied_before_it_is_filled() {
    let mut snapshot = organization(&[], &[0]);
    for number in 0..5 {
        add(&mut snapshot, &format!("policy {number}"), OPT_IN, true, &[root()]);
    }
    let (undo, done) = undo_of(&snapshot, &Options::default());
    let back = after(&done, &undo.steps(&done, false).unwrap().steps);
    let attached: BTreeMap<&TargetId, usize> =
        back.attachments.iter().flatten().map(|(at, all)| (at, all.len())).collect();
    assert_eq!(attached, BTreeMap::from([(&root(), 5)]));
}
