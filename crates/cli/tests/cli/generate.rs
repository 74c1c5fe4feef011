//! `optout generate`: files in a folder, compared and replaced, never anything else.

use std::collections::BTreeSet;
use std::fs;

use crate::harness::{Optout, Ran};

const INTENT: &str = "organization = \"o-acmeexample\"\npolicy.name = \"opt-out\"\n";
/// What is to be appended to an intent: one account may share what it does with one service.
pub(crate) const EXCEPTION: &str = "
[[exceptions]]
service = \"lex\"
target = \"220000000001\"
reason = \"pilot\"
approver = \"Jo Doe\"
until = 2027-01-31
";
const FLEET: &str = "\
[[organizations]]
name = \"acme\"
role-arn = \"arn:aws:iam::111111111111:role/optout-fleet-reader\"
external-id = \"example-1\"
";
const AT: &str = "--at 2026-11-24";

fn generate(words: &str) -> Optout {
    Optout::new(&format!("generate {words}")).acme().file("optout.toml", INTENT).file("fleet.toml", FLEET)
}

fn again(ran: Ran, words: &str) -> Optout {
    ran.then(&format!("generate {words}"))
}

const TARGETS: [&str; 20] = [
    "policy",
    "terraform",
    "cloudformation",
    "cdk-python",
    "cdk-typescript",
    "script",
    "runbook",
    "lza",
    "control-tower --region eu-central-1",
    "pipeline --for github --role-arn arn:aws:iam::111111111111:role/verify --repository acme/policies",
    "iam-policy --for verify",
    "iam-policy --for usage",
    "iam-policy --for lambda",
    "monitor",
    "monitor --with terraform",
    "monitor --with cdk-typescript",
    "stackset",
    "fleet --fleet fleet.toml",
    "scp --break-glass BreakGlass",
    "delegation-policy --delegate 210000000001",
];

#[test]
fn what_was_written_is_up_to_date_until_the_intent_changes() {
    for target in TARGETS {
        let words = format!("{target} --organization acme.json --out out {AT}");
        let written = generate(&words).run();
        assert_eq!(written.code, 0, "{written}");
        let names = written.names("out");
        assert!(names.contains(&".optout-generate.json".to_owned()) && names.len() > 1, "{names:?}");
        let fresh = again(written, &format!("{words} --check")).run();
        assert_eq!((fresh.code, fresh.stdout.as_str()), (0, ""), "{fresh}");
        let changed = INTENT.replace("opt-out", "other");
        let stale = again(fresh, &format!("{words} --check")).file("optout.toml", changed).run();
        assert_eq!(stale.code, 2, "{stale}");
        assert!(stale.stdout.contains("--- a/") && stale.stdout.contains("\n+"), "{stale}");
        stale.assert_harmless();
        let rewritten = again(stale, &words).run();
        assert_eq!(rewritten.code, 0, "{rewritten}");
        let fresh = again(rewritten, &format!("{words} --check")).run();
        assert_eq!(fresh.code, 0, "{fresh}");
    }
}

#[test]
fn every_file_says_which_intent_and_which_version_made_it() {
    for target in TARGETS {
        let ran = generate(&format!("{target} --organization acme.json --out out {AT}")).run();
        let manifest: serde_json::Value = serde_json::from_str(&ran.read("out/.optout-generate.json")).unwrap();
        assert_eq!((&manifest["format"], &manifest["intent"]), (&"optout.generate/1".into(), &"optout.toml".into()));
        let sha256 = manifest["intent_sha256"].as_str().unwrap();
        assert_eq!(sha256.len(), 64);
        let comments =
            |name: &&String| [".tf", ".yaml", ".sh", ".py", ".ts", ".txt"].iter().any(|end| name.ends_with(end));
        for name in ran.names("out").iter().filter(comments) {
            let text = ran.read(&format!("out/{name}"));
            let head: Vec<&str> = text.lines().take(4).collect();
            let head = head.join("\n");
            assert!(head.contains(sha256) && head.contains(env!("CARGO_PKG_VERSION")), "{name}: {head}");
        }
    }
}

#[test]
fn equal_input_gives_equal_bytes() {
    for target in ["terraform", "cloudformation", "script", "cdk-typescript"] {
        let text = |_| {
            let words = format!("{target} --organization acme.json --out out {AT}");
            let ran = generate(&words).file("optout.toml", format!("{INTENT}{EXCEPTION}")).run();
            assert_eq!(ran.code, 0, "{ran}");
            ran.read("out/.optout-generate.json")
        };
        assert_eq!(text(1), text(2));
    }
}

#[test]
fn one_file_is_printed_and_several_are_listed() {
    let one = generate("policy").run();
    assert_eq!(one.code, 0, "{one}");
    let document: serde_json::Value = serde_json::from_str(&one.stdout).unwrap();
    assert_eq!(document["services"]["default"]["opt_out_policy"]["@@assign"], "optOut");
    let several = generate("terraform").run();
    assert!(several.stdout.contains("ai_opt_out/main.tf  ") && several.stderr.contains("--out DIR"), "{several}");
    let page = generate("runbook").run();
    assert!(page.stdout.starts_with("# Opting out") && page.stdout.contains("- the root\n"), "{page}");
    let script = generate("script").run();
    assert!(script.stdout.starts_with("#!/bin/sh\n"), "{script}");
}

#[test]
fn exceptions_need_an_organization_until_they_have_ended() {
    let with = format!("{INTENT}{EXCEPTION}");
    let refused = generate(&format!("script {AT}")).file("optout.toml", &with).run();
    assert_eq!(refused.code, 1, "{refused}");
    assert!(refused.stderr.contains("--organization FILE"), "{refused}");
    let ended = generate("script --at 2027-02-01").file("optout.toml", &with).run();
    assert_eq!(ended.code, 0, "{ended}");
    assert!(!ended.stdout.contains("optIn"), "{ended}");
}

#[test]
fn what_an_earlier_generation_left_is_named_and_stays() {
    let with = format!("{INTENT}{EXCEPTION}");
    let words = format!("policy --organization acme.json --out out {AT}");
    let first = generate(&words).file("optout.toml", with).run();
    assert!(first.names("out").len() > 2, "{first}");
    let second = again(first, &words).file("optout.toml", INTENT).run();
    assert_eq!(second.code, 0, "{second}");
    assert!(second.stderr.contains("policy-opt_out_2.json` is left from an earlier generation"), "{second}");
    assert!(second.names("out").contains(&"policy-opt_out_2.json".to_owned()));
    let check = again(second, &format!("{words} --check")).run();
    assert_eq!(check.code, 2, "{check}");
}

#[test]
fn files_of_others_are_never_replaced() {
    let ran = generate("script --out out").file("out/opt-out.sh", "mine").run();
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("a file of somebody else"), "{ran}");
    assert_eq!(ran.read("out/opt-out.sh"), "mine");
    assert_eq!(ran.names("out"), ["opt-out.sh"]);
    let written = generate("script --out out").run();
    let other = again(written, "policy --out out").run();
    assert_eq!(other.code, 1, "{other}");
    assert!(other.stderr.contains("holds what `optout generate script` wrote"), "{other}");
}

#[cfg(unix)]
#[test]
fn nothing_outside_of_the_folder_is_touched() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("main.tf"), "outside").unwrap();
    for link in ["out/ai_opt_out", "out/main.tf"] {
        let run = generate("terraform --out out").file("out/keep", "");
        let to = if link.ends_with(".tf") { outside.path().join("main.tf") } else { outside.path().to_owned() };
        std::os::unix::fs::symlink(to, run.folder().join(link)).unwrap();
        let ran = run.run();
        assert_eq!(ran.code, 1, "{ran}");
        assert!(ran.stderr.contains("nothing outside of the folder is touched"), "{ran}");
        assert_eq!(fs::read_to_string(outside.path().join("main.tf")).unwrap(), "outside");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    }
}

#[cfg(unix)]
#[test]
fn a_script_in_a_folder_may_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let ran = generate("script --out out").run();
    let mode = fs::metadata(ran.folder_path("out/opt-out.sh")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755, "{ran}");
}

#[test]
fn a_guard_needs_a_role_and_a_delegation_an_organization() {
    assert_eq!(generate("scp").run().code, 64);
    assert_eq!(generate("scp --break-glass *").run().code, 64);
    let guard = generate("scp --break-glass BreakGlass").run();
    assert!(guard.stderr.contains("never the management account"), "{guard}");
    let unknown = generate("delegation-policy --delegate 210000000001").run();
    assert_eq!(unknown.code, 1, "{unknown}");
    let own = generate("delegation-policy --delegate 111111111111 --organization acme.json").run();
    assert_eq!(own.code, 1, "{own}");
}

#[test]
fn a_landing_zone_needs_an_organization_and_a_region() {
    for target in ["lza", "control-tower"] {
        let unknown = generate(target).run();
        assert_eq!(unknown.code, 1, "{unknown}");
        assert!(unknown.stderr.contains("--organization FILE"), "{unknown}");
        assert_eq!(generate(&format!("{target} --organization acme.json --region ${{x}}")).run().code, 64);
    }
}

#[test]
fn a_text_that_cloudformation_would_replace_is_refused() {
    let intent = INTENT.replace("opt-out", "{{resolve:ssm:name}}");
    for target in ["cloudformation", "cdk-python", "cdk-typescript", "lza", "control-tower"] {
        let words = format!("{target} --organization acme.json {AT}");
        let ran = generate(&words).file("optout.toml", &intent).run();
        assert_eq!(ran.code, 1, "{ran}");
        assert!(ran.stderr.contains("CloudFormation would replace `{{resolve:` in a name"), "{ran}");
    }
}

/// Each section of the guide has a command, and each command is what it says.
#[test]
fn the_commands_of_the_guide_run() {
    let guide = include_str!("../../../../docs/generate.md");
    let mut sections = 0;
    for section in guide.split("\n## ").skip(1).filter(|section| !section.starts_with("Wh")) {
        let name = section.lines().next().unwrap();
        let commands: Vec<&str> =
            section.lines().filter_map(|line| line.strip_prefix("    optout generate ")).collect();
        assert!(!commands.is_empty(), "{name}");
        for command in commands {
            assert!(command.starts_with(name), "{command}");
            let ran =
                generate(command).file("org.json", include_str!("../../../../examples/acme/organization.json")).run();
            assert_eq!(ran.code, 0, "{ran}");
        }
        sections += 1;
    }
    let names: BTreeSet<&str> = TARGETS.iter().filter_map(|target| target.split(' ').next()).collect();
    // The dashboard has a section and no folder: it is made of no intent.
    assert_eq!(sections, names.len() + 1);
}

/// Each `optout` command of the page about the monitor.
#[test]
fn the_commands_of_the_page_about_the_monitor_run() {
    let page = include_str!("../../../../docs/monitor.md");
    let commands: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("    optout generate ")).collect();
    assert!(commands.len() > 6, "{commands:?}");
    for command in commands {
        let ran = generate(command).file("org.json", include_str!("../../../../examples/acme/organization.json")).run();
        assert_eq!(ran.code, 0, "{ran}");
    }
}

#[test]
fn a_fleet_without_roles_is_refused_with_what_to_do() {
    let fleet = "[[organizations]]\nname = \"acme\"\nprofile = \"acme\"\n";
    let refused = generate("fleet --fleet fleet.toml").file("fleet.toml", fleet).run();
    assert_eq!(refused.code, 1, "{refused}");
    assert!(refused.stderr.contains("role-arn"), "{refused}");
}

#[test]
fn an_intent_that_a_generated_fleet_does_not_carry_over_is_said() {
    let fleet = "[[organizations]]\nname = \"acme\"\nrole-arn = \"arn:aws:iam::111111111111:role/reader\"\n";
    let made = |intent: &str| {
        let fleet = format!("{fleet}{intent}");
        let ran = generate("fleet --out out --fleet fleet.toml").file("fleet.toml", &fleet).file("acme.toml", "").run();
        assert_eq!(ran.code, 0, "{ran}");
        ran.stderr
    };
    assert!(made("intent = \"acme.toml\"\n").contains("the `intent` of acme is not carried over"));
    assert!(!made("").contains("carried over"));
}
