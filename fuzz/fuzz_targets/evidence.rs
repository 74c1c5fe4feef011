//! Records, exported lines and bundles by others: any bytes are refused or checked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use optout_core::evidence::bundle::{check, unpack};
use optout_core::evidence::{Record, check_lines};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Record::parse(text);
        let _ = check_lines(text, &[]);
    }
    if let Ok(files) = unpack(bytes) {
        let _ = check(&files);
    }
});
