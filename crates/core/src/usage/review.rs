//! The quarterly review: usage, exposure and comparison together, as reports show them.

use super::{BillingNames, Comparison, Exposure, MetricCatalogue, Standing, Usage};
use crate::check::Assessment;

/// Everything that a review says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What was read.
    pub usage: Usage,
    /// Where from: a file's path or the live source; other people's text.
    pub origin: String,
    /// Who is exposed.
    pub exposure: Exposure,
    /// The days before and after it.
    pub comparison: Option<Comparison>,
}

impl Review {
    /// Reviews usage by the names and metrics that are compiled in.
    #[must_use]
    pub fn new(assessment: &Assessment<'_>, usage: Usage, origin: impl Into<String>) -> Self {
        let (names, metrics) = (BillingNames::embedded(), MetricCatalogue::embedded());
        let exposure = Exposure::new(assessment, &usage, names, metrics);
        let comparison = usage.since.and_then(|since| Comparison::new(&usage, since, names));
        Self { usage, origin: origin.into(), exposure, comparison }
    }

    /// Whether an account that counts uses a service of which it is not opted out.
    #[must_use]
    pub fn is_exposed(&self) -> bool {
        self.exposure.accounts_with(Standing::Exposed) > 0
    }

    /// Whether that could not be told everywhere.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let open = [Standing::MaybeExposed, Standing::OpenUnknown];
        open.iter().any(|standing| self.exposure.accounts_with(*standing) > 0)
            || !self.usage.missing.is_empty()
            || !self.exposure.unplaced.is_empty()
    }
}
