//! What a widely read guide recommends, written out here in other words: every piece is caught by the rules it breaks.
//! And the table of known mistakes, with the rule that each one has.

use std::path::Path;

use optout_core::lint::rule;

use crate::rules;

/// `tests/data/lint/guide/NAME.txt`: the rules in the first line, then files.
#[test]
fn every_piece_of_the_guide_is_caught() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/lint/guide");
    let mut wrong = Vec::new();
    let mut pieces = 0;
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let text = std::fs::read_to_string(&file).unwrap();
        let (head, rest) = text.split_once('\n').unwrap();
        let expected: Vec<&str> = head.split_whitespace().collect();
        let files: Vec<(&str, &str)> =
            rest.split("@file ").skip(1).map(|piece| piece.split_once('\n').unwrap()).collect();
        let found = rules(&files);
        let missing: Vec<&&str> = expected.iter().filter(|rule| !found.contains(**rule)).collect();
        let unexpected: Vec<&&str> = found.iter().filter(|rule| !expected.contains(*rule)).collect();
        if !missing.is_empty() || !unexpected.is_empty() {
            wrong.push(format!("{}: missing {missing:?}, unexpected {unexpected:?}", file.display()));
        }
        pieces += 1;
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(pieces >= 18, "{pieces}");
}

/// Known mistakes that are about code or documents, each with its rules.
const MISTAKES: &[(&str, &[&str])] = &[
    ("reads AvailablePolicyTypes", &["available-policy-types"]),
    ("lists accounts and policies once", &["missing-pagination"]),
    ("takes a truthy EffectivePolicy for opted out", &["effective-policy-truthiness"]),
    ("looks for operators in the effective policy", &["operators-in-effective-policy"]),
    ("filters on the account's Status", &["account-status-retired"]),
    ("takes a `default` for enough", &["default-presence-only", "default-opted-in", "service-opted-in"]),
    ("locks nothing", &["no-services-lock", "no-default-lock", "no-setting-lock"]),
    ("always exits 0", &["exit-code-ignored"]),
    ("calls an operation that does not exist", &["unknown-api-call"]),
    ("can run only once", &["not-idempotent"]),
    ("creates the organization and never enables the type", &["organization-owned", "type-not-enabled"]),
    ("attaches to the management account only", &["attached-to-own-account"]),
    ("uses a pseudo parameter that does not exist", &["unknown-pseudo-parameter"]),
    ("rolls the policy out by a StackSet", &["policy-in-stackset"]),
    ("deploys a custom stack into every account", &["lza-deployment-targets", "lza-unsupported-policies"]),
    (
        "uses an old runtime and too few permissions",
        &["deprecated-runtime", "incomplete-permissions", "unscoped-permissions"],
    ),
    ("returns a dictionary from a Config rule", &["config-rule-without-evaluations"]),
    ("passes when a policy is attached", &["attachment-as-compliance"]),
    ("graphs metrics that do not exist", &["unknown-metric"]),
    ("sets a key that no editor reads", &["unknown-ide-setting"]),
    ("blocks crawlers that do not exist", &["obsolete-crawler"]),
    (
        "uses a service control policy, or statements",
        &["opt-out-as-control-policy", "wrong-policy-type", "policy-is-iam"],
    ),
    ("creates a policy without its description", &["policy-without-description"]),
    ("forgets the operators", &["policy-bare-value", "policy-operator"]),
    ("names services and no default", &["no-default"]),
    ("attaches at the wrong level", &["attached-below-root", "attached-per-account"]),
    ("passes unattached policies", &["policy-never-attached"]),
    ("puts a time stamp into the name", &["changing-name"]),
    ("switches other policy types off", &["enabled-types-dropped"]),
    ("reads Policy.PolicyId", &["wrong-policy-id"]),
    ("takes errors for an answer", &["errors-as-verdict"]),
    ("writes comments into JSON, and invents keys", &["json-comment", "policy-unknown-field", "policy-unknown-key"]),
    ("is over the limit once it is formatted", &["policy-too-long", "policy-nearly-full"]),
    ("misspells optOut", &["policy-value"]),
];

#[test]
fn every_known_mistake_has_a_rule() {
    for (mistake, ids) in MISTAKES {
        for id in *ids {
            assert!(rule::find(id).is_some(), "{mistake}: there is no rule {id}");
        }
    }
}
