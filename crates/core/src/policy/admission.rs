//! Admission: what CreatePolicy and UpdatePolicy accept as the content of an AI services opt-out policy.
//!
//! AWS answers every rejection with one message and no place; here each has its own reason, place and remedy.
//! Sources: 120 recorded answers (`vectors/admission.json`), the grammar of
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html> and the
//! size limit of <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>.

use std::collections::BTreeSet;

use super::operator::CONTROLS;
use super::{Json, JsonKind, Member, Operator, characters, parse_json};
use crate::source::{Problem, Span};

/// The most characters a document may have, white space counted.
pub const AI_OPT_OUT_LIMIT: usize = 2_500;

const WORDS: [&str; 5] = ["@@assign", "@@append", "@@remove", "@@all", "@@none"];
const SETTING: &str = "opt_out_policy";

/// The answer to "would AWS accept this text?".
#[derive(Debug, Clone)]
pub struct Admission {
    /// The document, where the text could be read as one.
    pub json: Option<Json>,
    /// Why AWS would refuse it, in the order of the text; empty if it would not.
    pub problems: Vec<Problem>,
}

impl Admission {
    /// Whether AWS would accept it.
    #[must_use]
    pub fn admissible(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Judges a text as CreatePolicy would.
///
/// `refuse_service` says of a name under `services` why it is not one (with a remedy), or nothing where it is.
#[must_use]
pub fn admit_ai_opt_out(text: &str, refuse_service: &dyn Fn(&str) -> Option<(String, String)>) -> Admission {
    let (json, mut problems) = parse_json(text);
    problems.extend(too_long(text, json.as_ref()));
    let mut grammar = Grammar { problems, refuse_service };
    if let Some(json) = &json {
        grammar.root(json);
    }
    grammar.problems.sort_by_key(|problem| problem.span.unwrap_or_default());
    Admission { json, problems: grammar.problems }
}

/// Judges a document that is sent with so many characters: one that infrastructure code writes from a value.
#[must_use]
pub fn admit_ai_opt_out_value(
    json: &Json,
    characters: usize,
    refuse_service: &dyn Fn(&str) -> Option<(String, String)>,
) -> Vec<Problem> {
    let problems = over_limit(characters, super::characters(&json.minified())).into_iter().collect();
    let mut grammar = Grammar { problems, refuse_service };
    grammar.root(json);
    grammar.problems.sort_by_key(|problem| problem.span.unwrap_or_default());
    grammar.problems
}

fn too_long(text: &str, json: Option<&Json>) -> Option<Problem> {
    let length = characters(text);
    over_limit(length, json.map_or(length, |json| characters(&json.minified())))
}

fn over_limit(length: usize, minified: usize) -> Option<Problem> {
    let help = if minified <= AI_OPT_OUT_LIMIT {
        format!("the API counts white space: minified it has {minified} characters and fits")
    } else {
        format!(
            "even minified it has {minified}: use `default` and name only the exceptions, or split it into several policies"
        )
    };
    (length > AI_OPT_OUT_LIMIT).then(|| {
        let message = format!("the document has {length} characters, more than the {AI_OPT_OUT_LIMIT} that AWS allows");
        Problem::new("policy-too-long", message).at(Span::new(0, 0)).help(help)
    })
}

struct Grammar<'a> {
    problems: Vec<Problem>,
    refuse_service: &'a dyn Fn(&str) -> Option<(String, String)>,
}

impl Grammar<'_> {
    fn add(&mut self, code: &'static str, at: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(code, message).at(at).help(help));
    }

    /// The members of an object, or a problem that names what stands there instead.
    fn object<'j>(&mut self, what: &str, json: &'j Json) -> Option<&'j [Member]> {
        if json.as_object().is_none() {
            let message = format!("{what} is an object, not {}", json.describe());
            self.add("policy-shape", json.span, message, "write an object in braces there");
        }
        json.as_object()
    }

    fn root(&mut self, json: &Json) {
        let Some(members) = self.object("a policy document", json) else { return };
        let mut has_services = false;
        for member in members {
            match member.key.as_str() {
                "services" => {
                    has_services = true;
                    self.services(&member.value);
                }
                CONTROLS => self.controls(&member.value),
                key if Operator::of(key).is_some() => self.root_value(member),
                key => self.unknown_root_key(key, member.key_span),
            }
        }
        if !has_services {
            let remedy = "add `\"services\": {\"default\": {\"opt_out_policy\": {\"@@assign\": \"optOut\"}}}`";
            self.add("policy-no-services", json.span, "the document has no `services`", remedy);
        }
    }

    fn unknown_root_key(&mut self, key: &str, at: Span) {
        let message = format!("`{key}` is not a key of an AI services opt-out policy");
        let help = match key {
            "Version" | "Statement" => {
                "this is the language of IAM and service control policies, which control access, not the use of content: \
                 write `{\"services\": …}`"
            }
            key if key.eq_ignore_ascii_case("services") => "write `services` in lower case",
            _ => "the outermost object holds `services` and nothing else",
        };
        self.add("policy-unknown-key", at, message, help);
    }

    /// At the outermost level AWS accepts value operators and ignores them, unless they hold an object or a list in a list.
    fn root_value(&mut self, member: &Member) {
        let nested = |json: &Json| matches!(json.kind, JsonKind::Object(_) | JsonKind::Array(_));
        let refused = match &member.value.kind {
            JsonKind::Object(_) => true,
            JsonKind::Array(elements) => elements.iter().any(nested),
            _ => false,
        };
        if refused {
            let message = format!("`{}` at the outermost level holds neither objects nor lists of lists", member.key);
            self.add("policy-root-value", member.value.span, message, "remove it: it has no effect there");
        }
    }

    fn services(&mut self, json: &Json) {
        let Some(members) = self.object("`services`", json) else { return };
        for member in members {
            match member.key.as_str() {
                CONTROLS => self.controls(&member.value),
                key if key.starts_with("@@") => self.misplaced_operator(member, "`services`"),
                _ => self.service(member),
            }
        }
    }

    fn service(&mut self, member: &Member) {
        if let Some((message, help)) = (self.refuse_service)(&member.key) {
            self.add("policy-unknown-service", member.key_span, message, help);
        }
        let Some(members) = self.object(&format!("the service `{}`", member.key), &member.value) else { return };
        for inner in members {
            match inner.key.as_str() {
                SETTING => self.setting(&inner.value),
                CONTROLS => self.controls(&inner.value),
                key if key.starts_with("@@") => {
                    self.misplaced_operator(inner, &format!("the service `{}`", member.key))
                }
                key => {
                    let message = format!("`{key}` is not a key of a service");
                    self.add(
                        "policy-unknown-field",
                        inner.key_span,
                        message,
                        "a service holds `opt_out_policy` and nothing else",
                    );
                }
            }
        }
    }

    fn misplaced_operator(&mut self, member: &Member, place: &str) {
        let message = format!("`{}` does not belong on {place}", member.key);
        let help = "set values with `\"opt_out_policy\": {\"@@assign\": …}`; only `@@operators_allowed_for_child_policies` may stand here";
        self.add("policy-operator", member.key_span, message, help);
    }

    fn setting(&mut self, json: &Json) {
        if let Some(value) = json.as_str() {
            let message = format!("`opt_out_policy` is an object with an operator, not the text `{value}`");
            let help = "write `{\"@@assign\": \"optOut\"}`; bare values stand only in effective policies";
            return self.add("policy-bare-value", json.span, message, help);
        }
        let Some(members) = self.object("`opt_out_policy`", json) else { return };
        for member in members {
            match member.key.as_str() {
                "@@assign" => self.value(&member.value),
                CONTROLS => self.controls(&member.value),
                key => {
                    let message = format!("`{key}` is not allowed in `opt_out_policy`");
                    self.add("policy-operator", member.key_span, message, "only `@@assign` sets this value");
                }
            }
        }
    }

    fn value(&mut self, json: &Json) {
        if json.as_str().is_some_and(|text| matches!(text, "optOut" | "optIn")) {
            return;
        }
        let message = match json.as_str() {
            Some(text) => format!("`{text}` is not a value of `opt_out_policy`"),
            None => format!("the value of `opt_out_policy` is a text, not {}", json.describe()),
        };
        let help = match json.as_str().map(|text| text.trim().to_ascii_lowercase()).as_deref() {
            Some("optout") => "write `optOut`, exactly so",
            Some("optin") => "write `optIn`, exactly so",
            _ => "the values are `optOut` and `optIn`",
        };
        self.add("policy-value", json.span, message, help);
    }

    fn controls(&mut self, json: &Json) {
        let Some(elements) = json.as_array() else {
            let message = format!("`{CONTROLS}` is a list, not {}", json.describe());
            return self.add("policy-controls", json.span, message, "write `[\"@@none\"]`");
        };
        if elements.is_empty() {
            self.add(
                "policy-controls",
                json.span,
                format!("`{CONTROLS}` is empty"),
                "write `[\"@@none\"]` to forbid everything",
            );
        }
        let mut seen = BTreeSet::new();
        for element in elements {
            self.control(element, &mut seen);
        }
        if seen.contains("@@none") && elements.len() > 1 {
            self.add("policy-controls", json.span, "`@@none` stands alone", "remove the other words, or `@@none`");
        }
    }

    fn control<'j>(&mut self, element: &'j Json, seen: &mut BTreeSet<&'j str>) {
        match element.as_str() {
            Some(word) if WORDS.contains(&word) => {
                if !seen.insert(word) {
                    self.add(
                        "policy-controls",
                        element.span,
                        format!("`{word}` stands twice in this list"),
                        "keep it once",
                    );
                }
            }
            Some(word) => {
                let message = format!("`{word}` is not an operator that children can be allowed");
                self.add("policy-controls", element.span, message, format!("the words are {}", WORDS.join(", ")));
            }
            None => {
                let message = format!("`{CONTROLS}` holds texts, not {}", element.describe());
                self.add("policy-controls", element.span, message, format!("the words are {}", WORDS.join(", ")));
            }
        }
    }
}
