//! Results that hang on the order of attachment: detected, never guessed, settled by AWS's answer or recorded events.

use optout_core::check::{AccountVerdict, Basis, ServiceVerdict, Severity};
use optout_core::org::AttachTime;

use super::organization::{Organization, target};
use super::{LEX_IN, LOCKED, OPT_OUT, OUT, OUT_BUT_LEX, basis, found, holds, service, verdict};

const LEX_OUT: &str = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;

/// Two policies at the root that disagree about Amazon Lex.
fn disputed() -> Organization {
    Organization::new()
        .account(2, "root")
        .attached("base", OPT_OUT, "root")
        .attached("inlex", LEX_IN, "root")
        .attached("outlex", LEX_OUT, "root")
}

/// Sets when each policy was attached at a target, in seconds; the order of the list is that of the policies.
fn attached_at(organization: Organization, place: &str, seconds: &[&str]) -> Organization {
    organization.change(|it| {
        let list = it.attachments.as_mut().unwrap().get_mut(&target(place)).unwrap();
        list.iter_mut().zip(seconds).for_each(|(attachment, time)| {
            attachment.attached = Some(AttachTime::At(time.parse().unwrap()));
        });
    })
}

#[test]
fn a_disputed_service_is_unknown_and_the_others_are_not() {
    let organization = disputed();
    let assessment = organization.assess();
    assert_eq!(service(&assessment, 2, "lex"), ServiceVerdict::Unknown);
    assert_eq!(service(&assessment, 2, "polly"), ServiceVerdict::OptedOut);
    assert_eq!(verdict(&assessment, 2), AccountVerdict::Unknown);
}

#[test]
fn a_disputed_default_leaves_every_service_unknown_that_does_not_name_itself() {
    let in_all = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;
    let organization = Organization::new()
        .attached("one", OPT_OUT, "root")
        .attached("two", in_all, "root")
        .attached("three", LEX_OUT, "root");
    let assessment = organization.assess();
    assert_eq!(service(&assessment, 1, "polly"), ServiceVerdict::Unknown);
    assert_eq!(service(&assessment, 1, "lex"), ServiceVerdict::OptedOut);
}

#[test]
fn aws_settles_it() {
    let organization = disputed().answer(1, OUT).answer(2, OUT_BUT_LEX);
    let assessment = organization.assess();
    assert_eq!((verdict(&assessment, 2), basis(&assessment, 2)), (AccountVerdict::OptedIn, Basis::Aws));
    // What is not decided cannot differ from AWS's answer.
    assert!(holds(&assessment, "computed-matches-aws"));
}

#[test]
fn only_the_policy_that_opts_in_is_blamed() {
    let organization = disputed().answer(2, OUT_BUT_LEX);
    let [_, (_, _, message)] = &found(&organization.assess(), "no-undeclared-opt-in")[..] else { panic!() };
    assert_eq!(message, "opted in to `lex` by the policy `p-inlex000`");
}

#[test]
fn recorded_events_settle_it_unless_two_fall_into_one_second() {
    let times = ["2026-11-20T10:00:00Z", "2026-11-20T10:00:02Z", "2026-11-20T10:00:01Z"];
    let organization = attached_at(disputed(), "root", &times);
    assert_eq!(service(&organization.assess(), 2, "lex"), ServiceVerdict::OptedOut);
    let same_second = ["2026-11-20T10:00:00Z", "2026-11-20T10:00:01.2Z", "2026-11-20T10:00:01.8Z"];
    let organization = attached_at(disputed(), "root", &same_second);
    assert_eq!(service(&organization.assess(), 2, "lex"), ServiceVerdict::Unknown);
}

#[test]
fn one_event_that_is_missing_leaves_the_order_open() {
    let organization = attached_at(disputed(), "root", &["2026-11-20T10:00:00Z", "2026-11-20T10:00:01Z"]);
    assert_eq!(service(&organization.assess(), 2, "lex"), ServiceVerdict::Unknown);
}

#[test]
fn targets_with_the_same_dispute_are_different_chains() {
    let organization = Organization::new().unit("sales", "root").unit("tests", "root");
    let organization = organization.account(2, "sales").account(3, "sales").account(4, "tests");
    let organization = organization.policy("inlex", LEX_IN).policy("outlex", LEX_OUT).attached("base", OPT_OUT, "root");
    let both = |it: Organization, unit: &str| it.attach("inlex", unit).attach("outlex", unit);
    let organization = both(both(organization, "sales"), "tests").answer(2, OUT_BUT_LEX);
    let assessment = organization.assess();
    assert_eq!(verdict(&assessment, 3), AccountVerdict::OptedIn);
    assert_eq!((verdict(&assessment, 4), basis(&assessment, 4)), (AccountVerdict::Unknown, Basis::Computed));
}

#[test]
fn the_dispute_is_a_finding_at_its_target() {
    let message = "`p-inlex000`, `p-outlex00` assign different values to `services.lex.opt_out_policy` here";
    assert_eq!(
        found(&disputed().assess(), "order-independent"),
        [("r-exam".to_owned(), Severity::Medium, message.to_owned())]
    );
    let at_account = Organization::new().attached("inlex", LEX_IN, "1").attached("outlex", LEX_OUT, "1");
    assert_eq!(found(&at_account.assess(), "order-independent").len(), 1);
}

#[test]
fn recorded_events_do_not_make_the_dispute_go_away() {
    let times = ["2026-11-20T10:00:00Z", "2026-11-20T10:00:02Z", "2026-11-20T10:00:01Z"];
    assert_eq!(found(&attached_at(disputed(), "root", &times).assess(), "order-independent").len(), 1);
}

#[test]
fn policies_that_agree_or_are_forbidden_further_up_are_no_dispute() {
    let agree = Organization::new().attached("one", OPT_OUT, "root").attached("two", OPT_OUT, "root");
    assert!(holds(&agree.assess(), "order-independent"));
    let forbidden = Organization::new().attached("base", LOCKED, "root").unit("sales", "root").account(2, "sales");
    let forbidden = forbidden.attached("inlex", LEX_IN, "sales").attached("outlex", LEX_OUT, "sales");
    let assessment = forbidden.assess();
    assert!(holds(&assessment, "order-independent"));
    assert_eq!(service(&assessment, 2, "lex"), ServiceVerdict::OptedOut);
}
