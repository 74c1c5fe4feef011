//! The embedded catalogue of crawlers, the errors of its reader, and the page of the documentation made from it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail a test this way")]

use std::path::Path;

use optout_core::source::{Rejected, Source};
use optout_core::website::crawler::{CrawlerCatalogue, Evidence, Purpose};
use optout_core::website::document::website_page;

const EMBEDDED: &str = include_str!("../../../data/crawlers.toml");

fn parse(text: &str) -> Result<CrawlerCatalogue, Rejected> {
    CrawlerCatalogue::parse(Source::new("crawlers.toml", text))
}

fn tokens(preset: &str) -> Vec<&'static str> {
    let catalogue = CrawlerCatalogue::embedded();
    let preset = catalogue.preset(preset).unwrap();
    catalogue.of_preset(preset).map(|crawler| crawler.token.as_str()).collect()
}

#[test]
fn the_embedded_catalogue_is_valid() {
    if let Err(rejected) = parse(EMBEDDED) {
        panic!("{rejected}");
    }
}

#[test]
fn the_default_preset_names_amazons_training_crawler_alone() {
    assert_eq!(CrawlerCatalogue::embedded().default_preset().unwrap().name, "aws-training");
    assert_eq!(tokens("aws-training"), ["Amazonbot"]);
    let all = ["Amazonbot", "Amzn-SearchBot", "Amzn-User", "bedrockbot", "amazon-kendra", "amazon-QBusiness"];
    assert_eq!(tokens("aws-all"), all);
}

#[test]
fn presets_nest_and_hold_only_proven_crawlers() {
    for (small, large) in
        [("aws-training", "aws-all"), ("aws-training", "ai-training"), ("aws-all", "ai-all"), ("ai-training", "ai-all")]
    {
        assert!(tokens(small).iter().all(|token| tokens(large).contains(token)), "{small} in {large}");
    }
    for crawler in CrawlerCatalogue::embedded().crawlers.iter().filter(|crawler| !crawler.presets.is_empty()) {
        assert_eq!(crawler.evidence, Evidence::Vendor, "{}", crawler.token);
        assert!(crawler.obsolete.is_none() && !crawler.purpose.is_protected(), "{}", crawler.token);
    }
}

#[test]
fn training_presets_hold_every_proven_training_crawler_and_no_other() {
    for crawler in &CrawlerCatalogue::embedded().crawlers {
        let trains = matches!(crawler.purpose, Purpose::ModelTraining | Purpose::OpenDataset);
        let proven = crawler.evidence == Evidence::Vendor && crawler.obsolete.is_none();
        assert_eq!(crawler.presets.iter().any(|name| name == "ai-training"), trains && proven, "{}", crawler.token);
    }
}

#[test]
fn search_engines_are_known_so_that_a_check_can_show_them_untouched() {
    for token in ["Googlebot", "bingbot", "Applebot", "DuckDuckBot"] {
        assert!(CrawlerCatalogue::embedded().crawler(token).unwrap().purpose.is_protected(), "{token}");
    }
}

#[test]
fn the_tokens_of_the_guide_are_marked_obsolete() {
    for token in ["anthropic-ai", "Claude-Web"] {
        let crawler = CrawlerCatalogue::embedded().crawler(token).unwrap();
        assert!(crawler.obsolete.as_ref().is_some_and(|obsolete| !obsolete.replaced_by.is_empty()), "{token}");
    }
}

/// The embedded text with `from` replaced once, which must occur.
fn changed(from: &str, to: &str) -> String {
    assert!(EMBEDDED.contains(from), "{from}");
    EMBEDDED.replacen(from, to, 1)
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (from, to, expected) in [
        ("purpose = \"model-training\"", "purpose = \"training\"", "`training` is not a word this key knows"),
        ("token = \"Amazonbot\"", "token = \"Amazon bot\"", "`Amazon bot` is no product token"),
        ("token = \"Amzn-User\"", "token = \"AMAZONBOT\"", "the token `AMAZONBOT` stands twice"),
        ("default = true", "default = false", "0 presets are the default"),
        ("name = \"aws-all\"", "name = \"aws-training\"", "the preset `aws-training` stands twice"),
        ("presets = [\"aws-training\",", "presets = [\"nothing\",", "there is no preset `nothing`"),
        ("replaced-by = [\"ClaudeBot\",", "replaced-by = [\"Nobody\",", "`Nobody` replaces it but is not in the file"),
        ("source = \"https://commoncrawl.org/ccbot\"", "source = \"ccbot\"", "a source is an address"),
        ("read = 2026-11-23", "read = 2026-11-23T10:00:00Z", "is not a date"),
        ("robots = \"honours\"", "robot = \"honours\"", "unknown field"),
        ("[[preset]]", "[[preset", ""),
    ] {
        let message = parse(&changed(from, to)).unwrap_err().to_string();
        assert!(message.contains(expected), "{to}: {message}");
        let place = message.trim_start_matches("crawlers.toml:").split(':').next().unwrap_or_default();
        assert!(to == "default = false" || place.parse::<usize>().is_ok_and(|line| line > 1), "{to}: {message}");
    }
}

#[test]
fn a_preset_cannot_hold_what_a_site_depends_on() {
    for (token, expected) in [("Googlebot", "would hide the site"), ("Bytespider", "unproven or obsolete")] {
        let from = format!("token = \"{token}\"");
        let text = changed(&from, &format!("{from}\npresets = [\"ai-all\"]"));
        let message = parse(&text).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn the_documentation_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/website.md");
    let wanted = website_page(CrawlerCatalogue::embedded());
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "docs/website.md is stale: run this test with UPDATE_GENERATED=1");
}
