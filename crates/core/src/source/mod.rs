//! Texts that people wrote and the places in them: spans, line and column, problems with a remedy.
//!
//! Every reader of this crate (policy documents, snapshots, intents, settings files, robots.txt) reports what it
//! does not like as [`Problem`]s of one [`Source`], so that each message names file, line and column.

mod diff;
mod excerpt;
mod fields;
mod json;
mod nearest;
mod place;
mod problem;
mod shown;

pub use diff::unified;
pub use excerpt::excerpt;
pub(crate) use fields::MOST_PROBLEMS;
pub use fields::{Fields, Found, read_toml};
pub(crate) use json::{json_message, json_message_with_place, json_problem, quoted};
pub use nearest::nearest;
pub use place::{LineIndex, Position, Span};
pub use problem::{Problem, Rejected, Source};
pub(crate) mod markdown;
pub use shown::{shown, shown_json, shown_lines};
