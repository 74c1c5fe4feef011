//! `optout` as an AWS Lambda function: event → read → check → answer. One module an event kind; handlers are plain
//! functions that take the session and the settings as arguments.
//!
//! - [`event`]: which kind an incoming event is; [`dispatch`] hands it to its handler.
//! - [`settings`], [`invocation`]: what the environment and Lambda say.
//! - [`scheduled`]: a full read. [`rule`]: an AWS Config custom rule. [`resource`]: a CloudFormation custom resource.

pub mod dispatch;
pub mod event;
pub mod fleet;
pub mod invocation;
pub mod log;
pub mod reading;
pub mod resource;
pub mod rule;
pub mod scheduled;
pub mod settings;
