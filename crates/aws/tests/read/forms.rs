//! Forms of answers that AWS has had, has or may have: empty pages, no `Paths`, `Status` instead of `State`, throttling.

use optout_aws::pace::Operation;
use optout_core::org::AccountState;
use optout_simulator::{Fields, Options, Pages, Rate, Throttling};

use crate::organization::organization;
use crate::reader::{Reader, assert_same_organization};

#[tokio::test]
async fn empty_pages_with_a_token_are_followed() {
    let pages = Pages { size: 3, empty_every: Some(2) };
    let reading = Reader::of(&organization(), Options { pages, ..Options::default() }).await.read().await;
    assert_same_organization(&reading.snapshot, &organization());
    assert_eq!(reading.missing(), [""; 0]);
    // 45 accounts in 15 pages, and an empty one after each but the last.
    assert_eq!(reading.count(Operation::ListAccounts), 29);
}

#[tokio::test]
async fn without_paths_the_tree_is_walked() {
    let fields = Fields { paths: false, ..Fields::default() };
    let reading = Reader::of(&organization(), Options { fields, ..Options::default() }).await.read().await;
    assert_same_organization(&reading.snapshot, &organization());
    assert_eq!(reading.missing(), [""; 0]);
    assert_eq!(reading.count(Operation::ListAccountsForParent), 7);
    assert_eq!(reading.count(Operation::ListParents), 0);
}

#[tokio::test]
async fn without_state_the_retired_status_is_read() {
    let fields = Fields { state: false, ..Fields::default() };
    let reading = Reader::of(&organization(), Options { fields, ..Options::default() }).await.read().await;
    let accounts = reading.snapshot.accounts.unwrap();
    let states: Vec<_> = accounts.iter().skip(41).map(|account| account.state.as_str()).collect();
    assert_eq!(states, ["ACTIVE", "SUSPENDED", "SUSPENDED", "PENDING_CLOSURE"]);
}

#[tokio::test]
async fn with_neither_an_account_still_counts() {
    let fields = Fields { state: false, status: false, paths: true };
    let reading = Reader::of(&organization(), Options { fields, ..Options::default() }).await.read().await;
    let accounts = reading.snapshot.accounts.unwrap();
    assert!(accounts.iter().all(|it| it.state == AccountState::Other(String::new()) && it.state.is_counted()));
}

#[tokio::test]
async fn under_the_documented_limits_nothing_is_lost() {
    let slow = Rate { per_second: 4.0, burst: 2.0 };
    let throttling = Throttling::Documented { undocumented: Some(slow) };
    let pages = Pages { size: 2, empty_every: None };
    let mut reader = Reader::of(&organization(), Options { throttling, pages, ..Options::default() }).await;
    reader.options.evidence = optout_core::org::EvidenceMode::All;
    let reading = reader.read().await;
    assert_same_organization(&reading.snapshot, &organization());
    assert_eq!(reading.missing(), [""; 0]);
    assert_eq!(reading.snapshot.answers.len(), 43);
}
