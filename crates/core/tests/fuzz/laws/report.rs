//! From a saved organization to every report: whatever can be read can be judged and shown, twice the same.

use optout_core::catalogue::Catalogue;
use optout_core::check::{Question, Severity, assess};
use optout_core::org::read;
use optout_core::report::{Format, NothingAccepted, Options, Origin, Report};

use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    let Ok(snapshot) = read(&source) else { return };
    let at = "2026-11-24T12:00:00Z".parse().unwrap();
    let assessment = assess(&Question { at, ..Question::plain(&snapshot, Catalogue::embedded()) });
    let report = Report::new(&assessment, Severity::High, &NothingAccepted, Origin::default());
    for format in Format::ALL {
        let once = || format.render(&report, &Options::default()).map(|rendered| rendered.into_text()).ok();
        assert_eq!(once(), once(), "{}", format.as_str());
    }
}
