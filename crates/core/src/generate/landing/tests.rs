//! What only this side knows: the same template, the same Terraform root, and what must be known.

use super::{control_tower, lza};
use crate::generate::tests::design::{self, main_policy};
use crate::generate::{Design, GenerateError, Labelled, Output, cloudformation, terraform};
use crate::plan::Wanted;

fn design() -> Design {
    let policy = Wanted { name: "`n`".into(), description: "d".into(), ..main_policy() };
    design::design(vec![Labelled { label: "main".into(), policy }])
}

fn both(design: &Design) -> [Result<Output, GenerateError>; 2] {
    let region = "eu-central-1".parse().unwrap();
    [lza::generate(design, &region), control_tower::generate(design, &region)]
}

fn file(output: &Output, path: &str) -> String {
    output.files.iter().find(|it| it.path == path).unwrap().text.clone()
}

#[test]
fn the_stack_is_the_one_of_cloudformation() {
    let design = design();
    let plain = file(&cloudformation::generate(&design).unwrap(), "template.yaml");
    let [lza, tower] = both(&design).map(Result::unwrap);
    assert_eq!(file(&lza, "cloudformation/ai-opt-out.yaml"), plain);
    assert_eq!(file(&tower, "customizations/templates/ai-opt-out.yaml"), plain);
}

#[test]
fn the_root_for_terraform_is_the_one_of_terraform() {
    let design = design();
    let [_, tower] = both(&design).map(Result::unwrap);
    for plain in terraform::generate(&design).unwrap().files {
        assert_eq!(file(&tower, &format!("management-account/{}", plain.path)), plain.text);
    }
}

#[test]
fn what_is_not_known_is_asked_for() {
    for unknown in [Design { root: None, ..design() }, Design { management_account: None, ..design() }] {
        for output in both(&unknown) {
            assert!(matches!(output, Err(GenerateError::Missing { .. })), "{output:?}");
        }
    }
}

#[test]
fn policies_that_are_there_are_named_as_what_a_stack_fails_of() {
    let mut design = design();
    let heading = "These policies are there already";
    for output in both(&design) {
        assert!(!file(&output.unwrap(), "README.md").contains(heading));
    }
    design.policies[0].policy.id = "p-examplemanaged".parse().ok();
    for output in both(&design) {
        let page = file(&output.unwrap(), "README.md");
        assert!(page.contains(heading) && page.contains("- `` `n` ``, `p-examplemanaged`\n"), "{page}");
    }
}

#[test]
fn the_role_is_for_control_towers_stack_sets_of_this_account_only() {
    let [_, tower] = both(&design()).map(Result::unwrap);
    let trust: serde_json::Value = serde_json::from_str(&file(&tower, "execution-role-trust.json")).unwrap();
    let principal = "arn:aws:iam::111111111111:role/service-role/AWSControlTowerStackSetRole";
    assert_eq!(trust["Statement"][0]["Principal"]["AWS"], principal);
    assert!(file(&tower, "README.md").contains("aws iam get-role --role-name AWSControlTowerExecution"));
}
