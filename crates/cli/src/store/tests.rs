//! A store against everything that can happen to a file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use optout_core::catalogue::Catalogue;
use optout_core::check::{Decision, Question, Severity, assess};
use optout_core::evidence::{Anchor, Draft, Run, draft, snapshot_of};
use optout_core::org::{self, Account, AccountState, Answer, AnswerContent, Attachment, Policy, PolicyType, Snapshot};
use optout_core::report::{NothingAccepted, Origin, Report};
use optout_core::source::Source;
use rusqlite::Connection;
use tempfile::TempDir;

use super::{Store, open, schema};

fn acme() -> Snapshot {
    org::read(&Source::new("acme.json", include_str!("../../../../examples/acme/organization.json"))).unwrap()
}

fn judged(snapshot: &Snapshot) -> Draft {
    let question = Question::plain(snapshot, Catalogue::embedded());
    let assessment = assess(&question);
    let report = Report::new(&assessment, Severity::High, &NothingAccepted, Origin::default());
    let run = Run { recorded: snapshot.taken, command: "verify", tool_version: "1".into(), source: "test".into() };
    draft(&run, snapshot, Some(&report))
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("e.db");
    (folder, path)
}

/// A store with three records, its last head, and no open connection.
fn three() -> (TempDir, PathBuf, Anchor) {
    let (folder, path) = place();
    let (mut store, mut snapshot) = (Store::writable(&path).unwrap(), acme());
    let mut head = None;
    for name in ["a", "b", "c"] {
        snapshot.accounts.as_mut().unwrap()[2].name = name.into();
        let sealed = store.record(&judged(&snapshot)).unwrap();
        head = Some(Anchor { number: Some(sealed.number), hash: sealed.hash });
    }
    (folder, path, head.unwrap())
}

fn decision(path: &std::path::Path, anchor: Anchor) -> Option<Decision> {
    Some(Store::to_check(path).ok()?.check(&[anchor]).ok()?.decision())
}

fn query(connection: &Connection, sql: &str) -> Vec<i64> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn what_was_recorded_is_read_back_and_unchanged() {
    let (_folder, path, head) = three();
    assert_eq!(decision(&path, head), Some(Decision::Holds));
    let store = Store::readable(&path).unwrap();
    let records = store.records().unwrap();
    let back = snapshot_of(&records[2].0, &|hash| store.part(hash)).unwrap();
    assert_eq!((records.len(), back.accounts.unwrap()[2].name.as_str()), (3, "c"));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path, _) = three();
    let _open = Store::writable(&path).unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
    }
}

#[test]
fn every_column_of_every_row_is_guarded() {
    let (_folder, path, head) = three();
    let whole = std::fs::read(&path).unwrap();
    let rows = {
        let connection = Connection::open(&path).unwrap();
        let rows = |table: &str| query(&connection, &format!("SELECT rowid FROM {table} ORDER BY rowid"));
        BTreeMap::from([("part", rows("part")), ("record", rows("record"))])
    };
    let mut tried = 0;
    for (table, rows) in rows {
        for row in rows {
            let mut changes = vec![
                format!("UPDATE {table} SET body = body || ' ' WHERE rowid = {row}"),
                format!("UPDATE {table} SET body = '' WHERE rowid = {row}"),
                format!("UPDATE {table} SET body = replace(body, 'e', 'f') WHERE rowid = {row} AND body LIKE '%e%'"),
                format!("UPDATE {table} SET sha256 = substr(sha256, 2) || 'x' WHERE rowid = {row}"),
                format!("UPDATE {table} SET sha256 = upper(sha256) || '' WHERE rowid = {row}"),
                format!("DELETE FROM {table} WHERE rowid = {row}"),
            ];
            if table == "record" {
                changes.push(format!("UPDATE record SET number = number + 100 WHERE rowid = {row}"));
                changes.push(format!("UPDATE record SET number = -number WHERE rowid = {row}"));
            }
            for change in changes {
                let (_folder, copy) = place();
                std::fs::write(&copy, &whole).unwrap();
                let connection = Connection::open(&copy).unwrap();
                let changed = connection.execute(&change, []).unwrap();
                drop(connection);
                if changed > 0 {
                    assert_eq!(decision(&copy, head), Some(Decision::Fails), "{change}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn tables_that_are_not_ours_are_found_and_not_written_to() {
    for strange in [
        "CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record WHERE number = new.number; END",
        "CREATE TABLE other (a)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE INDEX i ON part (body)",
    ] {
        let (_folder, path, head) = three();
        Connection::open(&path).unwrap().execute_batch(strange).unwrap();
        assert_eq!(decision(&path, head), Some(Decision::Fails), "{strange}");
        let error = Store::writable(&path).unwrap_err().to_string();
        assert!(error.contains("its tables are not those that optout makes"), "{error}");
        assert!(Store::readable(&path).is_err());
    }
    let (_folder, path, head) = three();
    Connection::open(&path).unwrap().execute_batch("DROP TABLE part").unwrap();
    assert_eq!(decision(&path, head), Some(Decision::Fails));
}

#[test]
fn a_file_that_is_no_store_is_refused_and_stays_as_it_is() {
    let (_folder, path) = place();
    let foreign = {
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE mine (a); INSERT INTO mine VALUES (1)").unwrap();
        drop(connection);
        std::fs::read(&path).unwrap()
    };
    for (content, why) in [
        (foreign, "another program"),
        (b"hello, I am a text".repeat(99), "no database at all"),
        (Vec::new(), "another program"),
    ] {
        std::fs::write(&path, &content).unwrap();
        for error in [Store::writable(&path).unwrap_err(), Store::readable(&path).unwrap_err()] {
            assert!(error.to_string().contains(why), "{error}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_newer_form_is_refused_and_stays_as_it_is() {
    let (_folder, path, _) = three();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 7).unwrap();
    let before = std::fs::read(&path).unwrap();
    for error in [Store::writable(&path).unwrap_err(), Store::readable(&path).unwrap_err()] {
        assert!(
            error.to_string().contains("a newer version of optout made it (form 7, this version knows 1)"),
            "{error}"
        );
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn an_older_form_is_brought_forward_once_and_whole() {
    let (_folder, path, _) = three();
    let steps = [schema::STEPS[0], "CREATE TABLE later (a) STRICT"];
    let count = || query(&Connection::open(&path).unwrap(), "SELECT count(*) FROM record")[0];
    let broken = [schema::STEPS[0], "CREATE TABLE later (a TEXT) STRICT; CREATE TABLE record (a TEXT) STRICT"];
    assert!(open::existing(&path, &broken).is_err());
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'later'";
    assert_eq!(query(&Connection::open(&path).unwrap(), tables), [0], "a step that fails leaves nothing behind");
    let steps = steps.map(|step| step.replace("later (a)", "later (a TEXT)"));
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    for _ in 0..2 {
        let connection = open::existing(&path, &steps).unwrap();
        assert_eq!((schema::form(&connection).unwrap(), count()), (2, 3));
    }
}

#[test]
fn a_full_disk_loses_nothing_that_was_recorded() {
    let (_folder, path, head) = three();
    let mut store = Store::writable(&path).unwrap();
    let pages = query(&store.connection, "PRAGMA page_count")[0];
    store.connection.pragma_update(None, "max_page_count", pages + 1).unwrap();
    let error = store.record(&judged(&large(600, 0))).unwrap_err();
    assert!(error.to_string().contains("full"), "{error}");
    assert_eq!(store.check(&[head]).unwrap().decision(), Decision::Holds);
    store.connection.pragma_update(None, "max_page_count", 1_000_000).unwrap();
    assert_eq!(store.record(&judged(&large(600, 0))).unwrap().number, 4, "with room again it goes on");
    assert_eq!(store.check(&[head]).unwrap().decision(), Decision::Holds);
}

#[test]
fn a_damaged_page_is_found_wherever_it_is() {
    let (_folder, path, head) = three();
    let whole = std::fs::read(&path).unwrap();
    for page in 0..whole.len() / 4096 {
        let mut damaged = whole.clone();
        damaged[page * 4096..(page + 1) * 4096].fill(0xAA);
        std::fs::write(&path, &damaged).unwrap();
        let decision = decision(&path, head);
        assert!(matches!(decision, None | Some(Decision::Fails)), "page {page}: {decision:?}");
    }
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(decision(&path, head), None | Some(Decision::Fails)), "half a file");
}

#[test]
fn nothing_is_built_on_a_record_that_was_changed() {
    let (_folder, path, _) = three();
    Connection::open(&path).unwrap().execute("UPDATE record SET body = body || ' ' WHERE number = 3", []).unwrap();
    let error = Store::writable(&path).unwrap().record(&judged(&acme())).unwrap_err().to_string();
    assert!(error.contains("record 3 is not what was recorded"), "{error}");
    let error = Store::readable(&path).unwrap().records().unwrap_err().to_string();
    assert!(error.contains("record 3 is not what was recorded"), "{error}");
}

#[test]
fn a_store_is_read_where_nothing_can_be_written_beside_it() {
    let (_folder, path, head) = three();
    // Who owns a folder can always write in it, root everywhere: a folder in the place of the shared memory cannot be opened.
    let shared = open::beside(&path, "-shm");
    let _ = std::fs::remove_file(&shared);
    let _ = std::fs::remove_file(open::beside(&path, "-wal"));
    std::fs::create_dir(&shared).unwrap();
    assert_eq!(decision(&path, head), Some(Decision::Holds));
    assert_eq!(Store::readable(&path).unwrap().records().unwrap().len(), 3);
    assert!(Store::writable(&path).and_then(|mut store| store.record(&judged(&acme()))).is_err());
    std::fs::write(open::beside(&path, "-wal"), "something that was not brought over").unwrap();
    assert!(Store::readable(&path).is_err(), "a log that cannot be read is not passed over");
}

#[test]
fn many_threads_make_one_chain() {
    let (_folder, path) = place();
    let draft = judged(&acme());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..5).for_each(|_| drop(Store::writable(&path).unwrap().record(&draft).unwrap())));
        }
    });
    assert_eq!(Store::readable(&path).unwrap().records().unwrap().len(), 20);
}

/// An organization with one policy at the root and AWS's answer for every account, on a day.
fn large(accounts: u64, day: u32) -> Snapshot {
    let mut snapshot = acme();
    snapshot.taken += jiff::SignedDuration::from_hours(24 * i64::from(day));
    let root = snapshot.root.as_ref().unwrap().id.to_string();
    let text = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
    snapshot.policies = Some(vec![Policy {
        id: "p-largepolicy".parse().unwrap(),
        name: "opt out".into(),
        description: String::new(),
        policy_type: PolicyType::AiOptOut,
        aws_managed: false,
        content: Some(text.into()),
        tags: None,
    }]);
    let attachment = Attachment { policy: "p-largepolicy".parse().unwrap(), attached: None };
    snapshot.attachments = Some([(root.parse().unwrap(), vec![attachment])].into());
    let account = |number: u64| Account {
        id: format!("{:012}", 100_000_000_000 + number * 77_777).parse().unwrap(),
        name: format!("workload-{number}-production"),
        email: Some(format!("aws+{number}@example.com")),
        state: AccountState::Active,
        parent: Some(root.parse().unwrap()),
        joined: Some(snapshot.taken - jiff::SignedDuration::from_hours(24 * i64::from(day))),
    };
    snapshot.accounts = Some((0..accounts).map(account).collect());
    // Times as when eight requests are under way: about in order, never twice the same.
    let asked = |number: u64| {
        let noise = number.wrapping_mul(2_654_435_761).wrapping_add(u64::from(day) * 97_531) % 900;
        snapshot.taken + jiff::SignedDuration::from_millis(i64::try_from(number * 110 + noise).unwrap())
    };
    let document: std::sync::Arc<str> = r#"{"services":{"default":{"opt_out_policy":"optOut"}}}"#.into();
    let answer = |(account, number): (&Account, u64)| {
        let content = AnswerContent::Document(std::sync::Arc::clone(&document));
        (account.id, Answer { content, last_updated: account.joined, asked: asked(number) })
    };
    snapshot.answers = snapshot.accounts.iter().flatten().zip(0..).map(answer).collect();
    snapshot
}

/// Records some days, and says how large the store is and how long it takes. OPTOUT_DAYS: how many (365).
fn days(what: &str, change: impl Fn(&mut Snapshot, u32)) -> u64 {
    let days: u32 = std::env::var("OPTOUT_DAYS").ok().and_then(|days| days.parse().ok()).unwrap_or(365);
    let (_folder, path) = place();
    let mut spent = std::time::Duration::ZERO;
    let mut drafted = std::time::Duration::ZERO;
    let (mut first, mut head) = (0, None);
    for day in 0..days {
        let mut snapshot = large(10_000, day);
        change(&mut snapshot, day);
        let draft = {
            let begin = std::time::Instant::now();
            let draft = judged(&snapshot);
            drafted += begin.elapsed();
            draft
        };
        let begin = std::time::Instant::now();
        let sealed = Store::writable(&path).unwrap().record(&draft).unwrap();
        spent += begin.elapsed();
        head = Some(Anchor { number: None, hash: sealed.hash });
        if day == 0 {
            first = std::fs::metadata(&path).unwrap().len();
        }
    }
    let begin = std::time::Instant::now();
    assert_eq!(decision(&path, head.unwrap()), Some(Decision::Holds));
    let checked = begin.elapsed();
    let bytes = std::fs::metadata(&path).unwrap().len();
    let a_day = (bytes - first) / u64::from(days.saturating_sub(1).max(1));
    println!(
        "{what}: {days} days {bytes} bytes, the first {first}, then {a_day} a day, so a year {}; judge and draft {:?}, write {:?} a record; verify {checked:?}",
        first + 364 * a_day,
        drafted / days,
        spent / days,
    );
    first + 364 * a_day
}

const MEGABYTE: u64 = 1_000_000;

#[test]
#[ignore = "long"]
fn long_a_year_of_an_unchanged_organization_stays_small() {
    let chain = |snapshot: &mut Snapshot, _| {
        let first = *snapshot.answers.keys().next().unwrap();
        snapshot.answers.retain(|account, _| *account == first);
    };
    assert!(days("unchanged, one answer a chain", chain) < 50 * MEGABYTE);
    assert!(days("unchanged, every account asked at another time each day", |_, _| {}) < 50 * MEGABYTE);
}

#[test]
#[ignore = "long"]
fn long_a_year_with_a_change_every_day_stays_small() {
    let renamed = |snapshot: &mut Snapshot, day: u32| {
        let first = *snapshot.answers.keys().next().unwrap();
        snapshot.answers.retain(|account, _| *account == first);
        let at = usize::try_from(day).unwrap() * 7_919 % 10_000;
        snapshot.accounts.as_mut().unwrap()[at].name = format!("renamed on day {day}");
    };
    assert!(days("one account renamed each day, one answer a chain", renamed) < 50 * MEGABYTE);
    let joined = |snapshot: &mut Snapshot, day: u32| {
        let (from, to) = (usize::try_from(day).unwrap(), usize::try_from(day).unwrap() + 9_000);
        let accounts: Vec<Account> = snapshot.accounts.take().unwrap().drain(from..to).collect();
        snapshot.answers.retain(|account, _| accounts.binary_search_by_key(account, |it| it.id).is_ok());
        snapshot.accounts = Some(accounts);
    };
    // Two changes a day in three lists, and ten thousand times.
    assert!(days("one account joins and one leaves each day, every account asked", joined) < 75 * MEGABYTE);
}

#[test]
fn answers_are_used_as_they_are() {
    // The year above rests on this: every account asked, and nothing computed.
    let draft = judged(&large(20, 3));
    let text = draft.seal(1, optout_core::evidence::Hash::NONE).text;
    assert!(text.contains(r#""bases":{"aws":20}"#), "{text}");
}
