//! Every change to a store is found relative to an anchor, and the message says where: all of them, one after the other.

use optout_core::check::Decision;
use optout_core::evidence::{Anchor, Chain, Checked, Hash};

use crate::{Stored, acme, judged, time};

/// Three days; on the second an account got another name, on the third nothing changed.
fn stored() -> (Stored, Vec<Anchor>) {
    let (mut stored, mut snapshot, mut anchors) = (Stored::default(), acme(), Vec::new());
    snapshot.answers.clear();
    for day in 24..27 {
        snapshot.taken = time(&format!("2026-11-{day}T06:00:00Z"));
        if day == 25 {
            snapshot.accounts.as_mut().unwrap()[3].name = "renamed".into();
        }
        let sealed = stored.record(&judged(&snapshot));
        anchors.push(Anchor { number: Some(sealed.number), hash: sealed.hash });
    }
    (stored, anchors)
}

fn check(stored: &Stored, anchors: &[Anchor]) -> Checked {
    let mut chain = Chain::default();
    stored.parts.iter().for_each(|(hash, text)| chain.part(hash, text));
    stored.records.iter().for_each(|(number, hash, text)| chain.record(*number, hash, text));
    chain.finish(&|hash| stored.part(hash), anchors)
}

fn messages(checked: &Checked) -> String {
    checked.problems.iter().map(|it| format!("{:?} {:?} {}\n", it.record, it.part, it.message)).collect()
}

/// Which records refer to a part, by their own texts and those of their lists and pieces.
fn users(stored: &Stored, hash: &str) -> Vec<u64> {
    fn holds(stored: &Stored, text: &str, hash: &str) -> bool {
        text.contains(hash)
            || stored.parts.iter().any(|(known, below)| {
                known != hash && text.contains(known.as_str()) && text != below && holds(stored, below, hash)
            })
    }
    stored.records.iter().filter(|(_, _, text)| holds(stored, text, hash)).map(|(number, ..)| *number as u64).collect()
}

#[track_caller]
fn assert_found(tampered: &Stored, anchors: &[Anchor], what: &str) -> Checked {
    let checked = check(tampered, anchors);
    assert_eq!(checked.decision(), Decision::Fails, "not found: {what}\n{}", messages(&checked));
    checked
}

#[test]
fn what_was_recorded_is_unchanged_up_to_each_anchor() {
    let (stored, anchors) = stored();
    for (at, anchor) in anchors.iter().enumerate() {
        let checked = check(&stored, &[*anchor]);
        assert_eq!(
            (checked.decision(), checked.anchored),
            (Decision::Holds, Some(at as u64 + 1)),
            "{}",
            messages(&checked)
        );
        assert_eq!(checked.notes.iter().any(|note| note.contains("came after the anchor")), at < 2);
    }
    let without = check(&stored, &[]);
    assert_eq!(without.decision(), Decision::Undetermined);
    assert!(without.notes[0].contains("cannot be excluded that the end was cut off"), "{:?}", without.notes);
}

#[test]
fn changed_bytes_of_every_part_are_found_in_a_record_that_has_it() {
    let (stored, anchors) = stored();
    for row in 0..stored.parts.len() {
        let users = users(&stored, &stored.parts[row].0);
        assert!(!users.is_empty());
        for at in (0..stored.parts[row].1.len()).step_by(41) {
            let mut tampered = stored.clone();
            let byte = tampered.parts[row].1.as_bytes()[at];
            tampered.parts[row].1.replace_range(at..=at, if byte == b'x' { "y" } else { "x" });
            let checked = assert_found(&tampered, &anchors[2..], &format!("byte {at} of part {row}"));
            let located = checked.problems.iter().filter_map(|it| it.record).all(|it| users.contains(&it));
            assert!(located && checked.problems.iter().any(|it| it.part.is_some()), "{}", messages(&checked));
        }
    }
}

#[test]
fn every_removed_renamed_or_exchanged_part_is_found() {
    let (stored, anchors) = stored();
    for row in 0..stored.parts.len() {
        let users = users(&stored, &stored.parts[row].0);
        let mut removed = stored.clone();
        removed.parts.remove(row);
        let mut renamed = stored.clone();
        renamed.parts[row].0 = Hash::of("another").to_string();
        let mut unnamed = stored.clone();
        unnamed.parts[row].0 = "x".into();
        let mut exchanged = stored.clone();
        exchanged.parts[row].1 = stored.parts[(row + 1) % stored.parts.len()].1.clone();
        for tampered in [removed, renamed, unnamed, exchanged] {
            let checked = assert_found(&tampered, &anchors[2..], &format!("part {row}"));
            let located = |it: &optout_core::evidence::Problem| it.record.is_some_and(|record| users.contains(&record));
            assert!(checked.problems.iter().any(located), "{}", messages(&checked));
        }
    }
}

#[test]
fn a_part_that_nobody_recorded_is_found() {
    let (mut stored, anchors) = stored();
    stored.parts.push((Hash::of("[]x").to_string(), "[]x".into()));
    let checked = assert_found(&stored, &anchors[2..], "a part more");
    assert!(messages(&checked).contains("1 parts belong to no record"), "{}", messages(&checked));
}

#[test]
fn changed_bytes_all_over_every_record_are_found_there() {
    let (stored, anchors) = stored();
    for row in 0..3 {
        // Every place would take minutes; eleven has no factor in common with the forms of the content.
        for at in (row..stored.records[row].2.len()).step_by(11) {
            let mut tampered = stored.clone();
            let byte = tampered.records[row].2.as_bytes()[at];
            tampered.records[row].2.replace_range(at..=at, if byte == b'1' { "2" } else { "1" });
            for hides in [false, true] {
                if hides {
                    tampered.records[row].1 = Hash::of(&tampered.records[row].2).to_string();
                }
                let checked = assert_found(&tampered, &anchors[2..], &format!("byte {at} of record {row}"));
                let first = checked.problems.iter().filter_map(|it| it.record).min().unwrap();
                let expected = row as u64 + 1..=row as u64 + 2;
                assert!(expected.contains(&first), "{}", messages(&checked));
            }
        }
    }
}

#[test]
fn every_changed_number_and_hash_of_a_record_is_found() {
    let (stored, anchors) = stored();
    for row in 0..3 {
        for number in [-1, 0, 7, i64::MAX, i64::MIN] {
            let mut tampered = stored.clone();
            tampered.records[row].0 = number;
            tampered.records.sort_by_key(|(number, ..)| *number);
            assert_found(&tampered, &anchors[2..], &format!("number {number} of record {row}"));
        }
        for hash in [String::new(), "x".into(), Hash::of("x").to_string(), stored.records[row].1.to_uppercase()] {
            let mut tampered = stored.clone();
            tampered.records[row].1 = hash;
            let checked = assert_found(&tampered, &anchors[2..], &format!("hash of record {row}"));
            assert_eq!(checked.problems[0].record, Some(row as u64 + 1));
        }
    }
}

#[test]
fn removed_and_reordered_records_are_found_where_they_were() {
    let (stored, anchors) = stored();
    for row in 0..3 {
        let mut removed = stored.clone();
        removed.records.remove(row);
        let checked = assert_found(&removed, &anchors[2..], &format!("record {row} removed"));
        assert_eq!(checked.problems[0].record, Some(row as u64 + 1), "{}", messages(&checked));
        let mut closed = removed.clone();
        closed.records.iter_mut().zip(1..).for_each(|(record, number)| record.0 = number);
        assert_found(&closed, &anchors[2..], &format!("record {row} removed, the others numbered anew"));
        let mut swapped = stored.clone();
        let other = (row + 1) % 3;
        let (left, right) = (swapped.records[row].clone(), swapped.records[other].clone());
        (swapped.records[row].1, swapped.records[row].2) = (right.1, right.2);
        (swapped.records[other].1, swapped.records[other].2) = (left.1, left.2);
        let checked = assert_found(&swapped, &anchors[2..], &format!("records {row} and {other} swapped"));
        assert!(messages(&checked).contains("says that it is record"), "{}", messages(&checked));
    }
}

#[test]
fn a_cut_tail_is_found_by_the_anchor_alone() {
    let (stored, anchors) = stored();
    let mut cut = stored;
    cut.records.truncate(2);
    // The third day's parts are those of the second: nothing else remains of it.
    assert_eq!(check(&cut, &[]).decision(), Decision::Undetermined);
    let checked = assert_found(&cut, &anchors[2..], "the tail");
    assert!(messages(&checked).contains("the records after 2 were cut off"), "{}", messages(&checked));
    let bare = Anchor { number: None, hash: anchors[2].hash };
    assert!(messages(&assert_found(&cut, &[bare], "the tail")).contains("cut off"));
    cut.records.truncate(1);
    let left = check(&cut, &[]);
    assert!(messages(&left).contains("belong to no record"), "what the second day alone had is left");
    let empty = Stored::default();
    assert!(messages(&assert_found(&empty, &anchors[..1], "all")).contains("there is no record at all"));
    assert_eq!(check(&empty, &[]).decision(), Decision::Undetermined);
}

#[test]
fn a_full_rewrite_is_found_by_the_anchor_and_narrowed_down_by_several() {
    let (_, anchors) = stored();
    let (mut rewritten, mut snapshot) = (Stored::default(), acme());
    snapshot.answers.clear();
    for day in 24..27 {
        snapshot.taken = time(&format!("2026-11-{day}T06:00:00Z"));
        if day == 25 {
            snapshot.accounts.as_mut().unwrap()[3].name = "innocent".into();
        }
        rewritten.record(&judged(&snapshot));
    }
    assert_eq!(check(&rewritten, &[]).decision(), Decision::Undetermined, "consistent in itself");
    let one = assert_found(&rewritten, &anchors[2..], "a rewrite");
    assert!(messages(&one).contains("one or more of the records 1 to 3 were rewritten"), "{}", messages(&one));
    let three = assert_found(&rewritten, &anchors, "a rewrite");
    assert!(messages(&three).contains("one or more of the records 2 to 2 were rewritten"), "{}", messages(&three));
}

#[test]
fn a_clock_that_went_back_is_a_note_and_no_accusation() {
    let (mut stored, mut snapshot) = (Stored::default(), acme());
    stored.record(&judged(&snapshot));
    snapshot.taken = time("2026-11-20T06:00:00Z");
    let sealed = stored.record(&judged(&snapshot));
    let checked = check(&stored, &[Anchor { number: None, hash: sealed.hash }]);
    assert_eq!(checked.decision(), Decision::Holds);
    assert!(checked.notes[0].contains("a clock that was behind"), "{:?}", checked.notes);
}

#[test]
fn an_anchor_is_read_as_it_is_printed() {
    let anchor = Anchor { number: Some(12), hash: Hash::of("") };
    assert_eq!(anchor.to_string().parse(), Ok(anchor));
    assert_eq!(Hash::of("").to_string().parse(), Ok(Anchor { number: None, ..anchor }));
    for wrong in ["", ":", "12:", "x:ab", &format!("-1:{}", Hash::of(""))] {
        assert!(wrong.parse::<Anchor>().is_err(), "{wrong}");
    }
}
