//! The page of the documentation that lists crawlers and presets, made from the catalogue.

use std::fmt::Write as _;

use super::crawler::{Crawler, CrawlerCatalogue, Evidence, FailedFetch, RobotsBehaviour};

/// The Markdown text of `docs/website.md`.
#[must_use]
pub fn website_page(catalogue: &CrawlerCatalogue) -> String {
    let mut out = INTRODUCTION.to_owned();
    presets(catalogue, &mut out);
    crawlers(catalogue, &mut out);
    page_directives(catalogue, &mut out);
    out
}

const INTRODUCTION: &str = "\
# Websites

<!-- Made from data/crawlers.toml by a test; change the data, then run it with UPDATE_GENERATED=1. -->

The organization policy covers what AWS services keep of an account's content. It says nothing about public pages:
what crawlers may fetch there is said by robots.txt, and what they may do with it by directives on the page.

- A verdict is about what the site says. `opted-out`: told to stay away. `sharing`: may fetch. `unknown`: readers
  differ, or robots.txt could not be read. Whether a crawler obeys is its vendor's word: column *robots.txt*.
- robots.txt is read as RFC 9309 defines it. Where strict readers and those that accept misspellings would answer
  differently, the verdict is `unknown` and a note names the line.
- When robots.txt cannot be fetched, RFC 9309 and Amazon differ. RFC 9309: 4xx permits everything; 5xx and no answer
  forbid everything as long as they last, which is no opting out and therefore `unknown`. Amazon's crawlers use a copy
  of up to 30 days, then crawl as if there were none. A redirect is followed by RFC 9309; Amazon's pages up to 2025
  count it as a failed fetch, and the page of 2026 does not say, so a redirected robots.txt that forbids is `unknown`.
  So is a server that could not be reached from here: it may answer others.
- `--format json` is `optout.website/1` ([schema](schemas/website-1.json)); `optout verify`, `report` and `audit` take it:
  `--website FILE...`.
- Each answer is compared with two other readers on 10,000 generated files in every check: Google's parser (its port
  `gpyrobotstxt`) and Protego. They differ from RFC 9309, and therefore from this program, only in these:
  - both take `Allow: /a/index.html` for `/a/` too, and ask the rules about robots.txt itself, which RFC 9309 permits;
  - both treat percent-encoded and other octets otherwise: Google's compares them as written, Protego encodes anew;
  - Google's parser ends a crawler's token at a digit, takes a key that only begins like one (`allowed:`), and the port
    fails on a line of one word;
  - Protego encodes `?` and `=` in patterns, takes every `$` for a character as well, compares all of a user-agent line,
    takes a group for `foo` for `foobot` too, ends a group at other records, and reads more lines without a colon.
- An edit keeps search engines and link previews as they are: no preset may name one.
";

fn presets(catalogue: &CrawlerCatalogue, out: &mut String) {
    out.push_str("\n## Presets\n\n| preset | keeps out | tokens |\n|---|---|---|\n");
    for preset in &catalogue.presets {
        let tokens: Vec<String> = catalogue.of_preset(preset).map(|crawler| code(&crawler.token)).collect();
        let default = if preset.default { " (default)" } else { "" };
        let about = format!("{}. {}", cell(&preset.title), cell(&preset.about));
        let _ = writeln!(out, "| {}{default} | {about} | {} |", code(&preset.name), tokens.join(", "));
    }
}

fn crawlers(catalogue: &CrawlerCatalogue, out: &mut String) {
    out.push_str("\n## Crawlers\n\n");
    out.push_str(
        "| token | vendor | purpose | what it is for | robots.txt | source, read |\n|---|---|---|---|---|---|\n",
    );
    for crawler in &catalogue.crawlers {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | <{}> {} |",
            code(&crawler.token),
            cell(&crawler.vendor),
            crawler.purpose,
            about(crawler),
            behaviour(crawler),
            cell(&crawler.source),
            crawler.read
        );
    }
}

fn about(crawler: &Crawler) -> String {
    let mut parts = vec![cell(&crawler.about)];
    if let Some(obsolete) = &crawler.obsolete {
        let tokens: Vec<String> = obsolete.replaced_by.iter().map(|token| code(token)).collect();
        parts.push(format!("**Obsolete**, use {}.", tokens.join(", ")));
    } else if crawler.evidence == Evidence::Unproven {
        parts.push("**Unproven**: its vendor's documentation was not found to name it.".to_owned());
    }
    parts.extend(crawler.note.as_deref().map(cell));
    parts.join(" ")
}

fn behaviour(crawler: &Crawler) -> String {
    let word = match crawler.robots {
        RobotsBehaviour::Honours => "obeyed",
        RobotsBehaviour::MayIgnore => "may be ignored",
        RobotsBehaviour::Undocumented => "not documented",
    };
    match crawler.failed_fetch {
        FailedFetch::Rfc9309 => word.to_owned(),
        FailedFetch::AsIfNone => format!("{word}; as if none when it cannot be fetched"),
    }
}

fn page_directives(catalogue: &CrawlerCatalogue, out: &mut String) {
    out.push_str("\n## Directives on a page\n\n");
    out.push_str(
        "These do not keep a crawler from fetching. Read from meta tags and `X-Robots-Tag` headers; what stands\n",
    );
    out.push_str("elsewhere than a vendor documents it is shown, and counts for nothing.\n\n");
    out.push_str("| vendor | directive | where | what it does | source, read |\n|---|---|---|---|---|\n");
    for known in &catalogue.page_directives {
        let (vendor, directive, carrier) = (cell(&known.vendor), code(&known.directive), code(&known.carrier));
        let meaning = cell(&known.meaning);
        let _ = writeln!(
            out,
            "| {vendor} | {directive} | {carrier} | {meaning} | <{}> {} |",
            cell(&known.source),
            known.read
        );
    }
}

/// Text for a table cell: a replaced catalogue may hold anything.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' | '<' | '>' | '\\' | '*' | '[' | ']' => out.extend(['\\', character]),
            _ if character.is_control() => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}

fn code(text: &str) -> String {
    format!("`{}`", cell(text).replace('`', "'"))
}
