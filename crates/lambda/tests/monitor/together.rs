//! Two invocations at once: neither loses what the other did.

use optout_aws::state::RaisedKind;
use optout_simulator::Change;

use crate::envelopes::{attached, detached, id, updated};
use crate::organization::{BASE, LEX_IN, OPT_IN, ROOT, SALES, account_id};
use crate::world::{STATE, World};

#[tokio::test]
async fn two_events_at_once_are_both_in_the_state() {
    for _ in 0..5 {
        let world = World::settled().await;
        let own = account_id(5).to_string();
        world.attach(OPT_IN, SALES);
        world.attach(OPT_IN, &own);
        let (one, other) = (attached(OPT_IN, SALES), attached(OPT_IN, &own));
        let (first, second) = tokio::join!(world.handle(&one), world.handle(&other));
        assert_eq!(first.unwrap()["outcome"], "weakened");
        assert_eq!(second.unwrap()["outcome"], "weakened");
        let state = world.state().await;
        assert!(state.has_handled(id(&one)) && state.has_handled(id(&other)));
        assert_eq!(state.raised.values().filter(|it| it.kind == RaisedKind::Weakened).count(), 2);
        let attachments = state.snapshot.unwrap().attachments.unwrap();
        assert!(attachments.contains_key(&SALES.parse().unwrap()) && attachments.contains_key(&own.parse().unwrap()));
        assert!(world.bucket.refused() > 0, "they did meet");
    }
}

#[tokio::test]
async fn eight_events_at_once_all_arrive() {
    let world = World::settled().await;
    let targets: Vec<String> = (5..13).map(|number| account_id(number).to_string()).collect();
    targets.iter().for_each(|target| world.attach(OPT_IN, target));
    let events: Vec<_> = targets.iter().map(|target| attached(OPT_IN, target)).collect();
    let answers = futures::future::join_all(events.iter().map(|event| world.handle(event))).await;
    // Whoever is overtaken too often says so, and Lambda brings the event again.
    for (event, answer) in events.iter().zip(answers) {
        if answer.is_err() {
            world.handle(event).await.unwrap();
        }
    }
    let state = world.state().await;
    assert!(events.iter().all(|event| state.has_handled(id(event))));
    assert_eq!(state.raised.len(), 8);
}

#[tokio::test]
async fn the_same_event_twice_at_once_is_one_finding() {
    let world = World::settled().await;
    world.attach(OPT_IN, SALES);
    let event = attached(OPT_IN, SALES);
    let (one, other) = tokio::join!(world.handle(&event), world.handle(&event));
    let mut outcomes = [one.unwrap()["outcome"].clone(), other.unwrap()["outcome"].clone()];
    outcomes.sort_by_key(ToString::to_string);
    assert_eq!(outcomes, ["duplicate", "weakened"]);
    assert_eq!(world.state().await.raised.len(), 1);
}

#[tokio::test]
async fn a_state_that_is_removed_in_between_is_not_written_over_nothing() {
    let world = World::settled().await;
    world.detach(BASE, ROOT);
    let removing = async {
        world.bucket.remove(STATE);
    };
    let event = detached(BASE, ROOT);
    let (answer, ()) = tokio::join!(world.handle(&event), removing);
    let outcome = answer.unwrap()["outcome"].clone();
    assert!(["weakened", "no-baseline"].iter().any(|it| outcome == *it), "{outcome}");
}

#[tokio::test]
async fn a_full_read_and_an_event_at_once_agree_in_the_end() {
    let world = World::settled().await;
    let content = LEX_IN.to_owned();
    world.change(Change::SetPolicyContent { policy: BASE.parse().unwrap(), content });
    let event = updated(BASE, LEX_IN);
    let (read, handled) = tokio::join!(world.read(), world.handle(&event));
    read.unwrap();
    assert_eq!(handled.unwrap()["outcome"], "weakened");
    let state = world.state().await;
    assert_eq!(state.raised.values().filter(|it| it.kind == RaisedKind::Weakened).count(), 1);
    let policy = state.snapshot.unwrap().policy(&BASE.parse().unwrap()).unwrap().content.clone();
    assert_eq!(policy.as_deref(), Some(LEX_IN));
}
