//! The name of a Region, which goes into files of others.

use std::fmt;
use std::str::FromStr;

/// The name of a Region of AWS, like `eu-central-1`; whether there is one of that name is not known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region(String);

/// A text that is no name of a Region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the name of a Region (like eu-central-1)")]
pub struct RegionError(String);

impl FromStr for Region {
    type Err = RegionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words: Vec<&str> = text.split('-').collect();
        let letters = |word: &&str| !word.is_empty() && word.chars().all(|it| it.is_ascii_lowercase());
        let is_name = match words.as_slice() {
            [parts @ .., number] => {
                let counted = !number.is_empty() && number.len() <= 2 && number.chars().all(|it| it.is_ascii_digit());
                counted && (2..=4).contains(&parts.len()) && parts.iter().all(letters)
            }
            [] => false,
        };
        if is_name && text.len() <= 32 {
            Ok(Self(text.to_owned()))
        } else {
            Err(RegionError(text.chars().take(80).collect()))
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Region;

    #[test]
    fn a_region_is_words_and_a_number() {
        for name in ["us-east-1", "ap-southeast-7", "us-gov-west-1", "eusc-de-east-1"] {
            assert_eq!(name.parse::<Region>().unwrap().to_string(), name);
        }
        for name in [
            "",
            "us-east",
            "1",
            "us-1",
            "US-east-1",
            "us-east-1\n",
            "us east-1",
            "us-east-1a",
            "${x}",
            "us--1",
            "us-east-123",
        ] {
            assert!(name.parse::<Region>().is_err(), "{name}");
        }
    }
}
