//! Whether AWS's own answers are what the attached policies mean: the proof that a change has arrived everywhere.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::difference::View;
use crate::check::{Key, Reading};
use crate::org::{AccountId, AnswerContent, Snapshot};

/// A service for which AWS answers something else than the attached policies mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The account that AWS was asked for.
    pub account: AccountId,
    /// The service, or `default`.
    pub service: String,
    /// The words of the setting that the policies mean.
    pub expected: String,
    /// What AWS answered.
    pub answered: String,
}

/// Where AWS's answers in `snapshot` differ from its policies, for `services` (without `default`) and every key that
/// is named anywhere. Settings that the rules do not decide are AWS's to say and never differ.
#[must_use]
pub fn differences(snapshot: &Snapshot, services: &[&str]) -> Vec<Difference> {
    let named = named_in_answers(snapshot);
    let view = View::new(snapshot, services.iter().copied().chain(named.iter().map(String::as_str)));
    snapshot.answers.iter().flat_map(|(account, answer)| of_account(&view, *account, &answer.content)).collect()
}

fn of_account(view: &View<'_>, account: AccountId, content: &AnswerContent) -> Vec<Difference> {
    let Some(group) = view.computed.get(account).filter(|group| group.uncomputed.is_none()) else { return Vec::new() };
    let answered = match content {
        AnswerContent::Document(text) => Reading::of_text(&view.keys, text),
        AnswerContent::NotFound => Reading::unset(&view.keys),
    };
    let difference = |(key, name): (Key, &str)| {
        let expected = group.reading.get(key).setting?;
        let said = answered.get(key).setting;
        (said != Some(expected)).then(|| Difference {
            account,
            service: name.to_owned(),
            expected: expected.as_str().to_owned(),
            answered: said.map_or("unknown", |said| said.as_str()).to_owned(),
        })
    };
    view.keys.iter().filter_map(difference).collect()
}

fn named_in_answers(snapshot: &Snapshot) -> BTreeSet<String> {
    let texts = snapshot.answers.values().filter_map(|answer| match &answer.content {
        AnswerContent::Document(text) => Some(text),
        AnswerContent::NotFound => None,
    });
    let distinct: BTreeSet<&str> = texts.map(AsRef::as_ref).collect();
    let documents = distinct.into_iter().filter_map(|text| serde_json::from_str::<Value>(text).ok());
    let keys = |document: Value| {
        let services = document.get("services").and_then(Value::as_object).cloned().unwrap_or_default();
        services.into_iter().map(|(key, _)| key).filter(|key| key != "default").collect::<Vec<_>>()
    };
    documents.flat_map(keys).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::Answer;
    use crate::plan::tests::organizations::{account, add, at, organization, root, unit};

    fn answered(text: Option<&str>) -> Vec<String> {
        let mut snapshot = organization(&[0], &[0, 1]);
        let document =
            |value: &str| format!("{{\"services\":{{\"lex\":{{\"opt_out_policy\":{{\"@@assign\":\"{value}\"}}}}}}}}");
        add(&mut snapshot, "a", &document("optOut"), true, &[root()]);
        add(&mut snapshot, "b", &document("optIn"), true, &[unit(1)]);
        let content = text.map_or(AnswerContent::NotFound, |text| AnswerContent::Document(text.into()));
        let id = account(1).to_string().parse().unwrap();
        snapshot.answers.insert(id, Answer { content, last_updated: None, asked: at() });
        let found = differences(&snapshot, &["lex", "polly"]);
        found.iter().map(|it| format!("{} {} {}", it.service, it.expected, it.answered)).collect()
    }

    #[test]
    fn an_answer_is_compared_by_meaning_for_every_service() {
        assert_eq!(answered(Some(r#"{"services":{"lex":{"opt_out_policy":"optIn"}}}"#)), [""; 0]);
        assert_eq!(answered(Some(r#"{"services":{"lex":{"opt_out_policy":"optOut"}}}"#)), ["lex opt-in opt-out"]);
        assert_eq!(answered(None), ["lex opt-in unset"]);
        assert_eq!(answered(Some("{")).len(), 3);
    }

    #[test]
    fn a_key_that_only_aws_names_is_a_difference() {
        let text = r#"{"services":{"lex":{"opt_out_policy":"optIn"},"new":{"opt_out_policy":"optOut"}}}"#;
        assert_eq!(answered(Some(text)), ["new unset opt-out"]);
    }
}
