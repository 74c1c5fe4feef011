//! What an effective document says for each service.

use std::sync::Arc;

use serde_json::Value;

use super::{Key, Keys, Setting};
use crate::policy::{Json, parse_json};

/// What is known of one key: a setting from the key itself or from `default`, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Said {
    /// The setting; `None` where it is not known.
    pub setting: Option<Setting>,
    /// Whether the key itself says it, and not `default`.
    pub own: bool,
}

/// What an effective document says, for every key in question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reading {
    said: Vec<Said>,
    malformed: Option<Arc<str>>,
}

impl Reading {
    /// Nothing is known of any key.
    #[must_use]
    pub fn unknown(keys: &Keys) -> Self {
        Self { said: vec![Said { setting: None, own: false }; keys.len()], malformed: None }
    }

    /// Nothing is set.
    #[must_use]
    pub fn unset(keys: &Keys) -> Self {
        Self { said: vec![Said { setting: Some(Setting::Unset), own: false }; keys.len()], malformed: None }
    }

    /// Reads the text of AWS's `PolicyContent`. A text that is no JSON object, or has a key twice, leaves everything
    /// unknown.
    #[must_use]
    pub fn of_text(keys: &Keys, text: &str) -> Self {
        let (json, problems) = parse_json(text);
        match (json.as_ref().map(Json::to_value), problems.first()) {
            (Some(document @ Value::Object(_)), None) => Self::of_document(keys, &document),
            (Some(_), None) => Self::malformed(keys, "the effective policy is not a JSON object".into()),
            (_, Some(problem)) => {
                Self::malformed(keys, format!("the effective policy is not JSON: {}", problem.message))
            }
            (None, None) => Self::malformed(keys, "the effective policy is empty".into()),
        }
    }

    /// Reads an effective document.
    #[must_use]
    pub fn of_document(keys: &Keys, document: &Value) -> Self {
        let services = match document.get("services") {
            None => return Self::unset(keys),
            Some(Value::Object(services)) => services,
            Some(_) => return Self::malformed(keys, "`services` is not an object".into()),
        };
        let own = |name: &str| services.get(name).and_then(setting);
        let default = own("default");
        let said = |(_, name): (Key, &str)| match (own(name), default) {
            (Some(setting), _) => Said { setting: Some(setting), own: true },
            (None, default) => Said { setting: Some(default.unwrap_or(Setting::Unset)), own: false },
        };
        Self { said: keys.iter().map(said).collect(), malformed: None }
    }

    /// A reading from what is known of each key itself (`default` first): `None` unset, `Some(None)` not known.
    pub(super) fn of_own(own: &[Option<Option<Setting>>]) -> Self {
        let default = own.first().copied().flatten();
        let said = own.iter().map(|it| match (it, default) {
            (Some(setting), _) => Said { setting: *setting, own: true },
            (None, Some(setting)) => Said { setting, own: false },
            (None, None) => Said { setting: Some(Setting::Unset), own: false },
        });
        Self { said: said.collect(), malformed: None }
    }

    fn malformed(keys: &Keys, why: String) -> Self {
        Self { malformed: Some(why.into()), ..Self::unknown(keys) }
    }

    /// What is said for a key.
    #[must_use]
    pub fn get(&self, key: Key) -> Said {
        self.said.get(key.0).copied().unwrap_or(Said { setting: None, own: false })
    }

    /// Every key's number with what is said for it.
    pub fn iter(&self) -> impl Iterator<Item = (Key, Said)> {
        self.said.iter().enumerate().map(|(at, said)| (Key(at), *said))
    }

    /// Why the document could not be read at all.
    #[must_use]
    pub fn why_malformed(&self) -> Option<&str> {
        self.malformed.as_deref()
    }
}

/// The setting of one service's entry: a bare text is normal, `@@assign` in an object is accepted, anything else is
/// unrecognised. An entry without `opt_out_policy` says nothing.
fn setting(entry: &Value) -> Option<Setting> {
    let Value::Object(entry) = entry else { return Some(Setting::Unrecognised) };
    let value = entry.get("opt_out_policy")?;
    let text = value.as_str().or_else(|| value.get("@@assign").and_then(Value::as_str));
    Some(of_word(text))
}

/// The setting of a value as AWS writes it; case matters.
pub(super) fn of_word(text: Option<&str>) -> Setting {
    match text {
        Some("optOut") => Setting::OptOut,
        Some("optIn") => Setting::OptIn,
        Some(_) | None => Setting::Unrecognised,
    }
}

/// The keys that an effective document's text has under `services`.
pub(super) fn keys_of_text(text: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let services = document.get("services").and_then(Value::as_object);
    services.into_iter().flat_map(|services| services.keys().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Option<Setting>> {
        let keys = Keys::new(["lex", "polly"]);
        Reading::of_text(&keys, text).iter().map(|(_, said)| said.setting).collect()
    }

    #[test]
    fn the_services_own_value_counts_then_default_then_nothing() {
        use Setting::{OptIn, OptOut, Unset};
        let text = r#"{"services":{"default":{"opt_out_policy":"optOut"},"lex":{"opt_out_policy":"optIn"}}}"#;
        assert_eq!(read(text), [Some(OptOut), Some(OptIn), Some(OptOut)]);
        assert_eq!(read("{}"), [Some(Unset); 3]);
        assert_eq!(read(r#"{"services":{}}"#), [Some(Unset); 3]);
        assert_eq!(
            read(r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optOut"}}}}"#),
            [Some(Unset), Some(OptOut), Some(Unset)]
        );
        assert_eq!(read(r#"{"services":{"lex":{},"default":{"opt_out_policy":"optOut"}}}"#), [Some(OptOut); 3]);
    }

    #[test]
    fn what_is_not_known_is_unrecognised_and_never_a_pass() {
        for value in ["\"OptOut\"", "\"\"", "true", "null", "[\"optOut\"]", "{}", "{\"@@assign\":\"optout\"}"] {
            let text = format!("{{\"services\":{{\"lex\":{{\"opt_out_policy\":{value}}}}}}}");
            assert_eq!(read(&text).get(1), Some(&Some(Setting::Unrecognised)), "{value}");
        }
        assert_eq!(read(r#"{"services":{"lex":"optOut"}}"#).get(1), Some(&Some(Setting::Unrecognised)));
    }

    #[test]
    fn a_text_that_is_no_document_leaves_everything_unknown() {
        let twice = r#"{"services":{"lex":{"opt_out_policy":"optIn"},"lex":{"opt_out_policy":"optOut"}}}"#;
        for text in ["", "[]", "null", "{\"services\":[]}", "{\"services\":", twice] {
            assert_eq!(read(text), [None; 3], "{text}");
        }
    }
}
