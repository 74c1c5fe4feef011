//! A `devcontainer.json` to merge into a project's: variables for the container, settings of window scope for editors.

use serde_json::{Map, Value, json};

use super::{Fleet, GeneratedFile, editor_settings, variables};
use crate::workstation::clients::Clients;
use crate::workstation::terms::{Scalar, Scope};

pub(super) fn generate(clients: &Clients) -> Fleet {
    let environment: Map<String, Value> =
        variables(clients).into_iter().map(|(variable, value)| (variable.name.clone(), Value::String(value))).collect();
    let content = json!({
        "containerEnv": environment,
        "customizations": { "vscode": { "settings": settings(clients) } },
    });
    let text = format!("{content:#}\n");
    Fleet {
        files: vec![GeneratedFile { path: ".devcontainer/devcontainer.json".to_owned(), text }],
        notes: notes(clients),
    }
}

fn settings(clients: &Clients) -> Map<String, Value> {
    let window = editor_settings(clients).filter(|setting| setting.scope == Some(Scope::Window));
    window.filter_map(|setting| Some((setting.key.first()?.clone(), plain(setting.value_to_write()?)))).collect()
}

fn plain(value: &Scalar) -> Value {
    match value {
        Scalar::Bool(value) => Value::Bool(*value),
        Scalar::Text(text) => Value::String(text.clone()),
    }
}

fn notes(clients: &Clients) -> Vec<String> {
    let application = editor_settings(clients).filter(|setting| setting.scope == Some(Scope::Application));
    application
        .filter_map(|setting| setting.key.first())
        .map(|key| format!("`{key}` has application scope: a container cannot set it, each developer's editor decides"))
        .collect()
}
