//! Opt-out policies wherever they live, judged before AWS sees them: would AWS accept them, do they do what people
//! expect of them, and does the code around them put them where they hold?
//!
//! [`lint`] judges one document. [`lint_repository`] takes the files of a repository, finds policies in JSON, Terraform,
//! CloudFormation, CDK and scripts, and looks at them together: `read` makes values of texts, `facts` says what they
//! declare, `across` holds the rules about that, [`rule`] what each rule is for. Documents inside go through the same
//! judgement as files. [`json`], [`sarif`] and [`github`] are the machine forms.

mod across;
mod beside;
mod document;
mod facts;
mod finding;
pub mod fix;
mod form;
mod gather;
mod kind;
mod locks;
mod mend;
mod read;
mod repository;
pub mod rule;
mod rule_page;
mod rules;
mod show;
mod suppress;
mod values;

pub use document::{Checked, Lines, MOST_BYTES, lint, refused, too_large};
pub use finding::Finding;
pub use form::{FORMAT, Note, json};
pub use kind::{Kind, is_relevant};
pub use mend::fixed;
pub use repository::{Input, joined, lint_repository, references};
pub use rule_page::{explanation, page};
pub use show::{github, sarif};
pub use suppress::Suppressed;
