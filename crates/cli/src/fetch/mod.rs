//! Fetches a robots.txt or a page, politely and within bounds: time, size, redirects, public addresses only.
//!
//! What it comes to is a value of `optout_core::website`; nothing here judges. No proxy is used: through one it could
//! not be checked where a request goes.

mod address;
mod client;

use std::time::{Duration, Instant};

use optout_core::website::fetched::{Fetched, Outcome, Redirect};
use optout_core::website::page::Page;
use url::Url;

use crate::error::Error;
use client::{Answer, Client, Refusal};

/// For one file with all its redirects.
const PATIENCE: Duration = Duration::from_secs(20);

/// RFC 9309 §2.3.1.2: at least five consecutive redirects are followed.
const MOST_REDIRECTS: usize = 5;

/// Fetches files one after another.
#[derive(Debug)]
pub(crate) struct Fetcher {
    client: Client,
}

/// A chain of redirects and its end.
struct Chain {
    redirects: Vec<Redirect>,
    end: End,
}

enum End {
    Answer(Answer),
    TooMany,
    Refused(Refusal),
}

impl Fetcher {
    /// A fetcher; with `private` addresses of this machine and its network are asked too.
    pub(crate) fn new(private: bool) -> Self {
        Self { client: Client::new(private) }
    }

    /// What fetching the robots.txt at `url` comes to.
    pub(crate) fn robots(&self, url: &Url) -> Fetched {
        let chain = self.follow(url.clone());
        let outcome = match chain.end {
            End::Answer(answer) if (200..300).contains(&answer.status) => Outcome::Text(answer.body),
            End::Answer(answer) => Outcome::Status(answer.status),
            End::TooMany => Outcome::TooManyRedirects,
            End::Refused(Refusal::NoAnswer(why)) => Outcome::Unreachable(why),
            End::Refused(Refusal::NotAsked(why)) => Outcome::NotAsked(why),
            End::Refused(Refusal::Packed(why)) => Outcome::Packed(why),
        };
        Fetched { redirects: chain.redirects, outcome }
    }

    /// The page at `url`.
    pub(crate) fn page(&self, url: &Url) -> Result<Page, Error> {
        let failed =
            |why: &str| Error::failed(format!("cannot fetch `{url}`: {why}"), "save the page and name the file");
        match self.follow(url.clone()).end {
            End::Answer(answer) if (200..300).contains(&answer.status) => Ok(Page {
                path: path_of(url),
                x_robots_tag: answer.x_robots_tag,
                html: String::from_utf8_lossy(&answer.body).into_owned(),
            }),
            End::Answer(answer) => Err(failed(&format!("HTTP {}", answer.status))),
            End::TooMany => Err(failed("too many redirects")),
            End::Refused(Refusal::NoAnswer(why) | Refusal::NotAsked(why) | Refusal::Packed(why)) => Err(failed(&why)),
        }
    }

    fn follow(&self, mut url: Url) -> Chain {
        let (ends, mut redirects) = (Instant::now() + PATIENCE, Vec::new());
        loop {
            let answer = match self.client.get(&url, ends.saturating_duration_since(Instant::now())) {
                Ok(answer) => answer,
                Err(refusal) => return Chain { redirects, end: End::Refused(refusal) },
            };
            let Some(location) = answer.location.clone().filter(|_| is_redirect(answer.status)) else {
                return Chain { redirects, end: End::Answer(answer) };
            };
            redirects.push(Redirect { status: answer.status, location: location.clone() });
            if redirects.len() > MOST_REDIRECTS {
                return Chain { redirects, end: End::TooMany };
            }
            url = match url.join(&location) {
                Ok(next) => next,
                Err(_) => {
                    let why = format!("a redirect leads to `{location}`, which is no address");
                    return Chain { redirects, end: End::Refused(Refusal::NoAnswer(why)) };
                }
            };
        }
    }
}

const fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// The path with its query, as crawlers compare it.
pub(crate) fn path_of(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}
