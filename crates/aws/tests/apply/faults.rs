//! Every fault of the simulator at every call: the run may end, and running again ends in the same state.

use optout_core::org::Snapshot;
use optout_simulator::{Effect, NotImplementedForm, When};

use crate::bench::{Bench, Meaning};
use crate::organizations::{every_step, intent, organization, random};
use crate::random::seeds;

/// Every fault, in each of its forms.
pub(crate) fn effects() -> Vec<Effect> {
    let error = |code: &str| Effect::Error { code: code.to_owned(), reason: None, message: String::new() };
    let forms = [NotImplementedForm::HtmlPage, NotImplementedForm::InvalidAction, NotImplementedForm::UnknownOperation];
    let mut effects = vec![
        Effect::Throttle,
        Effect::ServerError { status: 500 },
        Effect::ServerError { status: 503 },
        error("ConcurrentModificationException"),
        error("PolicyChangesInProgressException"),
        error("ConstraintViolationException"),
        Effect::Drop,
        Effect::Hang,
        Effect::Slow { milliseconds: 100 },
        Effect::Deny,
        Effect::Malformed,
        Effect::CutShort,
    ];
    effects.extend(forms.map(|form| Effect::NotImplemented { form }));
    effects
}

/// Every pair of a fault and a call where many seeds are wanted; otherwise one of five, each fault and each call among them.
fn is_chosen(pair: u64) -> bool {
    std::env::var_os("OPTOUT_SEEDS").is_some() || pair.is_multiple_of(5)
}

/// How many calls an undisturbed apply makes, and the state it ends in.
async fn undisturbed(snapshot: &Snapshot, intent: &str) -> (u64, Meaning) {
    let bench = Bench::start(snapshot).await;
    bench.done(intent).await;
    (bench.running.simulator.counts().values().sum(), bench.meaning())
}

/// The fault at one call, then an undisturbed run. A fault that passes must not end the first one.
async fn disturbed(snapshot: &Snapshot, intent: &str, effect: &Effect, call: u64, expected: &Meaning) {
    let mut bench = Bench::start(snapshot).await.impatient(effect);
    bench.fault(&[], When::Nth { call }, effect.clone());
    let first = bench.apply(intent).await;
    bench.no_faults();
    bench.done(intent).await;
    assert_eq!(&bench.meaning(), expected, "{effect:?} at call {call}, first run: {:?}", first.err());
}

#[tokio::test]
async fn every_fault_at_every_call_of_a_small_run_is_survived() {
    let snapshot = organization(&[], &[0], false);
    let intent = intent(&[]);
    let (calls, expected) = undisturbed(&snapshot, &intent).await;
    for (at, effect) in (0..).zip(effects()) {
        for call in (1..=calls).filter(|call| is_chosen(at + call)) {
            disturbed(&snapshot, &intent, &effect, call, &expected).await;
        }
    }
}

#[tokio::test]
async fn what_passes_does_not_end_a_run() {
    let (snapshot, intent) = every_step();
    let busy = |code: &str| Effect::Error { code: code.to_owned(), reason: None, message: String::new() };
    let passing = [
        Effect::Throttle,
        Effect::ServerError { status: 500 },
        busy("ConcurrentModificationException"),
        busy("PolicyChangesInProgressException"),
        Effect::Drop,
        Effect::CutShort,
        Effect::Malformed,
    ];
    for effect in passing {
        let bench = Bench::start(&snapshot).await;
        bench.fault(&crate::bench::WRITES, When::Every { calls: 2 }, effect.clone());
        bench.done(&intent).await;
    }
}

#[tokio::test]
async fn every_fault_at_every_write_of_random_runs_is_survived() {
    for seed in seeds(1) {
        let (snapshot, intent) = random(seed);
        let bench = Bench::start(&snapshot).await;
        bench.done(&intent).await;
        let (writes, expected) = (bench.writes(), bench.meaning());
        for (at, effect) in (0..).zip(effects()) {
            for call in (1..=writes).filter(|call| is_chosen(at + call)) {
                let mut bench = Bench::start(&snapshot).await.impatient(&effect);
                bench.fault(&crate::bench::WRITES, When::Nth { call }, effect.clone());
                let first = bench.apply(&intent).await;
                bench.no_faults();
                bench.done(&intent).await;
                let said = first.err();
                assert_eq!(bench.meaning(), expected, "seed {seed}, {effect:?} at write {call}, first run: {said:?}");
            }
        }
    }
}
