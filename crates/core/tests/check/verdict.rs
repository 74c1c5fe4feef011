//! The verdict of an account, row by row, and of the organization.

use optout_core::check::{AccountVerdict, ServiceVerdict, Setting};
use optout_core::org::AnswerContent;
use serde_json::{Map, Value, json};

use super::organization::{Organization, id};
use super::{OUT, OUT_BUT_LEX, service, verdict};

/// An effective document: every service of the catalogue `of_services`, then some others.
fn document(of_services: Option<&str>, others: &[(&str, Value)]) -> String {
    let catalogue = optout_core::catalogue::Catalogue::embedded();
    let names = catalogue.services().iter().map(|it| it.key.as_str()).filter(|_| of_services.is_some());
    let mut services: Map<String, Value> =
        names.map(|name| (name.to_owned(), json!({"opt_out_policy": of_services}))).collect();
    services.extend(others.iter().map(|(name, value)| ((*name).to_owned(), json!({"opt_out_policy": value}))));
    json!({"services": services}).to_string()
}

fn verdict_of(effective: &str) -> AccountVerdict {
    verdict(&Organization::new().answer(1, effective).assess(), 1)
}

#[test]
fn opted_out_is_default_out_and_no_service_otherwise() {
    assert_eq!(verdict_of(OUT), AccountVerdict::OptedOut);
    assert_eq!(verdict_of(&document(Some("optOut"), &[("default", json!("optOut"))])), AccountVerdict::OptedOut);
    assert_eq!(verdict_of(&document(None, &[("default", json!({"@@assign": "optOut"}))])), AccountVerdict::OptedOut);
}

#[test]
fn one_service_in_is_enough_for_opted_in() {
    assert_eq!(verdict_of(OUT_BUT_LEX), AccountVerdict::OptedIn);
    assert_eq!(verdict_of(&document(None, &[("default", json!("optIn"))])), AccountVerdict::OptedIn);
    // Worse than what is unset and than what is not recognised.
    assert_eq!(verdict_of(&document(None, &[("lex", json!("optIn"))])), AccountVerdict::OptedIn);
    assert_eq!(verdict_of(&document(None, &[("lex", json!("optIn")), ("polly", json!(7))])), AccountVerdict::OptedIn);
}

#[test]
fn default_in_beside_every_known_service_out_is_opted_in() {
    assert_eq!(verdict_of(&document(Some("optOut"), &[("default", json!("optIn"))])), AccountVerdict::OptedIn);
}

#[test]
fn what_is_unset_is_not_opted_out() {
    for effective in ["{}", r#"{"services":{}}"#, r#"{"other":{}}"#, r#"{"services":{"lex":{}}}"#] {
        assert_eq!(verdict_of(effective), AccountVerdict::NotOptedOut, "{effective}");
    }
    assert_eq!(verdict_of(&document(None, &[("lex", json!("optOut"))])), AccountVerdict::NotOptedOut);
}

#[test]
fn no_effective_policy_is_not_opted_out_and_not_an_error() {
    let organization = Organization::new().answered(1, AnswerContent::NotFound);
    assert_eq!(verdict(&organization.assess(), 1), AccountVerdict::NotOptedOut);
}

#[test]
fn every_known_service_out_without_default_is_opted_out_today() {
    assert_eq!(verdict_of(&document(Some("optOut"), &[])), AccountVerdict::OptedOutToday);
}

#[test]
fn one_known_service_missing_is_no_opt_out_today() {
    let mut effective: Value = serde_json::from_str(&document(Some("optOut"), &[])).unwrap();
    effective["services"].as_object_mut().unwrap().remove("lex");
    assert_eq!(verdict_of(&effective.to_string()), AccountVerdict::NotOptedOut);
}

#[test]
fn what_is_not_recognised_is_unknown() {
    for value in [json!("optout"), json!("OPTOUT"), json!(""), json!(null), json!(["optOut"]), json!({"optOut": true})]
    {
        let effective = document(None, &[("default", json!("optOut")), ("lex", value.clone())]);
        assert_eq!(verdict_of(&effective), AccountVerdict::Unknown, "{value}");
        assert_eq!(verdict_of(&document(Some("optOut"), &[("default", value)])), AccountVerdict::Unknown);
    }
}

#[test]
fn an_unset_default_is_worse_than_an_unrecognised_service() {
    assert_eq!(verdict_of(&document(Some("optOut"), &[("lex", json!("maybe"))])), AccountVerdict::NotOptedOut);
}

#[test]
fn a_service_newer_than_the_catalogue_counts_like_any_other() {
    let out = ("default", json!("optOut"));
    assert_eq!(verdict_of(&document(None, &[out.clone(), ("newest", json!("optIn"))])), AccountVerdict::OptedIn);
    assert_eq!(verdict_of(&document(None, &[out.clone(), ("newest", json!("maybe"))])), AccountVerdict::Unknown);
    assert_eq!(verdict_of(&document(None, &[out, ("newest", json!("optOut"))])), AccountVerdict::OptedOut);
    assert_eq!(verdict_of(&document(Some("optOut"), &[("newest", json!("optOut"))])), AccountVerdict::OptedOutToday);
}

#[test]
fn a_newer_service_that_another_account_names_does_not_worsen_this_one() {
    let out_today = document(Some("optOut"), &[]);
    let organization = Organization::new()
        .account(2, "root")
        .answer(1, &out_today)
        .answer(2, &document(None, &[("newest", json!("optIn"))]));
    assert_eq!(verdict(&organization.assess(), 1), AccountVerdict::OptedOutToday);
}

#[test]
fn keys_are_compared_exactly() {
    let organization =
        Organization::new().answer(1, &document(None, &[("default", json!("optOut")), ("Lex", json!("optIn"))]));
    let assessment = organization.assess();
    assert_eq!(service(&assessment, 1, "lex"), ServiceVerdict::OptedOut);
    assert_eq!(service(&assessment, 1, "Lex"), ServiceVerdict::OptedIn);
    assert_eq!(verdict(&assessment, 1), AccountVerdict::OptedIn);
}

#[test]
fn the_setting_is_the_services_own_then_that_of_default() {
    let organization = Organization::new().answer(1, OUT_BUT_LEX);
    let assessment = organization.assess();
    let result = assessment.result(id(1)).unwrap();
    let setting = |name: &str| assessment.setting(result, assessment.keys.get(name).unwrap());
    assert_eq!(setting("lex"), Some(Setting::OptIn));
    assert_eq!(setting("polly"), Some(Setting::OptOut));
    assert_eq!(setting("default"), Some(Setting::OptOut));
}

#[test]
fn an_answer_that_is_no_document_is_unknown() {
    for answer in ["", "null", "[]", "{", r#"{"services":[]}"#, r#"{"services":"optOut"}"#, "\u{feff}{}"] {
        assert_eq!(verdict_of(answer), AccountVerdict::Unknown, "{answer}");
    }
    let twice = r#"{"services":{"default":{"opt_out_policy":"optIn"},"default":{"opt_out_policy":"optOut"}}}"#;
    assert_eq!(verdict_of(twice), AccountVerdict::Unknown);
}

#[test]
fn the_organization_is_as_bad_as_its_worst_counted_account() {
    let base = Organization::new().account(2, "root").answer(1, OUT);
    let with = |effective: &str| base.clone().answer(2, effective).assess().verdict;
    assert_eq!(with(OUT), AccountVerdict::OptedOut);
    assert_eq!(with(&document(Some("optOut"), &[])), AccountVerdict::OptedOutToday);
    assert_eq!(with("nonsense"), AccountVerdict::Unknown);
    assert_eq!(with("{}"), AccountVerdict::NotOptedOut);
    assert_eq!(with(OUT_BUT_LEX), AccountVerdict::OptedIn);
}

#[test]
fn accounts_count_by_their_state() {
    for (state, counts) in [
        ("ACTIVE", true),
        ("PENDING_CLOSURE", true),
        ("SOMETHING_NEW", true),
        ("SUSPENDED", false),
        ("CLOSED", false),
        ("PENDING_ACTIVATION", false),
    ] {
        let organization = Organization::new().answer(1, OUT).account_in_state(2, "root", state).answer(2, OUT_BUT_LEX);
        let assessment = organization.assess();
        let expected = if counts { AccountVerdict::OptedIn } else { AccountVerdict::OptedOut };
        assert_eq!(assessment.verdict, expected, "{state}");
        assert_eq!(assessment.result(id(2)).unwrap().counted, counts, "{state}");
    }
}

#[test]
fn an_organization_without_a_counted_account_is_unknown() {
    let organization =
        Organization::new().change(|it| it.accounts = Some(Vec::new())).account_in_state(1, "root", "CLOSED");
    assert_eq!(organization.assess().verdict, AccountVerdict::Unknown);
}
