//! `data/checklists` itself: complete, sourced, and true to what the rest of the program has.

use std::collections::BTreeSet;

use jiff::civil::date;
use optout_core::audit::{AttestMode, Checklists, Citation, Observation, Profile};
use optout_core::check::controls;

/// Every place of the guide that asks or claims something of an audit: list and length, as the data counts them.
const GUIDE: [(&str, usize); 6] =
    [("general", 12), ("healthcare", 5), ("financial", 4), ("gdpr", 5), ("well-architected", 8), ("governance", 7)];

#[test]
fn every_item_of_the_guide_is_in_exactly_one_item() {
    let expected: BTreeSet<String> =
        GUIDE.iter().flat_map(|(list, length)| (1..=*length).map(move |number| format!("{list} {number}"))).collect();
    let named: Vec<&String> = Checklists::embedded().items().iter().flat_map(|item| &item.guide).collect();
    assert_eq!(named.iter().map(|place| (*place).clone()).collect::<BTreeSet<_>>(), expected);
    assert_eq!(named.len(), expected.len(), "a place is named twice");
}

#[test]
fn every_control_exists_and_every_control_of_weight_is_asked() {
    let asked: BTreeSet<&str> = Checklists::embedded().items().iter().flat_map(|item| item.controls.clone()).collect();
    assert!(asked.iter().all(|id| controls::get(id).is_some()));
    for control in controls::ALL.iter().filter(|control| control.severity >= optout_core::check::Severity::High) {
        assert!(asked.contains(control.id), "no item asks for {}", control.id);
    }
}

#[test]
fn every_observation_is_asked() {
    let asked: BTreeSet<Observation> =
        Checklists::embedded().items().iter().flat_map(|item| item.observations.clone()).collect();
    assert_eq!(asked.len(), Observation::WORDS.len());
}

fn is_sourced(citation: &Citation) -> bool {
    let pages = [Some(&citation.source), citation.copy.as_ref()];
    let past = date(2026, 11, 1)..=date(2026, 11, 24);
    pages.into_iter().flatten().all(|page| page.starts_with("https://")) && past.contains(&citation.read)
}

#[test]
fn every_requirement_and_correction_has_a_source_and_the_day_it_was_read() {
    let lists = Checklists::embedded();
    assert!(lists.references().count() > 30);
    for reference in lists.references() {
        assert!(is_sourced(&reference.citation), "{reference:?}");
        assert!(!reference.framework.is_empty() && !reference.section.is_empty() && !reference.asks.is_empty());
    }
    for correction in lists.items().iter().flat_map(|item| &item.corrections) {
        assert!(is_sourced(&correction.citation), "{correction:?}");
    }
    assert_eq!(lists.date(), date(2026, 11, 24));
}

#[test]
fn every_requirement_is_supported_by_an_item_and_the_frameworks_auditors_ask_for_are_there() {
    let lists = Checklists::embedded();
    let used: BTreeSet<&String> = lists.items().iter().flat_map(|item| &item.supports).collect();
    for reference in lists.references() {
        assert!(used.contains(&reference.id), "{} is supported by nothing", reference.id);
    }
    let frameworks: BTreeSet<&str> = lists.references().map(|reference| reference.framework.as_str()).collect();
    for word in
        ["HIPAA", "PCI DSS 4", "Sarbanes", "GDPR", "NIST CSF 2.0", "27001:2022", "42001", "SOC 2", "CIS", "EU AI Act"]
    {
        assert!(frameworks.iter().any(|framework| framework.contains(word)), "{word}");
    }
}

#[test]
fn nothing_says_that_anybody_complies() {
    let lists = Checklists::embedded();
    let titles = lists.items().iter().map(|item| item.title.as_str());
    let shows = lists.items().iter().filter_map(|item| item.shows.as_deref());
    let statements =
        lists.items().iter().filter_map(|item| item.attest.as_ref()).map(|attest| attest.statement.as_str());
    let asks = lists.references().map(|reference| reference.asks.as_str());
    for text in titles.chain(shows).chain(statements).chain(asks) {
        assert!(!text.to_lowercase().contains("compliant"), "{text}");
    }
}

#[test]
fn profiles_have_their_items_and_the_general_one_where_they_come_on_top() {
    let lists = Checklists::embedded();
    let of = |profiles: &[Profile]| lists.of(profiles).map(|item| item.id.as_str()).collect::<Vec<_>>();
    let general = of(&[Profile::General]);
    assert_eq!(general.first(), Some(&"organization-in-use"));
    for profile in [Profile::Healthcare, Profile::Financial, Profile::Gdpr] {
        let with = of(&[profile]);
        assert!(with.len() > general.len() && general.iter().all(|id| with.contains(id)), "{profile}");
    }
    assert!(of(&[Profile::Healthcare]).contains(&"region-controls"));
    assert_eq!(of(&[Profile::DataResidency]), ["region-controls", "no-copies-for-improvement", "residency-documented"]);
    assert!(of(&[Profile::WellArchitected]).contains(&"reviews-name-it"), "an item may belong to two profiles");
    let all: Vec<Profile> = Profile::WORDS.iter().map(|(_, profile)| *profile).collect();
    assert_eq!(of(&all).len(), lists.items().len());
}

#[test]
fn items_that_only_a_person_can_know_say_what_to_state() {
    for item in Checklists::embedded().items() {
        let mode = item.attest.as_ref().map(|attest| attest.mode);
        let is_manual = item.controls.is_empty() && item.observations.is_empty();
        assert_eq!(is_manual, mode == Some(AttestMode::Alone), "{}", item.id);
    }
    let takes = |id: &str| Checklists::embedded().items().iter().any(|item| item.id == id && item.attest.is_some());
    assert!(takes("quarterly-review") && !takes("policy-type-on"));
}
