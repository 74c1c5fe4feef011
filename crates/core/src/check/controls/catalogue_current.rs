//! `catalogue-current`: the catalogue of services is not old.

use super::Severity;
use crate::check::{Assessment, Control, Finding, Outcome, Subject};

const ID: &str = "catalogue-current";
const DAYS: i64 = 90;

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "The catalogue of services is at most 90 days old",
    severity: Severity::Low,
    why: "AWS adds services to the policy about every month. What the catalogue does not know it cannot name, and `default` is \
          then the only cover.",
    remedy: "Update optout, or compare a saved copy of AWS's syntax page: `optout services check FILE`.",
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/document-history.html"],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    let today = jiff::tz::Offset::UTC.to_datetime(assessment.at).date();
    let age = assessment.catalogue.age_in_days(today);
    if age <= DAYS {
        return Outcome::holds();
    }
    let message = format!("the catalogue was read {age} days ago: newer services are missing");
    Outcome::fails(vec![Finding::new(ID, Severity::Low, Subject::Catalogue, message)])
}
