//! Opening: whose file it is comes first, and nothing is written before that is known.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::schema::{STEPS, identify, migrate, strange};
use super::{Refusal, Trouble};

/// How long writers wait for each other.
const PATIENCE: Duration = Duration::from_secs(60);

const ALWAYS: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX;

pub(super) fn writable(path: &Path) -> Result<Connection, Trouble> {
    if !path.exists() {
        create(path)?;
    }
    existing(path, STEPS)
}

/// Opens a store that is there, to write in it.
pub(super) fn existing(path: &Path, steps: &[&str]) -> Result<Connection, Trouble> {
    let mut connection = Connection::open_with_flags(path, ALWAYS | OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    prepare(&connection)?;
    identify(&connection, steps)?;
    settings(&connection)?;
    migrate(&mut connection, steps)?;
    if steps == STEPS {
        refuse_strange(&connection)?;
    }
    Ok(connection)
}

/// Opens a store to read it.
pub(super) fn readable(path: &Path) -> Result<Connection, Trouble> {
    let connection = to_check(path)?;
    refuse_strange(&connection)?;
    Ok(connection)
}

/// Opens a store for a check, whatever its tables are.
pub(super) fn to_check(path: &Path) -> Result<Connection, Trouble> {
    match open_to_read(path, path, OpenFlags::empty()) {
        // On a read-only or full disk nothing can be made beside the file: without a log, the file is all there is.
        Err(Trouble::Database(error)) if cannot_open(&error) && path.exists() => {
            let log = beside(path, "-wal");
            if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
                return Err(Trouble::Refused(Refusal::Log(log.to_string_lossy().into_owned())));
            }
            let address = immutable(path).ok_or(Trouble::Database(error))?;
            open_to_read(path, Path::new(&address), OpenFlags::SQLITE_OPEN_URI)
        }
        other => other,
    }
}

fn open_to_read(path: &Path, address: &Path, flags: OpenFlags) -> Result<Connection, Trouble> {
    std::fs::File::open(path)?;
    let connection = Connection::open_with_flags(address, ALWAYS | flags | OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    prepare(&connection)?;
    identify(&connection, STEPS)?;
    if super::schema::form(&connection)? < super::schema::newest(STEPS) {
        return Err(Trouble::Refused(Refusal::Older));
    }
    Ok(connection)
}

fn refuse_strange(connection: &Connection) -> Result<(), Trouble> {
    strange(connection)?.map_or(Ok(()), |what| Err(Trouble::Refused(Refusal::Schema(what))))
}

fn cannot_open(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(CannotOpen | DiskFull | ReadOnly | SystemIoFailure))
}

pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// The address of a file that nobody changes.
fn immutable(path: &Path) -> Option<String> {
    let path = std::fs::canonicalize(path).ok()?;
    let escaped = path.to_str()?.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Some(format!("file:{escaped}?immutable=1"))
}

fn prepare(connection: &Connection) -> Result<(), Trouble> {
    connection.busy_timeout(PATIENCE)?;
    // A file that somebody prepared cannot make SQLite run functions, and damage is noticed when a page is read.
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(())
}

fn settings(connection: &Connection) -> Result<(), Trouble> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(())
}

/// Makes a store beside its place, whole, and puts it there; where somebody else was faster, theirs is the store.
fn create(path: &Path) -> Result<(), Trouble> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Readable by its owner only, as the log that SQLite puts beside it will be.
    let new = tempfile::Builder::new().prefix(".optout-").tempfile_in(folder)?;
    {
        let mut connection = Connection::open_with_flags(new.path(), ALWAYS | OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        settings(&connection)?;
        migrate(&mut connection, STEPS)?;
    }
    new.as_file().sync_all()?;
    match new.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error.into()),
    }
}
