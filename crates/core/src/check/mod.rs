//! What a snapshot means: the verdict of every account × service, the locks, and the controls that do not hold.
//!
//! - [`Keys`]: the services in question, as small numbers.
//! - [`Reading`]: what an effective document says for each of them.
//! - [`Computed`]: our own answer for each chain of accounts, with the locks.
//! - [`Assessment`]: AWS's answers and ours joined into verdicts, each with its basis.
//! - [`controls`]: one file a control, listed in one table; [`findings`] runs them.
//! - [`decide`]: what a program should make of it all.

mod admit;
mod assessment;
mod computed;
pub mod controls;
mod decision;
mod delegation;
mod documents;
mod exception;
mod finding;
mod joining;
mod judging;
mod keys;
mod lock;
mod need;
mod reading;
mod states;
mod verdict;

pub use admit::{admit, admit_value};
pub use assessment::{AccountResult, Assessment, Question, assess};
pub use computed::{Computed, Decider, Group, Uncomputed};
pub use decision::{Decision, decide};
pub use delegation::{Writer, writers};
pub use documents::Documents;
pub use exception::{Exceptions, Standing};
pub use finding::{Control, Finding, Outcome, Severity, Subject, findings};
pub use keys::{Key, Keys};
pub use lock::{AccountLock, Hole, Lock};
pub use need::Need;
pub use reading::{Reading, Said};
pub use verdict::{AccountVerdict, Basis, ServiceVerdict, Setting};
