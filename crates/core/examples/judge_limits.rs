//! Judges an organization as large as AWS allows, for measuring memory: `/usr/bin/time -v judge_limits 50000 usual 1`.
//!
//! Arguments: how many accounts, `usual` or `hostile`, how many times (0 to measure the organization itself). Says the
//! shortest time and how many findings there were.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "an example that panics fails, which is what it is for"
)]

#[path = "../benches/organization/mod.rs"]
#[expect(dead_code, reason = "the benchmarks use all of it")]
mod organization;

use std::io::Write as _;
use std::time::Instant;

use optout_core::catalogue::Catalogue;
use optout_core::check::{Exceptions, Question, assess, findings};
use organization::{Spread, now, organization};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [accounts, spread, times] = arguments.as_slice() else { panic!("three arguments: accounts, spread, times") };
    let spread = if spread == "hostile" { Spread::Hostile } else { Spread::Usual };
    let snapshot = organization(accounts.parse().unwrap(), spread);
    let catalogue = Catalogue::embedded();
    for _ in 0..times.parse::<usize>().unwrap() {
        let start = Instant::now();
        let exceptions = Exceptions::none();
        let question = Question { snapshot: &snapshot, catalogue, exceptions, at: now(), evidence: None, only: None };
        let assessment = assess(&question);
        let assessed = start.elapsed();
        let found: usize = findings(&assessment).iter().map(|(_, outcome)| outcome.findings.len()).sum();
        let text = format!("assess {assessed:?}, findings {:?}, {found} found\n", start.elapsed() - assessed);
        std::io::stdout().write_all(text.as_bytes()).unwrap();
    }
}
