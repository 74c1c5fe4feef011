//! Reads `crawlers.toml`: raw tables with places first, then one pass that checks and converts them.

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use super::{
    Crawler, CrawlerCatalogue, Evidence, FailedFetch, Obsolete, PageDirective, Preset, Purpose, RobotsBehaviour,
};
use crate::source::{Problem, Rejected, Source, Span};
use crate::website::robots::is_token_byte;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawFile {
    preset: Vec<RawPreset>,
    crawler: Vec<RawCrawler>,
    #[serde(default)]
    page_directive: Vec<RawDirective>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawPreset {
    name: Spanned<String>,
    title: String,
    about: String,
    #[serde(default)]
    default: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawCrawler {
    token: Spanned<String>,
    vendor: String,
    purpose: Spanned<String>,
    about: String,
    robots: Spanned<String>,
    evidence: Spanned<String>,
    failed_fetch: Option<Spanned<String>>,
    #[serde(default)]
    presets: Vec<Spanned<String>>,
    #[serde(default)]
    obsolete: bool,
    #[serde(default)]
    replaced_by: Vec<Spanned<String>>,
    note: Option<String>,
    source: Spanned<String>,
    read: Spanned<toml::value::Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawDirective {
    vendor: String,
    directive: String,
    carrier: String,
    meaning: String,
    trains: Option<bool>,
    source: Spanned<String>,
    read: Spanned<toml::value::Datetime>,
}

/// Reads and checks; all problems of a well-formed file are reported together.
pub(super) fn read(source: Source) -> Result<CrawlerCatalogue, Rejected> {
    let raw: RawFile = match toml::from_str(&source.text) {
        Ok(raw) => raw,
        Err(error) => {
            let problem = Problem::new("toml", error.message().to_lowercase());
            let problem = match error.span() {
                Some(span) => problem.at(Span::new(span.start, span.end)),
                None => problem,
            };
            return Err(Rejected::new(source, vec![problem]));
        }
    };
    let mut problems = Vec::new();
    let catalogue = convert(raw, &mut problems);
    if problems.is_empty() { Ok(catalogue) } else { Err(Rejected::new(source, problems)) }
}

fn convert(raw: RawFile, problems: &mut Vec<Problem>) -> CrawlerCatalogue {
    check_presets(&raw.preset, problems);
    check_crawlers(&raw, problems);
    let presets = raw.preset.into_iter().map(|raw| Preset {
        name: raw.name.into_inner(),
        title: raw.title,
        about: raw.about,
        default: raw.default,
    });
    CrawlerCatalogue {
        presets: presets.collect(),
        crawlers: raw.crawler.into_iter().filter_map(|raw| crawler(raw, problems)).collect(),
        page_directives: raw.page_directive.into_iter().filter_map(|raw| directive(raw, problems)).collect(),
    }
}

fn problem<T>(at: &Spanned<T>, code: &'static str, message: String, help: &str, problems: &mut Vec<Problem>) {
    let span = at.span();
    problems.push(Problem::new(code, message).at(Span::new(span.start, span.end)).help(help));
}

fn check_presets(presets: &[RawPreset], problems: &mut Vec<Problem>) {
    for (index, preset) in presets.iter().enumerate() {
        let name = preset.name.get_ref();
        if presets.iter().take(index).any(|earlier| earlier.name.get_ref() == name) {
            let message = format!("the preset `{name}` stands twice");
            problem(&preset.name, "preset-twice", message, "give each preset its own name", problems);
        }
    }
    let defaults = presets.iter().filter(|preset| preset.default).count();
    if defaults != 1 {
        let message = format!("{defaults} presets are the default");
        problems.push(Problem::new("default-preset", message).help("set `default = true` on exactly one preset"));
    }
}

fn check_crawlers(raw: &RawFile, problems: &mut Vec<Problem>) {
    for (index, crawler) in raw.crawler.iter().enumerate() {
        let token = crawler.token.get_ref();
        if token.is_empty() || !token.bytes().all(is_token_byte) {
            let message = format!("`{token}` is no product token");
            problem(&crawler.token, "token", message, "use letters, digits, `-` and `_` only", problems);
        }
        let same = |other: &RawCrawler| other.token.get_ref().eq_ignore_ascii_case(token);
        if raw.crawler.iter().take(index).any(same) {
            let message = format!("the token `{token}` stands twice");
            problem(&crawler.token, "token-twice", message, "tokens differ in more than case", problems);
        }
        for name in &crawler.presets {
            check_membership(raw, crawler, name, problems);
        }
        for name in &crawler.replaced_by {
            let known = raw.crawler.iter().any(|other| other.token.get_ref() == name.get_ref());
            if !known {
                let message = format!("`{}` replaces it but is not in the file", name.get_ref());
                problem(name, "replaced-by", message, "add that crawler", problems);
            }
        }
    }
}

/// A preset must be known, and may hold neither what a site depends on nor what nobody proved.
fn check_membership(raw: &RawFile, crawler: &RawCrawler, name: &Spanned<String>, problems: &mut Vec<Problem>) {
    let token = crawler.token.get_ref();
    if !raw.preset.iter().any(|preset| preset.name.get_ref() == name.get_ref()) {
        let message = format!("there is no preset `{}`", name.get_ref());
        problem(name, "preset", message, "use the name of a [[preset]] of this file", problems);
    }
    if word(Purpose::ALL, crawler.purpose.get_ref(), Purpose::as_str).is_some_and(Purpose::is_protected) {
        let message = format!("`{token}` is a search engine or link preview; blocking it would hide the site");
        problem(name, "protected", message, "leave it out of every preset", problems);
    }
    if crawler.evidence.get_ref() == Evidence::Unproven.as_str() || crawler.obsolete {
        let message = format!("`{token}` is unproven or obsolete");
        problem(name, "unproven", message, "leave it out of every preset until its vendor documents it", problems);
    }
}

fn crawler(raw: RawCrawler, problems: &mut Vec<Problem>) -> Option<Crawler> {
    let purpose = checked_word(Purpose::ALL, &raw.purpose, Purpose::as_str, problems);
    let robots = checked_word(RobotsBehaviour::ALL, &raw.robots, RobotsBehaviour::as_str, problems);
    let evidence = checked_word(Evidence::ALL, &raw.evidence, Evidence::as_str, problems);
    let failed_fetch = match &raw.failed_fetch {
        None => Some(FailedFetch::Rfc9309),
        Some(written) => checked_word(FailedFetch::ALL, written, FailedFetch::as_str, problems),
    };
    check_source(&raw.source, problems);
    let read = date(&raw.read, problems);
    let replaced_by = raw.replaced_by.into_iter().map(Spanned::into_inner).collect();
    Some(Crawler {
        token: raw.token.into_inner(),
        vendor: raw.vendor,
        purpose: purpose?,
        about: raw.about,
        robots: robots?,
        evidence: evidence?,
        failed_fetch: failed_fetch?,
        presets: raw.presets.into_iter().map(Spanned::into_inner).collect(),
        obsolete: raw.obsolete.then_some(Obsolete { replaced_by }),
        note: raw.note,
        source: raw.source.into_inner(),
        read: read?,
    })
}

fn directive(raw: RawDirective, problems: &mut Vec<Problem>) -> Option<PageDirective> {
    check_source(&raw.source, problems);
    let read = date(&raw.read, problems);
    Some(PageDirective {
        vendor: raw.vendor,
        directive: raw.directive.to_ascii_lowercase(),
        carrier: raw.carrier,
        meaning: raw.meaning,
        trains: raw.trains,
        source: raw.source.into_inner(),
        read: read?,
    })
}

fn word<T: Copy>(all: &[T], written: &str, name: fn(T) -> &'static str) -> Option<T> {
    all.iter().copied().find(|known| name(*known) == written)
}

fn checked_word<T: Copy>(
    all: &[T],
    written: &Spanned<String>,
    name: fn(T) -> &'static str,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let found = word(all, written.get_ref(), name);
    if found.is_none() {
        let known: Vec<_> = all.iter().map(|known| format!("`{}`", name(*known))).collect();
        let message = format!("`{}` is not a word this key knows", written.get_ref());
        problem(written, "word", message, &format!("use one of {}", known.join(", ")), problems);
    }
    found
}

fn check_source(source: &Spanned<String>, problems: &mut Vec<Problem>) {
    if !source.get_ref().starts_with("https://") {
        problem(
            source,
            "source",
            "a source is an address".to_owned(),
            "write the https:// address of a page",
            problems,
        );
    }
}

fn date(written: &Spanned<toml::value::Datetime>, problems: &mut Vec<Problem>) -> Option<Date> {
    let read = written.get_ref().to_string().parse::<Date>().ok().filter(|_| written.get_ref().time.is_none());
    if read.is_none() {
        let message = format!("`{}` is not a date", written.get_ref());
        problem(written, "date", message, "write year-month-day", problems);
    }
    read
}
