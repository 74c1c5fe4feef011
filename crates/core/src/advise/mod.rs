//! Which way to opt an organization out: the decision tree, with what is known of the organization in hand.
//!
//! - [`Situation`]: what matters for the decision, each fact with its evidence; [`observe`] finds it in a snapshot,
//!   [`Answers`] say what nobody could read.
//! - [`LEAVES`]: the tree, as a table; the first leaf that certainly fits is the advice.
//! - [`advise`]: the method, why, what speaks against the others, the commands, and the questions that are open.
//!
//! What is not known is never guessed: leaves that might fit are named as questions.

mod advice;
mod answers;
mod evidence;
mod form;
mod leaf;
mod method;
mod observe;
mod page;
mod situation;
mod text;

pub use advice::{Advice, NOTES, Note, OpenQuestion, advise};
pub use answers::Answers;
pub use form::{FORMAT, json};
pub use leaf::{LEAVES, Leaf, Saved};
pub use method::Method;
pub use observe::observe;
pub use page::page;
pub use situation::{Belonging, Fact, Infrastructure, Role, Situation, Tools};
pub use text::render as text;
