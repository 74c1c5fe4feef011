//! What to change on a machine, and the changed bytes of one file with their diff.

use std::collections::BTreeMap;

use super::clients::{Clients, Setting};
use super::decode::decode;
use super::format::{Seen, look, refusal, set};
use super::report::Report;
use super::terms::{Kind, Scalar};
use crate::source::{Problem, Rejected, Source, unified};

/// One file to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair<'a> {
    /// The file.
    pub path: String,
    /// The settings to write into it, in the order of the catalogue.
    pub settings: Vec<&'a Setting>,
}

/// A file after its change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to write.
    pub bytes: Vec<u8>,
    /// Whether they differ from those that were there.
    pub changed: bool,
    /// The change as a unified diff; empty where there is none.
    pub diff: String,
}

/// Why a file is not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No source shows the file or the key.
    #[error("no source shows where `{product}` keeps its setting `{setting}`")]
    NotProven {
        /// The tool's id.
        product: String,
        /// The setting's id.
        setting: String,
        /// The way there for a person.
        menu: String,
    },
    /// The text cannot be read, or holds something that must not be overwritten; with the places.
    #[error(transparent)]
    Text(#[from] Rejected),
}

impl Refusal {
    /// What to do about it, where that is not in the message already.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NotProven { menu, .. } => Some(format!("set it in the tool: {menu}")),
            Self::Text(_) => None,
        }
    }
}

/// The files to change so that every fixable finding of these `kinds` opts out, by path.
#[must_use]
pub fn repairs<'a>(clients: &'a Clients, report: &Report, kinds: &[Kind]) -> Vec<Repair<'a>> {
    let mut by_path: BTreeMap<&str, Vec<&'a Setting>> = BTreeMap::new();
    let findings = report.products.iter().flat_map(|product| &product.findings);
    for finding in findings.filter(|finding| finding.fixable && kinds.contains(&finding.kind)) {
        let setting = clients.setting(&finding.product, &finding.setting);
        if let (Some(path), Some(setting)) = (&finding.path, setting) {
            let settings = by_path.entry(path).or_default();
            if !settings.contains(&setting) {
                settings.push(setting);
            }
        }
    }
    by_path.into_iter().map(|(path, settings)| Repair { path: path.to_owned(), settings }).collect()
}

/// The file `name` with the opt-out value of each of `settings`, and nothing else changed.
///
/// `bytes` are those of the file, empty for a file that is not there yet. A second call with the result changes
/// nothing.
///
/// # Errors
/// The first setting that is refused; then nothing is changed at all.
pub fn fix(name: &str, bytes: &[u8], settings: &[&Setting]) -> Result<Edit, Refusal> {
    let decoded = decode(name, bytes)?;
    let mut text = decoded.text.clone();
    for setting in settings {
        text = opt_out(name, &text, setting)?;
    }
    let diff = unified(&decoded.text, &text, name);
    Ok(Edit { bytes: decoded.encode(&text), changed: text != decoded.text, diff })
}

fn opt_out(name: &str, text: &str, setting: &Setting) -> Result<String, Refusal> {
    let Some(value) = setting.value_to_write() else {
        let (product, id, menu) = (setting.product.clone(), setting.id.clone(), setting.menu.clone());
        return Err(Refusal::NotProven { product, setting: id, menu });
    };
    let reject = |problem: Problem| Refusal::Text(Rejected::new(Source::new(name, text), vec![problem]));
    let seen = look(setting.format, text, &setting.key).map_err(reject)?;
    if let Some(problem) = refusal(&seen, &setting.key_text()) {
        return Err(reject(problem));
    }
    if matches!(&seen, Seen::One(value, _) if setting.opts_out.contains(value)) {
        return Ok(text.to_owned());
    }
    let new = set(setting.format, text, &setting.key, value).map_err(reject)?;
    verified(setting, &new, value).map_err(reject)?;
    Ok(new)
}

/// The changed text is read again before anybody writes it: a change that did not take is refused.
fn verified(setting: &Setting, new: &str, value: &Scalar) -> Result<(), Problem> {
    match look(setting.format, new, &setting.key) {
        Ok(Seen::One(found, _)) if found == *value => Ok(()),
        Ok(_) | Err(_) => {
            let message = format!("`{}` could not be set without harm to the file", setting.key_text());
            Err(Problem::new("settings-edit-failed", message).help(format!("set it in the tool: {}", setting.menu)))
        }
    }
}
