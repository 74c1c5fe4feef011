//! What was found of sites, for people and machines. Nothing here decides anything.

mod json;
mod text;

pub use json::{FORMAT, render as json};
pub use text::render as text;

use super::check::{Caveat, Reading, Reason, SiteCheck};
use super::fetched::{Fetched, Outcome, Why};
use super::robots::Because;

/// One site, by the name it was asked for.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The address or the path of its robots.txt.
    pub name: String,
    /// What fetching it came to.
    pub fetched: Fetched,
    /// What it says.
    pub check: SiteCheck,
}

/// What fetching came to, in words.
fn outcome(fetched: &Fetched) -> String {
    let hops = match fetched.redirects.len() {
        0 => String::new(),
        1 => " after 1 redirect".to_owned(),
        many => format!(" after {many} redirects"),
    };
    match &fetched.outcome {
        Outcome::Text(bytes) => format!("{} bytes{hops}", bytes.len()),
        Outcome::Status(status) => format!("HTTP {status}{hops}"),
        Outcome::TooManyRedirects => "too many redirects".to_owned(),
        Outcome::Unreachable(why) => format!("no answer{hops}: {why}"),
        Outcome::NotAsked(why) => format!("not asked{hops}: {why}"),
        Outcome::Packed(why) => format!("not read{hops}: {why}"),
    }
}

/// Why a reading says what it says, in words.
fn because(reading: &Reading) -> String {
    if let Some(line) = &reading.decided_by {
        return format!("line {} `{}` for `{}`", line.line, line.text, line.agent);
    }
    match reading.reason {
        Reason::Text(Because::Rule) => "a rule",
        Reason::Text(Because::NoRuleMatches) => "no rule of its group matches",
        Reason::Text(Because::NoGroup) => "no group is for it",
        Reason::Text(Because::RobotsTxtItself) => "robots.txt itself may always be fetched",
        Reason::Misspelling => "a misspelled line, which some crawlers accept and others do not",
        Reason::OverLimit => "what lies after 500 KiB, which not every crawler reads",
        Reason::Fetch(why) => fetch_words(why),
    }
    .to_owned()
}

const fn fetch_words(why: Why) -> &'static str {
    match why {
        Why::Unavailable => "there is no robots.txt",
        Why::ServerFails => "the server fails",
        Why::NoAnswer => "no answer came",
        Why::Redirected => "the file was redirected, which Amazon's pages up to 2025 count as a failed fetch",
        Why::TooManyRedirects => "there are too many redirects",
        Why::UnexpectedStatus => "the status says nothing",
        Why::NotAsked => "the server was not asked",
        Why::Packed => "the answer could not be unpacked",
    }
}

const fn caveat(caveat: Caveat) -> &'static str {
    match caveat {
        Caveat::MayIgnoreRobots => "its vendor says that it may go past robots.txt",
        Caveat::RobotsUndocumented => "its vendor says nothing about robots.txt",
        Caveat::TokenUnproven => "its vendor's documentation was not found to name it",
        Caveat::TokenObsolete => "the token is obsolete",
        Caveat::OlderCopy => "it may use a copy of robots.txt for up to 30 days",
        Caveat::WhileItFails => "this holds only while the server fails",
    }
}
