//! Bytes of an object: gzip over a line of JSON and a snapshot in its own form. Whatever is no such thing is refused.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use optout_core::org::{self, Snapshot};
use optout_core::source::Source;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// More than the snapshot of any organization (of 50,000 accounts each with its own answer it is 80 MiB): what unpacks to
/// more is no state.
pub(super) const LARGEST: u64 = 512 * 1024 * 1024;

/// The longest first line: ten thousand events and as many findings with all their accounts are less.
const LARGEST_HEAD: usize = 128 * 1024 * 1024;

/// Why an object is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// It is not gzip, or it is damaged.
    #[error("it is no gzip, or damaged: {0}")]
    Gzip(String),
    /// It unpacks to more than any state.
    #[error("it unpacks to more than {} MiB", LARGEST / (1024 * 1024))]
    TooLarge,
    /// It is no text.
    #[error("it is no UTF-8 text")]
    Encoding,
    /// The first line is none of ours.
    #[error("its first line has not the form `{expected}`: {detail}")]
    Head {
        /// The form.
        expected: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// The rest is no snapshot.
    #[error("its snapshot cannot be read: {0}")]
    Snapshot(String),
}

/// The object of `head` and `snapshot`. Equal values give equal bytes.
pub(super) fn pack<H: Serialize>(head: &H, snapshot: Option<&Snapshot>) -> Vec<u8> {
    // INVARIANT: neither writing to memory nor a head, whose keys are texts, can fail.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let line = serde_json::to_string(head).unwrap_or_default();
    let text = snapshot.map(org::write).unwrap_or_default();
    let written = [line.as_str(), "\n", text.as_str()].iter().try_for_each(|text| encoder.write_all(text.as_bytes()));
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

/// Head and snapshot of an object called `key`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn unpack<H: DeserializeOwned>(
    key: &str,
    bytes: &[u8],
    expected: &'static str,
) -> Result<(H, Option<Snapshot>), FormError> {
    let text = unzip(bytes)?;
    let (line, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let head = |detail: String| FormError::Head { expected, detail };
    if line.len() > LARGEST_HEAD {
        return Err(head("it is too long".to_owned()));
    }
    #[derive(serde::Deserialize)]
    struct Format {
        format: String,
    }
    let format: Format = serde_json::from_str(line).map_err(|error| head(error.to_string()))?;
    if format.format != expected {
        let found = optout_core::source::shown(&format.format).chars().take(60).collect::<String>();
        return Err(head(format!("it is `{found}`")));
    }
    let value = serde_json::from_str(line).map_err(|error| head(error.to_string()))?;
    let snapshot = (!rest.is_empty()).then(|| org::read(&Source::new(key, rest))).transpose();
    Ok((value, snapshot.map_err(|error| FormError::Snapshot(error.to_string()))?))
}

fn unzip(bytes: &[u8]) -> Result<String, FormError> {
    let mut plain = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(LARGEST + 1);
    decoder.read_to_end(&mut plain).map_err(|error| FormError::Gzip(error.to_string()))?;
    if plain.len() as u64 > LARGEST {
        return Err(FormError::TooLarge);
    }
    String::from_utf8(plain).map_err(|_| FormError::Encoding)
}
