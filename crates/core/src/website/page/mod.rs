//! What a single page tells crawlers: `X-Robots-Tag` headers and robots meta tags.
//!
//! Neither keeps a crawler from fetching; each is an instruction for what was fetched. Which vendor documents which
//! directive, and what it does there, is data ([`CrawlerCatalogue::page_directive`]).

mod header;
mod html;

use super::crawler::{Crawler, CrawlerCatalogue, PageDirective};

/// A page as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its path, as asked for.
    pub path: String,
    /// The values of its `X-Robots-Tag` headers, each as it came.
    pub x_robots_tag: Vec<String>,
    /// Its HTML text; empty where there is none.
    pub html: String,
}

/// One directive found on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Its name in lower case, such as `noarchive`, without a value.
    pub name: String,
    /// What stands after its colon, such as a date or a number.
    pub value: Option<String>,
    /// Whom it speaks to: a product token in lower case; `None` for every crawler.
    pub agent: Option<String>,
    /// Where it stands.
    pub carrier: Carrier,
}

/// Where a directive stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// In an `X-Robots-Tag` header.
    Header,
    /// In a robots meta tag; the byte where the tag begins.
    Meta(usize),
}

/// A directive that speaks to a crawler, with what its vendor documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction<'a> {
    /// The directive.
    pub directive: &'a Directive,
    /// What the vendor documents; `None` where nothing was found.
    pub documented: Option<&'a PageDirective>,
    /// Whether it also stands where the vendor documents it: a meta tag named `robots`.
    pub in_documented_place: bool,
}

impl Page {
    /// Every directive, those of headers first, in the order they stand.
    #[must_use]
    pub fn directives(&self) -> Vec<Directive> {
        let headers = self.x_robots_tag.iter().flat_map(|value| header::directives(value));
        headers.chain(html::directives(&self.html)).collect()
    }
}

/// The directives that speak to `crawler`: those for everybody and those that name it.
#[must_use]
pub fn instructions<'a>(
    directives: &'a [Directive],
    crawler: &Crawler,
    catalogue: &'a CrawlerCatalogue,
) -> Vec<Instruction<'a>> {
    let speaks = |directive: &&Directive| match &directive.agent {
        None => true,
        Some(agent) => agent.eq_ignore_ascii_case(&crawler.token),
    };
    let instruct = |directive: &'a Directive| Instruction {
        directive,
        documented: catalogue.page_directive(&crawler.vendor, &directive.name),
        in_documented_place: directive.agent.is_none() && matches!(directive.carrier, Carrier::Meta(_)),
    };
    directives.iter().filter(speaks).map(instruct).collect()
}

/// Splits a comma-separated list of directives into names and values.
fn listed(list: &str, agent: Option<&str>, carrier: Carrier) -> impl Iterator<Item = Directive> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty()).map(move |item| {
        let (name, value) = match item.split_once(':') {
            Some((name, value)) => (name.trim(), Some(value.trim().to_owned())),
            None => (item, None),
        };
        Directive { name: name.to_lowercase(), value, agent: agent.map(str::to_lowercase), carrier }
    })
}
