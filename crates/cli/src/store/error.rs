//! Why a store cannot be used, with what to do about it.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

use super::{Refusal, Trouble};
use crate::error::Error;

/// What went wrong with a store.
#[derive(Debug, thiserror::Error)]
#[error("the store of evidence `{path}` cannot be used: {why}")]
pub(crate) struct StoreError {
    path: String,
    why: String,
    help: &'static str,
}

impl Trouble {
    /// The trouble with the store at `path`.
    pub(super) fn at(&self, path: &Path) -> StoreError {
        let (why, help) = match self {
            Self::Database(error) => database(error),
            Self::File(error) => (Error::read("", error).reason(), file(error)),
            Self::Evidence(error) => (error.to_string(), TAMPERED),
            Self::Refused(refusal) => (refusal.to_string(), refused(refusal)),
        };
        StoreError { path: path.to_string_lossy().into_owned(), why, help }
    }
}

const TAMPERED: &str = "`optout history verify --head HEAD` says what was changed, and where";
const ANOTHER: &str = "name another file; it was not changed";

fn file(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "`optout verify --record` begins one; or name yours with --store",
        _ => "name another file, or make it accessible",
    }
}

const fn refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Foreign(_) => ANOTHER,
        Refusal::Newer(..) => "use that version of optout, or record in another file; it was not changed",
        Refusal::Older => "record once more with this version, or make the file writable",
        Refusal::Schema(_) => "somebody changed its structure; restore it from a copy",
        Refusal::Tampered(_) => TAMPERED,
        Refusal::Log(_) => "copy both files to where they can be written, and read them there",
    }
}

fn database(error: &rusqlite::Error) -> (String, &'static str) {
    let help = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            return ("it is not a store of evidence, and no database at all".to_owned(), ANOTHER);
        }
        Some(ErrorCode::DiskFull) => {
            "nothing was recorded, and what was recorded before is whole; make room on the disk"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "nothing was recorded; somebody else is recording: try again"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "nothing was recorded; the file and its folder must be writable to record"
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            "the file is damaged: `optout history verify` says how far; restore it from a copy"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "nothing was recorded, and what was recorded before is whole; the disk may be full, or failing"
        }
        _ => "nothing was recorded",
    };
    (error.to_string(), help)
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::failed(error.to_string(), error.help)
    }
}
