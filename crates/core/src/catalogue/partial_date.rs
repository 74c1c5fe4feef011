//! A date that may be known only to the month or the year.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A text that is no date, month or year.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is neither a year (2026), a month (2026-09) nor a day (2026-09-15)")]
pub struct InvalidPartialDateError;

/// A year, a month or a day. Less precise ones come before the more precise ones they contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// One day.
    #[must_use]
    pub fn day(date: Date) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }
}

impl FromStr for PartialDate {
    type Err = InvalidPartialDateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (first, precision) = match text.len() {
            4 => (format!("{text}-01-01"), 1),
            7 => (format!("{text}-01"), 2),
            10 => (text.to_owned(), 3),
            _ => return Err(InvalidPartialDateError),
        };
        let digits = first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let date: Date = first.parse().ok().filter(|_| digits).ok_or(InvalidPartialDateError)?;
        let day = Self::day(date);
        Ok(Self { month: day.month.filter(|_| precision > 1), day: day.day.filter(|_| precision > 2), ..day })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = self.month.map(|month| format!("-{month:02}")).unwrap_or_default();
        let day = self.day.map(|day| format!("-{day:02}")).unwrap_or_default();
        f.pad(&format!("{:04}{month}{day}", self.year))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_gives_back_what_was_read() {
        for text in ["2026", "2022-12", "2026-09-15"] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "26",
            "2026-13",
            "2026-02-30",
            "2026-9",
            "2026-09-1x",
            "+2026",
            "20260915",
            "2026-09-15T",
            "\u{e9}\u{e9}",
        ] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn they_sort_by_time_and_then_by_precision() {
        let mut dates: Vec<PartialDate> =
            ["2026-09-15", "2026", "2022-12", "2026-09"].iter().map(|text| text.parse().unwrap()).collect();
        dates.sort();
        let texts: Vec<String> = dates.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["2022-12", "2026", "2026-09", "2026-09-15"]);
    }
}
