//! Serves a snapshot file until interrupted and prints the URL: `cargo run --example serve -- FILE [PORT]`.
//!
//! For tests from other languages. Its rules are the naive resolver of the tests; `optout sandbox` is the same with the
//! real engine.
#![expect(clippy::print_stdout, reason = "whoever started it reads the URL from standard output")]

#[path = "../../../tests/naive/mod.rs"]
mod naive;

use std::error::Error;
use std::sync::Arc;

use optout_core::org::{self, PolicyType};
use optout_core::source::Source;
use optout_simulator::{Options, Rules, Simulator};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: serve FILE [PORT]")?;
    let port = arguments.next().map_or(Ok(0), |port| port.parse())?;
    let snapshot = org::read(&Source::new(&file, std::fs::read_to_string(&file)?))?;
    let running = Simulator::start(&snapshot, Rules { admit, resolve }, Options { port, ..Options::default() }).await?;
    println!("{}", running.url);
    tokio::signal::ctrl_c().await?;
    running.shutdown().await;
    Ok(())
}

/// Only whether there is a list of services: the rules of admission are the engine's.
fn admit(_: &PolicyType, text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|document| document.get("services").is_some_and(Value::is_object))
}

fn resolve(policy_type: &PolicyType, levels: &[Vec<Arc<str>>]) -> Value {
    let parse = |text: &Arc<str>| serde_json::from_str(text).unwrap_or(Value::Null);
    let levels: Vec<Vec<Value>> = levels.iter().map(|level| level.iter().map(parse).collect()).collect();
    naive::resolve(policy_type.as_str(), &levels).document
}
