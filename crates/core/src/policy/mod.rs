//! The declarative-policy language of AWS Organizations: text → document with places → inheritance → effective
//! document with reasons.
//!
//! - [`Json`] and [`Document`]: a policy's text as a tree with byte ranges; every problem of a text is reported.
//! - [`admit_ai_opt_out`]: what CreatePolicy accepts for AI services opt-out policies, with our own reasons.
//! - [`State`]: what holds at a target; [`State::below`] merges one more level into it, [`resolve`] a whole path.
//! - [`Effective`]: the document that a state means once a policy type's finishing rules are applied.
//!
//! It knows no AI service: the names that admission accepts come in as an argument. Tag, backup and chat applications
//! policies go through the same code; what differs between types is in one place, [`Dialect`].

mod admission;
mod dialect;
mod document;
mod effective;
mod json;
mod level;
mod merge;
mod node;
mod operator;
mod possible;
mod state;
mod steps;
mod trace;

pub use admission::{AI_OPT_OUT_LIMIT, Admission, admit_ai_opt_out, admit_ai_opt_out_value};
pub use dialect::Dialect;
pub use document::{Document, Entry, ValueAt};
pub use effective::{Effective, Setting};
pub use json::{Json, JsonKind, Member, characters, parse as parse_json};
pub use level::{Attached, Level, Order, could_depend_on_order};
pub use operator::{Controls, Operator};
pub use possible::Possible;
pub use state::{Permission, State, resolve};
pub use trace::{Cause, Effect, Limit, Rule, Step};
