//! A Terraform configuration for an organization that exists: a small root module, and a module that others can call.
//!
//! Nothing owns the organization: destroying such a resource may delete it. Terraform enables a policy type only through
//! `enabled_policy_types` of `aws_organizations_organization`, that is by owning it, so this does not; a condition stops
//! the plan and prints the command.
//!
//! Sources, read 2026-11-24: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/organizations_organization>
//! (`roots[].policy_types[].type`, `.status`), `…/docs/resources/organizations_policy_attachment` (imported as
//! `TARGET:POLICY`), <https://developer.hashicorp.com/terraform/language/import> (only in root modules).

mod enabler;
mod module;
mod owned;
mod root;

use super::{Design, GenerateError, GeneratedFile, Output};
pub(super) use module::versions;

pub use enabler::{Enabler, EnablerError};

/// The folder of the module, and its name.
const MODULE: &str = "ai_opt_out";

/// The configuration, for a policy type that is enabled before.
///
/// # Errors
/// None today; the signature is that of every target.
pub fn generate(design: &Design) -> Result<Output, GenerateError> {
    generate_with(design, None)
}

/// The configuration; with a function, the apply calls it to enable the policy type, and then looks whether it is on.
///
/// # Errors
/// None today; the signature is that of every target.
pub fn generate_with(design: &Design, enabler: Option<&Enabler>) -> Result<Output, GenerateError> {
    let mut files = vec![
        GeneratedFile::new("main.tf", root::main(design)),
        GeneratedFile::new("owned-organization.tf", owned::page(design)),
        GeneratedFile::new(format!("{MODULE}/main.tf"), module::main(design, enabler)),
        GeneratedFile::new(format!("{MODULE}/policies.tf"), module::policies(design)),
        GeneratedFile::new(format!("{MODULE}/variables.tf"), module::variables(design)),
        GeneratedFile::new(format!("{MODULE}/outputs.tf"), module::outputs(design)),
    ];
    let mut notes = design.notes();
    if let Some(text) = root::imports(design) {
        files.push(GeneratedFile::new("imports.tf", text));
        notes.push("`imports.tf` takes over what is there already; `terraform plan` shows what changes".to_owned());
    }
    if let Some(function) = enabler {
        notes.push(format!(
            "the apply calls `{function}` to enable the policy type: whoever runs it needs `lambda:InvokeFunction`"
        ));
    } else if !design.is_type_enabled() {
        notes.push("the policy type must be on first: `terraform plan` stops with the command".to_owned());
    }
    Ok(Output::new(files, notes))
}
