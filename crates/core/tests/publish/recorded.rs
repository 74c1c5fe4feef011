//! What stood before, from records.

use optout_core::evidence::{Hash, Parts, Record, Run, draft};
use optout_core::publish::{ChangeKind, Standing, Status};

use super::{acme, published, reported};

/// Records of the example organization at these times, and where their parts are.
fn records(times: &[&str]) -> (Vec<Record>, Vec<Parts>) {
    let one = |(at, time): (usize, &&str)| {
        reported(&acme(), |report| {
            let run = Run {
                recorded: time.parse().unwrap(),
                command: "publish",
                tool_version: "0.1.0".to_owned(),
                source: "acme.json".to_owned(),
            };
            let draft = draft(&run, &acme(), Some(report));
            (Record::parse(&draft.seal(at as u64 + 1, Hash::NONE).text).unwrap(), draft.parts)
        })
    };
    times.iter().enumerate().map(one).unzip()
}

#[test]
fn the_last_record_tells_what_failed_with_the_ids_that_are_published() {
    let (records, parts) = records(&["2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z"]);
    let lookup = |hash: &Hash| Ok(parts.iter().find_map(|parts| parts.get(hash)).map(str::to_owned));
    let organization = acme().organization().unwrap().id.clone();
    let before = Standing::recorded(&records, Some(&organization), &lookup).unwrap();
    let publication = published(&acme(), before);
    let changes = publication.changes();
    let failed = publication.findings.iter().filter(|finding| finding.status == Status::Failed).count();
    assert_eq!(changes.same.len(), failed, "{:?}", changes.changes);
    assert_eq!(
        (changes.count(ChangeKind::Healed), changes.count(ChangeKind::Changed)),
        (0, 0),
        "{:?}",
        changes.changes
    );
}

#[test]
fn records_of_another_organization_tell_nothing() {
    let (records, parts) = records(&["2026-11-24T12:00:00Z"]);
    let lookup = |hash: &Hash| Ok(parts.iter().find_map(|parts| parts.get(hash)).map(str::to_owned));
    let other = "o-anotherorgid".parse().unwrap();
    assert_eq!(Standing::recorded(&records, Some(&other), &lookup).unwrap(), Standing::default());
    assert!(Standing::recorded(&records, Some(&acme().organization().unwrap().id), &|_| Ok(None)).is_err());
}
