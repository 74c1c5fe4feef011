//! Lists that come in pages: every page is read, also after an empty one; nothing that was read is lost.

use std::collections::HashSet;
use std::future::Future;

use aws_sdk_organizations::config::http::HttpResponse;
use aws_sdk_organizations::error::{ProvideErrorMetadata, SdkError};

use super::{Failure, FailureKind, Purpose, Requests};
use crate::pace::Operation;

/// Pages without an item, one after another, after which a list counts as broken.
const EMPTY_PAGES: usize = 1_000;
/// How often a list is begun anew because its token was not accepted any more.
const RESTARTS: usize = 2;

/// What was read of a list, and why it ended before its end.
#[derive(Debug)]
pub(crate) struct Listing<T> {
    /// The items, in order.
    pub(crate) items: Vec<T>,
    /// Why the list is not complete.
    pub(crate) failure: Option<Failure>,
}

impl<T> Listing<T> {
    /// The items of a complete list.
    pub(crate) fn complete(self) -> Result<Vec<T>, Failure> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.items),
        }
    }
}

/// Where a list is.
struct Place {
    token: Option<String>,
    seen: HashSet<String>,
    empty: usize,
}

impl Place {
    fn start() -> Self {
        Self { token: None, seen: HashSet::new(), empty: 0 }
    }

    /// Goes on to the page of `token`: whether there is one; `Err` where the list cannot come to an end.
    fn turn(&mut self, items: usize, token: Option<String>) -> Result<bool, &'static str> {
        self.empty = if items == 0 { self.empty + 1 } else { 0 };
        // AWS refuses an empty token, so it can only mean the end.
        self.token = token.filter(|token| !token.is_empty());
        match &self.token {
            None => Ok(false),
            Some(token) if !self.seen.insert(token.clone()) => Err("the same token for the next page came twice"),
            Some(_) if self.empty >= EMPTY_PAGES => Err("too many empty pages one after another"),
            Some(_) => Ok(true),
        }
    }
}

impl Requests<'_> {
    /// Reads a list to its end: `send` fetches the page of a token, `take` takes its items and the next token.
    pub(crate) async fn pages<T, O, E, F, Fut>(
        &self,
        operation: Operation,
        purpose: Purpose,
        send: F,
        take: impl Fn(O) -> (Vec<T>, Option<String>),
    ) -> Listing<T>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        F: Fn(Option<String>) -> Fut,
        Fut: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    {
        let (mut place, mut items, mut restarts) = (Place::start(), Vec::new(), 0);
        loop {
            let token = place.token.clone();
            match self.call(operation, purpose, || send(token.clone())).await {
                Err(failure) if place.token.is_some() && is_stale(&failure) && restarts < RESTARTS => {
                    restarts += 1;
                    (place, items) = (Place::start(), Vec::new());
                }
                Err(failure) => return Listing { items, failure: Some(failure) },
                Ok(page) => {
                    let (mut new, token) = take(page);
                    let turned = place.turn(new.len(), token);
                    items.append(&mut new);
                    match turned {
                        Ok(true) => {}
                        Ok(false) => return Listing { items, failure: None },
                        Err(why) => {
                            let failure = Failure::new(operation, FailureKind::Malformed, why);
                            return Listing { items, failure: Some(failure) };
                        }
                    }
                }
            }
        }
    }
}

/// Whether AWS does not accept the token of the next page.
fn is_stale(failure: &Failure) -> bool {
    failure.is("InvalidNextTokenException")
        || failure.is("InvalidInputException") && failure.message.to_ascii_lowercase().contains("nexttoken")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_page_with_a_token_is_not_the_end() {
        let mut place = Place::start();
        assert_eq!(place.turn(0, Some("a".into())), Ok(true));
        assert_eq!(place.turn(20, Some("b".into())), Ok(true));
        assert_eq!(place.turn(0, None), Ok(false));
    }

    #[test]
    fn an_empty_token_is_the_end() {
        assert_eq!(Place::start().turn(3, Some(String::new())), Ok(false));
    }

    #[test]
    fn lists_in_a_circle_and_endless_empty_ones_are_left() {
        let mut circle = Place::start();
        assert_eq!(circle.turn(1, Some("a".into())), Ok(true));
        assert!(circle.turn(1, Some("a".into())).is_err());
        let mut place = Place::start();
        let turns = (0..).map(|page| place.turn(0, Some(page.to_string()))).take_while(Result::is_ok);
        assert_eq!(turns.count(), EMPTY_PAGES - 1);
    }
}
