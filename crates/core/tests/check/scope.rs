//! What the snapshot speaks about: no organization, billing only, partitions, a member's own view, the policy type off.

use optout_core::check::{AccountVerdict, Basis, Decision, findings};
use optout_core::org::{AnswerContent, Membership, Part, Partition, PolicyTypeState};

use super::organization::{Organization, id};
use super::{OPT_OUT, OUT, OUT_BUT_LEX, basis, decided, found, healthy, holds, is_open, verdict};

#[test]
fn without_an_organization_the_account_is_not_opted_out_by_awss_own_answer() {
    let organization = Organization::new().seen_by_member(7).change(|it| it.membership = Some(Membership::None));
    let assessment = organization.assess();
    assert_eq!((verdict(&assessment, 7), basis(&assessment, 7)), (AccountVerdict::NotOptedOut, Basis::Aws));
    assert_eq!(found(&assessment, "organization-exists").len(), 1);
    assert_eq!(decided(&assessment), Decision::Fails);
    for control in ["policy-type-enabled", "root-covered", "all-features", "order-independent", "no-stray-policies"] {
        assert!(holds(&assessment, control), "{control}");
    }
}

#[test]
fn with_consolidated_billing_only_nothing_is_opted_out() {
    let billing = |it: &mut optout_core::org::Snapshot| {
        if let Some(Membership::Member(organization)) = &mut it.membership {
            organization.all_features = false;
        }
    };
    let organization = healthy().change(billing);
    let assessment = organization.assess();
    assert_eq!((verdict(&assessment, 2), basis(&assessment, 2)), (AccountVerdict::NotOptedOut, Basis::Aws));
    assert_eq!(found(&assessment, "all-features").len(), 1);
    assert_eq!(decided(&assessment), Decision::Fails);
}

#[test]
fn in_a_partition_without_the_policy_type_everything_is_unknown() {
    for partition in [Partition::GovCloud, Partition::China] {
        let without_answer = |it: &mut optout_core::org::Snapshot| it.answers.clear();
        for organization in [healthy(), healthy().policy_type(None).change(without_answer)] {
            let organization = organization.change(|it| it.partition = partition.clone());
            let assessment = organization.assess();
            assert_eq!((verdict(&assessment, 2), basis(&assessment, 2)), (AccountVerdict::Unknown, Basis::Computed));
            assert!(findings(&assessment).iter().all(|(_, it)| it.findings.is_empty() && it.unknown.is_some()));
            assert_eq!(decided(&assessment), Decision::Undetermined);
        }
        let alone = Organization::new().seen_by_member(7);
        let alone =
            alone.change(|it| it.membership = Some(Membership::None)).change(|it| it.partition = partition.clone());
        assert_eq!(decided(&alone.assess()), Decision::Undetermined);
    }
}

#[test]
fn in_a_partition_that_is_not_known_awss_answer_counts() {
    let organization = healthy().change(|it| it.partition = Partition::Other("aws-eusc".into()));
    assert_eq!(verdict(&organization.assess(), 2), AccountVerdict::OptedOut);
}

#[test]
fn while_the_policy_type_is_off_what_is_attached_does_nothing() {
    let organization = Organization::new().attached("base", OPT_OUT, "root").policy_type(None);
    let assessment = organization.assess();
    assert_eq!((verdict(&assessment, 1), basis(&assessment, 1)), (AccountVerdict::NotOptedOut, Basis::Computed));
    assert_eq!(found(&assessment, "policy-type-enabled")[0].2, "the policy type is off: no opt-out policy is in force");
    let unread = organization.change(|it| it.attachments = None);
    assert_eq!(verdict(&unread.assess(), 1), AccountVerdict::NotOptedOut);
}

#[test]
fn while_the_policy_type_changes_nothing_is_computed() {
    for state in [PolicyTypeState::PendingEnable, PolicyTypeState::PendingDisable, PolicyTypeState::of("HALF")] {
        let organization = Organization::new().attached("base", OPT_OUT, "root").policy_type(Some(state.clone()));
        let assessment = organization.assess();
        assert_eq!(verdict(&assessment, 1), AccountVerdict::Unknown, "{state:?}");
        assert_eq!(found(&assessment, "policy-type-enabled").len(), 1, "{state:?}");
        assert_eq!(decided(&assessment), Decision::Fails);
    }
}

#[test]
fn a_member_asks_for_itself_and_the_rest_is_out_of_scope() {
    let organization = Organization::new().seen_by_member(7).answer(7, OUT);
    let assessment = organization.assess();
    assert_eq!((verdict(&assessment, 7), basis(&assessment, 7)), (AccountVerdict::OptedOut, Basis::Aws));
    assert_eq!(assessment.accounts.len(), 1);
    for control in ["root-covered", "management-account-covered", "effective-policy-valid", "delegation-scoped"] {
        assert!(holds(&assessment, control), "{control}");
    }
    assert_eq!(decided(&assessment), Decision::Holds);
}

#[test]
fn a_member_that_is_opted_in_fails_and_one_that_may_not_ask_is_undetermined() {
    assert_eq!(decided(&Organization::new().seen_by_member(7).answer(7, OUT_BUT_LEX).assess()), Decision::Fails);
    assert_eq!(decided(&Organization::new().seen_by_member(7).assess()), Decision::Undetermined);
    let not_found = Organization::new().seen_by_member(7).answered(7, AnswerContent::NotFound);
    assert_eq!(decided(&not_found.assess()), Decision::Fails);
}

#[test]
fn the_lock_of_a_members_own_account_is_out_of_its_scope() {
    let organization = Organization::new().seen_by_member(7).answer(7, OUT);
    assert!(holds(&organization.assess(), "locked-against-children"));
}

#[test]
fn an_organization_whose_accounts_could_not_all_be_listed_is_never_opted_out() {
    let page_lost = healthy().unread(Part::Accounts, None);
    let none_listed = healthy().change(|it| it.accounts = None);
    for organization in [page_lost, none_listed] {
        let assessment = organization.assess();
        assert_eq!(verdict(&assessment, 1), AccountVerdict::OptedOut);
        assert_eq!(assessment.verdict, AccountVerdict::Unknown);
        assert!(!assessment.whole);
        assert!(is_open(&assessment, "default-opted-out"));
        assert_eq!(decided(&assessment), Decision::Undetermined);
    }
}

#[test]
fn a_missing_page_of_accounts_does_not_hide_a_failure() {
    let organization = healthy().answer(2, OUT_BUT_LEX).unread(Part::Accounts, None);
    assert_eq!(organization.assess().verdict, AccountVerdict::OptedIn);
    assert_eq!(decided(&organization.assess()), Decision::Fails);
}

#[test]
fn an_account_whose_place_alone_is_missing_is_listed() {
    let organization = healthy().unread(Part::Accounts, Some(&id(2).to_string()));
    assert!(organization.assess().whole);
}
