//! Directives of pages: headers and HTML of any kind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use optout_core::website::crawler::CrawlerCatalogue;
use optout_core::website::page::{Page, instructions};

fuzz_target!(|text: &str| {
    let (header, html) = text.split_once('\n').unwrap_or((text, ""));
    let page = Page { path: "/".to_owned(), x_robots_tag: vec![header.to_owned()], html: html.to_owned() };
    let (directives, catalogue) = (page.directives(), CrawlerCatalogue::embedded());
    for crawler in &catalogue.crawlers {
        let _ = instructions(&directives, crawler, catalogue);
    }
});
