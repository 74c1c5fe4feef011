//! Several random faults at random calls, over random organizations: what is read then is right or unknown, what is applied
//! then is finished by the next run, nothing hangs, nothing is left behind in memory.
//!
//! `OPTOUT_SEEDS` says how many storms, a few otherwise; `OPTOUT_STORM_SECONDS` after what time no further one begins.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use optout_aws::cancel::Cancel;
use optout_aws::read::read;
use optout_core::catalogue::Catalogue;
use optout_core::check::{AccountVerdict, Question, assess};
use optout_core::org::{AccountId, Snapshot};
use optout_simulator::{Effect, Fault, When};

use crate::bench::{Bench, reading};
use crate::faults::effects;
use crate::organizations::{Dice, random};
use crate::random::seeds;

/// So much may be in memory at the end that was not there after the first storms, in MB: what an allocator keeps, no more.
const MOST_GROWTH: u64 = 96;

const READS: [&str; 6] =
    ["ListAccounts", "ListRoots", "ListPolicies", "DescribePolicy", "ListTargetsForPolicy", "DescribeEffectivePolicy"];

fn when(dice: &mut Dice) -> When {
    match dice.below(4) {
        0 => When::Nth { call: 1 + dice.below(12) as u64 },
        1 => When::Every { calls: 2 + dice.below(6) as u64 },
        2 => When::First { calls: 1 + dice.below(4) as u64 },
        _ => When::Chance { probability: 0.02 + 0.03 * dice.below(9) as f64, seed: dice.below(1_000) as u64 },
    }
}

/// At which operations: all, one that reads, or those that write.
fn operations(dice: &mut Dice) -> Vec<String> {
    let names: &[&str] = match dice.below(3) {
        0 => &[],
        1 => &READS[dice.below(READS.len())..][..1],
        _ => &crate::bench::WRITES,
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn storm(seed: u64) -> Vec<Fault> {
    let (mut dice, effects) = (Dice::new(seed ^ 0x5707_a11a), effects());
    let mut fault = || {
        let effect = effects[dice.below(effects.len())].clone();
        Fault { operations: operations(&mut dice), callers: Vec::new(), when: when(&mut dice), effect }
    };
    (0..1 + seed % 3).map(|_| fault()).collect()
}

/// Waits as long for an answer as makes sense where some never come.
fn in_storm(bench: Bench, faults: Vec<Fault>) -> Bench {
    let hangs = faults.iter().any(|fault| fault.effect == Effect::Hang);
    bench.running.simulator.set_faults(faults);
    if hangs { bench.impatient(&Effect::Hang) } else { bench }
}

fn verdicts(snapshot: &Snapshot) -> BTreeMap<AccountId, AccountVerdict> {
    let at = "2026-11-24T12:00:00Z".parse().unwrap();
    let assessment = assess(&Question { at, ..Question::plain(snapshot, Catalogue::embedded()) });
    assessment.accounts.iter().map(|account| (account.id, account.verdict)).collect()
}

/// What was read in the storm says nothing that is not so.
async fn is_never_wrong(seed: u64, bench: &Bench, truth: &BTreeMap<AccountId, AccountVerdict>) {
    let (options, cancel) = (reading(), Cancel::new());
    let session = bench.session().await;
    let longest = Duration::from_secs(120);
    let snapshot = tokio::time::timeout(longest, read(&session, &options, &|_| {}, &cancel)).await;
    let Ok(snapshot) = snapshot.unwrap_or_else(|_| panic!("seed {seed}: it hangs")) else { return };
    for (account, verdict) in verdicts(&snapshot) {
        let right = verdict == AccountVerdict::Unknown || truth.get(&account) == Some(&verdict);
        assert!(right, "seed {seed}: {account} is {verdict}, in truth {:?}", truth.get(&account));
    }
}

/// Read and applied in a storm, then once more when it is over: the state is that of a calm run.
async fn survives(seed: u64) {
    let (snapshot, intent) = random(seed);
    let calm = Bench::start(&snapshot).await;
    let truth = verdicts(&calm.read().await);
    calm.done(&intent).await;
    let bench = in_storm(Bench::start(&snapshot).await, storm(seed));
    is_never_wrong(seed, &bench, &truth).await;
    let mut bench = in_storm(bench, storm(seed.wrapping_add(1)));
    let first = bench.apply(&intent).await;
    bench.no_faults();
    bench.done(&intent).await;
    assert_eq!(bench.meaning(), calm.meaning(), "seed {seed}, in the storm: {:?}", first.err());
}

/// Megabytes of this process that are in memory, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

fn out_of_time(begun: Instant) -> bool {
    let limit = std::env::var("OPTOUT_STORM_SECONDS").ok().and_then(|text| text.parse().ok());
    limit.is_some_and(|seconds| begun.elapsed() > Duration::from_secs(seconds))
}

#[tokio::test]
async fn what_a_storm_leaves_behind_the_next_run_finishes() {
    let (begun, wanted) = (Instant::now(), seeds(10));
    let (mut done, mut settled) = (0_u64, None);
    for seed in wanted {
        if out_of_time(begun) {
            break;
        }
        survives(seed).await;
        done += 1;
        if done == 200 {
            settled = resident();
        }
    }
    assert!(done > 0);
    let (now, before) = (resident(), settled);
    eprintln!(
        "{done} storms, {} s, {before:?} MB in memory after 200 of them, {now:?} at the end",
        begun.elapsed().as_secs()
    );
    if let (Some(now), Some(before)) = (now, before) {
        assert!(now < before + MOST_GROWTH, "{before} MB grew to {now} MB");
    }
}
