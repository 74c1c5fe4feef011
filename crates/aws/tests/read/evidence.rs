//! A full reading: what is read, with how many calls, and for which accounts AWS is asked.

use optout_aws::pace::Operation;
use optout_aws::read::OrderCouldMatter;
use optout_core::org::{AnswerContent, EvidenceMode, PolicyType, PolicyTypeState, Scope, Snapshot, UnreadReason};
use optout_simulator::{Effect, Options, When};

use crate::organization::{
    ACCOUNTS, INVALID, LAB, MANAGEMENT, SALES, TESTS, WITH_OWN_POLICY, account_id, organization,
};
use crate::reader::{Reader, assert_same_organization};

/// 43 and 44 are suspended and closed.
const COUNTED: u64 = ACCOUNTS as u64 - 2;
/// Root alone; Sales; Tests, where order could matter; the account with its own policy; the invalid one.
const CHAINS: u64 = 5;

#[tokio::test]
async fn everything_is_read_and_nothing_is_missing() {
    let reading = Reader::start().await.read().await;
    assert_eq!(reading.missing(), [""; 0]);
    assert_same_organization(&reading.snapshot, &organization());
    let caller = reading.snapshot.caller.as_ref().unwrap();
    assert_eq!(caller.account, account_id(MANAGEMENT));
    assert_eq!(reading.snapshot.scope, Scope::Organization);
}

#[tokio::test]
async fn a_full_reading_costs_one_call_a_page_a_unit_a_policy_and_a_chain() {
    let reading = Reader::start().await.read().await;
    let expected = [
        (Operation::GetCallerIdentity, 1),
        (Operation::DescribeOrganization, 1),
        (Operation::ListRoots, 1),
        (Operation::ListAccounts, 3),
        (Operation::ListOrganizationalUnitsForParent, 7),
        (Operation::ListPolicies, 3),
        (Operation::ListTargetsForPolicy, 5),
        (Operation::DescribePolicy, 6),
        (Operation::DescribeEffectivePolicy, CHAINS),
        (Operation::ListAccountsWithInvalidEffectivePolicy, 1),
        (Operation::ListEffectivePolicyValidationErrors, 1),
        (Operation::ListDelegatedAdministrators, 1),
        (Operation::ListDelegatedServicesForAccount, 1),
        (Operation::DescribeResourcePolicy, 1),
    ];
    let mut counted: Vec<_> = reading.calls.iter().collect();
    counted.sort();
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(counted, expected);
}

#[tokio::test]
async fn tags_are_read_where_they_are_asked_for() {
    let mut reader = Reader::start().await;
    reader.options.tags = true;
    let reading = reader.read().await;
    assert_eq!(reading.count(Operation::ListTagsForResource), 5);
    let policies = reading.snapshot.policies.unwrap();
    let of = |policy_type| policies.iter().filter(move |policy| policy.policy_type == policy_type);
    assert!(of(PolicyType::AiOptOut).all(|policy| policy.tags.is_some()));
    assert!(of(PolicyType::ServiceControl).all(|policy| policy.tags.is_none()));
}

fn answered(snapshot: &Snapshot) -> Vec<String> {
    snapshot.answers.keys().map(ToString::to_string).collect()
}

#[tokio::test]
async fn each_answer_is_the_document_of_its_own_account() {
    let mut reader = Reader::start().await;
    reader.options.evidence = EvidenceMode::All;
    let reading = reader.read().await;
    assert_eq!(reading.count(Operation::DescribeEffectivePolicy), COUNTED);
    let document = |number| match &reading.snapshot.answers[&account_id(number)].content {
        AnswerContent::Document(text) => text.to_string(),
        AnswerContent::NotFound => panic!("{number} has no document"),
    };
    let of = |id: &str| {
        let policy = reading.snapshot.policy(&id.parse().unwrap()).unwrap();
        serde_json::to_string(policy.content.as_deref().unwrap()).unwrap()
    };
    let (lock, sales, first) = (of("p-lockpolicy"), of("p-salespolicy"), of("p-firstoftwo"));
    assert_eq!(document(6), format!("{{\"levels\":[[{lock}]]}}"));
    assert_eq!(document(7), format!("{{\"levels\":[[{lock}],[{sales}]]}}"));
    let second = of("p-secondoftwo");
    assert_eq!(document(WITH_OWN_POLICY), format!("{{\"levels\":[[{lock}],[{first},{second}],[{first}]]}}"));
}

#[tokio::test]
async fn the_callers_own_account_answers_for_its_chain() {
    let reading = Reader::start().await.read().await;
    let answered = answered(&reading.snapshot);
    assert_eq!(answered.len() as u64, CHAINS);
    assert!(answered.contains(&account_id(MANAGEMENT).to_string()));
    for alone in [WITH_OWN_POLICY, INVALID] {
        assert!(answered.contains(&account_id(alone).to_string()), "{alone}");
    }
    assert!(reading.snapshot.answers.values().all(|answer| answer.last_updated.is_some()));
}

#[tokio::test]
async fn where_order_cannot_matter_targets_share_a_chain() {
    let mut snapshot = organization();
    let attachments = snapshot.attachments.as_mut().unwrap();
    let two = attachments.remove(&TESTS.parse().unwrap()).unwrap();
    attachments.remove(&SALES.parse().unwrap());
    attachments.insert(LAB.parse().unwrap(), two.clone());
    attachments.insert(SALES.parse().unwrap(), two);
    let mut reader = Reader::of(&snapshot, Options::default()).await;
    let apart = reader.read().await.count(Operation::DescribeEffectivePolicy);
    reader.options.order_could_matter = OrderCouldMatter::new(|policies| {
        assert!(policies.len() == 2 && policies.iter().all(|policy| policy.content.is_some()));
        false
    });
    let together = reader.read().await.count(Operation::DescribeEffectivePolicy);
    assert_eq!((apart, together), (5, 4));
}

#[tokio::test]
async fn no_evidence_asks_for_no_effective_policy() {
    let mut reader = Reader::start().await;
    reader.options.evidence = EvidenceMode::None;
    let reading = reader.read().await;
    assert_eq!(reading.count(Operation::DescribeEffectivePolicy), 0);
    assert_eq!(reading.missing(), [""; 0]);
}

#[tokio::test]
async fn without_the_list_of_invalid_ones_every_account_is_asked() {
    let reader = Reader::start().await;
    reader.fault("ListAccountsWithInvalidEffectivePolicy", When::Always, Effect::Deny);
    let reading = reader.read().await;
    assert_eq!(reading.count(Operation::DescribeEffectivePolicy), COUNTED);
    assert_eq!(reading.snapshot.answers.len() as u64, COUNTED);
    assert_eq!(reading.snapshot.invalid, None);
    assert_eq!(reading.missing(), ["invalid-policies ListAccountsWithInvalidEffectivePolicy access-denied -"]);
}

#[tokio::test]
async fn a_policy_type_that_is_off_is_answered_as_such() {
    let mut snapshot = organization();
    let root = snapshot.root.as_mut().unwrap();
    root.policy_types.retain(|status| status.policy_type != PolicyType::AiOptOut);
    snapshot.attachments = Some(Default::default());
    snapshot.invalid = None;
    let reading = Reader::of(&snapshot, Options::default()).await.read().await;
    assert_eq!(reading.snapshot.policy_type_state(), Some(None));
    assert_eq!(reading.snapshot.invalid, Some(Default::default()));
    assert_eq!(reading.count(Operation::DescribeEffectivePolicy), 1);
    let answers: Vec<_> = reading.snapshot.answers.values().map(|answer| &answer.content).collect();
    assert_eq!(answers, [&AnswerContent::NotFound]);
    let on = reading.snapshot.root.unwrap().policy_types;
    assert!(on.iter().all(|status| status.state == PolicyTypeState::Enabled), "{on:?}");
}

#[tokio::test]
async fn consolidated_billing_only_reads_the_tree_and_no_policies() {
    let mut snapshot = organization();
    if let Some(optout_core::org::Membership::Member(organization)) = &mut snapshot.membership {
        organization.all_features = false;
    }
    let reading = Reader::of(&snapshot, Options::default()).await.read().await;
    assert_eq!(reading.snapshot.accounts, snapshot.accounts);
    assert_eq!((reading.snapshot.policies, reading.snapshot.answers.len()), (None, 0));
    let unread = reading.snapshot.unread;
    assert!(unread.iter().all(|it| it.reason == UnreadReason::NotAsked && it.detail.contains("consolidated billing")));
    assert_eq!(reading.calls.of(Operation::ListPolicies), 0);
}

#[tokio::test]
async fn partitions_without_this_policy_type_read_the_tree_and_no_policies() {
    for partition in ["aws-us-gov", "aws-cn"] {
        let mut snapshot = organization();
        snapshot.partition = optout_core::org::Partition::of(partition);
        let reading = Reader::of(&snapshot, Options::default()).await.read().await;
        assert_eq!(reading.snapshot.partition.as_str(), partition);
        assert_eq!(reading.snapshot.accounts, snapshot.accounts);
        assert_eq!(reading.calls.of(Operation::DescribeEffectivePolicy), 0);
        let details: Vec<_> = reading.snapshot.unread.iter().map(|unread| unread.detail.as_str()).collect();
        assert!(details.iter().all(|detail| detail.contains(partition)) && details.len() == 6, "{details:?}");
    }
}
