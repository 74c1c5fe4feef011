//! Every report format is judged by a program that nobody here wrote, and each of those rejects a broken document.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::environment::{Environment, sarif_schema, sources};
use crate::program::optout;

/// The example organization, in which names are hostile already, with more of them.
fn organization() -> String {
    let text = std::fs::read_to_string(sources().join("../../examples/acme/organization.json")).unwrap();
    let mut snapshot: Value = serde_json::from_str(&text).unwrap();
    let names = [
        "| a | b |",
        "`\\|` [x](https://z.example) @me #12",
        "</code><img src=x> &#64;you www.z.example",
        "]]></testcase>\u{ffff}\u{0}\u{1b}[2J",
        "\u{202e}a\nb\r\n# c",
        "![x](y) https://z.example ~~x~~ $x$",
    ];
    for (at, account) in snapshot["accounts"].as_array_mut().unwrap().iter_mut().enumerate() {
        account["name"] = names[at % names.len()].into();
    }
    for (at, unit) in snapshot["units"].as_array_mut().unwrap().iter_mut().enumerate() {
        unit["name"] = names[(at + 3) % names.len()].into();
    }
    snapshot.to_string()
}

/// A report of the organization in a file.
struct Report {
    folder: TempDir,
    path: PathBuf,
}

impl Report {
    fn of(format: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        std::fs::write(folder.path().join("organization.json"), organization()).unwrap();
        let snapshot = folder.path().join("organization.json");
        let (snapshot, output) = (snapshot.to_str().unwrap(), path.to_str().unwrap());
        let arguments =
            ["report", "--organization", snapshot, "--at", "2026-11-24", "--format", format, "--output", output];
        let ended = optout("http://127.0.0.1:9", arguments);
        assert_eq!(ended.code, 2, "{ended:?}");
        Self { folder, path }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(&self.path).unwrap()).unwrap()
    }

    /// The same with something broken.
    fn broken(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A peer that judges a file.
struct Judge(Box<dyn Fn(&Path) -> Command>);

impl Judge {
    fn script(environment: Environment, script: &'static str) -> Self {
        Self(Box::new(move |path| {
            let mut command = environment.script(script);
            command.arg(path);
            command
        }))
    }

    fn accepts(&self, path: &Path) -> String {
        let output = (self.0)(path).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn rejects(&self, path: &Path, because: &str) {
        let output = (self.0)(path).output().unwrap();
        assert!(!output.status.success(), "accepted: {}", path.display());
        assert!(said(&output).contains(because), "not because of {because}: {}", said(&output));
    }
}

/// What to call a broken document, how to break it, and what the judge says of it.
type Break = (&'static str, fn(&mut Value), &'static str);

/// Each change breaks the document, and the judge says why.
fn rejects_each(judge: &Judge, report: &Report, changes: &[Break]) {
    for (name, change, because) in changes {
        let mut value = report.json();
        change(&mut value);
        judge.rejects(&report.broken(name, &value.to_string()), because);
    }
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let schema = sarif_schema();
    let (Some(environment), Some(schema)) = (Environment::of("check-jsonschema"), schema) else { return };
    let judge = Judge(Box::new(move |path| {
        let mut command = environment.program("check-jsonschema");
        command.arg("--schemafile").arg(&schema).arg(path);
        command
    }));
    let report = Report::of("sarif");
    judge.accepts(&report.path);
    rejects_each(
        &judge,
        &report,
        &[
            (
                "no message",
                |it| drop(it["runs"][0]["results"][0].as_object_mut().unwrap().remove("message")),
                "message",
            ),
            ("level", |it| it["runs"][0]["results"][0]["level"] = "critical".into(), "critical"),
            ("field", |it| it["runs"][0]["results"][0]["subject"] = "x".into(), "subject"),
        ],
    );
}

#[test]
fn asff_is_what_botocore_sends() {
    let Some(environment) = Environment::of("boto3") else { return };
    let judge = Judge::script(environment, "report_asff.py");
    let report = Report::of("asff");
    let count = report.json().as_array().unwrap().len();
    assert_eq!(judge.accepts(&report.path), count.to_string());
    rejects_each(
        &judge,
        &report,
        &[
            ("no id", |it| drop(it[0].as_object_mut().unwrap().remove("Id")), "\"Id\""),
            ("unknown", |it| it[0]["Verdict"] = "x".into(), "Verdict"),
            ("label", |it| it[0]["FindingProviderFields"]["Severity"]["Label"] = "URGENT".into(), "URGENT"),
            ("status", |it| it[0]["Compliance"]["Status"] = "OPEN".into(), "OPEN"),
            ("title", |it| it[0]["Title"] = "x".repeat(257).into(), "257"),
            ("description", |it| it[0]["Description"] = "x".repeat(1025).into(), "1025"),
            ("recommendation", |it| it[0]["Remediation"]["Recommendation"]["Text"] = "x".repeat(513).into(), "513"),
            ("empty", |it| it[0]["ProductFields"]["x"] = " ".into(), "ProductFields"),
        ],
    );
}

#[test]
fn ocsf_is_valid_by_two_libraries() {
    let Some(environment) = Environment::of("py-ocsf-models") else { return };
    let judge = Judge::script(environment, "report_ocsf.py");
    let report = Report::of("ocsf");
    let count = report.json().as_array().unwrap().len();
    assert_eq!(judge.accepts(&report.path), count.to_string());
    rejects_each(
        &judge,
        &report,
        &[
            ("severity", |it| it[0]["severity_id"] = json!(7), "severity_id"),
            ("no info", |it| drop(it[0].as_object_mut().unwrap().remove("finding_info")), "finding_info"),
            ("type", |it| it[0]["type_uid"] = json!(200_100), "type_uid"),
            // What only the schema sees.
            ("field", |it| it[0]["compliance"]["verdict"] = "x".into(), "verdict"),
            ("no cloud", |it| drop(it[0].as_object_mut().unwrap().remove("cloud")), "cloud"),
        ],
    );
}

#[test]
fn oscal_is_loaded_by_trestle() {
    let Some(environment) = Environment::of("compliance-trestle") else { return };
    let judge = Judge::script(environment, "report_oscal.py");
    let report = Report::of("oscal");
    let path = report.broken("results.json", &std::fs::read_to_string(&report.path).unwrap());
    assert_eq!(judge.accepts(&path), "16", "one finding a control");
    rejects_each(
        &judge,
        &report,
        &[
            ("a.json", |it| drop(it["assessment-results"].as_object_mut().unwrap().remove("import-ap")), "import-ap"),
            (
                "b.json",
                |it| {
                    it["assessment-results"]["results"][0]["findings"][0]["target"]["status"]["state"] =
                        "unknown".into();
                },
                "state",
            ),
            ("c.json", |it| it["assessment-results"]["results"][0]["observations"] = json!([]), "observations"),
            ("d.json", |it| it["assessment-results"]["metadata"]["oscal-version"] = "1.0.0".into(), "1.0.0"),
            ("e.json", |it| it["assessment-results"]["results"][0]["verdict"] = "x".into(), "verdict"),
        ],
    );
}

#[test]
fn junit_is_read_by_junitparser() {
    let Some(environment) = Environment::of("junitparser") else { return };
    let judge = Judge::script(environment, "report_junit.py");
    let report = Report::of("junit");
    let text = std::fs::read_to_string(&report.path).unwrap();
    let counts: Vec<usize> = judge.accepts(&report.path).split(' ').map(|it| it.parse().unwrap()).collect();
    assert_eq!(counts[0], text.matches("<testcase ").count());
    assert!(counts[1] > 0 && counts[2] > 0, "{counts:?}");
    let half: String = text.chars().take(text.chars().count() / 2).collect();
    judge.rejects(&report.broken("cut", &half), "ParseError");
    judge
        .rejects(&report.broken("count", &text.replacen("failures=\"", "failures=\"9", 1)), "something else of itself");
    judge.rejects(&report.broken("name", &text.replacen("name=\"decision\"", "name=\"<\u{1}\"", 1)), "ParseError");
}

#[test]
fn markdown_has_no_markup_of_others_on_github() {
    let Some(environment) = Environment::of("compliance-trestle") else { return };
    let judge = Judge::script(environment, "report_markdown.py");
    for (format, rows) in [("markdown", 14 + 1 + 6), ("markdown-summary", 12 + 1 + 6)] {
        let report = Report::of(format);
        assert_eq!(judge.accepts(&report.path), rows.to_string(), "{format}");
        let text = std::fs::read_to_string(&report.path).unwrap();
        judge.rejects(&report.broken("html", &format!("{text}\n<b id=x>x</b>\n")), "'b'");
        judge.rejects(&report.broken("link", &format!("{text}\nhttps://z.example\n")), "'a'");
        judge.rejects(&report.broken("mention", &format!("{text}\nhello @me\n")), "@me");
    }
}

/// A machine that shares in one place, is opted out in another and cannot be read in a third.
fn machine(format: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home\u{202e} <]]>");
    for (path, text) in [(".kiro/settings/cli.json", "{\"telemetry.enabled\": false}"), (".aws-sam/metadata.json", "{")]
    {
        let path = home.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let path = folder.path().join("report");
    let arguments = ["workstation", "check", "--fail-on", "low", "--os", "linux", "--name", "box", "--format", format];
    let paths = ["--user-home", home.to_str().unwrap(), "--output", path.to_str().unwrap()];
    let ended = optout("http://127.0.0.1:9", arguments.into_iter().chain(paths));
    assert_eq!(ended.code, 2, "{ended:?}");
    Report { folder, path }
}

#[test]
fn a_machines_events_are_valid_by_two_libraries() {
    let Some(environment) = Environment::of("py-ocsf-models") else { return };
    let judge = Judge::script(environment, "report_ocsf.py");
    let report = machine("ocsf");
    let count = report.json().as_array().unwrap().len();
    assert!(count > 4, "{count}");
    assert_eq!(judge.accepts(&report.path), count.to_string());
    rejects_each(
        &judge,
        &report,
        &[
            ("device", |it| it[0]["device"]["type_id"] = json!(77), "type_id"),
            ("os", |it| drop(it[0]["device"]["os"].as_object_mut().unwrap().remove("name")), "name"),
            ("status", |it| it[0]["compliance"]["status_id"] = json!(7), "status_id"),
        ],
    );
}

#[test]
fn a_machines_test_results_are_read_by_junitparser() {
    let Some(environment) = Environment::of("junitparser") else { return };
    let judge = Judge::script(environment, "report_junit.py");
    let report = machine("junit");
    let counts: Vec<usize> = judge.accepts(&report.path).split(' ').map(|it| it.parse().unwrap()).collect();
    // Cases, failures, errors, skipped: content of the machine and of one tool fail; a file that cannot be read errs.
    assert!(counts[0] > 4 && counts[1] >= 2 && counts[2] >= 1 && counts[3] == 0, "{counts:?}");
}
