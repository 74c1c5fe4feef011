//! AWS Organizations over HTTP on the loopback address, loaded from a saved organization.
//!
//! A request comes in over [`server`](Simulator::start), is told apart ([`Request`]), meets the faults that are on
//! ([`Fault`]) and the rate limits ([`LIMITS`]), and runs as one operation of a table on the state. The state is
//! indexed: no request looks at every account. What documents mean is not known here: [`Rules`] are handed in.
//!
//! What is like AWS and proven by its recorded answers is marked *recorded* in the code; the rest follows AWS's
//! documentation and the botocore 1.44.5 model. Signatures are not checked: the access key id alone says who calls.

mod admission;
mod buckets;
mod caller;
mod calls;
mod clock;
mod dispatch;
mod error;
mod faults;
mod input;
mod limits;
mod operations;
mod options;
mod page;
mod propagation;
mod rules;
mod sandbox;
mod server;
mod show;
mod simulator;
mod state;
mod sts;
mod wire;

pub use buckets::{LIMITS, Limit, Rate, limit};
pub use calls::Call;
pub use faults::{Effect, EffectiveScript, Fault, NotImplementedForm, When};
pub use options::{Fields, Options, Throttling, Trust};
pub use page::{LARGEST_PAGE, Pages};
pub use propagation::Propagation;
pub use rules::Rules;
pub use server::{Running, StartError};
pub use simulator::Simulator;
pub use state::{Change, ChangeError, LoadError, ValidationError};
pub use wire::{Delivery, Reply, Request};
