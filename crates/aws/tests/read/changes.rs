//! The organization changes while it is read: what is read fits together, or says that it changed.

use optout_aws::pace::Operation;
use optout_core::org::{EvidenceMode, UnreadReason};
use optout_simulator::{Change, Effect, Fields, Options, When};

use crate::organization::{EMPTY, FIRST, LOCK, MANAGEMENT, ROOT, SALES, account_id, organization};
use crate::reader::{Reader, Reading};

async fn with_change(reader: &Reader, operation: &str, call: u64, change: Change) -> Reading {
    reader.fault(operation, When::Nth { call }, Effect::ChangeAfter { change });
    reader.read().await
}

fn place(reading: &Reading, number: usize) -> Option<String> {
    let accounts = reading.snapshot.accounts.as_ref().unwrap();
    let account = accounts.iter().find(|account| account.id == account_id(number))?;
    account.parent.as_ref().map(ToString::to_string)
}

#[tokio::test]
async fn an_account_that_moves_between_two_pages_is_in_one_place() {
    let reader = Reader::start().await;
    let change = Change::MoveAccount { account: account_id(30), to: EMPTY.parse().unwrap() };
    let reading = with_change(&reader, "ListAccounts", 1, change).await;
    assert_eq!(place(&reading, 30).as_deref(), Some(EMPTY));
    assert_eq!(reading.missing(), [""; 0]);
}

#[tokio::test]
async fn an_account_that_moves_while_the_tree_is_walked_is_not_lost() {
    let fields = Fields { paths: false, ..Fields::default() };
    for call in 1..=7 {
        let reader = Reader::of(&organization(), Options { fields, ..Options::default() }).await;
        let change = Change::MoveAccount { account: account_id(30), to: EMPTY.parse().unwrap() };
        let reading = with_change(&reader, "ListAccountsForParent", call, change).await;
        // Where its new place was listed before it came, its old one, listed before it went, was true then.
        let place = place(&reading, 30);
        assert!([Some(EMPTY), Some(ROOT)].contains(&place.as_deref()), "after call {call}: {place:?}");
        assert_eq!(reading.missing(), [""; 0], "after call {call}");
    }
}

#[tokio::test]
async fn an_account_that_leaves_before_it_is_asked_is_named_and_another_answers_for_its_chain() {
    let reader = Reader::start().await;
    // Account 7 is the first of the Sales chain.
    let change = Change::LeaveAccount { account: account_id(7) };
    let reading = with_change(&reader, "ListAccounts", 3, change).await;
    let gone = "effective-policy DescribeEffectivePolicy changed 000000000007";
    assert!(reading.missing().iter().all(|missing| missing == gone), "{:?}", reading.missing());
    let sales = reading.snapshot.answers.keys().filter(|id| **id != account_id(MANAGEMENT)).count();
    assert_eq!(sales, 4);
}

#[tokio::test]
async fn an_account_that_leaves_is_named_when_all_are_asked() {
    let mut reader = Reader::start().await;
    reader.options.evidence = EvidenceMode::All;
    let change = Change::LeaveAccount { account: account_id(40) };
    let reading = with_change(&reader, "DescribeEffectivePolicy", 1, change).await;
    assert_eq!(reading.missing(), ["effective-policy DescribeEffectivePolicy changed 000000000040"]);
    assert_eq!(reading.snapshot.answers.len(), 42);
}

#[tokio::test]
async fn a_policy_deleted_after_it_was_listed_is_not_there() {
    let reader = Reader::start().await;
    let change = Change::DeletePolicy { policy: FIRST.parse().unwrap() };
    let reading = with_change(&reader, "ListPolicies", 1, change).await;
    assert!(reading.snapshot.policy(&FIRST.parse().unwrap()).is_none());
    let attachments = reading.snapshot.attachments.as_ref().unwrap();
    assert!(attachments.values().flatten().all(|attachment| attachment.policy.as_str() != FIRST));
    assert_eq!(reading.missing(), [""; 0]);
    assert!(reading.count(Operation::ListPolicies) <= 4);
}

#[tokio::test]
async fn a_policy_attached_to_an_account_that_joined_meanwhile_brings_the_account() {
    let reader = Reader::start().await;
    let joined = account_id(99);
    let join = Change::JoinAccount { account: joined, name: "new".into(), parent: SALES.parse().unwrap() };
    let attach = Change::AttachPolicy { policy: LOCK.parse().unwrap(), target: joined.to_string().parse().unwrap() };
    let after = |change| optout_simulator::Fault {
        operations: vec!["ListAccounts".into()],
        callers: Vec::new(),
        when: When::Nth { call: 3 },
        effect: Effect::ChangeAfter { change },
    };
    let slow = optout_simulator::Fault {
        operations: vec!["ListTargetsForPolicy".into()],
        callers: Vec::new(),
        when: When::Always,
        effect: Effect::Slow { milliseconds: 50_000 },
    };
    reader.running.simulator.set_faults(vec![after(join), after(attach), slow]);
    let reading = reader.read().await;
    let listed = reading.snapshot.accounts.as_ref().unwrap().iter().any(|account| account.id == joined);
    let attachments = reading.snapshot.attachments.as_ref().unwrap();
    let attached = attachments.contains_key(&joined.to_string().parse().unwrap());
    assert_eq!(listed, attached);
    assert!(reading.snapshot.unread.iter().all(|unread| unread.reason == UnreadReason::Changed));
}
