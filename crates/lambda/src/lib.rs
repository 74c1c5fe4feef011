//! `optout` as an AWS Lambda function: event → read → check → answer. One module an event kind; handlers are plain
//! functions that take the session and the settings as arguments.
//!
//! - [`event`]: which kind an incoming event is; [`dispatch`] hands it to its handler.
//! - [`scheduled`]: a full read, in pieces where it is long; [`organizations`]: only what an event changed; [`monitor`]: what
//!   both share: what is remembered, and how it is published. [`publishing`]: where to.
//!   [`reading`]: what is read.
//! - [`rule`]: an AWS Config custom rule. [`resource`]: a CloudFormation custom resource.
//! - [`settings`], [`invocation`]: what the environment and Lambda say. [`answer`]: how large an answer may be.

pub mod answer;
pub mod dispatch;
pub mod event;
pub mod fleet;
pub mod invocation;
pub mod log;
pub mod monitor;
pub mod organizations;
pub mod publishing;
pub mod reading;
pub mod resource;
pub mod rule;
pub mod scheduled;
pub mod settings;
