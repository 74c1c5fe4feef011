//! Control Tower: a customization for Customizations for AWS Control Tower, and a Terraform root for those with Account Factory
//! for Terraform, which does not manage the management account.
//!
//! Sources, read 2026-11-24: <https://docs.aws.amazon.com/controltower/latest/userguide/the-manifest-file.html> and
//! `…/cfct-manifest-file-resources-section.html` with the schema
//! <https://github.com/aws-solutions/aws-control-tower-customizations/blob/main/source/src/cfct/validation/manifest-v2.schema.yaml>;
//! issues 109 (the role, and AWS's message without it) and 210 (no such policy type) of that repository; issues 20 and 320 of
//! <https://github.com/aws-ia/terraform-aws-control_tower_account_factory>;
//! <https://docs.aws.amazon.com/controltower/latest/userguide/enrollment-prerequisites.html> (what the role holds).

use serde_json::{Value, json};

use super::super::json::pretty;
use super::super::markdown::Page;
use super::super::{Design, GenerateError, GeneratedFile, Output, terraform, yaml};
use super::{Known, Region, STACK, after, known, stack, warn_of_these};

const CUSTOMIZATION: &str = "customizations";
const TERRAFORM: &str = "management-account";
const TEMPLATE: &str = "templates/ai-opt-out.yaml";
const ROLE: &str = "AWSControlTowerExecution";

/// The customization, the Terraform root, and a page that says which of the two.
///
/// # Errors
/// Where the organization is not known, and as [`super::super::cloudformation::generate`].
pub fn generate(design: &Design, region: &Region) -> Result<Output, GenerateError> {
    let known = known(design)?;
    let mut files = stack(design, &format!("{CUSTOMIZATION}/{TEMPLATE}"), "before.sh")?;
    files.push(GeneratedFile::new(format!("{CUSTOMIZATION}/manifest.yaml"), manifest(design, &known, region)));
    files.push(GeneratedFile::new("execution-role-trust.json", pretty(&trust(design, &known))));
    files.push(GeneratedFile::new("README.md", page(design, &known, region)));
    let root = terraform::generate(design)?;
    files.extend(root.files.into_iter().map(|it| GeneratedFile { path: format!("{TERRAFORM}/{}", it.path), ..it }));
    let mut notes = design.notes();
    notes.push(format!("use `{CUSTOMIZATION}` or `{TERRAFORM}`, never both: `README.md` says which"));
    notes.push(format!("{region} must be the home Region of Control Tower (--region)"));
    notes.push(format!(
        "the customization fails without the role {ROLE} in the management account: `{}` says whether it is there",
        check()
    ));
    Ok(Output::new(files, notes))
}

fn check() -> String {
    format!("aws iam get-role --role-name {ROLE} --query Role.AssumeRolePolicyDocument")
}

/// The manifest. Its version is a date, which a text between quotation marks would not be.
fn manifest(design: &Design, known: &Known, region: &Region) -> String {
    let resource = json!({
        "name": STACK,
        "description": "AI services opt-out policies of the organization",
        "resource_file": TEMPLATE,
        "deploy_method": "stack_set",
        "deployment_targets": { "accounts": [known.account.to_string()] },
        "parameters": [{ "parameter_key": "RootId", "parameter_value": known.root.as_str() }],
        "regions": [region.to_string()],
    });
    let resources = yaml::document(&json!({ "resources": [resource] }));
    format!("---\n{}region: {region}\nversion: 2021-03-15\n{resources}", design.header("#"))
}

fn trust(design: &Design, known: &Known) -> Value {
    let role = format!(
        "arn:{}:iam::{}:role/service-role/AWSControlTowerStackSetRole",
        design.partition.as_str(),
        known.account
    );
    let statement = json!({ "Effect": "Allow", "Principal": { "AWS": role }, "Action": "sts:AssumeRole" });
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

fn page(design: &Design, known: &Known, region: &Region) -> String {
    let page = Page::default()
        .heading(1, "AI services opt-out with AWS Control Tower")
        .block("text", &design.lines().join("\n"))
        .text("Control Tower has no control for this policy type, and is not disturbed by such policies. There are two ways; take one.")
        .list([
            format!("`{CUSTOMIZATION}`: with Customizations for AWS Control Tower (CfCT).").as_str(),
            format!("`{TERRAFORM}`: with Terraform, also where Account Factory for Terraform (AFT) makes the accounts.").as_str(),
        ])
        .text("With neither, a plain stack is simpler than both: `optout generate cloudformation`.");
    let page = warn_of_these(page, design, "CfCT");
    let page = page
        .heading(2, "First, for both")
        .text("With credentials of the management account run `before.sh`. It enables the policy type and waits.");
    let page = terraform_root(customization(page, design, known, region));
    after(page, "CfCT: remove the entry and deploy; whether it deletes stacks then is its setting `enable_stack_set_deletion`. Terraform: what opts out has `prevent_destroy`; take that away first.")
        .end()
}

fn customization(page: Page, design: &Design, known: &Known, region: &Region) -> Page {
    let account = known.account;
    let targets = format!(
        "CfCT deploys by a StackSet with one target, the account `{account}`, in one Region, `{region}`, with Control Tower's own roles. Never add \
         units or accounts: each would try to create the policies. (A StackSet with service-managed permissions never reaches the management \
         account.)"
    );
    let create = format!(
        "aws iam create-role --role-name {ROLE} --assume-role-policy-document file://execution-role-trust.json"
    );
    let attach = format!(
        "aws iam attach-role-policy --role-name {ROLE} --policy-arn arn:{}:iam::aws:policy/AdministratorAccess",
        design.partition.as_str()
    );
    page.heading(2, "With Customizations for AWS Control Tower")
        .text(&targets)
        .text(&format!(
            "**It works only where the role `{ROLE}` was created in the management account**, where Control Tower does not create it. Look, with \
             credentials of the account `{account}`:"
        ))
        .block("sh", &check())
        .text(
            "`NoSuchEntity`: it is not there, and the deployment would fail with \"should have 'AWSControlTowerExecution' role with trust \
             relationship to Role 'service-role/AWSControlTowerStackSetRole'\". An answer must name that role, or the whole account, as a principal.",
        )
        .text(
            "Creating it gives Control Tower's StackSets the rights of an administrator in the management account: that is what AWS documents for this \
             role, and a decision of whoever answers for that account. Where it is not wanted, use the plain stack.",
        )
        .block("sh", &format!("{create}\n{attach}"))
        .text("Then:")
        .steps([
            format!("Copy `{CUSTOMIZATION}/{TEMPLATE}` into your configuration package, at `{TEMPLATE}`.").as_str(),
            format!("Add the entry of `{CUSTOMIZATION}/manifest.yaml` to `resources` of yours. `region` there stays the home Region of Control Tower.").as_str(),
            "Commit, and watch the pipeline.",
        ])
}

fn terraform_root(page: Page) -> Page {
    page.heading(2, "With Account Factory for Terraform")
        .text(&format!(
            "AFT customizes accounts that it made, each with a state of its own. It does not manage the management account, where the policies \
             are. A global or account customization would run once for every account. So `{TERRAFORM}` is a root of its own:"
        ))
        .list([
            "a state of its own, and no part of any repository that AFT reads,",
            "run by a pipeline with a role in the management account (`optout generate iam-policy --for terraform`),",
            "never `aft-global-customizations` or `aft-account-customizations`.",
        ])
        .block("sh", &format!("cd {TERRAFORM}\nterraform init\nterraform plan"))
}
