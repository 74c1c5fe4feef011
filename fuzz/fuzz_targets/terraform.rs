//! Lint of Terraform.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../laws/lint.rs"]
mod law;

fuzz_target!(|text: &str| law::holds("main.tf", text));
