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
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FormV1<'a> {
    /// Always `optout.website/1`.
    format: &'static str,
    /// When they were looked at (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    at: Timestamp,
    sites: Vec<SiteV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SiteV1<'a> {
    /// The address or path of its robots.txt.
    name: &'a str,
    /// The crawlers that were to be kept out.
    preset: &'a str,
    /// `opted-out`, `sharing` or `unknown`, as everywhere below.
    verdict: &'static str,
    /// What fetching came to.
    fetch: String,
    redirects: Vec<RedirectV1<'a>>,
    crawlers: Vec<CrawlerV1<'a>>,
    notes: Vec<NoteV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RedirectV1<'a> {
    status: u16,
    location: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PathV1<'a> {
    path: &'a str,
    verdict: &'static str,
    rfc_9309: ReadingV1,
    amazon: ReadingV1,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ReadingV1 {
    /// Whether the crawler may fetch the path; `null` where that is open.
    allowed: Option<bool>,
    because: String,
    /// The line that decided.
    line: Option<usize>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PageV1<'a> {
    path: &'a str,
    directives: &'a [String],
    kept_from_training: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

#[cfg(test)]
mod tests {
    use crate::website::check::{Site, check};
    use crate::website::crawler::CrawlerCatalogue;
    use crate::website::fetched::Fetched;
    use crate::website::page::Page;
    use crate::website::report::Checked;

    #[test]
    fn the_published_schema_is_the_one_of_the_structs_and_fits_what_is_written() {
        let schema = crate::published::written::<super::FormV1<'static>>();
        crate::published::check("website-1.json", &schema);
        let catalogue = CrawlerCatalogue::embedded();
        let fetched = Fetched::text(b"User-agent: *\nDisallow: /a\nnoise\n".to_vec());
        let html = "<meta name=robots content=noarchive>".to_owned();
        let pages = [Page { path: "/p".to_owned(), x_robots_tag: Vec::new(), html }];
        let preset = catalogue.default_preset().unwrap();
        let check = check(&Site { robots: &fetched, paths: &["/a".to_owned()], pages: &pages }, preset, catalogue);
        let checked = [Checked { name: "robots.txt".to_owned(), fetched, check }];
        let text = super::render(&checked, "2026-11-24T12:00:00Z".parse().unwrap());
        crate::published::check_fits(&schema, &serde_json::from_str(&text).unwrap());
    }
}
