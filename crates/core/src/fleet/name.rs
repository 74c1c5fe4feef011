//! What a file about an organization is called: safe on every disk, and the same whatever else is in the fleet.

use sha2::{Digest, Sha256};

/// The most characters of the readable part.
const READABLE: usize = 48;
/// The characters of the hash at the end.
const HASHED: usize = 8;

/// Names of our own files beside those of the organizations, and devices that Windows knows under any folder.
/// Source: <https://learn.microsoft.com/windows/win32/fileio/naming-a-file> (reserved names), read 2026-11-24.
const RESERVED: [&str; 8] = ["index", "fleet", "summary", "report", "con", "prn", "aux", "nul"];

/// The name of a file about the organization that is called `name`, without an end.
///
/// A name of lower-case letters, digits and single hyphens stays as it is. Any other keeps what it has of them and gets
/// a hash of the whole, so that different names give different files also where a disk does not tell letters apart. No
/// plain name looks like one with a hash.
///
/// ```
/// use optout_core::fleet::file_name;
/// assert_eq!(file_name("acme"), "acme");
/// assert!(file_name("../Acme").starts_with("acme-"));
/// assert_ne!(file_name("Acme"), file_name("ACME"));
/// ```
#[must_use]
pub fn file_name(name: &str) -> String {
    let readable = readable(name);
    if readable == name && !is_reserved(name) && !has_hash(name) {
        return readable;
    }
    let start = if readable.is_empty() { "organization" } else { &readable };
    format!("{start}-{}", hash(name))
}

/// The letters and digits in lower case, everything between them as one hyphen.
fn readable(name: &str) -> String {
    let mut out = String::new();
    for character in name.chars().map(|it| it.to_ascii_lowercase()) {
        if out.len() == READABLE {
            break;
        }
        if character.is_ascii_lowercase() || character.is_ascii_digit() {
            out.push(character);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

fn is_reserved(name: &str) -> bool {
    let port = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    RESERVED.contains(&name) || port.is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|it| it.is_ascii_digit()))
}

/// Whether a name ends as those with a hash do.
fn has_hash(name: &str) -> bool {
    let end = name.rsplit('-').next().unwrap_or_default();
    end.len() == HASHED && end.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn hash(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(HASHED / 2).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::file_name;

    #[test]
    fn plain_names_stay_and_others_are_told_apart() {
        for plain in ["acme", "acme-eu", "42", "o-exampleorgid"] {
            assert_eq!(file_name(plain), plain);
        }
        let names = [
            "Acme",
            "ACME",
            "acme ",
            "a/c",
            "a\\c",
            "a c",
            "..",
            ".",
            "/",
            "CON",
            "con",
            "com1",
            "index",
            "日本",
            "日",
            "acme-0123abcd",
            "a\u{202e}c",
            "-acme",
            "acme-",
            "a--c",
        ];
        let files: BTreeSet<String> = names.iter().map(|name| file_name(name)).collect();
        assert_eq!(files.len(), names.len(), "{files:?}");
        assert!(names.iter().all(|name| file_name(name) != *name), "{files:?}");
    }

    #[test]
    fn nobody_can_choose_the_name_that_another_gets() {
        let taken = file_name("Acme Corp");
        assert_ne!(file_name(&taken), taken);
    }

    proptest! {
        #[test]
        fn every_name_gives_a_file_that_every_disk_takes(name in "\\PC{0,200}") {
            let file = file_name(&name);
            prop_assert!(!file.is_empty() && file.len() <= 64);
            prop_assert!(file.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-'));
            prop_assert!(!file.starts_with('-'));
        }
    }
}
