//! Each kind of caller gets the best answer it may have.

use optout_aws::pace::Operation;
use optout_core::org::{AnswerContent, Membership, Scope, UnreadReason};

use crate::organization::{DELEGATE, MEMBER, account_id, organization};
use crate::reader::{Reader, assert_same_organization};

#[tokio::test]
async fn a_plain_member_reads_its_organization_and_its_own_effective_policy() {
    let mut reader = Reader::start().await;
    reader.caller = MEMBER;
    let reading = reader.read().await;
    let snapshot = &reading.snapshot;
    assert_eq!(snapshot.scope, Scope::Account(account_id(MEMBER)));
    assert_eq!(snapshot.membership, organization().membership);
    assert_eq!(snapshot.answers.keys().copied().collect::<Vec<_>>(), [account_id(MEMBER)]);
    assert_eq!((&snapshot.accounts, &snapshot.policies), (&None, &None));
    assert!(
        snapshot.unread.iter().all(|unread| unread.reason == UnreadReason::AccessDenied),
        "{:?}",
        reading.missing()
    );
}

#[tokio::test]
async fn what_a_member_may_not_do_is_tried_once() {
    let mut reader = Reader::start().await;
    reader.caller = MEMBER;
    let reading = reader.read().await;
    for (operation, count) in reading.calls.iter() {
        let purposes = if operation == Operation::ListPolicies { 3 } else { 1 };
        assert_eq!(count, purposes, "{operation}");
    }
    let permissions: Vec<_> = reading.snapshot.unread.iter().filter_map(|it| it.permission.as_deref()).collect();
    assert!(permissions.contains(&"organizations:ListAccounts"), "{permissions:?}");
    assert!(reading.snapshot.unread.iter().all(|unread| unread.detail.contains("request id")));
}

#[tokio::test]
async fn a_delegated_administrator_reads_everything_it_may() {
    let mut reader = Reader::start().await;
    reader.caller = DELEGATE;
    let reading = reader.read().await;
    assert_eq!(reading.snapshot.scope, Scope::Organization);
    assert_eq!(reading.snapshot.caller.as_ref().unwrap().account, account_id(DELEGATE));
    assert_same_organization(&reading.snapshot, &organization());
    assert!(reading.snapshot.answers.contains_key(&account_id(DELEGATE)));
}

#[tokio::test]
async fn an_account_in_no_organization_is_told_so_and_asked_nothing_else() {
    let mut snapshot = organization();
    snapshot.membership = Some(Membership::None);
    let reading = Reader::of(&snapshot, Default::default()).await.read().await;
    assert_eq!(reading.snapshot.membership, Some(Membership::None));
    assert!(matches!(reading.snapshot.scope, Scope::Account(_)));
    assert_eq!(reading.calls.total(), 2);
    assert_eq!(reading.missing(), [""; 0]);
}

#[tokio::test]
async fn a_member_that_asks_where_the_type_is_off_is_answered() {
    let mut snapshot = organization();
    snapshot.root.as_mut().unwrap().policy_types.clear();
    snapshot.attachments = Some(Default::default());
    let mut reader = Reader::of(&snapshot, Default::default()).await;
    reader.caller = MEMBER;
    let reading = reader.read().await;
    let answer = &reading.snapshot.answers[&account_id(MEMBER)];
    assert_eq!(answer.content, AnswerContent::NotFound);
}
