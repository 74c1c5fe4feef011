//! Laws of reading and printing JSON.

use optout_core::policy::{Json, JsonKind, characters, parse_json};
use proptest::prelude::*;
use serde_json::Value;

use super::cases;

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no infinity", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\\u0000-\\u001f\"\\\\/\u{2028}é😀]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let members = proptest::collection::btree_map(any::<String>(), inner.clone(), 0..6);
        prop_oneof![
            proptest::collection::vec(inner, 0..6).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same tree without places.
fn without_places(json: &Json) -> Json {
    let nowhere = optout_core::source::Span::new(0, 0);
    let kind = match &json.kind {
        JsonKind::Array(elements) => JsonKind::Array(elements.iter().map(without_places).collect()),
        JsonKind::Object(members) => {
            let member = |member: &optout_core::policy::Member| optout_core::policy::Member {
                key: member.key.clone(),
                key_span: nowhere,
                value: without_places(&member.value),
            };
            JsonKind::Object(members.iter().map(member).collect())
        }
        kind @ (JsonKind::Null | JsonKind::Bool(_) | JsonKind::Number(_) | JsonKind::String(_)) => kind.clone(),
    };
    Json { span: nowhere, kind }
}

fn parsed(text: &str) -> Json {
    let (json, problems) = parse_json(text);
    assert!(problems.is_empty(), "{text:?}: {problems:?}");
    json.unwrap()
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn printing_and_reading_again_is_the_identity(value in value(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let first = parsed(&text);
        let second = parsed(&first.minified());
        prop_assert_eq!(without_places(&first), without_places(&second));
        prop_assert_eq!(second.minified(), first.minified());
    }

    #[test]
    fn a_value_is_read_as_another_reader_reads_it(value in value()) {
        let text = serde_json::to_string_pretty(&value).unwrap();
        let other: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(parsed(&text).to_value(), other);
    }

    #[test]
    fn minified_is_never_longer(value in value()) {
        let text = serde_json::to_string_pretty(&value).unwrap();
        prop_assert!(characters(&parsed(&text).minified()) <= characters(&text));
    }

    #[test]
    fn any_text_is_read_without_a_crash_and_accepted_only_if_another_reader_accepts_it(text in any::<String>()) {
        let (_, problems) = parse_json(&text);
        if problems.is_empty() {
            prop_assert!(serde_json::from_str::<Value>(&text).is_ok());
        }
    }

    #[test]
    fn nearly_json_is_read_without_a_crash(text in "[\\[\\]{}:,\"'0-9a-z\\\\/ \n.+e-]{0,60}") {
        let (_, problems) = parse_json(&text);
        let other = serde_json::from_str::<serde::de::IgnoredAny>(&text);
        prop_assert!(!problems.is_empty() || other.is_ok(), "{} is no JSON", text);
        for problem in problems {
            let span = problem.span.unwrap_or_default();
            prop_assert!(span.start <= span.end && text.get(span.start..span.end).is_some(), "{problem:?}");
        }
    }
}
