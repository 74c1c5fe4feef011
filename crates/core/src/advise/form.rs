//! `optout.advice/1`: the advice for machines.

use serde::Serialize;

use super::{Advice, Method};

/// The newest form.
pub const FORMAT: &str = "optout.advice/1";

/// The advice as indented JSON text.
#[must_use]
pub fn json(advice: &Advice) -> String {
    // INVARIANT: every map key below is a string, which is all that could make this fail.
    serde_json::to_string_pretty(&FileV1::of(advice)).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FileV1<'a> {
    /// Always `optout.advice/1`.
    format: &'static str,
    /// The leaf of the tree; absent where too little is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaf: Option<&'static str>,
    /// The method; absent where nothing can be done from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
    /// When the leaf fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'static str>,
    /// Why that method.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    /// The commands, in order.
    commands: &'a [String],
    /// What it rests on.
    facts: Vec<FactV1<'a>>,
    /// Leaves that might fit, for want of an answer.
    open: Vec<OpenV1>,
    /// The other methods.
    against: Vec<AgainstV1>,
    /// What else to know.
    notes: &'a [&'static str],
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FactV1<'a> {
    /// What it is about.
    name: &'static str,
    /// The value; absent where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// What it was concluded from, or why it is not known.
    evidence: &'a str,
    /// The IAM action that would have told.
    #[serde(skip_serializing_if = "Option::is_none")]
    permission: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OpenV1 {
    /// The leaf.
    leaf: &'static str,
    /// When it fits.
    when: &'static str,
    /// The option that answers it.
    ask: &'static str,
    /// Its method; absent where nothing can be done from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct AgainstV1 {
    /// The method.
    method: &'static str,
    /// What speaks against it here.
    why: &'static str,
}

impl<'a> FileV1<'a> {
    fn of(advice: &'a Advice) -> Self {
        let fact = |(name, value, evidence, permission)| FactV1 { name, value, evidence, permission };
        let open = advice.open.iter().map(|question| OpenV1 {
            leaf: question.leaf.id,
            when: question.leaf.when,
            ask: question.leaf.ask,
            method: question.leaf.method.map(Method::as_str),
        });
        Self {
            format: FORMAT,
            leaf: advice.leaf.map(|leaf| leaf.id),
            method: advice.leaf.and_then(|leaf| leaf.method).map(Method::as_str),
            when: advice.leaf.map(|leaf| leaf.when),
            why: advice.leaf.map(|leaf| leaf.why),
            commands: &advice.commands,
            facts: advice.situation.facts().into_iter().map(fact).collect(),
            open: open.collect(),
            against: advice.against.iter().map(|(method, why)| AgainstV1 { method: method.as_str(), why }).collect(),
            notes: &advice.notes,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("advice-1.json", &crate::published::written::<super::FileV1<'static>>());
    }
}
