//! Costs and quantities, exactly: AWS sends decimal numbers as texts, sometimes with an exponent.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

/// Digits after the point that are kept; what is smaller is rounded away from zero, so that a use never becomes none.
const DIGITS: u32 = 12;
/// One, in the smallest unit.
const ONE: i128 = 10_i128.pow(DIGITS);
/// No bill has a larger number, and a thousand million of these can be added.
const LARGEST: i128 = ONE * 10_i128.pow(15);
/// A text longer than this is no amount.
const LONGEST: usize = 64;

/// An amount with twelve digits after the point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i128);

/// A text that is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no amount: expected a number like 0.0051 or 1.2E-7")]
pub struct InvalidAmountError;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `part` of a hundred of it.
    #[must_use]
    pub const fn percent(self, part: u32) -> Self {
        Self(self.0.saturating_mul(part as i128) / 100)
    }

    /// It as often as `times`.
    #[must_use]
    pub const fn times(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times as i128))
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The amount with at most `digits` after the point, for people; what is smaller than that and not nothing is shown as
    /// `<0.01`.
    #[must_use]
    pub fn short(self, digits: u32) -> String {
        let unit = 10_i128.pow(DIGITS.saturating_sub(digits));
        let rounded = (self.0.abs() + unit / 2) / unit * unit;
        if rounded == 0 && self.0 != 0 {
            return format!("{}<{}", if self.0 < 0 { "-" } else { "" }, Self(unit));
        }
        Self(if self.0 < 0 { -rounded } else { rounded }).to_string()
    }
}

impl FromStr for Amount {
    type Err = InvalidAmountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > LONGEST {
            return Err(InvalidAmountError);
        }
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (number, exponent) = match rest.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().map_err(|_| InvalidAmountError)?),
            None => (rest, 0),
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{part}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidAmountError);
        }
        let after = i32::try_from(part.len()).map_err(|_| InvalidAmountError)?;
        let shift = DIGITS
            .cast_signed()
            .checked_add(exponent)
            .and_then(|it| it.checked_sub(after))
            .ok_or(InvalidAmountError)?;
        let value = shifted(digits.trim_start_matches('0'), shift)?;
        Ok(Self(if negative { -value } else { value }))
    }
}

/// The digits as a number, times ten to the power of `shift`.
fn shifted(digits: &str, shift: i32) -> Result<i128, InvalidAmountError> {
    if digits.is_empty() {
        return Ok(0);
    }
    if shift >= 0 {
        let factor = 10_i128.checked_pow(shift.unsigned_abs()).ok_or(InvalidAmountError)?;
        let value = digits.parse::<i128>().ok().and_then(|value| value.checked_mul(factor));
        return value.filter(|value| *value <= LARGEST).ok_or(InvalidAmountError);
    }
    let cut = usize::try_from(shift.unsigned_abs()).unwrap_or(usize::MAX);
    let kept = digits.len().saturating_sub(cut);
    let (whole, rest) = digits.split_at_checked(kept).ok_or(InvalidAmountError)?;
    let value = if whole.is_empty() { 0 } else { whole.parse::<i128>().map_err(|_| InvalidAmountError)? };
    let value = value + i128::from(rest.bytes().any(|byte| byte != b'0'));
    if value <= LARGEST { Ok(value) } else { Err(InvalidAmountError) }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, value) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let one = ONE.unsigned_abs();
        let part = format!("{:012}", value % one);
        let part = part.trim_end_matches('0');
        let point = if part.is_empty() { "" } else { "." };
        f.pad(&format!("{sign}{}{point}{part}", value / one))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::plus)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        text.parse::<Amount>().map_or_else(|error| error.to_string(), |amount| amount.to_string())
    }

    #[test]
    fn amounts_are_read_as_aws_writes_them() {
        let cases = [
            ("0", "0"),
            ("0.0051256592", "0.0051256592"),
            ("10.8889929342", "10.8889929342"),
            ("-3.50", "-3.5"),
            ("1.2E-7", "0.00000012"),
            ("1E3", "1000"),
            (".5", "0.5"),
            ("5.", "5"),
            ("007", "7"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_smaller_than_the_smallest_never_becomes_nothing() {
        for text in ["1E-13", "0.0000000000004", "1E-300", "-1E-20"] {
            assert!(!text.parse::<Amount>().unwrap().is_zero(), "{text}");
        }
        assert!("0E-300".parse::<Amount>().unwrap().is_zero());
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        let long = "1".repeat(65);
        for text in ["", "-", ".", "e5", "1e", "NaN", "inf", "0x1", "1,5", "+1", "1 ", "1E99", "1E2147483647", &long] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn short_amounts_say_when_they_are_too_small_to_show() {
        let short = |text: &str| text.parse::<Amount>().unwrap().short(2);
        assert_eq!(["0", "0.001", "39.0174", "-0.004", "2"].map(short), ["0", "<0.01", "39.02", "-<0.01", "2"]);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(value in -LARGEST..LARGEST) {
            let amount = Amount(value);
            prop_assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
        }

        #[test]
        fn no_text_ends_it(text in ".{0,80}") {
            let _ = text.parse::<Amount>();
        }
    }
}
