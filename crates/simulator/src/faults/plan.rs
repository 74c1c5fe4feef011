//! What the faults that strike a call make of it together.

use std::time::Duration;

use optout_core::org::AccountId;

use super::{Effect, EffectiveScript, Fault, NotImplementedForm};
use crate::error::{ApiError, access_denied, too_many_requests};
use crate::state::Change;
use crate::wire::Reply;

/// The faults, each with the calls it has seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct FaultBook {
    faults: Vec<(Fault, u64)>,
}

/// What happens to one call. The first failure counts; delays add up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) delay: Duration,
    pub(crate) failure: Option<Failure>,
    pub(crate) cut_short: bool,
    pub(crate) after: Vec<Change>,
    scripts: Vec<(Vec<AccountId>, EffectiveScript)>,
}

/// How a call fails.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    Drop,
    Hang,
    Answer(Reply),
    Error(ApiError),
}

impl FaultBook {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        Self { faults: faults.into_iter().map(|fault| (fault, 0)).collect() }
    }

    /// The faults, in order.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.faults.iter().map(|(fault, _)| fault.clone()).collect()
    }

    /// What happens to a call; counts it.
    pub(crate) fn plan(&mut self, operation: &str, caller: AccountId) -> Plan {
        let mut plan = Plan::default();
        for (fault, seen) in &mut self.faults {
            let operations = fault.operations.is_empty() || fault.operations.iter().any(|name| name == operation);
            let callers = fault.callers.is_empty() || fault.callers.contains(&caller);
            if operations && callers {
                *seen = seen.saturating_add(1);
                if fault.when.strikes(*seen) {
                    plan.add(&fault.effect);
                }
            }
        }
        plan
    }
}

impl Plan {
    fn add(&mut self, effect: &Effect) {
        match effect {
            Effect::Throttle => self.fail(Failure::Error(too_many_requests())),
            Effect::ServerError { status } => self.fail(Failure::Error(server_error(*status))),
            Effect::Error { code, reason, message } => {
                let error = ApiError { reason: reason.clone(), ..ApiError::new(code.clone(), message.clone()) };
                self.fail(Failure::Error(error));
            }
            Effect::Drop => self.fail(Failure::Drop),
            Effect::Hang => self.fail(Failure::Hang),
            Effect::Deny => self.fail(Failure::Error(access_denied())),
            Effect::NotImplemented { form } => self.fail(not_implemented(*form)),
            Effect::Malformed => self.fail(Failure::Answer(malformed())),
            Effect::Slow { milliseconds } => self.delay += Duration::from_millis(*milliseconds),
            Effect::CutShort => self.cut_short = true,
            Effect::ChangeAfter { change } => self.after.push(change.clone()),
            Effect::Effective { accounts, answer } => self.scripts.push((accounts.clone(), answer.clone())),
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    /// The scripted answer for an account.
    pub(crate) fn script(&self, account: AccountId) -> Option<&EffectiveScript> {
        let mut scripts = self.scripts.iter();
        scripts.find(|(accounts, _)| accounts.is_empty() || accounts.contains(&account)).map(|(_, script)| script)
    }
}

fn server_error(status: u16) -> ApiError {
    ApiError { status, ..ApiError::new("ServiceException", "An internal error occurred.") }
}

fn not_implemented(form: NotImplementedForm) -> Failure {
    match form {
        NotImplementedForm::HtmlPage => Failure::Answer(html_page()),
        NotImplementedForm::InvalidAction => Failure::Error(ApiError::new("InvalidAction", "The action is not valid.")),
        NotImplementedForm::UnknownOperation => Failure::Error(unknown_operation()),
    }
}

/// What AWS answers for an operation it does not have.
pub(crate) fn unknown_operation() -> ApiError {
    ApiError::new("UnknownOperationException", "")
}

fn html_page() -> Reply {
    let page =
        "<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n";
    Reply::of(500, "text/html; charset=utf-8", page)
}

fn malformed() -> Reply {
    Reply::of(200, "application/x-amz-json-1.1", "{\"Organization\": {\"Id\": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::When;

    fn fault(operations: &[&str], when: When, effect: Effect) -> Fault {
        let operations = operations.iter().map(|name| (*name).to_owned()).collect();
        Fault { operations, callers: Vec::new(), when, effect }
    }

    #[test]
    fn each_fault_counts_its_own_calls() {
        let account = "111111111111".parse().unwrap();
        let second = When::Nth { call: 2 };
        let mut book = FaultBook::new(vec![
            fault(&["ListRoots"], second, Effect::Drop),
            fault(&[], When::Every { calls: 2 }, Effect::Slow { milliseconds: 5 }),
        ]);
        let plans: Vec<Plan> =
            ["ListRoots", "ListAccounts", "ListRoots"].iter().map(|name| book.plan(name, account)).collect();
        let dropped: Vec<bool> = plans.iter().map(|plan| plan.failure.is_some()).collect();
        assert_eq!(dropped, [false, false, true]);
        let slow: Vec<u128> = plans.iter().map(|plan| plan.delay.as_millis()).collect();
        assert_eq!(slow, [0, 5, 0]);
    }

    #[test]
    fn faults_are_read_from_json() {
        let text = r#"[
            {"operations":["ListAccounts"],"when":{"kind":"nth","call":2},"effect":{"kind":"server-error","status":503}},
            {"effect":{"kind":"not-implemented","form":"html-page"}},
            {"effect":{"kind":"effective","accounts":["222222222222"],"answer":{"kind":"content","text":"{}"}}},
            {"effect":{"kind":"effective","answer":{"kind":"stale"}}},
            {"operations":["ListAccounts"],"effect":{"kind":"change-after",
             "change":{"change":"move-account","account":"222222222222","to":"r-acme"}}}
        ]"#;
        let faults: Vec<Fault> = serde_json::from_str(text).unwrap();
        let again: Vec<Fault> = serde_json::from_str(&serde_json::to_string(&faults).unwrap()).unwrap();
        assert_eq!(again, faults);
        assert!(serde_json::from_str::<Fault>(r#"{"effect":{"kind":"explode"}}"#).is_err());
    }
}
