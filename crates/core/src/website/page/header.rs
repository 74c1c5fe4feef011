//! `X-Robots-Tag` values: a list of directives, each run of which may begin with a crawler's name and a colon.
//!
//! <https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag> (read 2026-11-24): names and values
//! in any case; without a name the directives are for every crawler.

use super::{Carrier, Directive, listed};
use crate::website::robots::is_token_byte;

/// Directives that have a value of their own, so that what stands before their colon is no crawler.
const WITH_VALUE: [&str; 4] = ["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];

/// The directives of one header value, in order.
pub(super) fn directives(value: &str) -> Vec<Directive> {
    let mut agent: Option<String> = None;
    let mut found = Vec::new();
    for item in value.split(',') {
        let (named, list) = split_agent(item);
        if let Some(named) = named {
            agent = Some(named.to_lowercase());
        }
        found.extend(listed(list, agent.as_deref(), Carrier::Header));
    }
    found
}

/// A crawler's name before the directive, and the directive.
fn split_agent(item: &str) -> (Option<&str>, &str) {
    let Some((before, after)) = item.split_once(':') else { return (None, item) };
    let name = before.trim();
    let is_name = !name.is_empty() && name.bytes().all(is_token_byte);
    if is_name && !WITH_VALUE.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        (Some(name), after)
    } else {
        (None, item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> Vec<String> {
        let show = |found: &Directive| {
            let agent = found.agent.as_deref().unwrap_or("*");
            format!("{agent} {} {}", found.name, found.value.as_deref().unwrap_or("-"))
        };
        directives(value).iter().map(show).collect()
    }

    #[test]
    fn a_name_speaks_for_the_directives_up_to_the_next_name() {
        assert_eq!(shown("NoArchive, noindex"), ["* noarchive -", "* noindex -"]);
        let expected = ["amazonbot noarchive -", "amazonbot noindex -", "googlebot nofollow -"];
        assert_eq!(shown("Amazonbot: noarchive,noindex, googlebot: nofollow"), expected);
    }

    #[test]
    fn values_with_colons_are_not_names() {
        let expected = ["* unavailable_after 25 Jun 2010 15:00:00 PST", "* max-snippet 0"];
        assert_eq!(shown("unavailable_after: 25 Jun 2010 15:00:00 PST, max-snippet:0"), expected);
        assert_eq!(shown("otherbot: max-snippet:0"), ["otherbot max-snippet 0"]);
    }

    #[test]
    fn nonsense_yields_nothing_or_unknown_words() {
        assert_eq!(shown(""), Vec::<String>::new());
        assert_eq!(shown(",,: ,"), ["*  "]);
    }
}
