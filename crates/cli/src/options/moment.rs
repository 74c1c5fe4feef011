//! Times and durations as people write them.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A time given as a date (midnight, UTC) or as a whole timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment(Timestamp);

impl Moment {
    /// This time, or now.
    pub(crate) fn or_now(moment: Option<Self>) -> Timestamp {
        moment.map_or_else(Timestamp::now, |moment| moment.0)
    }
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = || text.parse::<Date>().ok().filter(|_| text.len() == 10);
        let midnight = || TimeZone::UTC.to_timestamp(date()?.at(0, 0, 0, 0)).ok();
        let timestamp = midnight().or_else(|| text.parse().ok());
        timestamp.map(Self).ok_or("expected a date like 2026-11-24 or a time like 2026-11-24T10:00:00Z")
    }
}

/// The day of a time, in UTC.
pub(crate) fn day(time: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}

/// A duration like `36h`: a whole number and one of s, m, h, d, w.
pub(crate) fn duration(text: &str) -> Result<SignedDuration, &'static str> {
    const EXPECTED: &str = "expected a number and a unit, like 90m, 36h, 7d or 2w";
    let (number, unit) =
        text.char_indices().last().and_then(|(at, unit)| Some((text.get(..at)?, unit))).ok_or(EXPECTED)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        'w' => 7 * 24 * 60 * 60,
        _ => return Err(EXPECTED),
    };
    let number: u32 = number.parse().map_err(|_| EXPECTED)?;
    Ok(SignedDuration::from_secs(i64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_its_midnight_in_utc() {
        assert_eq!("2026-11-24".parse::<Moment>(), "2026-11-24T00:00:00Z".parse::<Moment>());
        assert_eq!("2026-11-24T01:00:00+01:00".parse::<Moment>(), "2026-11-24".parse::<Moment>());
        for text in ["", "tomorrow", "2026-02-30", "24.11.2026", "2026-11-24T10:00:00"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("36h"), Ok(SignedDuration::from_hours(36)));
        assert_eq!(duration("2w"), Ok(SignedDuration::from_hours(14 * 24)));
        assert_eq!(duration("4294967295w").map(|it| it.as_secs() > 0), Ok(true));
        for text in ["", "h", "5", "-1d", "1.5h", "5y", "1dé", "é"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
