//! Plans as rules: named cases, and laws over random organizations and intents.

mod cases;
mod laws;
pub(super) mod organizations;
mod what_ifs;
