//! The effective policy as AWS answers it: what a second, plainer reading of the text says decides what may be said of each service
//! and of the account.

use std::collections::BTreeSet;

use optout_core::catalogue::Catalogue;
use optout_core::check::{AccountVerdict, Keys, Question, Reading, Setting, assess};
use optout_core::org::{Answer, AnswerContent, Snapshot};
use serde_json::Value;

use super::{plan, reader};

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    read_right(&source.text, Reading::of_text);
    judged_right(&source.text);
}

fn keys() -> Keys {
    Keys::new(Catalogue::embedded().services().iter().map(|service| service.key.as_str()))
}

/// The setting of a key itself: `None` where the document has none.
fn own(services: &Value, key: &str) -> Option<Setting> {
    let entry = services.get(key)?;
    if !entry.is_object() {
        return Some(Setting::Unrecognised);
    }
    let value = entry.get("opt_out_policy")?;
    let word = if value.is_object() { value.get("@@assign").unwrap_or(&Value::Null) } else { value };
    Some(match word.as_str() {
        Some("optOut") => Setting::OptOut,
        Some("optIn") => Setting::OptIn,
        _ => Setting::Unrecognised,
    })
}

fn said(document: &Value, key: &str) -> Setting {
    let services = document.get("services").unwrap_or(&Value::Null);
    own(services, key).or_else(|| own(services, "default")).unwrap_or(Setting::Unset)
}

/// Whether a text is an effective policy whose every key stands once: it is what it is when it is printed again.
fn is_plain(text: &str, document: &Value) -> bool {
    let printed = document.to_string();
    printed == text && document.is_object() && document.get("services").is_none_or(Value::is_object)
}

/// What is said of a key is what the text says; nothing is said only of a text that says nothing for certain.
pub(crate) fn read_right(text: &str, read: impl Fn(&Keys, &str) -> Reading) {
    let keys = keys();
    let reading = read(&keys, text);
    let document: Option<Value> = serde_json::from_str(text).ok();
    for (key, name) in keys.iter() {
        match (reading.get(key).setting, &document) {
            (Some(setting), Some(document)) => assert_eq!(setting, said(document, name), "{name}"),
            (Some(setting), None) => panic!("{name} is {setting:?} in a text that is no JSON"),
            (None, document) => {
                assert!(reading.why_malformed().is_some(), "{name} is unknown without a reason");
                assert!(!document.as_ref().is_some_and(|it| is_plain(text, it)), "{name} is unknown");
            }
        }
    }
}

/// Nobody is called opted out by an answer that does not say so for every service that is known.
fn judged_right(text: &str) {
    let mut snapshot: Snapshot = plan::organization();
    let accounts: BTreeSet<_> = snapshot.accounts.iter().flatten().map(|account| account.id).collect();
    let answer = Answer { content: AnswerContent::Document(text.into()), last_updated: None, asked: snapshot.taken };
    snapshot.answers = accounts.into_iter().map(|id| (id, answer.clone())).collect();
    let assessment = assess(&Question::plain(&snapshot, Catalogue::embedded()));
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let all_out = keys().iter().skip(1).all(|(_, name)| said(&document, name) == Setting::OptOut);
    for account in &assessment.accounts {
        let is_out = matches!(account.verdict, AccountVerdict::OptedOut | AccountVerdict::OptedOutToday);
        assert!(all_out || !is_out, "{} is {:?} by {text}", account.id, account.verdict);
        let default = said(&document, "default");
        assert!(default == Setting::OptOut || account.verdict != AccountVerdict::OptedOut, "{} by {text}", account.id);
    }
}
