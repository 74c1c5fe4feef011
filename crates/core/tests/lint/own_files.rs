//! What this library generates, before its own rules: no finding in any file, whatever the exceptions of the intent are; and
//! what an exception opens is not passed over in silence, but with its reason.

use std::collections::BTreeSet;

use jiff::Timestamp;
use optout_core::generate::{Design, Output, Provenance, cdk, cloudformation, landing, policy, script, terraform};
use optout_core::intent::{Intent, Known};
use optout_core::lint::{Checked, Kind, is_relevant};
use optout_core::org;
use optout_core::plan::Options;
use optout_core::source::Source;

use crate::linted;

const ACME: &str = include_str!("../../../../examples/acme/organization.json");
/// A reason with everything that a comment, or what reads one, could trip over.
const HOSTILE: &str = "*/ --> # optout:ignore-file no-default x # \"'`$(id) {y} é @@assign {\"services\": {\"lex\": {\"opt_out_policy\": \
                       \"optout\"}}} AvailablePolicyTypes aws organizations list-accounts";

fn design(head: &str, exceptions: &[(&str, &str)], reason: &str) -> Design {
    let exception = |(service, target): &(&str, &str)| {
        let head = format!("[[exceptions]]\nservice = '{service}'\ntarget = '{target}'\nuntil = 2027-01-31\n");
        format!("{head}approver = 'Jo Doe'\nreason = {}\n", serde_json::Value::from(reason))
    };
    let exceptions: String = exceptions.iter().map(exception).collect();
    let text = format!("organization = 'o-acmeexample'\n{head}\n{exceptions}");
    let known = Known::new(["lex", "polly", "comprehend"], []);
    let intent = Intent::parse(&Source::new("optout.toml", text), &known).unwrap();
    let snapshot = org::read(&Source::new("acme.json", ACME)).unwrap();
    let at: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
    let provenance =
        Provenance { what: "x".into(), intent: "optout.toml".into(), sha256: "0".repeat(64), tool_version: "1".into() };
    Design::new(&intent, Some(&snapshot), at, &Options::default(), provenance).unwrap()
}

fn outputs(design: &Design) -> Vec<(&'static str, Output)> {
    let region = "eu-west-1".parse().unwrap();
    vec![
        ("policy", policy::generate(design).unwrap()),
        ("terraform", terraform::generate(design).unwrap()),
        ("cloudformation", cloudformation::generate(design).unwrap()),
        ("cdk-python", cdk::python(design).unwrap()),
        ("cdk-typescript", cdk::typescript(design).unwrap()),
        ("script", script::generate(design).unwrap()),
        ("lza", landing::lza::generate(design, &region).unwrap()),
        ("control-tower", landing::control_tower::generate(design, &region).unwrap()),
    ]
}

fn checked(output: &Output) -> Vec<Checked> {
    let files = output.files.iter().map(|it| (it.path.as_str(), it.text.as_str()));
    let files: Vec<(&str, &str)> =
        files.filter(|(path, text)| Kind::is_possible(path) && is_relevant(path, text)).collect();
    linted(&files)
}

fn findings(checked: &[Checked]) -> Vec<String> {
    let of = |it: &Checked| -> Vec<String> {
        it.findings.iter().map(|finding| format!("{} {} {}", it.source.name, finding.rule, finding.message)).collect()
    };
    checked.iter().flat_map(of).collect()
}

const ONE: &[(&str, &str)] = &[("lex", "220000000001")];
const SEVERAL: &[(&str, &str)] =
    &[("lex", "220000000001"), ("polly", "ou-acme-research"), ("comprehend", "220000000002"), ("lex", "210000000001")];
const OF_DEFAULT: &[(&str, &str)] = &[("default", "220000000001"), ("lex", "ou-acme-research")];

#[test]
fn exceptions_of_an_intent_have_no_finding_in_any_target() {
    for (head, exceptions) in [
        ("", ONE),
        ("", SEVERAL),
        ("", OF_DEFAULT),
        ("guard = 'units'", ONE),
        ("lock = 'partial'", ONE),
        ("lock = 'none'", SEVERAL),
        ("lock = 'none'", OF_DEFAULT),
    ] {
        for reason in ["pilot", HOSTILE] {
            for (target, output) in outputs(&design(head, exceptions, reason)) {
                let found = findings(&checked(&output));
                assert!(found.is_empty(), "{target} {head} {exceptions:?} {reason}:\n{}", found.join("\n"));
            }
        }
    }
}

#[test]
fn what_is_opted_in_is_told_with_who_decided_it_until_when_and_why() {
    for (target, output) in outputs(&design("", ONE, "pilot")) {
        let all = checked(&output);
        let suppressed: BTreeSet<(&str, &str)> =
            all.iter().flat_map(|it| &it.suppressed).map(|it| (it.finding.rule, it.reason.as_str())).collect();
        let expected = ("service-opted-in", "lex at 220000000001 until 2027-01-31, approved by Jo Doe: pilot");
        assert_eq!(suppressed, BTreeSet::from([expected]), "{target}");
    }
}

#[test]
fn without_what_they_declare_the_same_files_are_asked_about() {
    for (target, mut output) in outputs(&design("", ONE, "pilot")) {
        output.files.iter_mut().for_each(|file| file.text = file.text.replace("optout:ignore", "nothing"));
        let found: BTreeSet<&str> = checked(&output).iter().flat_map(|it| &it.findings).map(|it| it.rule).collect();
        assert_eq!(found, BTreeSet::from(["service-opted-in"]), "{target}");
    }
}

#[test]
fn an_exception_without_its_base_is_asked_about() {
    let mut output = policy::generate(&design("", ONE, "pilot")).unwrap();
    output.files.retain(|file| file.path != "policy.json");
    let found = findings(&checked(&output));
    assert!(found.iter().any(|it| it.starts_with("policy-ai_services_opt_out_3.json no-default")), "{found:?}");
    assert!(found.iter().any(|it| it.starts_with("policy-ai_services_opt_out_3.json no-services-lock")), "{found:?}");
}
