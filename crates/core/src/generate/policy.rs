//! The documents themselves: JSON as it is to be sent, minified, since AWS counts spaces.

use super::{Design, GenerateError, GeneratedFile, Output};
use crate::source::shown;

/// One file a policy: its document, byte for byte as `apply` sends it.
///
/// # Errors
/// None today; the signature is that of every target.
pub fn generate(design: &Design) -> Result<Output, GenerateError> {
    let files = design.policies.iter().map(|it| GeneratedFile::new(path(&it.label), it.policy.content.clone()));
    let places = design.policies.iter().map(|it| {
        let targets: Vec<String> = it.policy.targets.iter().map(|target| design.place(target)).collect();
        format!("{}: the policy `{}`, attached to {}", path(&it.label), shown(&it.policy.name), targets.join(", "))
    });
    let notes = design.notes().into_iter().chain(places).collect();
    Ok(Output::new(files.collect(), notes))
}

fn path(label: &str) -> String {
    if label == "main" { "policy.json".to_owned() } else { format!("policy-{label}.json") }
}
