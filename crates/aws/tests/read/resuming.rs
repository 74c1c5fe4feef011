//! A reading that is stopped and goes on comes to the same as one in a single go, and asks nothing twice.

use jiff::Timestamp;
use optout_aws::cancel::Cancel;
use optout_aws::pace::Operation;
use optout_aws::progress::{Calls, Progress};
use optout_aws::read::{Reading, Stage, resume};
use optout_core::org::{EvidenceMode, Snapshot, UnreadReason};
use optout_simulator::{Change, Effect, Options, Pages, When};

use crate::organization::{ACCOUNTS, EMPTY, LOCK, SALES_POLICY, account_id, organization};
use crate::reader::{Reader, assert_is_a_file};

/// Goes on until nothing is stopped any more, stopping each time after `calls` calls, and one more whenever a piece brought nothing: lists
/// that are read side by side share them, and how is the machine's business.
async fn in_pieces(reader: &Reader, mut calls: u64, between: impl Fn(usize)) -> (Vec<Reading>, Vec<Calls>) {
    let (mut readings, mut counts): (Vec<Reading>, Vec<Calls>) = (Vec::new(), Vec::new());
    while readings.last().is_none_or(|reading| !reading.complete) {
        let (session, cancel) = (reader.session().await, Cancel::new());
        let stop = |progress: &Progress| {
            if progress.done() >= calls {
                cancel.cancel();
            }
        };
        let reading = resume(&session, &reader.options, readings.last(), &stop, &cancel).await.unwrap();
        assert_is_a_file(&reading.snapshot);
        calls += u64::from(readings.last().is_some_and(|before| reading.extent() <= before.extent()));
        readings.push(reading);
        counts.push(session.calls());
        assert!(readings.len() < 120, "it does not end: {:?}", readings.last().map(Reading::extent));
        between(readings.len());
    }
    (readings, counts)
}

/// The snapshot without what no two readings share: times and ids of requests.
fn plain(mut snapshot: Snapshot) -> Snapshot {
    snapshot.taken = Timestamp::UNIX_EPOCH;
    snapshot.answers.values_mut().for_each(|answer| {
        answer.asked = Timestamp::UNIX_EPOCH;
        answer.last_updated = None;
    });
    snapshot.unread.iter_mut().for_each(|unread| unread.detail.clear());
    snapshot
}

fn sum(counts: &[Calls], operation: Operation) -> u64 {
    counts.iter().map(|calls| calls.of(operation)).sum()
}

#[tokio::test]
async fn in_pieces_of_any_size_it_is_the_same_as_in_one_go() {
    for evidence in [EvidenceMode::Chain, EvidenceMode::All] {
        let mut reader = Reader::start().await;
        reader.options.evidence = evidence;
        let whole = reader.read().await;
        // In the smallest piece a list that has to be read at once just fits.
        for calls in [14, 17, 23, 40] {
            let (readings, counts) = in_pieces(&reader, calls, |_| {}).await;
            let last = readings.last().unwrap();
            assert_eq!(plain(last.snapshot.clone()), plain(whole.snapshot.clone()), "{evidence:?}, {calls} at a time");
            assert_eq!(last.snapshot.taken, readings[0].snapshot.taken, "it is as of its beginning");
            // A call that was under way when it was stopped may be sent once more, sixteen of a kind at most.
            let (asked, needed) =
                (sum(&counts, Operation::DescribeEffectivePolicy), whole.calls.of(Operation::DescribeEffectivePolicy));
            assert!(asked <= needed + 16 * readings.len() as u64, "{asked} for {needed} in {}", readings.len());
        }
    }
}

#[tokio::test]
async fn what_was_finished_is_not_read_again_and_keeps_its_time() {
    let mut reader = Reader::start().await;
    reader.options.evidence = EvidenceMode::All;
    let (session, cancel) = (reader.session().await, Cancel::new());
    let asked = |progress: &Progress| progress.steps.get(&Operation::DescribeEffectivePolicy).map_or(0, |it| it.done);
    let stop = |progress: &Progress| {
        if asked(progress) >= 10 {
            cancel.cancel();
        }
    };
    let first = resume(&session, &reader.options, None, &stop, &cancel).await.unwrap();
    assert!(!first.complete && first.finished.contains(&Stage::Structure) && !first.finished.contains(&Stage::Answers));
    assert!(first.snapshot.answers.len() >= 10 && first.snapshot.answers.len() < 42);
    assert!(first.snapshot.unread.iter().all(|unread| unread.reason == UnreadReason::NotAsked));

    let session = reader.session().await;
    let last = resume(&session, &reader.options, Some(&first), &|_| {}, &Cancel::new()).await.unwrap();
    assert!(last.complete);
    let calls = session.calls();
    for operation in [Operation::ListAccounts, Operation::ListRoots, Operation::DescribePolicy, Operation::ListPolicies]
    {
        assert_eq!(calls.of(operation), 0, "{operation}");
    }
    assert_eq!(
        calls.of(Operation::DescribeEffectivePolicy),
        43 - first.snapshot.answers.len() as u64,
        "accounts asked for before are not asked for again"
    );
    for (account, answer) in &first.snapshot.answers {
        assert_eq!(last.snapshot.answers.get(account), Some(answer));
    }
    assert_eq!(last.began.get(&Stage::Structure), first.began.get(&Stage::Structure));
    assert!(last.began[&Stage::Structure] < last.snapshot.answers.values().map(|it| it.asked).max().unwrap());
}

#[tokio::test]
async fn policies_that_were_read_are_only_listed_again() {
    let reader = Reader::start().await;
    let (session, cancel) = (reader.session().await, Cancel::new());
    let done = |progress: &Progress| progress.steps.get(&Operation::DescribePolicy).map_or(0, |it| it.done);
    let stop = |progress: &Progress| {
        if done(progress) >= 3 {
            cancel.cancel();
        }
    };
    let first = resume(&session, &reader.options, None, &stop, &cancel).await.unwrap();
    let known = first.policies.len() as u64;
    assert!(known >= 1 && !first.finished.contains(&Stage::Policies), "{known}");
    let session = reader.session().await;
    let last = resume(&session, &reader.options, Some(&first), &|_| {}, &Cancel::new()).await.unwrap();
    let whole = reader.read().await;
    assert_eq!(session.calls().of(Operation::DescribePolicy), whole.count(Operation::DescribePolicy) - known);
    assert_eq!(plain(last.snapshot), plain(whole.snapshot));
}

#[tokio::test]
async fn an_account_that_joins_between_two_pieces_fits_into_the_tree_and_is_asked_for() {
    let mut reader = Reader::start().await;
    reader.options.evidence = EvidenceMode::All;
    let joined = account_id(99);
    let simulator = reader.running.simulator.clone();
    let (readings, _) = in_pieces(&reader, 30, |pieces| {
        if pieces == 1 {
            let join = Change::JoinAccount { account: joined, name: "new".into(), parent: EMPTY.parse().unwrap() };
            simulator.change(join).unwrap();
            let target = joined.to_string().parse().unwrap();
            simulator.change(Change::AttachPolicy { policy: LOCK.parse().unwrap(), target }).unwrap();
        }
    })
    .await;
    let last = &readings.last().unwrap().snapshot;
    let listed = last.accounts.as_ref().unwrap().iter().any(|account| account.id == joined);
    let attached = last.attachments.as_ref().unwrap().contains_key(&joined.to_string().parse().unwrap());
    // Where the policy was read before the account came, its attachment is as old as that: AWS's own answer tells.
    assert!(listed || !attached, "tree and attachments fit together");
    assert_eq!(last.answers.contains_key(&joined), listed, "whoever is listed is asked for");
    assert!(last.unread.iter().all(|unread| unread.reason == UnreadReason::Changed), "{:?}", last.unread);
}

#[tokio::test]
async fn a_policy_that_is_deleted_between_two_pieces_is_gone_at_the_end() {
    let reader = Reader::start().await;
    let simulator = reader.running.simulator.clone();
    let (session, cancel) = (reader.session().await, Cancel::new());
    let stop = |progress: &Progress| {
        if progress.steps.get(&Operation::DescribePolicy).map_or(0, |it| it.done) >= 3 {
            cancel.cancel();
        }
    };
    let first = resume(&session, &reader.options, None, &stop, &cancel).await.unwrap();
    assert!(!first.finished.contains(&Stage::Policies));
    simulator.change(Change::DeletePolicy { policy: SALES_POLICY.parse().unwrap() }).unwrap();
    let session = reader.session().await;
    let last = resume(&session, &reader.options, Some(&first), &|_| {}, &Cancel::new()).await.unwrap();
    assert!(last.snapshot.policy(&SALES_POLICY.parse().unwrap()).is_none());
    assert!(last.complete);
}

#[tokio::test]
async fn a_reading_of_another_kind_begins_anew() {
    let mut reader = Reader::start().await;
    let (session, cancel) = (reader.session().await, Cancel::new());
    let stop = |progress: &Progress| {
        if progress.done() >= 20 {
            cancel.cancel();
        }
    };
    let first = resume(&session, &reader.options, None, &stop, &cancel).await.unwrap();
    reader.options.evidence = EvidenceMode::All;
    let session = reader.session().await;
    let other = resume(&session, &reader.options, Some(&first), &|_| {}, &Cancel::new()).await.unwrap();
    assert!(other.snapshot.taken > first.snapshot.taken);
    assert_eq!(session.calls().of(Operation::ListRoots), 1);
}

#[tokio::test]
async fn pages_do_not_matter_to_what_is_finished() {
    let pages = Pages { size: 5, empty_every: Some(3) };
    let reader = Reader::of(&organization(), Options { pages, ..Options::default() }).await;
    reader.fault("ListTargetsForPolicy", When::Always, Effect::Slow { milliseconds: 500 });
    let (readings, _) = in_pieces(&reader, 45, |_| {}).await;
    assert_eq!(readings.last().unwrap().snapshot.accounts.as_ref().unwrap().len(), ACCOUNTS);
    let whole = reader.read().await;
    assert_eq!(plain(readings.last().unwrap().snapshot.clone()), plain(whole.snapshot));
}
