//! Intents and accepted findings: any text is refused with a place or read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use optout_core::intent::baseline::Baseline;
use optout_core::intent::{Intent, Known};
use optout_core::source::Source;

fuzz_target!(|text: &str| {
    let known = Known::new(["lex", "polly"], ["default-opted-out"]).with_items(["policy-attached"]);
    let source = Source::new("optout.toml", text);
    for problem in [Intent::parse(&source, &known).err(), Baseline::parse(&source, &known).err()].into_iter().flatten()
    {
        assert!(!problem.lines().is_empty());
    }
});
