//! A long time in slices, the newest first: what fails in one does not cost the others.

use jiff::{SignedDuration, Timestamp};

/// How long a slice is: nine for 90 days, so that at least nine requests are made, which take four seconds.
const SLICE: SignedDuration = SignedDuration::from_hours(10 * 24);

/// The slices from `from` to `until`, newest first; both ends of each are included and no second is in two. None where
/// `from` is after `until`.
pub(super) fn slices(from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut slices = Vec::new();
    let mut end = until;
    while from <= end {
        let start = end.saturating_sub(SLICE).unwrap_or(from).max(from);
        slices.push((start, end));
        match start.checked_sub(SignedDuration::from_secs(1)) {
            Ok(before) => end = before,
            Err(_) => break,
        }
    }
    slices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn slices_cover_every_second_once() {
        let (from, until) = (at("2026-08-26T12:00:00Z"), at("2026-11-24T12:00:00Z"));
        let slices = slices(from, until);
        assert_eq!(slices.len(), 9);
        assert_eq!((slices.first().unwrap().1, slices.last().unwrap().0), (until, from));
        for pair in slices.windows(2) {
            assert_eq!(pair[0].0.as_second() - 1, pair[1].1.as_second());
        }
    }

    #[test]
    fn short_and_empty_times() {
        let time = at("2026-11-24T12:00:00Z");
        assert_eq!(slices(time, time), [(time, time)]);
        assert!(slices(time, at("2026-11-24T11:59:59Z")).is_empty());
    }
}
