//! Pages of a list: at most 20 items, opaque tokens, and empty pages that have a token all the same.
//!
//! A token names the last key that was given out, not a position: what moves between two pages neither hides nor
//! repeats another item, unless it moves across the key.

use std::ops::Bound;

use serde_json::{Map, Value};

use crate::error::{self, ApiError};
use crate::input::Input;

/// The most items AWS Organizations puts on a page (botocore 1.44.5, `MaxResults`).
pub const LARGEST_PAGE: u32 = 20;

/// How lists are cut into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// Items on a page, from 1 to 20, even where the caller asks for more.
    pub size: u32,
    /// Every how many pages one is empty with a token; `None`: never. 1 counts as 2, or no list would end.
    pub empty_every: Option<u32>,
}

impl Default for Pages {
    fn default() -> Self {
        Self { size: LARGEST_PAGE, empty_every: None }
    }
}

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageRequest {
    scope: u64,
    number: u32,
    after: Option<String>,
    size: usize,
    empty: bool,
}

impl PageRequest {
    /// Reads `MaxResults` and `NextToken`.
    pub(crate) fn read(operation: &str, input: &Input, pages: Pages) -> Result<Self, ApiError> {
        let size = page_size(input.number("MaxResults")?, pages)?;
        let scope = hash(&format!("{operation}\n{}", input.without_paging()));
        let (number, after) = match input.text("NextToken")? {
            None => (1, None),
            Some(token) => open(token, scope).ok_or_else(error::invalid_next_token)?,
        };
        let empty = pages.empty_every.is_some_and(|every| number.is_multiple_of(every.max(2)));
        Ok(Self { scope, number, after, size, empty })
    }

    /// Where the page begins, for a range over ordered keys. A key of another form cannot come from a token of ours.
    pub(crate) fn start<K: std::str::FromStr>(&self) -> Result<Bound<K>, ApiError> {
        match &self.after {
            None => Ok(Bound::Unbounded),
            Some(key) => key.parse().map(Bound::Excluded).map_err(|_| error::invalid_next_token()),
        }
    }

    /// Cuts the page out of the items from its start on. `key` names an item.
    pub(crate) fn cut<T>(&self, items: impl Iterator<Item = T>, key: impl Fn(&T) -> String) -> Page<T> {
        if self.empty {
            return Page { items: Vec::new(), next: Some(self.token(self.after.as_deref().unwrap_or_default())) };
        }
        let mut items: Vec<T> = items.take(self.size.saturating_add(1)).collect();
        let more = items.len() > self.size;
        items.truncate(self.size);
        let next = items.last().filter(|_| more).map(|last| self.token(&key(last)));
        Page { items, next }
    }

    /// Cuts the page out of a short list, by position.
    pub(crate) fn cut_list<T>(&self, items: Vec<T>) -> Result<Page<T>, ApiError> {
        let skip = match self.start::<usize>()? {
            Bound::Excluded(last) | Bound::Included(last) => last.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let page = self.cut(items.into_iter().enumerate().skip(skip), |(position, _)| position.to_string());
        Ok(Page { items: page.items.into_iter().map(|(_, item)| item).collect(), next: page.next })
    }

    fn token(&self, after: &str) -> String {
        seal(self.scope, self.number.saturating_add(1), after)
    }
}

/// One page.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    next: Option<String>,
}

impl<T> Page<T> {
    /// The answer: the items under `name`, and the token where there is one.
    pub(crate) fn answer(self, name: &str, show: impl FnMut(T) -> Value) -> Value {
        let mut fields = Map::new();
        fields.insert(name.to_owned(), self.items.into_iter().map(show).collect());
        if let Some(token) = self.next {
            fields.insert("NextToken".to_owned(), Value::String(token));
        }
        Value::Object(fields)
    }
}

fn page_size(asked: Option<i64>, pages: Pages) -> Result<usize, ApiError> {
    let own = pages.size.clamp(1, LARGEST_PAGE);
    let size = match asked {
        None => own,
        Some(number) if number < 1 => return Err(error::too_small("MaxResults")),
        Some(number) => u32::try_from(number).ok().filter(|it| *it <= LARGEST_PAGE).ok_or_else(too_many)?.min(own),
    };
    Ok(usize::try_from(size).unwrap_or(1))
}

fn too_many() -> ApiError {
    error::too_large("MaxResults")
}

/// FNV-1a: to recognise one's own tokens, not to keep anyone from making them.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn seal(scope: u64, number: u32, after: &str) -> String {
    let plain = format!("{scope:016x}{number:08x}{after}");
    let check = hash(&plain);
    format!("{check:016x}{plain}").bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn open(token: &str, scope: u64) -> Option<(u32, Option<String>)> {
    let bytes: Option<Vec<u8>> = token.as_bytes().chunks(2).map(hex_byte).collect();
    let text = String::from_utf8(bytes?).ok()?;
    let (check, plain) = text.split_at_checked(16)?;
    let (own_scope, rest) = plain.split_at_checked(16)?;
    let (number, after) = rest.split_at_checked(8)?;
    let genuine = u64::from_str_radix(check, 16) == Ok(hash(plain)) && u64::from_str_radix(own_scope, 16) == Ok(scope);
    let number = u32::from_str_radix(number, 16).ok().filter(|_| genuine)?;
    Some((number, Some(after.to_owned()).filter(|key| !key.is_empty())))
}

fn hex_byte(pair: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|text| text.len() == 2)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(token: Option<&str>, pages: Pages) -> Result<PageRequest, ApiError> {
        let body = match token {
            None => "{}".to_owned(),
            Some(token) => format!("{{\"NextToken\":\"{token}\"}}"),
        };
        PageRequest::read("ListAccounts", &Input::parse(body.as_bytes())?, pages)
    }

    fn walk(count: usize, pages: Pages) -> Vec<Vec<usize>> {
        let mut seen = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let page = request(token.as_deref(), pages).unwrap().cut_list((0..count).collect()).unwrap();
            seen.push(page.items);
            token = page.next;
            if token.is_none() {
                return seen;
            }
        }
    }

    #[test]
    fn pages_hold_twenty_and_the_last_has_no_token() {
        let sizes: Vec<usize> = walk(45, Pages::default()).iter().map(Vec::len).collect();
        assert_eq!(sizes, [20, 20, 5]);
        assert_eq!(walk(40, Pages::default()).len(), 2);
        assert_eq!(walk(0, Pages::default()), [Vec::<usize>::new()]);
    }

    #[test]
    fn empty_pages_have_a_token_and_lose_nothing() {
        let seen = walk(5, Pages { size: 2, empty_every: Some(2) });
        assert_eq!(seen, [vec![0, 1], vec![], vec![2, 3], vec![], vec![4]]);
        assert_eq!(walk(5, Pages { size: 2, empty_every: Some(1) }).concat(), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_token_serves_only_the_request_it_came_from() {
        let page = request(None, Pages::default()).unwrap().cut_list((0..30).collect()).unwrap();
        let token = page.next.unwrap();
        let other = format!("{{\"NextToken\":\"{token}\",\"ParentId\":\"r-acme\"}}");
        let other = Input::parse(other.as_bytes()).unwrap();
        assert_eq!(PageRequest::read("ListAccounts", &other, Pages::default()), Err(error::invalid_next_token()));
        for wrong in ["", "invalid", "zz", &token.replace('3', "4")] {
            assert_eq!(request(Some(wrong), Pages::default()), Err(error::invalid_next_token()), "{wrong}");
        }
    }
}
