//! What could not be read is unknown, with its reason, and neither a pass nor a failure.

use optout_core::check::{AccountVerdict, Basis, Decision, ServiceVerdict, Uncomputed};
use optout_core::org::{Part, Snapshot, UnreadReason};

use super::organization::{Organization, id};
use super::{LOCKED, OUT, basis, decided, healthy, is_open, outcome, service, verdict};

/// The healthy organization, where AWS was not asked.
fn not_asked() -> Organization {
    healthy().change(|it| it.answers.clear())
}

fn why(organization: &Organization, account: usize) -> Uncomputed {
    let assessment = organization.assess();
    let result = assessment.result(id(account)).unwrap();
    assert_eq!((result.verdict, result.basis), (AccountVerdict::Unknown, Basis::Computed));
    assert_eq!(decided(&assessment), Decision::Undetermined);
    assessment.group(result).unwrap().uncomputed.clone().unwrap()
}

#[test]
fn every_part_that_is_missing_has_its_own_reason() {
    let gap = |change: fn(&mut Snapshot)| why(&not_asked().change(change), 2);
    assert_eq!(gap(|it| it.attachments = None), Uncomputed::Attachments);
    assert_eq!(gap(|it| it.root = None), Uncomputed::PolicyType);
    assert_eq!(gap(|it| it.policies = None), Uncomputed::Document("p-base0000".parse().unwrap()));
    assert_eq!(
        gap(|it| it.policies.iter_mut().flatten().for_each(|it| it.content = None)),
        Uncomputed::Document("p-base0000".parse().unwrap())
    );
    assert_eq!(gap(|it| it.accounts.iter_mut().flatten().for_each(|it| it.parent = None)), Uncomputed::Place);
    assert_eq!(why(&not_asked().unread(Part::Attachments, Some("p-other000")), 2), Uncomputed::Attachments);
    assert_eq!(why(&not_asked().unread(Part::Policies, None), 2), Uncomputed::Attachments);
}

#[test]
fn a_stored_document_that_is_no_json_is_an_unread_one() {
    let organization = Organization::new().attached("broken", "{", "root");
    assert_eq!(why(&organization, 1), Uncomputed::Document("p-broken00".parse().unwrap()));
    let organization = Organization::new().attached("twice", r#"{"services":{},"services":{}}"#, "root");
    assert_eq!(why(&organization, 1), Uncomputed::Document("p-twice000".parse().unwrap()));
}

#[test]
fn an_unread_document_concerns_only_the_accounts_below_it() {
    let organization =
        not_asked().unit("sales", "root").account(3, "sales").policy("lost", "{}").attach("lost", "sales");
    let organization = organization.change(|it| it.policies.as_mut().unwrap()[1].content = None);
    let assessment = organization.assess();
    assert_eq!(verdict(&assessment, 3), AccountVerdict::Unknown);
    assert_eq!(verdict(&assessment, 2), AccountVerdict::OptedOut);
}

#[test]
fn an_unread_target_concerns_only_the_accounts_below_it() {
    let organization = not_asked().unit("sales", "root").account(3, "sales");
    let organization = organization.unread(Part::Attachments, Some("ou-exam-sales000"));
    let assessment = organization.assess();
    assert_eq!(verdict(&assessment, 3), AccountVerdict::Unknown);
    assert_eq!(verdict(&assessment, 2), AccountVerdict::OptedOut);
}

#[test]
fn awss_answer_is_known_whatever_else_is_not() {
    let nothing = |it: &mut Snapshot| {
        (it.root, it.units, it.policies, it.attachments, it.invalid) = (None, None, None, None, None);
    };
    let organization = healthy().change(nothing);
    let assessment = organization.assess();
    assert_eq!((verdict(&assessment, 2), basis(&assessment, 2)), (AccountVerdict::OptedOut, Basis::Aws));
    assert_eq!(service(&assessment, 2, "lex"), ServiceVerdict::OptedOut);
    assert_eq!(decided(&assessment), Decision::Holds);
}

#[test]
fn controls_say_what_they_could_not_determine_instead_of_holding() {
    type Gap = fn(&mut Snapshot);
    let gaps: [(&str, Gap); 10] = [
        ("organization-exists", |it| it.membership = None),
        ("all-features", |it| it.membership = None),
        ("policy-type-enabled", |it| it.root = None),
        ("root-covered", |it| it.root = None),
        ("root-covered", |it| it.attachments = None),
        ("order-independent", |it| it.attachments = None),
        ("no-stray-policies", |it| it.policies = None),
        ("documents-admissible", |it| it.policies = None),
        ("effective-policy-valid", |it| it.invalid = None),
        ("delegation-scoped", |it| it.resource_policy = None),
    ];
    for (control, gap) in gaps {
        assert!(is_open(&not_asked().change(gap).assess(), control), "{control}");
    }
}

#[test]
fn without_the_management_account_its_cover_is_unknown() {
    let without = |it: &mut Snapshot| it.accounts.as_mut().unwrap().retain(|account| account.id != id(1));
    assert!(is_open(&healthy().change(without).assess(), "management-account-covered"));
}

#[test]
fn the_number_of_accounts_that_are_open_is_said() {
    let organization = not_asked().change(|it| it.attachments = None);
    let unknown = outcome(&organization.assess(), "default-opted-out").unknown.unwrap();
    assert_eq!(unknown, "the verdict of 2 accounts could not be determined");
}

#[test]
fn an_effective_policy_in_force_shows_that_the_type_is_on() {
    let organization = Organization::new().attached("base", LOCKED, "root").answer(1, OUT).change(|it| it.root = None);
    assert!(super::holds(&organization.assess(), "policy-type-enabled"));
}

#[test]
fn what_lies_outside_the_named_accounts_is_no_gap_for_them_and_one_for_the_organization() {
    let out_of_view = |it: &mut Snapshot| it.unread.iter_mut().for_each(|it| it.reason = UnreadReason::OutOfView);
    let organization = healthy().unread(Part::Accounts, None).unread(Part::Units, None).change(out_of_view);
    assert_eq!(decided(&organization.assess_only(&[2])), Decision::Holds);
    assert_eq!(decided(&organization.assess()), Decision::Undetermined);
}

#[test]
fn accounts_that_could_not_be_listed_leave_the_named_ones_undetermined() {
    for part in [Part::Accounts, Part::Units] {
        let organization = healthy().unread(part, Some("ou-exam-sales000"));
        assert_eq!(decided(&organization.assess_only(&[2])), Decision::Undetermined, "{}", part.as_str());
    }
}
