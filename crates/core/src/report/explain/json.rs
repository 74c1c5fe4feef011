//! `optout.explanation/1`: the explanation for machines.

use serde::Serialize;
use serde_json::Value;

use super::{Derivation, Explanation, Stop};
use crate::check::{Lock, Setting};
use crate::policy::{Effect, Step};
use crate::source::Position;

/// The explanation as indented JSON text.
#[must_use]
pub fn render(explanation: &Explanation<'_>) -> String {
    // INVARIANT: every map key below is a string, which is all that could make this fail.
    serde_json::to_string_pretty(&FileV1::of(explanation)).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
struct FileV1<'a> {
    format: &'static str,
    account: String,
    name: &'a str,
    verdict: &'static str,
    basis: &'static str,
    path: Vec<StopV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_computed: Option<String>,
    services: Vec<ServiceV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    writers: Option<Vec<WriterV1<'a>>>,
}

#[derive(Serialize)]
struct StopV1<'a> {
    target: String,
    name: &'a str,
    policies: Vec<PolicyV1<'a>>,
}

#[derive(Serialize)]
struct PolicyV1<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct ServiceV1<'a> {
    key: &'a str,
    verdict: &'static str,
    setting: Option<&'static str>,
    from_default: bool,
    computed: Option<&'static str>,
    lock: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hole: Option<String>,
    steps: Vec<StepV1<'a>>,
    limits: Vec<LimitV1<'a>>,
}

#[derive(Serialize)]
struct StepV1<'a> {
    target: &'a str,
    policy: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
    #[serde(flatten)]
    operation: OperationV1<'a>,
}

/// What a step does, in every form that shows steps.
#[derive(Serialize)]
pub(in crate::report) struct OperationV1<'a> {
    operator: &'static str,
    value: &'a Value,
    effect: &'static str,
    explanation: String,
    rule: &'static str,
    source: &'static str,
}

#[derive(Serialize)]
struct LimitV1<'a> {
    path: &'a str,
    target: &'a str,
    policy: &'a str,
    allows: String,
}

#[derive(Serialize)]
struct WriterV1<'a> {
    principal: &'a str,
    may: &'a [&'static str],
    limited_to_this_type: bool,
}

impl<'a> FileV1<'a> {
    fn of(explanation: &'a Explanation<'a>) -> Self {
        let result = explanation.result;
        let name = explanation.assessment.account(result).map_or("", |account| account.name.as_str());
        let writer = |it: &'a crate::check::Writer| WriterV1 {
            principal: &it.principal,
            may: &it.actions,
            limited_to_this_type: it.limited,
        };
        Self {
            format: super::FORMAT,
            account: result.id.to_string(),
            name,
            verdict: result.verdict.as_str(),
            basis: result.basis.as_str(),
            path: explanation.path.iter().map(stop).collect(),
            not_computed: explanation.uncomputed.as_ref().map(ToString::to_string),
            services: explanation.services.iter().map(service).collect(),
            writers: explanation.writers.as_ref().map(|writers| writers.iter().map(writer).collect()),
        }
    }
}

fn stop(stop: &Stop) -> StopV1<'_> {
    let policies = stop.policies.iter().map(|(id, name)| PolicyV1 { id, name }).collect();
    StopV1 { target: stop.target.to_string(), name: &stop.name, policies }
}

fn service(service: &Derivation) -> ServiceV1<'_> {
    let hole = match &service.lock {
        Lock::None(hole) => Some(hole.to_string()),
        Lock::Full | Lock::Unknown => None,
    };
    ServiceV1 {
        key: &service.name,
        verdict: service.verdict.as_str(),
        setting: service.setting.map(Setting::as_str),
        from_default: service.inherited,
        computed: service.computed.map(Setting::as_str),
        lock: service.lock.as_str(),
        hole,
        steps: service.steps.iter().map(|(it, position)| step(it, *position)).collect(),
        limits: service.limits.iter().map(limit).collect(),
    }
}

fn step(step: &Step, position: Option<Position>) -> StepV1<'_> {
    StepV1 { target: &step.target, policy: &step.policy, position, operation: OperationV1::of(step) }
}

impl<'a> OperationV1<'a> {
    pub(in crate::report) fn of(step: &'a Step) -> Self {
        Self {
            operator: step.operator.as_str(),
            value: &step.value,
            effect: word(&step.effect),
            explanation: super::text::effect(&step.effect).1,
            rule: step.rule().text(),
            source: step.rule().source(),
        }
    }
}

/// An effect in a word.
const fn word(effect: &Effect) -> &'static str {
    match effect {
        Effect::Applied => "applied",
        Effect::Nothing => "nothing",
        Effect::LostTo(_) => "lost",
        Effect::DependsOnOrder(_) => "depends-on-order",
        Effect::Blocked(_) => "blocked",
        Effect::Undetermined(_) => "undetermined",
    }
}

fn limit((path, limit): &(String, crate::policy::Limit)) -> LimitV1<'_> {
    LimitV1 { path, target: &limit.target, policy: &limit.policy, allows: limit.controls.to_string() }
}
