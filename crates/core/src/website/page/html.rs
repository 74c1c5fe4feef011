//! Robots meta tags of an HTML text, found by a small scanner that accepts anything and reads each byte once.
//!
//! Comments and the contents of scripts, styles and other raw text are skipped, as a browser would.

use super::{Carrier, Directive, listed};
use crate::website::robots::is_token_byte;

/// Elements whose content is text up to their end tag.
const RAW_TEXT: [&str; 8] = ["script", "style", "title", "textarea", "template", "xmp", "iframe", "noembed"];

/// Names of meta tags that are no crawler's.
const NOT_CRAWLERS: [&str; 12] = [
    "viewport",
    "description",
    "keywords",
    "author",
    "generator",
    "referrer",
    "theme-color",
    "color-scheme",
    "application-name",
    "google",
    "format-detection",
    "charset",
];

/// The directives of all robots meta tags, in the order of the text.
pub(super) fn directives(text: &str) -> Vec<Directive> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let after = rest.get(at.saturating_add(1)..).unwrap_or_default();
        rest = skip(text, after, &mut found);
    }
    found
}

/// Reads the construct after a `<` and returns what follows it.
fn skip<'a>(text: &str, after: &'a str, found: &mut Vec<Directive>) -> &'a str {
    if let Some(comment) = after.strip_prefix("!--") {
        return comment.find("-->").and_then(|end| comment.get(end.saturating_add(3)..)).unwrap_or_default();
    }
    let name_length = after.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, inside) = after.split_at_checked(name_length).unwrap_or(("", after));
    if name.is_empty() && !after.starts_with('/') {
        return after;
    }
    let (attributes, behind) = attributes(inside.trim_start_matches('/'));
    if name.eq_ignore_ascii_case("meta") {
        let start = text.len().saturating_sub(after.len()).saturating_sub(1);
        found.extend(robots_meta(&attributes, start));
    }
    match RAW_TEXT.iter().find(|raw| raw.eq_ignore_ascii_case(name)) {
        Some(raw) => after_end_tag(behind, raw),
        None => behind,
    }
}

/// What follows the end tag of a raw text element; nothing where it never ends.
fn after_end_tag<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = rest.get(at.saturating_add(2)..).unwrap_or_default();
        if rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return rest;
        }
    }
    ""
}

/// The attributes of a tag up to its `>`, and what follows it. Of equal names the first counts, as in HTML.
fn attributes(text: &str) -> (Vec<(&str, &str)>, &str) {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|character: char| character.is_ascii_whitespace() || character == '/');
        if let Some(behind) = rest.strip_prefix('>') {
            return (found, behind);
        }
        let ends_name = |character: char| character.is_ascii_whitespace() || matches!(character, '=' | '>' | '/');
        let length = rest.find(ends_name).unwrap_or(rest.len()).max(usize::from(rest.starts_with('=')));
        let Some((name, behind)) = rest.split_at_checked(length).filter(|_| length > 0) else { return (found, "") };
        let (value, behind) = value(behind);
        found.push((name, value));
        rest = behind;
    }
}

/// The value after an attribute's name, empty where there is none, and what follows it.
fn value(text: &str) -> (&str, &str) {
    let Some(after) = text.trim_start().strip_prefix('=') else { return ("", text) };
    let after = after.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = after.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    let end = after.find(|character: char| character.is_ascii_whitespace() || character == '>').unwrap_or(after.len());
    after.split_at_checked(end).unwrap_or((after, ""))
}

fn robots_meta(attributes: &[(&str, &str)], start: usize) -> Vec<Directive> {
    let of = |wanted: &str| {
        attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
    };
    let (Some(name), Some(content)) = (of("name"), of("content")) else { return Vec::new() };
    let is_token = !name.is_empty() && name.bytes().all(is_token_byte);
    if !is_token || NOT_CRAWLERS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Vec::new();
    }
    let is_robots = name.eq_ignore_ascii_case("robots");
    let agent = if is_robots { None } else { Some(name) };
    let listed = listed(content, agent, Carrier::Meta(start));
    listed.filter(|directive| is_robots || is_robots_word(&directive.name)).collect()
}

/// Whether a word is a robots directive: the test for tags named after a crawler, since any word may name a tag.
fn is_robots_word(name: &str) -> bool {
    const WORDS: [&str; 17] = [
        "all",
        "none",
        "index",
        "noindex",
        "follow",
        "nofollow",
        "noarchive",
        "nocache",
        "nosnippet",
        "noimageindex",
        "notranslate",
        "indexifembedded",
        "unavailable_after",
        "max-snippet",
        "max-image-preview",
        "max-video-preview",
        "noai",
    ];
    WORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |found: &Directive| format!("{} {}", found.agent.as_deref().unwrap_or("*"), found.name);
        directives(text).iter().map(show).collect()
    }

    #[test]
    fn names_and_contents_are_read_in_any_order_case_and_quoting() {
        assert_eq!(shown("<META CONTENT='NOARCHIVE, noindex' NAME=ROBOTS>"), ["* noarchive", "* noindex"]);
        assert_eq!(
            shown("<meta name=\"robots\" content=\"none\"/><meta name=amazonbot content=noarchive>"),
            ["* none", "amazonbot noarchive"]
        );
        assert_eq!(shown("<meta\n name = \"robots\"\n content = noarchive >"), ["* noarchive"]);
    }

    #[test]
    fn comments_and_raw_text_hold_no_tags() {
        let tag = "<meta name=robots content=noarchive>";
        for text in [
            format!("<!-- {tag} -->"),
            format!("<script>\"{tag}\"</script>"),
            format!("<STYLE>{tag}</style >"),
            format!("<textarea>{tag}"),
            format!("<!-- {tag}"),
            format!("<p title='{tag}'>"),
        ] {
            assert_eq!(shown(&text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(shown(&format!("<script>a</script>{tag}")), ["* noarchive"]);
    }

    #[test]
    fn other_meta_tags_are_not_crawlers() {
        let text =
            "<meta name=viewport content='all'><meta name=foo content='bar, noindex'><meta property=og content=none>";
        assert_eq!(shown(text), ["foo noindex"]);
    }

    #[test]
    fn the_first_of_two_equal_attributes_counts() {
        assert_eq!(shown("<meta name=robots content=none content=all>"), ["* none"]);
    }
}
