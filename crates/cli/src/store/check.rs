//! Everything in a store, for a check or a copy. What cannot be read is told and does not hide the rest.

use optout_core::evidence::{Anchor, Chain, Checked};
use rusqlite::Connection;

use super::schema::strange;
use super::{Trouble, part};

/// Checks a store.
pub(super) fn check(connection: &Connection, anchors: &[Anchor]) -> Result<Checked, Trouble> {
    let mut chain = Chain::default();
    damage(connection, &mut chain);
    match strange(connection) {
        Ok(None) => {}
        Ok(Some(what)) => chain.stranger(format!("the tables are not those that optout makes: {what}")),
        Err(error) => chain.stranger(format!("the tables cannot be read: {error}")),
    }
    parts(connection, &mut |_, sha256, text| chain.part(sha256, text)).unwrap_or_else(|error| {
        chain.stranger(format!("not every part can be read: {error}"));
    });
    records(connection, &mut chain);
    let lookup = |hash: &_| part(connection, hash).map_err(|error| error.to_string());
    Ok(chain.finish(&lookup, anchors))
}

/// What SQLite finds wrong with the file itself.
fn damage(connection: &Connection, chain: &mut Chain) {
    let lines = || -> rusqlite::Result<Vec<String>> {
        connection.prepare("PRAGMA integrity_check(20)")?.query_map([], |row| row.get(0))?.collect()
    };
    match lines() {
        Ok(lines) if lines == ["ok"] => {}
        Ok(lines) => lines.into_iter().for_each(|line| chain.stranger(format!("the file is damaged: {line}"))),
        Err(error) => chain.stranger(format!("the file is damaged: {error}")),
    }
}

/// One by one, so that a damaged page costs only what is on it.
fn records(connection: &Connection, chain: &mut Chain) {
    let numbers = || -> rusqlite::Result<Vec<i64>> {
        connection.prepare("SELECT number FROM record ORDER BY number")?.query_map([], |row| row.get(0))?.collect()
    };
    let numbers = match numbers() {
        Ok(numbers) => numbers,
        Err(error) => return chain.stranger(format!("the records cannot be read: {error}")),
    };
    for number in numbers {
        let row = connection.query_row("SELECT sha256, body FROM record WHERE number = ?1", [number], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        });
        match row {
            Ok((sha256, body)) => chain.record(number, &sha256, &body),
            Err(error) => chain.unreadable(number, &error.to_string()),
        }
    }
}

type Take<'t> = &'t mut dyn FnMut(Option<i64>, &str, &str);

fn parts(connection: &Connection, take: Take<'_>) -> Result<(), Trouble> {
    let mut statement = connection.prepare("SELECT sha256, body FROM part ORDER BY rowid")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(None, &row.get::<_, String>(0)?, &row.get::<_, String>(1)?);
    }
    Ok(())
}

/// Every part, then every record.
pub(super) fn each(connection: &Connection, take: Take<'_>) -> Result<(), Trouble> {
    parts(connection, take)?;
    let mut statement = connection.prepare("SELECT number, sha256, body FROM record ORDER BY number")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(Some(row.get(0)?), &row.get::<_, String>(1)?, &row.get::<_, String>(2)?);
    }
    Ok(())
}
