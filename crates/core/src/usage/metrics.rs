//! `data/metrics.toml`: which CloudWatch metrics the services publish, and which publish none that is known.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::catalogue::{Reference, reference};
use crate::source::{Fields, Rejected, Source, read_toml};

/// The data file that is compiled in, named as it is in the project.
const EMBEDDED: (&str, &str) = ("data/metrics.toml", include_str!("../../../../data/metrics.toml"));
/// The schema this program reads.
const SCHEMA: &str = "optout.metrics/1";

/// How the values of a metric are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// Their sum.
    Sum,
    /// Their mean.
    Average,
    /// The largest.
    Maximum,
}

impl Statistic {
    const WORDS: [(&'static str, Self); 3] =
        [("Sum", Self::Sum), ("Average", Self::Average), ("Maximum", Self::Maximum)];

    /// The word that CloudWatch takes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "Sum",
            Self::Average => "Average",
            Self::Maximum => "Maximum",
        }
    }
}

/// A metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// How it is read.
    pub statistic: Statistic,
    /// The dimensions with which it is published, in order.
    pub dimensions: Vec<String>,
    /// Whether a sum above zero says that the service was used.
    pub uses: bool,
}

/// A service that publishes metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// Its key.
    pub key: String,
    /// The namespace.
    pub namespace: String,
    /// What else to know.
    pub note: Option<String>,
    /// The page of AWS.
    pub reference: Reference,
    /// Its metrics, in the order in which they are shown.
    pub metrics: Vec<Metric>,
}

/// Why no metric of a service is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// AWS's list of services that publish metrics does not have it.
    NotListed,
    /// The list has it, but the metrics themselves could not be read.
    NotRead,
}

/// A service of which no metric is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// Its key.
    pub key: String,
    /// Why.
    pub why: Silence,
    /// The namespace, where AWS names one.
    pub namespace: Option<String>,
    /// What else to know.
    pub note: Option<String>,
    /// The page of AWS.
    pub reference: Reference,
}

/// All metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricCatalogue {
    date: Date,
    list: Reference,
    publishers: BTreeMap<String, Publisher>,
    silent: BTreeMap<String, Silent>,
}

impl MetricCatalogue {
    /// The metrics that are compiled in.
    ///
    /// # Panics
    /// Never: the tests of this crate read the same file.
    #[must_use]
    pub fn embedded() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the file is part of the program and the tests read it")]
        static METRICS: LazyLock<MetricCatalogue> = LazyLock::new(|| {
            let (name, text) = EMBEDDED;
            MetricCatalogue::parse(&Source::new(name, text)).expect("the embedded metrics are valid")
        });
        &METRICS
    }

    /// Reads a file of the form of `data/metrics.toml`.
    ///
    /// # Errors
    /// Every problem of the text with its place.
    pub fn parse(source: &Source) -> Result<Self, Rejected> {
        read_toml(source, all)
    }

    /// The day they were looked up.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.date
    }

    /// AWS's list of services that publish metrics.
    #[must_use]
    pub const fn list(&self) -> &Reference {
        &self.list
    }

    /// The services with metrics, by key.
    pub fn publishers(&self) -> impl Iterator<Item = &Publisher> {
        self.publishers.values()
    }

    /// The metrics of a service.
    #[must_use]
    pub fn publisher(&self, key: &str) -> Option<&Publisher> {
        self.publishers.get(key)
    }

    /// The services of which no metric is known, by key.
    pub fn silent(&self) -> impl Iterator<Item = &Silent> {
        self.silent.values()
    }

    /// The key whose metrics are in a namespace.
    #[must_use]
    pub fn key_of_namespace(&self, namespace: &str) -> Option<&str> {
        self.publishers.values().find(|it| it.namespace == namespace).map(|it| it.key.as_str())
    }
}

fn all(fields: &mut Fields<'_>) -> Option<MetricCatalogue> {
    fields.schema(SCHEMA, "take the file that belongs to this version of optout")?;
    let date = fields.date("date");
    let list = fields.table("list").and_then(|mut table| {
        let reference = reference(&mut table);
        table.finish();
        reference
    });
    let publishers = fields.tables("service").into_iter().filter_map(publisher);
    let publishers = publishers.map(|it| (it.key.clone(), it)).collect();
    let silent = fields.tables("silent").into_iter().filter_map(silent).map(|it| (it.key.clone(), it)).collect();
    fields.finish();
    Some(MetricCatalogue { date: date?.value, list: list?, publishers, silent })
}

fn publisher(mut fields: Fields<'_>) -> Option<Publisher> {
    let (key, namespace) = (fields.text("key"), fields.text("namespace"));
    let note = fields.optional_text("note").map(|it| it.value.to_owned());
    let reference = reference(&mut fields);
    let metrics = fields.tables("metric").into_iter().filter_map(metric).collect();
    fields.finish();
    let (key, namespace) = (key?.value.to_owned(), namespace?.value.to_owned());
    Some(Publisher { key, namespace, note, reference: reference?, metrics })
}

fn metric(mut fields: Fields<'_>) -> Option<Metric> {
    let name = fields.text("name");
    let statistic = fields.word("statistic", &Statistic::WORDS);
    let dimensions = fields.texts("dimensions").iter().map(|it| it.value.to_owned()).collect();
    let uses = fields.flag("uses");
    fields.finish();
    Some(Metric { name: name?.value.to_owned(), statistic: statistic?, dimensions, uses: uses?.value })
}

fn silent(mut fields: Fields<'_>) -> Option<Silent> {
    let key = fields.text("key");
    let why = fields.word("why", &[("not-listed", Silence::NotListed), ("not-read", Silence::NotRead)]);
    let namespace = fields.optional_text("namespace").map(|it| it.value.to_owned());
    let note = fields.optional_text("note").map(|it| it.value.to_owned());
    let reference = reference(&mut fields);
    fields.finish();
    Some(Silent { key: key?.value.to_owned(), why: why?, namespace, note, reference: reference? })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_service_publishes_metrics_or_is_silent_and_none_is_both() {
        let metrics = MetricCatalogue::embedded();
        let publishers: BTreeSet<&str> = metrics.publishers().map(|it| it.key.as_str()).collect();
        let silent: BTreeSet<&str> = metrics.silent().map(|it| it.key.as_str()).collect();
        let known: BTreeSet<&str> = Catalogue::embedded().services().iter().map(|it| it.key.as_str()).collect();
        assert!(publishers.is_disjoint(&silent));
        assert_eq!(publishers.union(&silent).copied().collect::<BTreeSet<_>>(), known);
    }

    #[test]
    fn every_metric_comes_from_a_page_of_aws_and_dimensions_are_in_order() {
        for publisher in MetricCatalogue::embedded().publishers() {
            let source = &publisher.reference.source;
            let of_aws = ["https://docs.aws.amazon.com/", "https://aws.amazon.com/"];
            assert!(of_aws.iter().any(|it| source.starts_with(it)), "{source}");
            assert!(!publisher.metrics.is_empty(), "{}", publisher.key);
            for metric in &publisher.metrics {
                assert!(metric.dimensions.is_sorted() && metric.dimensions.len() <= 30, "{}", metric.name);
                assert!(!metric.uses || metric.statistic == Statistic::Sum, "{}", metric.name);
            }
        }
    }

    #[test]
    fn metrics_that_a_known_guide_invents_are_not_among_them() {
        let has = |key: &str, name: &str| {
            let publisher = MetricCatalogue::embedded().publisher(key).unwrap();
            publisher.metrics.iter().any(|it| it.name == name)
        };
        assert!(!has("rekognition", "SuccessfulImageCount") && !has("transcribe", "SuccessfulTranscriptionCount"));
        assert!(!has("comprehend", "SuccessfulRequestCount") && has("rekognition", "SuccessfulRequestCount"));
    }
}
