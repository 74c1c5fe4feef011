//! What a program makes of it: fails before undetermined before holds, and accepted findings.

use optout_core::check::{AccountVerdict, Decision, Exceptions, Finding, Severity, decide, findings};
use optout_core::org::{EvidenceMode, Part};

use super::organization::Organization;
use super::{LOCKED, OPT_OUT, OUT, OUT_BUT_LEX, decided, healthy};

fn decided_at(organization: &Organization, line: Severity) -> Decision {
    let assessment = organization.assess();
    decide(&assessment, &findings(&assessment), line, &|_| false)
}

fn accepting(organization: &Organization, accepted: &dyn Fn(&Finding) -> bool) -> Decision {
    let assessment = organization.assess();
    decide(&assessment, &findings(&assessment), Severity::High, accepted)
}

/// As attached as answered, so that nothing else is wrong with it.
fn opted_in() -> Organization {
    let document = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}},"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;
    Organization::new().attached("base", document, "root").answer(1, OUT_BUT_LEX)
}

#[test]
fn what_is_computed_because_aws_could_not_be_asked_is_undetermined() {
    let organization = healthy().change(|it| it.answers.clear());
    assert_eq!(organization.assess().verdict, AccountVerdict::OptedOut);
    assert_eq!(decided(&organization.assess()), Decision::Undetermined);
}

#[test]
fn what_is_computed_because_nothing_else_was_wanted_is_an_answer() {
    let organization = healthy().change(|it| it.answers.clear());
    let assessment = organization.assess_with(Exceptions::none(), Some(EvidenceMode::None));
    assert_eq!(decided(&assessment), Decision::Holds);
}

#[test]
fn what_fails_by_computing_fails() {
    let organization = Organization::new();
    assert_eq!(decided(&organization.assess()), Decision::Fails);
}

#[test]
fn a_known_failure_beats_an_unknown() {
    let organization = opted_in().account(2, "root").change(|it| it.accounts.as_mut().unwrap()[1].parent = None);
    assert_eq!(organization.assess().verdict, AccountVerdict::OptedIn);
    assert_eq!(decided(&organization.assess()), Decision::Fails);
    let policy_type_off = healthy().policy_type(None).unread(Part::Accounts, None);
    assert_eq!(decided(&policy_type_off.assess()), Decision::Fails);
}

#[test]
fn an_unknown_beats_a_pass() {
    let organization = healthy().answer(2, "{");
    assert_eq!(decided(&organization.assess()), Decision::Undetermined);
    let unrecognised = Organization::new()
        .attached("base", LOCKED, "root")
        .answer(1, r#"{"services":{"default":{"opt_out_policy":"optOut"},"lex":{"opt_out_policy":"maybe"}}}"#);
    assert_eq!(decided(&unrecognised.assess()), Decision::Undetermined);
}

#[test]
fn findings_fail_at_the_line_and_above() {
    let no_lock = Organization::new().attached("base", OPT_OUT, "root").answer(1, OUT);
    assert_eq!(decided_at(&no_lock, Severity::High), Decision::Holds);
    assert_eq!(decided_at(&no_lock, Severity::Medium), Decision::Fails);
    let stray = healthy().policy("idle", OPT_OUT);
    assert_eq!(decided_at(&stray, Severity::Medium), Decision::Holds);
    assert_eq!(decided_at(&stray, Severity::Low), Decision::Fails);
}

#[test]
fn a_verdict_fails_wherever_the_line_is() {
    assert_eq!(decided_at(&Organization::new(), Severity::Critical), Decision::Fails);
}

#[test]
fn an_undetermined_control_counts_from_the_line_on() {
    let organization = healthy().change(|it| it.resource_policy = None);
    assert_eq!(decided_at(&organization, Severity::High), Decision::Holds);
    assert_eq!(decided_at(&organization, Severity::Medium), Decision::Undetermined);
}

#[test]
fn an_account_whose_findings_were_all_accepted_fails_no_more() {
    let organization = opted_in();
    assert_eq!(decided(&organization.assess()), Decision::Fails);
    assert_eq!(accepting(&organization, &|finding| finding.control == "no-undeclared-opt-in"), Decision::Fails);
    let both = |finding: &Finding| ["no-undeclared-opt-in", "management-account-covered"].contains(&finding.control);
    assert_eq!(accepting(&organization, &both), Decision::Holds);
}

#[test]
fn accepting_the_finding_of_one_account_does_not_forgive_another() {
    let organization = opted_in().account(2, "root").answer(2, OUT_BUT_LEX);
    let first = super::organization::id(1).to_string();
    let only_first = |finding: &Finding| finding.subject.to_string() == first;
    assert_eq!(accepting(&organization, &only_first), Decision::Fails);
}

#[test]
fn accepting_does_not_turn_an_unknown_into_a_pass() {
    let organization = healthy().answer(2, "{");
    assert_eq!(accepting(&organization, &|_| true), Decision::Undetermined);
}

#[test]
fn without_counted_accounts_nothing_is_determined() {
    let organization = healthy().change(|it| it.accounts = Some(Vec::new()));
    let assessment = organization.assess();
    assert_eq!(decided(&assessment), Decision::Undetermined);
}
