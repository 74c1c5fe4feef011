//! A run that dies after any call, before or after AWS has done it: the next run ends in the same state.
//!
//! The run's future is dropped, so that nothing of it can go on; a test of the program kills the process.

use optout_core::org::{Membership, Snapshot};
use optout_core::plan::Options;
use optout_simulator::{Effect, When};

use crate::bench::{Bench, WRITES};
use crate::organizations::{every_step, intent, intent_for, organization, random};
use crate::random::seeds;

/// The call is done, and its answer never comes in time; or it is never done.
fn ends() -> [Effect; 2] {
    [Effect::Slow { milliseconds: 3_600_000_000 }, Effect::Hang]
}

/// Runs until the call of this number has come in, and drops the run.
async fn killed(bench: &mut Bench, intent: &str, operations: &[&str], call: u64, end: Effect) {
    bench.fault(operations, When::Nth { call }, end);
    let seen = async {
        let seen = || -> u64 {
            let counts = bench.running.simulator.counts();
            counts
                .iter()
                .filter(|(name, _)| operations.is_empty() || operations.contains(&name.as_str()))
                .map(|it| it.1)
                .sum()
        };
        while seen() < call {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = seen => {}
        _ = bench.apply(intent) => {}
    }
    bench.no_faults();
}

async fn survives(seed: u64, snapshot: &Snapshot, intent: &str, operations: &[&str]) {
    survives_with(seed, snapshot, intent, operations, &Options::default()).await;
}

async fn survives_with(seed: u64, snapshot: &Snapshot, intent: &str, operations: &[&str], options: &Options) {
    let start = async || Bench { options: options.clone(), ..Bench::start(snapshot).await };
    let bench = start().await;
    bench.done(intent).await;
    let expected = bench.meaning();
    let calls = if operations.is_empty() { bench.running.simulator.counts().values().sum() } else { bench.writes() };
    for end in ends() {
        for call in 1..=calls {
            let mut bench = start().await;
            killed(&mut bench, intent, operations, call, end.clone()).await;
            bench.done(intent).await;
            assert_eq!(bench.meaning(), expected, "seed {seed}: {end:?} at call {call}");
        }
    }
}

#[tokio::test]
async fn a_run_may_die_after_any_call() {
    survives(0, &organization(&[], &[0], false), &intent(&[]), &[]).await;
}

#[tokio::test]
async fn a_run_that_creates_its_organization_may_die_after_any_call() {
    let mut snapshot = organization(&[], &[0], false);
    snapshot.membership = Some(Membership::None);
    snapshot.root = None;
    let options = Options { create_organization: true, ..Options::default() };
    survives_with(0, &snapshot, &intent_for("new", "full", &[]), &[], &options).await;
}

#[tokio::test]
async fn a_run_with_every_kind_of_step_may_die_after_any_write() {
    let (snapshot, intent) = every_step();
    survives(0, &snapshot, &intent, &WRITES).await;
}

#[tokio::test]
async fn random_runs_may_die_after_any_write() {
    for seed in seeds(2) {
        let (snapshot, intent) = random(seed);
        survives(seed, &snapshot, &intent, &WRITES).await;
    }
}
