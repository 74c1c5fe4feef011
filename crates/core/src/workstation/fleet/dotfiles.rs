//! A shell file for a user's dot files: exports, and the documented commands of the command lines that are installed.

use super::{Fleet, GeneratedFile, variables};
use crate::workstation::clients::{Clients, Setting};

const PATH: &str = ".config/optout/aws-data-sharing.sh";

pub(super) fn generate(clients: &Clients) -> Fleet {
    let exports = variables(clients).into_iter().map(|(variable, value)| format!("export {}={value}\n", variable.name));
    let text = format!(
        "# Opts this user out of data sharing of AWS developer tools. Source it from ~/.profile:\n#   . \"$HOME/{PATH}\"\n{}\n{}",
        exports.collect::<String>(),
        commands(clients)
    );
    let note = "settings of editors and IDEs are in their own files: run `optout workstation fix` once for them";
    Fleet { files: vec![GeneratedFile { path: PATH.to_owned(), text }], notes: vec![note.to_owned()] }
}

/// The commands of the catalogue's command lines: their menu path is a command that starts with the program's name.
fn commands(clients: &Clients) -> String {
    let programs = [("kiro-cli", "kiro-cli"), ("amazon-q-cli", "q")];
    programs.into_iter().map(|(product, program)| block(clients, product, program)).collect()
}

fn block(clients: &Clients, product: &str, program: &str) -> String {
    let settings = clients.product(product).map(|product| product.settings.as_slice()).unwrap_or_default();
    let lines: String = settings.iter().filter_map(|setting| command(setting, program)).collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("if command -v {program} >/dev/null 2>&1; then\n{lines}fi\n")
}

fn command(setting: &Setting, program: &str) -> Option<String> {
    let value = setting.value_to_write()?;
    Some(format!("    {program} settings {} {value} >/dev/null\n", setting.key.first()?))
}
