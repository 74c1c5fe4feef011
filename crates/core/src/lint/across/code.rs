//! Rules about Python, JavaScript and TypeScript that ask Organizations about opt-out policies.

use std::collections::BTreeSet;

use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::facts::Facts;
use crate::lint::facts::api::{PAGED, snake};
use crate::lint::facts::code::Script;
use crate::lint::read::code::Language;
use crate::lint::read::code_value::Call;
use crate::source::Span;

use super::{code_calls, code_errors};

/// Everything about one script.
pub(in crate::lint) fn check(script: &Script<'_>, facts: &mut Facts) {
    let view = View { script, parts: script.code.functions() };
    let rules: [fn(&View<'_>) -> Vec<Finding>; 13] = [
        available_policy_types,
        missing_pagination,
        effective_policy_truthiness,
        operators_in_effective_policy,
        account_status,
        default_presence,
        code_calls::exit_code,
        code_calls::unknown_calls,
        code_calls::not_idempotent,
        code_calls::without_description,
        code_calls::wrong_policy_id,
        code_calls::config_rule,
        code_calls::attachment_as_compliance,
    ];
    let found = rules.iter().flat_map(|rule| rule(&view)).chain(code_errors::check(&view));
    facts.findings.extend(found.map(|finding| (script.file, finding)));
}

/// A script as the rules look at it.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub script: &'a Script<'a>,
    /// Its functions as token ranges.
    pub parts: Vec<(usize, usize)>,
}

impl View<'_> {
    pub(super) fn all(&self) -> (usize, usize) {
        (0, self.script.code.tokens.len())
    }

    pub(super) fn part_of(&self, at: usize) -> (usize, usize) {
        self.parts.iter().copied().find(|(start, end)| *start <= at && at < *end).unwrap_or(self.all())
    }

    pub(super) fn span(&self, at: usize) -> Span {
        self.script.code.get(at).map(|token| token.span).unwrap_or_default()
    }

    /// The first token of a range that is this name, or a string that holds it.
    pub(super) fn find(&self, (start, end): (usize, usize), word: &str) -> Option<usize> {
        (start..end).find(|at| self.mentions(*at, word))
    }

    pub(super) fn has(&self, range: (usize, usize), word: &str) -> bool {
        self.find(range, word).is_some()
    }

    pub(super) fn has_any(&self, range: (usize, usize), words: &[&str]) -> bool {
        words.iter().any(|word| self.has(range, word))
    }

    pub(super) fn mentions(&self, at: usize, word: &str) -> bool {
        let code = &self.script.code;
        let is_text = code.get(at).is_some_and(|token| matches!(token.kind, crate::lint::read::code::Kind::Text(_)));
        if is_text { code.word(at).contains(word) } else { code.word(at) == word }
    }

    /// Whether a range holds a name or a string in which this is written, case aside.
    pub(super) fn holds(&self, (start, end): (usize, usize), part: &str) -> bool {
        (start..end).any(|at| self.script.code.word(at).to_lowercase().contains(part))
    }

    /// The calls of an operation on something, in a range.
    pub(super) fn calls<'s>(&'s self, range: (usize, usize), operation: &'s str) -> impl Iterator<Item = &'s Call> {
        self.script.operation(operation).filter(move |call| range.0 <= call.at && call.at < range.1)
    }

    pub(super) fn calls_any(&self, range: (usize, usize), operation: &str) -> bool {
        self.calls(range, operation).next().is_some()
    }

    pub(super) fn python(&self) -> bool {
        self.script.code.language == Language::Python
    }
}

fn available_policy_types(view: &View<'_>) -> Vec<Finding> {
    let found = view.find(view.all(), "AvailablePolicyTypes");
    found.into_iter().map(|at| available(view.span(at))).collect()
}

/// Shared with shell scripts.
pub(super) fn available(span: Span) -> Finding {
    let message = "`AvailablePolicyTypes` is deprecated and lists service control policies only: the type always looks as if it were not enabled";
    let help = "read `PolicyTypes` of ListRoots, and look for the status `ENABLED`";
    Finding::new("available-policy-types", Severity::High, span, message, help)
}

fn missing_pagination(view: &View<'_>) -> Vec<Finding> {
    let own: BTreeSet<String> = (1..view.script.code.tokens.len())
        .filter(|at| matches!(view.script.code.word(at - 1), "def" | "function"))
        .map(|at| snake(view.script.code.word(at)))
        .collect();
    let goes_on = |part: (usize, usize)| {
        ["nexttoken", "next_token", "paginat", "startingtoken"].iter().any(|word| view.holds(part, word))
    };
    let open_parts: BTreeSet<(usize, usize)> = view.parts.iter().copied().filter(|part| !goes_on(*part)).collect();
    let all = &view.script.calls;
    let paged = all.iter().filter(|call| call.callee.contains('.') || call.name().ends_with("Command"));
    paged
        .filter(|call| PAGED.contains(&snake(call.name()).as_str()) && !own.contains(&snake(call.name())))
        .filter(|call| open_parts.contains(&view.part_of(call.at)))
        .map(|call| unpaged(call.span, &snake(call.name())))
        .collect()
}

/// Shared with shell scripts.
pub(super) fn unpaged(span: Span, operation: &str) -> Finding {
    let message = format!(
        "only the first page of `{operation}` is read: it holds at most 20 entries, and may be empty with more to come"
    );
    let help = "follow `NextToken` to its end, or use a paginator";
    Finding::new("missing-pagination", Severity::High, span, message, help)
}

/// The answer is taken for "opted out" because it is there; its content is not read. Where another function of the script
/// reads it, only what says `bool(…)` is certain: the rest may hand the answer on.
fn effective_policy_truthiness(view: &View<'_>) -> Vec<Finding> {
    let all = view.all();
    if !view.calls_any(all, "describe_effective_policy") {
        return Vec::new();
    }
    let is_key = |at: &usize| view.mentions(*at, "EffectivePolicy") && !view.mentions(*at, "describe");
    if view.has(all, "PolicyContent") {
        let parts = view.parts.iter().filter(|part| !view.has(**part, "PolicyContent"));
        let found = parts.filter_map(|(start, end)| (*start..*end).filter(is_key).find(|at| is_made_a_bool(view, *at)));
        return found.map(|at| truthy(view.span(at))).collect();
    }
    let calls = view.script.operation("describe_effective_policy").map(|call| call.at);
    let tested = (0..all.1).filter(is_key).chain(calls).find(|at| is_tested(view, *at));
    tested.into_iter().map(|at| truthy(view.span(at))).collect()
}

/// `bool(answer["EffectivePolicy"])`.
fn is_made_a_bool(view: &View<'_>, at: usize) -> bool {
    (at.saturating_sub(6)..at)
        .any(|it| matches!(view.script.code.word(it), "bool" | "Boolean") && view.script.code.word(it + 1) == "(")
}

/// Shared with shell scripts.
pub(super) fn truthy(span: Span) -> Finding {
    let message = "that there is an effective policy says nothing: it may be empty, or opt in";
    let help = "parse `PolicyContent` (a JSON text) and look at the value of every service, else at that of `default`";
    Finding::new("effective-policy-truthiness", Severity::High, span, message, help)
}

/// Whether the statement of a token is a condition, or gives a name its value that is tested later.
fn is_tested(view: &View<'_>, at: usize) -> bool {
    let code = &view.script.code;
    let start = (0..=at).rev().find(|it| code.get(*it).is_some_and(|token| token.indent.is_some())).unwrap_or(0);
    let tests = |word: &str| {
        matches!(
            word,
            "if" | "elif" | "bool" | "not" | "and" | "or" | "assert" | "while" | "!" | "&&" | "||" | "?" | "Boolean"
        )
    };
    let statement_end = (at..code.tokens.len())
        .find(|it| code.get(*it).is_some_and(|token| token.kind == crate::lint::read::code::Kind::Break));
    if (start..statement_end.unwrap_or(code.tokens.len())).any(|it| tests(code.word(it))) {
        return true;
    }
    let name = if matches!(code.word(start), "const" | "let" | "var") { start + 1 } else { start };
    let assigned = code.is_name(name) && matches!(code.word(name + 1), "=" | ":");
    let (name, end) = (code.word(name), view.part_of(at).1);
    assigned
        && (at..end).any(|it| {
            let tested = code.word(it) == name
                && it > 0
                && (tests(code.word(it - 1)) || (code.word(it - 1) == "(" && it > 1 && tests(code.word(it - 2))));
            tested && !matches!(code.word(it + 1), "." | "[" | "?.")
        })
}

fn operators_in_effective_policy(view: &View<'_>) -> Vec<Finding> {
    let parts = view.parts.iter().filter(|part| {
        let asks = view.calls_any(**part, "describe_effective_policy") || view.holds(**part, "effective");
        let attached = view.calls_any(**part, "describe_policy")
            || view.calls_any(**part, "create_policy")
            || view.calls_any(**part, "update_policy");
        asks && !attached
    });
    let found = parts.filter_map(|(start, end)| (*start..*end).find(|at| compares_operator(view, *at)));
    found.map(|at| operators(view.span(at))).collect()
}

/// A string that is an operator, and no key of a literal.
fn compares_operator(view: &View<'_>, at: usize) -> bool {
    let code = &view.script.code;
    let is_operator = code
        .string(at)
        .is_some_and(|text| matches!(text, "@@assign" | "@@operators_allowed_for_child_policies" | "@@none"));
    is_operator
        && code.word(at + 1) != ":"
        && !(code.word(at.saturating_sub(1)) == "[" && at > 1 && code.word(at - 2) == ":")
}

/// Shared with shell scripts.
pub(super) fn operators(span: Span) -> Finding {
    let message = "an effective policy holds bare values and no operators: what is looked for here is never found";
    let help = "take values from the effective policy, as `\"opt_out_policy\": \"optOut\"`, and locks from the attached policies (DescribePolicy)";
    Finding::new("operators-in-effective-policy", Severity::High, span, message, help)
}

fn account_status(view: &View<'_>) -> Vec<Finding> {
    let code = &view.script.code;
    let words = ["ACTIVE", "SUSPENDED", "PENDING_CLOSURE"];
    let is_state = |at: usize| code.string(at) == Some("State") || (code.is_name(at) && code.word(at) == "State");
    if (0..code.tokens.len()).any(is_state) {
        return Vec::new();
    }
    let is_status = |at: &usize| {
        code.string(*at) == Some("Status")
            || (code.is_name(*at) && code.word(*at) == "Status" && *at > 0 && matches!(code.word(at - 1), "." | "?."))
    };
    let compared =
        |at: &usize| (at + 1..at + 9).any(|next| code.string(next).is_some_and(|text| words.contains(&text)));
    let found = (0..code.tokens.len()).find(|at| is_status(at) && compared(at));
    found.into_iter().map(|at| status(view.span(at))).collect()
}

/// Shared with shell scripts and Terraform.
pub(in crate::lint) fn status(span: Span) -> Finding {
    let message = "the `Status` of an account was announced to be retired on 2026-09-09: where it is absent no account is looked at";
    let help = "read `State`, and `Status` only where there is none";
    Finding::new("account-status-retired", Severity::Medium, span, message, help)
}

fn default_presence(view: &View<'_>) -> Vec<Finding> {
    let code = &view.script.code;
    let parts = view.parts.iter().filter(|part| {
        !view.has_any(**part, &["optOut", "opt_out_policy", "@@assign"]) && view.holds(**part, "services")
    });
    let found = parts.filter_map(|(start, end)| {
        (*start..*end).find(|at| code.string(*at) == Some("default") && code.word(at + 1) == "in")
    });
    found.map(|at| presence(view.span(at))).collect()
}

/// Shared with shell scripts.
pub(super) fn presence(span: Span) -> Finding {
    let message = "that a policy names `default` says nothing: it may say `optIn`, a named service may, and the policy may be attached to nothing";
    let help = "look at the effective value of every service, and of `default`, in every account";
    Finding::new("default-presence-only", Severity::Medium, span, message, help)
}
