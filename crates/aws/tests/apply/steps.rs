//! Each kind of step: what it calls, that it may be repeated, what it says where something is not as it was.

use optout_aws::apply::{ApplyError, execute};
use optout_aws::cancel::Cancel;
use optout_aws::request::FailureKind;
use optout_core::org::Membership;
use optout_core::plan::journal::{Event, Outcome};
use optout_core::plan::{MANAGED_TAG, Options as PlanOptions, Step};
use optout_simulator::{Change, Effect, When};

use crate::bench::{Bench, planned};
use crate::organizations::{
    MANAGEMENT, ROOT, account, add, document, every_step, intent, intent_for, organization, unit,
};

#[tokio::test]
async fn an_organization_without_the_type_is_opted_out_in_three_calls() {
    let bench = Bench::start(&organization(&[0], &[0, 1], false)).await;
    let applied = bench.done(&intent(&[])).await;
    let calls: Vec<&str> = applied.plan.steps.iter().map(|it| it.step.operation()).collect();
    assert_eq!(calls, ["EnablePolicyType", "CreatePolicy", "AttachPolicy"]);
    assert_eq!(bench.writes(), 3);
    assert!(applied.outcomes.iter().all(|it| matches!(it, Outcome::Changed { .. })));
    let again = bench.done(&intent(&[])).await;
    assert!(again.plan.is_empty());
    assert_eq!(bench.writes(), 3);
}

#[tokio::test]
async fn every_kind_of_step_changes_only_what_is_managed() {
    let (snapshot, intent) = every_step();
    let bench = Bench::start(&snapshot).await;
    let (_, before) = bench.meaning();
    let applied = bench.done(&intent).await;
    let calls: std::collections::BTreeSet<&str> = applied.plan.steps.iter().map(|it| it.step.operation()).collect();
    let expected = ["AttachPolicy", "CreatePolicy", "UpdatePolicy"];
    assert!(expected.iter().all(|it| calls.contains(it)), "{calls:?}");
    let (_, after) = bench.meaning();
    for name in ["theirs", "nowhere"] {
        assert_eq!(after[name], before[name]);
    }
    assert_eq!(
        applied.events.iter().filter(|it| matches!(it, Event::StepDone { .. })).count(),
        applied.plan.steps.len()
    );
    assert_eq!(applied.events.last(), Some(&Event::Settled { confirmed: true }));
}

#[tokio::test]
async fn every_step_may_be_run_twice() {
    let (snapshot, intent) = every_step();
    let bench = Bench::start(&snapshot).await;
    let before = bench.read().await;
    let steps = planned(&intent, &before, &PlanOptions::default()).steps;
    let (session, cancel) = (bench.session().await, Cancel::new());
    for _ in 0..2 {
        execute(&session, &before, &steps, &mut |_| Ok(()), &|_| {}, &cancel).await.unwrap();
    }
    assert!(bench.done(&intent).await.plan.is_empty());
}

#[tokio::test]
async fn an_organization_is_created_only_where_that_is_allowed() {
    let mut snapshot = organization(&[], &[0], false);
    snapshot.membership = Some(Membership::None);
    snapshot.root = None;
    let mut bench = Bench::start(&snapshot).await;
    let intent = intent_for("new", "full", &[]);
    let refused = bench.apply(&intent).await.unwrap();
    assert_eq!((refused.plan.steps.len(), refused.plan.obstacles.len(), bench.writes()), (0, 1, 0));
    bench.options.create_organization = true;
    let applied = bench.done(&intent).await;
    assert_eq!(applied.plan.steps.len(), 4);
    let after = bench.read().await;
    assert_eq!(after.organization().unwrap().management_account.to_string(), MANAGEMENT);
    let id = after.organization().unwrap().id.to_string();
    assert!(bench.done(&intent_for(&id, "full", &[])).await.plan.is_empty());
    assert!(bench.done(&intent).await.plan.is_empty());
}

#[tokio::test]
async fn a_policy_left_unattached_by_a_dead_run_is_used_and_not_doubled() {
    let mut bench = Bench::start(&organization(&[], &[0], true)).await;
    bench.fault(&["AttachPolicy"], When::Always, Effect::Deny);
    let error = bench.apply(&intent(&[])).await.err().unwrap();
    assert!(
        matches!(&error, ApplyError::Step { number: 2, failure } if failure.kind == FailureKind::Denied),
        "{error}"
    );
    assert!(error.help().contains("organizations:AttachPolicy"), "{}", error.help());
    bench.no_faults();
    let applied = bench.done(&intent(&[])).await;
    assert_eq!(applied.plan.steps.len(), 1);
    assert_eq!(bench.meaning().1.len(), 1);
}

#[tokio::test]
async fn a_strange_policy_of_the_same_name_is_a_conflict_and_stays() {
    let bench = Bench::start(&organization(&[], &[0], true)).await;
    let before = bench.read().await;
    let steps = planned(&intent(&[]), &before, &PlanOptions::default()).steps;
    let session = bench.session().await;
    let theirs = Step::CreatePolicy {
        name: "opt-out".into(),
        description: "theirs".into(),
        content: document("lex", "optIn"),
        tags: std::collections::BTreeMap::new(),
    };
    let planned = optout_core::plan::PlannedStep { step: theirs, why: String::new() };
    execute(&session, &before, &[planned], &mut |_| Ok(()), &|_| {}, &Cancel::new()).await.unwrap();
    let held = bench.meaning();
    let error = execute(&session, &before, &steps, &mut |_| Ok(()), &|_| {}, &Cancel::new()).await.unwrap_err();
    assert!(matches!(&error, ApplyError::Conflict { number: 1, .. }), "{error}");
    assert!(error.to_string().contains("somebody else has made a policy called `opt-out`"), "{error}");
    assert_eq!(bench.meaning(), held);
}

#[tokio::test]
async fn what_vanished_meanwhile_is_a_conflict_or_a_success() {
    let mut snapshot = organization(&[0], &[0, 1], true);
    let old = add(&mut snapshot, "opt-out", &document("default", "optOut"), true, &[ROOT.into()]);
    let extra = add(&mut snapshot, "extra", &document("polly", "optIn"), true, &[unit(1), account(0)]);
    let bench = Bench::start(&snapshot).await;
    let before = bench.read().await;
    let steps = planned(&intent(&[]), &before, &PlanOptions::default()).steps;
    bench.running.simulator.change(Change::DeletePolicy { policy: extra }).unwrap();
    let session = bench.session().await;
    let run = execute(&session, &before, &steps, &mut |_| Ok(()), &|_| {}, &Cancel::new()).await;
    assert!(
        matches!(run, Err(ApplyError::Conflict { .. }))
            || run.as_ref().is_ok_and(|it| it.contains(&Outcome::AlreadySo)),
        "{run:?}"
    );
    assert!(bench.done(&intent(&[])).await.settled.snapshot.policy(&old).is_some());
}

#[tokio::test]
async fn the_managed_tag_is_in_the_call_that_creates() {
    let bench = Bench::start(&organization(&[], &[0], true)).await;
    bench.done(&intent(&[])).await;
    let policies = bench.running.simulator.snapshot().policies.unwrap();
    let tags = policies.iter().find(|it| it.name == "opt-out").unwrap().tags.clone().unwrap();
    assert_eq!(tags.get(MANAGED_TAG.0).map(String::as_str), Some(MANAGED_TAG.1));
    assert_eq!(bench.running.simulator.counts().get("TagResource"), None);
}

#[tokio::test]
async fn nothing_is_called_after_a_journal_that_cannot_be_written() {
    let bench = Bench::start(&organization(&[], &[0], true)).await;
    let before = bench.read().await;
    let steps = planned(&intent(&[]), &before, &PlanOptions::default()).steps;
    let session = bench.session().await;
    let mut left = 2;
    let mut full = |_: &Event| {
        left -= 1;
        if left < 0 { Err(std::io::Error::other("the disk is full")) } else { Ok(()) }
    };
    let error = execute(&session, &before, &steps, &mut full, &|_| {}, &Cancel::new()).await.unwrap_err();
    assert!(matches!(&error, ApplyError::Record(why) if why == "the disk is full"), "{error}");
    assert_eq!(bench.writes(), 1);
}

#[tokio::test]
async fn a_run_that_is_stopped_says_how_far_it_came() {
    let bench = Bench::start(&organization(&[], &[0], true)).await;
    let before = bench.read().await;
    let steps = planned(&intent(&[]), &before, &PlanOptions::default()).steps;
    let (session, cancel) = (bench.session().await, Cancel::new());
    let mut stop = |event: &Event| {
        if matches!(event, Event::StepDone { number: 1, .. }) {
            cancel.cancel();
        }
        Ok(())
    };
    let error = execute(&session, &before, &steps, &mut stop, &|_| {}, &cancel).await.unwrap_err();
    assert_eq!(error, ApplyError::Stopped { done: 1, of: 2 });
    assert_eq!(bench.writes(), 1);
    bench.done(&intent(&[])).await;
}
