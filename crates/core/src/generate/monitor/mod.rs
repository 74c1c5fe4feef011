//! The monitor inside AWS: a stack with the function and all it needs, and small ones for the accounts around it.
//!
//! One template is the truth; Terraform and the CDK programs deploy that template. It goes into the management account or a
//! delegated administrator's, once.

mod alarms;
mod config_rule;
mod events;
mod fleet;
mod function;
mod machine;
mod others;
mod parameters;
mod programs;
mod stackset;
mod storage;
mod template;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

pub use fleet::generate as fleet;
pub use machine::FleetLimits;
pub use stackset::generate as stackset;

use super::cloudformation::{DYNAMIC_REFERENCE, refuse};
use super::{Design, GenerateError, GeneratedFile, Output, yaml};
use template::Template;

/// The tool that deploys it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The `aws` command line, from the templates.
    Cloudformation,
    /// Terraform.
    Terraform,
    /// The CDK in Python.
    CdkPython,
    /// The CDK in TypeScript.
    CdkTypescript,
}

/// The stack, the templates for accounts that may write and for every account, and what deploys them.
///
/// # Errors
/// Where a text would be taken for an instruction by CloudFormation or the CDK.
pub fn generate(design: &Design, form: Form) -> Result<Output, GenerateError> {
    let intent = &design.provenance.intent;
    refuse("CloudFormation", DYNAMIC_REFERENCE, intent, "", &BTreeMap::new())?;
    let mut files = Vec::new();
    for (name, value) in templates(design) {
        files.push(template_file(design, name, &value));
    }
    files.extend(programs::files(design, form)?);
    Ok(Output::new(files, notes(design)))
}

/// The templates by the names of their files.
fn templates(design: &Design) -> [(&'static str, Value); 3] {
    [("monitor", stack(design)), ("writers", others::writers(design)), ("member", others::member(design))]
}

/// A template as a file: YAML, which is short enough for a request of CloudFormation.
fn template_file(design: &Design, name: &str, value: &Value) -> GeneratedFile {
    GeneratedFile::new(format!("{name}.yaml"), design.header("#") + &yaml::document(value))
}

/// The monitor's own template.
#[must_use]
pub fn stack(design: &Design) -> Value {
    let mut template =
        Template::new("Monitors AI services opt-out policies of the organization: reads, watches, publishes.");
    parameters::add(&mut template, design);
    storage::add(&mut template);
    function::add(&mut template);
    events::add(&mut template);
    config_rule::add(&mut template);
    alarms::add(&mut template);
    function::outputs(&mut template);
    template.value(design)
}

fn notes(design: &Design) -> Vec<String> {
    let fixed = [
        "events of AWS Organizations reach EventBridge only through a trail of CloudTrail in the account that made the call",
        "`writers.yaml` goes to us-east-1 of the management account and of every delegated administrator for these policies",
        "`member.yaml` is needed only with ConfigRule=organization: `optout generate stackset` brings it to every account",
    ];
    design.notes().into_iter().chain(fixed.map(str::to_owned)).collect()
}
