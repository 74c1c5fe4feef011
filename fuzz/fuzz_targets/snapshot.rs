//! Saved organizations: any text is refused with a place or read; what was read comes back when it is written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use optout_core::org::{read, write};
use optout_core::source::Source;

fuzz_target!(|text: &str| {
    if let Ok(snapshot) = read(&Source::new("organization.json", text)) {
        let again = write(&snapshot);
        let read = read(&Source::new("organization.json", again.as_str())).expect("what is written can be read");
        assert_eq!(write(&read), again);
    }
});
