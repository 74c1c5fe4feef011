//! Verdicts: may each crawler of the catalogue fetch each path, which line decides, and what a preset comes to.
//!
//! A verdict speaks about what the site says. Whether a crawler obeys is its vendor's word, shown as a [`Caveat`].

use super::crawler::{Crawler, CrawlerCatalogue, Evidence, FailedFetch, PageDirective, Preset, RobotsBehaviour};
use super::fetched::{Access, Fetched, Outcome, Why};
use super::page::{Page, instructions};
use super::robots::{Because, Decider, Note, RequestPath, Robots, Spelling};

/// What is known of a site.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Its robots.txt.
    pub robots: &'a Fetched,
    /// The paths to ask for; `/` is asked for where there are none.
    pub paths: &'a [String],
    /// Pages that were fetched.
    pub pages: &'a [Page],
}

/// What a site says to the crawlers of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteCheck {
    /// The name of the preset the verdict is for.
    pub preset: String,
    /// The verdict over the crawlers of the preset: the worst of theirs.
    pub verdict: Verdict,
    /// Every crawler of the catalogue, in its order.
    pub crawlers: Vec<CrawlerCheck>,
    /// What a careful reader notices in the file.
    pub notes: Vec<Note>,
}

/// What a site says to one crawler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrawlerCheck {
    /// The crawler.
    pub crawler: Crawler,
    /// Whether it belongs to the chosen preset.
    pub in_preset: bool,
    /// The worst verdict of its paths.
    pub verdict: Verdict,
    /// Each path asked for.
    pub paths: Vec<PathCheck>,
    /// What the pages tell it, where they tell it anything.
    pub pages: Vec<PageCheck>,
    /// What the verdict does not cover.
    pub caveats: Vec<Caveat>,
}

/// One crawler and one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathCheck {
    /// The path, with its query.
    pub path: String,
    /// As a crawler that follows RFC 9309 reads it.
    pub rfc_9309: Reading,
    /// As Amazon documents its crawlers to read it.
    pub amazon: Reading,
    /// The verdict, from the readings that apply to this crawler.
    pub verdict: Verdict,
}

/// One way to read a robots.txt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Whether the path may be fetched; `None` where that cannot be said.
    pub allowed: Option<bool>,
    /// Why.
    pub reason: Reason,
    /// The line that decided, where one did.
    pub decided_by: Option<Decider>,
}

/// Why a reading says what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// From the text.
    Text(Because),
    /// From the fetch: the text does not count, or there is none.
    Fetch(Why),
    /// Strict and tolerant readers differ, over a misspelled line.
    Misspelling,
    /// What lies after 500 KiB would change the answer, and not every crawler reads it.
    OverLimit,
}

/// Whether a site keeps a crawler out. From best to worst in the order of a site's verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is told to stay away.
    OptedOut,
    /// That cannot be said.
    Unknown,
    /// It may fetch.
    Sharing,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OptedOut => "opted-out",
            Self::Unknown => "unknown",
            Self::Sharing => "sharing",
        }
    }
}

/// What one page tells one crawler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCheck {
    /// The page's path.
    pub path: String,
    /// The directives that speak to the crawler, by name, each once.
    pub directives: Vec<String>,
    /// What its vendor documents of those that stand where it documents them.
    pub documented: Vec<PageDirective>,
    /// Whether the vendor documents that this page is kept out of model training.
    pub kept_from_training: bool,
}

/// What a verdict does not cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caveat {
    /// The vendor says that the crawler may go past robots.txt.
    MayIgnoreRobots,
    /// The vendor says nothing about robots.txt.
    RobotsUndocumented,
    /// Others report the token; the vendor's documentation was not found to name it.
    TokenUnproven,
    /// The token is obsolete.
    TokenObsolete,
    /// A copy of an earlier robots.txt may be used for up to 30 days.
    OlderCopy,
    /// The answer holds only while the server fails.
    WhileItFails,
}

/// Checks every crawler of the catalogue.
#[must_use]
pub fn check(site: &Site<'_>, preset: &Preset, catalogue: &CrawlerCatalogue) -> SiteCheck {
    let texts = Texts::of(site.robots);
    let paths = request_paths(site.paths);
    let crawlers: Vec<CrawlerCheck> =
        catalogue.crawlers.iter().map(|crawler| one(crawler, preset, site, &texts, &paths, catalogue)).collect();
    let chosen = crawlers.iter().filter(|check| check.in_preset);
    SiteCheck {
        preset: preset.name.clone(),
        verdict: chosen.map(|check| check.verdict).max().unwrap_or(Verdict::Unknown),
        notes: texts.limited.as_ref().map(|robots| robots.notes().to_vec()).unwrap_or_default(),
        crawlers,
    }
}

fn request_paths(paths: &[String]) -> Vec<RequestPath> {
    if paths.is_empty() {
        vec![RequestPath::new("/")]
    } else {
        paths.iter().map(|path| RequestPath::new(path)).collect()
    }
}

/// The text as far as every crawler reads it, and whole where that is more.
struct Texts {
    limited: Option<Robots>,
    whole: Option<Robots>,
}

impl Texts {
    fn of(fetched: &Fetched) -> Self {
        let Outcome::Text(bytes) = &fetched.outcome else { return Self { limited: None, whole: None } };
        let limited = Robots::parse(bytes);
        let whole = limited.is_cut().then(|| Robots::parse_up_to(bytes, usize::MAX));
        Self { limited: Some(limited), whole }
    }

    /// What the rules say, for all kinds of readers together.
    fn reading(&self, token: &str, path: &RequestPath) -> Reading {
        let Some(robots) = &self.limited else {
            return Reading { allowed: None, reason: Reason::Fetch(Why::NotAsked), decided_by: None };
        };
        let exact = robots.may_fetch(token, path, Spelling::Exact);
        let differs = |other: &Robots, spelling| other.may_fetch(token, path, spelling).allowed != exact.allowed;
        let (allowed, reason) = if differs(robots, Spelling::Tolerated) {
            (None, Reason::Misspelling)
        } else if self.whole.as_ref().is_some_and(|whole| differs(whole, Spelling::Exact)) {
            (None, Reason::OverLimit)
        } else {
            (Some(exact.allowed), Reason::Text(exact.because))
        };
        Reading { allowed, reason, decided_by: exact.decided_by }
    }
}

fn one(
    crawler: &Crawler,
    preset: &Preset,
    site: &Site<'_>,
    texts: &Texts,
    paths: &[RequestPath],
    catalogue: &CrawlerCatalogue,
) -> CrawlerCheck {
    let paths: Vec<PathCheck> = paths.iter().map(|path| path_check(crawler, path, site.robots, texts)).collect();
    CrawlerCheck {
        in_preset: crawler.presets.contains(&preset.name),
        verdict: paths.iter().map(|check| check.verdict).max().unwrap_or(Verdict::Unknown),
        pages: site.pages.iter().filter_map(|page| page_check(crawler, page, catalogue)).collect(),
        caveats: caveats(crawler, site.robots),
        crawler: crawler.clone(),
        paths,
    }
}

fn path_check(crawler: &Crawler, path: &RequestPath, fetched: &Fetched, texts: &Texts) -> PathCheck {
    let read = |access| reading(access, &crawler.token, path, texts);
    let (rfc_9309, amazon) = (read(fetched.rfc_9309()), read(fetched.amazon()));
    let verdict = match crawler.failed_fetch {
        FailedFetch::Rfc9309 => rfc_verdict(&rfc_9309),
        FailedFetch::AsIfNone => amazon_verdict(&rfc_9309, &amazon, fetched),
    };
    PathCheck { path: path.as_str().to_owned(), rfc_9309, amazon, verdict }
}

fn reading(access: Access, token: &str, path: &RequestPath, texts: &Texts) -> Reading {
    let fetch = |allowed, why| Reading { allowed, reason: Reason::Fetch(why), decided_by: None };
    match access {
        Access::Rules => texts.reading(token, path),
        Access::Everything(why) => fetch(Some(true), why),
        Access::Nothing(why) => fetch(Some(false), why),
        Access::Unknown(why) => fetch(None, why),
    }
}

/// A server that fails keeps crawlers out only while it fails: that is no opting out.
fn rfc_verdict(reading: &Reading) -> Verdict {
    match (reading.allowed, reading.reason) {
        (Some(true), _) => Verdict::Sharing,
        (Some(false), Reason::Fetch(_)) | (None, _) => Verdict::Unknown,
        (Some(false), Reason::Text(_) | Reason::Misspelling | Reason::OverLimit) => Verdict::OptedOut,
    }
}

/// Where the readings differ over a redirect, Amazon's older and newer pages disagree, so nothing can be said; over
/// a status that says failure they agree that the site is crawled.
fn amazon_verdict(rfc_9309: &Reading, amazon: &Reading, fetched: &Fetched) -> Verdict {
    let redirected_text = matches!(fetched.outcome, Outcome::Text(_)) && !fetched.redirects.is_empty();
    if redirected_text {
        return if rfc_9309.allowed == Some(true) { Verdict::Sharing } else { Verdict::Unknown };
    }
    match fetched.outcome {
        // Nobody answered here; whether somebody answers Amazon is not known.
        Outcome::Unreachable(_) => Verdict::Unknown,
        Outcome::Text(_)
        | Outcome::Status(_)
        | Outcome::TooManyRedirects
        | Outcome::NotAsked(_)
        | Outcome::Packed(_) => rfc_verdict(amazon),
    }
}

fn page_check(crawler: &Crawler, page: &Page, catalogue: &CrawlerCatalogue) -> Option<PageCheck> {
    let directives = page.directives();
    let found = instructions(&directives, crawler, catalogue);
    let mut names: Vec<String> = Vec::new();
    let mut documented: Vec<PageDirective> = Vec::new();
    for instruction in &found {
        if !names.contains(&instruction.directive.name) {
            names.push(instruction.directive.name.clone());
        }
        if let (true, Some(known)) = (instruction.in_documented_place, instruction.documented)
            && !documented.contains(known)
        {
            documented.push(known.clone());
        }
    }
    let kept_from_training = documented.iter().any(|known| known.trains == Some(false));
    (!names.is_empty()).then(|| PageCheck {
        path: page.path.clone(),
        directives: names,
        documented,
        kept_from_training,
    })
}

fn caveats(crawler: &Crawler, fetched: &Fetched) -> Vec<Caveat> {
    let fetch_counts = !matches!(fetched.outcome, Outcome::Text(_)) || !fetched.redirects.is_empty();
    let is_amazon = crawler.failed_fetch == FailedFetch::AsIfNone;
    let fails = matches!(fetched.rfc_9309(), Access::Nothing(_));
    let candidates = [
        (crawler.robots == RobotsBehaviour::MayIgnore, Caveat::MayIgnoreRobots),
        (crawler.robots == RobotsBehaviour::Undocumented, Caveat::RobotsUndocumented),
        (crawler.evidence == Evidence::Unproven, Caveat::TokenUnproven),
        (crawler.obsolete.is_some(), Caveat::TokenObsolete),
        (is_amazon && fetch_counts, Caveat::OlderCopy),
        (!is_amazon && fails, Caveat::WhileItFails),
    ];
    candidates.into_iter().filter(|(applies, _)| *applies).map(|(_, caveat)| caveat).collect()
}
