//! `SHA256SUMS`: one line a file, as `sha256sum --check` reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Files, file};
use crate::evidence::Hash;

/// A line that is no sum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected 64 hexadecimal digits, two spaces and a file name")]
pub struct SumsError {
    /// The line, from 1.
    pub line: usize,
}

/// The sums of all files but the sums and their signature, in the order of the names.
#[must_use]
pub fn sums(files: &Files) -> String {
    let mut out = String::new();
    for (name, content) in files.iter().filter(|(name, _)| is_summed(name)) {
        let _ = writeln!(out, "{}  {name}", Hash::of_bytes(content));
    }
    out
}

/// Whether a file's sum belongs into the list.
pub(super) fn is_summed(name: &str) -> bool {
    name != file::SUMS && name != file::SIGNATURE
}

/// Reads a list of sums: names to sums.
///
/// # Errors
/// The first line that is none, or that names a file again.
pub fn read_sums(text: &str) -> Result<BTreeMap<String, String>, SumsError> {
    let mut found = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let wrong = SumsError { line: number + 1 };
        let Some((sum, name)) = line.split_once("  ") else { return Err(wrong) };
        let is_sum = sum.len() == 64 && sum.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !is_sum || name.is_empty() || found.insert(name.to_owned(), sum.to_owned()).is_some() {
            return Err(wrong);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{read_sums, sums};
    use crate::evidence::bundle::Files;

    #[test]
    fn sums_are_those_of_the_standard_and_leave_out_themselves() {
        let files: Files = [("a", "abc"), ("SHA256SUMS", "x"), ("SHA256SUMS.sig", "y"), ("b", "")]
            .map(|(name, text)| (name.to_owned(), text.into()))
            .into();
        // "abc": FIPS 180-4, example of SHA-256; the empty message: NIST's test vectors.
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n\
                    e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n";
        assert_eq!(sums(&files), text);
        assert_eq!(read_sums(text).unwrap().len(), 2);
    }

    #[test]
    fn other_lines_are_named() {
        let good = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a";
        for bad in ["", "x  a", &good.to_uppercase(), &good.replace("  ", " "), good, good.trim_end_matches(['a', ' '])]
        {
            assert_eq!(read_sums(&format!("{good}\n{bad}\n")).unwrap_err().line, 2, "{bad}");
        }
    }
}
