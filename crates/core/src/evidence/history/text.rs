//! The history for people.

use jiff::Timestamp;

use super::{History, OrganizationHistory, Period};
use crate::report::{Styled, Tone};
use crate::source::shown;

/// The history as text; with `gaps` only what is missing in it.
#[must_use]
pub fn render(history: &History, gaps: bool) -> Styled {
    let mut out = Styled::default();
    for organization in &history.organizations {
        headline(history, organization, &mut out);
        if gaps {
            missing(organization, &mut out);
        } else {
            organization.periods.iter().for_each(|it| period(it, &mut out));
            records(organization, &mut out);
        }
    }
    if let Some(head) = &history.head {
        out.push(Tone::Faint, format!("chain head {head}")).line();
    }
    out
}

const fn tone(holds: Option<bool>) -> Tone {
    match holds {
        Some(true) => Tone::Good,
        Some(false) => Tone::Bad,
        None => Tone::Doubtful,
    }
}

fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn headline(history: &History, organization: &OrganizationHistory, out: &mut Styled) {
    let id = organization.id.as_deref().unwrap_or("no organization");
    let account = history.account.as_ref().map(|it| format!("account {it} of ")).unwrap_or_default();
    let service = history.service.as_ref().map(|it| format!("{} at ", shown(it))).unwrap_or_default();
    let last = organization.periods.last();
    let word = last.map_or("UNKNOWN".to_owned(), |last| last.verdict.to_uppercase());
    out.push(tone(last.and_then(|last| last.holds)), word).plain("  ");
    let since = match (organization.since, last) {
        (Some(since), Some(last)) => format!("since {} at least, last seen {}", minute(since), minute(last.to)),
        (None, Some(last)) => format!("last seen {}", minute(last.to)),
        (_, None) => "no record says anything of it".to_owned(),
    };
    out.push(Tone::Strong, format!("{service}{account}{id}: {since}")).line();
}

fn period(period: &Period, out: &mut Styled) {
    let bases: Vec<&str> = period.bases.iter().map(String::as_str).collect();
    let on = if bases.is_empty() { String::new() } else { format!(", on the answer of {}", bases.join(", ")) };
    let records = match period.records {
        1 => format!("record {}", period.first_record),
        many => format!("{many} records, {} to {}", period.first_record, period.last_record),
    };
    out.plain(format!("  {} – {}  ", minute(period.from), minute(period.to)));
    out.push(tone(period.holds), &period.verdict).plain(format!("  ({records}{on})")).line();
}

fn records(organization: &OrganizationHistory, out: &mut Styled) {
    let silent: Vec<String> = organization
        .records
        .iter()
        .filter(|record| record.said.is_none())
        .map(|record| record.number.to_string())
        .collect();
    if !silent.is_empty() {
        out.push(Tone::Faint, format!("  say nothing of it: records {}", silent.join(", "))).line();
    }
}

fn missing(organization: &OrganizationHistory, out: &mut Styled) {
    let failing = organization.periods.iter().filter(|period| period.holds != Some(true));
    failing.for_each(|it| period(it, out));
    for gap in &organization.gaps {
        let until = match gap.before_record {
            Some(record) => format!("{} (record {record})", minute(gap.to)),
            None => format!("now ({})", minute(gap.to)),
        };
        let text = format!("  nobody looked from {} (record {}) to {until}", minute(gap.from), gap.after_record);
        out.push(Tone::Bad, text).line();
    }
    let whole = organization.gaps.is_empty() && organization.periods.iter().all(|it| it.holds == Some(true));
    if whole && !organization.periods.is_empty() {
        out.push(Tone::Good, "  no gap, and it held in every record").line();
    }
}
