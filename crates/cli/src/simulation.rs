//! What the simulator is handed: the rules of this program's own engine, and faults as they are written on a command line.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use optout_core::catalogue::Catalogue;
use optout_core::check::admit;
use optout_core::org::PolicyType;
use optout_core::policy::{Attached, Dialect, Document, Level, Order, resolve};
use optout_simulator::{Effect, Fault, Rules, When};
use serde_json::Value;

/// The organization that comes with the program.
pub(crate) const ACME: &str = include_str!("../../../examples/acme/organization.json");

/// The simulator's rules are plain functions, so the catalogue they use is kept here.
static CATALOGUE: OnceLock<Cow<'static, Catalogue>> = OnceLock::new();

/// The rules of this program, with the services of `catalogue`. The first catalogue given stays.
pub(crate) fn rules(catalogue: Cow<'static, Catalogue>) -> Rules {
    let _ = CATALOGUE.set(catalogue);
    Rules { admit: admits, resolve: effective }
}

fn admits(policy_type: &PolicyType, text: &str) -> bool {
    let catalogue = CATALOGUE.get_or_init(|| Cow::Borrowed(Catalogue::embedded()));
    *policy_type == PolicyType::AiOptOut && admit(catalogue, text).admissible()
}

/// The effective document; a text that is no document says nothing.
fn effective(policy_type: &PolicyType, levels: &[Vec<Arc<str>>]) -> Value {
    let dialect = Dialect::of(policy_type);
    let parse = |texts: &Vec<Arc<str>>| texts.iter().filter_map(|text| Document::parse(dialect, text).ok()).collect();
    let documents: Vec<Vec<Document>> = levels.iter().map(parse).collect();
    let levels: Vec<Level<'_>> = documents
        .iter()
        .map(|documents| Level {
            target: "".into(),
            documents: documents.iter().map(|document| Attached { policy: "".into(), document }).collect(),
            order: Order::Known,
        })
        .collect();
    resolve(&levels).effective(dialect).document
}

/// Faults of one `--fault`: `OPERATION=EFFECT`, a fault as JSON, or `@FILE` with a list of faults as JSON.
#[derive(Debug, Clone)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

impl FromStr for Faults {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let json = |error: serde_json::Error| format!("this is no fault: {error}");
        if let Some(path) = text.strip_prefix('@') {
            let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
            return serde_json::from_str(&text).map(Self).map_err(json);
        }
        if text.starts_with('{') {
            return serde_json::from_str(text).map(|fault| Self(vec![fault])).map_err(json);
        }
        let (operation, effect) = text.split_once('=').ok_or("expected OPERATION=EFFECT, JSON, or @FILE")?;
        let operations = if operation == "*" { Vec::new() } else { vec![operation.to_owned()] };
        Ok(Self(vec![Fault { operations, callers: Vec::new(), when: When::Always, effect: effect_of(effect)? }]))
    }
}

/// The effects that need no more words.
fn effect_of(word: &str) -> Result<Effect, String> {
    match word {
        "throttle" => Ok(Effect::Throttle),
        "server-error" => Ok(Effect::ServerError { status: 500 }),
        "drop" => Ok(Effect::Drop),
        "hang" => Ok(Effect::Hang),
        "deny" => Ok(Effect::Deny),
        "malformed" => Ok(Effect::Malformed),
        "cut-short" => Ok(Effect::CutShort),
        other => Err(format!(
            "`{other}` is no effect: throttle, server-error, drop, hang, deny, malformed, cut-short; others as JSON"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_words_or_json() {
        let read = |text: &str| text.parse::<Faults>().map(|faults| faults.0);
        assert_eq!(read("ListAccounts=deny").unwrap().first().unwrap().operations, ["ListAccounts"]);
        assert!(read("*=throttle").unwrap().first().unwrap().operations.is_empty());
        assert!(read(r#"{"effect":{"kind":"slow","milliseconds":5}}"#).is_ok());
        for wrong in ["", "x", "x=y", "{", "@/nowhere"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_example_organization_is_a_snapshot() {
        let source = optout_core::source::Source::new("examples/acme", ACME);
        assert!(optout_core::org::read(&source).is_ok());
    }
}
