//! Admission against the second grammar.

use optout_core::policy::admit_ai_opt_out;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;
use super::grammar::{Written, accepts};

const KNOWN: [&str; 3] = ["default", "lex", "polly"];

/// Words that stand in documents, right or wrong.
const KEYS: [&str; 14] = [
    "services",
    "Services",
    "default",
    "lex",
    "polly",
    "s3",
    "opt_out_policy",
    "@@assign",
    "@@append",
    "@@remove",
    "@@enforced_for",
    "@@operators_allowed_for_child_policies",
    "Version",
    "",
];
const TEXTS: [&str; 9] = ["optOut", "optIn", "OptOut", "optOut ", "@@none", "@@all", "@@assign", "@@append", "@@None"];

fn text() -> impl Strategy<Value = Written> {
    select(TEXTS.to_vec()).prop_map(|text| Written::Text(text.into()))
}

/// Any tree over the words of the language: nearly always wrong somewhere.
fn anything() -> impl Strategy<Value = Written> {
    let leaf = prop_oneof![
        4 => text(),
        1 => Just(Written::Null),
        1 => any::<bool>().prop_map(Written::Bool),
        1 => any::<i32>().prop_map(Written::Number),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        let member = (select(KEYS.to_vec()).prop_map(str::to_owned), inner.clone());
        prop_oneof![1 => vec(inner, 0..4).prop_map(Written::List), 3 => vec(member, 0..4).prop_map(Written::Object)]
    })
}

fn controls() -> impl Strategy<Value = Written> {
    prop_oneof![
        3 => Just(Written::List(vec![Written::Text("@@none".into())])),
        2 => vec(text(), 0..3).prop_map(Written::List),
    ]
}

fn value() -> impl Strategy<Value = Written> {
    prop_oneof![14 => select(vec!["optOut", "optIn"]).prop_map(|text| Written::Text(text.into())), 1 => anything()]
}

type Member = (String, Written);

/// Members of a place: those that belong there, and seldom something else.
fn members(right: BoxedStrategy<Member>, most: usize) -> BoxedStrategy<Written> {
    let wrong = (select(KEYS.to_vec()).prop_map(str::to_owned), anything());
    let controls = controls().prop_map(|it| ("@@operators_allowed_for_child_policies".to_owned(), it));
    let other = prop_oneof![3 => controls, 1 => wrong];
    let members = (vec(right, 0..=most), vec(other, 0..=1), 0..4_u8);
    let join = |(mut right, other, choice): (Vec<Member>, Vec<Member>, u8)| {
        right.extend(other.into_iter().filter(|_| choice == 0));
        Written::Object(right)
    };
    members.prop_map(join).boxed()
}

fn named(name: &'static str, value: BoxedStrategy<Written>) -> BoxedStrategy<Member> {
    value.prop_map(move |value| (name.to_owned(), value)).boxed()
}

/// Documents that are nearly right.
fn document() -> BoxedStrategy<Written> {
    let setting = members(named("@@assign", value().boxed()), 1);
    let service = members(named("opt_out_policy", setting), 1);
    let service =
        (select(vec!["default", "lex", "polly", "default", "lex", "polly", "s3"]).prop_map(str::to_owned), service);
    let services = members(service.boxed(), 3);
    let of_root = prop_oneof![9 => named("services", services), 1 => named("@@assign", anything().boxed())];
    members(of_root.boxed(), 1)
}

fn admitted(text: &str) -> bool {
    let refuse = |name: &str| (!KNOWN.contains(&name)).then(|| ("it is unknown".to_owned(), String::new()));
    admit_ai_opt_out(text, &refuse).admissible()
}

proptest! {
    #![proptest_config(cases(800))]

    #[test]
    fn nearly_right_documents_are_judged_alike(document in document()) {
        let text = document.print();
        prop_assert_eq!(admitted(&text), accepts(&document, &KNOWN), "{}", text);
    }

    #[test]
    fn wild_documents_are_judged_alike(document in anything()) {
        let text = document.print();
        prop_assert_eq!(admitted(&text), accepts(&document, &KNOWN), "{}", text);
    }

    #[test]
    fn any_text_is_judged_without_a_crash(text in any::<String>()) {
        prop_assert!(!admitted(&text));
    }
}

#[test]
fn the_documents_are_neither_all_right_nor_all_wrong() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = document();
    let made = (0..500).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    let right = made.filter(|document| accepts(document, &KNOWN)).count();
    assert!((50..450).contains(&right), "{right} of 500 are right");
}
