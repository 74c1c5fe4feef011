//! Full reads: in one go and in pieces, with what fails, with trails and without.

use std::time::Duration;

use jiff::Timestamp;
use optout_aws::state::RaisedKind;
use optout_core::org::{Snapshot, TargetId};
use optout_lambda::scheduled::ScheduledError;
use optout_simulator::{Change, Effect, Fault, Options, When};
use serde_json::{Value, json};

use crate::envelopes::attached;
use crate::organization::{ACCOUNTS, BASE, OPT_IN, ROOT, SALES, account_id, organization};
use crate::world::{CHECKPOINT, LONG, SCALE, STATE, World};

/// The snapshot without what no two readings share.
fn plain(snapshot: Option<Snapshot>) -> Snapshot {
    let mut snapshot = snapshot.unwrap();
    snapshot.taken = Timestamp::UNIX_EPOCH;
    snapshot.answers.values_mut().for_each(|answer| {
        answer.asked = Timestamp::UNIX_EPOCH;
        answer.last_updated = None;
    });
    snapshot
}

/// Every account has a policy of its own, so that AWS is asked for each.
fn with_many_chains() -> Snapshot {
    let mut organization = organization();
    let base = organization.policies.as_ref().unwrap()[0].clone();
    for number in 1..=ACCOUNTS {
        let id: optout_core::org::PolicyId = format!("p-own{number:07}").parse().unwrap();
        let target: TargetId = account_id(number).to_string().parse().unwrap();
        organization.policies.as_mut().unwrap().push(optout_core::org::Policy { id: id.clone(), ..base.clone() });
        let attachment = optout_core::org::Attachment { policy: id, attached: None };
        organization.attachments.as_mut().unwrap().insert(target, vec![attachment]);
    }
    organization
}

#[tokio::test]
async fn a_full_read_is_remembered_and_published_with_its_counts() {
    let world = World::start().await;
    let answer = world.read().await.unwrap();
    assert_eq!((&answer["status"], &answer["decision"]), (&json!("done"), &json!("holds")), "{answer}");
    assert_eq!(answer["monitor_findings"], json!([]), "{answer}");
    let publication = world.told.publications.lock().unwrap().last().unwrap().clone();
    assert_eq!((publication.summary.counted, publication.summary.unknowns), (ACCOUNTS, 0));
    assert!(publication.age_seconds().unwrap() < 60);
    assert_eq!(publication.summary.verdicts[&optout_core::check::AccountVerdict::OptedOut], ACCOUNTS);
    let state = world.state().await;
    assert_eq!(state.read, state.snapshot.as_ref().map(|it| it.taken));
    assert!(!state.owes);
}

#[tokio::test]
async fn the_state_is_a_line_and_a_snapshot_in_its_own_form() {
    use std::io::Read;
    let world = World::settled().await;
    let mut text = String::new();
    let bytes = world.bucket.get(STATE).unwrap();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    let (head, snapshot) = text.split_once('\n').unwrap();
    assert!(head.starts_with("{\"format\":\"optout.monitor-state/1\""), "{head}");
    let source = optout_core::source::Source::new("state", snapshot);
    assert_eq!(Some(optout_core::org::read(&source).unwrap()), world.state().await.snapshot);
}

/// Reads with so much time for each invocation, in which AWS answers a few of the forty questions: the answers, and the calls it took.
async fn in_pieces(world: &World, time: Duration) -> Result<(Vec<Value>, u64), ScheduledError> {
    // Sixteen are asked side by side.
    let slow = u64::try_from(time.mul_f64(SCALE * 0.4).as_millis()).unwrap();
    world.fault("DescribeEffectivePolicy", When::Always, Effect::Slow { milliseconds: slow });
    let (mut answers, mut asked) = (Vec::new(), 0);
    loop {
        let answer = world.read_within(time).await?;
        asked += answer["calls"].as_u64().unwrap();
        answers.push(answer.clone());
        if answer["status"] == "done" {
            return Ok((answers, asked));
        }
        assert_eq!(answer["status"], "continue", "{answer}");
        assert_eq!(answer["optout"], "scheduled", "a state machine hands it back as it is");
        assert!(answers.len() < 100, "{answers:?}");
    }
}

#[tokio::test]
async fn in_several_invocations_it_comes_to_the_same_as_in_one() {
    let organization = with_many_chains();
    let one = World::of(&organization, Options::default()).await;
    one.read().await.unwrap();
    let mut time = Duration::from_millis(600);
    let (several, answers, asked) = loop {
        let several = World::of(&organization, Options::default()).await;
        match in_pieces(&several, time).await {
            Ok((answers, asked)) => break (several, answers, asked),
            // A slow machine needs more than that to ask at all.
            Err(error) => assert!(error == ScheduledError::Stuck && time < LONG, "{error}"),
        }
        time *= 2;
    };
    assert!(answers.len() > 1, "it was done at once: {answers:?}");
    assert_eq!(plain(several.state().await.snapshot), plain(one.state().await.snapshot));
    let needed: u64 = one.simulator.counts().values().sum();
    // Two calls an invocation say who asks and where; what was under way when it was stopped is asked once more.
    assert!(asked < needed + 30 * answers.len() as u64, "{asked} calls in place of {needed}");
    assert_eq!(several.publications(), 1, "pieces are not published");
}

#[tokio::test]
async fn a_damaged_checkpoint_begins_anew() {
    let world = World::start().await;
    world.bucket.put(CHECKPOINT, b"nonsense");
    assert_eq!(world.read().await.unwrap()["status"], "done");
}

#[tokio::test]
async fn an_event_that_is_dealt_with_while_the_organization_is_read_is_not_undone_by_it() {
    let world = World::of(&with_many_chains(), Options::default()).await;
    world.read().await.unwrap();
    world.simulator.forget_calls();
    // The reading sees SALES before it changes, and is committed after the event was dealt with.
    let change = Change::AttachPolicy { policy: OPT_IN.parse().unwrap(), target: SALES.parse().unwrap() };
    world.fault("DescribeEffectivePolicy", When::Always, Effect::Slow { milliseconds: 40_000 });
    let event = attached(OPT_IN, SALES);
    let (read, handled) = tokio::join!(world.read(), async {
        world.until_called("DescribeEffectivePolicy").await;
        world.change(change);
        world.simulator.set_faults(Vec::new());
        world.handle(&event).await
    });
    assert_eq!(handled.unwrap()["outcome"], "weakened");
    read.unwrap();
    let state = world.state().await;
    let attachments = state.snapshot.as_ref().unwrap().attachments.as_ref().unwrap();
    assert!(attachments.contains_key(&SALES.parse().unwrap()), "what the event changed stays");
    assert_eq!(state.raised.values().filter(|it| it.kind == RaisedKind::Weakened).count(), 1);
}

#[tokio::test]
async fn an_organization_that_cannot_be_read_is_a_finding_before_it_is_an_error() {
    let world = World::settled().await;
    let operations = vec!["ListAccounts".to_owned(), "ListAccountsForParent".to_owned()];
    let denied = Fault { operations, callers: Vec::new(), when: When::Always, effect: Effect::Deny };
    world.simulator.set_faults(vec![denied]);
    let error = world.read().await.unwrap_err().to_string();
    assert!(error.contains("organizations:ListAccounts"), "{error}");
    assert!(world.said().contains(&"appeared monitor-cannot-read".to_owned()), "{:?}", world.said());
    let before = world.state().await;
    assert!(before.read < before.snapshot.map(|it| it.taken), "it was no full read");
    world.simulator.set_faults(Vec::new());
    world.read().await.unwrap();
    assert!(world.said().contains(&"healed monitor-cannot-read".to_owned()), "{:?}", world.said());
}

#[tokio::test]
async fn a_bucket_that_refuses_is_an_error_that_names_the_key_and_the_permission() {
    let world = World::settled().await;
    world.bucket.fail(Some(403));
    let error = world.read().await.unwrap_err().to_string();
    assert!(error.contains("evidence/optout/checkpoint.gz") && error.contains("s3:GetObject"), "{error}");
}

#[tokio::test]
async fn a_trail_that_is_missing_or_stopped_is_a_finding() {
    let arn = "arn:aws:cloudtrail:us-east-1:000000000001:trail/one";
    let trail = |region: &str, all: bool| json!({"trailList": [{"Name": "one", "TrailARN": arn, "HomeRegion": region, "IsMultiRegionTrail": all}]});
    let selector = |kind: &str, management: bool| json!({"EventSelectors": [{"ReadWriteType": kind, "IncludeManagementEvents": management}]});
    let advanced = |fields: serde_json::Value| json!({"AdvancedEventSelectors": [{"FieldSelectors": fields}]});
    let management = json!({"Field": "eventCategory", "Equals": ["Management"]});
    let reads = json!({"Field": "readOnly", "Equals": ["true"]});
    let writes = json!({"Field": "readOnly", "Equals": ["false"]});
    let logging = json!({"IsLogging": true});
    let cases = [
        ("no trail", json!({"trailList": []}), logging.clone(), selector("All", true), false),
        ("another Region", trail("eu-west-1", false), logging.clone(), selector("All", true), false),
        ("stopped", trail("eu-west-1", true), json!({"IsLogging": false}), selector("All", true), false),
        ("reads only", trail("us-east-1", false), logging.clone(), selector("ReadOnly", true), false),
        ("data only", trail("us-east-1", false), logging.clone(), selector("All", false), false),
        ("advanced reads", trail("us-east-1", true), logging.clone(), advanced(json!([management, reads])), false),
        ("advanced writes", trail("us-east-1", true), logging.clone(), advanced(json!([management, writes])), true),
        ("at home", trail("us-east-1", false), logging, selector("WriteOnly", true), true),
    ];
    for (name, trails, status, selectors, arrives) in cases {
        let world = World::start().await;
        let table = [("DescribeTrails", trails), ("GetTrailStatus", status), ("GetEventSelectors", selectors)];
        *world.trails.lock().unwrap() = table.into_iter().collect();
        world.read().await.unwrap();
        let raised = world.state().await.raised;
        assert_eq!(raised.values().all(|it| it.kind != RaisedKind::NoTrail), arrives, "{name}: {raised:?}");
        if !arrives {
            assert!(world.said().contains(&"appeared monitor-events-do-not-arrive".to_owned()), "{name}");
            world.log_events();
            world.read().await.unwrap();
            assert!(world.said().contains(&"healed monitor-events-do-not-arrive".to_owned()), "{name}");
        }
    }
}

/// An organization in which two other accounts may change these policies, and where the monitor is in the management account.
fn with_writers() -> optout_core::org::Snapshot {
    let mut snapshot = crate::organization::organization();
    let statement = |principal: serde_json::Value| json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "organizations:AttachPolicy", "Resource": "*"});
    let principals = ["000000000003", "arn:aws:iam::000000000004:root", "000000000001"];
    let statements: Vec<_> = principals.into_iter().map(|it| statement(json!(it))).collect();
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    snapshot.resource_policy = Some(Some(policy.to_string().into()));
    snapshot
}

fn trail_of(name: &str, of_organization: bool) -> serde_json::Value {
    let arn = format!("arn:aws:cloudtrail:us-east-1:000000000001:trail/{name}");
    json!({"Name": name, "TrailARN": arn, "HomeRegion": "us-east-1", "IsMultiRegionTrail": true,
           "IsOrganizationTrail": of_organization})
}

#[tokio::test]
async fn a_trail_of_the_organization_is_enough_for_everybody_who_may_write() {
    let world = World::of(&with_writers(), Options::default()).await;
    let trails = json!({"trailList": [trail_of("own", false), trail_of("all", true)]});
    world.trails.lock().unwrap().insert("DescribeTrails", trails);
    world.read().await.unwrap();
    assert_eq!(world.state().await.raised, std::collections::BTreeMap::new());
}

#[tokio::test]
async fn each_account_that_may_write_and_whose_trail_is_not_seen_is_named_as_unknown() {
    let only_own = json!({"trailList": [trail_of("own", false)]});
    let none = json!({"trailList": []});
    for (trails, here) in [(only_own, 0), (none, 1)] {
        let world = World::of(&with_writers(), Options::default()).await;
        world.trails.lock().unwrap().insert("DescribeTrails", trails);
        world.read().await.unwrap();
        let raised = world.state().await.raised;
        let (unknown, wrong): (Vec<_>, Vec<_>) = raised.values().partition(|it| it.undetermined);
        assert_eq!((unknown.len(), wrong.len()), (2, here), "{raised:?}");
        for account in ["000000000003", "000000000004"] {
            let named = unknown.iter().filter(|it| it.description.contains(account)).count();
            assert_eq!(named, 1, "{account}: {raised:?}");
        }
        assert!(raised.values().all(|it| it.kind == RaisedKind::NoTrail));
        assert!(!raised.values().any(|it| it.description.contains("`000000000001`")), "its own account is seen");
        let said = world.said();
        let appeared = said.iter().filter(|it| *it == "appeared monitor-events-do-not-arrive").count();
        assert_eq!(appeared, 2 + here, "{said:?}");
        // A trail of the organization heals all of them.
        world.trails.lock().unwrap().insert("DescribeTrails", json!({"trailList": [trail_of("all", true)]}));
        world.read().await.unwrap();
        assert!(world.state().await.raised.is_empty());
        let healed = world.said().iter().filter(|it| *it == "healed monitor-events-do-not-arrive").count();
        assert_eq!(healed, 2 + here);
    }
}

#[tokio::test]
async fn a_trail_of_the_organization_that_stands_still_is_none() {
    let world = World::of(&with_writers(), Options::default()).await;
    let stopped = [
        ("DescribeTrails", json!({"trailList": [trail_of("all", true)]})),
        ("GetTrailStatus", json!({"IsLogging": false})),
    ];
    world.trails.lock().unwrap().extend(stopped);
    world.read().await.unwrap();
    let raised = world.state().await.raised;
    assert_eq!(raised.values().filter(|it| it.undetermined).count(), 2, "{raised:?}");
    assert!(raised.values().any(|it| !it.undetermined && it.description.contains("not logging")), "{raised:?}");
}

#[tokio::test]
async fn where_the_resource_policy_cannot_be_read_it_is_unknown_who_else_may_write() {
    let world = World::start().await;
    world.fault("DescribeResourcePolicy", When::Always, Effect::Deny);
    world.read().await.unwrap();
    let raised = world.state().await.raised;
    let one = raised.values().next().unwrap();
    assert!(one.undetermined && one.description.contains("resource policy could not be read"), "{raised:?}");
    assert_eq!(raised.len(), 1);
}

#[tokio::test]
async fn where_trails_may_not_be_looked_at_it_is_unknown_and_names_the_permission() {
    let world = World::start().await;
    world.trails.lock().unwrap().remove("GetTrailStatus");
    world.read().await.unwrap();
    let state = world.state().await;
    let raised = state.raised.values().next().unwrap();
    assert!(raised.undetermined && raised.description.contains("cloudtrail:GetTrailStatus"), "{raised:?}");
}

#[tokio::test]
async fn a_reading_that_does_not_go_on_is_an_error_and_no_endless_loop() {
    let world = World::start().await;
    world.fault("DescribeOrganization", When::Always, Effect::Slow { milliseconds: 60_000 });
    let mut last = world.read_within(Duration::from_millis(60)).await;
    for _ in 0..3 {
        if last.is_err() {
            break;
        }
        last = world.read_within(Duration::from_millis(60)).await;
    }
    assert!(last.is_err(), "{last:?}");
}

#[tokio::test]
async fn a_weakening_without_an_event_is_seen_by_the_next_full_read() {
    let world = World::settled().await;
    world.detach(BASE, ROOT);
    assert_eq!(world.read().await.unwrap()["decision"], "fails");
    assert!(world.said().iter().any(|it| it.starts_with("appeared")), "{:?}", world.said());
}
