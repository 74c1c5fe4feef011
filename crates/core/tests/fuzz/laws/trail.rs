//! Files of CloudTrail, whole or in pieces: what is read does not depend on where the pieces end, and can be told beside an organization.

use optout_core::catalogue::Catalogue;
use optout_core::trail::{Collector, Timeline, Trail, Wanted, Window};

use super::plan::organization;

pub(crate) fn holds(bytes: &[u8]) {
    same_in_pieces(bytes, read);
    let trail = read(bytes, 4096);
    let (snapshot, catalogue) = (organization(), Catalogue::embedded());
    for snapshot in [None, Some(&snapshot)] {
        let told = || Timeline::new(&trail, snapshot, catalogue, &Wanted::default());
        assert_eq!(told(), told());
    }
}

/// What is read of the bytes, `size` at a time.
pub(crate) fn read(bytes: &[u8], size: usize) -> Trail {
    let mut collector = Collector::new(Window::default());
    let mut stream = collector.stream("events.json");
    bytes.chunks(size).for_each(|piece| stream.feed(piece));
    stream.finish();
    collector.finish()
}

/// The size of the pieces is not seen in what comes out.
pub(crate) fn same_in_pieces(bytes: &[u8], read: impl Fn(&[u8], usize) -> Trail) {
    let seen = |size: usize| {
        let trail = read(bytes, size);
        (format!("{:?} {:?}", trail.events, trail.seen), format!("{:?}", trail.problems))
    };
    let whole = seen(bytes.len().max(1));
    assert_eq!(whole, seen(7));
    assert_eq!(whole, seen(1));
}
