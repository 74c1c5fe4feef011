//! What `optout resolve` shows: an effective document, and for every setting the steps that made it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::explain::{OperationV1, effect};
use super::{Styled, Tone};
use crate::policy::{Controls, Dialect, Effective, Limit, Setting, State, Step};
use crate::source::{LineIndex, Position, Source, Span, shown};

/// The name of the machine form.
pub const FORMAT: &str = "optout.calculation/1";

/// A calculation: the state of a path of levels, and the documents it came from.
#[derive(Debug)]
pub struct Calculation<'a> {
    state: &'a State,
    /// The document that was asked for.
    pub effective: Effective,
    documents: BTreeMap<&'a str, (&'a Source, LineIndex)>,
}

impl<'a> Calculation<'a> {
    /// The calculation of `state`: finished as the policy type does, or as merged where `unfinished`. The policies of the
    /// state are the names of `documents`.
    pub fn new(
        state: &'a State,
        dialect: Dialect,
        unfinished: bool,
        documents: impl IntoIterator<Item = &'a Source>,
    ) -> Self {
        let effective = if unfinished { state.unfinished() } else { state.effective(dialect) };
        let indexed = |source: &'a Source| (source.name.as_str(), (source, LineIndex::new(&source.text)));
        Self { state, effective, documents: documents.into_iter().map(indexed).collect() }
    }

    fn position(&self, policy: &str, span: Span) -> Option<Position> {
        let (source, index) = self.documents.get(policy)?;
        Some(index.position(&source.text, span.start))
    }

    /// `file:line:column`.
    fn place(&self, policy: &str, span: Span) -> String {
        let position = self.position(policy, span).map(|position| format!(":{position}"));
        format!("{}{}", shown(policy), position.unwrap_or_default())
    }

    /// The effective document, indented JSON.
    #[must_use]
    pub fn document(&self) -> String {
        serde_json::to_string_pretty(&self.effective.document).unwrap_or_default() + "\n"
    }

    /// For every setting the steps from the first level on, for people.
    #[must_use]
    pub fn reasons(&self) -> Styled {
        let mut out = Styled::default();
        for (path, setting) in self.state.settings() {
            out.line().push(Tone::Strong, shown(&path).into_owned());
            out.plain(value_text(&setting)).line();
            setting
                .limits()
                .filter(|limit| limit.controls != Controls::ALL)
                .for_each(|limit| self.limit(&mut out, limit));
            setting.steps().iter().for_each(|step| self.step(&mut out, step));
        }
        out
    }

    fn limit(&self, out: &mut Styled, limit: &Limit) {
        let place = self.place(&limit.policy, limit.span);
        out.push(Tone::Faint, format!("  {}  {place}: levels below may use {}", limit.target, limit.controls)).line();
    }

    fn step(&self, out: &mut Styled, step: &Step) {
        let place = self.place(&step.policy, step.span);
        out.plain(format!("  {}  {place}: {} {} ", step.target, step.operator, shown(&step.value.to_string())));
        let (tone, effect) = effect(&step.effect);
        out.push(tone, effect).line();
        out.push(Tone::Faint, format!("      rule: {}", step.rule().text())).line();
    }

    /// Document and reasons for machines.
    #[must_use]
    pub fn json(&self) -> String {
        let settings = self.state.settings();
        let form = FormV1 {
            format: FORMAT,
            effective: &self.effective.document,
            undetermined: &self.effective.undetermined,
            reasons: settings.iter().map(|(path, setting)| self.reason(path, setting)).collect(),
        };
        // INVARIANT: every map key is a string, which is all that could make this fail.
        serde_json::to_string_pretty(&form).unwrap_or_default() + "\n"
    }

    fn reason<'s>(&'s self, path: &'s str, setting: &Setting<'s>) -> ReasonV1<'s> {
        let limits = setting.limits().map(|limit| LimitV1 {
            level: limit.level + 1,
            policy: &limit.policy,
            position: self.position(&limit.policy, limit.span),
            allows: limit.controls.to_string(),
        });
        ReasonV1 {
            setting: path,
            value: setting.value().value(),
            possible: (!setting.value().is_decided()).then(|| setting.value().all()),
            steps: setting.steps().iter().map(|step| self.step_form(step)).collect(),
            limits: limits.collect(),
        }
    }

    fn step_form<'s>(&'s self, step: &'s Step) -> StepV1<'s> {
        StepV1 {
            level: step.level + 1,
            policy: &step.policy,
            position: self.position(&step.policy, step.span),
            operation: OperationV1::of(step),
        }
    }
}

fn value_text(setting: &Setting<'_>) -> String {
    let shown_value = |value: &Value| shown(&value.to_string()).into_owned();
    match setting.value().all() {
        [Some(value)] => format!(" = {}", shown_value(value)),
        [None] | [] if setting.steps().is_empty() => String::new(),
        [None] | [] => ": nothing".to_owned(),
        several => {
            let one = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), shown_value);
            format!(": undetermined, {}", several.iter().map(one).collect::<Vec<_>>().join(" or "))
        }
    }
}

#[derive(Serialize)]
struct FormV1<'a> {
    format: &'static str,
    effective: &'a Value,
    undetermined: &'a [String],
    reasons: Vec<ReasonV1<'a>>,
}

#[derive(Serialize)]
struct ReasonV1<'a> {
    setting: &'a str,
    value: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    possible: Option<&'a [Option<Value>]>,
    steps: Vec<StepV1<'a>>,
    limits: Vec<LimitV1<'a>>,
}

#[derive(Serialize)]
struct StepV1<'a> {
    level: usize,
    policy: &'a str,
    #[serde(flatten)]
    position: Option<Position>,
    #[serde(flatten)]
    operation: OperationV1<'a>,
}

#[derive(Serialize)]
struct LimitV1<'a> {
    level: usize,
    policy: &'a str,
    #[serde(flatten)]
    position: Option<Position>,
    allows: String,
}
