//! Controls on accounts: one that holds, one that does not, and a near miss of each.

use optout_core::check::{Severity, controls};
use serde_json::json;

use super::organization::{Organization, id};
use super::{LEX_IN, LOCKED, OPT_OUT, OUT, OUT_BUT_LEX, found, healthy, holds};

#[test]
fn every_control_is_named_once_in_kebab_case_and_says_why_and_how() {
    let mut ids: Vec<&str> = controls::ALL.iter().map(|control| control.id).collect();
    for control in controls::ALL {
        assert!(control.id.chars().all(|it| it.is_ascii_lowercase() || it == '-'), "{}", control.id);
        assert!(!control.why.is_empty() && !control.remedy.is_empty() && !control.sources.is_empty(), "{}", control.id);
        assert_eq!(controls::get(control.id).unwrap().title, control.title);
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), controls::ALL.len());
    assert!(controls::get("no-such-control").is_none());
}

#[test]
fn no_control_file_is_forgotten_in_the_table() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/check/controls")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let is_control = |name: &String| !["mod.rs", "page.rs"].contains(&name.as_str());
    let mut names: Vec<String> = names.filter(is_control).map(|it| it.replace('_', "-")).collect();
    names.sort();
    let mut ids: Vec<String> = controls::ALL.iter().map(|control| format!("{}.rs", control.id)).collect();
    ids.sort();
    assert_eq!(names, ids);
}

#[test]
fn every_finding_is_the_controls_own() {
    let organization = healthy().answer(2, OUT_BUT_LEX).policy("idle", OPT_OUT).invalid(1);
    for (control, outcome) in optout_core::check::findings(&organization.assess()) {
        assert!(outcome.findings.iter().all(|finding| finding.control == control.id), "{}", control.id);
    }
}

#[test]
fn an_opt_in_is_critical_and_names_the_policy() {
    let organization = Organization::new().attached("base", OPT_OUT, "root").attached("lexin", LEX_IN, "1");
    let expected = (id(1).to_string(), Severity::Critical, "opted in to `lex` by the policy `p-lexin000`".to_owned());
    assert_eq!(found(&organization.assess(), "no-undeclared-opt-in"), [expected]);
}

#[test]
fn a_policy_is_not_blamed_for_what_only_aws_says() {
    let organization = healthy().answer(2, OUT_BUT_LEX);
    let [(_, _, message)] = &found(&organization.assess(), "no-undeclared-opt-in")[..] else { panic!() };
    assert_eq!(message, "opted in to `lex`");
}

#[test]
fn services_that_inherit_an_opt_in_are_named_by_default() {
    let organization = Organization::new().answer(1, r#"{"services":{"default":{"opt_out_policy":"optIn"}}}"#);
    assert_eq!(found(&organization.assess(), "no-undeclared-opt-in")[0].2, "opted in to `default`");
}

#[test]
fn opting_in_in_an_account_that_does_not_count_is_no_finding() {
    let organization = healthy().account_in_state(3, "root", "SUSPENDED").answer(3, OUT_BUT_LEX);
    assert!(holds(&organization.assess(), "no-undeclared-opt-in"));
}

#[test]
fn what_is_not_opted_out_is_said_in_words() {
    let message = |effective: &str| found(&Organization::new().answer(1, effective).assess(), "default-opted-out");
    assert_eq!(message("{}")[0].2, "nothing is opted out: AWS may use the content of every service");
    assert_eq!(message("{}")[0].1, Severity::High);
    let lex = r#"{"services":{"lex":{"opt_out_policy":"optOut"}}}"#;
    assert!(message(lex)[0].2.starts_with("`default` is unset: AWS may use the content of 37 services: "), "{lex}");
    let default_in = r#"{"services":{"default":{"opt_out_policy":"optIn"}}}"#;
    assert_eq!(message(default_in)[0].2, "`default` is opted in: AWS may use the content of every service not named");
    assert!(message(OUT).is_empty() && message(OUT_BUT_LEX).is_empty());
}

#[test]
fn opted_out_today_is_medium() {
    let services = optout_core::catalogue::Catalogue::embedded().services().iter();
    let services = services.map(|it| (it.key.as_str().to_owned(), json!({"opt_out_policy": "optOut"})));
    let mut services: serde_json::Map<_, _> = services.collect();
    let out = json!({"services": services}).to_string();
    let [(_, Severity::Medium, _)] = &found(&Organization::new().answer(1, &out).assess(), "default-opted-out")[..]
    else {
        panic!()
    };
    // Every service named, one of them in: nothing is left that `default` would have to cover today.
    services.insert("lex".into(), json!({"opt_out_policy": "optIn"}));
    let organization = Organization::new().answer(1, &json!({"services": services}).to_string());
    let message = &found(&organization.assess(), "default-opted-out")[0].2;
    assert_eq!(message, "`default` is unset: a future service would not be covered");
}

#[test]
fn a_value_that_is_not_recognised_is_found_once_for_the_service_that_has_it() {
    let odd = r#"{"services":{"default":{"opt_out_policy":"maybe"},"lex":{"opt_out_policy":"optOut"}}}"#;
    let organization = Organization::new().answer(1, odd);
    let message = "the effective policy has a value that is not recognised for `default`";
    let expected = (id(1).to_string(), Severity::Medium, message.to_owned());
    assert_eq!(found(&organization.assess(), "values-recognised"), [expected]);
    assert!(holds(&healthy().assess(), "values-recognised"));
}

#[test]
fn an_answer_that_cannot_be_read_is_found() {
    let organization = Organization::new().answer(1, "{");
    let [(_, _, message)] = &found(&organization.assess(), "values-recognised")[..] else { panic!() };
    assert!(message.starts_with("the effective policy is not JSON: "), "{message}");
}

#[test]
fn the_management_account_is_not_covered_by_policies_on_the_units_of_the_members() {
    let organization = Organization::new().unit("sales", "root").account(2, "sales").attached("base", LOCKED, "sales");
    let expected = (id(1).to_string(), Severity::High, "the management account is not-opted-out".to_owned());
    assert_eq!(found(&organization.assess(), "management-account-covered"), [expected]);
    assert!(holds(&healthy().assess(), "management-account-covered"));
}

#[test]
fn an_invalid_effective_policy_is_found_with_awss_code() {
    let organization = healthy().invalid(2);
    let message = "AWS lists the effective policy as invalid (ELEMENTS_TOO_MANY): the last valid one stays in force";
    let expected = (id(2).to_string(), Severity::High, message.to_owned());
    assert_eq!(found(&organization.assess(), "effective-policy-valid"), [expected]);
    let closed = healthy().account_in_state(3, "root", "CLOSED").invalid(3);
    assert!(holds(&closed.assess(), "effective-policy-valid"));
}

#[test]
fn a_difference_between_aws_and_what_is_attached_is_found() {
    let organization = healthy().answer(2, OUT_BUT_LEX);
    let message = "AWS says opt-in for `lex`, the attached policies mean opt-out";
    let expected = (id(2).to_string(), Severity::High, message.to_owned());
    assert_eq!(found(&organization.assess(), "computed-matches-aws"), [expected]);
}

#[test]
fn a_stale_answer_is_found_also_where_it_looks_better_and_for_all_it_stands_for() {
    let organization =
        Organization::new().account(2, "root").attached("base", OPT_OUT, "root").attached("lexin", LEX_IN, "root");
    let organization = organization.answer(1, OUT);
    let found = found(&organization.assess(), "computed-matches-aws");
    let message = "AWS says opt-out for `lex`, the attached policies mean opt-in".to_owned();
    assert_eq!(found, [1, 2].map(|it| (id(it).to_string(), Severity::High, message.clone())));
}

#[test]
fn what_is_invalid_or_was_not_computed_is_no_difference() {
    assert!(holds(&healthy().answer(2, OUT_BUT_LEX).invalid(2).assess(), "computed-matches-aws"));
    let unread = healthy().answer(2, OUT_BUT_LEX).change(|it| it.attachments = None);
    assert!(holds(&unread.assess(), "computed-matches-aws"));
    // An effective document in another form says the same.
    let spelled_out = r#"{"services":{"lex":{"opt_out_policy":"optOut"},"default":{"opt_out_policy":"optOut"}}}"#;
    assert!(holds(&healthy().answer(2, spelled_out).assess(), "computed-matches-aws"));
}

#[test]
fn a_catalogue_of_91_days_is_too_old_and_one_of_90_is_not() {
    let read = optout_core::catalogue::Catalogue::embedded().date();
    let at = |days: i64| read.checked_add(jiff::Span::new().days(days)).unwrap().to_string();
    let assess = |days: i64| {
        let organization = healthy();
        let question = optout_core::check::Question {
            snapshot: &organization.snapshot,
            catalogue: &organization.catalogue,
            exceptions: optout_core::check::Exceptions::none(),
            at: format!("{}T23:59:59Z", at(days)).parse().unwrap(),
            evidence: None,
            only: None,
        };
        found(&optout_core::check::assess(&question), "catalogue-current")
    };
    assert!(assess(0).is_empty() && assess(90).is_empty());
    assert_eq!(assess(91)[0].1, Severity::Low);
}

#[test]
fn equal_causes_have_equal_messages() {
    let organization = (3..40).fold(healthy(), |it, number| it.account(number, "root"));
    let organization =
        organization.change(|it| it.attachments.as_mut().unwrap().clear()).answer(1, "{}").answer(2, "{}");
    let mut messages: Vec<String> =
        found(&organization.assess(), "default-opted-out").into_iter().map(|(_, _, message)| message).collect();
    assert_eq!(messages.len(), 39);
    messages.dedup();
    assert_eq!(messages.len(), 1);
}
