//! What could not be read leaves diagnoses open, with the permission; what AWS's own answer settles stays settled.

use optout_core::check::Decision;
use optout_core::org::{Part, Unread, UnreadReason};

use super::organization::Organization;
use super::{LOCKED, OUT, Sick, healthy};

fn denied(organization: Organization, part: Part, operation: &str) -> Organization {
    let unread = Unread {
        part,
        subject: None,
        operation: operation.into(),
        reason: UnreadReason::AccessDenied,
        permission: Some(format!("organizations:{operation}")),
        detail: "You don't have permissions to access this resource.".into(),
    };
    organization.change(|it| it.unread.push(unread))
}

/// What an ordinary member account reads: its own answer, and nothing else.
fn member(content: &str) -> Organization {
    let organization = healthy().answer(2, content).seen_by_member(2);
    let denials = [(Part::Root, "ListRoots"), (Part::Accounts, "ListAccounts"), (Part::Policies, "ListPolicies")];
    denials.into_iter().fold(organization, |organization, (part, operation)| denied(organization, part, operation))
}

#[test]
fn a_member_that_is_opted_out_is_told_so_and_nothing_is_open() {
    let found = Sick::from(member(OUT)).examine();
    assert_eq!(found.applied(), Vec::<&str>::new(), "{}", found.text);
    assert_eq!(found.decision, Decision::Holds, "{}", found.text);
    assert_eq!(found.opinion("could-not-be-read").excluded, "by AWS's own answers the account is opted out");
}

#[test]
fn a_member_that_is_not_opted_out_learns_which_permissions_would_tell_why() {
    let found = Sick::from(member("{}")).examine();
    assert_eq!(found.applied(), ["seen-from-member"], "{}", found.text);
    let gaps = &found.opinion("could-not-be-read").missing;
    let permissions: Vec<&str> = gaps.iter().filter_map(|gap| gap.permission.as_deref()).collect();
    assert_eq!(permissions, ["organizations:ListAccounts", "organizations:ListPolicies", "organizations:ListRoots"]);
    assert!(
        found.is_open("wrong-level") && found.is_open("conflicting-opt-in") && found.is_open("no-policy"),
        "{}",
        found.text
    );
    // The type is on: AWS gave an effective policy, if an empty one.
    assert!(found.excludes("type-off"), "{}", found.text);
}

#[test]
fn a_member_without_an_answer_knows_nothing() {
    let organization = member(OUT).change(|it| it.answers.clear());
    let organization = denied(organization, Part::EffectivePolicy, "DescribeEffectivePolicy");
    let found = Sick::from(organization).examine();
    assert_eq!(found.decision, Decision::Undetermined, "{}", found.text);
    let gap = &found.opinion("seen-from-member").missing[0];
    assert_eq!(gap.permission.as_deref(), Some("organizations:DescribeEffectivePolicy"), "{gap:?}");
}

#[test]
fn what_is_missing_is_said_once_with_everything_that_it_leaves_open() {
    let organization = healthy().change(|it| {
        it.policies = None;
        it.attachments = None;
        it.answers.clear();
    });
    let organization =
        denied(denied(organization, Part::Policies, "ListPolicies"), Part::EffectivePolicy, "DescribeEffectivePolicy");
    let found = Sick::from(organization).examine();
    assert_eq!(found.decision, Decision::Undetermined, "{}", found.text);
    let lines: Vec<&str> =
        found.text.lines().filter(|line| line.contains("the policies could not be listed")).collect();
    assert_eq!(lines.len(), 1, "{}", found.text);
    assert!(lines[0].contains("organizations:ListPolicies"), "{}", found.text);
}

#[test]
fn documents_that_could_not_be_read_leave_open_what_they_say() {
    let organization = Organization::new().attached("base", LOCKED, "root").answer(1, "{}");
    let organization = organization.change(|it| it.policies.as_mut().unwrap()[0].content = None);
    let organization = denied(organization, Part::PolicyContent, "DescribePolicy");
    let found = Sick::from(organization).examine();
    for id in ["document-says-nothing", "document-inadmissible", "blocked-by-lock", "no-default"] {
        assert!(found.is_open(id), "{id}\n{}", found.text);
        let gap = &found.opinion(id).missing[0];
        assert_eq!(gap.permission.as_deref(), Some("organizations:DescribePolicy"), "{id}");
    }
    assert_eq!(found.decision, Decision::Undetermined);
}

#[test]
fn the_list_of_invalid_policies_is_missed_only_where_aws_was_not_asked_itself() {
    let unlisted = |it: Organization| {
        denied(it.change(|it| it.invalid = None), Part::InvalidPolicies, "ListAccountsWithInvalidEffectivePolicy")
    };
    assert!(Sick::from(unlisted(healthy())).examine().excludes("invalid-effective-policy"));
    let unasked = Organization::new().attached("base", LOCKED, "root");
    assert!(Sick::from(unlisted(unasked)).computed().examine().is_open("invalid-effective-policy"));
}

#[test]
fn with_accounts_that_are_not_listed_nobody_is_called_well() {
    let organization = healthy().unread(Part::Accounts, None);
    let found = Sick::from(organization).examine();
    assert_eq!(found.decision, Decision::Undetermined, "{}", found.text);
}
