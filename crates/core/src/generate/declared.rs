//! What an intent declares that would be a mistake where nobody declared it: exceptions, with who approved them, until when
//! and why, and a weaker lock. The files made of it carry it in the form in which `optout lint` takes a reason.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::Labelled;
use crate::intent::{Choice, DEFAULT_SERVICE, Exception, Intent, Lock};
use crate::source::shown;

/// The key under which JSON, which has no comments, says what is not to be found, and why.
pub(super) const IGNORE: &str = "optout:ignore";

/// What an exception for a service is found as.
const OF_SERVICE: &[&str] = &["service-opted-in"];
/// And one for `default`, which opens everything on its way: nothing but the intent says that this is meant.
const OF_DEFAULT: &[&str] =
    &["default-opted-in", "no-default", "no-services-lock", "no-setting-lock", "redundant-service", "service-opted-in"];

/// What an intent declares, and the rules that would ask about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The rules of `optout lint`.
    pub rules: &'static [&'static str],
    /// Why it is so, in one line.
    pub reason: String,
    /// The service that it opts in, where it is about one.
    pub service: Option<String>,
}

impl Declared {
    /// What an intent declares on `day` (UTC), in its order.
    pub(super) fn of(intent: &Intent, day: Date) -> Vec<Self> {
        let active = intent.exceptions.iter().filter(|it| it.value == Choice::OptIn && !it.is_expired(day));
        lock(intent.lock).into_iter().chain(active.map(exception)).collect()
    }

    /// Whether it is the lock of the whole intent.
    pub(super) fn is_about_locks(&self) -> bool {
        self.service.is_none() && self.rules != OF_DEFAULT
    }

    /// The line of a header, without the sign of a comment.
    pub(super) fn line(&self) -> String {
        format!("optout:ignore-file {} {}", self.rules.join(","), self.reason)
    }

    /// Whether a policy says what this one declares.
    fn concerns(&self, policy: &Labelled) -> bool {
        let Some(service) = &self.service else { return true };
        let value: Value = serde_json::from_str(&policy.policy.content).unwrap_or_default();
        let assigned = value.get("services").and_then(|services| services.get(service));
        let assigned = assigned.and_then(|it| it.pointer("/opt_out_policy/@@assign")).and_then(Value::as_str);
        assigned == Some(Choice::OptIn.as_str())
    }

    fn entry(&self) -> Map<String, Value> {
        let rules = ("Rules".to_owned(), json!(self.rules));
        Map::from_iter([rules, ("Reason".to_owned(), self.reason.as_str().into())])
    }
}

fn exception(it: &Exception) -> Declared {
    let (service, target, until) = (&it.service, &it.target.value, it.until);
    let text = format!("{service} at {target} until {until}, approved by {}: {}", it.approver, it.reason);
    let is_default = *service == DEFAULT_SERVICE;
    Declared {
        rules: if is_default { OF_DEFAULT } else { OF_SERVICE },
        reason: shown(&text).into_owned(),
        service: Some(service.clone()).filter(|_| !is_default),
    }
}

fn lock(lock: Lock) -> Option<Declared> {
    let rules: &[&str] = match lock {
        Lock::Full => return None,
        Lock::Partial => &["no-services-lock", "no-setting-lock"],
        Lock::None => &["no-default-lock", "no-services-lock", "no-setting-lock"],
    };
    Some(Declared { rules, reason: format!("the intent has lock = \"{}\"", lock.as_str()), service: None })
}

/// What is declared, for a JSON file that holds the policies; nothing where that is nothing.
pub(super) fn of_file(declared: &[Declared]) -> Option<Value> {
    let entries: Vec<Value> = declared.iter().map(|it| it.entry().into()).collect();
    (!entries.is_empty()).then(|| entries.into())
}

/// What is declared, for files beside: `path` names the file of a policy by its label.
pub(super) fn of_files(declared: &[Declared], policies: &[Labelled], path: &dyn Fn(&str) -> String) -> Vec<Value> {
    let in_file = |it: &Declared, policy: &Labelled| {
        let mut entry = it.entry();
        entry.insert("File".into(), path(&policy.label).into());
        Value::from(entry)
    };
    let of = |it: &Declared| -> Vec<Value> {
        policies.iter().filter(|policy| it.concerns(policy)).map(|policy| in_file(it, policy)).collect()
    };
    declared.iter().flat_map(of).collect()
}
