//! The names of units and accounts in an intent become ids of one organization, which must be the intended one.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Choice, DEFAULT_SERVICE, Exception, Intent, TargetName};
use crate::org::{Membership, OrganizationId, Snapshot, TargetId, Tree};
use crate::source::{Problem, Rejected};

/// Why an intent does not fit an organization.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ResolveError {
    /// It speaks about another organization, to which nothing is ever done.
    #[error("the intent is for the organization `{intended}`, but these credentials or this snapshot are of `{found}`")]
    OtherOrganization {
        /// The one in the intent.
        intended: OrganizationId,
        /// The one that was read.
        found: OrganizationId,
    },
    /// It speaks about an organization that is still to be created, and there is one.
    #[error("the intent is for a new organization, but the account is already in `{found}`")]
    NotNew {
        /// The one that was read.
        found: OrganizationId,
    },
    /// It speaks about an organization, and the account is in none.
    #[error("the intent is for the organization `{intended}`, but the account is in no organization")]
    NoOrganization {
        /// The one in the intent.
        intended: OrganizationId,
    },
    /// Which organization it is could not be read.
    #[error("the intent is for one organization only, and which one this is could not be read")]
    UnreadOrganization,
    /// Targets that are not there, or that several could be.
    #[error(transparent)]
    Targets(#[from] Rejected),
}

impl ResolveError {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::OtherOrganization { .. } => {
                "use the credentials of the intended organization, or name it in the intent; nothing is ever done to another one"
            }
            Self::NotNew { .. } => {
                "write the id of this organization after `organization =` if it is meant; with `--create-organization` one that holds nothing but this account is taken for the new one"
            }
            Self::NoOrganization { .. } => {
                "use credentials of that organization; to create one, write `organization = \"new\"` and use `--create-organization`"
            }
            Self::UnreadOrganization => "allow `organizations:DescribeOrganization`, or take a new snapshot",
            Self::Targets(_) => {
                "name targets by id, or by the path of names from the root, like `/Workloads/Production`"
            }
        }
    }
}

/// An exception whose target is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The target.
    pub target: TargetId,
    /// The exception.
    pub exception: Exception,
}

/// An intent of which every target is one of the organization's.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedIntent {
    /// What the file says.
    pub intent: Intent,
    /// The exceptions with their targets, in the order of the file.
    pub exceptions: Vec<Resolved>,
    places: BTreeMap<TargetId, BTreeMap<String, usize>>,
}

impl ResolvedIntent {
    fn new(intent: Intent, exceptions: Vec<Resolved>) -> Self {
        let mut places: BTreeMap<TargetId, BTreeMap<String, usize>> = BTreeMap::new();
        for (at, it) in exceptions.iter().enumerate() {
            places.entry(it.target.clone()).or_default().insert(it.exception.service.clone(), at);
        }
        Self { intent, exceptions, places }
    }

    /// The exception that decides for `service` (a key or `default`) at the end of `path` on the day `at` (UTC).
    ///
    /// `path` are the targets from the root down to and with the account or unit, as [`Tree::path`] gives them. The
    /// nearest one counts; at one target the service's own before that for `default`, which covers every service.
    /// Expired ones count for nothing.
    #[must_use]
    pub fn deciding(&self, path: &[TargetId], service: &str, at: Date) -> Option<&Exception> {
        let here = |target: &TargetId, service: &str| {
            let place = self.places.get(target)?.get(service)?;
            self.exceptions.get(*place).map(|it| &it.exception).filter(|it| !it.is_expired(at))
        };
        path.iter().rev().find_map(|target| here(target, service).or_else(|| here(target, DEFAULT_SERVICE)))
    }

    /// The exception that allows `service` (a key or `default`) to be opted in at the end of `path` on the day `at`
    /// (UTC), if one does; `path` as in [`ResolvedIntent::deciding`].
    #[must_use]
    pub fn excepted(&self, path: &[TargetId], service: &str, at: Date) -> Option<&Exception> {
        self.deciding(path, service, at).filter(|it| it.value == Choice::OptIn)
    }

    /// What shall hold for `service` at the end of `path` on the day `at` (UTC): `optOut` without an exception.
    #[must_use]
    pub fn wanted(&self, path: &[TargetId], service: &str, at: Date) -> Choice {
        self.deciding(path, service, at).map_or(Choice::OptOut, |it| it.value)
    }

    /// The exception that allowed `service` to be opted in at the end of `path` until a day that is past on `at` (UTC):
    /// the nearest one.
    #[must_use]
    pub fn lapsed(&self, path: &[TargetId], service: &str, at: Date) -> Option<&Exception> {
        let here = |target: &TargetId, service: &str| {
            let place = self.places.get(target)?.get(service)?;
            let exception = self.exceptions.get(*place).map(|it| &it.exception);
            exception.filter(|it| it.is_expired(at) && it.value == Choice::OptIn)
        };
        path.iter().rev().find_map(|target| here(target, service).or_else(|| here(target, DEFAULT_SERVICE)))
    }

    /// The exceptions that hold on the day `at` (UTC).
    pub fn active(&self, at: Date) -> impl Iterator<Item = &Resolved> {
        self.exceptions.iter().filter(move |it| !it.exception.is_expired(at))
    }

    /// The exceptions whose last day is over on the day `at` (UTC).
    pub fn expired(&self, at: Date) -> impl Iterator<Item = &Resolved> {
        self.exceptions.iter().filter(move |it| it.exception.is_expired(at))
    }
}

impl Intent {
    /// Looks up every target in `snapshot`.
    ///
    /// # Errors
    /// Where the snapshot is of another organization, or a target is not there, or several could be meant.
    pub fn resolve(self, snapshot: &Snapshot) -> Result<ResolvedIntent, ResolveError> {
        self.check_organization(snapshot)?;
        let mut problems = Vec::new();
        let targets = Targets::new(snapshot, &self.exceptions);
        let found: Vec<Option<TargetId>> = self
            .exceptions
            .iter()
            .map(|it| targets.find(&it.target.value).map_err(|problem| problems.push(problem.at(it.target.span))).ok())
            .collect();
        problems.extend(said_twice(&self.exceptions, &found));
        if !problems.is_empty() {
            return Err(Rejected::new(self.source.clone(), problems).into());
        }
        let exceptions = self.exceptions.iter().cloned().zip(found);
        let exceptions = exceptions.filter_map(|(exception, target)| Some(Resolved { target: target?, exception }));
        let exceptions = exceptions.collect();
        Ok(ResolvedIntent::new(self, exceptions))
    }

    fn check_organization(&self, snapshot: &Snapshot) -> Result<(), ResolveError> {
        let intended = self.organization.value.as_ref();
        match (intended, &snapshot.membership) {
            (_, None) => Err(ResolveError::UnreadOrganization),
            (None, Some(Membership::None)) => Ok(()),
            (None, Some(Membership::Member(found))) => Err(ResolveError::NotNew { found: found.id.clone() }),
            (Some(intended), Some(Membership::None)) => {
                Err(ResolveError::NoOrganization { intended: intended.clone() })
            }
            (Some(intended), Some(Membership::Member(found))) if found.id == *intended => Ok(()),
            (Some(intended), Some(Membership::Member(found))) => {
                Err(ResolveError::OtherOrganization { intended: intended.clone(), found: found.id.clone() })
            }
        }
    }
}

/// The same service at the same target, named in two ways; the same way twice was refused when the file was read.
fn said_twice(exceptions: &[Exception], found: &[Option<TargetId>]) -> Vec<Problem> {
    let mut seen = BTreeMap::new();
    let mut problems = Vec::new();
    for (exception, target) in exceptions.iter().zip(found) {
        let Some(target) = target else { continue };
        if let Some(first) = seen.insert((target, &exception.service), &exception.target.value) {
            let message = format!("`{}` and `{first}` are the same target", exception.target.value);
            problems.push(
                Problem::new("intent-duplicate", message)
                    .at(exception.target.span)
                    .help("keep one of the two exceptions"),
            );
        }
    }
    problems
}

/// The targets of a snapshot by id and, where somebody asks for them, by path of names.
struct Targets<'a> {
    snapshot: &'a Snapshot,
    paths: BTreeMap<String, Vec<TargetId>>,
}

impl<'a> Targets<'a> {
    fn new(snapshot: &'a Snapshot, exceptions: &[Exception]) -> Self {
        let asked = exceptions.iter().filter_map(|it| match &it.target.value {
            TargetName::Path(path) => Some((path.clone(), Vec::new())),
            TargetName::Id(_) => None,
        });
        let mut targets = Self { snapshot, paths: asked.collect() };
        if let (false, Ok(tree)) = (targets.paths.is_empty(), Tree::new(snapshot)) {
            targets.index(&tree);
        }
        targets
    }

    fn index(&mut self, tree: &Tree<'_>) {
        let snapshot = self.snapshot;
        let root = snapshot.root.iter().map(|root| (TargetId::Root(root.id.clone()), "/".to_owned()));
        let units = snapshot.units.iter().flatten().map(|unit| TargetId::Unit(unit.id.clone()));
        let units = units.map(|unit| (unit.clone(), tree.names(&unit)));
        let accounts = snapshot.accounts.iter().flatten().filter_map(|account| {
            let above = tree.names(account.parent.as_ref()?);
            Some((TargetId::Account(account.id), format!("{}/{}", above.trim_end_matches('/'), account.name)))
        });
        for (target, path) in root.chain(units).chain(accounts) {
            if let Some(found) = self.paths.get_mut(&path) {
                found.push(target);
            }
        }
    }

    fn find(&self, name: &TargetName) -> Result<TargetId, Problem> {
        match name {
            TargetName::Id(id) if self.lists(id) => Ok(id.clone()),
            TargetName::Id(id) => Err(Problem::new("intent-target", format!("`{id}` is not in this organization"))
                .help("look it up with `optout snapshot`, or name the target by its path of names")),
            TargetName::Path(path) => self.find_path(path),
        }
    }

    /// Whether the organization has a target of this id; where that part was not read nobody can say no.
    fn lists(&self, id: &TargetId) -> bool {
        match id {
            TargetId::Root(id) => self.snapshot.root.as_ref().is_none_or(|root| root.id == *id),
            TargetId::Unit(id) => {
                self.snapshot.units.as_ref().is_none_or(|units| units.iter().any(|unit| unit.id == *id))
            }
            TargetId::Account(id) => {
                self.snapshot.accounts.as_ref().is_none_or(|all| all.iter().any(|account| account.id == *id))
            }
        }
    }

    fn find_path(&self, path: &str) -> Result<TargetId, Problem> {
        match self.paths.get(path).map(Vec::as_slice).unwrap_or_default() {
            [one] => Ok(one.clone()),
            [] => Err(self.missing(path)),
            several => {
                let ids: Vec<String> = several.iter().take(5).map(|id| format!("`{id}`")).collect();
                let message = format!("`{path}` could be any of {} targets: {}", several.len(), ids.join(", "));
                Err(Problem::new("intent-target", message).help("name the target by its id"))
            }
        }
    }

    fn missing(&self, path: &str) -> Problem {
        let unread = self.snapshot.units.is_none() || self.snapshot.accounts.is_none() || self.snapshot.root.is_none();
        let help = match unread {
            true => "the units or accounts could not be read: name the target by its id",
            false => {
                "names count exactly, capital letters and spaces too; the path begins below the root, like `/Workloads`"
            }
        };
        Problem::new("intent-target", format!("no unit or account of this organization is at `{path}`")).help(help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::Known;
    use crate::org;
    use crate::source::Source;

    const WHOLE: &str = include_str!("../../tests/data/intent/whole.toml");

    fn snapshot() -> Snapshot {
        org::read(&Source::new("s.json", include_str!("../../tests/data/snapshot-1.json"))).unwrap()
    }

    fn intent(text: &str) -> Intent {
        let known = Known::new(["lex", "transcribe"], ["locked-against-children"]);
        Intent::parse(&Source::new("o.toml", text), &known).unwrap()
    }

    fn path(ids: &[&str]) -> Vec<TargetId> {
        ids.iter().map(|id| id.parse().unwrap()).collect()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn targets_error(text: &str, snapshot: &Snapshot) -> String {
        match intent(text).resolve(snapshot) {
            Err(ResolveError::Targets(rejected)) => rejected.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn paths_of_names_become_ids() {
        let resolved = intent(WHOLE).resolve(&snapshot()).unwrap();
        let targets: Vec<String> = resolved.exceptions.iter().map(|it| it.target.to_string()).collect();
        assert_eq!(targets, ["ou-acme-12345679", "222222222222"]);
        let account = WHOLE.replace("/Workloads/Production", "/Workloads/Production/shop");
        assert_eq!(intent(&account).resolve(&snapshot()).unwrap().exceptions[0].target.to_string(), "222222222222");
        let root = WHOLE.replace("/Workloads/Production", "/");
        assert_eq!(intent(&root).resolve(&snapshot()).unwrap().exceptions[0].target.to_string(), "r-acme");
    }

    #[test]
    fn nothing_is_done_to_another_organization() {
        let other = intent(&WHOLE.replace("o-exampleorgid", "o-anotherorgid")).resolve(&snapshot()).unwrap_err();
        assert!(matches!(&other, ResolveError::OtherOrganization { .. }), "{other}");
        let new = intent(&WHOLE.replace("o-exampleorgid", "new")).resolve(&snapshot()).unwrap_err();
        assert!(matches!(&new, ResolveError::NotNew { .. }), "{new}");
        let begun =
            intent(&WHOLE.replace("o-exampleorgid", "new")).for_begun(&snapshot()).resolve(&snapshot()).unwrap_err();
        assert!(matches!(&begun, ResolveError::NotNew { .. }), "{begun}");
        let mut alone = snapshot();
        alone.membership = Some(Membership::None);
        assert!(matches!(intent(WHOLE).resolve(&alone), Err(ResolveError::NoOrganization { .. })));
        alone.membership = None;
        assert_eq!(intent(WHOLE).resolve(&alone), Err(ResolveError::UnreadOrganization));
    }

    #[test]
    fn missing_targets_are_problems_at_their_place() {
        let text =
            WHOLE.replace("/Workloads/Production", "/workloads/Production").replace("222222222222", "333333333333");
        let lines = targets_error(&text, &snapshot());
        assert!(lines.contains("o.toml:13:10: no unit or account of this organization is at"), "{lines}");
        assert!(lines.contains("o.toml:21:10: `333333333333` is not in this organization"), "{lines}");
    }

    #[test]
    fn ambiguous_names_are_problems_that_list_the_ids() {
        let mut snapshot = snapshot();
        let mut twin = snapshot.units.as_ref().unwrap()[1].clone();
        twin.id = "ou-acme-12345670".parse().unwrap();
        snapshot.units.as_mut().unwrap().push(twin);
        let lines = targets_error(WHOLE, &snapshot);
        assert!(lines.contains("could be any of 2 targets: `ou-acme-12345679`, `ou-acme-12345670`"), "{lines}");
    }

    #[test]
    fn one_target_named_in_two_ways_is_a_duplicate() {
        let text = WHOLE.replace("\"default\"", "\"transcribe\"").replace("222222222222", "ou-acme-12345679");
        let lines = targets_error(&text, &snapshot());
        assert!(lines.contains("o.toml:21:10: `ou-acme-12345679` and `/Workloads/Production` are the same"), "{lines}");
    }

    #[test]
    fn an_exception_holds_below_its_target_and_through_its_last_day() {
        let resolved = intent(WHOLE).resolve(&snapshot()).unwrap();
        let shop = path(&["r-acme", "ou-acme-12345678", "ou-acme-12345679", "222222222222"]);
        let other = path(&["r-acme", "111111111111"]);
        assert!(resolved.excepted(&shop, "transcribe", day("2027-01-31")).is_some());
        assert!(resolved.excepted(&shop, "transcribe", day("2027-02-01")).is_none());
        assert!(resolved.excepted(&other, "transcribe", day("2027-01-31")).is_none());
        assert!(resolved.lapsed(&shop, "transcribe", day("2027-02-01")).is_some());
        assert!(resolved.lapsed(&other, "transcribe", day("2027-02-01")).is_none());
        assert_eq!(resolved.expired(day("2027-01-31")).count(), 1);
        assert_eq!(resolved.expired(day("2027-02-01")).count(), 2);
    }

    #[test]
    fn default_covers_every_service_until_a_nearer_or_named_exception_says_otherwise() {
        let deny = "[[exceptions]]\nservice = 'lex'\ntarget = '222222222222'\nvalue = 'optOut'\nreason = 'x'\napprover = 'y'\nuntil = 2026-12-31\n";
        let resolved = intent(&format!("{WHOLE}\n{deny}")).resolve(&snapshot()).unwrap();
        let shop = path(&["r-acme", "ou-acme-12345678", "ou-acme-12345679", "222222222222"]);
        let at = day("2026-12-31");
        assert!(resolved.excepted(&shop, "polly", at).is_some_and(|it| it.service == "default"));
        assert!(resolved.excepted(&shop, "default", at).is_some());
        assert!(resolved.excepted(&shop, "lex", at).is_none());
        assert_eq!(resolved.wanted(&shop, "lex", at), Choice::OptOut);
        assert!(resolved.excepted(&shop, "transcribe", at).is_some_and(|it| it.service == "default"));
        assert!(resolved.excepted(&shop[..3], "transcribe", at).is_some_and(|it| it.service == "transcribe"));
        assert!(resolved.excepted(&shop[..3], "polly", at).is_none());
    }

    #[test]
    fn names_with_slashes_in_them_are_still_found() {
        let mut snapshot = snapshot();
        snapshot.units.as_mut().unwrap()[1].name = "Production/EU".into();
        let text = WHOLE.replace("/Workloads/Production", "/Workloads/Production/EU");
        assert_eq!(intent(&text).resolve(&snapshot).unwrap().exceptions[0].target.to_string(), "ou-acme-12345679");
    }
}
