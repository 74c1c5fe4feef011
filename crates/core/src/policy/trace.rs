//! Why a setting is what it is: every operator that was met, what it did, and the rule that decided.

use std::sync::Arc;

use serde_json::Value;

use super::{Controls, Operator};
use crate::source::Span;

/// One operator of one document, met on the way from the root.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The level, counted from the root's 0.
    pub level: usize,
    /// The target.
    pub target: Arc<str>,
    /// The policy.
    pub policy: Arc<str>,
    /// The operator.
    pub operator: Operator,
    /// Its value.
    pub value: Arc<Value>,
    /// Where it stands in the policy's document.
    pub span: Span,
    /// What it did.
    pub effect: Effect,
}

/// What an operator did.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// It set, added or removed values.
    Applied,
    /// Nothing, since there was nothing to add or to remove.
    Nothing,
    /// Nothing: this policy, attached earlier at the same target, assigned first.
    LostTo(Arc<str>),
    /// It is not decided: these policies at the same target assign other values, and the order is not known.
    DependsOnOrder(Vec<Arc<str>>),
    /// Nothing: it was forbidden.
    Blocked(Cause),
    /// It is not decided whether it was forbidden.
    Undetermined(Cause),
}

/// What forbids something.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// The rule.
    pub rule: Rule,
    /// The place whose controls forbid it, like `services` or `services.lex.opt_out_policy`; empty is the outermost level.
    pub path: String,
    /// The policies whose controls, together, forbid it.
    pub limits: Vec<Limit>,
}

/// Controls that a document put on a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// The level, counted from the root's 0.
    pub level: usize,
    /// The target.
    pub target: Arc<str>,
    /// The policy.
    pub policy: Arc<str>,
    /// What it allows.
    pub controls: Controls,
    /// Where that stands in the policy's document.
    pub span: Span,
}

/// The rules of inheritance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Of several `@@assign` at one target the one attached first counts.
    FirstAssignWins,
    /// At one target `@@append` follows `@@assign`, whatever the order of attachment, and adds no value twice.
    AppendAfterAssign,
    /// At one target `@@remove` comes last.
    RemoveLast,
    /// A setting's controls bind the levels below.
    SettingLocked,
    /// A container's controls decide whether levels below may add keys to it.
    KeyMayNotBeAdded,
    /// A container forbids new keys, and this key was named above without a value: whether it counts as new is not known.
    NamedButEmpty,
}

impl Rule {
    /// The rule in words, for people who compare with AWS's answer.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::FirstAssignWins => "of several @@assign at one target the one attached first counts",
            Self::AppendAfterAssign => "at one target @@append follows @@assign",
            Self::RemoveLast => "at one target @@remove comes last",
            Self::SettingLocked => "a setting's child controls bind the levels below",
            Self::KeyMayNotBeAdded => "a container's child controls decide whether levels below may add keys",
            Self::NamedButEmpty => {
                "the key was named above without a value: whether adding to it is allowed is undetermined"
            }
        }
    }

    /// Where the rule is known from.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::FirstAssignWins => {
                "https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html#multiple-same-node-values"
            }
            Self::AppendAfterAssign | Self::RemoveLast => {
                "recorded answers of AWS (attached-1/same_append_assign, same_remove_append)"
            }
            Self::SettingLocked => "recorded answers of AWS (attached-2/lock, cannot_unlock, intersection)",
            Self::KeyMayNotBeAdded => {
                "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html example 1"
            }
            Self::NamedButEmpty => "no source: neither AWS's documentation nor a recorded answer decides it",
        }
    }
}

impl Step {
    /// The rule under which the step had its effect.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match (&self.effect, self.operator) {
            (Effect::Blocked(cause) | Effect::Undetermined(cause), _) => cause.rule,
            (_, Operator::Assign) => Rule::FirstAssignWins,
            (_, Operator::Append) => Rule::AppendAfterAssign,
            (_, Operator::Remove) => Rule::RemoveLast,
        }
    }
}
