//! Landing Zone Accelerator: a custom stack, deployed to the management account alone, in one Region.
//!
//! Its configuration has no place for this policy type (issue 107 of its repository, open on 2026-07-21).
//!
//! Sources, read 2026-11-24: the schema of `customizations-config.yaml`
//! <https://github.com/awslabs/landing-zone-accelerator-on-aws/blob/main/source/packages/@aws-accelerator/config/lib/schemas/customizations-config.json>
//! (keys and which of them are required), <https://awslabs.github.io/landing-zone-accelerator-on-aws/latest/typedocs/> (`CloudFormationStackConfig`: no
//! spaces in the name, `runOrder` positive, stacks are not deleted when their entry goes; `DeploymentTargets`: accounts by their names).

use serde_json::{Value, json};

use super::super::markdown::Page;
use super::super::{Design, GenerateError, GeneratedFile, Output, yaml};
use super::{Region, STACK, after, known, stack, warn_of_these};

/// The name that Landing Zone Accelerator requires of the management account.
const MANAGEMENT: &str = "Management";
const TEMPLATE: &str = "cloudformation/ai-opt-out.yaml";

/// The entry for `customizations-config.yaml`, the template that it names, the step before, and a page.
///
/// # Errors
/// Where the organization is not known, and as [`super::super::cloudformation::generate`].
pub fn generate(design: &Design, region: &Region) -> Result<Output, GenerateError> {
    let root = known(design)?.root;
    let config = design.header("#") + &yaml::document(&config(root.as_str(), region));
    let mut files = stack(design, TEMPLATE, "before.sh")?;
    files.push(GeneratedFile::new("customizations-config.yaml", config));
    files.push(GeneratedFile::new("README.md", page(design, region)));
    let mut notes = design.notes();
    notes.push(format!(
        "the stack goes to the account {MANAGEMENT} in {region}: it must be an enabled Region there (--region)"
    ));
    notes.push("`README.md` says how to add this to your configuration; run `before.sh` first".to_owned());
    Ok(Output::new(files, notes))
}

fn config(root: &str, region: &Region) -> Value {
    let stack = json!({
        "name": STACK,
        "description": "AI services opt-out policies of the organization",
        "deploymentTargets": { "accounts": [MANAGEMENT] },
        "regions": [region.to_string()],
        "runOrder": 1,
        "template": TEMPLATE,
        "parameters": [{ "name": "RootId", "value": root }],
        "terminationProtection": true,
    });
    json!({ "customizations": { "cloudFormationStacks": [stack] } })
}

fn page(design: &Design, region: &Region) -> String {
    let page = Page::default()
        .heading(1, "AI services opt-out with Landing Zone Accelerator")
        .block("text", &design.lines().join("\n"))
        .text(
            "Landing Zone Accelerator deploys a stack to the management account. Its own configuration of policies \
             (`organization-config.yaml`) has no place for this policy type.",
        );
    let page = warn_of_these(page, design, "Landing Zone Accelerator").heading(2, "Steps").steps([
        "With credentials of the management account run `before.sh`. It enables the policy type and waits; running it again does nothing. \
         CloudFormation cannot do it.",
        "Copy `cloudformation/ai-opt-out.yaml` into your configuration repository, at that path.",
        "Add the entry of `customizations-config.yaml` to the list `cloudFormationStacks` of yours. Where there is no such file, this is one.",
        "Commit, and release the pipeline.",
    ]);
    let region = format!(
        "One Region, `{region}`: the policies are global, and a second stack would try to create them again. It must be in `enabledRegions` of \
         `global-config.yaml`."
    );
    let page = page.heading(2, "What to leave as it is").list([
        "`accounts: [Management]`, and no `organizationalUnits`: with `Root` there, every account would get the stack.",
        &region,
        "A stack, not a `cloudFormationStackSets` entry.",
    ]);
    let page = page.heading(2, "What Landing Zone Accelerator does not do").list([
        "It does not enable the policy type.",
        "It does not import policies that are there.",
        "It does not delete the stack when the entry goes: delete it by hand, after taking its termination protection away.",
        "It says nothing about what holds in the accounts: its pipeline is green when the stack is there.",
    ]);
    after(
        page,
        "Remove the entry, take away the termination protection, and delete the stack in the management account.",
    )
    .end()
}
