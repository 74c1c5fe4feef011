//! Saved results about machines and sites: any text is refused with a place or read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use optout_core::reach::{Sites, Workstation};
use optout_core::source::Source;

fuzz_target!(|text: &str| {
    let source = Source::new("saved.json", text);
    match Workstation::parse(&source) {
        Ok(machine) => drop((machine.describe(), machine.shares())),
        Err(rejected) => assert!(!rejected.lines().is_empty()),
    }
    match Sites::parse(&source) {
        Ok(sites) => sites.sites.iter().for_each(|site| drop((site.describe(sites.at), site.shares()))),
        Err(rejected) => assert!(!rejected.lines().is_empty()),
    }
});
