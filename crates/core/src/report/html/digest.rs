//! The hashes by which a content security policy knows the style and the script of the document.

use sha2::{Digest, Sha256};

/// The source expression of a text: `sha256-` and the digest in base 64.
///
/// Source: <https://www.w3.org/TR/CSP3/#grammardef-hash-source>, read 2026-11-24.
pub(super) fn source(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    bytes.chunks(3).flat_map(four).collect()
}

fn four(chunk: &[u8]) -> [char; 4] {
    let byte = |at: usize| chunk.get(at).copied().map_or(0, u32::from);
    let group = byte(0) << 16 | byte(1) << 8 | byte(2);
    [0, 1, 2, 3].map(|at: usize| {
        let digit = (group >> (18 - 6 * at)) & 63;
        let letter = ALPHABET.get(digit as usize).copied().map_or('=', char::from);
        if at <= chunk.len() { letter } else { '=' }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_is_that_of_the_rfc() {
        for (text, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(super::base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn the_source_of_a_known_text() {
        assert_eq!(super::source("alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }
}
