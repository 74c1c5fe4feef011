//! A reading that is stopped returns what it has; whoever watches sees it grow.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use optout_aws::cancel::Cancel;
use optout_aws::pace::Operation;
use optout_aws::progress::Progress;
use optout_aws::read::read;
use optout_core::org::UnreadReason;
use optout_simulator::{Options, Pages};

use crate::organization::{ACCOUNTS, organization};
use crate::reader::{Reader, assert_is_a_file};

#[tokio::test]
async fn wherever_it_is_stopped_what_was_read_stays_and_the_rest_is_not_asked() {
    let pages = Pages { size: 5, empty_every: None };
    let reader = Reader::of(&organization(), Options { pages, ..Options::default() }).await;
    for calls in (1..40).step_by(3) {
        let (session, cancel, seen) = (reader.session().await, Cancel::new(), AtomicU64::new(0));
        let stop = |progress: &Progress| {
            seen.fetch_max(progress.done(), Ordering::Relaxed);
            if progress.done() >= calls {
                cancel.cancel();
            }
        };
        let snapshot = read(&session, &reader.options, &stop, &cancel).await.unwrap();
        assert_is_a_file(&snapshot);
        assert!(!snapshot.unread.is_empty(), "stopped after {calls}");
        let reasons: Vec<_> = snapshot.unread.iter().map(|unread| (unread.reason, &unread.detail)).collect();
        assert!(reasons.iter().all(|(reason, _)| *reason == UnreadReason::NotAsked), "after {calls}: {reasons:?}");
    }
}

#[tokio::test]
async fn pages_that_were_read_before_the_stop_are_kept() {
    let pages = Pages { size: 5, empty_every: None };
    let reader = Reader::of(&organization(), Options { pages, ..Options::default() }).await;
    let (session, cancel) = (reader.session().await, Cancel::new());
    let stop = |progress: &Progress| {
        let pages = progress.steps.get(&Operation::ListAccounts).map_or(0, |step| step.done);
        if pages >= 4 {
            cancel.cancel();
        }
    };
    let snapshot = read(&session, &reader.options, &stop, &cancel).await.unwrap();
    let accounts = snapshot.accounts.as_ref().unwrap().len();
    assert!((20..ACCOUNTS).contains(&accounts), "{accounts}");
    assert_is_a_file(&snapshot);
}

#[tokio::test]
async fn a_sign_given_before_the_start_asks_nothing() {
    let reader = Reader::start().await;
    let (session, cancel) = (reader.session().await, Cancel::new());
    cancel.cancel();
    let snapshot = read(&session, &reader.options, &|_| {}, &cancel).await.unwrap();
    assert_eq!(session.calls().total(), 0);
    assert!(snapshot.unread.iter().all(|unread| unread.reason == UnreadReason::NotAsked));
}

#[tokio::test]
async fn at_the_end_everything_expected_was_done() {
    let reader = Reader::start().await;
    let (session, last) = (reader.session().await, Mutex::new(Progress::default()));
    let watch = |progress: &Progress| *last.lock().unwrap() = progress.clone();
    read(&session, &reader.options, &watch, &Cancel::new()).await.unwrap();
    let last = last.into_inner().unwrap();
    assert_eq!(last.done(), session.calls().total());
    assert!(last.remaining().is_zero(), "{last:?}");
    assert_eq!(last.steps[&Operation::DescribeEffectivePolicy].expected, 5);
    assert_eq!(last.steps[&Operation::ListOrganizationalUnitsForParent].expected, 7);
}
