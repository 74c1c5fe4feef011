//! Secrets of the environment are nowhere in what a command prints or writes, however much it is asked to tell.

use std::collections::BTreeSet;
use std::path::Path;

use crate::examples::listed;
use crate::harness::{Optout, Ran};
use crate::sandbox::Sandbox;

/// Variables that hold secrets on machines where this program runs. Values that nothing else has.
const SECRETS: [(&str, &str); 7] = [
    ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMIK7MDENGbPxRfiCYSECRETKEY001"),
    ("AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2VjSESSIONTOKEN002"),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "ContainerTOKEN003"),
    ("GITHUB_TOKEN", "ghs_GithubTOKEN004"),
    ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "OpenIdTOKEN005"),
    ("CI_JOB_TOKEN", "GitlabTOKEN006"),
    ("HTTPS_PROXY_PASSWORD", "ProxyPASSWORD007"),
];

/// Every command, with arguments by which it does as much as it can; those that call AWS speak to the sandbox.
const COMMANDS: &[&str] = &[
    "verify --verbose --time-scale 1000 --record e.db --format json --output v.json",
    "verify --verbose --time-scale 1000 --trail trail.json",
    "explain 220000000001 lex --verbose --time-scale 1000",
    "snapshot --verbose --time-scale 1000 --with landscape --output s.json",
    "init --verbose --time-scale 1000 --output other.toml",
    "plan --verbose --time-scale 1000 --out plan.json",
    "apply --verbose --time-scale 1000 --yes --accept-data-loss all",
    "simulate detach p-acmelexstudy ou-acme-research --verbose --time-scale 1000",
    "impact --verbose --time-scale 1000",
    "demo --verbose",
    "lint --verbose policy.json",
    "resolve --verbose --level policy.json",
    "services --verbose",
    "services check page.html --verbose",
    "controls --verbose",
    "generate policy --verbose",
    "generate terraform --verbose --out tf",
    "generate script --verbose --out script",
    "workstation check --verbose --format json",
    "workstation fix --verbose --yes",
    "website check --verbose robots.txt --format json",
    "website generate --verbose",
    "website write robots.txt --verbose --yes",
    "report --organization s.json --verbose --format html --output r.html",
    "audit --organization s.json --verbose --format json",
    "trail --organization s.json --verbose --from trail.json",
    "history --store e.db --verbose",
    "history verify --store e.db --verbose",
    "history export --store e.db --output chain.jsonl --verbose",
    "diff s.json acme.json --verbose",
    "evidence bundle --verbose --time-scale 1000 --output b.tar.gz",
    "evidence verify b.tar.gz --verbose",
    "doctor --verbose --time-scale 1000",
    "advise --verbose --time-scale 1000",
    "usage --organization s.json --usage none.json --verbose",
    "publish --organization s.json --verbose --dry-run --security-hub --event-bus opt-out --state state.json",
    "completions bash",
    "man --out man",
];

/// Commands that are here under another name, or that have nothing to say.
const NOT_RUN: [&str; 2] = ["help", "sandbox"];

fn prepared(sandbox: &Sandbox) -> Optout {
    sandbox
        .run("--version")
        .acme()
        .file("optout.toml", "organization = \"o-acmeexample\"\n")
        .file("policy.json", include_str!("../data/pages/policy.json"))
        .file("trail.json", include_str!("../../../../examples/acme/trail.json"))
        .file("robots.txt", "User-agent: *\nDisallow: /private\n")
        .file("page.html", "<html></html>")
        .file("man/.keep", "")
}

fn with_secrets(sandbox: &Sandbox, run: Optout) -> Optout {
    let run = sandbox.serve(run).environment("RUST_LOG", "trace");
    SECRETS.iter().fold(run, |run, (name, value)| run.environment(name, value))
}

/// Every file below, whatever it is.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes.windows(secret.len()).any(|part| part == secret.as_bytes())
}

fn assert_no_secret(command: &str, ran: &Ran) {
    let mut places = files(ran.folder());
    places.push(("standard output".to_owned(), ran.stdout.clone().into_bytes()));
    places.push(("standard error".to_owned(), ran.stderr.clone().into_bytes()));
    for (place, bytes) in places {
        for (name, secret) in SECRETS {
            assert!(!holds(&bytes, secret), "optout {command}: {name} stands in {place}");
        }
    }
}

#[test]
fn no_command_lets_a_secret_out() {
    let sandbox = Sandbox::start("--organization acme.json");
    let mut ran = prepared(&sandbox).run();
    for command in COMMANDS {
        ran = with_secrets(&sandbox, ran.then(command)).run();
        assert_ne!(ran.code, 64, "optout {command}\n{ran}");
        assert_no_secret(command, &ran);
    }
}

#[test]
fn the_list_of_commands_is_whole() {
    let run: BTreeSet<&str> = COMMANDS.iter().filter_map(|command| command.split(' ').next()).collect();
    let there = listed(&Optout::new("--help").run().stdout);
    assert!(there.len() > 20, "{there:?}");
    let missing: Vec<&String> =
        there.iter().filter(|name| !run.contains(name.as_str()) && !NOT_RUN.contains(&name.as_str())).collect();
    assert!(missing.is_empty(), "not run with secrets in the environment: {missing:?}");
}

#[test]
fn a_secret_that_did_get_out_would_be_found() {
    assert!(holds(b"a log line with GitlabTOKEN006 in it", "GitlabTOKEN006"));
    assert!(!holds(b"short", "GitlabTOKEN006"));
}
