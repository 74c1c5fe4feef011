//! A fresh robots.txt for a preset.

use std::fmt::Write as _;

use super::change::group_lines;
use crate::website::crawler::{CrawlerCatalogue, Preset};

/// A robots.txt that keeps the crawlers of `preset` out and lets everybody else in, with a comment for each crawler.
#[must_use]
pub fn generate(preset: &Preset, catalogue: &CrawlerCatalogue) -> String {
    let mut out = format!("# {}.\n# {}\n#\n", preset.title, preset.about);
    for crawler in catalogue.of_preset(preset) {
        let _ = writeln!(out, "# {} ({}): {}", crawler.token, crawler.vendor, crawler.about);
    }
    let tokens: Vec<&str> = catalogue.of_preset(preset).map(|crawler| crawler.token.as_str()).collect();
    out.push('\n');
    for line in group_lines(&tokens, &preset.name) {
        let _ = writeln!(out, "{line}");
    }
    out.push_str("\nUser-agent: *\nDisallow:\n");
    out
}
