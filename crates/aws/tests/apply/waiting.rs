//! Waiting: for the policy type, and until AWS's own answers are the predicted ones.

use std::time::Duration;

use optout_core::plan::journal::Event;
use optout_simulator::{Effect, EffectiveScript, Options, Propagation, When};

use crate::bench::Bench;
use crate::organizations::{account, intent, organization};

#[tokio::test]
async fn a_type_that_takes_its_time_is_waited_for() {
    let options = Options { enabling: Duration::from_secs(60), ..Options::default() };
    let bench = Bench::of(&organization(&[], &[0], false), options).await;
    bench.done(&intent(&[])).await;
    assert!(bench.running.simulator.counts()["ListRoots"] > 3);
}

#[tokio::test]
async fn answers_that_are_behind_are_asked_for_again_until_they_are_right() {
    let options = Options { propagation: Propagation::OBSERVED, time_scale: 20.0, ..Options::default() };
    let bench = Bench::of(&organization(&[0], &[0, 1], false), options).await;
    let applied = bench.done(&intent(&[])).await;
    assert_eq!(applied.settled.differences, []);
}

#[tokio::test]
async fn answers_that_stay_behind_are_named() {
    let bench = Bench::start(&organization(&[], &[0, 0], true)).await;
    let answer = EffectiveScript::Content("{\"services\":{\"lex\":{\"opt_out_policy\":\"optIn\"}}}".into());
    let effect = Effect::Effective { accounts: Vec::new(), answer };
    bench.fault(&["DescribeEffectivePolicy"], When::Always, effect);
    let applied = bench.apply(&intent(&[])).await.unwrap();
    assert!(!applied.settled.is_confirmed());
    let lex = applied.settled.differences.iter().find(|it| it.service == "lex").unwrap();
    assert_eq!((lex.account.to_string(), lex.answered.as_str()), (account(0), "opt-in"));
    assert_eq!(applied.events.last(), Some(&Event::Settled { confirmed: false }));
    assert!(applied.events.iter().any(|it| matches!(it, Event::Waiting { steps: 0, .. })));
}
