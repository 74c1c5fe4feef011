//! Public websites: which crawlers may fetch a page, and how to tell those that train models to stay away.
//!
//! A robots.txt ([`robots`]) is asked for every crawler of the catalogue ([`crawler`]); what fetching it came to is a
//! value ([`fetched`]), read as RFC 9309 and as Amazon documents it. [`page`] reads what single pages say, [`check`]
//! joins all of it into verdicts, [`edit`] proposes a changed file.

pub mod check;
pub mod crawler;
pub mod document;
pub mod edit;
pub mod fetched;
pub mod page;
pub mod report;
pub mod robots;
