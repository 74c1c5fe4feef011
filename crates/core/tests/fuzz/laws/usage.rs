//! Usage that was saved, as bills and metrics say it: any text is refused with places or comes back; it can be put beside verdicts.

use optout_core::catalogue::Catalogue;
use optout_core::check::{Question, assess};
use optout_core::usage::{Review, read, write};

use super::plan::organization;
use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    let Some(usage) = reader::comes_back(&source, read, write) else { return };
    let snapshot = organization();
    let assessment = assess(&Question::plain(&snapshot, Catalogue::embedded()));
    let shown = Review::new(&assessment, usage, "usage.json").json(&assessment, "0");
    assert!(serde_json::from_str::<serde_json::Value>(&shown).is_ok(), "{shown}");
}
