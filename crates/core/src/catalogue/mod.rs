//! The AI services that an opt-out policy knows: keys, names, AWS's statements, terms, and what opting out does.
//!
//! Dated data: `data/services.toml` is compiled in ([`Catalogue::embedded`]) and can be replaced at run time
//! ([`Catalogue::parse`]). AWS adds keys about once a month, so an unknown key is never an error by itself; the catalogue
//! says how old it is, and [`page`] compares it with a saved copy of AWS's list. Nothing here judges a policy.

mod hipaa;
mod key;
mod markdown;
pub mod page;
mod partial_date;
mod read;
mod rows;
mod service;
mod suggest;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::source::{Rejected, Source};

pub use hipaa::{Eligibility, Hipaa, HipaaList};
pub use key::{InvalidServiceKeyError, ServiceKey};
pub use partial_date::{InvalidPartialDateError, PartialDate};
pub use read::SCHEMA;
pub(crate) use read::reference;
pub use rows::{Coverage, Filter, Order, Row, Subject};
pub use service::{
    FirstSeen, Impact, NotCovered, Note, Origin, Pairing, Reference, Service, Severity, Standing, Statement, Terms, Use,
};

/// The data file that is compiled in, named as it is in the project.
const EMBEDDED: (&str, &str) = ("data/services.toml", include_str!("../../../../data/services.toml"));

/// A key of the catalogue by its number: 0 is `default`, then the services in the order of the file.
///
/// Verdicts for many accounts are computed over these, not over texts. Valid for the catalogue that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceIndex(u32);

impl ServiceIndex {
    /// `default`.
    pub const DEFAULT: Self = Self(0);

    /// The number, for dense tables of [`Catalogue::len`] columns.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

/// All services, with the day they were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    date: Date,
    content_until: Option<Date>,
    sources: Vec<String>,
    hipaa: Option<HipaaList>,
    default: Service,
    services: Vec<Service>,
    by_key: BTreeMap<ServiceKey, ServiceIndex>,
    not_covered: Vec<NotCovered>,
}

impl Catalogue {
    /// The catalogue that is compiled in.
    ///
    /// # Panics
    /// Never: the tests of this crate read the same file.
    #[must_use]
    pub fn embedded() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the file is part of the program and the tests read it")]
        static EMBEDDED_CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
            let (name, text) = EMBEDDED;
            Catalogue::parse(&Source::new(name, text)).expect("the embedded catalogue is valid")
        });
        &EMBEDDED_CATALOGUE
    }

    /// Reads a catalogue from a file of the form of `data/services.toml`.
    ///
    /// # Errors
    /// Every problem of the text with its place; a newer schema is refused without looking further.
    pub fn parse(source: &Source) -> Result<Self, Rejected> {
        read::read(source)
    }

    /// The day AWS's list was read.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.date
    }

    /// How new the copy of AWS's list was that was read, where known.
    #[must_use]
    pub const fn content_until(&self) -> Option<Date> {
        self.content_until
    }

    /// The pages of AWS that the list of keys and names comes from.
    #[must_use]
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// The list that every [`Service::hipaa`] speaks of, where one was read.
    #[must_use]
    pub const fn hipaa_list(&self) -> Option<&HipaaList> {
        self.hipaa.as_ref()
    }

    /// How many days old it is on `today`; negative when `today` lies before its date.
    #[must_use]
    pub fn age_in_days(&self, today: Date) -> i64 {
        self.date.duration_until(today).as_hours() / 24
    }

    /// The services in the order of the file, without `default`.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// What is known about `default`; its impacts concern every service.
    #[must_use]
    pub const fn default_entry(&self) -> &Service {
        &self.default
    }

    /// The services that the policy does not reach.
    #[must_use]
    pub fn not_covered(&self) -> &[NotCovered] {
        &self.not_covered
    }

    /// How many keys there are, `default` included.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "`default` is always there")]
    pub fn len(&self) -> usize {
        self.services.len() + 1
    }

    /// Whether `key` is known, `default` included; exactly as AWS compares keys.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }

    /// What is known about `key`, `default` included.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Service> {
        self.index(key).and_then(|index| self.at(index))
    }

    /// The number of `key`.
    #[must_use]
    pub fn index(&self, key: &str) -> Option<ServiceIndex> {
        self.by_key.get(key).copied()
    }

    /// The entry with that number; `None` only for a number of another catalogue.
    #[must_use]
    pub fn at(&self, index: ServiceIndex) -> Option<&Service> {
        match index.get().checked_sub(1) {
            None => Some(&self.default),
            Some(at) => self.services.get(at),
        }
    }

    /// Every entry with its number, `default` first.
    pub fn entries(&self) -> impl Iterator<Item = (ServiceIndex, &Service)> {
        (0..).map(ServiceIndex).zip(std::iter::once(&self.default).chain(&self.services))
    }

    /// What opting out of `key` does: what concerns every service, then what concerns this one.
    pub fn impacts(&self, key: &str) -> impl Iterator<Item = &Impact> {
        let own = self.get(key).filter(|service| !service.key.is_default());
        self.default.impacts.iter().chain(own.into_iter().flat_map(|service| &service.impacts))
    }

    /// The known key that `key` was probably meant to be: right capitalization, a name instead of a key, a slip.
    #[must_use]
    pub fn nearest(&self, key: &str) -> Option<&str> {
        suggest::nearest(self, key)
    }

    /// The same catalogue knowing `keys` too, for services that are newer than it.
    ///
    /// # Errors
    /// When one of them cannot be a key.
    pub fn with_allowed_keys<K: AsRef<str>>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Self, InvalidServiceKeyError> {
        let mut catalogue = self.clone();
        for key in keys {
            let key: ServiceKey = key.as_ref().parse()?;
            if !catalogue.contains(key.as_str()) {
                catalogue.add(Service::allowed(key));
            }
        }
        Ok(catalogue)
    }

    fn add(&mut self, service: Service) {
        let next = u32::try_from(self.len()).unwrap_or(u32::MAX);
        self.by_key.insert(service.key.clone(), ServiceIndex(next));
        self.services.push(service);
    }

    /// The rows of `optout services` that pass `filter`, in `order`.
    #[must_use]
    pub fn rows(&self, filter: &Filter, order: Order) -> Vec<Row<'_>> {
        rows::rows(self, filter, order)
    }

    /// The whole catalogue as a page of Markdown, for `docs/services.md`.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::markdown(self)
    }
}
