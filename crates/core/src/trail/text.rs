//! The timeline for people.

use std::collections::BTreeMap;

use super::words::{Names, who};
use super::{Coverage, Effect, Entry, Trail, TrailReport, Trust, VerdictChange};
use crate::check::{AccountVerdict, ServiceVerdict};
use crate::report::{Styled, Tone};
use crate::source::shown;

/// How many accounts, services and problems are named where not everything was asked for.
const NAMED: usize = 5;

/// The report as text; every account and problem is named where `all`.
#[must_use]
pub fn text(report: &TrailReport<'_>, all: bool) -> Styled {
    let names = Names::new(report.trail, report.snapshot);
    let most = if all { usize::MAX } else { NAMED };
    let mut page = Page { names, most, throughout: throughout(report), out: Styled::default() };
    page.headline(report);
    report.timeline.entries.iter().for_each(|entry| page.entry(entry));
    page.seen(report);
    page.problems(report.trail);
    page.out
}

struct Page<'a> {
    names: Names<'a>,
    most: usize,
    /// How many accounts have a verdict that no event makes known.
    throughout: usize,
    out: Styled,
}

/// The fewest accounts of unknown verdict that any event leaves.
fn throughout(report: &TrailReport<'_>) -> usize {
    let unknown = report.timeline.entries.iter().filter_map(|entry| match &entry.effect {
        Effect::Known { unknown, .. } => Some(*unknown),
        Effect::None | Effect::Unknown(_) => None,
    });
    unknown.min().unwrap_or_default()
}

fn counted(count: u64, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

impl Page<'_> {
    fn headline(&mut self, report: &TrailReport<'_>) {
        let entries = &report.timeline.entries;
        let weaker = entries.iter().filter(|entry| entry.effect.weakens()).count();
        let events = counted(entries.len() as u64, "event");
        match (entries.len(), weaker) {
            (0, _) => self.out.push(Tone::Strong, "NO EVENTS").plain("  that touch the opt-out were seen"),
            (_, 0) => self.out.push(Tone::Strong, "TRAIL").plain(format!("  {events} that touch the opt-out")),
            (_, weaker) => {
                self.out.push(Tone::Bad, "WEAKENED").plain(format!("  by {weaker} of {events} that touch the opt-out"))
            }
        };
        self.out.line();
    }

    fn entry(&mut self, entry: &Entry) {
        let event = &entry.event;
        self.out.line().push(Tone::Strong, format!("{}  ", event.time));
        self.out.plain(self.names.sentence(event)).line();
        if entry.policy_type.as_ref().is_some_and(|it| !it.is_opt_out()) {
            self.fact(
                Tone::Doubtful,
                "type",
                "unknown: neither the snapshot nor the events say of which type this policy is",
            );
        }
        self.fact(Tone::Plain, "by", &who(&event.actor));
        let from = event.source_ip.as_deref().unwrap_or("unknown");
        let agent = event.user_agent.as_deref().map(|agent| format!(" with {}", shown(agent))).unwrap_or_default();
        self.fact(Tone::Plain, "from", &format!("{}{agent}", shown(from)));
        let account = event.account.map_or("unknown".to_owned(), |account| account.to_string());
        let region = event.region.as_deref().unwrap_or("unknown");
        let recorded = format!("{} {}, account {account}, {}", shown(&event.name), shown(&event.id), shown(region));
        self.fact(Tone::Faint, "event", &recorded);
        self.effect(&entry.effect);
    }

    fn fact(&mut self, tone: Tone, word: &str, text: &str) {
        self.out.push(Tone::Faint, format!("    {word:<9}")).push(tone, text.to_owned()).line();
    }

    fn effect(&mut self, effect: &Effect) {
        let (changes, unknown, together) = match effect {
            Effect::None => return,
            Effect::Unknown(why) => return self.fact(Tone::Doubtful, "verdicts", &format!("unknown: {why}")),
            Effect::Known { changes, unknown, together } => (changes, *unknown, *together),
        };
        let unknown = unknown.saturating_sub(self.throughout);
        if changes.is_empty() && unknown == 0 {
            self.fact(Tone::Plain, "verdicts", "unchanged");
        }
        for change in changes {
            self.change(change);
        }
        if unknown > 0 {
            let more = if self.throughout > 0 { "more account" } else { "account" };
            let what = format!("unknown for {}: the events do not tell enough", counted(unknown as u64, more));
            self.fact(Tone::Doubtful, "verdicts", &what);
        }
        if together > 1 {
            let what = format!("together with {} of the same second", counted(together as u64 - 1, "other event"));
            self.fact(Tone::Faint, "", &what);
        }
    }

    fn change(&mut self, change: &VerdictChange) {
        let tone = match (change.weakens(), change.is_unknown()) {
            (true, _) => Tone::Bad,
            (false, true) => Tone::Doubtful,
            (false, false) => Tone::Good,
        };
        let word = |verdict: Option<AccountVerdict>| verdict.map_or("not there", AccountVerdict::as_str);
        let services = self.services(change);
        let verdict = if change.before == change.after {
            format!("{} as before", word(change.after))
        } else {
            format!("{} → {}", word(change.before), word(change.after))
        };
        let accounts = self.accounts(change);
        self.fact(tone, "verdicts", &format!("{accounts}: {verdict}{services}"));
    }

    /// The services whose verdict changed, those of the same change together; counted where there are many.
    fn services(&self, change: &VerdictChange) -> String {
        let mut groups: BTreeMap<(ServiceVerdict, ServiceVerdict), Vec<String>> = BTreeMap::new();
        for (name, before, after) in &change.services {
            groups.entry((*before, *after)).or_default().push(shown(name).into_owned());
        }
        let text = |((before, after), names): (&(ServiceVerdict, ServiceVerdict), &Vec<String>)| {
            let many = names.len() > self.most;
            let which = if many { format!("{} services", names.len()) } else { names.join(", ") };
            format!("{which} {before} → {after}")
        };
        let texts: Vec<String> = groups.iter().map(text).collect();
        if texts.is_empty() { String::new() } else { format!(" ({})", texts.join("; ")) }
    }

    fn accounts(&self, change: &VerdictChange) -> String {
        let named: Vec<String> = change.accounts.iter().take(self.most).map(|id| self.names.account(*id)).collect();
        match change.accounts.len() - named.len() {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }

    fn seen(&mut self, report: &TrailReport<'_>) {
        let seen = &report.trail.seen;
        self.out.line().push(Tone::Strong, "What was seen").line();
        let records = format!(
            "{} from {}: {} of AWS Organizations, {} failed, {} already seen, {} outside the time asked for",
            counted(seen.records, "record"),
            counted(seen.streams, "source"),
            seen.organizations,
            seen.failed,
            seen.duplicates,
            seen.outside
        );
        self.out.plain(format!("  {records}")).line();
        report.trail.coverage.iter().for_each(|coverage| {
            self.out.plain(format!("  {}", covered(coverage))).line();
        });
        for (account, span) in seen.accounts.iter().take(self.most) {
            let name = self.names.account(*account);
            let what =
                format!("account {name}: {} from {} to {}", counted(span.records, "record"), span.first, span.last);
            self.out.plain(format!("  {what}")).line();
        }
        let more = seen.accounts.len().saturating_sub(self.most);
        if more > 0 {
            self.out.plain(format!("  and {}", counted(more as u64, "more account"))).line();
        }
        self.limits(report);
    }

    fn limits(&mut self, report: &TrailReport<'_>) {
        let calls = "Calls are recorded in the account that made them, in us-east-1: those of a delegated administrator \
                     are only in its own trail, or in that of the organization.";
        self.out.push(Tone::Faint, format!("  {calls}")).line();
        let (tone, text) = match &report.timeline.trust {
            Trust::Proven => (
                Tone::Plain,
                "Every event until the snapshot was seen: what is said of the past is certain.".to_owned(),
            ),
            Trust::IfComplete => (
                Tone::Doubtful,
                "What is said of verdicts holds if no event is missing here; that cannot be told from what was read."
                    .to_owned(),
            ),
            Trust::Contradicted(what) => {
                let first = what.first().map(|it| shown(it).into_owned()).unwrap_or_default();
                (Tone::Bad, format!("Events are missing, so that what is said of verdicts may be wrong: {first}"))
            }
            Trust::Nothing => (
                Tone::Doubtful,
                "Without a snapshot of the organization (--organization) nothing can be said of verdicts.".to_owned(),
            ),
        };
        self.out.push(tone, format!("  {text}")).line();
        if self.throughout > 0 {
            let accounts = counted(self.throughout as u64, "account");
            let text = format!("The verdict of {accounts} is unknown at every event: what it hangs on is not told.");
            self.out.push(Tone::Doubtful, format!("  {text}")).line();
        }
        if report.timeline.others > 0 {
            let others = counted(report.timeline.others as u64, "event");
            self.out.push(Tone::Faint, format!("  {others} about policies of other types left out.")).line();
        }
    }

    fn problems(&mut self, trail: &Trail) {
        if trail.overflowed {
            self.out
                .line()
                .push(Tone::Bad, "There are more events than can be kept: ask for a shorter time (--since)")
                .line();
        }
        if trail.seen.problems == 0 {
            return;
        }
        let count = counted(trail.seen.problems, "record");
        self.out.line().push(Tone::Bad, format!("{count} could not be read")).line();
        for problem in trail.problems.iter().take(self.most.saturating_mul(4)) {
            self.out.plain(format!("  {}", shown(&problem.to_string()))).line();
        }
        let named = trail.problems.len().min(self.most.saturating_mul(4));
        let more = trail.seen.problems.saturating_sub(named as u64);
        if more > 0 {
            self.out.plain(format!("  and {more} more")).line();
        }
    }
}

fn covered(coverage: &Coverage) -> String {
    let account =
        coverage.account.map_or("of an account AWS does not name".to_owned(), |id| format!("of account {id}"));
    let Coverage { region, from, until, .. } = coverage;
    format!("every management event {account} in {} from {from} to {until} (LookupEvents)", shown(region))
}
