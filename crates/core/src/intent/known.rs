//! The names that an intent may use: of services, controls and checklist items.

use super::DEFAULT_SERVICE;
use crate::source::{Fields, Found, Problem, nearest};

/// The names that an intent may use.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    services: Vec<&'a str>,
    controls: Vec<&'a str>,
    items: Option<Vec<&'a str>>,
}

impl<'a> Known<'a> {
    /// The keys of the AI services (`default` need not be among them) and the names of the controls.
    pub fn new(services: impl IntoIterator<Item = &'a str>, controls: impl IntoIterator<Item = &'a str>) -> Self {
        let services = std::iter::once(DEFAULT_SERVICE).chain(services.into_iter().filter(|it| *it != DEFAULT_SERVICE));
        Self { services: services.collect(), controls: controls.into_iter().collect(), items: None }
    }

    /// The same with the ids of the checklist items; without them any id is taken.
    #[must_use]
    pub fn with_items(mut self, items: impl IntoIterator<Item = &'a str>) -> Self {
        self.items = Some(items.into_iter().collect());
        self
    }

    pub(super) fn control(&self, fields: &Fields<'_>, found: Found<&str>) -> Option<String> {
        let help = "`optout controls` lists them";
        one_of("control", help, &self.controls, fields, found)
    }

    pub(super) fn service(&self, fields: &Fields<'_>, found: Found<&str>) -> Option<String> {
        let help = "`optout services` lists the keys; for one that AWS has added since, name a newer `--catalogue`";
        one_of("service", help, &self.services, fields, found)
    }

    pub(super) fn item(&self, fields: &Fields<'_>, found: Found<&str>) -> Option<String> {
        match &self.items {
            Some(items) => {
                one_of("checklist item", "`optout audit --list --checklist all` lists them", items, fields, found)
            }
            None => Some(found.value.to_owned()),
        }
    }
}

fn one_of(what: &str, help: &str, known: &[&str], fields: &Fields<'_>, found: Found<&str>) -> Option<String> {
    if known.contains(&found.value) {
        return Some(found.value.to_owned());
    }
    let help = nearest(found.value, known.iter().copied())
        .map_or_else(|| help.to_owned(), |word| format!("did you mean `{word}`? {help}"));
    let name: String = found.value.chars().take(80).collect();
    fields.note(Problem::new("intent-unknown-name", format!("no {what} is called `{name}`")).at(found.span).help(help));
    None
}
