//! What events of Organizations come to: weaker, healed, late, twice, unknown, garbage.

use std::time::Duration;

use optout_aws::state::RaisedKind;
use optout_core::org::Attachment;
use optout_simulator::{Change, Effect, EffectiveScript, Options, Propagation, When};
use serde_json::{Value, json};

use crate::envelopes::{attached, called, detached, happened, hours_ago, id, moved, recorded, updated};
use crate::organization::{BASE, LEX_IN, NORTH, OPT_IN, OPT_OUT, OUTSIDE, ROOT, SALES, account_id, organization};
use crate::world::{STATE, World};

#[tokio::test]
async fn an_opt_in_attached_to_a_unit_is_told_with_actor_call_time_accounts_and_services() {
    let world = World::settled().await;
    world.attach(OPT_IN, SALES);
    let event = attached(OPT_IN, SALES);
    let answer = world.handle(&event).await.unwrap();
    assert_eq!((answer["outcome"].as_str(), answer["event"].as_str()), (Some("weakened"), Some(id(&event))));
    assert_eq!(world.said().iter().filter(|it| *it == "appeared monitor-opt-out-weakened").count(), 1);

    let state = world.state().await;
    let raised = state.raised.values().find(|raised| raised.kind == RaisedKind::Weakened).unwrap();
    let cause = raised.cause.as_ref().unwrap();
    assert_eq!((cause.call.as_str(), cause.event.as_str()), ("AttachPolicy", id(&event)));
    assert!(cause.actor.contains("ann@example.com"), "{cause:?}");
    // SALES holds every fifth account from 1 on, and NORTH below it every fifth from 2 on.
    let mut accounts: Vec<usize> = (1..=40).filter(|number| number % 5 == 1 || number % 5 == 2).collect();
    accounts.sort_unstable();
    let affected: Vec<_> = raised.affected.iter().flat_map(|it| it.accounts.clone()).collect();
    assert_eq!(affected, accounts.into_iter().map(account_id).collect::<Vec<_>>());
    assert_eq!(raised.affected[0].services, ["lex"]);
    for word in ["ann@example.com", OPT_IN, SALES, "AttachPolicy", "lex", &account_id(1).to_string()] {
        assert!(raised.description.contains(word), "`{word}` in {}", raised.description);
    }
    assert!(!raised.description.contains('\u{1b}'), "names are other people's text: {}", raised.description);
    let publications = world.told.publications.lock().unwrap();
    let cause = publications.last().unwrap().cause.clone().unwrap();
    assert_eq!((cause.call.as_str(), cause.event_id.as_deref()), ("AttachPolicy", Some(id(&event))));
}

#[tokio::test]
async fn the_detaching_that_heals_archives_the_finding() {
    let world = World::settled().await;
    world.attach(OPT_IN, SALES);
    let raised = world.handle(&attached(OPT_IN, SALES)).await.unwrap()["raised"].clone();
    world.detach(OPT_IN, SALES);
    let answer = world.handle(&detached(OPT_IN, SALES)).await.unwrap();
    assert_eq!((&answer["outcome"], &answer["healed"]), (&json!("healed"), &raised));
    assert!(world.said().contains(&"healed monitor-opt-out-weakened".to_owned()), "{:?}", world.said());
    assert!(world.state().await.raised.is_empty());
}

#[tokio::test]
async fn every_kind_of_weakening_is_found() {
    type Case = (&'static str, fn(&World), fn() -> Value, usize);
    let cases: [Case; 5] = [
        ("a policy is detached from the root", |world| world.detach(BASE, ROOT), || detached(BASE, ROOT), 40),
        (
            "a document is changed",
            |world| {
                let (policy, content) = (BASE.parse().unwrap(), LEX_IN.to_owned());
                world.change(Change::SetPolicyContent { policy, content });
            },
            || updated(BASE, LEX_IN),
            40,
        ),
        (
            "a policy is deleted, and the event of detaching it is lost",
            |world| world.change(Change::DeletePolicy { policy: BASE.parse().unwrap() }),
            || called("DeletePolicy", json!({"policyId": BASE})),
            40,
        ),
        (
            "the policy type is switched off",
            |world| {
                let policy_type = optout_core::org::PolicyType::AiOptOut;
                world.change(Change::SetPolicyType { policy_type, enabled: false });
            },
            || called("DisablePolicyType", json!({"rootId": ROOT, "policyType": "AISERVICES_OPT_OUT_POLICY"})),
            40,
        ),
        (
            "an opt-in is attached to an account",
            |world| world.attach(OPT_IN, &account_id(7).to_string()),
            || attached(OPT_IN, &account_id(7).to_string()),
            1,
        ),
    ];
    for (name, change, event, accounts) in cases {
        let world = World::settled().await;
        change(&world);
        let answer = world.handle(&event()).await.unwrap();
        assert_eq!(answer["outcome"], "weakened", "{name}: {answer}");
        let state = world.state().await;
        let affected: usize = state.raised.values().flat_map(|it| &it.affected).map(|it| it.accounts.len()).sum();
        assert_eq!(affected, accounts, "{name}");
    }
}

#[tokio::test]
async fn an_account_that_moves_out_of_an_opt_out_is_told_and_one_that_moves_within_is_not() {
    let mut organization = organization();
    let attachments = organization.attachments.as_mut().unwrap();
    let list = attachments.remove(&ROOT.parse().unwrap()).unwrap();
    for unit in [SALES, "ou-exam-tests001"] {
        attachments.insert(unit.parse().unwrap(), list.clone());
    }
    let world = World::of(&organization, Options::default()).await;
    world.read().await.unwrap();
    let account = account_id(1);
    world.change(Change::MoveAccount { account, to: "ou-exam-tests001".parse().unwrap() });
    let answer = world.handle(&moved(account, SALES, "ou-exam-tests001")).await.unwrap();
    assert_eq!(answer["outcome"], "changed", "{answer}");
    world.change(Change::MoveAccount { account, to: OUTSIDE.parse().unwrap() });
    let answer = world.handle(&moved(account, "ou-exam-tests001", OUTSIDE)).await.unwrap();
    assert_eq!(answer["outcome"], "weakened", "{answer}");
}

#[tokio::test]
async fn an_account_that_joins_where_nothing_opts_out_is_told() {
    let mut organization = organization();
    organization.attachments = Some(std::collections::BTreeMap::new());
    let world = World::of(&organization, Options::default()).await;
    world.read().await.unwrap();
    let account = account_id(99);
    world.change(Change::JoinAccount { account, name: "new".into(), parent: ROOT.parse().unwrap() });
    let details = json!({"accountId": account.to_string(), "joinedMethod": "Created"});
    let answer = world.handle(&happened("AccountJoinedOrganization", details)).await.unwrap();
    assert_eq!(answer["outcome"], "weakened", "{answer}");
    let state = world.state().await;
    assert!(state.snapshot.unwrap().accounts.unwrap().iter().any(|it| it.id == account));
    world.change(Change::LeaveAccount { account });
    let parameters = json!({"accountId": account.to_string()});
    let answer = world.handle(&called("RemoveAccountFromOrganization", parameters)).await.unwrap();
    assert_eq!(answer["outcome"], "healed", "{answer}");
}

#[tokio::test]
async fn the_same_event_twice_is_dealt_with_once() {
    let world = World::settled().await;
    world.attach(OPT_IN, SALES);
    let event = attached(OPT_IN, SALES);
    world.handle(&event).await.unwrap();
    let (told, state) = (world.publications(), world.bucket.get(STATE));
    world.simulator.forget_calls();
    let answer = world.handle(&event).await.unwrap();
    assert_eq!((&answer["outcome"], &answer["calls"]), (&json!("duplicate"), &json!(0)));
    assert_eq!((world.publications(), world.bucket.get(STATE)), (told, state), "nothing is written or told");
    assert!(world.simulator.calls().is_empty());
}

#[tokio::test]
async fn what_could_not_be_told_is_told_when_the_event_comes_again() {
    let world = World::settled().await;
    world.attach(OPT_IN, SALES);
    let event = attached(OPT_IN, SALES);
    *world.told.broken.lock().unwrap() = true;
    let error = world.handle(&event).await.unwrap_err();
    assert!(error.to_string().contains("SNS"), "{error}");
    *world.told.broken.lock().unwrap() = false;
    assert_eq!(world.handle(&event).await.unwrap()["outcome"], "duplicate");
    assert!(world.said().contains(&"appeared monitor-opt-out-weakened".to_owned()), "{:?}", world.said());
    assert!(!world.state().await.owes);
}

#[tokio::test]
async fn an_event_that_comes_after_a_full_read_saw_what_it_did_still_names_who_did_it() {
    let world = World::settled().await;
    world.attach(OPT_IN, SALES);
    world.read().await.unwrap();
    assert!(world.state().await.raised.is_empty());
    let answer = world.handle(&hours_ago(attached(OPT_IN, SALES), 1)).await.unwrap();
    assert_eq!(answer["outcome"], "weakened", "{answer}");
    let state = world.state().await;
    assert!(state.raised.values().next().unwrap().description.contains("ann@example.com"));
}

#[tokio::test]
async fn events_in_the_wrong_order_come_to_what_is_there_now() {
    let world = World::settled().await;
    // Attached, then detached; told the other way round.
    world.attach(OPT_IN, SALES);
    world.detach(OPT_IN, SALES);
    assert_eq!(world.handle(&detached(OPT_IN, SALES)).await.unwrap()["outcome"], "unchanged");
    assert_eq!(world.handle(&hours_ago(attached(OPT_IN, SALES), 1)).await.unwrap()["outcome"], "unchanged");
    assert!(world.state().await.raised.is_empty());
    // Detached, then attached; told the other way round.
    world.attach(OPT_IN, SALES);
    assert_eq!(world.handle(&attached(OPT_IN, SALES)).await.unwrap()["outcome"], "weakened");
    let answer = world.handle(&hours_ago(detached(OPT_IN, SALES), 1)).await.unwrap();
    assert_eq!(answer["healed"], json!([]), "{answer}");
    assert_eq!(world.state().await.raised.len(), 1, "the finding is not lost");
}

#[tokio::test]
async fn a_policy_that_is_attached_before_anybody_told_of_it_is_read() {
    let world = World::settled().await;
    let state = world.state().await.snapshot.unwrap();
    assert!(state.policy(&"p-late000001".parse().unwrap()).is_none());
    let mut changed = organization();
    let mut late = changed.policies.as_ref().unwrap()[1].clone();
    late.id = "p-late000001".parse().unwrap();
    changed.policies.as_mut().unwrap().push(late);
    // The same bucket, another organization.
    let other = World::of(&changed, Options::default()).await;
    other.bucket.put(STATE, &world.bucket.get(STATE).unwrap());
    other.attach("p-late000001", NORTH);
    let answer = other.handle(&attached("p-late000001", NORTH)).await.unwrap();
    assert_eq!(answer["outcome"], "weakened", "{answer}");
    assert!(other.state().await.snapshot.unwrap().policy(&"p-late000001".parse().unwrap()).is_some());
}

#[tokio::test]
async fn what_aws_does_not_show_yet_is_said_to_propagate_and_is_not_called_healed() {
    let world = World::of(
        &organization(),
        Options {
            propagation: Propagation { content: Duration::from_secs(100_000), ..Propagation::default() },
            ..Options::default()
        },
    )
    .await;
    world.read().await.unwrap();
    world.attach(OPT_IN, SALES);
    let answer = world.handle(&attached(OPT_IN, SALES)).await.unwrap();
    assert_eq!((&answer["outcome"], &answer["propagating"]), (&json!("weakened"), &json!(true)), "told at once");
    let said = world.told.publications.lock().unwrap().last().unwrap().clone();
    assert!(said.findings.iter().any(|it| it.message.contains("still propagating")));
}

#[tokio::test]
async fn healing_is_waited_for_and_told_when_aws_shows_it() {
    // Two and a half seconds of AWS, a hundredth of one here.
    let options = Options { propagation: Propagation::OBSERVED, ..Options::default() };
    let mut world = World::of(&organization(), options).await;
    world.pauses = vec![Duration::from_millis(200); 20];
    world.read().await.unwrap();
    world.attach(OPT_IN, SALES);
    world.handle(&attached(OPT_IN, SALES)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    world.detach(OPT_IN, SALES);
    let answer = world.handle(&detached(OPT_IN, SALES)).await.unwrap();
    assert_eq!((&answer["outcome"], &answer["propagating"]), (&json!("healed"), &json!(false)), "{answer}");
}

#[tokio::test]
async fn healing_that_aws_does_not_show_in_time_stays_a_finding_until_a_full_read_sees_it() {
    let mut with_it = organization();
    let attachment = with_it.attachments.as_ref().unwrap()[&ROOT.parse().unwrap()][0].clone();
    let opt_in = Attachment { policy: OPT_IN.parse().unwrap(), ..attachment };
    with_it.attachments.as_mut().unwrap().entry(SALES.parse().unwrap()).or_default().push(opt_in);
    let world = World::of(&with_it, Options::default()).await;
    world.read().await.unwrap();
    assert_eq!(world.handle(&attached(OPT_IN, SALES)).await.unwrap()["outcome"], "weakened");
    // AWS goes on answering as if it were still there.
    let stale = Effect::Effective { accounts: Vec::new(), answer: EffectiveScript::Stale };
    world.fault("DescribeEffectivePolicy", When::Always, stale);
    world.detach(OPT_IN, SALES);
    let answer = world.handle(&detached(OPT_IN, SALES)).await.unwrap();
    assert_eq!((&answer["healed"], &answer["propagating"]), (&json!([]), &json!(true)), "{answer}");
    world.simulator.set_faults(Vec::new());
    let answer = world.read().await.unwrap();
    assert_eq!(answer["healed"].as_array().map(Vec::len), Some(1), "{answer}");
}

#[tokio::test]
async fn a_call_that_failed_changes_nothing_and_asks_nothing() {
    let world = World::settled().await;
    let answer = world.handle(&recorded("AttachPolicyFailed")).await.unwrap();
    assert_eq!((&answer["outcome"], &answer["calls"]), (&json!("failed-call"), &json!(0)));
    assert!(world.simulator.calls().is_empty());
}

#[tokio::test]
async fn an_event_nobody_knows_asks_for_a_full_read_and_is_told_until_one_was_made() {
    let world = World::settled().await;
    let mut event = called("MoveAccount", json!({}));
    event["detail"]["eventName"] = json!("ReplaceEverything");
    let answer = world.handle(&event).await.unwrap();
    assert_eq!((&answer["outcome"], &answer["full_read"]), (&json!("unknown-event"), &json!(true)));
    assert!(world.said().contains(&"appeared monitor-unknown-event".to_owned()));
    assert!(world.state().await.wanted.unwrap().why.contains("ReplaceEverything"));
    world.handle(&event).await.unwrap();
    assert_eq!(world.state().await.raised.len(), 1);
    world.read().await.unwrap();
    let state = world.state().await;
    assert_eq!((state.wanted, state.raised.len()), (None, 0));

    event["detail"]["readOnly"] = json!(true);
    assert_eq!(world.handle(&event).await.unwrap()["outcome"], "not-concerned");
    for harmless in ["EnableAWSServiceAccess", "CancelHandshake"] {
        event["detail"]["readOnly"] = json!(false);
        event["detail"]["eventName"] = json!(harmless);
        assert_eq!(world.handle(&event).await.unwrap()["outcome"], "not-concerned");
    }
}

#[tokio::test]
async fn garbage_is_an_error_that_lambda_tries_again_and_changes_nothing() {
    let world = World::settled().await;
    let state = world.bucket.get(STATE);
    let attach = attached(OPT_IN, SALES);
    let broken = |path: &str, value: Value| {
        let mut event = attach.clone();
        *event.pointer_mut(path).unwrap() = value;
        event
    };
    let cases = [
        json!({}),
        json!({"source": "aws.organizations", "detail-type": "AWS API Call via CloudTrail"}),
        broken("/detail-type", json!("AWS Console Sign In via CloudTrail")),
        broken("/detail", json!("text")),
        broken("/detail/eventSource", json!("s3.amazonaws.com")),
        broken("/detail/eventName", json!(7)),
        broken("/detail/eventTime", json!("yesterday")),
        broken("/detail/eventID", json!(null)),
        broken("/detail/requestParameters", json!({"policyId": "<script>", "targetId": SALES})),
        broken("/detail/requestParameters", json!(null)),
        broken("/detail/requestParameters", json!([[[[[]]]]])),
    ];
    for event in cases {
        let error = world.handle(&event).await.unwrap_err().to_string();
        assert!(error.starts_with("this is no event of AWS Organizations"), "{error}");
        assert!(error.len() < 600 && !error.contains('\u{1b}'), "{error}");
    }
    assert_eq!(world.bucket.get(STATE), state);
    assert!(world.simulator.calls().is_empty());
}

#[tokio::test]
async fn where_aws_cannot_be_asked_the_event_is_tried_again_and_then_told() {
    let world = World::settled().await;
    world.attach(OPT_IN, SALES);
    let event = attached(OPT_IN, SALES);
    world.fault("ListPoliciesForTarget", When::Always, Effect::ServerError { status: 503 });
    world.handle(&event).await.unwrap_err();
    world.simulator.set_faults(Vec::new());
    assert_eq!(world.handle(&event).await.unwrap()["outcome"], "weakened");
}

#[tokio::test]
async fn before_the_first_full_read_an_event_asks_for_one_and_that_one_sees_it() {
    let world = World::start().await;
    world.attach(OPT_IN, SALES);
    let answer = world.handle(&attached(OPT_IN, SALES)).await.unwrap();
    assert_eq!((&answer["outcome"], &answer["full_read"]), (&json!("no-baseline"), &json!(true)));
    assert_eq!(world.read().await.unwrap()["decision"], "fails");
}

#[tokio::test]
async fn a_damaged_state_is_an_error_that_names_it_and_a_full_read_heals_it() {
    let world = World::settled().await;
    let whole = world.bucket.get(STATE).unwrap();
    for damaged in [&whole[..whole.len() / 2], b"nonsense", b""] {
        world.bucket.put(STATE, damaged);
        let error = world.handle(&attached(OPT_IN, SALES)).await.unwrap_err().to_string();
        assert!(error.contains("evidence/optout/state.gz"), "{error}");
        let answer = world.read().await.unwrap();
        assert!(answer["state_replaced"].as_str().unwrap().contains("state.gz"), "{answer}");
        assert_eq!(world.handle(&detached(OPT_IN, SALES)).await.unwrap()["outcome"], "unchanged");
    }
}

#[tokio::test]
async fn a_document_that_is_written_back_is_healed() {
    let world = World::settled().await;
    let set = |content: &str| Change::SetPolicyContent { policy: BASE.parse().unwrap(), content: content.to_owned() };
    world.change(set(LEX_IN));
    assert_eq!(world.handle(&updated(BASE, LEX_IN)).await.unwrap()["outcome"], "weakened");
    world.change(set(OPT_OUT));
    assert_eq!(world.handle(&updated(BASE, OPT_OUT)).await.unwrap()["outcome"], "healed");
}
