#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| optout_fuzz::holds("terraform", bytes));
