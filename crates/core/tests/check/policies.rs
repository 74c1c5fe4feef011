//! Controls on policies: stray ones, documents that could not be sent again, delegation, the root.

use optout_core::check::Severity;
use optout_core::org::PolicyType;

use super::organization::Organization;
use super::{LEX_IN, LOCKED, OPT_OUT, found, healthy, holds};

fn text(subject: &str, severity: Severity, message: &str) -> (String, Severity, String) {
    (subject.to_owned(), severity, message.to_owned())
}

#[test]
fn a_policy_that_is_attached_to_nothing_is_stray() {
    let organization = healthy().policy("idle", OPT_OUT);
    let expected = text("p-idle0000", Severity::Low, "attached to nothing: it opts nobody out");
    assert_eq!(found(&organization.assess(), "no-stray-policies"), [expected]);
}

#[test]
fn two_policies_that_say_the_same_at_one_target_are_stray_in_whatever_form() {
    let organization = healthy().attached("again", &LOCKED.replace(char::is_whitespace, ""), "root");
    let expected =
        text("r-exam", Severity::Low, "`p-again000` means the same as `p-base0000`, which is attached here too");
    assert_eq!(found(&organization.assess(), "no-stray-policies"), [expected]);
}

#[test]
fn two_policies_that_say_the_same_at_different_targets_are_not_stray() {
    assert!(holds(&healthy().attached("again", LOCKED, "2").assess(), "no-stray-policies"));
    assert!(holds(&healthy().attached("other", LEX_IN, "root").assess(), "no-stray-policies"));
}

#[test]
fn a_policy_of_another_type_that_looks_like_one_is_stray() {
    let scp =
        |it: &mut optout_core::org::Snapshot| it.policies.as_mut().unwrap()[1].policy_type = PolicyType::ServiceControl;
    let organization = healthy().policy("pretends", "{}").change(scp);
    let message = "looks like an opt-out policy but has the type SERVICE_CONTROL_POLICY: it opts nobody out";
    assert_eq!(found(&organization.assess(), "no-stray-policies"), [text("p-pretends", Severity::Medium, message)]);
    assert!(holds(&organization.assess(), "documents-admissible"));
}

#[test]
fn a_stored_document_that_aws_would_refuse_is_found() {
    let organization = healthy().attached("broken", r#"{"services":{"lex":{"opt_out_policy":"optOut"}}}"#, "2");
    let [(subject, Severity::Low, _)] = &found(&organization.assess(), "documents-admissible")[..] else { panic!() };
    assert_eq!(subject, "p-broken00");
}

#[test]
fn a_service_newer_than_the_catalogue_is_told_and_no_defect() {
    let newer = r#"{"services":{"newest":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
    let organization = healthy().attached("newer", newer, "root");
    let [(_, Severity::Info, message)] = &found(&organization.assess(), "documents-admissible")[..] else { panic!() };
    assert!(message.starts_with("the service `newest` is unknown to the catalogue of "), "{message}");
}

#[test]
fn the_root_is_covered_by_default_out_at_the_root_and_nothing_else() {
    assert!(holds(&healthy().assess(), "root-covered"));
    assert!(holds(&Organization::new().attached("base", OPT_OUT, "root").assess(), "root-covered"));
    let message = |organization: Organization| found(&organization.assess(), "root-covered")[0].2.clone();
    let nothing = "no policy at the root opts out by `default`: new accounts may not be covered";
    assert_eq!(message(Organization::new()), nothing);
    assert_eq!(message(Organization::new().attached("base", OPT_OUT, "1")), nothing);
    assert_eq!(message(Organization::new().attached("base", LEX_IN, "root")), nothing);
    let in_all = OPT_OUT.replace("optOut", "optIn");
    assert_eq!(message(Organization::new().attached("base", &in_all, "root")), "the root opts in by `default`");
    let both = Organization::new().attached("one", OPT_OUT, "root").attached("two", &in_all, "root");
    assert_eq!(message(both), "whether the root opts out depends on the order in which its policies were attached");
}

#[test]
fn who_else_may_write_policies_of_any_type_is_found() {
    let grant = |condition: &str| {
        format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::000000000002:root"}},"Resource":"*",
            "Action":["organizations:AttachPolicy","organizations:UpdatePolicy"]{condition}}}]}}"#
        )
    };
    let with = |text: String| healthy().change(|it| it.resource_policy = Some(Some(text.into())));
    let expected = text("arn:aws:iam::000000000002:root", Severity::Medium, "may attach, update policies of any type");
    assert_eq!(found(&with(grant("")).assess(), "delegation-scoped"), [expected]);
    let ours = r#","Condition":{"StringEquals":{"organizations:PolicyType":"AISERVICES_OPT_OUT_POLICY"}}"#;
    assert!(holds(&with(grant(ours)).assess(), "delegation-scoped"));
    assert!(holds(&with("{}".into()).assess(), "delegation-scoped"));
    let everybody = grant("").replace(r#"{"AWS":"arn:aws:iam::000000000002:root"}"#, "\"*\"");
    assert_eq!(found(&with(everybody).assess(), "delegation-scoped")[0].1, Severity::High);
}
