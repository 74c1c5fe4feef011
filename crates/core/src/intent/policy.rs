//! `[policy]` of an intent: name, description and tags, as far as AWS takes them.

use std::collections::BTreeMap;

use super::{PolicyWish, RESERVED_TAG_PREFIX};
use crate::source::{Fields, Found, Problem};

/// The policy's name where the intent gives none.
pub(super) const DEFAULT_NAME: &str = "ai-services-opt-out";
/// The policy's description where the intent gives none.
pub(super) const DEFAULT_DESCRIPTION: &str = "Opts every account out of the use of its content by AWS AI services";

/// The most characters of a name and of a description. Source: botocore 1.44.5, `PolicyName`, `PolicyDescription`.
const NAME_LIMIT: usize = 128;
const DESCRIPTION_LIMIT: usize = 512;
/// Source: botocore 1.44.5, `TagKey`, `TagValue`;
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html> (50 tags, of which we use some).
const TAG_KEY_LIMIT: usize = 128;
const TAG_VALUE_LIMIT: usize = 256;
const TAGS_LIMIT: usize = 45;

/// The policy where the intent says nothing of it.
pub(super) fn default_policy() -> PolicyWish {
    PolicyWish { name: DEFAULT_NAME.into(), description: DEFAULT_DESCRIPTION.into(), tags: BTreeMap::new() }
}

/// The table `[policy]`.
pub(super) fn policy(mut fields: Fields<'_>) -> PolicyWish {
    let default = default_policy();
    let name = fields.optional_text("name");
    let description = fields.optional_text("description");
    let tags = fields.optional_table("tags").map_or_else(BTreeMap::new, |tags| read_tags(&tags));
    fields.finish();
    let name = limited(&fields, "a policy's name", NAME_LIMIT, name);
    let description = limited(&fields, "a policy's description", DESCRIPTION_LIMIT, description);
    PolicyWish { name: name.unwrap_or(default.name), description: description.unwrap_or(default.description), tags }
}

fn limited(fields: &Fields<'_>, what: &str, limit: usize, found: Option<Found<&str>>) -> Option<String> {
    let found = found?;
    let length = found.value.chars().count();
    if length > limit {
        let message = format!("{what} has at most {limit} characters, this has {length}");
        fields.note(Problem::new("intent-too-long", message).at(found.span).help("shorten it"));
    }
    Some(found.value.to_owned())
}

fn read_tags(fields: &Fields<'_>) -> BTreeMap<String, String> {
    let entries = fields.entries();
    if entries.len() > TAGS_LIMIT {
        let message = format!("{} tags are more than the {TAGS_LIMIT} that can be given here", entries.len());
        fields
            .note(Problem::new("intent-tags", message).at(fields.span()).help("AWS allows 50, of which some are ours"));
    }
    let tag = |(key, value): (Found<&str>, Found<&str>)| {
        check_tag_key(fields, key);
        check_tag_characters(fields, "key", key);
        check_tag_characters(fields, "value", value);
        let value = limited(fields, "a tag's value", TAG_VALUE_LIMIT, Some(value))?;
        Some((limited(fields, "a tag's key", TAG_KEY_LIMIT, Some(key))?, value))
    };
    entries.into_iter().filter_map(tag).collect()
}

fn check_tag_key(fields: &Fields<'_>, key: Found<&str>) {
    let lower = key.value.to_ascii_lowercase();
    if let Some(prefix) = ["aws:", RESERVED_TAG_PREFIX].into_iter().find(|prefix| lower.starts_with(prefix)) {
        let message = format!("tags that begin with `{prefix}` cannot be set here");
        fields.note(Problem::new("intent-tags", message).at(key.span).help("choose another key"));
    }
}

/// AWS refuses other characters with the whole call: `^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`. What is alphabetic and no letter (`\p{L}`),
/// as the vowel signs of some scripts, is left to AWS.
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Tag.html>; botocore 1.43.11, `TagKey`, `TagValue`; read 2026-11-24.
fn check_tag_characters(fields: &Fields<'_>, what: &str, found: Found<&str>) {
    let allowed = |it: char| it.is_alphanumeric() || is_separator(it) || "_.:/=+-@".contains(it);
    let mut refused: Vec<char> = found.value.chars().filter(|it| !allowed(*it)).collect();
    refused.sort_unstable();
    refused.dedup();
    if refused.is_empty() {
        return;
    }
    let shown: Vec<String> = refused.iter().take(8).map(|it| format!("`{}`", it.escape_debug())).collect();
    let message = format!("AWS takes no {} in a tag's {what}", shown.join(" "));
    let help = "a tag has letters, digits, blanks, and `_ . : / = + - @`";
    fields.note(Problem::new("intent-tags", message).at(found.span).help(help));
}

/// `\p{Z}`: blanks of all widths, and the separators of lines and paragraphs; no control character.
const fn is_separator(it: char) -> bool {
    matches!(
        it,
        ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}
