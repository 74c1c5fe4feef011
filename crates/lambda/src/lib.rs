//! `optout` as an AWS Lambda function: event → read → check → answer. One module an event kind; handlers are plain
//! functions that take the session as an argument.

pub mod scheduled;
