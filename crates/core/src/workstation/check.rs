//! The answer for one machine: each tool, each of its installations, each setting.

use std::collections::BTreeMap;

use super::clients::{Clients, Location, Product, Setting, key_text};
use super::decode::decode;
use super::discover::{FoundFile, Installation, installations};
use super::format::{Seen, look, touched};
use super::machine::{Content, Facts, Machine, ReadProblem};
use super::report::{Finding, ProductReport, Report};
use super::terms::{Belongs, Kind, Role, Scope};
use super::verdict::{Observation, Reason, Verdict, judge, legacy_notes, severity};
use crate::source::{Problem, Rejected, Source};

/// The answer for `machine`, of which `facts` were found.
#[must_use]
pub fn check(clients: &Clients, machine: &Machine, facts: &Facts) -> Report {
    let checker = Checker { clients, machine, texts: texts(facts) };
    let products: Vec<ProductReport> = clients.products.iter().map(|product| checker.product(product, facts)).collect();
    let worst = |of: fn(&ProductReport) -> Option<Verdict>| {
        products.iter().filter_map(of).max().unwrap_or(Verdict::NotInstalled)
    };
    Report {
        os: machine.os,
        environment_known: machine.environment.is_some(),
        content: worst(|product| product.content),
        telemetry: worst(|product| product.telemetry),
        products,
    }
}

/// What a home directory cannot show about settings of window scope.
const WORKSPACES: &str = "a workspace's own settings can override this; workspaces are not searched";

/// The text of a file, or why there is none.
type Text = Result<String, Reason>;

fn texts(facts: &Facts) -> BTreeMap<&str, Text> {
    facts.files.iter().map(|(path, content)| (path.as_str(), text(path, content))).collect()
}

fn text(path: &str, content: &Content) -> Text {
    match content {
        Ok(bytes) => decode(path, bytes).map(|decoded| decoded.text).map_err(|rejected| unreadable(&rejected)),
        Err(problem @ ReadProblem::LeadsOutside { .. }) => Err(Reason::ManagedElsewhere { by: problem.to_string() }),
        Err(problem) => Err(Reason::Unreadable { why: problem.to_string() }),
    }
}

fn unreadable(rejected: &Rejected) -> Reason {
    Reason::Unreadable { why: rejected.lines().join("; ") }
}

struct Checker<'a> {
    clients: &'a Clients,
    machine: &'a Machine,
    texts: BTreeMap<&'a str, Text>,
}

impl Checker<'_> {
    fn product(&self, product: &Product, facts: &Facts) -> ProductReport {
        let found = installations(product, self.machine, facts);
        let findings: Vec<Finding> = found.iter().flat_map(|found| self.installation(product, found)).collect();
        ProductReport {
            id: product.id.clone(),
            name: product.name.clone(),
            content: worst(product, &findings, Kind::Content),
            telemetry: worst(product, &findings, Kind::Telemetry),
            identities: if findings.is_empty() { Vec::new() } else { self.identities(product) },
            findings,
            note: product.note.clone(),
        }
    }

    /// What each kind of identity changes about a tool, in sentences.
    fn identities(&self, product: &Product) -> Vec<String> {
        let about = self.clients.tiers.iter().filter(|tier| tier.products.contains(&product.id));
        about.map(|tier| format!("{}: {} (detection: {})", tier.name, tier.meaning, tier.detection)).collect()
    }

    fn installation(&self, product: &Product, found: &Installation<'_>) -> Vec<Finding> {
        match self.installed(product, found) {
            Installed::Yes => {
                product.settings.iter().flat_map(|setting| self.setting(product, setting, found)).collect()
            }
            Installed::Maybe => {
                let file = found.files.first().map(|file| file.path);
                let finding = |setting| self.undecided(setting, found, file, Reason::MaybeNotInstalled);
                product.settings.iter().map(finding).collect()
            }
            Installed::Unread(file, reason) => {
                let finding = |setting| self.undecided(setting, found, Some(file), reason.clone());
                product.settings.iter().map(finding).collect()
            }
            Installed::No => Vec::new(),
        }
    }

    fn installed<'f>(&self, product: &Product, found: &'f Installation<'_>) -> Installed<'f> {
        let keys: Vec<&Vec<String>> =
            product.settings.iter().flat_map(|setting| std::iter::once(&setting.key).chain(&setting.legacy)).collect();
        if found.is_marked() {
            return Installed::Yes;
        }
        let mut unread = None;
        for file in &found.files {
            match self.written(product, file, &keys) {
                Ok(true) => return Installed::Yes,
                Ok(false) => {}
                Err(reason) => unread = unread.or(Some(Installed::Unread(file.path, reason))),
            }
        }
        match (product.belongs, found.files.is_empty()) {
            (Belongs::Product, false) => Installed::Yes,
            // What cannot be read may hold the setting: that is not the same as not being there.
            (Belongs::Vendor | Belongs::Host, false) if unread.is_some() => unread.unwrap_or(Installed::Maybe),
            (Belongs::Vendor, false) => Installed::Maybe,
            (Belongs::Host, false) | (_, true) if found.suggested => Installed::Maybe,
            (Belongs::Host, false) | (_, true) => Installed::No,
        }
    }

    /// Whether one of the keys is in a file, or why that cannot be told.
    fn written(&self, product: &Product, file: &FoundFile<'_>, keys: &[&Vec<String>]) -> Result<bool, Reason> {
        let text = self.readable(file)?;
        for key in keys {
            if touched(product.format, text, key).map_err(|problem| placed(file.path, text, problem))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn readable(&self, file: &FoundFile<'_>) -> Result<&str, Reason> {
        match self.texts.get(file.path) {
            Some(Ok(text)) => Ok(text),
            Some(Err(reason)) => Err(reason.clone()),
            None => Err(Reason::Unreadable { why: ReadProblem::Vanished.to_string() }),
        }
    }

    fn setting(&self, product: &Product, setting: &Setting, found: &Installation<'_>) -> Vec<Finding> {
        if !setting.proven {
            return vec![self.undecided(setting, found, None, Reason::NotProven)];
        }
        let roles = self.clients.read_from(setting);
        let mut findings: Vec<Finding> = Vec::new();
        for file in found.files.iter().filter(|file| roles.contains(&file.role)) {
            findings.extend(self.file(setting, found, file));
        }
        let own = found.files.iter().any(|file| file.role == Role::User);
        if found.is_local() && !own {
            findings.insert(0, self.without_file(product, setting, found));
        }
        if findings.is_empty() {
            let by = "the settings of the editor that connects to this machine count".to_owned();
            findings.push(self.undecided(setting, found, None, Reason::ManagedElsewhere { by }));
        }
        let ignored = self.ignored(setting, found, &roles);
        findings.iter_mut().for_each(|finding| finding.notes.extend(ignored.iter().cloned()));
        findings
    }

    /// What one file says; `None` where it only adds to another file and says nothing.
    fn file(&self, setting: &Setting, found: &Installation<'_>, file: &FoundFile<'_>) -> Option<Finding> {
        let finding = |verdict, reason, notes| self.finding(setting, found, Some(file), verdict, reason, notes);
        if !file.location.proven_on.contains(&self.machine.os) {
            return Some(finding(Verdict::Unknown, Reason::NotProven, Vec::new()));
        }
        let observation = match self.observe(setting, file) {
            Ok(observation) => observation,
            Err(reason) => return Some(finding(Verdict::Unknown, reason, Vec::new())),
        };
        let silent =
            observation.seen == Seen::Absent && observation.legacy.iter().all(|(_, seen)| *seen == Seen::Absent);
        if file.role == Role::Remote && silent {
            return None;
        }
        let (verdict, reason) = judge(setting, &observation);
        Some(finding(verdict, reason, legacy_notes(setting, &observation)))
    }

    fn observe(&self, setting: &Setting, file: &FoundFile<'_>) -> Result<Observation, Reason> {
        let text = self.readable(file)?;
        let see = |key: &[String]| look(setting.format, text, key).map_err(|problem| placed(file.path, text, problem));
        let legacy = setting.legacy.iter().map(|key| Ok((key_text(key), see(key)?)));
        Ok(Observation { seen: see(&setting.key)?, legacy: legacy.collect::<Result<_, Reason>>()?, file: true })
    }

    /// The installation has no settings file yet: the default holds.
    fn without_file(&self, product: &Product, setting: &Setting, found: &Installation<'_>) -> Finding {
        let own = found.own_file(product, self.machine);
        let proven = own.as_ref().is_some_and(|(_, location)| location.proven_on.contains(&self.machine.os));
        let observation = Observation { seen: Seen::Absent, legacy: Vec::new(), file: false };
        let (verdict, reason) = match &own {
            Some(_) if !proven => (Verdict::Unknown, Reason::NotProven),
            Some(_) | None => judge(setting, &observation),
        };
        let mut finding = self.finding(setting, found, None, verdict, reason, Vec::new());
        finding.path = own.map(|(path, _)| path);
        finding.fixable &= finding.path.is_some();
        finding
    }

    /// Files that hold the key although it is not read from them.
    fn ignored(&self, setting: &Setting, found: &Installation<'_>, roles: &[Role]) -> Vec<String> {
        let elsewhere = found.files.iter().filter(|file| !roles.contains(&file.role));
        let holds = elsewhere.filter(|file| self.observe(setting, file).is_ok_and(|seen| seen.seen != Seen::Absent));
        holds.map(|file| format!("it is also in `{}`, where it is ignored", file.path)).collect()
    }

    fn undecided(&self, setting: &Setting, found: &Installation<'_>, path: Option<&str>, reason: Reason) -> Finding {
        let mut finding = self.finding(setting, found, None, Verdict::Unknown, reason, Vec::new());
        finding.path = path.map(str::to_owned);
        finding.fixable = false;
        finding
    }

    fn finding(
        &self,
        setting: &Setting,
        found: &Installation<'_>,
        file: Option<&FoundFile<'_>>,
        verdict: Verdict,
        reason: Reason,
        mut notes: Vec<String>,
    ) -> Finding {
        let (verdict, reason, fixable) = match self.by_variable(setting) {
            Some((verdict, reason)) => (verdict, reason, false),
            None => {
                let fixable = is_fixable(setting, verdict, &reason);
                (verdict, reason, fixable)
            }
        };
        notes.extend(self.environment_note(setting));
        notes.extend((setting.scope == Some(Scope::Window)).then(|| WORKSPACES.to_owned()));
        notes.extend(setting.citation.note.clone());
        notes.extend(file.and_then(|file| location_note(file.location)));
        Finding {
            product: setting.product.clone(),
            setting: setting.id.clone(),
            kind: setting.kind,
            instance: found.name.clone(),
            role: file.map_or(Role::User, |file| file.role),
            path: file.map(|file| file.path.to_owned()),
            key: setting.key_text(),
            verdict,
            reason,
            severity: severity(setting.kind, verdict),
            fixable,
            notes,
            menu: setting.menu.clone(),
            source: setting.citation.source.clone(),
        }
    }

    /// What the environment decides, if it does.
    fn by_variable(&self, setting: &Setting) -> Option<(Verdict, Reason)> {
        let environment = self.machine.environment.as_ref()?;
        setting.variables.iter().find_map(|variable| {
            let value = environment.get(&variable.name)?;
            let reason = Reason::Variable { name: variable.name.clone(), value: value.clone() };
            if variable.opts_out(value) {
                return Some((Verdict::OptedOut, reason));
            }
            variable.otherwise_shares.then_some((Verdict::Sharing, reason))
        })
    }

    fn environment_note(&self, setting: &Setting) -> Option<String> {
        let names: Vec<&str> = setting.variables.iter().map(|variable| variable.name.as_str()).collect();
        let unknown = self.machine.environment.is_none() && !names.is_empty();
        unknown.then(|| format!("{} may override this; the environment is not known", names.join(", ")))
    }
}

enum Installed<'f> {
    Yes,
    Maybe,
    /// This file, which would tell, cannot be read.
    Unread(&'f str, Reason),
    No,
}

fn placed(path: &str, text: &str, problem: Problem) -> Reason {
    unreadable(&Rejected::new(Source::new(path, text), vec![problem]))
}

fn location_note(location: &Location) -> Option<String> {
    location.citation.note.clone()
}

/// Whether writing the setting into its file would opt out.
fn is_fixable(setting: &Setting, verdict: Verdict, reason: &Reason) -> bool {
    let writable = setting.value_to_write().is_some();
    let by_file = match reason {
        Reason::Value { .. } | Reason::Default { .. } | Reason::LegacyOnly { .. } | Reason::WrongType { .. } => true,
        Reason::Variable { .. }
        | Reason::Unreadable { .. }
        | Reason::Duplicate { .. }
        | Reason::OtherForm
        | Reason::NotProven
        | Reason::ManagedElsewhere { .. }
        | Reason::MaybeNotInstalled => false,
    };
    writable && by_file && matches!(verdict, Verdict::Sharing | Verdict::Unknown)
}

fn worst(product: &Product, findings: &[Finding], kind: Kind) -> Option<Verdict> {
    let has = product.settings.iter().any(|setting| setting.kind == kind);
    let verdicts = findings.iter().filter(|finding| finding.kind == kind).map(|finding| finding.verdict);
    has.then(|| verdicts.max().unwrap_or(Verdict::NotInstalled))
}
