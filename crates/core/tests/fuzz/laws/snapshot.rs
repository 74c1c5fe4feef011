//! Saved organizations: any text is refused with places or comes back; the intent proposed for one can be read, and the plan for that
//! comes back from its file.

use optout_core::catalogue::Catalogue;
use optout_core::intent::{Intent, init};
use optout_core::org::{self, Tree, chains};
use optout_core::source::Source;

use super::intent::{known, planned};
use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    let Some(snapshot) = reader::comes_back(&source, org::read, org::write) else { return };
    let proposed = Source::new("optout.toml", init(&snapshot, &[]));
    match Intent::parse(&proposed, &known(Catalogue::embedded())) {
        Ok(intent) => planned(&proposed, intent, &snapshot),
        Err(rejected) => panic!("the proposed intent is refused: {rejected}\n{}", proposed.text),
    }
    let of_all = |_: &[_]| true;
    assert!(Tree::new(&snapshot).is_ok(), "what is read is a tree");
    let _ = chains(&snapshot, of_all);
}
