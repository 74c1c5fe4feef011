//! Directives of pages, `X-Robots-Tag` and meta robots: headers and HTML of any kind; the same text in other places says the same.

use optout_core::website::crawler::CrawlerCatalogue;
use optout_core::website::page::{Carrier, Page, instructions};

use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    let (header, html) = source.text.split_once('\n').unwrap_or((&source.text, ""));
    let page = Page { path: "/".to_owned(), x_robots_tag: vec![header.to_owned()], html: html.to_owned() };
    let (directives, catalogue) = (page.directives(), CrawlerCatalogue::embedded());
    for directive in &directives {
        assert!(!directive.name.is_empty() || directive.value.is_some());
        if let Carrier::Meta(at) = directive.carrier {
            assert!(html.get(at..).is_some_and(|rest| rest.starts_with('<')), "no tag begins at {at}");
        }
    }
    let parts = |header: &str, html: &str| {
        let page = Page { path: "/".to_owned(), x_robots_tag: vec![header.to_owned()], html: html.to_owned() };
        page.directives().len()
    };
    assert_eq!(directives.len(), parts(header, "") + parts("", html), "the header and the page are read apart");
    for crawler in &catalogue.crawlers {
        for instruction in instructions(&directives, crawler, catalogue) {
            let agent = instruction.directive.agent.as_ref();
            assert!(agent.is_none_or(|agent| agent.eq_ignore_ascii_case(&crawler.token)));
        }
    }
}
