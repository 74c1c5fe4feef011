//! Service control policies that are to opt out of AI services: they say who may call what, and nothing about the use of
//! content.

use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::facts::{At, Type};
use crate::lint::read::value::{Value, ValueKind};

/// The type of service control policies.
const TYPE: &str = "SERVICE_CONTROL_POLICY";

/// What is declared of a policy whose content is none of ours.
#[derive(Debug)]
pub(in crate::lint) struct Declared<'v> {
    pub at: At,
    pub kind: &'v Type,
    /// The type where none is said, if there is one.
    pub else_type: Option<&'v str>,
    /// What it is called, and how it is described.
    pub texts: Vec<&'v str>,
    pub content: Option<&'v Value>,
}

/// A service control policy that is called an opt-out, and is none that protects one.
pub(in crate::lint) fn check(declared: &Declared<'_>) -> Option<(usize, Finding)> {
    let (kind, span) = match declared.kind {
        Type::Named(name, span) => (name.as_str(), *span),
        Type::Missing => (declared.else_type?, declared.at.span),
        Type::Open => return None,
    };
    if kind != TYPE || !is_opt_out(&declared.texts.join(" ")) || protects(declared) {
        return None;
    }
    let message =
        "a service control policy opts nobody out: it controls who may call what, not what AWS does with content";
    let help = "make an AI services opt-out policy: the type `AISERVICES_OPT_OUT_POLICY` with the content \
                `{\"services\": {\"default\": …}}`, as `optout generate` writes it";
    Some((declared.at.file, Finding::new("opt-out-as-control-policy", Severity::High, span, message, help)))
}

/// Whether a text speaks of opting out of AI services.
fn is_opt_out(text: &str) -> bool {
    const WITH: [&str; 9] = [
        "aioptout",
        "aiservice",
        "aiml",
        "optoutai",
        "optoutofai",
        "genai",
        "generativeai",
        "artificialintelligence",
        "machinelearning",
    ];
    let lower = text.to_lowercase();
    let squeezed: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let opts_out = squeezed.contains("optout") || squeezed.contains("optsout") || squeezed.contains("optingout");
    let alone = lower.split(|it: char| !it.is_ascii_alphanumeric()).any(|word| matches!(word, "ai" | "ml"));
    opts_out && (alone || WITH.iter().any(|word| squeezed.contains(word)))
}

/// Whether it keeps people from changing opt-out policies, which is what service control policies can do for them; where its
/// content is not known, by what it is called.
fn protects(declared: &Declared<'_>) -> bool {
    const WORDS: [&str; 8] = ["protect", "guard", "deny", "prevent", "restrict", "lock", "tamper", "change"];
    let named = || {
        let mentions = declared.content.map(Value::mentions).unwrap_or_default();
        let texts = declared.texts.iter().copied().chain(mentions).map(str::to_lowercase);
        texts.into_iter().any(|text| WORDS.iter().any(|word| text.contains(word)))
    };
    declared.content.map_or_else(named, |content| {
        let (mut concerns, mut open) = (false, false);
        content.visit(&mut |value| {
            concerns |= value.text().is_some_and(|text| text.to_lowercase().contains("organizations:"));
            open |= matches!(value.kind, ValueKind::Open(_) | ValueKind::File { .. });
        });
        concerns || (open && named())
    })
}

#[cfg(test)]
mod tests {
    use super::is_opt_out;

    #[test]
    fn opting_out_of_ai_is_told_from_other_things() {
        for text in ["ai-opt-out", "AIOptOut", "Opt out of AI/ML training", "aiservices_optout", "OptOutOfAI"] {
            assert!(is_opt_out(text), "{text}");
        }
        for text in ["deny-bedrock", "email-opt-out", "ai-guardrails", "maintain opt-out list", "opt-in for AI"] {
            assert!(!is_opt_out(text), "{text}");
        }
    }
}
