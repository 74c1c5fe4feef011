//! Policy documents: any text is refused with a place or read; what was read says the same when it is written again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use optout_core::policy::{Dialect, Document, admit_ai_opt_out, parse_json};

fuzz_target!(|text: &str| {
    let _ = admit_ai_opt_out(text, &|_| None);
    for dialect in [Dialect::Plain, Dialect::Tag] {
        let _ = Document::parse(dialect, text);
    }
    let (json, problems) = parse_json(text);
    if let (Some(json), []) = (&json, problems.as_slice()) {
        let again = json.minified();
        let (read, problems) = parse_json(&again);
        assert!(problems.is_empty(), "{again}");
        assert_eq!(read.map(|json| json.to_value()), Some(json.to_value()), "{again}");
    }
});
