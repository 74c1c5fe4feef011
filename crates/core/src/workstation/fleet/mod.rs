//! Files that set the same settings on many machines, only where a vendor's documentation says that they reach them.

mod ansible;
mod devcontainer;
mod dotfiles;

use super::clients::{Clients, Setting, Variable, VariableRule};
use super::terms::FleetTarget;

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Its path, relative to where the caller wants the files.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What was generated, and what it does not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fleet {
    /// The files.
    pub files: Vec<GeneratedFile>,
    /// What these files reach and what they do not, for the reader.
    pub notes: Vec<String>,
}

/// Why nothing is generated for a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` cannot enforce these settings: {reason} ({source_address})", target.name())]
pub struct NotGoverned {
    /// The target.
    pub target: FleetTarget,
    /// Why it does not reach them.
    pub reason: String,
    /// The documentation that says so.
    pub source_address: String,
    /// What to do instead.
    pub help: Option<String>,
}

/// The files for `target`.
///
/// # Errors
/// The documented reason why this target does not reach the settings.
pub fn generate(clients: &Clients, target: FleetTarget) -> Result<Fleet, NotGoverned> {
    let rule = clients.fleet_rule(target);
    let Some(rule) = rule.filter(|rule| rule.governs) else {
        let reason = rule.map_or_else(|| "the catalogue has no rule for it".to_owned(), |rule| rule.reason.clone());
        let source_address = rule.map(|rule| rule.citation.source.clone()).unwrap_or_default();
        let help = rule.and_then(|rule| rule.help.clone());
        return Err(NotGoverned { target, reason, source_address, help });
    };
    let mut fleet = match target {
        FleetTarget::Ansible => ansible::generate(clients),
        FleetTarget::DevContainer => devcontainer::generate(clients),
        FleetTarget::Dotfiles => dotfiles::generate(clients),
        FleetTarget::VscodePolicy | FleetTarget::JetBrains | FleetTarget::Intune | FleetTarget::Jamf => {
            let reason = "this program has no generator for it".to_owned();
            return Err(NotGoverned { target, reason, source_address: rule.citation.source.clone(), help: None });
        }
    };
    fleet.notes.insert(0, rule.reason.clone());
    Ok(fleet)
}

/// Every environment variable a vendor documents for opting out, with the value to give it, in the order of their names.
fn variables(clients: &Clients) -> Vec<(&Variable, String)> {
    let settings = clients.products.iter().flat_map(|product| &product.settings);
    let mut variables: Vec<(&Variable, String)> = settings
        .flat_map(|setting| &setting.variables)
        .filter(|variable| variable.documented)
        .map(|variable| (variable, value(variable)))
        .collect();
    variables.sort_by(|(left, _), (right, _)| left.name.cmp(&right.name));
    variables.dedup_by(|(left, _), (right, _)| left.name == right.name);
    variables
}

fn value(variable: &Variable) -> String {
    match &variable.opts_out {
        VariableRule::Any => "1".to_owned(),
        VariableRule::Listed(values) => values.first().cloned().unwrap_or_default(),
        VariableRule::Unless(_) => "0".to_owned(),
    }
}

/// The settings of tools that live in an editor.
fn editor_settings(clients: &Clients) -> impl Iterator<Item = &Setting> {
    clients.products.iter().flat_map(|product| &product.settings).filter(|setting| setting.scope.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clients() -> Clients {
        Clients::built_in().unwrap()
    }

    #[test]
    fn what_no_documentation_supports_is_refused_with_its_source() {
        for target in [FleetTarget::VscodePolicy, FleetTarget::JetBrains, FleetTarget::Intune, FleetTarget::Jamf] {
            let refused = generate(&clients(), target).unwrap_err();
            assert!(refused.help.is_some(), "{target:?}");
            assert!(refused.to_string().contains("https://"), "{refused}");
        }
    }

    #[test]
    fn a_target_of_a_replaced_catalogue_still_needs_a_generator() {
        let mut clients = clients();
        clients.fleet.iter_mut().for_each(|rule| rule.governs = true);
        assert!(generate(&clients, FleetTarget::Jamf).is_err());
    }

    #[test]
    fn variables_have_a_value_that_opts_out() {
        for (variable, value) in variables(&clients()) {
            assert!(variable.opts_out(&value), "{}={value}", variable.name);
        }
    }

    #[test]
    fn the_generated_files_are_these() {
        for target in [FleetTarget::Ansible, FleetTarget::DevContainer, FleetTarget::Dotfiles] {
            let fleet = generate(&clients(), target).unwrap();
            let files = fleet.files.iter().map(|file| format!("==> {}\n{}", file.path, file.text));
            let text = files.chain(fleet.notes.iter().map(|note| format!("note: {note}\n"))).collect::<String>();
            insta::assert_snapshot!(target.name(), text);
        }
    }

    #[test]
    fn the_dev_container_file_is_json_and_sets_no_application_setting() {
        let fleet = generate(&clients(), FleetTarget::DevContainer).unwrap();
        let value: serde_json::Value = serde_json::from_str(&fleet.files.first().unwrap().text).unwrap();
        let settings = value["customizations"]["vscode"]["settings"].as_object().unwrap();
        assert!(settings.contains_key("amazonQ.telemetry"));
        assert!(!settings.contains_key("amazonQ.shareContentWithAWS"));
    }
}
