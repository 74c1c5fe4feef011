//! `docs/services.md`: the catalogue as a page. Made from the data only, so that a test can tell when the page is stale.

use crate::source::markdown::{escaped, prose};
use std::fmt::Write as _;

use super::{
    Catalogue, FirstSeen, Hipaa, HipaaList, Impact, NotCovered, Origin, Pairing, Reference, Service, Standing, Use,
};

/// The page.
pub(super) fn markdown(catalogue: &Catalogue) -> String {
    let mut page = head(catalogue);
    page.push_str(&table(catalogue));
    page.push_str("\n## What is known, key by key\n");
    for (_, service) in catalogue.entries().filter(|(_, service)| has_details(service)) {
        page.push_str(&details(service));
    }
    if !catalogue.not_covered().is_empty() {
        page.push_str("\n## What the policy does not reach\n\nNo key exists for these, whatever `default` says.\n");
        catalogue.not_covered().iter().for_each(|service| page.push_str(&not_covered(service)));
    }
    if let Some(list) = catalogue.hipaa_list() {
        page.push_str(&hipaa(catalogue, list));
    }
    page
}

fn head(catalogue: &Catalogue) -> String {
    let content = catalogue.content_until().map(|date| format!(" (content up to {date})")).unwrap_or_default();
    let sources: String = catalogue.sources().iter().map(|source| format!("- <{source}>\n")).collect();
    format!(
        "<!-- Made from data/services.toml by the tests of optout-core; change that file, not this one. -->\n\n\
         # Services of the AI services opt-out policy\n\n\
         `default` and {} service keys, from AWS's list as read on {}{content}. AWS adds keys about once a month: a key\n\
         that is missing here may still be valid. The texts are our words for what the named source says.\n\n{sources}\n\
         A name is *inferred* where AWS prints key and name on different pages and only their likeness pairs them.\n\
         *First seen* is the oldest copy of the list that was read and has the key; the key may be older. Impacts of\n\
         `default` concern every service.\n\n",
        catalogue.services().len(),
        catalogue.date(),
    )
}

fn table(catalogue: &Catalogue) -> String {
    let head = "| key | name | AWS says it | Service Terms | first seen | opting out |\n| --- | --- | --- | --- | --- | --- |\n";
    let rows = catalogue.entries().map(|(_, service)| {
        let name = escaped(&service.name);
        let pairing = match service.pairing {
            Pairing::Stated => "",
            Pairing::Inferred => " *(inferred)*",
            Pairing::Unknown => " *(name unknown)*",
        };
        let uses = use_words(service.statement.as_ref().map(|statement| statement.uses));
        let terms = service.terms.as_ref().map(|terms| format!("§{}", terms.section)).unwrap_or_default();
        let first = service.first_seen.as_ref().map(|first| first.date.to_string()).unwrap_or_default();
        format!("| `{}` | {name}{pairing} | {uses} | {terms} | {first} | {} |\n", service.key, worst(service))
    });
    std::iter::once(head.to_owned()).chain(rows).collect()
}

const fn use_words(uses: Option<Use>) -> &'static str {
    match uses {
        Some(Use::MayUse) => "may use content",
        Some(Use::NotToday) => "does not today, may later",
        Some(Use::NotUsed) => "does not",
        None => "no statement found",
    }
}

fn worst(service: &Service) -> String {
    let severity = service.impacts.iter().map(|impact| impact.severity).max();
    let undo = if service.has_irreversible_impact() { ", cannot be undone" } else { "" };
    severity.map(|severity| format!("{}{undo}", severity.word())).unwrap_or_default()
}

fn has_details(service: &Service) -> bool {
    service.statement.is_some() || !service.impacts.is_empty() || !service.notes.is_empty()
}

fn details(service: &Service) -> String {
    let mut text = format!("\n### `{}`: {}\n\n", service.key, escaped(&service.name));
    if let Some(statement) = &service.statement {
        item(&mut text, &prose(&statement.text), &statement.reference);
    }
    service.impacts.iter().for_each(|impact| impact_item(&mut text, impact));
    service.notes.iter().for_each(|note| item(&mut text, &prose(&note.text), &note.reference));
    match &service.origin {
        Origin::Listed(reference) => listed(&mut text, reference, service.first_seen.as_ref()),
        Origin::Allowed => text.push_str("- Allowed by hand; nothing is known about it.\n"),
    }
    text
}

fn listed(text: &mut String, reference: &Reference, first: Option<&FirstSeen>) {
    let read = reference.read;
    let first =
        first.map(|first| format!(", first seen in [the list of {}](<{}>)", first.date, first.reference.source));
    let _ = writeln!(text, "- Key on [AWS's list](<{}>), read {read}{}", reference.source, first.unwrap_or_default());
}

fn impact_item(text: &mut String, impact: &Impact) {
    let undo = if impact.irreversible { ", cannot be undone" } else { "" };
    let standing = match impact.standing {
        Standing::Current => "",
        Standing::Earlier => " (said by an earlier copy of the page; the newest one that was read does not mention it)",
    };
    let sentence = format!("**Opting out: {}{undo}.** {}{standing}", impact.severity.word(), prose(&impact.text));
    item(text, &sentence, &impact.reference);
    if let Some(before) = &impact.before {
        let _ = writeln!(text, "  - Before: {}", prose(before));
    }
    if !impact.commands.is_empty() {
        let commands: String = impact.commands.iter().map(|command| format!("    {command}\n")).collect();
        let _ = writeln!(text, "\n    ```sh\n{commands}    ```");
    }
}

fn item(text: &mut String, sentence: &str, reference: &Reference) {
    let _ = writeln!(text, "- {sentence} [source](<{}>), read {}", reference.source, reference.read);
}

fn not_covered(service: &NotCovered) -> String {
    let mut text = format!("\n### {}\n\n", escaped(&service.name));
    let terms = service.terms.as_ref().map(|terms| format!(" Service Terms §{}.", terms.section)).unwrap_or_default();
    let _ = writeln!(text, "- AWS on content for service improvement: {}.{terms}", use_words(service.uses));
    item(&mut text, &prose(&service.instead), &service.reference);
    text
}

/// What the list of HIPAA eligible services says of each service.
fn hipaa(catalogue: &Catalogue, list: &HipaaList) -> String {
    let copy = list.copy.as_ref().map(|copy| format!(", read in [a copy](<{copy}>)")).unwrap_or_default();
    let mut text = format!(
        "\n## In AWS's reference of HIPAA eligible services\n\n[The list](<{}>) of {}{copy} on {}. The names were \
         paired by us. Being on the list is one half: protected health information may be in a listed service only under \
         a business associate addendum.\n\n| service | on the list | as | note |\n| --- | --- | --- | --- |\n",
        list.reference.source, list.as_of, list.reference.read
    );
    let keys = catalogue.services().iter().map(|service| (format!("`{}`", service.key), service.hipaa.as_ref()));
    let others = catalogue.not_covered().iter().map(|service| (escaped(&service.name), service.hipaa.as_ref()));
    keys.chain(others).for_each(|(name, said)| text.push_str(&hipaa_row(&name, said)));
    text
}

fn hipaa_row(name: &str, said: Option<&Hipaa>) -> String {
    let Some(said) = said else { return format!("| {name} | not looked up |  |  |\n") };
    let cell = |text: &Option<String>| text.as_deref().map(escaped).unwrap_or_default();
    format!("| {name} | {} | {} | {} |\n", said.eligibility.word(), cell(&said.listed_as), cell(&said.note))
}
