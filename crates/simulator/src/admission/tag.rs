//! The structure AWS asks of a tag policy. Recorded for the cases in `tests/data/api_answers.json`; the grammar is that
//! of <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies-syntax.html>.
//! Keys and operators are accepted in any case.

use std::collections::BTreeSet;

use super::json::Json;
use super::tag_resources;

const CONTROLS: &str = "@@operators_allowed_for_child_policies";
const VALUE_OPERATORS: &[&str] = &["@@assign", "@@append", "@@remove"];
const CONTROL_VALUES: &[&str] = &["@@assign", "@@append", "@@remove", "@@all", "@@none"];

/// Whether a document has the structure of a tag policy.
pub(super) fn admits(document: &Json) -> bool {
    let Some(fields) = document.fields() else { return false };
    let is_tags = |key: &str| key.eq_ignore_ascii_case("tags");
    fields.iter().filter(|(key, _)| is_tags(key)).count() == 1
        && fields.iter().all(|(key, value)| if is_tags(key) { admits_tags(value) } else { admits_operator(key, value) })
}

/// At the root, operators are accepted and do nothing (recorded for the types of the same grammar).
fn admits_operator(key: &str, value: &Json) -> bool {
    if key.eq_ignore_ascii_case(CONTROLS) { admits_controls(value) } else { is_value_operator(key) }
}

fn is_value_operator(key: &str) -> bool {
    VALUE_OPERATORS.iter().any(|operator| operator.eq_ignore_ascii_case(key))
}

/// Tags: names that differ in more than case.
fn admits_tags(value: &Json) -> bool {
    let Some(fields) = value.fields() else { return false };
    let mut seen = BTreeSet::new();
    fields.iter().all(|(key, value)| {
        if key.eq_ignore_ascii_case(CONTROLS) {
            return admits_controls(value);
        }
        !key.is_empty() && !key.starts_with("@@") && seen.insert(key.to_lowercase()) && admits_tag(key, value)
    })
}

fn admits_tag(name: &str, value: &Json) -> bool {
    let Some(fields) = value.fields() else { return false };
    fields.iter().all(|(key, value)| match key.to_ascii_lowercase().as_str() {
        CONTROLS => admits_controls(value),
        "tag_key" => admits_setting(value, &["@@assign"], |value| is_spelling(name, value)),
        "tag_value" => admits_setting(value, VALUE_OPERATORS, |value| each(value, is_tag_value)),
        "enforced_for" => admits_setting(value, VALUE_OPERATORS, |value| each(value, is_enforceable)),
        "report_required_tag_for" => admits_setting(value, VALUE_OPERATORS, |value| each(value, is_resource_type)),
        _ => false,
    })
}

/// A setting: an object of the operators it may have, each with a value that fits.
fn admits_setting(value: &Json, operators: &[&str], fits: impl Fn(&Json) -> bool) -> bool {
    let Some(fields) = value.fields() else { return false };
    fields.iter().all(|(key, value)| match key.to_ascii_lowercase().as_str() {
        CONTROLS => admits_controls(value),
        operator => operators.contains(&operator) && fits(value),
    })
}

/// A non-empty list without exact duplicates; `@@none` alone. `@@assign` and `@@Assign` together are accepted
/// (recorded).
fn admits_controls(value: &Json) -> bool {
    let Some(items) = value.list().filter(|items| !items.is_empty()) else { return false };
    let Some(names) = items.iter().map(Json::text).collect::<Option<Vec<&str>>>() else { return false };
    let known = |name: &&str| CONTROL_VALUES.iter().any(|value| value.eq_ignore_ascii_case(name));
    let once = names.iter().collect::<BTreeSet<_>>().len() == names.len();
    let none = names.iter().any(|name| name.eq_ignore_ascii_case("@@none"));
    names.iter().all(known) && once && (!none || names.len() == 1)
}

fn is_spelling(name: &str, value: &Json) -> bool {
    value.text().is_some_and(|text| text.to_lowercase() == name.to_lowercase())
}

fn each(value: &Json, fits: impl Fn(&Json) -> bool) -> bool {
    value.list().is_some_and(|items| items.iter().all(fits))
}

/// Any scalar; a text may have one `*`.
fn is_tag_value(value: &Json) -> bool {
    match value {
        Json::Text(text) => text.matches('*').count() <= 1,
        Json::Null | Json::Bool | Json::Number => true,
        Json::List(_) | Json::Object(_) => false,
    }
}

fn is_enforceable(value: &Json) -> bool {
    value.text().is_some_and(tag_resources::is_enforceable)
}

fn is_resource_type(value: &Json) -> bool {
    value
        .text()
        .is_some_and(|text| text.split_once(':').is_some_and(|(service, kind)| !service.is_empty() && !kind.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::json::parse;

    fn admitted(text: &str) -> bool {
        admits(&parse(text).unwrap())
    }

    #[test]
    fn keys_and_operators_are_accepted_in_any_case() {
        assert!(admitted(
            r#"{"TAGS":{"k":{"TAG_VALUE":{"@@Assign":["a"],"@@Operators_Allowed_For_Child_Policies":["@@None"]}}}}"#
        ));
        assert!(admitted(
            r#"{"tags":{"k":{"tag_value":{"@@operators_allowed_for_child_policies":["@@assign","@@Assign"]}}}}"#
        ));
    }

    #[test]
    fn controls_are_a_list_of_known_names_each_once() {
        for controls in
            [r"[]", r#"["@@none","@@assign"]"#, r#"["@@None","@@none"]"#, r#"["@@assign","@@assign"]"#, r#""@@none""#]
        {
            let text = format!(r#"{{"tags":{{"@@operators_allowed_for_child_policies":{controls}}}}}"#);
            assert!(!admitted(&text), "{text}");
        }
    }
}
