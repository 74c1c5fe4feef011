//! The parameters of a rule: what its owner may say of how it judges.

use optout_core::check::Severity;
use optout_core::source::{nearest, shown};
use serde_json::{Map, Value};

/// The names of the parameters.
const NAMES: [&str; 2] = ["failOn", "scope"];

/// How a rule judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parameters {
    /// `failOn`: the severity from which a finding fails the rule; the function's setting where not given.
    pub fail_on: Option<Severity>,
    /// `scope`: what is judged.
    pub scope: Option<Scope>,
}

/// What a rule judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole organization; only in the account of the function, and there what is meant where nothing is said.
    Organization,
    /// The account that the rule is in.
    Account,
}

impl Parameters {
    /// Reads `ruleParameters`, a text with an object of texts.
    ///
    /// # Errors
    /// A text that says what is wrong, with the name of the parameter.
    pub fn read(text: Option<&str>) -> Result<Self, String> {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(Self::default()) };
        let values: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| format!("the rule's parameters are no JSON object: {error}"))?;
        if let Some(unknown) = values.keys().find(|name| !NAMES.contains(&name.as_str())) {
            return Err(unknown_name(unknown));
        }
        Ok(Self {
            fail_on: word(&values, "failOn", Severity::WORDS)?,
            scope: word(&values, "scope", &[("organization", Scope::Organization), ("account", Scope::Account)])?,
        })
    }
}

fn unknown_name(name: &str) -> String {
    let near = nearest(name, NAMES).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let name: String = name.chars().take(60).collect();
    format!("the rule's parameter `{}` is not known{near}", shown(&name))
}

fn word<T: Copy>(values: &Map<String, Value>, name: &str, words: &[(&str, T)]) -> Result<Option<T>, String> {
    let Some(value) = values.get(name) else { return Ok(None) };
    let found = words.iter().find(|(word, _)| value.as_str() == Some(word)).map(|(_, value)| *value);
    let list = || words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let given: String = value.to_string().chars().take(60).collect();
    found.map(Some).ok_or_else(|| format!("the rule's parameter `{name}` is {}, not one of {}", shown(&given), list()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_parameters_say_nothing() {
        for text in [None, Some(""), Some("{}"), Some(" ")] {
            assert_eq!(Parameters::read(text), Ok(Parameters::default()));
        }
    }

    #[test]
    fn known_parameters_are_read() {
        let read = Parameters::read(Some(r#"{"failOn":"medium","scope":"account"}"#));
        assert_eq!(read, Ok(Parameters { fail_on: Some(Severity::Medium), scope: Some(Scope::Account) }));
    }

    #[test]
    fn unknown_names_and_values_are_told() {
        let said = |text| Parameters::read(Some(text)).unwrap_err();
        assert_eq!(said(r#"{"failon":"high"}"#), "the rule's parameter `failon` is not known; did you mean `failOn`?");
        assert!(
            said(r#"{"failOn":"HIGH"}"#).starts_with("the rule's parameter `failOn` is \"HIGH\", not one of `info`")
        );
        assert!(said(r#"{"scope":3}"#).contains("`scope` is 3"));
        assert!(said("[]").starts_with("the rule's parameters are no JSON object"));
    }
}
