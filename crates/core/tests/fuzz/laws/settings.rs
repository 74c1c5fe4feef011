//! Settings files of developers' tools: what is not refused is set, a second fix changes nothing, and only a refusal has no bytes.

use std::sync::LazyLock;

use optout_core::source::Source;
use optout_core::workstation::{Clients, Edit, Format, Refusal, Setting, fix};

use super::reader;

static CLIENTS: LazyLock<Clients> = LazyLock::new(|| Clients::built_in().expect("the catalogue can be read"));

/// JSON, with comments or without.
pub(crate) fn jsonc(bytes: &[u8]) {
    holds(bytes, &[Format::Jsonc, Format::Json]);
}

/// The state files of JetBrains IDEs.
pub(crate) fn xml(bytes: &[u8]) {
    holds(bytes, &[Format::Xml]);
}

/// TOML, and the properties of Eclipse.
pub(crate) fn preferences(bytes: &[u8]) {
    holds(bytes, &[Format::Toml, Format::Properties]);
}

/// The settings that are kept in one of these formats, of every product.
pub(crate) fn settings(formats: &[Format]) -> Vec<&'static Setting> {
    let all = CLIENTS.products.iter().flat_map(|product| &product.settings);
    all.filter(|setting| formats.contains(&setting.format)).collect()
}

/// The first byte chooses the setting.
fn holds(bytes: &[u8], formats: &[Format]) {
    let Some((first, file)) = bytes.split_first() else { return };
    let settings = settings(formats);
    let setting = settings[usize::from(*first) % settings.len()];
    set_once(file, setting, |file, setting| fix("settings", file, &[setting]));
}

/// What was written can be read, says what was wanted, and is not changed again.
pub(crate) fn set_once(file: &[u8], setting: &Setting, fix: impl Fn(&[u8], &Setting) -> Result<Edit, Refusal>) {
    let edit = match fix(file, setting) {
        Ok(edit) => edit,
        Err(Refusal::Text(rejected)) => {
            let source = Source::new("settings", rejected.source.text.clone());
            return reader::refused(&rejected, &source);
        }
        Err(Refusal::NotProven { .. }) => return,
    };
    assert_eq!(edit.changed, edit.bytes != file, "{}", edit.diff);
    assert_eq!(edit.changed, !edit.diff.is_empty());
    let again = fix(&edit.bytes, setting).expect("what was written can be read");
    assert!(!again.changed, "a second fix changes more: {}", again.diff);
}
