//! Bundles made by others: any archive is refused or unpacked; what was packed comes back; a bundle whose files were changed does not
//! hold.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use optout_core::evidence::bundle::{Check, Files, Outcome, check, file, pack, sums, unpack};

/// What a part of the input begins with that is a file: the rest of the line is its name.
const BEGINS: &str = "=== ";

pub(crate) fn holds(bytes: &[u8]) {
    let _ = unpack(bytes);
    if let Ok(files) = unpack(compressed(bytes).as_slice()) {
        tampering_is_found(&files, check);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let files = sealed(text);
        comes_back(&files);
        tampering_is_found(&files, check);
    }
}

/// The input as the archive inside, so that no checksum stands in the way.
fn compressed(tar: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::none());
    out.write_all(tar).expect("memory can be written");
    out.finish().expect("memory can be written")
}

/// The input as files, with sums that fit unless it has some of its own.
fn sealed(text: &str) -> Files {
    let mut files = Files::new();
    for part in text.split(BEGINS).skip(1) {
        let (name, content) = part.split_once('\n').unwrap_or((part, ""));
        if is_name(name) && files.len() < 50 {
            files.insert(name.to_owned(), content.into());
        }
    }
    if !files.contains_key(file::SUMS) {
        files.insert(file::SUMS.to_owned(), sums(&files).into_bytes());
    }
    files
}

/// A name as a bundle has it.
fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    name.len() <= 60 && name.bytes().all(is_letter) && name.bytes().any(|byte| byte != b'.')
}

fn comes_back(files: &Files) {
    let packed = pack("bundle", files, Timestamp::UNIX_EPOCH);
    assert_eq!(unpack(packed.as_slice()).as_ref(), Ok(files));
}

/// Where the sums hold, they do not once a file is another, is missing or is new.
pub(crate) fn tampering_is_found(files: &Files, check: impl Fn(&Files) -> Vec<Check>) {
    assert_eq!(check(files), check(files));
    let whole = |files: &Files| matches!(check(files).first().map(|it| &it.outcome), Some(Outcome::Holds(_)));
    if !whole(files) {
        return;
    }
    let is_proved = |name: &&String| ![file::SUMS, file::SIGNATURE].contains(&name.as_str());
    for name in files.keys().filter(is_proved).take(4) {
        let mut changed = files.clone();
        changed.entry(name.clone()).or_default().push(b' ');
        assert!(!whole(&changed), "{name} was changed");
        changed.remove(name);
        assert!(!whole(&changed), "{name} was removed");
    }
    let mut more = files.clone();
    if more.insert("added-by-somebody".to_owned(), Vec::new()).is_none() {
        assert!(!whole(&more), "a file was added");
    }
}
