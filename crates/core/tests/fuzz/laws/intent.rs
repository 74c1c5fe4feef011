//! Intents with their exceptions and attestations, and accepted findings: any text is refused with places or read; the plan for
//! what was read comes back from its file.

use jiff::Timestamp;
use optout_core::audit::Checklists;
use optout_core::catalogue::Catalogue;
use optout_core::check::controls;
use optout_core::intent::baseline::Baseline;
use optout_core::intent::{Intent, Known};
use optout_core::org::Snapshot;
use optout_core::plan::{Options, PlanFile, plan as make_plan, read_plan, write_plan};
use optout_core::source::Source;

use super::plan::organization;
use super::reader;

/// Every name that an intent may use.
pub(crate) fn known(catalogue: &Catalogue) -> Known<'_> {
    let services = catalogue.services().iter().map(|service| service.key.as_str());
    Known::new(services, controls::ALL.iter().map(|control| control.id))
        .with_items(Checklists::embedded().items().iter().map(|item| item.id.as_str()))
}

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    let known = known(Catalogue::embedded());
    if let Err(rejected) = Baseline::parse(&source, &known) {
        reader::refused(&rejected, &source);
    }
    match Intent::parse(&source, &known) {
        Ok(intent) => planned(&source, intent, &organization()),
        Err(rejected) => reader::refused(&rejected, &source),
    }
}

/// The plan for an intent, where there is one, comes back from its file.
pub(crate) fn planned(source: &Source, intent: Intent, snapshot: &Snapshot) {
    let at: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
    let Ok(intent) = intent.resolve(snapshot) else { return };
    let options = Options::default();
    let Ok(plan) = make_plan(&intent, snapshot, Catalogue::embedded(), at, &options) else { return };
    let file = PlanFile { made: at, tool_version: "0".to_owned(), intent: source.clone(), options, plan };
    let written = Source::new("plan.json", write_plan(&file));
    assert_eq!(read_plan(&written).expect("a plan that was written can be read"), file);
}
