//! The laws of applying, over random organizations and intents that follow from a seed.
//!
//! `OPTOUT_SEEDS` says how many; a few otherwise.

use optout_core::check::{Keys, Reading};
use optout_core::org::{AnswerContent, Snapshot};
use optout_core::plan::MANAGED_TAG;

use crate::bench::{Bench, Meaning, services};
use crate::organizations::random;

/// How many random cases a test goes through.
pub(crate) fn seeds(usual: u64) -> std::ops::Range<u64> {
    let many = std::env::var("OPTOUT_SEEDS").ok().and_then(|text| text.parse().ok());
    0..many.unwrap_or(usual)
}

#[tokio::test]
async fn a_plan_that_is_applied_comes_true_and_leaves_nothing_to_do() {
    for seed in seeds(12) {
        let (snapshot, intent) = random(seed);
        let bench = Bench::start(&snapshot).await;
        let before = bench.read().await;
        let others = of_others(&bench);
        let applied = bench.done(&intent).await;
        assert_eq!(applied.plan.obstacles, [], "seed {seed}");
        assert_eq!(bench.writes(), applied.plan.steps.len() as u64, "seed {seed}: one call a step");
        assert_predicted(seed, &before, &applied.settled.snapshot, &applied.plan.changes);
        assert_eq!(of_others(&bench), others, "seed {seed}");
        let writes = bench.writes();
        assert!(bench.done(&intent).await.plan.is_empty(), "seed {seed}");
        assert_eq!(bench.writes(), writes, "seed {seed}: a second apply writes nothing");
    }
}

/// What AWS answers for each account is what it answered before, but for the changes that the plan predicted.
fn assert_predicted(seed: u64, before: &Snapshot, after: &Snapshot, changes: &[optout_core::plan::Change]) {
    for account in after.accounts.iter().flatten() {
        let Some(now) = said(after, account.id) else { continue };
        for (service, word) in now {
            let change = changes.iter().filter(|it| it.accounts.contains(&account.id)).flat_map(|it| &it.settings);
            let predicted = change.clone().find(|it| it.service == service).map(|it| it.after.clone());
            let old = || said(before, account.id).and_then(|mut all| all.remove(&service));
            if let Some(expected) = predicted.or_else(old) {
                assert_eq!(word, expected, "seed {seed}: {} {service}", account.id);
            }
        }
    }
}

/// AWS's words for each service at an account, where it was asked.
fn said(
    snapshot: &Snapshot,
    account: optout_core::org::AccountId,
) -> Option<std::collections::BTreeMap<String, String>> {
    let keys = Keys::new(services());
    let reading = match &snapshot.answers.get(&account)?.content {
        AnswerContent::Document(text) => Reading::of_text(&keys, text),
        AnswerContent::NotFound => Reading::unset(&keys),
    };
    let word = |(key, name): (_, &str)| (name.to_owned(), reading.get(key).setting.unwrap().as_str().to_owned());
    Some(keys.iter().map(word).collect())
}

/// The whole organization without the managed policies and without what the simulator counts up.
fn of_others(bench: &Bench) -> (Snapshot, Meaning) {
    let mut snapshot = bench.running.simulator.snapshot();
    let managed = |it: &optout_core::org::Policy| it.tags.as_ref().is_some_and(|tags| tags.contains_key(MANAGED_TAG.0));
    let ids: Vec<_> = snapshot.policies.iter().flatten().filter(|it| managed(it)).map(|it| it.id.clone()).collect();
    snapshot.policies.as_mut().unwrap().retain(|it| !ids.contains(&it.id));
    snapshot.attachments.as_mut().unwrap().values_mut().for_each(|list| list.retain(|it| !ids.contains(&it.policy)));
    snapshot.attachments.as_mut().unwrap().retain(|_, list| !list.is_empty());
    // Enabling the type is the one change outside policies.
    snapshot.root.as_mut().unwrap().policy_types.clear();
    snapshot.taken = jiff::Timestamp::UNIX_EPOCH;
    let meaning = crate::bench::meaning(&snapshot);
    (snapshot, meaning)
}
