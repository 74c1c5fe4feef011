//! Errors that are taken for a verdict: what could not be read is neither compliant nor not compliant.

use super::code::View;
use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::read::code::Language;
use crate::source::Span;

/// Every handler of a script that asks about policies.
pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let asks = [
        "describe_effective_policy",
        "list_policies",
        "list_targets_for_policy",
        "list_accounts",
        "list_policies_for_target",
        "create_policy",
        "attach_policy",
    ];
    if !asks.iter().any(|operation| view.calls_any(view.all(), operation)) {
        return Vec::new();
    }
    let code = &view.script.code;
    let word = if code.language == Language::Python { "except" } else { "catch" };
    let heads = (0..code.tokens.len())
        .filter(|at| code.is_name(*at) && code.word(*at) == word && (*at == 0 || code.word(at - 1) != "."));
    heads.filter_map(|at| handler(view, at)).collect()
}

/// The tokens of a handler's body.
fn body(view: &View<'_>, head: usize) -> (usize, usize) {
    let code = &view.script.code;
    if code.language == Language::Python {
        let start = (head..code.tokens.len()).find(|at| code.word(*at) == ":").unwrap_or(head);
        return (start + 1, code.block_end(head));
    }
    let open = (head..code.tokens.len()).find(|at| code.word(*at) == "{").unwrap_or(head);
    let mut depth = 0_usize;
    for at in open..code.tokens.len() {
        match code.word(at) {
            "{" => depth += 1,
            "}" if depth <= 1 => return (open + 1, at),
            "}" => depth -= 1,
            _ => {}
        }
    }
    (open + 1, code.tokens.len())
}

fn handler(view: &View<'_>, head: usize) -> Option<Finding> {
    let code = &view.script.code;
    let (start, end) = body(view, head);
    let caught = (head + 1..start).map(|at| code.word(at)).collect::<Vec<_>>();
    if !is_broad(&caught) || view.has_any((start, end), &["raise", "throw"]) {
        return None;
    }
    // One exception is told from the others by its code: that is an answer.
    if ["duplicate", "already", "notfound", "not_found", "inuse"].iter().any(|word| view.holds((start, end), word)) {
        return None;
    }
    let span = view.span(head);
    let is = |at: usize, text: &str| code.string(at) == Some(text);
    let returns = |word: &str| (start..end).any(|at| code.word(at) == "return" && code.word(at + 1) == word);
    let success = (start..end).any(|at| {
        is(at, "COMPLIANT")
            || is(at, "PASS")
            || is(at, "PASSED")
            || is(at, "statusCode") && code.word(at + 2) == "200"
            || code.word(at) == "statusCode" && code.word(at + 2) == "200"
    });
    if success || returns("True") || returns("true") {
        return Some(verdict(span, Severity::High, "an error counts as success"));
    }
    if (start..end).any(|at| is(at, "NON_COMPLIANT") || is(at, "FAIL") || is(at, "FAILED")) {
        return Some(verdict(span, Severity::Medium, "an error counts as a failure of the account"));
    }
    swallowed(view, (start, end)).then(|| {
        verdict(span, Severity::Medium, "an error is passed over, and the answer is given as if nothing were missing")
    })
}

/// Nothing, everything, or any answer of AWS; errors with a name of their own are expected ones.
fn is_broad(caught: &[&str]) -> bool {
    let named = |word: &&&str| word.chars().next().is_some_and(|first| first.is_ascii_uppercase());
    let broad = |word: &str| {
        matches!(word, "Exception" | "BaseException" | "ClientError" | "BotoCoreError" | "Error")
            || word.contains("AccessDenied")
            || word.contains("TooManyRequests")
    };
    let mut names = caught.iter().filter(named).peekable();
    names.peek().is_none() || names.any(|word| broad(word))
}

/// A handler that does nothing but tell, in a function that later says that all is well.
fn swallowed(view: &View<'_>, (start, end): (usize, usize)) -> bool {
    let code = &view.script.code;
    let part = view.part_of(start);
    let says_well = (end..part.1).any(|at| code.word(at) == "return" && matches!(code.word(at + 1), "True" | "true"));
    let asks = view.calls_any(part, "describe_effective_policy");
    let remembers = (start..end)
        .any(|at| matches!(code.word(at), "=" | "append" | "add" | "push" | "return" | "exit") || code.word(at) == "+");
    // `str(e)` and f-strings are told; only a name that changes is remembered.
    asks && says_well && !remembers
}

/// Shared with shell scripts.
pub(super) fn verdict(span: Span, severity: Severity, what: &str) -> Finding {
    let message = format!("{what}: what could not be read is unknown");
    let help = "report it as unknown, with the permission that is missing, and end with a code of its own";
    Finding::new("errors-as-verdict", severity, span, message, help)
}
