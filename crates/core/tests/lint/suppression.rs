//! Suppression by comment.

use crate::{linted, rules};

const OPEN: &str = r#"  content = jsonencode({ services = { default = { opt_out_policy = { "@@assign" = "optOut" } } } })
"#;

fn module(before: &str, after_type: &str) -> String {
    format!(
        "{before}resource \"aws_organizations_policy\" \"ai\" {{\n  name = \"ai\"\n  type = \"AISERVICES_OPT_OUT_POLICY\"\n{after_type}{OPEN}}}\n"
    )
}

#[test]
fn a_comment_above_a_block_holds_for_the_block_and_no_further() {
    let module = module("# optout:ignore policy-never-attached,no-services-lock attached by hand\n", "");
    let twice =
        format!("{module}\n{}", module.replace("\"ai\" {", "\"two\" {").lines().skip(1).collect::<Vec<_>>().join("\n"));
    let checked = linted(&[("main.tf", &twice)]);
    let count = |rule: &str| checked[0].findings.iter().filter(|finding| finding.rule == rule).count();
    assert_eq!((count("policy-never-attached"), count("no-services-lock"), count("no-default-lock")), (1, 1, 2));
    assert_eq!(checked[0].suppressed.len(), 2);
    assert!(checked[0].suppressed.iter().all(|it| it.reason == "attached by hand"));
}

#[test]
fn a_comment_at_the_end_of_a_line_holds_for_the_line() {
    let script = "import boto3\norg = boto3.client(\"organizations\")\nTYPE = \"AISERVICES_OPT_OUT_POLICY\"\n\
                  org.list_accounts()  # optout:ignore missing-pagination two accounts, ever\norg.list_policies(Filter=TYPE)\n";
    let checked = linted(&[("a.py", script)]);
    assert_eq!((checked[0].findings.len(), checked[0].suppressed.len()), (1, 1));
}

#[test]
fn a_comment_for_the_file_holds_for_the_file() {
    let text = module("// optout:ignore-file policy-never-attached: attached elsewhere\n\n", "");
    assert!(!rules(&[("main.tf", &text)]).contains("policy-never-attached"));
}

#[test]
fn without_a_reason_nothing_is_suppressed() {
    let found = rules(&[("main.tf", &module("# optout:ignore policy-never-attached\n", ""))]);
    assert!(found.contains("policy-never-attached") && found.contains("suppression-without-reason"));
}

#[test]
fn another_rule_is_not_suppressed() {
    let found = rules(&[("main.tf", &module("# optout:ignore no-default because\n", ""))]);
    assert!(found.contains("policy-never-attached"));
}

const OPTED_IN: &str = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;

fn ignoring(file: &str, reason: &str) -> String {
    format!(r#"{{"optout:ignore": [{{"File": "{file}", "Rules": ["no-default"], "Reason": "{reason}"}}]}}"#)
}

#[test]
fn json_says_it_for_a_file_beside_it() {
    let checked =
        linted(&[("/a/lex.json", OPTED_IN), ("/a/ignore.json", &ignoring("lex.json", "default is set above"))]);
    let suppressed: Vec<(&str, &str)> =
        checked[0].suppressed.iter().map(|it| (it.finding.rule, it.reason.as_str())).collect();
    assert_eq!(suppressed, [("no-default", "default is set above")]);
    assert_eq!((checked.len(), checked[0].findings.len()), (1, 1));
}

#[test]
fn json_says_nothing_for_files_elsewhere_and_nothing_without_a_reason() {
    for (file, reason) in [("../b/lex.json", "r"), ("lex.json", " "), ("b/lex.json", "r"), ("other.json", "r")] {
        let found = rules(&[("b/lex.json", OPTED_IN), ("a/ignore.json", &ignoring(file, reason))]);
        assert!(found.contains("no-default"), "{file} `{reason}`");
    }
    let found = rules(&[("lex.json", OPTED_IN), ("ignore.json", &ignoring("lex.json", " "))]);
    assert!(found.contains("no-default") && found.contains("suppression-without-reason"));
}

#[test]
fn what_says_it_is_no_policy_even_where_it_is_named() {
    let source = optout_core::source::Source::new("ignore.json", ignoring("lex.json", "r"));
    let inputs = [optout_core::lint::Input { source, named: true }];
    let checked = optout_core::lint::lint_repository(&inputs, optout_core::catalogue::Catalogue::embedded());
    assert_eq!((checked[0].findings.len(), checked[0].admissible), (0, true));
}
