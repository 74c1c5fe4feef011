//! Policy documents: any text is refused with a place or read, as another reader of JSON reads it; what was read says the same when
//! it is written again.

use optout_core::policy::{Dialect, Document, Json, admit_ai_opt_out, parse_json};
use optout_core::source::Problem;
use serde_json::Value;

use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    as_json(&source.text, parse_json);
    let admission = admit_ai_opt_out(&source.text, &|_| None);
    assert_eq!(admission.admissible(), admission.problems.is_empty());
    admission.problems.iter().for_each(|problem| placed(problem, &source.text));
    for dialect in [Dialect::Plain, Dialect::Tag, Dialect::Backup, Dialect::Chatbot] {
        match Document::parse(dialect, &source.text) {
            Ok(_) => assert!(source.text.trim_start().starts_with('{')),
            Err(problems) => assert!(!problems.is_empty(), "refused without a reason"),
        }
    }
}

fn placed(problem: &Problem, text: &str) {
    let span = problem.span.expect("what is wrong in a document has its place");
    assert!(text.get(span.start..span.end).is_some(), "{problem:?} in a text of {} bytes", text.len());
}

/// What has no problem is JSON to others too, of the same value, and stays so when it is printed.
pub(crate) fn as_json(text: &str, parse: impl Fn(&str) -> (Option<Json>, Vec<Problem>)) {
    let (json, problems) = parse(text);
    problems.iter().for_each(|problem| placed(problem, text));
    let others = serde_json::from_str::<Value>(text);
    if let (Some(json), []) = (&json, problems.as_slice()) {
        match others {
            Ok(others) => assert_eq!(json.to_value(), others),
            // JSON sets numbers no limit, other readers do.
            Err(error) => assert!(error.to_string().starts_with("number out of range"), "{error}"),
        }
        let printed = json.minified();
        let (again, problems) = parse(&printed);
        assert!(problems.is_empty(), "{problems:?} in {printed}");
        assert_eq!(again.map(|again| again.to_value()), Some(json.to_value()), "{printed}");
    } else {
        assert!(!problems.is_empty(), "neither read nor refused");
        // Of what others read, only a key that stands twice or a value nested too deeply is refused.
        let is_stricter = |it: &Problem| matches!(it.code, "json-duplicate-key" | "json-too-deep");
        assert!(others.is_err() || problems.iter().all(is_stricter), "{problems:?}");
    }
}
