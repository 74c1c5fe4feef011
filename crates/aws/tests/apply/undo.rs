//! Going back: what was there is there again, also after a run that died, and undoing may die too.

use optout_aws::apply::execute;
use optout_aws::cancel::Cancel;
use optout_core::plan::Options as PlanOptions;
use optout_core::plan::undo::Undo;
use optout_simulator::{Effect, When};

use crate::bench::{Bench, WRITES, planned};
use crate::organizations::{every_step, organization, random};
use crate::random::seeds;

/// Goes back in at most a few rounds: a policy that was deleted and renamed needs two.
async fn back(bench: &Bench, undo: &Undo) {
    let session = bench.session().await;
    for _ in 0..3 {
        let now = bench.read().await;
        let steps = undo.steps(&now, true).unwrap().steps;
        if steps.is_empty() {
            return;
        }
        execute(&session, &now, &steps, &mut |_| Ok(()), &|_| {}, &Cancel::new()).await.unwrap();
    }
    panic!("there is still something to undo");
}

#[tokio::test]
async fn everything_comes_back_but_ids() {
    for seed in seeds(8) {
        let (snapshot, intent) = if seed == 0 { every_step() } else { random(seed) };
        let mut bench = Bench::start(&snapshot).await;
        let (held, before) = (bench.meaning(), bench.read().await);
        let plan = planned(&intent, &before, &PlanOptions::default());
        let undo = Undo::of(&plan.steps, &plan.losses, &before, before.taken, "test");
        bench.fault(&WRITES, When::Nth { call: 1 + seed }, Effect::Deny);
        let _ = bench.apply(&intent).await;
        bench.no_faults();
        back(&bench, &undo).await;
        assert_eq!(bench.meaning(), held, "seed {seed}");
    }
}

#[tokio::test]
async fn the_type_is_disabled_again_on_request() {
    let bench = Bench::start(&organization(&[], &[0], false)).await;
    let (held, before) = (bench.meaning(), bench.read().await);
    let intent = crate::organizations::intent(&[]);
    let plan = planned(&intent, &before, &PlanOptions::default());
    let undo = Undo::of(&plan.steps, &plan.losses, &before, before.taken, "test");
    bench.done(&intent).await;
    back(&bench, &undo).await;
    assert_eq!(bench.meaning(), held);
}
