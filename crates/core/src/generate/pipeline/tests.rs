//! What a definition must never say: anything that is not of this program's own, or a subject wider than one branch.

use serde_json::Value;

use super::{Branch, Repository, RoleArn, Runner, Source, generate};
use crate::generate::tests::design::{self, provenance};
use crate::generate::{Design, Output};

fn design(intent: &str) -> Design {
    Design {
        provenance: provenance(intent),
        organization: None,
        root: None,
        enabled_types: None,
        ..design::design(Vec::new())
    }
}

fn made(design: &Design, runner: &Runner) -> Output {
    let role = "arn:aws:iam::111111111111:role/optout-verify".parse().unwrap();
    generate(design, runner, &role, None).unwrap()
}

fn source() -> Source {
    Source { repository: "acme/policies".parse().unwrap(), branch: "main".parse().unwrap() }
}

fn trust(runner: &Runner) -> Value {
    let output = made(&design("optout.toml"), runner);
    let file = output.files.iter().find(|it| it.path == "trust-policy.json").unwrap();
    serde_json::from_str::<Value>(&file.text).unwrap()["Statement"][0].clone()
}

#[test]
fn only_one_branch_may_take_the_role() {
    let github = trust(&Runner::GitHub(source()));
    let issuer = "token.actions.githubusercontent.com";
    assert_eq!(github["Principal"]["Federated"], format!("arn:aws:iam::111111111111:oidc-provider/{issuer}"));
    let equal = &github["Condition"]["StringEquals"];
    assert_eq!(equal[format!("{issuer}:sub")], "repo:acme/policies:ref:refs/heads/main");
    assert_eq!(equal[format!("{issuer}:aud")], "sts.amazonaws.com");
    let gitlab = trust(&Runner::GitLab(source()));
    let equal = &gitlab["Condition"]["StringEquals"];
    assert_eq!(equal["gitlab.com:sub"], "project_path:acme/policies:ref_type:branch:ref:main");
    assert_eq!(equal["gitlab.com:aud"], "https://gitlab.com");
    assert_eq!(trust(&Runner::CodeBuild)["Principal"]["Service"], "codebuild.amazonaws.com");
}

#[test]
fn no_path_of_an_intent_becomes_a_command() {
    for runner in [Runner::GitHub(source()), Runner::GitLab(source()), Runner::CodeBuild] {
        for hostile in ["$(id).toml", "${{ secrets.X }}.toml", "a b", "-x", "/etc/x", "../x", "a\nb: c", "a\"b", "`id`"]
        {
            let output = made(&design(hostile), &runner);
            let definition = output.files.iter().find(|it| it.path.ends_with(".yml")).unwrap();
            let (_, body) = definition.text.split_once("\n---\n").unwrap();
            assert!(body.contains("--intent optout.toml "), "{hostile}: {body}");
        }
        let output = made(&design("policies/ai.toml"), &runner);
        assert!(output.files.iter().any(|it| it.text.contains("optout verify --intent policies/ai.toml ")));
    }
}

#[test]
fn a_role_in_another_account_is_called_so() {
    let other = Design { management_account: "222222222222".parse().ok(), ..design("optout.toml") };
    let says = |design: &Design| {
        made(design, &Runner::CodeBuild).notes.iter().any(|it| it.contains("delegated administrator"))
    };
    assert!(says(&other) && !says(&design("optout.toml")));
}

#[test]
fn inputs_are_of_closed_sets() {
    assert!("arn:aws-us-gov:iam::111122223333:role/a/b@c".parse::<RoleArn>().is_ok());
    for text in [
        "",
        "arn:aws:iam::1:role/x",
        "arn:aws:iam::111122223333:user/x",
        "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::111122223333:role/x\n",
    ] {
        assert!(text.parse::<RoleArn>().is_err(), "{text}");
    }
    assert!("group/sub/project.x".parse::<Repository>().is_ok() && "release/1.x".parse::<Branch>().is_ok());
    for text in ["", "acme", "acme/*", "acme/..", "a//b", "/a/b", "a/b:ref", "a/${x}", "a/b\n", "a/-b"] {
        assert!(text.parse::<Repository>().is_err(), "{text}");
    }
    for text in ["", "*", "a b", "-x", "a:b", "a\"b"] {
        assert!(text.parse::<Branch>().is_err(), "{text}");
    }
}
