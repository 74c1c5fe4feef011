//! `optout resolve`.

use crate::harness::Optout;

const ROOT: &str = r#"{
  "services": {
    "@@operators_allowed_for_child_policies": ["@@none"],
    "default": {"opt_out_policy": {"@@assign": "optOut"}},
    "lex": {"opt_out_policy": {"@@assign": "optOut"}}
  }
}"#;
const CHILD: &str = r#"{"services": {"lex": {"opt_out_policy": {"@@assign": "optIn"}}, "polly": {"opt_out_policy": {"@@assign": "optIn"}}}}"#;

fn run(arguments: &str) -> Optout {
    Optout::new(arguments).file("root.json", ROOT).file("child.json", CHILD)
}

#[test]
fn the_effective_document_is_data() {
    let ran = run("resolve --level root.json --level child.json").run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(ran.stdout, @r#"
    {
      "services": {
        "default": {
          "opt_out_policy": "optOut"
        },
        "lex": {
          "opt_out_policy": "optIn"
        }
      }
    }
    "#);
}

#[test]
fn reasons_name_document_place_and_rule() {
    insta::assert_snapshot!(run("resolve --explain --level root.json --level").arg("").arg("--level").arg("child.json").run(), @r#"
    exit 0
    --- stdout
    {
      "services": {
        "default": {
          "opt_out_policy": "optOut"
        },
        "lex": {
          "opt_out_policy": "optIn"
        }
      }
    }

    services
      level 1  root.json:3:5: levels below may use [@@none]

    services.default.opt_out_policy = "optOut"
      level 1  root.json:4:36: @@assign "optOut" applies
          rule: of several @@assign at one target the one attached first counts

    services.lex.opt_out_policy = "optIn"
      level 1  root.json:5:32: @@assign "optOut" applies
          rule: of several @@assign at one target the one attached first counts
      level 3  child.json:1:42: @@assign "optIn" applies
          rule: of several @@assign at one target the one attached first counts

    services.polly.opt_out_policy: nothing
      level 3  child.json:1:94: @@assign "optIn" is blocked: at `services` root.json at level 1 allows [@@none] (a container's child controls decide whether levels below may add keys)
          rule: a container's child controls decide whether levels below may add keys
    --- stderr
    "#);
}

#[test]
fn documents_at_one_level_stand_in_the_order_of_attachment() {
    let setting = |arguments: &str| run(arguments).run().json()["services"]["lex"]["opt_out_policy"].clone();
    assert_eq!(setting("resolve --level root.json,child.json"), "optOut");
    assert_eq!(setting("resolve --level child.json,root.json"), "optIn");
}

#[test]
fn the_json_form_has_document_and_reasons() {
    let ran = run("resolve --format json --level root.json --level child.json").run();
    let json = ran.json();
    assert_eq!(json["effective"]["services"]["lex"]["opt_out_policy"], "optIn");
    assert_eq!(json["undetermined"], serde_json::json!([]));
    let reasons = json["reasons"].as_array().unwrap();
    let polly = reasons.iter().find(|reason| reason["setting"] == "services.polly.opt_out_policy").unwrap();
    assert_eq!((&polly["value"], &polly["steps"][0]["effect"]), (&serde_json::Value::Null, &"blocked".into()));
    assert_eq!((&polly["steps"][0]["level"], &polly["steps"][0]["line"]), (&2.into(), &1.into()));
}

#[test]
fn other_types_are_finished_by_their_own_rules() {
    let tags = r#"{"tags": {"CostCenter": {"tag_key": {"@@assign": "CostCenter"}}}}"#;
    let finished = Optout::new("resolve --policy-type TAG_POLICY --level t.json").file("t.json", tags).run();
    insta::assert_snapshot!(finished.stdout, @r#"
    {
      "tags": {
        "costcenter": {
          "tag_key": "CostCenter",
          "tag_value": [
            "*"
          ]
        }
      }
    }
    "#);
    let unfinished =
        Optout::new("resolve --unfinished --policy-type TAG_POLICY --level t.json").file("t.json", tags).run();
    insta::assert_snapshot!(unfinished.stdout, @r#"
    {
      "tags": {
        "CostCenter": {
          "tag_key": "CostCenter"
        }
      }
    }
    "#);
}

#[test]
fn a_type_that_is_not_known_or_not_merged_is_refused() {
    insta::assert_snapshot!(run("resolve --policy-type TAG_POLICYS --level root.json").run(), @r#"
    exit 64
    --- stdout

    --- stderr
    error: no policy type is called `TAG_POLICYS`
      help: did you mean `TAG_POLICY`?
    "#);
    let ran = run("resolve --policy-type SERVICE_CONTROL_POLICY --level root.json").run();
    assert_eq!((ran.code, ran.stdout.as_str()), (64, ""));
}

#[test]
fn what_the_rules_do_not_decide_is_3_and_named() {
    let locked =
        r#"{"services": {"@@operators_allowed_for_child_policies": ["@@none"], "lex": {"opt_out_policy": {}}}}"#;
    let ran = Optout::new("resolve --level a.json --level b.json").file("a.json", locked).file("b.json", CHILD).run();
    insta::assert_snapshot!(ran, @r#"
    exit 3
    --- stdout
    {}
    --- stderr
    warning: the rules do not decide services.lex.opt_out_policy; --explain says why
    "#);
}

#[test]
fn standard_input_can_be_one_document_only() {
    let ran = run("resolve --level - --level child.json").input(ROOT).run();
    assert_eq!((ran.code, &ran.json()["services"]["default"]["opt_out_policy"]), (0, &"optOut".into()));
    assert_eq!(run("resolve --level - --level -").input(ROOT).run().code, 64);
}
