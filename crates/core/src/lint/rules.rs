//! The rules about documents that AWS accepts, as a table.

use super::beside::Around;
use super::finding::Finding;
use super::fix::Seed;
use super::{locks, values};
use crate::check::Severity;
use crate::policy::{AI_OPT_OUT_LIMIT, Json, Member, characters};
use crate::source::Span;

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    /// Its name, in kebab-case.
    pub id: &'static str,
    /// How grave it is, mostly; single findings may be less so.
    pub severity: Severity,
    /// Looks for it.
    pub(super) check: fn(&Policy<'_>) -> Vec<Advice>,
}

/// Every rule.
pub(super) const ALL: &[Rule] = &[
    Rule { id: "no-default", severity: Severity::Medium, check: values::no_default },
    Rule { id: "default-opted-in", severity: Severity::High, check: values::default_opted_in },
    Rule { id: "service-opted-in", severity: Severity::Medium, check: values::service_opted_in },
    Rule { id: "redundant-service", severity: Severity::Info, check: values::redundant_service },
    Rule { id: "no-services-lock", severity: Severity::Medium, check: locks::services },
    Rule { id: "no-default-lock", severity: Severity::Low, check: locks::default },
    Rule { id: "no-setting-lock", severity: Severity::Medium, check: locks::settings },
    Rule { id: "policy-nearly-full", severity: Severity::Info, check: nearly_full },
];

/// An admissible document, taken apart for the rules.
#[derive(Debug)]
pub(super) struct Policy<'a> {
    /// The `services` member.
    pub services: Option<&'a Member>,
    /// The members of `services` that are no operators, `default` among them.
    pub named: Vec<Named<'a>>,
    /// What the documents beside it say about it.
    pub around: &'a Around,
    characters: usize,
    minified: usize,
}

/// A service, or `default`, in a document.
#[derive(Debug)]
pub(super) struct Named<'a> {
    /// The key with its place, and what stands under it.
    pub member: &'a Member,
    /// The `opt_out_policy` member.
    pub setting: Option<&'a Member>,
    /// What it assigns, with its place.
    pub value: Option<&'a Json>,
}

impl Named<'_> {
    /// Whether it is `default`.
    pub(super) fn is_default(&self) -> bool {
        self.member.key == "default"
    }

    /// Whether it assigns this word.
    pub(super) fn says(&self, word: &str) -> bool {
        self.value.and_then(Json::as_str) == Some(word)
    }
}

impl<'a> Policy<'a> {
    /// Takes an admissible document apart.
    pub(super) fn new(json: &'a Json, characters: usize, around: &'a Around) -> Self {
        let services = member(json, "services");
        let members = services.and_then(|member| member.value.as_object()).unwrap_or_default();
        let named = members.iter().filter(|member| !member.key.starts_with("@@")).map(Named::of).collect();
        Self { services, named, around, characters, minified: self::characters(&json.minified()) }
    }

    /// What the document says of `default`.
    pub(super) fn default(&self) -> Option<&Named<'a>> {
        self.named.iter().find(|named| named.is_default())
    }

    /// The services without `default`.
    pub(super) fn services_named(&self) -> impl Iterator<Item = &Named<'a>> {
        self.named.iter().filter(|named| !named.is_default())
    }
}

impl<'a> Named<'a> {
    fn of(service: &'a Member) -> Self {
        let setting = member(&service.value, "opt_out_policy");
        let value = setting.and_then(|setting| setting.value.get("@@assign"));
        Self { member: service, setting, value }
    }
}

fn member<'a>(json: &'a Json, key: &str) -> Option<&'a Member> {
    json.as_object()?.iter().find(|member| member.key == key)
}

/// What a rule has to say.
#[derive(Debug)]
pub(super) struct Advice {
    /// Where.
    pub span: Span,
    /// What is the matter.
    pub message: String,
    /// What to do.
    pub help: String,
    /// How grave it is here, where that is not the rule's own severity.
    pub severity: Option<Severity>,
    /// How it can be mended for certain.
    pub seed: Option<Seed>,
}

impl Advice {
    /// Advice with the rule's own severity.
    pub(super) fn new(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: help.into(), severity: None, seed: None }
    }

    /// The same advice with another severity.
    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// The same advice with a fix: the object of this member gets the lock.
    pub(super) fn locking(mut self, member: &Member) -> Self {
        let first = member.value.as_object().and_then(|members| members.first()).map(|first| first.key_span);
        self.seed = first.map(|first| Seed::Lock { object: member.value.span, first });
        self
    }

    /// The finding of `rule`.
    pub(super) fn of(self, rule: &Rule) -> Finding {
        let severity = self.severity.unwrap_or(rule.severity);
        Finding { seed: self.seed, ..Finding::new(rule.id, severity, self.span, self.message, self.help) }
    }
}

/// From nine tenths of the limit on.
fn nearly_full(policy: &Policy<'_>) -> Vec<Advice> {
    if policy.characters * 10 < AI_OPT_OUT_LIMIT * 9 {
        return Vec::new();
    }
    let message = format!("the document has {} of {AI_OPT_OUT_LIMIT} characters", policy.characters);
    let help = format!("white space counts: minified it has {}", policy.minified);
    vec![Advice::new(Span::new(0, 0), message, help)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_in_kebab_case() {
        let mut ids: Vec<&str> = ALL.iter().map(|rule| rule.id).collect();
        assert!(ids.iter().all(|id| id.chars().all(|character| character.is_ascii_lowercase() || character == '-')));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ALL.len());
    }
}
