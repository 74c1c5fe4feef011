//! Plans that were saved: any text is refused with places or comes back; whatever a plan says, it can be shown, tried on a model and
//! compared with what is there now.

use optout_core::catalogue::Catalogue;
use optout_core::org::{self, Snapshot};
use optout_core::plan::{apply_to, read_plan, write_plan};
use optout_core::report::plan::render;
use optout_core::source::Source;

use super::intent::known;
use super::reader;

const ORGANIZATION: &str = include_str!("../../../../../examples/acme/organization.json");

/// The organization of the examples.
pub(crate) fn organization() -> Snapshot {
    org::read(&Source::new("organization.json", ORGANIZATION)).expect("the example can be read")
}

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    let Some(file) = reader::comes_back(&source, read_plan, write_plan) else { return };
    let (snapshot, catalogue) = (organization(), Catalogue::embedded());
    let _ = render(&file.plan, &snapshot, catalogue);
    let mut model = snapshot.clone();
    for step in &file.plan.steps {
        let _ = apply_to(&mut model, &step.step, snapshot.taken);
    }
    if let Ok(fresh) = file.check(&known(catalogue), &snapshot, catalogue, snapshot.taken) {
        assert_eq!(fresh.steps, file.plan.steps, "a plan is applied that is not the one in the file");
    }
}
