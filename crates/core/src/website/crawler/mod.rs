//! The catalogue of crawlers: every product token with its vendor, its purpose and what its vendor says about
//! robots.txt, and the presets to block. Dated facts come from `data/crawlers.toml` or a file that replaces it.

mod read;

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::source::{Rejected, Source};
use crate::words::words;

/// Everything known about crawlers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrawlerCatalogue {
    /// The presets, in the order of the file; exactly one is the default.
    pub presets: Vec<Preset>,
    /// The crawlers, in the order of the file.
    pub crawlers: Vec<Crawler>,
    /// What directives on a page mean to a vendor.
    pub page_directives: Vec<PageDirective>,
}

/// A named choice of crawlers to keep out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// Its name in kebab-case, as on the command line.
    pub name: String,
    /// A title for people.
    pub title: String,
    /// What it keeps out and what not.
    pub about: String,
    /// Whether it applies where none is named.
    pub default: bool,
}

/// One crawler, or a control token without a crawler of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crawler {
    /// The product token of its user-agent line.
    pub token: String,
    /// Who runs it.
    pub vendor: String,
    /// What it is for.
    pub purpose: Purpose,
    /// What it is for, in a sentence.
    pub about: String,
    /// What its vendor says about robots.txt.
    pub robots: RobotsBehaviour,
    /// Whether its vendor names the token.
    pub evidence: Evidence,
    /// What a robots.txt that cannot be fetched means to it.
    pub failed_fetch: FailedFetch,
    /// The names of the presets it belongs to.
    pub presets: Vec<String>,
    /// Set where its vendor's documentation no longer knows the token.
    pub obsolete: Option<Obsolete>,
    /// What else to know.
    pub note: Option<String>,
    /// Where it says so.
    pub source: String,
    /// When that was read.
    pub read: Date,
}

/// What replaced an obsolete token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obsolete {
    /// The tokens to use instead; all are in the catalogue.
    pub replaced_by: Vec<String>,
}

/// What a directive on a page means to a vendor's crawlers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageDirective {
    /// Whose crawlers.
    pub vendor: String,
    /// The directive in lower case, such as `noarchive`.
    pub directive: String,
    /// Where the vendor documents it to stand.
    pub carrier: String,
    /// What it does there.
    pub meaning: String,
    /// `Some(false)` where it is documented to keep the page out of model training.
    pub trains: Option<bool>,
    /// Where it says so.
    pub source: String,
    /// When that was read.
    pub read: Date,
}

words! {
    /// What a crawler is for.
    Purpose {
        /// What it fetches may train models.
        ModelTraining = "model-training",
        /// An open archive that others train models with.
        OpenDataset = "open-dataset",
        /// The index of an AI product's search.
        AiSearch = "ai-search",
        /// Single fetches for a person's request.
        UserTriggered = "user-triggered",
        /// Run by the vendor's customers for their own applications.
        CustomerCrawler = "customer-crawler",
        /// Checks pages that were submitted as advertisements.
        Advertising = "advertising",
        /// A search engine: never in a preset.
        SearchEngine = "search-engine",
        /// Previews of shared links: never in a preset.
        LinkPreview = "link-preview",
    }
}

words! {
    /// What a vendor says about robots.txt.
    RobotsBehaviour {
        /// The crawler obeys it.
        Honours = "honours",
        /// It may go past it.
        MayIgnore = "may-ignore",
        /// The vendor does not say.
        Undocumented = "undocumented",
    }
}

words! {
    /// How well a token is known.
    Evidence {
        /// Its vendor's documentation names it.
        Vendor = "vendor",
        /// Others report it: never in a preset.
        Unproven = "unproven",
    }
}

words! {
    /// What a crawler does when robots.txt cannot be fetched.
    FailedFetch {
        /// As RFC 9309 §2.3.1: 4xx permits everything, 5xx and no answer nothing.
        Rfc9309 = "rfc-9309",
        /// As if there were none: everything is permitted, once a copy of up to 30 days is too old.
        AsIfNone = "as-if-none",
    }
}

impl Purpose {
    /// Whether blocking it costs a site its place in search or its link previews; never part of a preset.
    #[must_use]
    pub const fn is_protected(self) -> bool {
        match self {
            Self::SearchEngine | Self::LinkPreview => true,
            Self::ModelTraining
            | Self::OpenDataset
            | Self::AiSearch
            | Self::UserTriggered
            | Self::CustomerCrawler
            | Self::Advertising => false,
        }
    }
}

impl CrawlerCatalogue {
    /// Reads a catalogue in the form of `data/crawlers.toml`.
    ///
    /// # Errors
    /// Everything that is wrong with the file, each at its place: broken TOML, unknown keys and words, tokens that
    /// are no product tokens or stand twice, presets that do not exist, a protected, unproven or obsolete crawler in
    /// a preset, and a number of default presets other than one.
    pub fn parse(source: Source) -> Result<Self, Rejected> {
        read::read(source)
    }

    /// The catalogue this program was built with.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<CrawlerCatalogue> = LazyLock::new(|| {
            let source = Source::new("data/crawlers.toml", include_str!("../../../../../data/crawlers.toml"));
            #[expect(clippy::expect_used, reason = "a test parses the embedded file; it cannot change afterwards")]
            CrawlerCatalogue::parse(source).expect("the embedded catalogue is valid")
        });
        &EMBEDDED
    }

    /// The preset of that name.
    #[must_use]
    pub fn preset(&self, name: &str) -> Option<&Preset> {
        self.presets.iter().find(|preset| preset.name == name)
    }

    /// The preset that applies where none is named.
    #[must_use]
    pub fn default_preset(&self) -> Option<&Preset> {
        self.presets.iter().find(|preset| preset.default)
    }

    /// The crawlers of a preset, in the order of the file.
    pub fn of_preset<'a>(&'a self, preset: &'a Preset) -> impl Iterator<Item = &'a Crawler> {
        self.crawlers.iter().filter(|crawler| crawler.presets.contains(&preset.name))
    }

    /// The crawler with that product token, in any case.
    #[must_use]
    pub fn crawler(&self, token: &str) -> Option<&Crawler> {
        self.crawlers.iter().find(|crawler| crawler.token.eq_ignore_ascii_case(token))
    }

    /// What `directive` on a page means to the crawlers of `vendor`, where it is documented.
    #[must_use]
    pub fn page_directive(&self, vendor: &str, directive: &str) -> Option<&PageDirective> {
        self.page_directives.iter().find(|known| known.vendor == vendor && known.directive == directive)
    }
}
