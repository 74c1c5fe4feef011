//! Whatever names are, each format keeps its shape and shows them as text.

use optout_core::report::{Format, Report};
use optout_core::source::shown;
use proptest::prelude::*;

use super::parties::{Names, names};
use super::{accepted, hides, rendered, reported};

fn seen<T>(names: &Names, look: impl FnOnce(&Report<'_>) -> T) -> T {
    reported(&names.organization(), &accepted(&names.reason), names.origin(), look)
}

/// A name as a report has it; `None` for one without anything to see.
fn visible(name: &str) -> Option<String> {
    Some(shown(name).into_owned()).filter(|name| !name.trim().is_empty())
}

pub(crate) fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(40);
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nothing_hides_in_any_format(names in names()) {
        seen(&names, |report| {
            for format in Format::ALL {
                let text = rendered(report, *format);
                let found = text.chars().find(|character| hides(*character));
                prop_assert!(found.is_none(), "{} has {:?}", format.as_str(), found);
            }
            Ok(())
        })?;
    }

    #[test]
    fn csv_keeps_its_rows_and_has_no_formula(names in names()) {
        seen(&names, |report| super::csv_rows::check(&rendered(report, Format::Csv), report, &names.account))?;
    }

    #[test]
    fn junit_keeps_its_cases(names in names()) {
        let account = visible(&names.account);
        seen(&names, |report| super::junit_cases::check(&rendered(report, Format::Junit), report, account.as_deref()))?;
    }

    #[test]
    fn json_forms_keep_their_elements(names in names()) {
        let account = visible(&names.account);
        seen(&names, |report| super::json_forms::check(report, account.as_deref()))?;
    }

    #[test]
    fn markdown_keeps_its_blocks_and_has_no_markup_of_others(names in names()) {
        seen(&names, |report| super::markdown_blocks::check(report, &names.account, &names.unit))?;
    }
}
