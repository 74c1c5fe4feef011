//! `optout lint`.

use crate::harness::Optout;

const GOOD: &str = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{
"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{
"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;

#[test]
fn a_good_document_is_admissible() {
    insta::assert_snapshot!(Optout::new("lint good.json").file("good.json", GOOD).run(), @r#"
    exit 0
    --- stdout
    good.json: admissible, nothing found
    --- stderr
    "#);
}

#[test]
fn what_a_document_leaves_open_is_told_with_its_place() {
    let open = r#"{
  "services": {
    "default": {"opt_out_policy": {"@@assign": "optOut"}}
  }
}"#;
    insta::assert_snapshot!(Optout::new("lint --fail-on medium open.json").file("open.json", open).run(), @r#"
    exit 2
    --- stdout
    medium[no-services-lock]: `services` is open: a policy further down may name a service that this one does not, and opt it in
     --> open.json:2:3
      |
    2 |   "services": {
      |   ^^^^^^^^^^
      help: add `"@@operators_allowed_for_child_policies": ["@@none"]` to `services`

    low[no-default-lock]: `default` has no lock of its own; that of its setting decides, and AWS's example has both
     --> open.json:3:5
      |
    3 |     "default": {"opt_out_policy": {"@@assign": "optOut…
      |     ^^^^^^^^^
      help: add `"@@operators_allowed_for_child_policies": ["@@none"]` to `default`

    medium[no-setting-lock]: the setting of `default` is open: a policy further down may opt in again
     --> open.json:3:17
      |
    3 |     "default": {"opt_out_policy": {"@@assign": "optOut"}}
      |                 ^^^^^^^^^^^^^^^^
      help: add `"@@operators_allowed_for_child_policies": ["@@none"]` to `opt_out_policy` of `default`

    open.json: admissible, 3 findings
    --- stderr
    "#);
}

#[test]
fn the_line_decides_what_fails() {
    let open = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
    for (line, code) in [("info", 2), ("low", 2), ("medium", 2), ("high", 0), ("critical", 0)] {
        let ran = Optout::new(&format!("lint open.json --fail-on {line}")).file("open.json", open).run();
        assert_eq!(ran.code, code, "{line}");
    }
}

#[test]
fn a_malformed_document_is_a_result_with_its_place() {
    let ran =
        Optout::new("lint --format json a.json b.json").file("a.json", "{\n \"services\": {,}\n}").file("b.json", GOOD);
    let ran = ran.run();
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stdout, @r#"
    {
      "format": "optout.lint/1",
      "documents": [
        {
          "path": "a.json",
          "kind": "document",
          "admissible": false,
          "findings": [
            {
              "rule": "json-syntax",
              "severity": "high",
              "line": 2,
              "column": 15,
              "message": "key must be a string",
              "help": "a policy document is JSON as of RFC 8259, and nothing else",
              "fixable": false
            }
          ]
        },
        {
          "path": "b.json",
          "kind": "document",
          "admissible": true,
          "findings": []
        }
      ]
    }
    "#);
}

#[test]
fn the_json_fits_its_published_schema() {
    let schema = serde_json::from_str(include_str!("../../../../docs/schemas/lint-1.json")).unwrap();
    let ran = Optout::new("lint --format json a.json").file("a.json", "{\"x\": 1}").run();
    assert!(jsonschema::is_valid(&schema, &ran.json()), "{}", ran.stdout);
}

#[test]
fn a_file_that_cannot_be_read_is_1_and_the_others_are_judged() {
    let ran = Optout::new("lint missing.json good.json").file("good.json", GOOD).run();
    insta::assert_snapshot!(ran, @r#"
    exit 1
    --- stdout
    good.json: admissible, nothing found
    --- stderr
    error: cannot read `missing.json`: no such file or directory
    "#);
}

#[test]
fn services_newer_than_the_catalogue_can_be_allowed() {
    let newer = GOOD.replace("\"default\"", "\"newservice\"");
    let run = |arguments: &str| Optout::new(arguments).file("p.json", &newer).run();
    assert_eq!(run("lint p.json").code, 2);
    assert_eq!(run("lint p.json --allow-key newservice").code, 0);
    assert!(run("lint p.json").stdout.contains("--allow-key"));
}

#[test]
fn standard_input_is_a_file_too() {
    let ran = Optout::new("lint -").input(GOOD).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "-: admissible, nothing found\n"));
}

const OPEN: &str = "{\n  \"services\": {\n    \"default\": {\"opt_out_policy\": {\"@@assign\": \"optOut\"}}\n  }\n}\n";

const UNATTACHED: &str = "resource \"aws_organizations_policy\" \"ai\" {\n  name    = \"ai\"\n  type    = \"AISERVICES_OPT_OUT_POLICY\"\n  \
                          content = file(\"${path.module}/policy.json\")\n}\n";

#[test]
fn a_repository_is_looked_at_as_a_whole() {
    let ran = Optout::new("lint .")
        .file("infra/main.tf", UNATTACHED)
        .file("infra/policy.json", GOOD)
        .file("README.md", "AISERVICES_OPT_OUT_POLICY")
        .file(".gitignore", "ignored/\n")
        .file("ignored/main.tf", UNATTACHED)
        .run();
    insta::assert_snapshot!(ran, @r#"
    exit 2
    --- stdout
    high[policy-never-attached]: the policy is attached to nothing: it opts nobody out
     --> infra/main.tf:1:1
      |
    1 | resource "aws_organizations_policy" "ai" {
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: add an `aws_organizations_policy_attachment` to the root

    infra/main.tf: 1 policy, admissible, 1 finding
    infra/policy.json: admissible, nothing found
    4 files looked at: 2 policies, 1 finding
    --- stderr
    "#);
}

#[test]
fn a_file_without_a_word_of_ours_is_looked_at_where_another_one_names_it() {
    let iam = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let ran = Optout::new("lint --format json .").file("m/main.tf", UNATTACHED).file("m/policy.json", iam);
    let ran = ran.file("m/attach.tf", "resource \"aws_organizations_policy_attachment\" \"a\" {\n  policy_id = aws_organizations_policy.ai.id\n  target_id = \"r-ab12\"\n}\n").run();
    assert!(ran.stdout.contains("policy-is-iam") && !ran.stdout.contains("never-attached"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_looked_at_is_noted_and_nothing_is_fatal() {
    let huge = format!("AISERVICES_OPT_OUT_POLICY{}", " ".repeat(3 * 1024 * 1024));
    let ran = Optout::new("lint --format json .")
        .file("binary.py", b"AISERVICES_OPT_OUT_POLICY\0\x01")
        .file("latin.sh", b"AISERVICES_OPT_OUT_POLICY \xe9")
        .file("huge.tf", huge)
        .file("broken.tf", "resource \"aws_organizations_policy\" {")
        .file("good.json", GOOD)
        .run();
    let json = ran.json();
    let notes: Vec<&str> =
        json["notes"].as_array().unwrap().iter().map(|note| note["path"].as_str().unwrap()).collect();
    assert_eq!(notes, ["binary.py", "huge.tf", "latin.sh"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_in_circles_or_out_of_the_folder() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("policy.json"), OPEN).unwrap();
    let optout =
        Optout::new("lint --fail-on info tree").file("tree/main.tf", UNATTACHED.replace("policy.json", "linked.json"));
    std::os::unix::fs::symlink(optout.folder().join("tree"), optout.folder().join("tree/circle")).unwrap();
    std::os::unix::fs::symlink(outside.path(), optout.folder().join("tree/out")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("policy.json"), optout.folder().join("tree/linked.json")).unwrap();
    let ran = optout.run();
    assert!(ran.stdout.contains("1 file looked at: 1 policy, 1 finding"), "{ran}");
}

#[test]
fn fixes_are_shown_written_and_made_once() {
    let ran = Optout::new("lint --fix --yes --fail-on info .").file("policy.json", OPEN).run();
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.starts_with("--- a/policy.json\n+++ b/policy.json\n"), "{ran}");
    let mended = ran.read("policy.json");
    assert_eq!(mended.matches("@@none").count(), 3);
    assert_eq!(ran.names("."), ["policy.json"]);
    let again = ran.then("lint --fix --yes .").run();
    assert_eq!(again.read("policy.json"), mended);
    assert!(again.stderr.contains("there is nothing that can be mended"), "{again}");
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_written() {
    let ran = Optout::new("lint --fix .").file("policy.json", OPEN).run();
    assert_eq!((ran.code, ran.read("policy.json").as_str()), (64, OPEN));
}

#[test]
fn sarif_has_every_rule_and_annotations_a_line_for_each_finding() {
    let ran = Optout::new("lint --format sarif policy.json").file("policy.json", OPEN).run();
    let log = ran.json();
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 3);
    let ran = Optout::new("lint --format github --fail-on medium policy.json").file("policy.json", OPEN).run();
    assert_eq!((ran.code, ran.stdout.lines().count()), (2, 3));
    assert!(
        ran.stdout
            .starts_with("::warning file=policy.json,line=2,endLine=2,col=3,endColumn=13,title=no-services-lock::"),
        "{ran}"
    );
}

#[test]
fn a_rule_is_explained() {
    let ran = Optout::new("lint --explain policy-bare-value").run();
    assert!(ran.code == 0 && ran.stdout.starts_with("policy-bare-value (high)\n"), "{ran}");
    let all = Optout::new("lint --explain").run();
    assert!(all.stdout.lines().count() > 60, "{all}");
    let unknown = Optout::new("lint --explain policy-bare-values").run();
    assert!(unknown.code == 64 && unknown.stderr.contains("did you mean `policy-bare-value`?"), "{unknown}");
}

#[test]
fn a_pattern_leaves_files_out() {
    let ran = Optout::new("lint . --fail-on low --exclude fixtures/**")
        .file("fixtures/policy.json", OPEN)
        .file("policy.json", GOOD)
        .run();
    assert_eq!(ran.code, 0, "{ran}");
}

#[test]
fn a_folder_that_is_not_there_is_1() {
    let ran = Optout::new("lint missing/ good.json").file("good.json", GOOD).run();
    assert_eq!(ran.code, 1, "{ran}");
}

#[test]
fn what_git_ignores_is_looked_at_where_it_is_named() {
    let template = r#"{"Resources":{"P":{"Type":"AWS::Organizations::Policy","Properties":{"Type":"AISERVICES_OPT_OUT_POLICY"}}}}"#;
    let files = |arguments: &str| {
        Optout::new(arguments)
            .file(".gitignore", "cdk.out\nnode_modules/\n")
            .file("cdk.out/A.template.json", template)
            .file(".terraform/modules/m/main.tf", UNATTACHED)
            .run()
    };
    assert_eq!(files("lint .").code, 0);
    assert_eq!(files("lint . cdk.out").code, 2);
    assert_eq!(files("lint .terraform").code, 2);
}

#[test]
#[ignore = "long"]
fn long_twenty_thousand_files_are_looked_at() {
    let optout = Optout::new("lint --format json .");
    for number in 0..20_000 {
        let path = optout.folder().join(format!("d{}", number % 200));
        std::fs::create_dir_all(&path).unwrap();
        std::fs::write(path.join(format!("f{number}.tf")), "locals {\n  a = 1\n}\n".repeat(20)).unwrap();
    }
    let ran = optout.file("d7/ai.tf", UNATTACHED).run();
    let documents = ran.json()["documents"].as_array().unwrap().len();
    assert_eq!((ran.code, documents), (2, 1));
}
