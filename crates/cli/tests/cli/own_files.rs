//! What `optout generate` writes, before `optout lint`: no finding in any file of any target.

#![expect(clippy::indexing_slicing, reason = "what is not there ends a test; clippy spares tests, not what they call")]

use crate::generate::EXCEPTION;
use crate::harness::{Optout, Ran};

const PLAIN: &str = "organization = \"o-acmeexample\"\npolicy.name = \"opt-out\"\n";
/// Texts that everything between an intent and AWS could trip over, and that rules look for.
const HOSTILE: &str = "\
organization = \"o-acmeexample\"
guard = \"units\"
[policy]
name = '''It's \"quoted\" ${x} %{y} $(z) `w` \\ #é日 @@assign optout'''
description = '''file:///etc/passwd // {\"services\": {\"lex\": {\"opt_out_policy\": \"optout\"}}} AvailablePolicyTypes'''
[policy.tags]
\"cost center é\" = \"pri/vacy @x=1\"
";
const ACME: &str = include_str!("../../../../examples/acme/organization.json");

/// Every target with what it needs. Those that need an organization come last, after those that are made of an intent alone.
const OF_AN_INTENT: [&str; 33] = [
    "policy",
    "terraform",
    "terraform --enable-with-function optout",
    "cloudformation",
    "cdk-python",
    "cdk-typescript",
    "script",
    "runbook",
    "pipeline --for github --role-arn arn:aws:iam::111111111111:role/verify --repository acme/policies",
    "pipeline --for gitlab --role-arn arn:aws:iam::111111111111:role/verify --repository acme/policies",
    "pipeline --for codebuild --role-arn arn:aws:iam::111111111111:role/verify",
    "iam-policy --for verify",
    "iam-policy --for snapshot",
    "iam-policy --for plan",
    "iam-policy --for apply",
    "iam-policy --for undo",
    "iam-policy --for script",
    "iam-policy --for terraform",
    "iam-policy --for cloudformation",
    "iam-policy --for cdk",
    "scp --break-glass BreakGlass",
    "scp --break-glass teams/BreakGlass",
    "iam-policy --for usage",
    "iam-policy --for usage --bills-only",
    "iam-policy --for lambda",
    "iam-policy --for monitor",
    "monitor",
    "monitor --with terraform",
    "monitor --with cdk-python",
    "monitor --with cdk-typescript",
    "stackset",
    "fleet --fleet fleet.toml",
    "dashboard",
];
const FLEET: &str = "\
[[organizations]]
name = \"acme\"
role-arn = \"arn:aws:iam::111111111111:role/optout-fleet-reader\"
external-id = \"example\"
";
const OF_AN_ORGANIZATION: [&str; 3] =
    ["lza --region eu-west-1", "control-tower --region eu-central-1", "delegation-policy --delegate 210000000001"];
const OF_NEITHER: [&str; 7] = [
    "workstation --for vscode-policy",
    "workstation --for jetbrains",
    "workstation --for intune",
    "workstation --for jamf",
    "workstation --for ansible",
    "workstation --for devcontainer",
    "workstation --for dotfiles",
];

/// Generates into a folder of its own; whatever the vendor documents no files for writes none.
fn generated(ran: Ran, words: &str, number: usize) -> Ran {
    let folder = format!("all/{number}");
    if words == "dashboard" {
        // One file, for standard output.
        let ran = ran.then("generate dashboard").run();
        std::fs::create_dir_all(ran.folder_path(&folder)).unwrap();
        std::fs::write(ran.folder_path(&folder).join("dashboard.yaml"), &ran.stdout).unwrap();
        return ran;
    }
    let ran = ran.then(&format!("generate {words} --out {folder}")).run();
    assert!(ran.code == 0 || ran.stderr.contains("cannot enforce these settings"), "{words}: {ran}");
    ran
}

/// With the options of a design, where the target is made of one.
fn design(words: &str, known: &str) -> String {
    if words == "dashboard" { words.to_owned() } else { format!("{words}{known} --at 2026-11-24") }
}

/// Nothing is found in a folder, whatever lies beside it.
fn nothing_found(ran: Ran, words: &str, folder: &str) -> Ran {
    if !ran.folder_path(folder).exists() {
        return ran;
    }
    let ran = ran.then(&format!("lint --format json --fail-on info {folder}")).run();
    let report = ran.json();
    let documents = report["documents"].as_array().unwrap().iter();
    let rules = documents.flat_map(|it| it["findings"].as_array().unwrap()).map(|it| it["rule"].as_str().unwrap());
    let found: Vec<&str> = rules.collect();
    assert!(found.is_empty(), "`optout generate {words}`: {found:?}\n{ran}");
    ran
}

/// The organization with names that nobody would write.
fn hostile_organization() -> String {
    let mut value: serde_json::Value = serde_json::from_str(ACME).unwrap();
    let name = "</script>'\"`$(id) ${x} {{y}} #é \u{202e}@@assign";
    for list in ["accounts", "units", "policies"] {
        for (number, entry) in value[list].as_array_mut().unwrap().iter_mut().enumerate() {
            entry["name"] = format!("{number} {name}").into();
        }
    }
    value.to_string()
}

#[test]
fn no_file_of_any_target_has_a_finding() {
    let exception = format!("{PLAIN}{EXCEPTION}");
    let (acme, hostile) = (ACME.to_owned(), hostile_organization());
    let designs = [
        (PLAIN, None),
        (HOSTILE, None),
        (HOSTILE, Some(&hostile)),
        (exception.as_str(), Some(&acme)),
        (exception.as_str(), Some(&hostile)),
    ];
    let mut ran = Optout::new("generate policy").file("optout.toml", PLAIN).file("fleet.toml", FLEET).run();
    let mut number = 0;
    for (intent, organization) in designs {
        std::fs::write(ran.folder_path("optout.toml"), intent).unwrap();
        std::fs::write(ran.folder_path("acme.json"), organization.unwrap_or(&acme)).unwrap();
        let known = if organization.is_some() { " --organization acme.json" } else { "" };
        let more = OF_AN_ORGANIZATION.iter().filter(|_| organization.is_some());
        for words in OF_AN_INTENT.iter().chain(more) {
            let words = design(words, known);
            ran = generated(ran, &words, number);
            ran = nothing_found(ran, &words, &format!("all/{number}"));
            number += 1;
        }
    }
    for words in OF_NEITHER {
        ran = generated(ran, words, number);
        ran = nothing_found(ran, words, &format!("all/{number}"));
        number += 1;
    }
}

#[test]
fn as_sarif_they_have_no_result() {
    let mut ran = Optout::new("generate policy").file("optout.toml", HOSTILE).file("fleet.toml", FLEET).acme().run();
    for (number, words) in OF_AN_INTENT.iter().chain(&OF_AN_ORGANIZATION).enumerate() {
        ran = generated(ran, &design(words, " --organization acme.json"), number);
    }
    let sarif = ran.then("lint --format sarif --fail-on info all").run();
    assert_eq!(sarif.code, 0, "{sarif}");
    assert_eq!(sarif.json()["runs"][0]["results"], serde_json::json!([]), "{sarif}");
}

#[test]
fn every_target_is_among_them() {
    let help = Optout::new("generate --help").run().stdout;
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let known: Vec<&str> = OF_AN_INTENT
        .iter()
        .chain(&OF_AN_ORGANIZATION)
        .chain(&OF_NEITHER)
        .map(|it| it.split(' ').next().unwrap())
        .collect();
    let names = commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let missing: Vec<&str> = names
        .map(|line| line.split_whitespace().next().unwrap())
        .filter(|name| *name != "help" && !known.contains(name))
        .collect();
    assert!(missing.is_empty(), "write these into the table above: {missing:?}");
}
