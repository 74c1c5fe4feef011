//! The store of evidence: one SQLite file. What is in it is `optout-core`'s business; here it is kept, and kept whole.
//!
//! A record and its parts become visible together, and are on the disk before anybody is told (write-ahead log,
//! `synchronous=FULL`). Writers wait for each other. A new store is made beside its place and then put there, so that none
//! is ever half made. A file of another program is never touched.

mod check;
mod error;
mod open;
mod schema;
#[cfg(test)]
mod tests;

pub(crate) use error::StoreError;

use optout_core::evidence::{Anchor, Checked, Draft, EvidenceError, Hash, Line, Record, Sealed};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use std::path::{Path, PathBuf};

/// Where evidence is kept unless another file is named.
pub(crate) const DEFAULT_STORE: &str = "optout-evidence.db";

/// An open store.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    connection: Connection,
}

impl Store {
    /// Opens the store at `path` to record in it; makes one where there is none.
    pub(crate) fn writable(path: &Path) -> Result<Self, StoreError> {
        let connection = open::writable(path).map_err(|error| error.at(path))?;
        Ok(Self { path: path.to_owned(), connection })
    }

    /// Opens the store at `path` to read it; nothing in it, nor beside it, needs to be writable.
    pub(crate) fn readable(path: &Path) -> Result<Self, StoreError> {
        let connection = open::readable(path).map_err(|error| error.at(path))?;
        Ok(Self { path: path.to_owned(), connection })
    }

    /// Opens the store at `path` to check it: whatever is wrong with it is then a finding.
    pub(crate) fn to_check(path: &Path) -> Result<Self, StoreError> {
        let connection = open::to_check(path).map_err(|error| error.at(path))?;
        Ok(Self { path: path.to_owned(), connection })
    }

    /// Puts a record at the end of the chain. When this returns it is on the disk.
    pub(crate) fn record(&mut self, draft: &Draft) -> Result<Sealed, StoreError> {
        record(&mut self.connection, draft).map_err(|error| error.at(&self.path))
    }

    /// Every record with its hash, in order, each the one that the next names.
    ///
    /// # Errors
    /// Where one is not what was recorded: what is shown as evidence was checked.
    pub(crate) fn records(&self) -> Result<Vec<(Record, Hash)>, StoreError> {
        records(&self.connection).map_err(|error| error.at(&self.path))
    }

    /// The text stored under a hash, unchecked; the reason where it cannot be read.
    pub(crate) fn part(&self, hash: &Hash) -> Result<Option<String>, String> {
        part(&self.connection, hash).map_err(|error| error.to_string())
    }

    /// Checks everything there is, relative to the anchors.
    pub(crate) fn check(&self, anchors: &[Anchor]) -> Result<Checked, StoreError> {
        check::check(&self.connection, anchors).map_err(|error| error.at(&self.path))
    }

    /// Every part and record as lines of JSON, first the parts.
    pub(crate) fn lines(&self) -> Result<String, StoreError> {
        let mut lines = String::new();
        self.each(&mut |record, sha256, text| lines.push_str(&Line::write(record, sha256, text)))?;
        Ok(lines)
    }

    /// Hands out every part and record, first the parts: `(number, hash, text)`, the number `None` for a part.
    pub(crate) fn each(&self, take: &mut dyn FnMut(Option<i64>, &str, &str)) -> Result<(), StoreError> {
        check::each(&self.connection, take).map_err(|error| error.at(&self.path))
    }
}

/// What went wrong, without the file in which.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    #[error("{0}")]
    Refused(Refusal),
}

/// Why a file is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("it is not a store of evidence, but {0}")]
    Foreign(&'static str),
    #[error("a newer version of optout made it (form {0}, this version knows {1})")]
    Newer(i64, i64),
    #[error("it needs to be brought to a newer form first, which this way of opening cannot do")]
    Older,
    #[error("its tables are not those that optout makes: {0}")]
    Schema(String),
    #[error("record {0} is not what was recorded")]
    Tampered(i64),
    #[error("there are changes beside it in `{0}` that cannot be read without writing")]
    Log(String),
}

fn record(connection: &mut Connection, draft: &Draft) -> Result<Sealed, Trouble> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (number, previous) = last(&transaction)?;
    let number =
        number.checked_add(1).filter(|number| *number > 0).ok_or(Trouble::Refused(Refusal::Tampered(number)))?;
    let sealed = draft.seal(number.unsigned_abs(), previous);
    {
        let mut insert =
            transaction.prepare("INSERT INTO part (sha256, body) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
        for (hash, text) in draft.parts.iter() {
            insert.execute((hash.to_string(), text))?;
        }
    }
    let values = (number, sealed.hash.to_string(), &sealed.text);
    transaction.execute("INSERT INTO record (number, sha256, body) VALUES (?1, ?2, ?3)", values)?;
    transaction.commit()?;
    Ok(sealed)
}

/// The number and hash of the last record. Nothing is built on one that was changed.
fn last(connection: &Connection) -> Result<(i64, Hash), Trouble> {
    let mut statement = connection.prepare("SELECT number, sha256, body FROM record ORDER BY number DESC LIMIT 1")?;
    let last: Option<(i64, String, String)> =
        statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((number, sha256, body)) = last else { return Ok((0, Hash::NONE)) };
    let hash = Hash::of(&body);
    if hash.to_string() == sha256 { Ok((number, hash)) } else { Err(Trouble::Refused(Refusal::Tampered(number))) }
}

fn records(connection: &Connection) -> Result<Vec<(Record, Hash)>, Trouble> {
    let mut statement = connection.prepare("SELECT number, body FROM record ORDER BY number")?;
    let mut rows = statement.query([])?;
    let mut records: Vec<(Record, Hash)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (number, body): (i64, String) = (row.get(0)?, row.get(1)?);
        let tampered = || Trouble::Refused(Refusal::Tampered(number));
        let record = Record::parse(&body).map_err(|_| tampered())?;
        let (expected, previous) = records.last().map_or((1, Hash::NONE), |(last, hash)| (last.number + 1, *hash));
        if record.number != expected || i64::try_from(record.number) != Ok(number) || record.previous != previous {
            return Err(tampered());
        }
        records.push((record, Hash::of(&body)));
    }
    Ok(records)
}

fn part(connection: &Connection, hash: &Hash) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT body FROM part WHERE sha256 = ?1")?;
    statement.query_row([hash.to_string()], |row| row.get(0)).optional()
}
