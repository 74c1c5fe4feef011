//! What came of every organization, as one answer: the worst first, and nothing hidden by anything else.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::check::{AccountVerdict, Decision, Severity};
use crate::org::OrganizationId;
use crate::report::Report;

/// Where a report over a fleet comes from.
#[derive(Debug, Clone)]
pub struct FleetOrigin {
    /// The path of the fleet's file.
    pub path: String,
    /// The SHA-256 of its text, in hexadecimal digits.
    pub sha256: String,
    /// The version of the program.
    pub tool_version: String,
    /// The time judged by.
    pub at: Timestamp,
}

/// Why nothing can be said of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
}

/// What came of one organization.
#[derive(Debug)]
pub enum Came<'a> {
    /// It was judged.
    Report(Box<Report<'a>>),
    /// It was not.
    Trouble(Trouble),
}

/// One organization.
#[derive(Debug)]
pub struct Entry<'a> {
    /// What it is called; other people's text.
    pub name: String,
    /// What files about it are called, without an end.
    pub file_name: String,
    /// Where it was to be read from, in words.
    pub origin: String,
    /// What came of it.
    pub came: Came<'a>,
}

/// How it stands, the first that counts first: the exit codes 1, 2, 3 and 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Nothing can be said: it could not be read or judged.
    Failed,
    /// It does not hold.
    Fails,
    /// It could not be determined.
    Undetermined,
    /// It holds.
    Holds,
}

impl Outcome {
    /// Every outcome, the first that counts first.
    pub const ALL: [Self; 4] = [Self::Failed, Self::Fails, Self::Undetermined, Self::Holds];

    /// Its word in forms for machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Fails => "fails",
            Self::Undetermined => "undetermined",
            Self::Holds => "holds",
        }
    }

    /// The exit code it stands for.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Fails => 2,
            Self::Undetermined => 3,
            Self::Holds => 0,
        }
    }
}

impl From<Decision> for Outcome {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Fails => Self::Fails,
            Decision::Undetermined => Self::Undetermined,
            Decision::Holds => Self::Holds,
        }
    }
}

impl<'a> Entry<'a> {
    /// How it stands.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match &self.came {
            Came::Report(report) => report.decision.into(),
            Came::Trouble(_) => Outcome::Failed,
        }
    }

    /// Its verdict; what could not be judged is unknown.
    #[must_use]
    pub fn verdict(&self) -> AccountVerdict {
        self.report().map_or(AccountVerdict::Unknown, |report| report.assessment.verdict)
    }

    /// The report, where there is one.
    #[must_use]
    pub fn report(&self) -> Option<&Report<'a>> {
        match &self.came {
            Came::Report(report) => Some(report),
            Came::Trouble(_) => None,
        }
    }

    /// Why nothing can be said, where that is so.
    #[must_use]
    pub const fn trouble(&self) -> Option<&Trouble> {
        match &self.came {
            Came::Report(_) => None,
            Came::Trouble(trouble) => Some(trouble),
        }
    }

    /// The id of the organization, where it is known.
    #[must_use]
    pub fn organization(&self) -> Option<&OrganizationId> {
        self.report()?.assessment.snapshot.organization().map(|organization| &organization.id)
    }

    /// Its counted accounts by verdict, worst first.
    #[must_use]
    pub fn verdicts(&self) -> Vec<(AccountVerdict, usize)> {
        let mut counts: BTreeMap<Reverse<AccountVerdict>, usize> = BTreeMap::new();
        let accounts = self.report().into_iter().flat_map(|report| report.assessment.counted());
        accounts.for_each(|account| *counts.entry(Reverse(account.verdict)).or_default() += 1);
        counts.into_iter().map(|(Reverse(verdict), count)| (verdict, count)).collect()
    }

    /// Its findings that nobody accepted by severity, the gravest first.
    #[must_use]
    pub fn findings(&self) -> Vec<(Severity, usize)> {
        let mut counts: BTreeMap<Reverse<Severity>, usize> = BTreeMap::new();
        if let Some(report) = self.report() {
            let open = report.findings().filter(|finding| report.accepted(finding).is_none());
            open.for_each(|finding| *counts.entry(Reverse(finding.severity)).or_default() += 1);
        }
        counts.into_iter().map(|(Reverse(severity), count)| (severity, count)).collect()
    }
}

/// What was found of all organizations.
#[derive(Debug)]
pub struct FleetReport<'a> {
    /// Every organization, the worst first, those that stand alike by name.
    pub entries: Vec<Entry<'a>>,
    /// Where it comes from.
    pub origin: FleetOrigin,
}

impl<'a> FleetReport<'a> {
    /// Puts the organizations in order. Equal entries in any order give an equal report.
    #[must_use]
    pub fn new(mut entries: Vec<Entry<'a>>, origin: FleetOrigin) -> Self {
        entries.sort_by(|left, right| {
            let rank = |it: &Entry<'a>| (it.outcome(), Reverse(it.verdict()));
            rank(left).cmp(&rank(right)).then_with(|| left.name.cmp(&right.name))
        });
        Self { entries, origin }
    }

    /// How all of them stand: the first of failed, fails, undetermined, holds that applies to one.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.entries.iter().map(Entry::outcome).min().unwrap_or(Outcome::Holds)
    }

    /// The worst verdict; what could not be judged is unknown.
    #[must_use]
    pub fn verdict(&self) -> AccountVerdict {
        self.entries.iter().map(Entry::verdict).max().unwrap_or(AccountVerdict::Unknown)
    }

    /// How many organizations stand how; only those that are there, the first that counts first.
    #[must_use]
    pub fn outcomes(&self) -> Vec<(Outcome, usize)> {
        let count = |outcome| self.entries.iter().filter(|entry| entry.outcome() == outcome).count();
        Outcome::ALL.into_iter().map(|it| (it, count(it))).filter(|(_, count)| *count > 0).collect()
    }

    /// All counted accounts by verdict, worst first.
    #[must_use]
    pub fn verdicts(&self) -> Vec<(AccountVerdict, usize)> {
        let mut counts: BTreeMap<Reverse<AccountVerdict>, usize> = BTreeMap::new();
        let all = self.entries.iter().flat_map(Entry::verdicts);
        all.for_each(|(verdict, count)| *counts.entry(Reverse(verdict)).or_default() += count);
        counts.into_iter().map(|(Reverse(verdict), count)| (verdict, count)).collect()
    }
}

/// What is wrong with entries that turned out to be of an organization that an earlier one is of already; `None` for the
/// others. Ids and names in the order of the fleet; an id is `None` where there is no organization, or none was read.
#[must_use]
pub fn same_organization(read: &[(&str, Option<&OrganizationId>)]) -> Vec<Option<Trouble>> {
    let mut first: BTreeMap<&OrganizationId, &str> = BTreeMap::new();
    let mut found = Vec::with_capacity(read.len());
    for (name, id) in read {
        let earlier = id.and_then(|id| Some((id, *first.get(id)?)));
        if let (Some(id), None) = (id, earlier) {
            first.insert(id, name);
        }
        found.push(earlier.map(|(id, earlier)| Trouble {
            message: format!("it is the organization `{id}`, as `{earlier}` is"),
            help: "leave one of the two entries out; each organization is counted once".to_owned(),
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> Entry<'static> {
        let trouble = Trouble { message: "no".to_owned(), help: String::new() };
        Entry { name: name.to_owned(), file_name: name.to_owned(), origin: String::new(), came: Came::Trouble(trouble) }
    }

    fn fleet(names: &[&str]) -> FleetReport<'static> {
        let origin = FleetOrigin {
            path: "f".to_owned(),
            sha256: String::new(),
            tool_version: String::new(),
            at: Timestamp::UNIX_EPOCH,
        };
        FleetReport::new(names.iter().map(|name| entry(name)).collect(), origin)
    }

    #[test]
    fn one_that_failed_decides_and_is_unknown() {
        let report = fleet(&["b", "a"]);
        assert_eq!(report.entries.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((report.outcome(), report.verdict()), (Outcome::Failed, AccountVerdict::Unknown));
        assert_eq!(report.outcomes(), [(Outcome::Failed, 2)]);
    }

    #[test]
    fn the_order_of_exit_codes_is_1_2_3_0() {
        let mut all = [Outcome::Holds, Outcome::Undetermined, Outcome::Fails, Outcome::Failed];
        all.sort_unstable();
        assert_eq!(all.map(Outcome::exit_code), [1, 2, 3, 0]);
    }

    #[test]
    fn the_second_entry_of_an_organization_is_told_of_the_first() {
        let (one, two): (OrganizationId, OrganizationId) =
            ("o-exampleone1".parse().unwrap(), "o-exampletwo2".parse().unwrap());
        let read = [("a", Some(&one)), ("b", None), ("c", Some(&two)), ("d", Some(&one)), ("e", None)];
        let found = same_organization(&read);
        assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, false, true, false]);
        assert_eq!(found[3].as_ref().unwrap().message, "it is the organization `o-exampleone1`, as `a` is");
    }
}
