//! Declared opt-ins.

use std::cell::RefCell;

use optout_core::check::{AccountVerdict, Assessment, Decision, Exceptions, ServiceVerdict, Standing};
use optout_core::org::{AccountId, TargetId};

use super::organization::{Organization, id, target};
use super::{OUT_BUT_LEX, decided, found, healthy, service, verdict};

const ALL_IN: &str = r#"{"services":{"default":{"opt_out_policy":"optIn"}}}"#;

/// The intent declares `declared` with that standing, everywhere.
fn declared<'a>(name: &'a str, standing: Standing) -> Exceptions<'a> {
    Exceptions::new(
        move |_: AccountId, _: &[TargetId], service: &str| {
            if service == name { standing } else { Standing::Undeclared }
        },
    )
}

fn assess<'a>(organization: &'a Organization, exceptions: Exceptions<'a>) -> Assessment<'a> {
    organization.assess_with(exceptions, None)
}

#[test]
fn a_declared_opt_in_is_excepted_and_the_account_opted_out() {
    let organization = healthy().answer(2, OUT_BUT_LEX);
    let assessment = assess(&organization, declared("lex", Standing::Allowed));
    assert_eq!(service(&assessment, 2, "lex"), ServiceVerdict::Excepted);
    assert_eq!(service(&assessment, 2, "polly"), ServiceVerdict::OptedOut);
    assert_eq!(verdict(&assessment, 2), AccountVerdict::OptedOut);
    assert!(found(&assessment, "no-undeclared-opt-in").is_empty());
}

#[test]
fn an_exception_that_has_ended_is_none_and_the_finding_says_so() {
    let organization = healthy().answer(2, OUT_BUT_LEX);
    let assessment = assess(&organization, declared("lex", Standing::Expired));
    assert_eq!(service(&assessment, 2, "lex"), ServiceVerdict::OptedIn);
    assert_eq!(verdict(&assessment, 2), AccountVerdict::OptedIn);
    let findings = found(&assessment, "no-undeclared-opt-in");
    assert_eq!(findings[0].2, "opted in to `lex`; an exception for it has ended");
}

#[test]
fn an_exception_for_another_service_does_not_help() {
    let organization = healthy().answer(2, OUT_BUT_LEX);
    assert_eq!(verdict(&assess(&organization, declared("polly", Standing::Allowed)), 2), AccountVerdict::OptedIn);
}

#[test]
fn an_exception_makes_nothing_better_than_it_is_otherwise() {
    let lex_only = r#"{"services":{"lex":{"opt_out_policy":"optIn"}}}"#;
    let organization = healthy().answer(2, lex_only);
    let assessment = assess(&organization, declared("lex", Standing::Allowed));
    assert_eq!(verdict(&assessment, 2), AccountVerdict::NotOptedOut);
}

#[test]
fn an_exception_for_default_covers_what_inherits_it_and_nothing_that_names_itself() {
    let organization = healthy().answer(2, ALL_IN);
    let assessment = assess(&organization, declared("default", Standing::Allowed));
    assert_eq!(service(&assessment, 2, "lex"), ServiceVerdict::Excepted);
    assert_eq!(verdict(&assessment, 2), AccountVerdict::Excepted);
    let both = r#"{"services":{"default":{"opt_out_policy":"optIn"},"lex":{"opt_out_policy":"optIn"}}}"#;
    let organization = healthy().answer(2, both);
    let assessment = assess(&organization, declared("default", Standing::Allowed));
    assert_eq!(service(&assessment, 2, "lex"), ServiceVerdict::OptedIn);
    assert_eq!(verdict(&assessment, 2), AccountVerdict::OptedIn);
}

#[test]
fn an_exception_for_a_service_does_not_cover_default() {
    let organization = healthy().answer(2, ALL_IN);
    let assessment = assess(&organization, declared("lex", Standing::Allowed));
    assert_eq!(service(&assessment, 2, "lex"), ServiceVerdict::Excepted);
    assert_eq!(verdict(&assessment, 2), AccountVerdict::OptedIn);
}

#[test]
fn excepted_only_holds() {
    let organization = healthy().answer(1, ALL_IN).answer(2, ALL_IN);
    let assessment = assess(&organization, declared("default", Standing::Allowed));
    assert_eq!(assessment.verdict, AccountVerdict::Excepted);
    // What AWS says and what is attached still differ here; that alone fails it.
    assert_eq!(found(&assessment, "computed-matches-aws").len(), 2);
    let organization =
        Organization::new().attached("all", &ALL_IN.replace("\"optIn\"", r#"{"@@assign":"optIn"}"#), "root");
    let organization = organization.answer(1, ALL_IN);
    assert_eq!(decided(&assess(&organization, declared("default", Standing::Allowed))), Decision::Holds);
    assert_eq!(decided(&assess(&organization, declared("default", Standing::Expired))), Decision::Fails);
}

#[test]
fn the_intent_is_asked_with_the_path_from_the_root_and_only_for_opt_ins() {
    let organization = Organization::new().unit("sales", "root").unit("north", "sales").account(2, "north");
    let organization = organization.answer(1, super::OUT).answer(2, OUT_BUT_LEX);
    let asked = RefCell::new(Vec::new());
    let ask = |account: AccountId, path: &[TargetId], service: &str| {
        asked.borrow_mut().push((account, path.to_vec(), service.to_owned()));
        Standing::Undeclared
    };
    let _ = organization.assess_with(Exceptions::new(ask), None);
    let path: Vec<TargetId> = ["root", "sales", "north", "2"].map(target).into();
    assert_eq!(asked.into_inner(), [(id(2), path, "lex".to_owned())]);
}

#[test]
fn exceptions_of_one_account_are_not_those_of_another() {
    let organization = healthy().answer(1, OUT_BUT_LEX).answer(2, OUT_BUT_LEX);
    let exceptions =
        Exceptions::new(
            |account: AccountId, _: &[TargetId], service: &str| {
                if account == id(2) && service == "lex" { Standing::Allowed } else { Standing::Undeclared }
            },
        );
    let assessment = assess(&organization, exceptions);
    assert_eq!((verdict(&assessment, 1), verdict(&assessment, 2)), (AccountVerdict::OptedIn, AccountVerdict::OptedOut));
}
