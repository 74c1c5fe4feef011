//! What `optout services` will show.

use optout_core::catalogue::{Catalogue, Coverage, Filter, Order, Row, Severity, Use};

use crate::printed;

fn keys(filter: &Filter, order: Order) -> Vec<&'static str> {
    Catalogue::embedded().rows(filter, order).iter().map(Row::key).collect()
}

fn text(text: &str) -> Filter {
    Filter { text: Some(text.to_owned()), ..Filter::default() }
}

#[test]
fn without_a_filter_everything_is_shown_in_the_order_of_the_file() {
    let all = keys(&Filter::default(), Order::File);
    assert_eq!(all[0], "default");
    assert_eq!(all[1..39], printed());
    assert_eq!(all.len(), 39 + Catalogue::embedded().not_covered().len());
}

#[test]
fn text_is_found_in_keys_and_names_whatever_the_capitals() {
    assert_eq!(keys(&text("CONNECTHEALTH"), Order::File), ["connecthealth::operations", "connecthealth::training"]);
    assert_eq!(keys(&text("guardd"), Order::File), ["guardduty"]);
    assert_eq!(keys(&text(" medical "), Order::File), ["comprehend-medical", "transcribe-medical"]);
    assert!(keys(&text("no such service"), Order::File).is_empty());
}

#[test]
fn coverage_and_irreversible_impact_filter() {
    let covered = Filter { coverage: Coverage::Covered, ..Filter::default() };
    let not_covered = Filter { coverage: Coverage::NotCovered, ..Filter::default() };
    assert_eq!(keys(&covered, Order::File).len(), 39);
    assert!(Catalogue::embedded().rows(&not_covered, Order::File).iter().all(|row| !row.covered()));
    let irreversible = Filter { irreversible: true, ..Filter::default() };
    assert_eq!(keys(&irreversible, Order::File), ["default", "chimesdkvoiceanalytics", "textract", "transcribe"]);
    let both = Filter { coverage: Coverage::NotCovered, irreversible: true, ..Filter::default() };
    assert!(keys(&both, Order::File).is_empty());
}

#[test]
fn each_order_sorts_by_its_word() {
    let by_key = keys(&Filter::default(), Order::Key);
    assert!(by_key.is_sorted());
    let rows = Catalogue::embedded().rows(&Filter::default(), Order::Name);
    assert!(rows.iter().map(|row| row.name().to_lowercase()).is_sorted());
    let newest = Catalogue::embedded().rows(&Filter::default(), Order::FirstSeen);
    assert_eq!(newest[0].key(), "connecttalent");
    assert!(newest.last().unwrap().first_seen().is_none());
    let worst = Catalogue::embedded().rows(&Filter::default(), Order::Severity);
    let severities: Vec<Option<Severity>> = worst.iter().map(Row::severity).collect();
    assert!(severities.is_sorted_by(|left, right| left >= right));
    assert_eq!(worst[0].severity(), Some(Severity::High));
}

#[test]
fn a_row_tells_what_is_known() {
    let rows = Catalogue::embedded().rows(&text("transcribe"), Order::File);
    let row = rows[0];
    assert_eq!((row.key(), row.name(), row.covered()), ("transcribe", "Amazon Transcribe", true));
    assert_eq!((row.uses(), row.terms(), row.irreversible()), (Some(Use::MayUse), Some("50.3"), true));
    assert_eq!(row.first_seen().unwrap().to_string(), "2022-12");
    assert_eq!(row.read().unwrap().to_string(), "2026-11-23");
    let allowed = Catalogue::embedded().with_allowed_keys(["newest"]).unwrap();
    assert_eq!(allowed.rows(&text("newest"), Order::File)[0].read(), None);
}
