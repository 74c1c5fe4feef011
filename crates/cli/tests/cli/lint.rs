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
          "admissible": false,
          "findings": [
            {
              "rule": "json-syntax",
              "severity": "high",
              "line": 2,
              "column": 15,
              "message": "key must be a string",
              "help": "a policy document is JSON as of RFC 8259, and nothing else"
            }
          ]
        },
        {
          "path": "b.json",
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
