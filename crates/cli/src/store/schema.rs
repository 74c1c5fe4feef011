//! The tables, and how an older file becomes a newer one.

use rusqlite::{Connection, TransactionBehavior};

use super::{Refusal, Trouble};

/// "optO": says in the file's header whose file it is.
pub(super) const APPLICATION_ID: i64 = 0x6f70_744f;

/// Each form of the file as steps from the one before it. A step that was released is never changed.
pub(super) const STEPS: &[&str] = &["\
CREATE TABLE part (sha256 TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE record (number INTEGER PRIMARY KEY NOT NULL, sha256 TEXT NOT NULL, body TEXT NOT NULL) STRICT;"];

/// The form that these steps lead to.
pub(super) fn newest(steps: &[&str]) -> i64 {
    steps.len().try_into().unwrap_or(i64::MAX)
}

/// The form of a file.
pub(super) fn form(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings a file to the newest form: all of it, or nothing.
pub(super) fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), Trouble> {
    if form(connection)? >= newest(steps) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Somebody else may have done it in the meantime.
    let done = usize::try_from(form(&transaction)?).unwrap_or(usize::MAX);
    for step in steps.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest(steps))?;
    Ok(transaction.commit()?)
}

/// Whose file it is, and whether this version knows its form.
pub(super) fn identify(connection: &Connection, steps: &[&str]) -> Result<(), Trouble> {
    let id: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let form = form(connection)?;
    if id != APPLICATION_ID || form < 1 {
        return Err(Trouble::Refused(Refusal::Foreign("a database of another program")));
    }
    if form > newest(steps) {
        return Err(Trouble::Refused(Refusal::Newer(form, newest(steps))));
    }
    Ok(())
}

/// What the file has beside or in place of our tables; a trigger could make a record vanish while it is made.
pub(super) fn strange(connection: &Connection) -> Result<Option<String>, Trouble> {
    let own = tables(&made()?)?;
    let found = tables(connection)?;
    let differs =
        found.iter().find(|item| !own.contains(item)).or_else(|| own.iter().find(|item| !found.contains(item)));
    Ok(differs.map(|(kind, name, _)| format!("{kind} `{name}`")))
}

fn made() -> Result<Connection, Trouble> {
    let mut connection = Connection::open_in_memory()?;
    migrate(&mut connection, STEPS)?;
    Ok(connection)
}

type Item = (String, String, Option<String>);

fn tables(connection: &Connection) -> Result<Vec<Item>, Trouble> {
    let mut statement = connection.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
