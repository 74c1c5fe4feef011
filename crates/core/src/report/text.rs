//! The report for people: the answer in one line, what fails grouped by cause, what is not known, then how to see more.
//!
//! Ten thousand accounts read like ten: accounts with the same cause share one line, and only the first few are named.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::answer::{self, accounts};
use super::case::{Cause, causes_by_gravity};
use super::{Report, Styled, Tone, json};
use crate::check::{AccountResult, AccountVerdict, Decision, Severity, Subject};
use crate::org::Tree;
use crate::reach::Verdict;
use crate::source::shown;

/// How many subjects of one cause are named, unless all are wanted.
const NAMED: usize = 5;

/// The report as text; `all` names every subject and shows every account.
#[must_use]
pub fn render(report: &Report<'_>, all: bool) -> Styled {
    let mut page = page(report, all);
    page.more();
    page.out
}

/// The same without the command to go on with, for a text in which it stands among others.
pub(super) fn body(report: &Report<'_>, all: bool) -> Styled {
    page(report, all).out
}

fn page<'r, 'a>(report: &'r Report<'a>, all: bool) -> Page<'r, 'a> {
    let mut page = Page { report, tree: Tree::new(report.assessment.snapshot).ok(), all, out: Styled::default() };
    page.headline();
    page.basis();
    page.findings();
    page.unknowns();
    page.accounts();
    page.workstations();
    page.websites();
    page
}

struct Page<'r, 'a> {
    report: &'r Report<'a>,
    tree: Option<Tree<'r>>,
    all: bool,
    out: Styled,
}

/// The tone of a verdict.
#[must_use]
pub const fn tone(verdict: AccountVerdict) -> Tone {
    match verdict {
        AccountVerdict::OptedOut | AccountVerdict::Excepted => Tone::Good,
        AccountVerdict::OptedOutToday | AccountVerdict::Unknown => Tone::Doubtful,
        AccountVerdict::NotOptedOut | AccountVerdict::OptedIn => Tone::Bad,
    }
}

pub(super) const fn severity_tone(severity: Severity) -> Tone {
    match severity {
        Severity::Critical | Severity::High => Tone::Bad,
        Severity::Medium => Tone::Doubtful,
        Severity::Low | Severity::Info => Tone::Faint,
    }
}

impl Page<'_, '_> {
    fn headline(&mut self) {
        let verdict = self.report.assessment.verdict;
        self.out.push(tone(verdict), verdict.as_str().to_uppercase()).plain("  ");
        self.out.push(Tone::Strong, answer::sentence(self.report.assessment)).line();
    }

    /// How sure, and on whose answer.
    fn basis(&mut self) {
        let assessment = self.report.assessment;
        let basis = answer::basis(assessment);
        if !basis.is_empty() {
            self.out.push(Tone::Faint, format!("basis: {basis}")).line();
        }
        let snapshot = assessment.snapshot;
        let taken = format!(
            "read {} from {}",
            snapshot.taken.strftime("%Y-%m-%d %H:%M UTC"),
            shown(&self.report.origin.organization)
        );
        self.out.push(Tone::Faint, taken).line();
        if assessment.computed_counts {
            self.out.push(Tone::Doubtful, "AWS's answers were not used, as asked: every verdict is computed").line();
        }
    }

    fn findings(&mut self) {
        let groups = causes_by_gravity(self.report);
        if groups.is_empty() {
            return;
        }
        self.title("What does not hold");
        for (at, group) in groups.iter().enumerate() {
            self.group(group);
            let next = groups.get(at + 1).filter(|next| next.accepted.is_none());
            if group.accepted.is_none() && next.is_none_or(|next| next.control.id != group.control.id) {
                self.out.push(Tone::Faint, format!("            mend: {}", group.control.remedy)).line();
            }
        }
    }

    fn group(&mut self, group: &Cause<'_>) {
        self.out.plain("  ").push(severity_tone(group.severity), format!("{:<9}", group.severity));
        self.out.push(Tone::Strong, group.control.id).plain(format!("  {}", count(group))).line();
        self.out.plain(format!("            {}", shown(group.message))).line();
        if let Some(reason) = &group.accepted {
            self.out.push(Tone::Good, format!("            accepted: {}", shown(reason))).line();
        }
        self.subjects(&group.subjects);
    }

    fn subjects(&mut self, subjects: &[&Subject]) {
        let shown_count = if self.all { subjects.len() } else { subjects.len().min(NAMED) };
        for subject in subjects.iter().take(shown_count) {
            if let Some(line) = self.subject(subject) {
                self.out.plain(format!("            - {line}")).line();
            }
        }
        if subjects.len() > shown_count {
            let more = subjects.len() - shown_count;
            self.out.push(Tone::Faint, format!("            - and {more} more (--all names them)")).line();
        }
    }

    fn subject(&self, subject: &Subject) -> Option<String> {
        let snapshot = self.report.assessment.snapshot;
        match subject {
            Subject::Organization(_) | Subject::Catalogue => None,
            Subject::Account(id) => {
                Some(self.report.assessment.result(*id).map_or(id.to_string(), |it| self.account(it)))
            }
            Subject::Target(target) => {
                let path = self.tree.as_ref().map(|tree| tree.names(target)).unwrap_or_default();
                Some(format!("{target}  {}", shown(&path)))
            }
            Subject::Policy(id) => {
                let name = snapshot.policy(id).map(|policy| shown(&policy.name).into_owned()).unwrap_or_default();
                Some(format!("{id}  {name}"))
            }
            Subject::Principal(name) => Some(shown(name).into_owned()),
        }
    }

    fn account(&self, result: &AccountResult) -> String {
        let account = self.report.assessment.account(result);
        let name = account.map(|account| shown(&account.name).into_owned()).unwrap_or_default();
        let parent = account.and_then(|account| account.parent.as_ref());
        let path = parent.and_then(|parent| self.tree.as_ref().map(|tree| tree.names(parent))).unwrap_or_default();
        format!("{}  {name}  {}", result.id, shown(&path))
    }

    fn unknowns(&mut self) {
        if self.report.unknowns.is_empty() {
            return;
        }
        self.title("What is not known");
        for unknown in &self.report.unknowns {
            self.out.plain("  ").push(Tone::Doubtful, shown(&unknown.what).into_owned());
            self.out.plain(format!(": {}", shown(&unknown.reason))).line();
            if let Some(permission) = &unknown.permission {
                self.out.push(Tone::Faint, format!("            needs {permission}")).line();
            }
        }
    }

    fn accounts(&mut self) {
        let assessment = self.report.assessment;
        if assessment.accounts.is_empty() {
            return;
        }
        self.title("Accounts");
        let mut verdicts: BTreeMap<Reverse<AccountVerdict>, usize> = BTreeMap::new();
        assessment.counted().for_each(|account| *verdicts.entry(Reverse(account.verdict)).or_default() += 1);
        for (Reverse(verdict), count) in verdicts {
            self.out.plain("  ").push(tone(verdict), format!("{verdict:<16}")).plain(format!("{count:>7}")).line();
        }
        let apart = assessment.accounts.len() - assessment.counted().count();
        if apart > 0 {
            self.out
                .push(Tone::Faint, format!("  {:<16}{apart:>7}  (suspended, closed or not yet active)", "not counted"))
                .line();
        }
        self.locks();
        if self.all {
            self.every_account();
        }
    }

    fn locks(&mut self) {
        let assessment = self.report.assessment;
        let lock = |account: &AccountResult| assessment.group(account).map_or("unknown", |group| group.lock.as_str());
        let locks = json::tally(assessment.counted().map(lock));
        let parts: Vec<String> = locks.iter().map(|(lock, count)| format!("{lock} {count}")).collect();
        if !parts.is_empty() {
            self.out.push(Tone::Faint, format!("  locks: {}", parts.join(", "))).line();
        }
    }

    fn every_account(&mut self) {
        let results: Vec<AccountResult> = self.report.assessment.accounts.clone();
        for result in &results {
            let line = self.account(result);
            let basis = result.basis.as_str();
            self.out.plain("  ").push(tone(result.verdict), format!("{:<16}", result.verdict));
            self.out.push(Tone::Faint, format!("{basis:<10}")).plain(line).line();
        }
    }

    /// Machines that were looked at, which no policy reaches.
    fn workstations(&mut self) {
        if self.report.workstations.is_empty() {
            return;
        }
        self.title("Developers' machines");
        for machine in self.report.workstations {
            self.out.plain("  ").push(reach_tone(machine.content), format!("{:<16}", machine.content.word()));
            self.out.plain(format!("{}, ", shown(&machine.name()))).push(Tone::Faint, day(machine.at)).line();
            for tool in machine.installed().filter(|tool| self.all || tool.content.is_some_and(is_open)) {
                let word = tool.content.or(tool.telemetry).map_or("", Verdict::word);
                self.out.plain(format!("            - {}: {word}", shown(tool.name()))).line();
            }
        }
    }

    /// Sites that were looked at, whose crawlers no policy speaks to.
    fn websites(&mut self) {
        let sites = || self.report.websites.iter().flat_map(|it| it.sites.iter().map(move |site| (it.at, site)));
        if sites().next().is_none() {
            return;
        }
        let sites: Vec<_> = sites().collect();
        self.title("Websites");
        for (at, site) in sites {
            self.out.plain("  ").push(reach_tone(site.verdict), format!("{:<16}", site.verdict.word()));
            self.out
                .plain(format!("{} ({}), ", shown(&site.name), shown(&site.preset)))
                .push(Tone::Faint, day(at))
                .line();
            let let_in: Vec<&str> = site.let_in().map(|crawler| crawler.token.as_str()).collect();
            if !let_in.is_empty() {
                self.out.plain(format!("            - let in: {}", shown(&let_in.join(", ")))).line();
            }
        }
    }

    fn more(&mut self) {
        self.out.line();
        let decision = match self.report.decision {
            Decision::Holds => (Tone::Good, "It holds."),
            Decision::Fails => (Tone::Bad, "It does not hold."),
            Decision::Undetermined => (Tone::Doubtful, "It could not be determined."),
        };
        self.out.push(decision.0, decision.1).plain(" See why: ");
        let worst = self.report.assessment.counted().max_by_key(|account| account.verdict);
        let account = worst.map_or_else(|| "ACCOUNT".to_owned(), |account| account.id.to_string());
        self.out.push(Tone::Strong, format!("optout explain {account}")).line();
    }

    fn title(&mut self, title: &str) {
        self.out.line().push(Tone::Strong, title).line();
    }
}

/// The tone of a verdict about a machine or a site.
const fn reach_tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::OptedOut => Tone::Good,
        Verdict::NotInstalled => Tone::Faint,
        Verdict::Unknown => Tone::Doubtful,
        Verdict::Sharing => Tone::Bad,
    }
}

fn is_open(verdict: Verdict) -> bool {
    verdict.shares() != Some(false)
}

/// When something was looked at.
fn day(at: jiff::Timestamp) -> String {
    format!("looked at {}", at.strftime("%Y-%m-%d %H:%M UTC"))
}

/// How many accounts a cause concerns; nothing where it concerns others.
fn count(cause: &Cause<'_>) -> String {
    match cause.subjects.first() {
        Some(Subject::Account(_)) => accounts(cause.subjects.len()),
        _ => String::new(),
    }
}
