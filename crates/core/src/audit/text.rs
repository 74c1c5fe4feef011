//! The audit for people: the answer in one line, then the items by status, worst first, each with its evidence.

use super::{Answer, Attested, Audit, Evidence, ItemResult, Status};
use crate::report::{Styled, Tone};
use crate::source::shown;

/// The order in which statuses are shown.
const ORDER: [Status; 5] =
    [Status::NotMet, Status::AttestationExpired, Status::NotAssessed, Status::Attested, Status::Met];

/// The audit as text; `all` shows evidence, requirements and corrections of every item.
#[must_use]
pub fn render(audit: &Audit, all: bool) -> Styled {
    let mut out = Styled::default();
    headline(audit, &mut out);
    for status in ORDER {
        let items: Vec<&ItemResult> = audit.items.iter().filter(|item| item.status == status).collect();
        if items.is_empty() {
            continue;
        }
        out.push(tone(status), format!("\n{} ({})\n", words(status), items.len()));
        items.iter().for_each(|item| show(item, all, &mut out));
    }
    unused(audit, &mut out);
    if !all {
        out.push(Tone::Faint, "\n--all shows every item's evidence, what it supports and what the guide has wrong\n");
    }
    out
}

/// The tone of a status.
#[must_use]
pub const fn tone(status: Status) -> Tone {
    match status {
        Status::Met => Tone::Good,
        Status::Attested | Status::NotAssessed => Tone::Doubtful,
        Status::NotMet | Status::AttestationExpired => Tone::Bad,
    }
}

/// The words of a status for people.
const fn words(status: Status) -> &'static str {
    match status {
        Status::Met => "MET",
        Status::NotMet => "NOT MET",
        Status::Attested => "ATTESTED",
        Status::AttestationExpired => "ATTESTATION EXPIRED",
        Status::NotAssessed => "NOT ASSESSED",
    }
}

fn headline(audit: &Audit, out: &mut Styled) {
    out.push(Tone::Strong, "AUDIT  ");
    for (at, status) in ORDER.into_iter().filter(|status| audit.count(*status) > 0).enumerate() {
        out.plain(if at == 0 { "" } else { ", " });
        let text = format!("{} {}", audit.count(status), words(status).to_lowercase());
        out.push(tone(status), text);
    }
    let profiles: Vec<&str> = audit.profiles.iter().map(|profile| profile.as_str()).collect();
    let organization = audit.organization.id.as_deref().unwrap_or("no organization");
    let (source, taken) = (shown(&audit.organization.source), audit.organization.taken);
    out.line().push(
        Tone::Faint,
        format!("{organization}, read {taken} from {source}; profile {}; judged {}\n", profiles.join(", "), audit.at),
    );
}

fn show(item: &ItemResult, all: bool, out: &mut Styled) {
    out.plain("  ").push(Tone::Strong, shown(&item.id)).plain(format!("  {}\n", shown(&item.title)));
    if let Some(attestation) = &item.attestation {
        attested(attestation, out);
    }
    let settled = matches!(item.status, Status::Met | Status::Attested);
    if let Some(reason) = item.reason.as_ref().filter(|_| !all) {
        out.plain(format!("      {}\n", shown(reason)));
    }
    let telling = |it: &&Evidence| all || (!settled && it.answer == Answer::Fails);
    item.evidence.iter().filter(telling).for_each(|it| evidence(it, all, out));
    if all || item.status == Status::NotAssessed {
        let statement = item.attest.iter().filter(|_| item.attestation.is_none());
        statement.for_each(|it| line(out, "to attest", it));
    }
    if all {
        background(item, out);
    }
}

fn attested(it: &Attested, out: &mut Styled) {
    let text = format!("by {} on {}, until {}: {}", it.by, it.on, it.until, it.evidence);
    line(out, if it.valid { "attested" } else { "no longer attested" }, &text);
}

fn line(out: &mut Styled, name: &str, text: &str) {
    out.push(Tone::Faint, format!("      {name}: ")).plain(format!("{}\n", shown(text)));
}

fn evidence(it: &Evidence, all: bool, out: &mut Styled) {
    if all {
        let tone = match it.answer {
            Answer::Holds => Tone::Good,
            Answer::Fails => Tone::Bad,
            Answer::Unknown => Tone::Doubtful,
        };
        out.plain("      ").push(tone, it.answer.as_str());
        out.plain(format!("  {}: {}\n", shown(&it.name), shown(&it.text)));
    }
    it.details.iter().for_each(|detail| {
        out.plain(format!("        {}\n", shown(detail)));
    });
}

fn background(item: &ItemResult, out: &mut Styled) {
    item.shows.iter().for_each(|shows| line(out, "shows", shows));
    for reference in &item.supports {
        line(out, "supports", &format!("{} {}: {}", reference.framework, reference.section, reference.asks));
    }
    for correction in &item.corrections {
        line(out, "the guide", &correction.claim);
        line(out, "what holds", &format!("{} ({})", correction.holds, correction.citation.source));
    }
}

fn unused(audit: &Audit, out: &mut Styled) {
    if audit.unused_attestations.is_empty() {
        return;
    }
    out.push(Tone::Strong, "\nAttestations that were not used\n");
    for unused in &audit.unused_attestations {
        out.plain(format!("  {}: {}\n", shown(&unused.item), unused.reason));
    }
}
