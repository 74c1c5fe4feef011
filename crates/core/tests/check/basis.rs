//! Whose answer a verdict rests on. `opted-out` is AWS's own, or marked as computed.

use optout_core::check::{AccountVerdict, Basis};
use optout_core::org::{EvidenceMode, Part};

use super::organization::{Organization, id};
use super::{LEX_IN, OPT_OUT, OUT, OUT_BUT_LEX, basis, verdict};

/// A policy at the root, two units, accounts 2 and 3 in the first, 4 in the second.
fn units() -> Organization {
    let start = Organization::new().attached("base", OPT_OUT, "root").unit("sales", "root").unit("tests", "root");
    start.account(2, "sales").account(3, "sales").account(4, "tests")
}

#[test]
fn an_account_that_was_asked_rests_on_aws() {
    let organization = units().answer(2, OUT);
    assert_eq!(basis(&organization.assess(), 2), Basis::Aws);
}

#[test]
fn an_account_with_the_chain_of_one_that_was_asked_rests_on_that_one() {
    let organization = units().answer(2, OUT_BUT_LEX);
    let assessment = organization.assess();
    for account in [1, 3, 4] {
        assert_eq!(basis(&assessment, account), Basis::AwsChain(id(2)));
        assert_eq!(verdict(&assessment, account), AccountVerdict::OptedIn);
    }
}

#[test]
fn its_own_answer_beats_that_of_its_chain() {
    let organization = units().answer(2, OUT_BUT_LEX).answer(3, OUT);
    assert_eq!(basis(&organization.assess(), 3), Basis::Aws);
    assert_eq!(verdict(&organization.assess(), 3), AccountVerdict::OptedOut);
}

#[test]
fn without_an_answer_it_is_computed_and_says_so() {
    let assessed = units();
    let assessment = assessed.assess();
    assert_eq!((verdict(&assessment, 2), basis(&assessment, 2)), (AccountVerdict::OptedOut, Basis::Computed));
}

#[test]
fn an_attachment_of_its_own_or_of_its_unit_makes_another_chain() {
    for target in ["3", "sales"] {
        let organization = units().attached("lexin", LEX_IN, target).answer(4, OUT);
        let assessment = organization.assess();
        assert_eq!(
            (verdict(&assessment, 3), basis(&assessment, 3)),
            (AccountVerdict::OptedIn, Basis::Computed),
            "{target}"
        );
        assert_eq!(basis(&assessment, 1), Basis::AwsChain(id(4)), "{target}");
    }
}

#[test]
fn the_same_policies_at_another_level_are_the_same_chain() {
    let organization =
        units().policy("lexin", LEX_IN).attach("lexin", "sales").attach("lexin", "4").answer(4, OUT_BUT_LEX);
    assert_eq!(basis(&organization.assess(), 2), Basis::AwsChain(id(4)));
}

#[test]
fn nobody_answers_for_another_unless_the_list_of_invalid_policies_was_read() {
    let organization = units().answer(2, OUT).change(|it| it.invalid = None);
    let assessment = organization.assess();
    assert_eq!((basis(&assessment, 2), basis(&assessment, 3)), (Basis::Aws, Basis::Computed));
}

#[test]
fn nobody_answers_for_an_account_with_an_invalid_policy_and_it_for_nobody() {
    let organization = units().answer(2, OUT).invalid(3);
    let assessment = organization.assess();
    assert_eq!((verdict(&assessment, 3), basis(&assessment, 3)), (AccountVerdict::Unknown, Basis::Computed));
    let organization = units().answer(2, OUT).invalid(2);
    let assessment = organization.assess();
    assert_eq!((basis(&assessment, 2), basis(&assessment, 3)), (Basis::Aws, Basis::Computed));
}

#[test]
fn nobody_answers_for_another_where_attachments_are_not_all_known() {
    for subject in [None, Some("p-lost0000"), Some("ou-exam-sales000")] {
        let organization = units().answer(2, OUT).unread(Part::Attachments, subject);
        let assessment = organization.assess();
        assert_eq!(
            (verdict(&assessment, 3), basis(&assessment, 3)),
            (AccountVerdict::Unknown, Basis::Computed),
            "{subject:?}"
        );
        assert_eq!(basis(&assessment, 2), Basis::Aws);
    }
    let organization = units().answer(2, OUT).unread(Part::Policies, None);
    assert_eq!(verdict(&organization.assess(), 3), AccountVerdict::Unknown);
}

#[test]
fn a_suspended_account_answers_for_nobody() {
    let organization = units().account_in_state(5, "sales", "SUSPENDED").answer(5, OUT);
    assert_eq!(basis(&organization.assess(), 2), Basis::Computed);
}

#[test]
fn an_answer_of_an_account_that_is_not_listed_answers_for_nobody() {
    let organization = units().answer(9, OUT_BUT_LEX);
    let assessment = organization.assess();
    assert!(assessment.result(id(9)).is_none());
    assert_eq!(basis(&assessment, 2), Basis::Computed);
    assert_eq!(assessment.verdict, AccountVerdict::OptedOut);
}

#[test]
fn accounts_without_a_place_share_no_chain() {
    let lost = |it: &mut optout_core::org::Snapshot| {
        it.accounts.iter_mut().flatten().filter(|it| it.id != id(1)).for_each(|it| it.parent = None);
    };
    let organization = units().change(lost).answer(2, OUT);
    let assessment = organization.assess();
    assert_eq!((verdict(&assessment, 3), basis(&assessment, 3)), (AccountVerdict::Unknown, Basis::Computed));
}

#[test]
fn with_no_evidence_wanted_aws_is_not_listened_to() {
    let organization = units().answer(2, OUT_BUT_LEX);
    let assessment = organization.assess_with(optout_core::check::Exceptions::none(), Some(EvidenceMode::None));
    assert_eq!((verdict(&assessment, 2), basis(&assessment, 2)), (AccountVerdict::OptedOut, Basis::Computed));
    assert!(assessment.computed_counts);
}

#[test]
fn the_words_of_a_basis() {
    assert_eq!(
        [Basis::Aws, Basis::AwsChain(id(1)), Basis::Computed].map(Basis::as_str),
        ["aws", "aws-chain", "computed"]
    );
}
