//! Several causes at once, each kept apart, and the words in which they are told.

use optout_core::check::{Decision, Exceptions, Standing};
use optout_core::doctor::Confidence;
use optout_core::org::{AnswerContent, AttachTime};

use super::organization::Organization;
use super::{LEX_IN, LOCKED, OPT_OUT, OUT, OUT_BUT_LEX, Sick, healthy};

#[test]
fn a_policy_beside_one_attached_to_nothing_and_one_of_another_account() {
    let organization = Organization::new().unit("sales", "root").account(2, "sales").account(3, "root");
    let organization = organization.policy("loose", LOCKED).attached("base", OPT_OUT, "sales").answer(3, "{}");
    let found = Sick::from(organization).examine();
    assert_eq!(found.applied(), ["attached-to-nothing", "wrong-level"], "{}", found.text);
    let observation = found.observation("wrong-level");
    assert_eq!(
        observation,
        "nothing on the way from the root sets anything; opt-out policies are attached to `ou-exam-sales000`"
    );
    let subjects: Vec<String> =
        found.opinion("wrong-level").cases[0].subjects.iter().map(ToString::to_string).collect();
    assert_eq!(subjects, ["000000000001", "000000000003"]);
}

#[test]
fn a_type_that_is_off_with_policies_that_lost_their_attachments() {
    let organization =
        Organization::new().policy("base", OPT_OUT).policy_type(None).answered(1, AnswerContent::NotFound);
    let found = Sick::from(organization).examine();
    assert_eq!(found.applied(), ["type-off", "attachments-lost", "attached-to-nothing"], "{}", found.text);
    assert!(found.excludes("wrong-level"));
    assert_eq!(found.opinion("wrong-level").excluded, "the policy type is off, so that no policy is in force");
}

#[test]
fn a_conflict_at_one_account_and_an_invalid_policy_at_another() {
    let organization = Organization::new().account(2, "root").account(3, "root").attached("base", OPT_OUT, "root");
    let organization = organization.attached("lexin", LEX_IN, "2").answer(2, OUT_BUT_LEX).invalid(3).answer(3, "{}");
    let found = Sick::from(organization.clone()).examine();
    assert!(found.applies("conflicting-opt-in") && found.applies("invalid-effective-policy"), "{}", found.text);
    assert_eq!(
        found.observation("conflicting-opt-in"),
        "`p-lexin000` at 000000000002 assigns optIn to `lex`; `p-base0000` at r-exam assigns optOut to `default`"
    );
    // An account that keeps its last valid policy cannot be compared.
    assert!(!found.applies("still-propagating"), "{}", found.text);
    let one = Sick::from(organization).account(3).examine();
    assert_eq!(one.applied(), ["invalid-effective-policy"], "{}", one.text);
}

#[test]
fn units_with_the_same_policies_are_told_apart_by_their_targets() {
    let organization =
        Organization::new().unit("sales", "root").unit("tests", "root").account(2, "sales").account(3, "tests");
    let organization =
        organization.attached("base", OPT_OUT, "root").attached("lexin", LEX_IN, "sales").attach("lexin", "tests");
    let found = Sick::from(organization).examine();
    let cases = &found.opinion("conflicting-opt-in").cases;
    let told: Vec<(String, bool)> = cases
        .iter()
        .map(|case| (case.subjects[0].to_string(), case.observation.contains("ou-exam-sales000")))
        .collect();
    assert_eq!(told, [("000000000002".to_owned(), true), ("000000000003".to_owned(), false)], "{}", found.text);
}

#[test]
fn what_the_intent_declares_is_no_conflict_and_what_it_declared_is_named_as_over() {
    let organization =
        Organization::new().account(2, "root").attached("base", OPT_OUT, "root").attached("lexin", LEX_IN, "2");
    let sick = Sick::from(organization.answer(1, OUT).answer(2, OUT_BUT_LEX));
    let allowed =
        sick.examine_with(Exceptions::new(
            |_, _, service| if service == "lex" { Standing::Allowed } else { Standing::Undeclared },
        ));
    assert!(allowed.excludes("conflicting-opt-in"), "{}", allowed.text);
    assert!(allowed.opinion("conflicting-opt-in").excluded.contains("declares as an exception"));
    assert_eq!(allowed.decision, Decision::Holds, "{}", allowed.text);
    let over = sick.examine_with(Exceptions::new(|_, _, _| Standing::Expired));
    assert!(over.observation("conflicting-opt-in").ends_with("the exception that the intent had for it is over"));
    let none = sick.examine_with(Exceptions::new(|_, _, _| Standing::Undeclared));
    assert!(none.observation("conflicting-opt-in").ends_with("the intent declares no exception for it"));
}

#[test]
fn how_long_ago_the_last_attachment_was_decides_how_sure_it_is() {
    let at = |time: &str| {
        let organization = Organization::new().attached("base", OPT_OUT, "root").answer(1, "{}");
        let time = time.parse().unwrap();
        organization.change(|it| {
            it.attachments
                .as_mut()
                .unwrap()
                .values_mut()
                .flatten()
                .for_each(|it| it.attached = Some(AttachTime::At(time)))
        })
    };
    let confidence =
        |organization: Organization| Sick::from(organization).examine().opinion("still-propagating").cases[0].clone();
    let fresh = confidence(at("2026-11-24T11:59:58Z"));
    assert_eq!(fresh.confidence, Confidence::Likely);
    assert!(
        fresh.observation.contains("2 s before AWS was asked") && fresh.conclusion.contains("2 to 6 seconds"),
        "{fresh:?}"
    );
    let old = confidence(at("2026-11-01T00:00:00Z"));
    assert_eq!(old.confidence, Confidence::Possible);
    assert!(old.conclusion.contains("long ago"), "{old:?}");
    // An attachment after AWS was asked says nothing about its answer.
    assert!(!confidence(at("2026-11-24T12:00:01Z")).observation.contains("before AWS was asked"));
}

#[test]
fn a_lock_that_holds_is_told_with_the_lines_that_would_open_it() {
    let organization = healthy().attached("lexin", LEX_IN, "2");
    let found =
        Sick::from(organization).account(2).service("lex").symptom(optout_core::doctor::Symptom::NoEffect).examine();
    assert_eq!(found.applied(), ["blocked-by-lock"], "{}", found.text);
    let case = &found.opinion("blocked-by-lock").cases[0];
    assert!(
        case.observation.starts_with("`p-lexin000` at 000000000002 assigns optIn to `lex`, and that is passed over"),
        "{case:?}"
    );
    assert!(case.observation.contains("`p-base0000` at r-exam allows [@@none]"), "{case:?}");
    assert_eq!(case.confidence, Confidence::Certain);
    assert!(case.intent.as_ref().unwrap().contains("service = \"lex\"\ntarget = \"000000000002\""), "{case:?}");
    let computed =
        Sick::from(healthy().change(|it| it.answers.clear()).attached("lexin", LEX_IN, "2")).computed().examine();
    // A container's lock is AWS's documentation alone.
    assert_eq!(computed.opinion("blocked-by-lock").cases[0].confidence, Confidence::Likely, "{}", computed.text);
}

#[test]
fn people_read_what_it_is_then_what_it_is_not() {
    let organization =
        Organization::new().account(2, "root").attached("base", OPT_OUT, "root").attached("lexin", LEX_IN, "2");
    let found = Sick::from(organization.answer(1, OUT).answer(2, OUT_BUT_LEX))
        .account(2)
        .service("lex")
        .symptom(optout_core::doctor::Symptom::NoEffect)
        .examine();
    insta::assert_snapshot!(found.text);
}

#[test]
fn names_of_other_people_cannot_steer_a_terminal() {
    let organization = Organization::new().policy("base", OPT_OUT);
    let organization = organization.change(|it| it.policies.as_mut().unwrap()[0].name = "a\u{1b}[2J\nx\u{202e}".into());
    let found = Sick::from(organization).examine();
    assert!(found.observation("attached-to-nothing").contains("\\u{1b}[2J\\u{a}x\\u{202e}"), "{}", found.text);
}

#[test]
fn programs_read_every_diagnosis_in_the_published_form() {
    let organization =
        Organization::new().account(2, "root").attached("base", OPT_OUT, "root").attached("lexin", LEX_IN, "2");
    let organization = organization.answer(1, OUT).answer(2, OUT_BUT_LEX);
    let sick =
        [Sick::from(organization.clone()).service("lex"), organization.seen_by_member(2).into(), healthy().into()];
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/doctor-1.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for found in sick.map(|sick| sick.examine()) {
        let errors: Vec<String> = validator.iter_errors(&found.json).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(found.json["diagnoses"].as_array().unwrap().len(), optout_core::doctor::diagnoses::ALL.len());
    }
    let found = Sick::from(healthy()).examine().json;
    assert_eq!(
        (found["format"].as_str(), found["decision"].as_str()),
        (Some("optout.doctor/1"), Some("nothing-found"))
    );
}

#[test]
fn what_follows_from_several_cases_alike_is_said_once() {
    let organization = Organization::new().account(2, "root").account(3, "root").attached("base", OPT_OUT, "root");
    let organization = organization.attached("lexin", LEX_IN, "2").attach("lexin", "3").answer(1, OUT);
    let found = Sick::from(organization.answer(2, OUT_BUT_LEX).answer(3, OUT_BUT_LEX)).examine();
    assert_eq!(found.opinion("conflicting-opt-in").cases.len(), 2, "{}", found.text);
    assert_eq!(found.text.matches("observed:").count(), 2, "{}", found.text);
    assert_eq!(found.text.matches("so:").count(), 1, "{}", found.text);
}
