//! Reads an organization and prints the snapshot: `cargo run -p optout-aws --example read -- [ENDPOINT] [EVIDENCE]`.
//!
//! For trying the reader against any server; credentials and everything else come from the environment.

use std::io::Write;

use optout_aws::cancel::Cancel;
use optout_aws::read::{ReadOptions, read};
use optout_aws::session::{Session, SessionOptions};
use optout_core::org::EvidenceMode;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let endpoint_url = arguments.next().filter(|endpoint| !endpoint.is_empty());
    let evidence = match arguments.next().as_deref() {
        Some("all") => EvidenceMode::All,
        Some("none") => EvidenceMode::None,
        Some(_) | None => EvidenceMode::Chain,
    };
    let session = Session::open(&SessionOptions { endpoint_url, ..SessionOptions::default() }).await;
    let session = session.map_err(|error| format!("{error}\nhelp: {}", error.help()))?;
    let options = ReadOptions { evidence, ..ReadOptions::default() };
    let snapshot = read(&session, &options, &|_| {}, &Cancel::new()).await;
    let snapshot = snapshot.map_err(|error| format!("{error}\nhelp: {}", error.help()))?;
    std::io::stdout().write_all(optout_core::org::write(&snapshot).as_bytes())?;
    for (operation, count) in session.calls().iter() {
        writeln!(std::io::stderr(), "{count:6} {operation}")?;
    }
    Ok(())
}
