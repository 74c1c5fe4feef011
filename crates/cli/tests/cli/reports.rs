//! `optout report`, and several reports from one run.

use crate::harness::{Optout, Ran};

fn run(arguments: &str) -> Ran {
    Optout::new(&format!("{arguments} --organization acme.json --at 2026-11-24")).acme().run()
}

#[test]
fn one_run_writes_several_reports_and_ends_as_one_does() {
    let ran = run("verify --format text --format sarif --output out.sarif --output rows.csv --output junit.xml");
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stdout.starts_with("OPTED-IN  AWS may use the content of "), "{ran}");
    assert_eq!(ran.names(""), ["acme.json", "junit.xml", "out.sarif", "rows.csv"]);
    let sarif: serde_json::Value = serde_json::from_str(&ran.read("out.sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert!(ran.read("rows.csv").starts_with("organization,account,") && ran.read("junit.xml").starts_with("<?xml"));
    ran.assert_harmless();
}

#[test]
fn a_report_is_a_document_on_standard_output_unless_said_otherwise() {
    let ran = run("report");
    assert!(ran.code == 2 && ran.stdout.starts_with("# AI services opt-out\n"), "{ran}");
    ran.assert_harmless();
    let same = run("report --format markdown --output - --output same.md");
    assert_eq!((same.read("same.md"), same.code), (ran.stdout, 2));
}

#[test]
fn every_format_is_the_same_on_standard_output_and_in_a_file() {
    for format in ["text", "json", "markdown", "markdown-summary", "csv", "junit", "sarif", "asff", "ocsf", "oscal"] {
        let (out, file) =
            (run(&format!("report --format {format}")), run(&format!("report --format {format} --output f")));
        assert_eq!(out.stdout, file.read("f"), "{format}");
        assert_eq!((out.code, file.code, file.stdout.as_str()), (2, 2, ""), "{format}");
        out.assert_harmless();
    }
}

#[test]
fn report_ends_as_verify_does() {
    for arguments in
        ["--account 210000000001 --evidence none", "--account 210000000001", "", "--fail-on low", "--max-age 1h"]
    {
        let code = |command: &str| run(&format!("{command} {arguments} --format csv")).code;
        assert_eq!(code("report"), code("verify"), "{arguments}");
    }
}

#[test]
fn what_cannot_be_paired_is_wrong_usage_before_anything_is_read() {
    for arguments in ["--format csv --format json", "--output report", "--format csv --output a.csv --output a.csv"] {
        let ran = Optout::new(&format!("verify {arguments} --organization missing.json")).run();
        assert_eq!(ran.code, 64, "{arguments}: {ran}");
        assert!(ran.names("").is_empty(), "{ran}");
    }
}

#[test]
fn nothing_is_written_where_one_report_cannot_be_made() {
    let text = include_str!("../../../../examples/acme/organization.json").replace("\"aws\"", "\"aws-eusc\"");
    let arguments = "verify --organization f --format asff --output a.json --output b.csv";
    let ran = Optout::new(arguments).file("f", &text).run();
    insta::assert_snapshot!(ran, @r#"
    exit 1
    --- stdout

    --- stderr
    error: it is not known in which Region the findings would be published to Security Hub
      help: name it with `--publish-region REGION`
    "#);
    assert_eq!(ran.names(""), ["f"]);
    let said = ran.then(&format!("{arguments} --publish-region eusc-de-east-1 --publish-account 123456789012")).run();
    let findings: serde_json::Value = serde_json::from_str(&said.read("a.json")).unwrap();
    let product = "arn:aws-eusc:securityhub:eusc-de-east-1:123456789012:product/123456789012/default";
    assert_eq!((&findings[0]["ProductArn"], &findings[0]["AwsAccountId"]), (&product.into(), &"123456789012".into()));
}

#[test]
fn the_environment_says_nothing_about_who_publishes() {
    let arguments = "report --format asff --organization acme.json --at 2026-11-24";
    let run = |optout: Optout| optout.acme().run().stdout;
    let other =
        Optout::new(arguments).environment("AWS_REGION", "eu-west-3").environment("AWS_DEFAULT_REGION", "eu-west-3");
    assert_eq!(run(Optout::new(arguments)), run(other));
}

/// Every command of `docs/reports.md` about the example organization.
fn documented() -> Vec<String> {
    let text = include_str!("../../../../docs/reports.md");
    let code = text.split('`').filter(|code| code.starts_with("optout ") && code.contains("examples/acme/"));
    code.map(|code| code.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_documented_commands_write_what_they_say() {
    let commands = documented();
    assert!(commands.len() >= 8, "{commands:?}");
    for command in commands {
        let arguments = command.trim_start_matches("optout ").replace("examples/acme/organization.json", "acme.json");
        let ran = Optout::new(&arguments).acme().run();
        assert_eq!(ran.code, 2, "{command}: {ran}");
        match command.split_once("--output ") {
            Some((_, file)) => assert!(ran.read(file).len() > 1_000, "{command}"),
            None => assert!(ran.stdout.len() > 1_000, "{command}"),
        }
    }
}
