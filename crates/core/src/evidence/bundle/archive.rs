//! The archive: a gzipped tar with one folder. Equal files give equal bytes; what comes in may be anything.

use std::io::{self, Read, Write};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use jiff::Timestamp;

use super::Files;

/// More than this is no bundle: a hundred times one of 10,000 accounts.
const LARGEST: u64 = 1 << 31;
/// A bundle has a dozen.
const MOST_FILES: usize = 100;

/// Why an archive is no bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    /// It cannot be read at all, or ends too early.
    #[error("this is no gzipped tar archive, or it is damaged: {0}")]
    Damaged(String),
    /// It holds more than a bundle could.
    #[error("there is more in this archive than in any bundle: over {MOST_FILES} files or 2 GiB")]
    TooLarge,
    /// Something in it is not a file in its one folder.
    #[error("`{0}` is not a plain file in the one folder of a bundle")]
    Stranger(String),
    /// A file is there twice.
    #[error("`{0}` is in the archive twice")]
    Twice(String),
}

/// Makes the archive: a folder of this name, every file in it with the time `made`.
#[must_use]
pub fn pack(folder: &str, files: &Files, made: Timestamp) -> Vec<u8> {
    let mut out = Vec::new();
    // INVARIANT: writing into memory does not fail, and names of bundles are short.
    let _ = write(&mut out, folder, files, made);
    out
}

fn write(out: &mut Vec<u8>, folder: &str, files: &Files, made: Timestamp) -> io::Result<()> {
    let seconds = u64::try_from(made.as_second()).unwrap_or_default();
    // No time and no name in the gzip header: equal content, equal bytes.
    let mut tar = tar::Builder::new(GzBuilder::new().mtime(0).write(out, Compression::best()));
    for (name, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o644);
        header.set_mtime(seconds);
        header.set_size(content.len() as u64);
        tar.append_data(&mut header, format!("{folder}/{name}"), content.as_slice())?;
    }
    tar.into_inner()?.finish()?.flush()
}

/// Reads an archive; nothing is written anywhere.
///
/// # Errors
/// Where it is none, is too large, or holds anything but plain files in one folder.
pub fn unpack(archive: impl Read) -> Result<Files, UnpackError> {
    let mut tar = tar::Archive::new(GzDecoder::new(archive).take(LARGEST));
    let mut files = Files::new();
    let mut folder: Option<String> = None;
    for entry in tar.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let stranger = || UnpackError::Stranger(path.clone());
        let (inside, name) = path.split_once('/').ok_or_else(stranger)?;
        let is_plain = entry.header().entry_type().is_file() && !name.is_empty() && !name.contains(['/', '\\', '\0']);
        if !is_plain || folder.get_or_insert_with(|| inside.to_owned()) != inside {
            return Err(stranger());
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(damaged)?;
        if files.len() == MOST_FILES {
            return Err(UnpackError::TooLarge);
        }
        if files.insert(name.to_owned(), content).is_some() {
            return Err(UnpackError::Twice(name.to_owned()));
        }
    }
    end(tar.into_inner())?;
    Ok(files)
}

/// The rest is read too: gzip's own checksum is at its end, and what comes after a tar's end belongs to nobody.
fn end(mut rest: io::Take<GzDecoder<impl Read>>) -> Result<(), UnpackError> {
    io::copy(&mut rest, &mut io::sink()).map_err(damaged)?;
    if rest.limit() == 0 { Err(UnpackError::TooLarge) } else { Ok(()) }
}

fn damaged(error: io::Error) -> UnpackError {
    UnpackError::Damaged(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        [("README.md", "read me"), ("empty", ""), ("ä", "x")].map(|(name, text)| (name.to_owned(), text.into())).into()
    }

    fn packed() -> Vec<u8> {
        pack("bundle", &files(), Timestamp::from_second(1_795_000_000).unwrap())
    }

    #[test]
    fn what_was_packed_is_unpacked_and_equal_files_give_equal_bytes() {
        assert_eq!(unpack(packed().as_slice()), Ok(files()));
        assert_eq!(packed(), packed());
    }

    #[test]
    fn a_cut_archive_is_damaged_wherever_it_is_cut() {
        let whole = packed();
        for length in 0..whole.len() {
            assert!(matches!(unpack(&whole[..length]), Err(UnpackError::Damaged(_))), "{length}");
        }
    }

    fn with(entries: &[(&str, tar::EntryType)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(GzBuilder::new().write(Vec::new(), Compression::fast()));
        for (path, kind) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            header.set_size(0);
            header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_cksum();
            tar.append(&header, &[][..]).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap()
    }

    #[test]
    fn anything_but_plain_files_in_one_folder_is_refused() {
        use tar::EntryType::{Directory, Regular, Symlink};
        for (entries, stranger) in [
            (vec![("../x", Regular), ("../../y", Regular)], "../../y"),
            (vec![("x", Regular)], "x"),
            (vec![("a/b/c", Regular)], "a/b/c"),
            (vec![("a/", Directory)], "a/"),
            (vec![("a/b", Symlink)], "a/b"),
            (vec![("a/b", Regular), ("c/b", Regular)], "c/b"),
        ] {
            assert_eq!(unpack(with(&entries).as_slice()), Err(UnpackError::Stranger(stranger.to_owned())));
        }
        let twice = with(&[("a/b", Regular), ("a/b", Regular)]);
        assert_eq!(unpack(twice.as_slice()), Err(UnpackError::Twice("b".to_owned())));
        let many: Vec<String> = (0..=MOST_FILES).map(|number| format!("a/{number}")).collect();
        let many: Vec<_> = many.iter().map(|path| (path.as_str(), Regular)).collect();
        assert_eq!(unpack(with(&many).as_slice()), Err(UnpackError::TooLarge));
    }
}
