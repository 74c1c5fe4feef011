//! Why an opt-out does not do what somebody expects: every diagnosis, the ones that apply and the ones that do not.
//!
//! - [`Complaint`]: what somebody asks about: an account, a service, a symptom.
//! - [`Patient`]: the verdicts of that, with what is attached on the way to each account.
//! - [`diagnoses`]: one file a diagnosis, listed in one table, each from an observation to a conclusion.
//! - [`examine`] runs the table; an [`Examination`] says what it is, what it is not, and what could not be told.
//!
//! It never repairs anything: it names the command that does.

mod command;
pub mod diagnoses;
mod diagnosis;
mod examination;
mod form;
mod page;
mod patient;
mod symptom;
mod text;

pub use command::{PLACEHOLDERS, Places};
pub use diagnosis::{Case, Confidence, Diagnosis, Ground, Missing, Opinion};
pub use examination::{Examination, Standing, examine};
pub use form::{FORMAT, json};
pub use page::page;
pub use patient::{Alike, Asked, Complaint, Patient};
pub use symptom::Symptom;
pub use text::render as text;
