//! What is recorded comes back, without what was to be left out.

use optout_core::evidence::{Rows, snapshot_of};
use optout_core::org::{Answer, AnswerContent};

use crate::{Stored, acme, judged, time};

#[test]
fn a_recorded_snapshot_comes_back_without_its_email_addresses() {
    let mut snapshot = acme();
    let ids: Vec<_> = snapshot.accounts.iter().flatten().map(|account| account.id).collect();
    for (at, id) in ids.iter().enumerate() {
        let content =
            if at % 3 == 0 { AnswerContent::NotFound } else { AnswerContent::Document("{\"é\":\"\\u0000\"}".into()) };
        let asked = time(&format!("2026-11-24T06:00:{:02}.25Z", 30 - at));
        snapshot.answers.insert(*id, Answer { content, last_updated: None, asked });
    }
    let mut with_email = snapshot.clone();
    for account in with_email.accounts.iter_mut().flatten() {
        account.email = Some(format!("secret-{}@example.com", account.id));
    }
    let mut stored = Stored::default();
    stored.record(&judged(&with_email));
    assert!(stored.parts.iter().all(|(_, text)| !text.contains("secret-")), "an address was recorded");
    let (record, _) = stored.records().remove(0);
    let back = snapshot_of(&record, &|hash| stored.part(hash)).unwrap();
    // Lists come back in the order of their ids.
    snapshot.units.as_mut().unwrap().sort_by(|left, right| left.id.cmp(&right.id));
    assert_eq!(back, snapshot);
}

#[test]
fn a_second_record_of_the_same_shares_every_part() {
    let mut stored = Stored::default();
    stored.record(&judged(&acme()));
    let parts = stored.parts.len();
    let mut later = acme();
    later.taken = time("2026-11-25T06:00:00Z");
    let moved = later.taken.duration_since(acme().taken);
    later.answers.values_mut().for_each(|answer| answer.asked = answer.asked.checked_add(moved).unwrap());
    stored.record(&judged(&later));
    assert_eq!(stored.parts.len(), parts);
}

#[test]
fn a_row_is_found_by_its_account() {
    let snapshot = acme();
    let mut stored = Stored::default();
    stored.record(&judged(&snapshot));
    let (record, _) = stored.records().remove(0);
    let lookup = |hash: &_| stored.part(hash);
    let rows = Rows::new(&lookup);
    for account in snapshot.accounts.iter().flatten() {
        let row = rows.account(&record, account.id).unwrap().unwrap();
        assert_eq!((row.id, rows.services(&row).unwrap().0.contains_key("lex")), (account.id, true));
    }
    assert_eq!(rows.account(&record, "000000000000".parse().unwrap()), Ok(None));
    assert_eq!(rows.account(&record, "999999999999".parse().unwrap()), Ok(None));
}
