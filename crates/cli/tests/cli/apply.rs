//! `optout apply` against `optout sandbox`: the whole way, back again, and killed on the way.

#![expect(clippy::indexing_slicing, reason = "what is not there ends a test; clippy spares tests, not what they call")]

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::harness::{Optout, Ran};
use crate::sandbox::Sandbox;

const INTENT: &str = "organization = \"o-acmeexample\"\n";
const APPLY: &str = "apply --yes --time-scale 1000 --adopt p-acmeoptout1 --adopt p-acmetrans01 --accept-data-loss all";

fn with_intent(sandbox: &Sandbox, arguments: &str) -> Optout {
    sandbox.run(arguments).file("optout.toml", INTENT)
}

fn plan(sandbox: &Sandbox) -> Ran {
    with_intent(sandbox, "plan --time-scale 1000 --format json").run()
}

fn steps(ran: &Ran) -> usize {
    ran.json()["steps"].as_array().unwrap().len()
}

/// The example has an account whose effective policy is invalid: what is left in the way is that, and nothing to do.
fn assert_done(sandbox: &Sandbox) {
    let after = plan(sandbox);
    assert_eq!(steps(&after), 0, "{after}");
    let obstacles = after.json()["obstacles"].to_string();
    assert!(!obstacles.contains("other-policy"), "{obstacles}");
}

#[test]
fn what_is_planned_is_done_and_a_second_run_does_nothing() {
    let sandbox = Sandbox::start("--organization acme.json");
    let first = with_intent(&sandbox, APPLY).run();
    assert!(first.stdout.contains("DONE  AWS's own answers confirm it"), "{first}");
    assert!(
        first.stderr.contains("as account 111111111111 (user), the management account of o-acmeexample"),
        "{first}"
    );
    first.assert_harmless();
    let names = first.names("");
    let journal = names.iter().find(|name| name.ends_with(".journal.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> =
        first.read(journal).lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert_eq!((&lines[0]["format"], &lines[1]["event"]), (&"optout.journal/1".into(), &"step-started".into()));
    assert_done(&sandbox);
    let second = with_intent(&sandbox, "apply --yes --time-scale 1000").run();
    assert!(!second.stderr.contains("step 1"), "{second}");
    assert_eq!(second.names("").len(), 1, "no undo, no journal: {:?}", second.names(""));
}

#[test]
fn the_undo_brings_back_what_was() {
    let sandbox = Sandbox::start("--organization acme.json");
    let before = sandbox.run("verify --format json --time-scale 1000 --evidence all").run();
    // Only policies that keep their place: what is attached anew comes last, which the undo says.
    let apply = "apply --yes --time-scale 1000 --adopt p-acmeoptout1 --accept-data-loss all";
    let applied = with_intent(&sandbox, apply).run();
    let undo = applied.names("").into_iter().find(|name| name.ends_with(".undo.json")).unwrap();
    let back = sandbox.serve(applied.then(&format!("apply {undo} --yes --time-scale 1000"))).run();
    assert_eq!(back.code, 0, "{back}");
    let after = sandbox.run("verify --format json --time-scale 1000 --evidence all").run();
    assert_eq!(after.json()["accounts"], before.json()["accounts"]);
}

#[test]
fn the_undo_says_what_it_cannot_bring_back() {
    let sandbox = Sandbox::start("--organization acme.json");
    let applied = with_intent(&sandbox, APPLY).run();
    let undo = applied.names("").into_iter().find(|name| name.ends_with(".undo.json")).unwrap();
    let back = sandbox.serve(applied.then(&format!("apply {undo} --yes --time-scale 1000"))).run();
    for part in ["gets another id than `p-acmetrans01`", "the order cannot come back", "is gone for good"] {
        assert!(back.stdout.contains(part), "{part}: {back}");
    }
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_done() {
    let sandbox = Sandbox::start("--organization acme.json");
    let ran = with_intent(&sandbox, "apply --time-scale 1000 --accept-data-loss all").run();
    assert_eq!(ran.code, 64, "{ran}");
    assert!(ran.stderr.contains("--yes"), "{ran}");
    assert!(steps(&plan(&sandbox)) > 0);
}

#[test]
fn a_loss_that_nobody_accepted_is_refused_also_with_yes() {
    let sandbox = Sandbox::start("--organization acme.json");
    let ran = with_intent(&sandbox, "apply --yes --time-scale 1000").run();
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("--accept-data-loss") && ran.stderr.contains("transcribe"), "{ran}");
}

#[test]
fn a_reviewed_plan_runs_once_and_is_stale_afterwards() {
    let sandbox = Sandbox::start("--organization acme.json");
    let planned = with_intent(&sandbox, "plan --time-scale 1000 --accept-data-loss all --out plan.json").run();
    assert_eq!(planned.code, 2, "{planned}");
    let applied = sandbox.serve(planned.then("apply plan.json --yes --time-scale 1000")).run();
    assert!(applied.stdout.contains("DONE"), "{applied}");
    let stale = sandbox.serve(applied.then("apply plan.json --yes --time-scale 1000")).run();
    assert_eq!(stale.code, 1, "{stale}");
    assert!(stale.stderr.contains("has changed since the plan was made"), "{stale}");
}

#[test]
fn a_member_account_is_told_that_aws_will_refuse() {
    let sandbox = Sandbox::start("--organization acme.json");
    let run = with_intent(&sandbox, "apply --yes --time-scale 1000 --accept-data-loss all");
    let ran = run.environment("AWS_ACCESS_KEY_ID", "210000000001").run();
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("help: "), "{ran}");
}

/// Starts the command and kills it once its journal has so many lines.
fn killed(run: &Optout, lines: usize) {
    let mut child = run.command().stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    let written = || {
        let entries = std::fs::read_dir(run.folder()).unwrap().filter_map(Result::ok);
        let journal = entries.map(|it| it.path()).find(|it| it.to_string_lossy().ends_with(".journal.jsonl"));
        journal.and_then(|path| std::fs::read_to_string(path).ok()).map_or(0, |text| text.lines().count())
    };
    while written() < lines && child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_secs(60), "the journal does not grow");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_process_that_is_killed_is_finished_by_the_next_one() {
    for lines in [2, 5, 9, 14] {
        let sandbox = Sandbox::start("--organization acme.json --latency 20");
        killed(&with_intent(&sandbox, APPLY), lines);
        let again = with_intent(&sandbox, APPLY).run();
        assert!(again.stdout.contains("DONE") || again.stdout.contains("IN THE WAY"), "{again}");
        assert_done(&sandbox);
        let policies = sandbox.run("snapshot --time-scale 1000").run();
        let names: Vec<String> =
            policies.json()["policies"].as_array().unwrap().iter().map(|it| it["name"].to_string()).collect();
        let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(names.len(), distinct.len(), "{names:?}");
    }
}

#[test]
fn the_demo_leads_to_an_organization_that_is_opted_out() {
    let ran = Optout::new("demo").run();
    assert_eq!(ran.code, 0, "{ran}");
    for part in ["$ optout plan", "$ optout apply --yes", "DONE  AWS's own answers confirm it"] {
        assert!(ran.stdout.contains(part), "{part}: {ran}");
    }
    assert_eq!(ran.stdout.matches("$ optout verify").count(), 2);
    ran.assert_harmless();
}
