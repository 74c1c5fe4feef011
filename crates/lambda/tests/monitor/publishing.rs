//! What an event sends to whom: what changed and nothing else, once or again until it arrived, and what a full read sets right.

use optout_simulator::Change;
use serde_json::{Value, json};

use crate::channels::{IMPORT, NOTIFY, PUT, counted, events, imported};
use crate::envelopes::{attached, called, detached, recorded, updated};
use crate::organization::{BASE, LEX_IN, OPT_IN, ROOT, SALES, account_id};
use crate::world::World;

/// One that has read everything once, and has told it.
pub(crate) async fn told() -> World {
    let world = World::start().await;
    world.read_everywhere().await.unwrap();
    world.simulator.forget_calls();
    world.channels.take();
    world
}

fn set(world: &World, content: &str) {
    world.change(Change::SetPolicyContent { policy: BASE.parse().unwrap(), content: content.to_owned() });
}

/// What opts one account in, and the event of it.
fn weaken(world: &World, number: usize) -> Value {
    let account = account_id(number).to_string();
    world.attach(OPT_IN, &account);
    attached(OPT_IN, &account)
}

fn weakenings(calls: &[(&'static str, Value)], state: &str) -> usize {
    let expected = format!("{state} optout/monitor-opt-out-weakened");
    imported(calls).iter().filter(|it| **it == expected).count()
}

#[tokio::test]
async fn an_event_sends_what_it_changed_and_a_full_read_sends_everything() {
    let world = told().await;
    // Many findings stand: every account is opted in.
    set(&world, LEX_IN);
    world.handle_everywhere(&updated(BASE, LEX_IN)).await.unwrap();
    let many = imported(&world.channels.take()).len();
    assert!(many > 40, "{many}");
    // One more is weaker in one account; what stands in the others is not sent again.
    world.detach(BASE, ROOT);
    world.handle_everywhere(&detached(BASE, ROOT)).await.unwrap();
    world.channels.take();
    let event = weaken(&world, 7);
    world.handle_everywhere(&event).await.unwrap();
    let sent = imported(&world.channels.take());
    assert!(!sent.is_empty() && sent.len() < 6, "{sent:?}");
    world.read_everywhere().await.unwrap();
    let all = world.channels.take();
    assert!(imported(&all).len() >= 40, "{}", imported(&all).len());
    assert!(imported(&all).iter().all(|it| it.starts_with("ACTIVE")));
}

#[tokio::test]
async fn what_heals_is_archived_by_the_event() {
    let world = told().await;
    let event = weaken(&world, 7);
    world.handle_everywhere(&event).await.unwrap();
    let came = world.channels.take();
    assert_eq!((weakenings(&came, "ACTIVE"), weakenings(&came, "ARCHIVED")), (1, 0));
    world.detach(OPT_IN, &account_id(7).to_string());
    world.handle_everywhere(&detached(OPT_IN, &account_id(7).to_string())).await.unwrap();
    let went = world.channels.take();
    assert_eq!((weakenings(&went, "ACTIVE"), weakenings(&went, "ARCHIVED")), (0, 1));
    let expected = [
        // It says something else now: how the account is locked.
        "ACTIVE optout/locked-against-children",
        "ARCHIVED optout/monitor-opt-out-weakened",
        // The policy is attached to nothing again.
        "ACTIVE optout/no-stray-policies",
        "ARCHIVED optout/no-undeclared-opt-in",
    ];
    assert_eq!(imported(&went), expected);
}

#[tokio::test]
async fn an_event_that_changes_nothing_calls_nobody() {
    let world = told().await;
    let parameters = json!({"organizationalUnitId": SALES, "name": "Sales"});
    let events = [
        attached("p-otherscp01", SALES),
        called("UpdateOrganizationalUnit", parameters),
        recorded("PutResourcePolicy"),
        recorded("TagResource"),
        recorded("AttachPolicyFailed"),
    ];
    for event in events {
        world.handle_everywhere(&event).await.unwrap();
        assert_eq!(counted(&world.channels.take()), "", "{event}");
    }
    assert_eq!(world.simulator.counts().get("GetCallerIdentity"), None, "nor who would import findings");
}

#[tokio::test]
async fn what_did_not_arrive_is_told_by_the_retry_and_nothing_is_told_a_third_time() {
    for failing in [IMPORT, PUT, NOTIFY] {
        let world = told().await;
        let event = weaken(&world, 7);
        world.channels.fail(&[failing]);
        let error = world.handle_everywhere(&event).await.unwrap_err().to_string();
        assert!(error.starts_with("what was found did not arrive everywhere"), "{failing}: {error}");
        world.channels.fail(&[]);
        let first = world.channels.take();
        assert!(first.iter().all(|(call, _)| *call != failing), "the others were told all the same");
        // The event was dealt with already: only what is owed is sent.
        let answer = world.handle_everywhere(&event).await.unwrap();
        assert_eq!(answer["outcome"], "duplicate", "{failing}");
        let retried = world.channels.take();
        assert!(retried.iter().any(|(call, _)| *call == failing), "{failing}: {}", counted(&retried));
        if failing == IMPORT {
            assert_eq!(weakenings(&retried, "ACTIVE"), 1);
        }
        world.handle_everywhere(&event).await.unwrap();
        assert_eq!(counted(&world.channels.take()), "", "{failing}");
    }
}

#[tokio::test]
async fn what_healed_and_could_not_be_told_is_told_by_the_next_event_or_the_next_full_read() {
    for by_read in [false, true] {
        let world = told().await;
        let event = weaken(&world, 7);
        world.handle_everywhere(&event).await.unwrap();
        let account = account_id(7).to_string();
        world.detach(OPT_IN, &account);
        world.channels.fail(&[IMPORT]);
        // Lambda gives up, and the queue keeps the event.
        for _ in 0..3 {
            world.handle_everywhere(&detached(OPT_IN, &account)).await.unwrap_err();
        }
        world.channels.fail(&[]);
        world.channels.take();
        if by_read {
            world.read_everywhere().await.unwrap();
        } else {
            world.handle_everywhere(&attached("p-otherscp01", SALES)).await.unwrap();
        }
        let calls = world.channels.take();
        assert_eq!(weakenings(&calls, "ARCHIVED"), 1, "by a full read: {by_read}: {:?}", imported(&calls));
        assert!(!world.state().await.owes);
    }
}

#[tokio::test]
async fn an_invocation_that_ends_between_remembering_and_telling_loses_nothing() {
    let world = told().await;
    let event = weaken(&world, 7);
    // Everything is refused, as where the function is stopped before it could send anything.
    world.channels.fail(&[IMPORT, PUT, NOTIFY]);
    world.handle_everywhere(&event).await.unwrap_err();
    world.channels.fail(&[]);
    world.read_everywhere().await.unwrap();
    let calls = world.channels.take();
    assert_eq!(weakenings(&calls, "ACTIVE"), 1);
    assert_eq!(calls.iter().filter(|(call, _)| *call == NOTIFY).count(), 1, "people are told as well");
}

#[tokio::test]
async fn events_at_once_leave_security_hub_with_what_holds_in_the_end() {
    for _ in 0..3 {
        let world = told().await;
        let numbers = [5, 7, 9];
        let coming: Vec<Value> = numbers.iter().map(|number| weaken(&world, *number)).collect();
        let going: Vec<Value> = numbers
            .iter()
            .map(|number| {
                world.detach(OPT_IN, &account_id(*number).to_string());
                detached(OPT_IN, &account_id(*number).to_string())
            })
            .collect();
        let all = coming.iter().chain(&going);
        futures::future::join_all(all.clone().map(|event| world.handle_everywhere(event))).await;
        // Whoever was overtaken too often is invoked again.
        for event in all {
            world.handle_everywhere(event).await.unwrap();
        }
        let mut last = std::collections::BTreeMap::new();
        for (_, sent) in world.channels.take().iter().filter(|(call, _)| *call == IMPORT) {
            for finding in sent["Findings"].as_array().unwrap() {
                last.insert(finding["Id"].to_string(), finding["RecordState"].clone());
            }
        }
        let standing = world.state().await.standing.unwrap();
        for (id, state) in last {
            assert_eq!(state == "ACTIVE", standing.contains(&id), "{id} {state}");
        }
    }
}

/// An event of another name.
fn named(name: &str) -> Value {
    let mut event = called("MoveAccount", json!({}));
    event["detail"]["eventName"] = json!(name);
    event
}

pub(crate) fn unknown() -> Value {
    named("ReplaceEverything")
}

const WANTED: &str = "optout full read wanted";

fn asked(calls: &[(&'static str, Value)]) -> usize {
    events(calls).iter().filter(|it| *it == WANTED).count()
}

#[tokio::test]
async fn of_many_events_that_want_a_full_read_one_asks_for_it() {
    let world = told().await;
    for _ in 0..8 {
        let answer = world.handle_everywhere(&unknown()).await.unwrap();
        assert_eq!(answer["full_read"], true, "{answer}");
    }
    assert_eq!(asked(&world.channels.take()), 1);
    let state = world.state().await;
    assert!(state.wanted.is_some_and(|wish| wish.asked));
    // The reading that it starts grants all of them, and then it may be asked for again.
    assert_eq!(world.read_everywhere().await.unwrap()["status"], "done");
    assert_eq!(world.state().await.wanted, None);
    world.channels.take();
    world.handle_everywhere(&unknown()).await.unwrap();
    assert_eq!(asked(&world.channels.take()), 1);
}

#[tokio::test]
async fn events_at_once_ask_once() {
    let world = told().await;
    let events: Vec<Value> = std::iter::repeat_with(unknown).take(5).collect();
    let answers = futures::future::join_all(events.iter().map(|event| world.handle_everywhere(event))).await;
    for (event, answer) in events.iter().zip(answers) {
        if answer.is_err() {
            world.handle_everywhere(event).await.unwrap();
        }
    }
    assert_eq!(asked(&world.channels.take()), 1);
}

#[tokio::test]
async fn what_the_organization_became_is_asked_for_by_every_such_event() {
    for name in ["CreateOrganization", "DeleteOrganization", "EnableAllFeatures"] {
        let world = told().await;
        let answer = world.handle_everywhere(&named(name)).await.unwrap();
        assert_eq!((&answer["outcome"], &answer["full_read"]), (&json!("full-read-wanted"), &json!(true)), "{name}");
        assert_eq!(asked(&world.channels.take()), 1, "{name}");
        world.read_everywhere().await.unwrap();
        assert_eq!(world.state().await.wanted, None, "{name}");
    }
}

#[tokio::test]
async fn an_asking_that_does_not_arrive_is_done_by_the_retry() {
    let world = told().await;
    let event = named("EnableAllFeatures");
    world.channels.fail(&[PUT]);
    let error = world.handle_everywhere(&event).await.unwrap_err().to_string();
    assert!(error.contains("EventBridge"), "{error}");
    world.channels.fail(&[]);
    let answer = world.handle_everywhere(&event).await.unwrap();
    assert_eq!(answer["outcome"], "duplicate");
    assert_eq!(asked(&world.channels.take()), 1);
    world.handle_everywhere(&event).await.unwrap();
    assert_eq!(asked(&world.channels.take()), 0);
}

#[tokio::test]
async fn a_reading_that_began_before_it_was_wanted_is_followed_by_one_that_did_not() {
    let world = told().await;
    assert_eq!(world.begin_reading().await["status"], "continue");
    world.handle_everywhere(&unknown()).await.unwrap();
    let first = world.read_everywhere().await.unwrap();
    assert_eq!((&first["status"], &first["optout"]), (&json!("continue"), &json!("scheduled")), "{first}");
    assert!(world.state().await.wanted.is_some());
    let second = world.read_everywhere().await.unwrap();
    assert_eq!(second["status"], "done", "{second}");
    let state = world.state().await;
    assert!(state.wanted.is_none() && state.raised.is_empty());
}

/// What the stack's rule says of events, looked at for what the function sends; and that nothing else of it is meant.
#[tokio::test]
async fn the_rule_of_the_generated_stack_hears_the_asking_and_no_other_event() {
    let world = told().await;
    world.handle_everywhere(&unknown()).await.unwrap();
    let calls = world.channels.take();
    let sent = calls.iter().filter(|(call, _)| *call == PUT).flat_map(|(_, sent)| sent["Entries"].as_array().unwrap());
    let sent: Vec<&Value> = sent.collect();
    assert!(sent.len() > 1 && sent.iter().all(|it| it["EventBusName"] == World::settings().event_bus.unwrap()));
    let design = crate::organization::design();
    let stack = optout_core::generate::monitor::stack(&design);
    let pattern = &stack["Resources"]["FullReadRule"]["Properties"]["EventPattern"];
    let is_one = |field: &str, value: &Value| pattern[field].as_array().unwrap().contains(value);
    let heard = sent.iter().filter(|it| is_one("source", &it["Source"]) && is_one("detail-type", &it["DetailType"]));
    let heard: Vec<&&Value> = heard.collect();
    assert_eq!(heard.len(), 1);
    let detail: Value = serde_json::from_str(heard[0]["Detail"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&detail["format"], &detail["organization"]),
        (&json!("optout.full-read-event/1"), &json!("o-exampleorgid"))
    );
    assert!(detail["reason"].as_str().unwrap().contains("ReplaceEverything"), "{detail}");
    let target = &stack["Resources"]["FullReadRule"]["Properties"]["Targets"][0];
    // What the machine then invokes the function with, until it is done.
    let machine = &stack["Resources"]["Reading"]["Properties"]["Definition"];
    assert_eq!((&target["Arn"], &target["Input"]), (&json!({"Ref": "Reading"}), &json!("{}")));
    assert_eq!(machine["States"]["Read"]["Parameters"]["Payload"]["optout"], "scheduled");
    assert_eq!(world.read_everywhere().await.unwrap()["status"], "done");
}
