//! An organization that nobody here wrote: moto's. It has accounts, units and policies, and no effective policies at all.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::environment::{Environment, aws};
use crate::program::{Ended, optout};

/// A moto server with one organization; it ends with this value.
pub(crate) struct Moto {
    server: Child,
    /// What `tests/peers/moto_organization.py` says it made.
    made: Value,
}

impl Moto {
    pub(crate) fn start(scenario: &str) -> Option<Self> {
        let environment = Environment::of("moto")?;
        let mut command = environment.script("moto_organization.py");
        // Nothing: the server makes the endpoint itself.
        aws(&mut command, "").env_remove("AWS_ENDPOINT_URL").arg(scenario);
        // Into a file: moto tells a traceback for each request that it does not implement, and nobody reads along.
        let mut said = tempfile::tempfile().unwrap();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(said.try_clone().unwrap());
        let mut server = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let made = serde_json::from_str(&line).unwrap_or_else(|_| panic!("moto did not start: {}", all_of(&mut said)));
        Some(Self { server, made })
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.made["endpoint"].as_str().unwrap()
    }

    fn optout(&self, arguments: &[&str]) -> Ended {
        optout(self.endpoint(), arguments)
    }

    fn verify(&self) -> (i32, Value) {
        let ended = self.optout(&["verify", "--format", "json"]);
        (ended.code, ended.json())
    }

    /// What the facts, or a report, have for each account.
    fn accounts(&self) -> BTreeMap<String, &Value> {
        let accounts = self.made["accounts"].as_object().unwrap();
        accounts.iter().map(|(id, account)| (id.clone(), account)).collect()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

fn all_of(file: &mut File) -> String {
    let mut text = String::new();
    file.rewind().and_then(|()| file.read_to_string(&mut text)).unwrap();
    text
}

fn by_id(list: &Value) -> BTreeMap<String, &Value> {
    list.as_array().unwrap().iter().map(|item| (text(&item["id"]), item)).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn ids<T>(of: &BTreeMap<String, T>) -> Vec<&String> {
    of.keys().collect()
}

#[test]
fn a_policy_that_aws_cannot_confirm_is_undetermined() {
    let Some(moto) = Moto::start("covered") else { return };
    let (code, report) = moto.verify();
    assert_eq!(code, 3, "{report:#}");
    assert_eq!(report["organization"]["id"], moto.made["organization"]);
    assert_eq!(report["scope"], "organization");
    let accounts = by_id(&report["accounts"]);
    assert_eq!(ids(&accounts), ids(&moto.accounts()));
    for account in accounts.values() {
        assert_eq!(account["counted"], true, "{account:#}");
        assert_eq!(account["basis"], "computed", "nothing may be called AWS's answer: {account:#}");
    }
}

#[test]
fn what_the_server_does_not_implement_is_named_once() {
    let Some(moto) = Moto::start("covered") else { return };
    let (_, report) = moto.verify();
    let unknowns = report["unknowns"].as_array().unwrap();
    let about = |operation: &str| unknowns.iter().filter(|unknown| unknown.to_string().contains(operation)).count();
    for operation in ["DescribeEffectivePolicy", "DescribeResourcePolicy", "ListAccountsWithInvalidEffectivePolicy"] {
        assert_eq!(about(operation), 1, "{operation}: {unknowns:#?}");
    }
}

#[test]
fn an_opt_in_fails_though_aws_cannot_confirm_it() {
    let Some(moto) = Moto::start("contradicted") else { return };
    let (code, report) = moto.verify();
    assert_eq!(code, 2, "{report:#}");
    assert_eq!(report["verdict"], "opted-in");
    let reported = by_id(&report["accounts"]);
    for (id, account) in moto.accounts() {
        let in_production = account["parent"] == moto.made["production"];
        let expected = if in_production { "opted-in" } else { "opted-out" };
        assert_eq!(reported[&id]["verdict"], expected, "{:#}", reported[&id]);
        assert_eq!(reported[&id]["services"]["rekognition"]["verdict"], expected, "{:#}", reported[&id]);
        assert_eq!(reported[&id]["services"]["polly"]["verdict"], "opted-out", "{:#}", reported[&id]);
    }
}

#[test]
fn without_an_organization_nothing_is_opted_out() {
    let Some(moto) = Moto::start("none") else { return };
    let (code, report) = moto.verify();
    assert_eq!((code, &report["verdict"]), (2, &Value::from("not-opted-out")), "{report:#}");
}

#[test]
fn a_snapshot_lists_every_account_where_it_is() {
    let Some(moto) = Moto::start("contradicted") else { return };
    let snapshot = snapshot(&moto);
    let accounts = by_id(&snapshot["accounts"]);
    assert_eq!(ids(&accounts), ids(&moto.accounts()));
    for (id, account) in moto.accounts() {
        assert_eq!(accounts[&id]["name"], account["name"]);
        assert_eq!(accounts[&id]["parent"], account["parent"]);
    }
    let units = by_id(&snapshot["units"]);
    assert_eq!(units.len(), moto.made["units"].as_object().unwrap().len());
    for (id, unit) in moto.made["units"].as_object().unwrap() {
        assert_eq!((&units[id]["name"], &units[id]["parent"]), (&unit["name"], &unit["parent"]));
    }
}

#[test]
fn a_snapshot_has_each_policy_where_it_is_attached() {
    let Some(moto) = Moto::start("contradicted") else { return };
    let snapshot = snapshot(&moto);
    let mut attached = BTreeMap::new();
    for (target, attachments) in snapshot["attachments"].as_object().unwrap() {
        let policies: Vec<&Value> = attachments.as_array().unwrap().iter().map(|it| &it["policy"]).collect();
        if !policies.is_empty() {
            attached.insert(target.clone(), policies);
        }
    }
    assert_eq!(serde_json::to_value(attached).unwrap(), moto.made["attachments"]);
}

#[test]
fn a_snapshot_is_judged_as_what_it_was_taken_of() {
    let Some(moto) = Moto::start("contradicted") else { return };
    let (code, live) = moto.verify();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("organization.json");
    std::fs::write(&file, snapshot(&moto).to_string()).unwrap();
    let saved = moto.optout(&["verify", "--format", "json", "--organization", file.to_str().unwrap()]);
    assert_eq!(saved.code, code);
    let saved = saved.json();
    assert_eq!((&saved["verdict"], &saved["accounts"]), (&live["verdict"], &live["accounts"]));
}

#[test]
fn names_do_not_command_the_terminal() {
    let Some(moto) = Moto::start("contradicted") else { return };
    // `--all`: moto draws the account ids, so that any account may be beyond the first few.
    for arguments in [["verify", "--all", "--verbose"].as_slice(), &["snapshot", "--quiet"]] {
        let ended = moto.optout(arguments);
        assert!(ended.stdout.contains("alert"), "the names are there: {ended:?}");
        let control = |text: &str| text.chars().any(|it| it.is_control() && it != '\n');
        assert!(!control(&ended.stdout) && !control(&ended.stderr), "{ended:?}");
    }
}

/// A snapshot on standard output. Its exit code may say that something could not be determined: effective policies.
fn snapshot(moto: &Moto) -> Value {
    let ended = moto.optout(&["snapshot"]);
    assert!(ended.code == 0 || ended.code == 3, "{ended:?}");
    let snapshot = ended.json();
    assert_eq!(snapshot["format"], "optout.snapshot/1");
    snapshot
}

/// What moto has for the policy of a name: its id, its document, where it is attached.
fn policies_called(snapshot: &Value, name: &str) -> Vec<(String, Value, Vec<String>)> {
    let policies = snapshot["policies"].as_array().unwrap().iter().filter(|it| it["name"] == name);
    let policy = |policy: &Value| {
        let id = text(&policy["id"]);
        let attached = snapshot["attachments"].as_object().unwrap().iter();
        let here = |list: &Value| list.as_array().unwrap().iter().any(|it| it["policy"] == policy["id"]);
        let targets = attached.filter(|(_, list)| here(list)).map(|(target, _)| target.clone()).collect();
        (id, serde_json::from_str(policy["content"].as_str().unwrap()).unwrap(), targets)
    };
    policies.map(policy).collect()
}

fn intent(moto: &Moto, folder: &std::path::Path, description: &str) -> String {
    let organization = text(&moto.made["organization"]);
    let path = folder.join("optout.toml");
    let policy = format!("[policy]\nname = \"by optout\"\ndescription = \"{description}\"\n");
    std::fs::write(&path, format!("organization = \"{organization}\"\n{policy}")).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn moto_is_changed_as_far_as_it_goes_and_not_twice() {
    let Some(moto) = Moto::start("contradicted") else { return };
    let folder = tempfile::tempdir().unwrap();
    let apply = |description: &str| {
        let intent = intent(&moto, folder.path(), description);
        let arguments = ["apply", "--yes", "--accept-data-loss", "all", "--time-scale", "100", "--intent", &intent];
        moto.optout(&arguments)
    };
    let first = apply("one");
    assert!(first.stdout.contains("DONE, NOT CONFIRMED"), "moto has no effective policies: {first:?}");
    let made = policies_called(&snapshot(&moto), "by optout");
    assert_eq!(made.len(), 1, "{made:?}");
    assert_eq!(made[0].2, [text(&moto.made["root"])]);
    assert_eq!(made[0].1["services"]["default"]["opt_out_policy"]["@@assign"], "optOut");
    let second = apply("one");
    assert!(!second.stderr.contains("step 1"), "{second:?}");
    let third = apply("two");
    assert!(third.stderr.contains("step 1 of 1: UpdatePolicy"), "{third:?}");
    assert_eq!(policies_called(&snapshot(&moto), "by optout"), made, "the same policy, changed");
}
