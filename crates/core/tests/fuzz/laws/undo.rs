//! Undos that were saved: any text is refused with places or comes back; the way back can be worked out and shown.

use optout_core::plan::undo::{read_undo, write_undo};
use optout_core::report::plan::undone;

use super::plan::organization;
use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    let Some(undo) = reader::comes_back(&source, read_undo, write_undo) else { return };
    let snapshot = organization();
    for disable_type in [false, true] {
        if let Ok(back) = undo.steps(&snapshot, disable_type) {
            let _ = undone(&back, &snapshot);
        }
    }
}
