//! Plans as rules: named cases, and laws over random organizations and intents.

mod cases;
mod laws;
mod organizations;
mod what_ifs;
