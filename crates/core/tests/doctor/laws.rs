//! Laws over random organizations: nobody who ails is sent home, and equal questions have equal answers.

use optout_core::check::{AccountVerdict, Decision};
use optout_core::org::AnswerContent;
use proptest::prelude::*;

use super::organization::Organization;
use super::{ALL_IN, LEX_IN, LEX_OUT, LOCKED, OPT_OUT, OUT, OUT_BUT_LEX, Sick};

const DOCUMENTS: [&str; 8] = [
    OPT_OUT,
    LOCKED,
    LEX_IN,
    LEX_OUT,
    ALL_IN,
    r#"{"services":{}}"#,
    r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"lex":{}}}"#,
    r#"{"Statement":[]}"#,
];
const PLACES: [&str; 5] = ["root", "sales", "deep", "2", "3"];
const ANSWERS: [&str; 4] = ["{}", OUT, OUT_BUT_LEX, "[]"];

fn organizations() -> impl Strategy<Value = Organization> {
    let attachments = prop::collection::vec((prop::sample::select(&DOCUMENTS[..]), 0..=PLACES.len()), 0..5);
    let answers = prop::collection::vec(prop::option::of(0..=ANSWERS.len()), 3);
    (attachments, answers, any::<bool>(), 0..10_u8).prop_map(|(attachments, answers, invalid, missing)| {
        let mut organization =
            Organization::new().unit("sales", "root").unit("deep", "sales").account(2, "sales").account(3, "deep");
        for (number, (document, place)) in attachments.into_iter().enumerate() {
            let name = format!("pol{number}");
            organization = organization.policy(&name, document);
            if let Some(place) = PLACES.get(place) {
                organization = organization.attach(&name, place);
            }
        }
        for (number, answer) in answers.into_iter().enumerate() {
            organization = match answer.map(|at| ANSWERS.get(at)) {
                None => organization,
                Some(None) => organization.answered(number + 1, AnswerContent::NotFound),
                Some(Some(text)) => organization.answer(number + 1, text),
            };
        }
        let organization = if invalid { organization.invalid(2) } else { organization };
        organization.change(|it| match missing {
            0 => it.policies = None,
            1 => it.attachments = None,
            2 => it.root.as_mut().unwrap().policy_types.clear(),
            3 => it.invalid = None,
            _ => {}
        })
    })
}

proptest! {
    #[test]
    fn whoever_is_not_opted_out_gets_a_diagnosis_or_hears_what_is_not_known(organization in organizations()) {
        let ails = organization.assess().counted().any(|it| matches!(it.verdict, AccountVerdict::OptedIn | AccountVerdict::NotOptedOut));
        let found = Sick::from(organization).examine();
        let open = found.opinions.iter().filter_map(|(_, opinion)| opinion.as_ref()).any(|opinion| !opinion.missing.is_empty());
        if ails {
            prop_assert_ne!(found.decision, Decision::Holds);
            prop_assert!(open || !found.applied().is_empty(), "{}", found.text);
        }
    }

    #[test]
    fn every_diagnosis_that_was_looked_for_says_something(organization in organizations(), account in prop::option::of(1..5_usize)) {
        let sick = Sick::from(organization);
        let sick = match account {
            Some(account) => sick.account(account),
            None => sick,
        };
        let found = sick.examine();
        for (id, opinion) in found.opinions.iter().filter_map(|(id, opinion)| Some((id, opinion.as_ref()?))) {
            prop_assert!(!opinion.cases.is_empty() || !opinion.missing.is_empty() || !opinion.excluded.is_empty(), "{}", id);
        }
        prop_assert_eq!(found.text, sick.examine().text);
    }

    #[test]
    fn what_an_account_has_alone_it_has_among_all(organization in organizations()) {
        let all = Sick::from(organization.clone()).examine();
        for account in 1..4 {
            let one = Sick::from(organization.clone()).account(account).examine();
            for id in one.applied() {
                prop_assert!(all.applies(id), "{} of {}\n{}\n{}", id, account, one.text, all.text);
            }
        }
    }
}
