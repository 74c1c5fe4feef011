//! Two people apply at the same time: nothing is there twice afterwards.

use crate::bench::Bench;
use crate::organizations::{every_step, intent, organization, random};
use crate::random::seeds;

#[tokio::test]
async fn the_same_intent_twice_at_once_leaves_one_policy_and_one_attachment() {
    let bench = Bench::start(&organization(&[], &[0], false)).await;
    let intent = intent(&[]);
    let (left, right) = tokio::join!(bench.apply(&intent), bench.apply(&intent));
    assert!(left.is_ok() || right.is_ok(), "{:?} {:?}", left.err(), right.err());
    for error in [left.err(), right.err()].into_iter().flatten() {
        assert!(!error.help().is_empty(), "{error}");
    }
    let applied = bench.done(&intent).await;
    assert!(applied.plan.is_empty());
    assert_eq!(bench.meaning().1.len(), 1);
}

#[tokio::test]
async fn whoever_loses_is_told_and_the_next_run_finds_nothing_doubled() {
    for seed in seeds(6) {
        let (snapshot, intent) = if seed == 0 { every_step() } else { random(seed) };
        let alone = Bench::start(&snapshot).await;
        alone.done(&intent).await;
        let bench = Bench::start(&snapshot).await;
        let (left, right) = tokio::join!(bench.apply(&intent), bench.apply(&intent));
        for error in [left.err(), right.err()].into_iter().flatten() {
            assert!(!error.help().is_empty(), "{error}");
        }
        bench.done(&intent).await;
        assert_eq!(bench.meaning(), alone.meaning(), "seed {seed}");
    }
}
