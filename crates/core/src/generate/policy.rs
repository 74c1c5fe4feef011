//! The documents themselves: JSON as it is to be sent, minified, since AWS counts spaces. A document can say nothing but
//! what it sets: who approved an exception, until when and why stands in a file beside them.

use super::declared::{self, IGNORE};
use super::{Design, GenerateError, GeneratedFile, Output, json};
use crate::source::shown;

/// One file a policy: its document, byte for byte as `apply` sends it.
///
/// # Errors
/// None today; the signature is that of every target.
pub fn generate(design: &Design) -> Result<Output, GenerateError> {
    let mut files: Vec<GeneratedFile> =
        design.policies.iter().map(|it| GeneratedFile::new(path(&it.label), it.policy.content.clone())).collect();
    files.extend(declarations(design));
    let places = design.policies.iter().map(|it| {
        let targets: Vec<String> = it.policy.targets.iter().map(|target| design.place(target)).collect();
        format!("{}: the policy `{}`, attached to {}", path(&it.label), shown(&it.policy.name), targets.join(", "))
    });
    let notes = design.notes().into_iter().chain(places).collect();
    Ok(Output::new(files, notes))
}

/// What is declared, in the form in which `optout lint` reads a reason. A single document stays a single file.
fn declarations(design: &Design) -> Option<GeneratedFile> {
    let entries = declared::of_files(&design.declared, &design.policies, &path);
    let mut value = design.provenance.value();
    value
        .as_object_mut()
        .filter(|_| !entries.is_empty() && design.policies.len() > 1)?
        .insert(IGNORE.into(), entries.into());
    Some(GeneratedFile::new("exceptions.json", json::pretty(&value)))
}

fn path(label: &str) -> String {
    if label == "main" { "policy.json".to_owned() } else { format!("policy-{label}.json") }
}
