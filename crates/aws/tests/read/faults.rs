//! With every fault in turn the reading ends, and is right or says what is missing.

use std::time::Duration;

use futures::StreamExt;
use optout_aws::pace::Operation;
use optout_aws::read::ReadError;
use optout_aws::session::Patience;
use optout_core::org::{Snapshot, UnreadReason};
use optout_simulator::{Effect, NotImplementedForm, When};

use crate::organization::organization;
use crate::reader::{Reader, Reading, assert_same_organization};

/// The operations of a full reading.
const OPERATIONS: [Operation; 14] = [
    Operation::GetCallerIdentity,
    Operation::DescribeOrganization,
    Operation::ListRoots,
    Operation::ListAccounts,
    Operation::ListOrganizationalUnitsForParent,
    Operation::ListPolicies,
    Operation::ListTargetsForPolicy,
    Operation::DescribePolicy,
    Operation::DescribeEffectivePolicy,
    Operation::ListAccountsWithInvalidEffectivePolicy,
    Operation::ListEffectivePolicyValidationErrors,
    Operation::ListDelegatedAdministrators,
    Operation::ListDelegatedServicesForAccount,
    Operation::DescribeResourcePolicy,
];

/// A fault that passes must leave no trace.
async fn passes(when: When, effect: Effect) {
    let mut reader = Reader::start().await;
    let clean = reader.read().await;
    shorten(&mut reader.patience, &effect);
    for operation in OPERATIONS {
        reader.fault(operation.as_str(), when, effect.clone());
        let reading = reader.read().await;
        assert_eq!(reading.missing(), [""; 0], "{operation}");
        assert_same_organization(&reading.snapshot, &organization());
        assert_eq!(contents(&reading.snapshot), contents(&clean.snapshot), "{operation}");
    }
}

/// Only what is to run out is short.
fn shorten(patience: &mut Patience, effect: &Effect) {
    match effect {
        Effect::Hang => patience.attempt = Duration::from_millis(1_500),
        Effect::Throttle => patience.throttled = Duration::from_secs(2),
        _ => {}
    }
}

fn contents(snapshot: &Snapshot) -> Vec<String> {
    snapshot.answers.iter().map(|(account, answer)| format!("{account} {:?}", answer.content)).collect()
}

/// A fault that stays must be named, and must not touch what does not depend on it.
async fn stays(effect: Effect, reason: UnreadReason) {
    // Most of it is waiting: several side by side.
    let one = |operation| stays_at(operation, effect.clone(), reason);
    futures::stream::iter(OPERATIONS).map(one).buffer_unordered(5).collect::<Vec<()>>().await;
}

async fn stays_at(operation: Operation, effect: Effect, reason: UnreadReason) {
    {
        let mut reader = Reader::start().await;
        shorten(&mut reader.patience, &effect);
        reader.fault(operation.as_str(), When::Always, effect);
        let reading = reader.read().await;
        let named = |unread: &&optout_core::org::Unread| unread.operation == operation.as_str();
        let entries: Vec<_> = reading.snapshot.unread.iter().filter(named).collect();
        // Accounts are then found by walking the tree, and none is missing.
        let made_up_for = operation == Operation::ListAccounts;
        assert_eq!(entries.is_empty(), made_up_for, "{operation}: {:?}", reading.missing());
        for entry in entries {
            assert_eq!(entry.reason, reason, "{operation}: {}", entry.detail);
            assert_eq!(entry.permission.as_deref(), Some(operation.permission()));
            assert!(!entry.detail.is_empty());
        }
        assert_untouched(&reading, operation);
    }
}

/// The parts that do not rest on `broken` are whole.
fn assert_untouched(reading: &Reading, broken: Operation) {
    let (read, whole) = (&reading.snapshot, organization());
    let rests = |on: &[Operation]| on.contains(&broken);
    if !rests(&[Operation::DescribeOrganization]) {
        assert_eq!(read.membership, whole.membership, "{broken}");
    }
    if !rests(&[Operation::ListOrganizationalUnitsForParent]) {
        assert_eq!(read.units, whole.units, "{broken}");
    }
    assert_eq!(read.accounts, whole.accounts, "{broken}");
    if !rests(&[Operation::ListPolicies, Operation::ListTargetsForPolicy]) {
        assert_eq!(read.attachments, whole.attachments, "{broken}");
    }
    if !rests(&[Operation::ListDelegatedAdministrators, Operation::ListDelegatedServicesForAccount]) {
        assert_eq!(read.delegates, whole.delegates, "{broken}");
    }
    if !rests(&[Operation::DescribeEffectivePolicy]) {
        assert!(!read.answers.is_empty(), "{broken}");
    }
}

#[tokio::test]
async fn a_few_throttles_lose_nothing() {
    passes(When::First { calls: 4 }, Effect::Throttle).await;
}

#[tokio::test]
async fn throttles_now_and_then_lose_nothing() {
    passes(When::Every { calls: 2 }, Effect::Throttle).await;
}

#[tokio::test]
async fn a_few_server_errors_lose_nothing() {
    passes(When::First { calls: 2 }, Effect::ServerError { status: 500 }).await;
    passes(When::First { calls: 2 }, Effect::ServerError { status: 503 }).await;
}

#[tokio::test]
async fn dropped_connections_lose_nothing() {
    passes(When::First { calls: 2 }, Effect::Drop).await;
}

#[tokio::test]
async fn answers_cut_short_lose_nothing() {
    passes(When::First { calls: 2 }, Effect::CutShort).await;
}

#[tokio::test]
async fn one_malformed_answer_loses_nothing() {
    passes(When::First { calls: 1 }, Effect::Malformed).await;
}

#[tokio::test]
async fn one_call_without_an_answer_loses_nothing() {
    passes(When::First { calls: 1 }, Effect::Hang).await;
}

#[tokio::test]
async fn slow_answers_lose_nothing() {
    passes(When::Always, Effect::Slow { milliseconds: 2_000 }).await;
}

#[tokio::test]
async fn one_foreign_page_is_not_taken_for_an_operation_that_is_not_there() {
    passes(When::First { calls: 1 }, Effect::NotImplemented { form: NotImplementedForm::HtmlPage }).await;
}

#[tokio::test]
async fn denials_are_named_with_the_permission() {
    stays(Effect::Deny, UnreadReason::AccessDenied).await;
}

#[tokio::test]
async fn endless_throttling_is_named() {
    stays(Effect::Throttle, UnreadReason::Throttled).await;
}

#[tokio::test]
async fn endless_server_errors_are_named() {
    stays(Effect::ServerError { status: 500 }, UnreadReason::Failed).await;
}

#[tokio::test]
async fn endless_malformed_answers_are_named() {
    stays(Effect::Malformed, UnreadReason::Malformed).await;
}

#[tokio::test]
async fn endless_silence_is_named() {
    stays(Effect::Hang, UnreadReason::Failed).await;
}

#[tokio::test]
async fn endless_drops_are_named() {
    stays(Effect::Drop, UnreadReason::Failed).await;
}

#[tokio::test]
async fn operations_an_endpoint_does_not_have_are_named_and_tried_once() {
    let forms = [
        (NotImplementedForm::HtmlPage, 2),
        (NotImplementedForm::InvalidAction, 1),
        (NotImplementedForm::UnknownOperation, 1),
    ];
    for (form, tries) in forms {
        stays(Effect::NotImplemented { form }, UnreadReason::NotImplemented).await;
        let mut reader = Reader::start().await;
        reader.options.evidence = optout_core::org::EvidenceMode::All;
        reader.fault("DescribeEffectivePolicy", When::Always, Effect::NotImplemented { form });
        assert_eq!(reader.read().await.count(Operation::DescribeEffectivePolicy), tries, "{form:?}");
    }
}

#[tokio::test]
async fn a_denial_for_every_account_is_found_out_once() {
    let mut reader = Reader::start().await;
    reader.options.evidence = optout_core::org::EvidenceMode::All;
    reader.fault("DescribeEffectivePolicy", When::Always, Effect::Deny);
    let reading = reader.read().await;
    // Once for the caller's own account, once for another.
    assert_eq!(reading.count(Operation::DescribeEffectivePolicy), 2);
}

#[tokio::test]
async fn a_server_without_any_answer_is_an_error_and_not_a_snapshot() {
    let reader = Reader::start().await;
    let everything = optout_simulator::Fault {
        operations: Vec::new(),
        callers: Vec::new(),
        when: When::Always,
        effect: Effect::Drop,
    };
    reader.running.simulator.set_faults(vec![everything]);
    assert!(matches!(reader.try_read().await.err(), Some(ReadError::Unreachable { .. })));
}

#[tokio::test]
async fn with_everything_going_wrong_now_and_then_the_reading_is_whole_or_says_what_is_missing() {
    let reader = Reader::start().await;
    for seed in 0..10 {
        let effects = [Effect::Throttle, Effect::ServerError { status: 503 }, Effect::Drop, Effect::CutShort];
        let fault = |(number, effect): (u64, Effect)| optout_simulator::Fault {
            operations: Vec::new(),
            callers: Vec::new(),
            when: When::Chance { probability: 0.08, seed: seed * 10 + number },
            effect,
        };
        reader.running.simulator.set_faults((0..).zip(effects).map(fault).collect());
        let reading = reader.read().await;
        if reading.snapshot.unread.is_empty() {
            assert_same_organization(&reading.snapshot, &organization());
        }
    }
}
