//! Plans by name: what is there, what is wanted, which calls follow.

use std::collections::BTreeSet;

use super::organizations::{
    Exception, account, add, after, at, intent, organization, root, settings, short, unit, wanted,
};
use crate::catalogue::Catalogue;
use crate::intent::{Guard, Intent, Known};
use crate::org::{Answer, AnswerContent, Caller, Membership, Partition, Snapshot};
use crate::plan::{AcceptedLoss, ObstacleKind, Options, Plan, PlanError, Step, plan};
use crate::source::Source;

const EXAMPLE_1: &str = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{"@@assign":"optOut","@@operators_allowed_for_child_policies":["@@none"]}}}}"#;

fn make(snapshot: &Snapshot, exceptions: &[Exception]) -> Plan {
    make_with(snapshot, "full", exceptions, &Options::default())
}

fn make_with(snapshot: &Snapshot, lock: &str, exceptions: &[Exception], options: &Options) -> Plan {
    plan(&intent(snapshot, lock, exceptions), snapshot, Catalogue::embedded(), at(), options).unwrap()
}

fn until(service: &'static str, target: crate::org::TargetId, day: &'static str) -> Exception {
    (service, target, "optIn", day)
}

#[test]
fn an_organization_without_anything_gets_one_locked_policy_at_the_root() {
    let mut snapshot = organization(&[0], &[0, 1]);
    snapshot.root.as_mut().unwrap().policy_types.clear();
    let plan = make(&snapshot, &[]);
    assert_eq!(short(&plan.steps), ["enable r-acme", &format!("create opt-out {EXAMPLE_1}"), "attach opt-out r-acme"]);
    assert_eq!(plan.obstacles, []);
    let [change] = plan.changes.as_slice() else { panic!("{:#?}", plan.changes) };
    assert_eq!((change.accounts.len(), change.lock_before.as_str(), change.lock_after.as_str()), (2, "none", "full"));
    assert!(change.settings.iter().all(|it| it.before == "unset" && it.after == "opt-out"));
    assert_eq!(change.settings.len(), Catalogue::embedded().len());
    assert!(make(&after(&snapshot, &plan.steps), &[]).is_empty());
}

#[test]
fn an_exception_opens_one_service_along_one_way_and_closes_it_beside() {
    let snapshot = organization(&[0, 1, 1, 0], &[0, 1, 2, 3, 4]);
    let plan = make(&snapshot, &[until("lex", unit(2), "2027-01-01")]);
    let on_the_way = r#"{"services":{"lex":{"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{"@@assign":"optOut","@@operators_allowed_for_child_policies":["@@assign"]}}}}"#;
    let there = r#"{"services":{"lex":{"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{"@@assign":"optIn","@@operators_allowed_for_child_policies":["@@none"]}}}}"#;
    let beside = there.replace("optIn", "optOut");
    let model = after(&snapshot, &plan.steps);
    let says = |target: &crate::org::TargetId| {
        let attached = model.attachments.as_ref().unwrap().get(target).map(Vec::as_slice).unwrap_or_default();
        attached
            .iter()
            .map(|it| model.policy(&it.policy).unwrap().content.as_deref().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(says(&unit(1)), [on_the_way]);
    assert_eq!(says(&unit(2)), [there]);
    for target in [account(0), account(1), unit(3), unit(4)] {
        assert_eq!(says(&target), [beside.as_str()], "{target}");
    }
    for target in [account(2), account(3), account(4)] {
        assert_eq!(says(&target), Vec::<String>::new(), "{target}");
    }
    let [hole] = plan.holes.as_slice() else { panic!("{:#?}", plan.holes) };
    assert_eq!((hole.service.as_str(), hole.guarded), ("lex", 5));
    assert_eq!(hole.open_below, [root(), unit(1)].into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>());
    let at_themselves: Vec<String> = hole.accounts.iter().map(ToString::to_string).collect();
    assert_eq!(at_themselves, ["000000000100", "000000000101"]);
    assert_eq!(model.policies.as_ref().unwrap().len(), 4);
}

#[test]
fn accounts_beside_the_way_can_be_left_open_and_are_counted_then() {
    let snapshot = organization(&[0], &[0, 1, 1, 1]);
    let mut intent = intent(&snapshot, "full", &[until("lex", account(1), "2027-01-01")]);
    intent.intent.guard = Guard::Units;
    let plan = plan(&intent, &snapshot, Catalogue::embedded(), at(), &Options::default()).unwrap();
    assert_eq!(plan.obstacles, []);
    let targets = plan.steps.iter().filter_map(|it| match &it.step {
        Step::AttachPolicy { target, .. } => Some(target.to_string()),
        _ => None,
    });
    assert_eq!(targets.collect::<Vec<_>>(), ["ou-acme-00000001", "r-acme", "000000000101"]);
    let [hole] = plan.holes.as_slice() else { panic!("{:#?}", plan.holes) };
    assert_eq!((hole.accounts.len(), hole.guarded), (4, 1));
}

#[test]
fn closed_accounts_get_no_policy_and_are_no_obstacle() {
    let mut snapshot = organization(&[0], &[0, 1]);
    snapshot.accounts.as_mut().unwrap()[0].state = crate::org::AccountState::Closed;
    let plan = make(&snapshot, &[until("lex", unit(1), "2027-01-01")]);
    assert_eq!(plan.obstacles, []);
    assert!(!short(&plan.steps).iter().any(|line| line.ends_with("000000000100")), "{:#?}", plan.steps);
}

#[test]
fn an_exception_past_its_end_is_closed_at_the_root_first() {
    let snapshot = organization(&[0], &[1]);
    let open = after(&snapshot, &make(&snapshot, &[until("lex", unit(1), "2027-01-01")]).steps);
    let plan = make(&open, &[until("lex", unit(1), "2026-11-23")]);
    let lines = short(&plan.steps);
    let kinds: Vec<&str> = lines.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(kinds, ["detach", "update", "delete"], "{lines:#?}");
    assert_eq!(plan.holes, []);
    assert!(make(&after(&open, &plan.steps), &[]).is_empty());
}

#[test]
fn a_policy_that_says_the_same_is_left_as_it_is_however_it_is_written() {
    let mut snapshot = organization(&[], &[0]);
    let spaced = EXAMPLE_1.replace(':', ": ").replace(',', ",\n");
    add(&mut snapshot, "opt-out", &spaced, true, &[root()]);
    let plan = make(&snapshot, &[]);
    assert_eq!(short(&plan.steps), [r#"update p-00000001 None Some("d") -"#]);
}

#[test]
fn a_managed_policy_of_another_name_is_renamed_not_replaced() {
    let mut snapshot = organization(&[], &[0]);
    add(&mut snapshot, "before", EXAMPLE_1, true, &[root()]);
    assert_eq!(short(&make(&snapshot, &[]).steps), [r#"update p-00000001 Some("opt-out") Some("d") -"#]);
}

#[test]
fn a_policy_of_others_that_decides_is_named_with_what_mends_it() {
    let mut snapshot = organization(&[], &[0]);
    let theirs = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;
    add(&mut snapshot, "theirs", theirs, false, &[root()]);
    let plan = make(&snapshot, &[]);
    let [obstacle] = plan.obstacles.as_slice() else { panic!("{:#?}", plan.obstacles) };
    assert_eq!(obstacle.kind, ObstacleKind::OtherPolicyDecides);
    assert_eq!(obstacle.message, "`p-00000001` decides `lex` of 1 account otherwise than the intent");
    assert_eq!(obstacle.help, "`--adopt p-00000001` takes over, `--prune p-00000001` detaches without deleting");
    let id: BTreeSet<_> = [snapshot.policies.as_ref().unwrap()[0].id.clone()].into();

    let prune = Options { prune: id.clone(), ..Options::default() };
    let pruned = make_with(&snapshot, "full", &[], &prune);
    assert!(pruned.obstacles.is_empty() && short(&pruned.steps).contains(&"detach p-00000001 r-acme".to_owned()));
    let model = after(&snapshot, &pruned.steps);
    assert_eq!(model.policies.as_ref().unwrap()[0].content.as_deref(), Some(theirs), "pruning never changes a policy");

    let adopt = Options { adopt: id, ..Options::default() };
    let adopted = make_with(&snapshot, "full", &[], &adopt);
    assert!(adopted.obstacles.is_empty());
    assert_eq!(
        short(&adopted.steps),
        ["tag p-00000001", &format!(r#"update p-00000001 Some("opt-out") Some("d") {EXAMPLE_1}"#)]
    );
}

#[test]
fn a_lock_of_others_in_the_way_of_an_exception_is_named() {
    let mut snapshot = organization(&[0], &[1]);
    let theirs = r#"{"services":{"lex":{"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;
    add(&mut snapshot, "theirs", theirs, false, &[root()]);
    let plan = make(&snapshot, &[until("lex", unit(1), "2027-01-01")]);
    let [obstacle] = plan.obstacles.as_slice() else { panic!("{:#?}", plan.obstacles) };
    assert_eq!(obstacle.kind, ObstacleKind::OtherPolicyLocks);
    assert_eq!(obstacle.policies[0].as_str(), "p-00000001");
}

#[test]
fn a_service_that_others_name_at_the_root_is_closed_there_by_ours() {
    let mut snapshot = organization(&[], &[0]);
    add(&mut snapshot, "theirs", r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optOut"}}}}"#, false, &[root()]);
    let plan = make(&snapshot, &[]);
    assert_eq!(plan.obstacles, []);
    assert!(plan.changes.iter().all(|change| change.lock_after == "full"), "{:#?}", plan.changes);
}

#[test]
fn a_service_newer_than_the_catalogue_is_closed_too() {
    let mut snapshot = organization(&[], &[0]);
    add(&mut snapshot, "theirs", r#"{"services":{"brandnew":{"opt_out_policy":{}}}}"#, false, &[root()]);
    let plan = make(&snapshot, &[]);
    assert_eq!(plan.obstacles, []);
    assert!(short(&plan.steps)[0].contains("\"brandnew\":{\"@@operators_allowed"), "{:#?}", plan.steps);
}

#[test]
fn a_name_that_others_have_and_a_full_target_are_obstacles() {
    let mut snapshot = organization(&[], &[0]);
    add(&mut snapshot, "opt-out", r#"{"services":{}}"#, false, &[]);
    for number in 0..5 {
        add(&mut snapshot, &format!("other {number}"), r#"{"services":{}}"#, false, &[root()]);
    }
    let kinds: BTreeSet<_> = make(&snapshot, &[]).obstacles.iter().map(|it| it.kind).collect();
    assert!(kinds.contains(&ObstacleKind::NameTaken), "{kinds:?}");
    let mut full = snapshot.clone();
    full.policies.as_mut().unwrap()[0].name = "free".into();
    let plan = make(&full, &[]);
    let obstacle = plan.obstacles.iter().find(|it| it.kind == ObstacleKind::TargetFull).unwrap();
    assert_eq!((obstacle.policies.len(), obstacle.target.as_deref()), (5, Some("r-acme")));
    assert!(obstacle.help.contains("--prune p-00000002"), "{}", obstacle.help);
}

#[test]
fn many_exceptions_are_split_over_several_policies_that_all_fit() {
    let snapshot = organization(&[0], &[0, 1]);
    let keys: Vec<&'static str> = Catalogue::embedded().services().iter().map(|it| it.key.as_str()).collect();
    let exceptions: Vec<Exception> = keys.iter().map(|key| until(key, unit(1), "2027-01-01")).collect();
    let intent = intent(&snapshot, "full", &exceptions);
    let plan = plan(&intent, &snapshot, Catalogue::embedded(), at(), &Options::default()).unwrap();
    assert_eq!(plan.obstacles, []);
    let model = after(&snapshot, &plan.steps);
    assert_eq!(settings(&model), wanted(&intent, &model));
    let policies = model.policies.as_ref().unwrap();
    assert!(policies.len() > 3, "{}", policies.len());
    assert!(policies.iter().all(|it| it.content.as_ref().unwrap().chars().count() <= 2_500));
    let refused: Vec<_> = policies
        .iter()
        .flat_map(|it| crate::check::admit(Catalogue::embedded(), it.content.as_ref().unwrap()).problems)
        .collect();
    assert_eq!(refused, []);
}

#[test]
fn a_service_with_irreversible_loss_must_be_accepted_by_name() {
    let snapshot = organization(&[], &[0]);
    let catalogue = Catalogue::embedded();
    let losing: Vec<&str> =
        catalogue.services().iter().filter(|it| it.has_irreversible_impact()).map(|it| it.key.as_str()).collect();
    assert!(losing.contains(&"transcribe"), "{losing:?}");
    let plan = make(&snapshot, &[]);
    let unaccepted = |plan: &Plan| -> BTreeSet<String> {
        plan.losses.iter().filter(|loss| !loss.accepted).map(|loss| loss.service.clone()).collect()
    };
    assert_eq!(unaccepted(&plan), losing.iter().map(|it| (*it).to_owned()).collect());
    let some =
        Options { accept_data_loss: AcceptedLoss::Services(["transcribe".to_owned()].into()), ..Options::default() };
    assert!(!unaccepted(&make_with(&snapshot, "full", &[], &some)).contains("transcribe"));
    let all = Options { accept_data_loss: AcceptedLoss::All, ..Options::default() };
    assert!(unaccepted(&make_with(&snapshot, "full", &[], &all)).is_empty());
    let opted_out = after(&snapshot, &plan.steps);
    assert_eq!(make(&opted_out, &[]).losses, [], "nothing is lost twice");
}

#[test]
fn a_closed_account_loses_nothing() {
    let mut snapshot = organization(&[], &[0]);
    snapshot.accounts.as_mut().unwrap()[0].state = crate::org::AccountState::Closed;
    assert_eq!(make(&snapshot, &[]).losses, []);
}

#[test]
fn consolidated_billing_and_other_partitions_stop_with_what_it_takes() {
    let mut snapshot = organization(&[], &[0]);
    if let Some(Membership::Member(organization)) = &mut snapshot.membership {
        organization.all_features = false;
    }
    let plan = make(&snapshot, &[]);
    assert_eq!((plan.steps.len(), plan.obstacles[0].kind), (0, ObstacleKind::ConsolidatedBilling));
    assert!(plan.obstacles[0].help.contains("90 days"));
    let mut elsewhere = organization(&[], &[0]);
    elsewhere.partition = Partition::GovCloud;
    assert_eq!(make(&elsewhere, &[]).obstacles[0].kind, ObstacleKind::NoPolicyType);
}

fn alone() -> Snapshot {
    let mut snapshot = Snapshot::empty(at(), "test", Partition::Aws);
    snapshot.membership = Some(Membership::None);
    snapshot.caller = Some(Caller { account: "000000000100".parse().unwrap(), principal: "user".into() });
    snapshot
}

#[test]
fn an_organization_is_created_only_when_that_was_said() {
    let snapshot = alone();
    let source = Source::new("o.toml", "organization = 'new'");
    let intent = Intent::parse(&source, &Known::new([], [])).unwrap().resolve(&snapshot).unwrap();
    let make = |options: &Options| plan(&intent, &snapshot, Catalogue::embedded(), at(), options).unwrap();
    let stopped = make(&Options::default());
    assert_eq!((stopped.steps.len(), stopped.obstacles[0].kind), (0, ObstacleKind::NoOrganization));
    let created = make(&Options { create_organization: true, ..Options::default() });
    let expected = [
        "create organization",
        "enable new-root",
        &format!("create ai-services-opt-out {EXAMPLE_1}"),
        "attach ai-services-opt-out new-root",
    ];
    assert_eq!(short(&created.steps), expected);
    assert_eq!(created.obstacles, []);
    assert_eq!(created.changes[0].accounts.len(), 1);
}

#[test]
fn without_knowing_everything_it_rests_on_there_is_no_plan() {
    let snapshot = organization(&[], &[0]);
    let intent = intent(&snapshot, "full", &[]);
    let mut unread = snapshot.clone();
    unread.attachments = None;
    unread.accounts = None;
    let error = plan(&intent, &unread, Catalogue::embedded(), at(), &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "a plan needs what could not be read: accounts, attachments");
    let mut tagless = snapshot;
    add(&mut tagless, "x", "{}", false, &[]);
    tagless.policies.as_mut().unwrap()[0].tags = None;
    let error = plan(&intent, &tagless, Catalogue::embedded(), at(), &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "a plan needs what could not be read: policy-tags of p-00000001");
}

#[test]
fn options_must_name_policies_that_can_be_meant() {
    let mut snapshot = organization(&[], &[0]);
    add(&mut snapshot, "x", "{}", false, &[]);
    let intent = intent(&snapshot, "full", &[]);
    let with = |adopt: &[&str], prune: &[&str]| {
        let ids = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        let options = Options { adopt: ids(adopt), prune: ids(prune), ..Options::default() };
        plan(&intent, &snapshot, Catalogue::embedded(), at(), &options).map(drop)
    };
    assert!(matches!(with(&["p-99999999"], &[]), Err(PlanError::UnknownPolicy(_))));
    assert!(matches!(with(&["p-00000001"], &["p-00000001"]), Err(PlanError::AdoptedAndPruned(_))));
    assert_eq!(with(&["p-00000001"], &[]), Ok(()));
}

#[test]
fn accounts_with_an_invalid_effective_policy_are_an_obstacle_once_nothing_is_left_to_do() {
    let mut snapshot = organization(&[], &[0]);
    snapshot = after(&snapshot, &make(&snapshot, &[]).steps);
    snapshot.invalid.as_mut().unwrap().insert("000000000100".parse().unwrap(), Vec::new());
    let plan = make(&snapshot, &[]);
    assert!(plan.obstacles.iter().any(|it| it.kind == ObstacleKind::InvalidEffectivePolicy), "{:#?}", plan.obstacles);
}

#[test]
fn fifty_thousand_accounts_are_planned_for() {
    let units: Vec<usize> = (0..40).map(|number| number % 9).collect();
    let accounts: Vec<usize> = (0..50_000).map(|number| number % 41).collect();
    let units: Vec<usize> = units.iter().enumerate().map(|(at, up)| (*up).min(at)).collect();
    let mut snapshot = organization(&units.iter().take(9).copied().collect::<Vec<_>>(), &[]);
    let accounts: Vec<usize> = accounts.iter().map(|up| up % 10).collect();
    snapshot.accounts = organization(&[], &accounts).accounts;
    let plan = make(&snapshot, &[until("lex", unit(4), "2027-01-01")]);
    assert_eq!(plan.obstacles, []);
    assert_eq!(plan.changes.iter().map(|change| change.accounts.len()).sum::<usize>(), 50_000);
}

#[test]
fn awss_answers_tell_which_policy_was_attached_first() {
    let mut snapshot = organization(&[], &[0]);
    let ours = EXAMPLE_1.replace("\"default\"", "\"lex\":{\"opt_out_policy\":{\"@@assign\":\"optOut\"}},\"default\"");
    add(&mut snapshot, "opt-out", &ours, true, &[root()]);
    add(&mut snapshot, "theirs", r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#, false, &[root()]);
    let kinds = |snapshot: &Snapshot| make(snapshot, &[]).obstacles.iter().map(|it| it.kind).collect::<Vec<_>>();
    assert_eq!(kinds(&snapshot), [ObstacleKind::OrderUnknown]);
    let mut answered = |lex: &str| {
        let content =
            format!(r#"{{"services":{{"lex":{{"opt_out_policy":"{lex}"}},"default":{{"opt_out_policy":"optOut"}}}}}}"#);
        let answer = Answer { content: AnswerContent::Document(content.into()), last_updated: None, asked: at() };
        snapshot.answers.insert("000000000100".parse().unwrap(), answer);
        kinds(&snapshot)
    };
    assert_eq!(answered("optOut"), []);
    assert_eq!(answered("optIn"), [ObstacleKind::OtherPolicyDecides]);
    assert_eq!(answered("neither"), [ObstacleKind::OrderUnknown]);
}

/// The root opts a service in, has no default and lets nobody add services; an account opted itself out all the same.
#[test]
fn an_account_that_opted_itself_out_stays_so_while_the_root_changes() {
    let mut snapshot = organization(&[0], &[0, 0, 1]);
    let own = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"q":{"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}},"transcribe":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
    let above = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"q":{"opt_out_policy":{"@@assign":"optIn"}},"transcribe":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
    let beside = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"polly":{"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;
    add(&mut snapshot, "opt-out", own, true, &[account(0), account(2)]);
    add(&mut snapshot, "policy 1", above, true, &[root(), unit(1), account(0)]);
    add(&mut snapshot, "policy 2", beside, true, &[root(), account(0)]);
    let steps = make(&snapshot, &[]).steps;
    let mut model = crate::plan::model::model_of(&snapshot);
    assert_eq!(settings(&model)[&(account(2), "q".to_owned())], "opt-out");
    for planned in &steps {
        crate::plan::apply_to(&mut model, &planned.step, at()).unwrap();
        assert_eq!(settings(&model)[&(account(2), "q".to_owned())], "opt-out", "after {:?}", planned.step);
    }
    assert!(make(&after(&snapshot, &steps), &[]).is_empty());
}
