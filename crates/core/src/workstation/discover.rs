//! Which paths of a machine to look at, and which installations of a tool what was found there belongs to.

use std::collections::BTreeMap;

use super::clients::{Clients, Location, Marker, Product};
use super::machine::{Content, Facts, Machine};
use super::place::Pattern;
use super::terms::Role;

/// What a path is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Its bytes: it is a settings file.
    Settings,
    /// Whether it is there: it shows an installation.
    Marker,
}

/// A pattern of paths to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What for.
    pub purpose: Purpose,
    /// The paths; [`Pattern::expand`] finds those that are there.
    pub pattern: Pattern,
}

/// The paths to look at, each once. What is found goes into [`Facts`] under the path as it was found.
#[must_use]
pub fn candidates(clients: &Clients, machine: &Machine) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = clients.products.iter().flat_map(|product| of(product, machine)).collect();
    candidates.sort();
    candidates.dedup();
    candidates
}

/// How the machine's files are reached; nothing here reads a disk.
pub struct Reach<'a> {
    /// The names in a directory; nothing for one that cannot be listed.
    pub list: &'a mut dyn FnMut(&str) -> Vec<String>,
    /// The bytes of a file, or why it could not be read; `None` where there is none.
    pub read: &'a mut dyn FnMut(&str) -> Option<Content>,
    /// Whether there is anything at a path.
    pub exists: &'a mut dyn FnMut(&str) -> bool,
}

impl std::fmt::Debug for Reach<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reach").finish_non_exhaustive()
    }
}

/// Looks at every candidate of `machine` through `reach`; each file is read once.
pub fn gather(clients: &Clients, machine: &Machine, reach: &mut Reach<'_>) -> Facts {
    let mut facts = Facts::default();
    for candidate in candidates(clients, machine) {
        for fit in candidate.pattern.expand(reach.list) {
            match candidate.purpose {
                Purpose::Marker if (reach.exists)(&fit.path) => _ = facts.present.insert(fit.path),
                Purpose::Settings if !facts.files.contains_key(&fit.path) => {
                    facts.files.extend((reach.read)(&fit.path).map(|content| (fit.path, content)));
                }
                Purpose::Marker | Purpose::Settings => {}
            }
        }
    }
    facts
}

fn of(product: &Product, machine: &Machine) -> Vec<Candidate> {
    let settings = product.locations.iter().flat_map(|location| location.patterns.on(machine.os));
    let markers = product.markers.iter().flat_map(|marker| marker.patterns.on(machine.os));
    let candidate = |purpose, pattern: &String| Candidate { purpose, pattern: Pattern::resolve(pattern, machine) };
    let settings = settings.map(|pattern| candidate(Purpose::Settings, pattern));
    settings.chain(markers.map(|pattern| candidate(Purpose::Marker, pattern))).collect()
}

/// A settings file of one installation.
#[derive(Debug, Clone)]
pub(super) struct FoundFile<'a> {
    pub(super) role: Role,
    pub(super) path: &'a str,
    pub(super) location: &'a Location,
}

/// What was found of one installation of a tool.
#[derive(Debug, Clone, Default)]
pub(super) struct Installation<'a> {
    /// Its name, where it has one.
    pub(super) name: Option<String>,
    /// Its settings files.
    pub(super) files: Vec<FoundFile<'a>>,
    /// A marker shows it on this machine.
    pub(super) marked: bool,
    /// A marker shows it on the remote side of an editor.
    pub(super) marked_remote: bool,
    /// A marker only suggests it.
    pub(super) suggested: bool,
    /// Which pattern of the marker fitted: that of the settings file has the same number.
    pub(super) pattern: usize,
}

impl Installation<'_> {
    /// Whether anything shows a local side: a marker, or a file of the user.
    pub(super) fn is_local(&self) -> bool {
        self.marked || self.suggested || self.files.iter().any(|file| file.role != Role::Remote)
    }

    /// Whether a marker shows it anywhere.
    pub(super) fn is_marked(&self) -> bool {
        self.marked || self.marked_remote
    }

    /// The path its own settings file would have, and where that is known from.
    pub(super) fn own_file<'b>(&self, product: &'b Product, machine: &Machine) -> Option<(String, &'b Location)> {
        let ours = |location: &&Location| {
            location.role == Role::User
                && (location.instance.is_none() || self.name.is_none() || location.instance == self.name)
        };
        let location = product.locations.iter().find(ours)?;
        let patterns = location.patterns.on(machine.os);
        let pattern = Pattern::resolve(patterns.get(self.pattern).or_else(|| patterns.first())?, machine);
        let path = match &self.name {
            Some(name) => pattern.for_instance(name),
            None => pattern.is_exact().then(|| pattern.as_str().to_owned()),
        };
        Some((path?, location))
    }
}

/// The installations of a tool that anything was found of.
pub(super) fn installations<'a>(product: &'a Product, machine: &Machine, facts: &'a Facts) -> Vec<Installation<'a>> {
    let mut found: BTreeMap<Option<String>, Installation<'a>> = BTreeMap::new();
    for path in facts.files.keys() {
        for (file, name) in files(product, machine, path) {
            entry(&mut found, name).files.push(file);
        }
    }
    for path in &facts.present {
        for (marker, pattern, name) in markers(product, machine, path) {
            mark(entry(&mut found, name), marker, pattern);
        }
    }
    merge_unnamed(found)
}

fn entry<'a, 'b>(
    found: &'b mut BTreeMap<Option<String>, Installation<'a>>,
    name: Option<String>,
) -> &'b mut Installation<'a> {
    found.entry(name.clone()).or_insert_with(|| Installation { name, ..Installation::default() })
}

fn mark(installation: &mut Installation<'_>, marker: &Marker, pattern: usize) {
    match (marker.proven, marker.role) {
        (false, _) => installation.suggested = true,
        (true, Role::User | Role::Profile) => installation.marked = true,
        (true, Role::Remote) => installation.marked_remote = true,
    }
    installation.pattern = pattern;
}

/// A marker without a name is for every installation that has one.
fn merge_unnamed<'a>(mut found: BTreeMap<Option<String>, Installation<'a>>) -> Vec<Installation<'a>> {
    if found.len() > 1
        && let Some(unnamed) = found.remove(&None)
    {
        for installation in found.values_mut() {
            installation.marked |= unnamed.marked;
            installation.marked_remote |= unnamed.marked_remote;
            installation.suggested |= unnamed.suggested;
        }
    }
    found.into_values().collect()
}

fn files<'a>(product: &'a Product, machine: &Machine, path: &'a str) -> Vec<(FoundFile<'a>, Option<String>)> {
    let fit = |location: &'a Location| {
        let (_, name) = fits(location.patterns.on(machine.os), machine, path)?;
        let file = FoundFile { role: location.role, path, location };
        Some((file, location.instance.clone().or(name)))
    };
    product.locations.iter().filter_map(fit).collect()
}

fn markers<'a>(product: &'a Product, machine: &Machine, path: &str) -> Vec<(&'a Marker, usize, Option<String>)> {
    let fit = |marker: &'a Marker| {
        let (pattern, name) = fits(marker.patterns.on(machine.os), machine, path)?;
        Some((marker, pattern, marker.instance.clone().or(name)))
    };
    product.markers.iter().filter_map(fit).collect()
}

/// The number of the first pattern that `path` fits, and the installation it names.
fn fits(patterns: &[String], machine: &Machine, path: &str) -> Option<(usize, Option<String>)> {
    let path = machine.slashes(path);
    let fit = |(at, pattern): (usize, &String)| Some((at, Pattern::resolve(pattern, machine).fit(&path)?.instance));
    patterns.iter().enumerate().find_map(fit)
}
