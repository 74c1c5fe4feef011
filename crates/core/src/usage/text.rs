//! The review for people at a terminal.

use super::{AccountExposure, Entry, Review, Standing, words};
use crate::report::{Styled, Tone};
use crate::source::shown;

/// How many accounts of one standing are named without `all`.
const NAMED: usize = 12;

impl Review {
    /// The review as text; `all` names every account and service.
    #[must_use]
    pub fn text(&self, all: bool) -> Styled {
        let mut out = Styled::default();
        out.push(Tone::Strong, words::scope(self)).line();
        out.push(Tone::Faint, words::price(self)).line();
        if let Some(empty) = words::empty(self) {
            out.push(Tone::Doubtful, empty).line();
        }
        self.missing(&mut out);
        let standings = if all { &Standing::ALL[..] } else { &SHOWN[..] };
        standings.iter().for_each(|standing| self.standing(&mut out, *standing, all));
        if !all {
            let hidden = Standing::ALL.iter().filter(|it| !SHOWN.contains(it));
            let rest: Vec<String> = hidden.map(|it| format!("{}: {}", it.words(), words::count(self, *it))).collect();
            out.line().push(Tone::Faint, format!("{} (--all names them)", rest.join("; "))).line();
        }
        self.oddities(&mut out);
        self.compared(&mut out, all);
        out
    }

    fn missing(&self, out: &mut Styled) {
        for it in &self.usage.missing {
            out.push(Tone::Doubtful, "not known").plain(format!(": {}: {}", shown(&it.what), shown(&it.reason)));
            if let Some(permission) = &it.permission {
                out.plain(format!(" (needs {})", shown(permission)));
            }
            out.line();
        }
    }

    fn standing(&self, out: &mut Styled, standing: Standing, all: bool) {
        let accounts: Vec<&AccountExposure> =
            self.exposure.accounts.iter().filter(|it| it.of(standing).next().is_some()).collect();
        out.line().push(tone(standing), standing.words()).plain(format!(": {}", words::count(self, standing))).line();
        let named = if all { accounts.len() } else { NAMED };
        for account in accounts.iter().take(named) {
            out.plain(format!("  {} {}", account.id, shown(&account.name)));
            out.push(Tone::Faint, if account.counted { "" } else { " (not counted)" }).line();
            account.of(standing).for_each(|entry| line(out, entry));
        }
        if accounts.len() > named {
            out.push(Tone::Faint, format!("  and {} more accounts (--all)", accounts.len() - named)).line();
        }
    }

    fn oddities(&self, out: &mut Styled) {
        for it in &self.exposure.unplaced {
            out.line().push(Tone::Doubtful, "unknown name in the bill").plain(format!(
                ": `{}` in {} accounts looks like {}",
                shown(&it.service),
                it.accounts.len(),
                it.keys.join(", ")
            ));
        }
        for it in &self.exposure.strangers {
            out.line().push(Tone::Doubtful, "account outside of the organization as read").plain(format!(
                ": {} used {}",
                it.id,
                shown(&it.names.join(", "))
            ));
        }
        if !self.exposure.unplaced.is_empty() || !self.exposure.strangers.is_empty() {
            out.line();
        }
    }

    fn compared(&self, out: &mut Styled, all: bool) {
        let Some(window) = words::window(self) else { return };
        out.line().push(Tone::Strong, window).line();
        let pairs = self.comparison.iter().flat_map(|it| &it.pairs);
        let shown_pairs: Vec<_> = pairs.filter(|it| all || it.course != super::Course::Steady).collect();
        for pair in &shown_pairs {
            let note = if pair.working_days_only { ", before on working days only" } else { "" };
            out.plain(format!("  {} {}: {}{note}", pair.account, shown(&pair.service), words::course(pair.course)))
                .line();
        }
        let steady = self.comparison.as_ref().map_or(0, |it| it.of(super::Course::Steady).count());
        out.push(Tone::Faint, format!("  {steady} as before")).line();
    }
}

/// What is named without `all`.
const SHOWN: [Standing; 4] = [Standing::Exposed, Standing::MaybeExposed, Standing::Excepted, Standing::OpenUnknown];

const fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Exposed => Tone::Bad,
        Standing::MaybeExposed | Standing::Excepted | Standing::OpenUnknown => Tone::Doubtful,
        Standing::CoveredUsed | Standing::CoveredUnknown | Standing::CoveredUnused => Tone::Good,
        Standing::OpenUnused => Tone::Plain,
    }
}

fn line(out: &mut Styled, entry: &Entry) {
    let observed = &entry.observed;
    let why = match observed.state.why_unknown() {
        Some(why) => why.to_owned(),
        None if observed.names.is_empty() => observed.state.as_str().to_owned(),
        None => format!(
            "{} (quantity {}, cost {})",
            shown(&observed.names.join(", ")),
            observed.quantity.short(2),
            observed.cost.short(2)
        ),
    };
    out.plain(format!("    {}: {}, ", entry.key, entry.verdict.as_str())).push(Tone::Faint, why).line();
}
