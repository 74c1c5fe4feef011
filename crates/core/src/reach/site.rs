//! Sites, as `optout website check --format json` wrote them.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Verdict, read};
use crate::source::{Rejected, Source};

/// Sites that were looked at together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Sites {
    /// When they were looked at.
    pub at: Timestamp,
    /// Each site.
    pub sites: Vec<Site>,
}

/// One site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Site {
    /// The address or path of its robots.txt.
    pub name: String,
    /// The crawlers that were to be kept out.
    pub preset: String,
    /// What fetching came to.
    pub fetch: String,
    /// Whether a crawler of the preset may fetch it.
    pub verdict: Verdict,
    /// Each crawler of the catalogue.
    #[serde(default)]
    pub crawlers: Vec<Crawler>,
}

/// What one crawler may do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Crawler {
    /// The name it goes by in robots.txt.
    pub token: String,
    /// Whose it is.
    pub vendor: String,
    /// What it collects pages for.
    pub purpose: String,
    /// Whether it was to be kept out.
    pub in_preset: bool,
    /// Whether it may fetch the site.
    pub verdict: Verdict,
}

/// The presets that keep the crawlers out which AWS trains with; each built-in one does.
const PRESETS: [&str; 4] = ["aws-training", "aws-all", "ai-training", "ai-all"];

impl Sites {
    /// Reads a report of sites.
    ///
    /// # Errors
    /// Where the text is not such a report, with line and column.
    pub fn parse(source: &Source) -> Result<Self, Rejected> {
        read::parse(source, "optout.website/1", "optout website check --format json")
    }
}

impl Site {
    /// Whether a crawler of the preset may fetch it; `None` where that is open, or the preset is one nobody here knows.
    #[must_use]
    pub fn shares(&self) -> Option<bool> {
        let known = PRESETS.contains(&self.preset.as_str());
        self.verdict.shares().filter(|shares| *shares || known)
    }

    /// The crawlers that were to be kept out and may fetch it, or of which that is open.
    pub fn let_in(&self) -> impl Iterator<Item = &Crawler> {
        let open = |crawler: &&Crawler| crawler.in_preset && crawler.verdict.shares() != Some(false);
        self.crawlers.iter().filter(open)
    }

    /// What was found at `at`, in a sentence.
    #[must_use]
    pub fn describe(&self, at: Timestamp) -> String {
        let (name, verdict, preset, fetch) = (&self.name, self.verdict.word(), &self.preset, &self.fetch);
        format!("{name}, looked at {at}: {verdict} for `{preset}` ({fetch})")
    }
}
