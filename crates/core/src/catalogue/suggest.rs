//! The known key that a word was probably meant to be.

use super::{Catalogue, Service};
use crate::source;

/// The best guess, from the surest to the least sure: the key or the name but for capitals and separators, the first part of
/// a key of several parts, a slip of the fingers, the beginning of one key only.
pub(super) fn nearest<'c>(catalogue: &'c Catalogue, word: &str) -> Option<&'c str> {
    let wanted = bare(word);
    if wanted.is_empty() {
        return None;
    }
    let find =
        |is: &dyn Fn(&Service) -> bool| catalogue.entries().map(|(_, service)| service).find(|service| is(service));
    let service = find(&|service| bare(service.key.as_str()) == wanted)
        .or_else(|| find(&|service| bare(&service.name) == wanted))
        .or_else(|| find(&|service| first_part(service).is_some_and(|part| bare(part) == wanted)));
    service
        .map(|service| service.key.as_str())
        .or_else(|| slip(catalogue, word))
        .or_else(|| only_one(catalogue, &wanted))
}

fn first_part(service: &Service) -> Option<&str> {
    service.key.as_str().split_once("::").map(|(part, _)| part)
}

/// The only key that begins with `start`, of four letters at least.
fn only_one<'c>(catalogue: &'c Catalogue, start: &str) -> Option<&'c str> {
    let mut keys = catalogue.entries().map(|(_, service)| service.key.as_str()).filter(|key| key.starts_with(start));
    let first = keys.next().filter(|_| start.len() >= 4)?;
    keys.next().is_none().then_some(first)
}

fn slip<'c>(catalogue: &'c Catalogue, word: &str) -> Option<&'c str> {
    source::nearest(word, catalogue.entries().map(|(_, service)| service.key.as_str()))
}

/// Letters and digits only, small, without the maker's name in front.
fn bare(text: &str) -> String {
    let words = text.trim().chars().take(100).flat_map(char::to_lowercase).collect::<String>();
    let without_maker = ["amazon ", "aws ", "amazon-", "aws-"].iter().find_map(|maker| words.strip_prefix(maker));
    without_maker.unwrap_or(&words).chars().filter(|character| character.is_alphanumeric()).collect()
}
