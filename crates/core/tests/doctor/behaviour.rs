//! "A service behaves differently": what is documented, and how to narrow an exception to it.

use optout_core::check::{Decision, controls};
use optout_core::doctor::{Confidence, Symptom};
use optout_core::intent::{Intent, Known};
use optout_core::source::Source;

use super::organization::Organization;
use super::{LOCKED, OUT, Sick, healthy};

#[test]
fn the_documented_changes_of_a_service_are_named_with_their_sources() {
    let found = Sick::from(healthy()).account(2).service("transcribe").examine();
    assert_eq!(found.decision, Decision::Fails, "{}", found.text);
    let cases = &found.opinion("documented-change").cases;
    assert!(cases.iter().any(|case| case.observation.contains("OutputBucketName")), "{}", found.text);
    assert!(cases.iter().all(|case| case.observation.contains("https://") && case.confidence == Confidence::Possible));
    let lex = Sick::from(healthy()).account(2).service("lex").examine();
    assert_eq!(lex.opinion("documented-change").cases[0].confidence, Confidence::Likely);
}

#[test]
fn the_lines_for_the_intent_are_an_intent_for_this_service_at_this_account_alone() {
    let organization = healthy();
    let found = Sick::from(organization.clone()).account(2).service("transcribe").examine();
    let case = &found.opinion("documented-change").cases[0];
    let text = format!("organization = \"o-exampleorgid\"\n{}", case.intent.as_ref().unwrap());
    let services = organization.catalogue.services().iter().map(|service| service.key.as_str());
    let known = Known::new(services, controls::ALL.iter().map(|control| control.id));
    let intent = Intent::parse(&Source::new("optout.toml", text), &known).unwrap();
    let resolved = intent.resolve(&organization.snapshot).unwrap();
    let [exception] = resolved.exceptions.as_slice() else { panic!("{resolved:?}") };
    assert_eq!(
        (exception.exception.service.as_str(), exception.target.to_string().as_str()),
        ("transcribe", "000000000002")
    );
    assert_eq!(exception.exception.until.to_string(), "2026-12-08");
    assert_eq!(
        case.next,
        [
            "optout services --filter transcribe",
            "optout simulate opt-in transcribe 000000000002 --organization o.json",
            "optout plan --organization o.json",
            "optout apply",
        ]
    );
}

#[test]
fn several_accounts_get_no_lines_that_would_speak_of_one() {
    let found = Sick::from(healthy()).service("transcribe").examine();
    let case = &found.opinion("documented-change").cases[0];
    assert_eq!((case.subjects.len(), case.intent.as_ref()), (2, None), "{}", found.text);
    assert!(case.next.contains(&"optout simulate opt-in transcribe TARGET --organization o.json".to_owned()));
}

#[test]
fn where_the_service_is_not_opted_out_the_opt_out_is_not_the_cause() {
    let in_lex = r#"{"services":{"default":{"opt_out_policy":"optOut"},"lex":{"opt_out_policy":"optIn"}}}"#;
    let organization = Organization::new().attached("base", LOCKED, "root").answer(1, in_lex);
    let found = Sick::from(organization).service("lex").symptom(Symptom::BehavesDifferently).examine();
    assert_eq!(found.applied(), Vec::<&str>::new());
    assert_eq!(
        found.opinion("documented-change").excluded,
        "`lex` is not opted out here, so that the opt-out changes nothing of it"
    );
    assert_eq!(found.decision, Decision::Holds);
}

#[test]
fn what_nobody_complains_of_is_not_looked_for() {
    let found = Sick::from(healthy()).examine();
    assert!(found.opinions.iter().any(|(id, opinion)| *id == "documented-change" && opinion.is_none()));
    let with_service = Sick::from(healthy()).service("polly").examine();
    assert!(with_service.excludes("undocumented-change"), "{}", with_service.text);
    assert_eq!(with_service.decision, Decision::Holds, "{}", with_service.text);
    let asked = Sick::from(healthy()).symptom(Symptom::TypeNotEnabled).examine();
    assert!(asked.opinions.iter().all(|(id, opinion)| *id != "wrong-level" || opinion.is_none()));
}

#[test]
fn a_service_that_the_policy_does_not_reach_has_one_diagnosis() {
    let found = Sick::from(healthy().answer(1, OUT)).service("bedrock").examine();
    assert_eq!(found.applied(), ["not-reached"], "{}", found.text);
    assert_eq!(found.opinions.iter().filter(|(_, opinion)| opinion.is_some()).count(), 1);
}

#[test]
fn whether_it_is_opted_out_may_be_unknown() {
    let organization = Organization::new().attached("base", LOCKED, "root").answer(1, "[]");
    let found = Sick::from(organization).service("lex").symptom(Symptom::BehavesDifferently).examine();
    assert!(found.is_open("documented-change"), "{}", found.text);
    assert_eq!(found.decision, Decision::Undetermined);
}
