//! Sites for machines: `optout.website/1`.

use jiff::Timestamp;
use serde::Serialize;

use super::{Checked, because, caveat, outcome};
use crate::website::check::{CrawlerCheck, PathCheck, Reading};

/// The name of the form.
pub const FORMAT: &str = "optout.website/1";

/// The sites, looked at `at`, as indented JSON text.
#[must_use]
pub fn render(sites: &[Checked], at: Timestamp) -> String {
    let form = FormV1 { format: FORMAT, at, sites: sites.iter().map(site).collect() };
    // INVARIANT: every map key is a string, which is all that could make this fail.
    serde_json::to_string_pretty(&form).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
struct FormV1<'a> {
    format: &'static str,
    /// When they were looked at.
    at: Timestamp,
    sites: Vec<SiteV1<'a>>,
}

#[derive(Serialize)]
struct SiteV1<'a> {
    name: &'a str,
    preset: &'a str,
    verdict: &'static str,
    fetch: String,
    redirects: Vec<RedirectV1<'a>>,
    crawlers: Vec<CrawlerV1<'a>>,
    notes: Vec<NoteV1<'a>>,
}

#[derive(Serialize)]
struct RedirectV1<'a> {
    status: u16,
    location: &'a str,
}

#[derive(Serialize)]
struct CrawlerV1<'a> {
    token: &'a str,
    vendor: &'a str,
    purpose: &'static str,
    in_preset: bool,
    verdict: &'static str,
    paths: Vec<PathV1<'a>>,
    pages: Vec<PageV1<'a>>,
    caveats: Vec<&'static str>,
}

#[derive(Serialize)]
struct PathV1<'a> {
    path: &'a str,
    verdict: &'static str,
    rfc_9309: ReadingV1,
    amazon: ReadingV1,
}

#[derive(Serialize)]
struct ReadingV1 {
    allowed: Option<bool>,
    because: String,
    line: Option<usize>,
}

#[derive(Serialize)]
struct PageV1<'a> {
    path: &'a str,
    directives: &'a [String],
    kept_from_training: bool,
}

#[derive(Serialize)]
struct NoteV1<'a> {
    code: &'static str,
    line: usize,
    message: &'a str,
}

fn site(checked: &Checked) -> SiteV1<'_> {
    let check = &checked.check;
    let redirects = checked.fetched.redirects.iter();
    SiteV1 {
        name: &checked.name,
        preset: &check.preset,
        verdict: check.verdict.word(),
        fetch: outcome(&checked.fetched),
        redirects: redirects.map(|hop| RedirectV1 { status: hop.status, location: &hop.location }).collect(),
        crawlers: check.crawlers.iter().map(crawler).collect(),
        notes: check
            .notes
            .iter()
            .map(|note| NoteV1 { code: note.code, line: note.line, message: &note.message })
            .collect(),
    }
}

fn crawler(check: &CrawlerCheck) -> CrawlerV1<'_> {
    let pages = check.pages.iter();
    CrawlerV1 {
        token: &check.crawler.token,
        vendor: &check.crawler.vendor,
        purpose: check.crawler.purpose.as_str(),
        in_preset: check.in_preset,
        verdict: check.verdict.word(),
        paths: check.paths.iter().map(path).collect(),
        pages: pages
            .map(|page| PageV1 {
                path: &page.path,
                directives: &page.directives,
                kept_from_training: page.kept_from_training,
            })
            .collect(),
        caveats: check.caveats.iter().map(|known| caveat(*known)).collect(),
    }
}

fn path(check: &PathCheck) -> PathV1<'_> {
    let (rfc_9309, amazon) = (reading(&check.rfc_9309), reading(&check.amazon));
    PathV1 { path: &check.path, verdict: check.verdict.word(), rfc_9309, amazon }
}

fn reading(reading: &Reading) -> ReadingV1 {
    let line = reading.decided_by.as_ref().map(|decider| decider.line);
    ReadingV1 { allowed: reading.allowed, because: because(reading), line }
}
