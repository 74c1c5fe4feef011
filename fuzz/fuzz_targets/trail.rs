//! Files of CloudTrail, whole or in pieces: what is read does not depend on where the pieces end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use optout_core::trail::{Collector, Window};

fuzz_target!(|bytes: &[u8]| {
    let read = |size: usize| {
        let mut collector = Collector::new(Window::default());
        let mut stream = collector.stream("events.json");
        bytes.chunks(size).for_each(|piece| stream.feed(piece));
        stream.finish();
        let trail = collector.finish();
        (format!("{:?}", trail.events), trail.problems.len())
    };
    assert_eq!(read(bytes.len().max(1)), read(7));
});
