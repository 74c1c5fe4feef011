//! Rules about shell scripts that call the `aws` command line.

use super::{code, code_calls, code_errors};
use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::facts::Facts;
use crate::lint::facts::api::{OPERATIONS, PAGED, snake};
use crate::lint::facts::shell::{Aws, Shell};
use crate::lint::read::shell::Word;
use crate::source::Span;

/// Everything about one script.
pub(in crate::lint) fn check(shell: &Shell<'_>, facts: &mut Facts) {
    let calls = shell.calls();
    let mut found: Vec<Finding> =
        calls.iter().filter(|call| call.service == "organizations").flat_map(|call| each(shell, call)).collect();
    found.extend(word_that_reads(shell, "AvailablePolicyTypes").map(|word| code::available(word.span)));
    found.extend(account_status(shell));
    found.extend(policy_ids(shell, &calls));
    found.extend(exit_code(shell, &calls));
    facts.findings.extend(found.into_iter().map(|finding| (shell.file, finding)));
}

/// Whether a word is a JSON object, or gives one to a variable: what stands in it is sent, not asked.
fn is_data(word: &Word) -> bool {
    let value = word.text.split_once('=').map_or(word.text.as_str(), |(_, value)| value);
    value.trim_start().starts_with('{')
}

fn word_with<'s>(shell: &'s Shell<'_>, part: &str) -> Option<&'s Word> {
    shell.commands.iter().flat_map(|command| &command.words).find(|word| word.text.contains(part) && !is_data(word))
}

/// A word in which `field` stands outside of the texts between double quotes: a query that reads it, not one that compares
/// with it.
fn word_that_reads<'s>(shell: &'s Shell<'_>, field: &str) -> Option<&'s Word> {
    let words = shell.commands.iter().flat_map(|command| &command.words).filter(|word| !is_data(word));
    words.into_iter().find(|word| outside_of_texts(&word.text).contains(field))
}

/// `text` without what stands between double quotes; a quote behind a backslash ends nothing.
fn outside_of_texts(text: &str) -> String {
    let (mut within, mut escaped) = (false, false);
    let outside = |character: &char| {
        let quote = *character == '"' && !escaped;
        escaped = *character == '\\' && !escaped;
        within ^= quote;
        !within && !quote
    };
    text.chars().filter(outside).collect()
}

fn has(shell: &Shell<'_>, parts: &[&str]) -> bool {
    parts.iter().any(|part| word_with(shell, part).is_some())
}

/// What stands between this command and the end of its pipe.
fn piped<'s>(shell: &'s Shell<'_>, number: usize) -> impl Iterator<Item = &'s crate::lint::read::shell::Command> {
    let mut goes_on = true;
    shell.commands.iter().skip(number).take_while(move |command| {
        let taken = goes_on;
        goes_on = command.then == "|";
        taken
    })
}

fn each(shell: &Shell<'_>, call: &Aws<'_>) -> Vec<Finding> {
    let operation = snake(&call.operation.text);
    let span = call.operation.span;
    if call.operation.text.starts_with(['$', '-']) || matches!(operation.as_str(), "help" | "wait") {
        return Vec::new();
    }
    if !OPERATIONS.contains(&operation.as_str()) {
        return vec![code_calls::unknown_call(span, &call.operation.text)];
    }
    let mut found = Vec::new();
    let cut = call.has("--no-paginate") || call.has("--max-items") || call.has("--max-results");
    let goes_on = has(shell, &["--starting-token", "--next-token", "NextToken"]);
    if cut && !goes_on && PAGED.contains(&operation.as_str()) {
        found.push(code::unpaged(span, &call.operation.text));
    }
    match operation.as_str() {
        "describe_effective_policy" => found.extend(effective(shell, call)),
        "create_policy" => {
            found.extend(creating(shell, call));
            found.extend(undescribed(call));
        }
        "enable_policy_type" => {
            found.extend(again(shell, call, &["AlreadyEnabled", "PolicyTypes"], "PolicyTypeAlreadyEnabledException"))
        }
        "attach_policy" => {
            let reads = ["DuplicatePolicyAttachment", "list-targets-for-policy", "list-policies-for-target"];
            found.extend(again(shell, call, &reads, "DuplicatePolicyAttachmentException"));
        }
        _ => {}
    }
    found
}

/// A call that fails the second time, unless its failure is dealt with, or what is there is read before.
fn again(shell: &Shell<'_>, call: &Aws<'_>, reads: &[&str], exception: &str) -> Option<Finding> {
    let handled = call.command.then == "||" || call.command.condition;
    (!handled && !has(shell, reads)).then(|| code_calls::repeated(call.operation.span, &call.operation.text, exception))
}

fn creating(shell: &Shell<'_>, call: &Aws<'_>) -> Option<Finding> {
    let ours = call.option("--type").is_none_or(|word| word.text.contains("AISERVICES") || word.text.starts_with('$'));
    if !ours {
        return None;
    }
    again(shell, call, &["DuplicatePolicyException", "list-policies"], "DuplicatePolicyException")
}

/// CreatePolicy without its description, unless it may come from somewhere else: an input, or words known only at run time.
fn undescribed(call: &Aws<'_>) -> Option<Finding> {
    let ours = call.option("--type").is_some_and(|word| word.text.contains("AISERVICES"));
    let given = ["--description", "--cli-input-json", "--cli-input-yaml", "--generate-cli-skeleton"];
    let is_given = given.iter().any(|name| call.has(name)) || call.has_open_words();
    (ours && !is_given).then(|| code_calls::undescribed(call.operation.span, "--description"))
}

fn effective(shell: &Shell<'_>, call: &Aws<'_>) -> Vec<Finding> {
    let span = call.operation.span;
    let mut found = Vec::new();
    if call.command.then == "||" {
        let next = shell.commands.get(call.number + 1).map_or("", |command| command.word(0));
        let second = shell.commands.get(call.number + 1).map_or("", |command| command.word(1)).to_lowercase();
        if matches!(next, "true" | ":") {
            found.push(code_errors::verdict(span, Severity::Medium, "an error is passed over"));
        } else if next == "echo" && ["compliant", "ok", "opted"].iter().any(|word| second.contains(word)) {
            found.push(code_errors::verdict(span, Severity::High, "an error counts as an answer"));
        }
    }
    let pipe: Vec<&Word> = piped(shell, call.number).flat_map(|command| &command.words).collect();
    if let Some(word) = pipe.iter().find(|word| word.text.contains("@@")) {
        found.push(code::operators(word.span));
    }
    let reads = has(shell, &["PolicyContent", "optOut", "optIn"]);
    let quiet = pipe.iter().any(|word| matches!(word.text.as_str(), "grep" | "jq"));
    if !reads && call.command.condition && !quiet {
        found.push(code::truthy(span));
    }
    let for_default = pipe.iter().skip_while(|word| word.text != "grep").find(|word| word.text.contains("default"));
    if let Some(word) = for_default.filter(|word| !word.text.contains("optOut") && !has(shell, &["optOut"])) {
        found.push(code::presence(word.span));
    }
    found.extend(tested(shell, call, reads));
    found
}

/// `[ -n "$(aws organizations describe-effective-policy …)" ]`.
fn tested(shell: &Shell<'_>, call: &Aws<'_>, reads: bool) -> Option<Finding> {
    let tests = shell.commands.iter().skip(call.number).any(|command| {
        let is_test = matches!(command.word(0), "[" | "[[" | "test");
        let variable = call.command.assigned.as_ref().map(|name| format!("${name}"));
        let braces = call.command.assigned.as_ref().map(|name| format!("${{{name}}}"));
        is_test
            && matches!(command.word(1), "-n" | "-z" | "!" | "$")
            && command.words.iter().any(|word| {
                word.text.contains("describe-effective-policy")
                    || Some(&word.text) == variable.as_ref()
                    || Some(&word.text) == braces.as_ref()
            })
    });
    (tests && !reads).then(|| code::truthy(call.operation.span))
}

fn account_status(shell: &Shell<'_>) -> Option<Finding> {
    let squeezed = |word: &Word| word.text.replace([' ', '`', '\'', '"', '\\'], "");
    let asks = |word: &&Word| {
        let text = squeezed(word);
        ["Status==ACTIVE", "Status!=ACTIVE", "Status==SUSPENDED", ".Status==ACTIVE"]
            .iter()
            .any(|part| text.contains(part))
            && !text.contains("State==")
    };
    let word = shell.commands.iter().flat_map(|command| &command.words).find(asks)?;
    Some(code::status(word.span))
}

/// `--query Policy.PolicyId`, or the same in jq.
fn policy_ids(shell: &Shell<'_>, calls: &[Aws<'_>]) -> Vec<Finding> {
    let creating = calls.iter().filter(|call| call.is("create-policy"));
    let words = creating.flat_map(|call| piped(shell, call.number).flat_map(|command| &command.words));
    let wrong = |word: &&Word| {
        let text = word.text.as_str();
        ["Policy.PolicyId", "Policy.Id"].into_iter().find(|part| text.trim_start_matches('.').starts_with(part))
    };
    words
        .filter_map(|word| {
            wrong(&word)
                .map(|part| code_calls::policy_id(word.span, part.to_owned(), "Policy.PolicySummary.Id".to_owned()))
        })
        .collect()
}

/// A check that ends with `exit 0`, and nowhere else.
fn exit_code(shell: &Shell<'_>, calls: &[Aws<'_>]) -> Option<Finding> {
    calls.iter().find(|call| call.is("describe-effective-policy"))?;
    let exits = || shell.commands.iter().filter(|command| matches!(command.word(0), "exit" | "return"));
    let last = shell.commands.last().filter(|command| command.word(0) == "exit" && command.word(1) == "0")?;
    let fails = exits().any(|command| command.word(1) != "0") || has_strict_mode(shell);
    let span: Span = last.span();
    (!fails).then(|| code_calls::unfailing(span))
}

fn has_strict_mode(shell: &Shell<'_>) -> bool {
    shell.commands.iter().any(|command| {
        command.word(0) == "set"
            && command.words.iter().any(|word| word.text.starts_with('-') && word.text.contains('e'))
    })
}

#[cfg(test)]
mod tests {
    use super::outside_of_texts;

    #[test]
    fn what_is_compared_with_is_not_read() {
        assert_eq!(
            outside_of_texts(r#"Organization.AvailablePolicyTypes[?Type==`"x"`]"#),
            "Organization.AvailablePolicyTypes[?Type==``]"
        );
        assert_eq!(outside_of_texts(r#"{"a":"say \"AvailablePolicyTypes\" so"}.b"#), "{:}.b");
        assert_eq!(outside_of_texts(r#"\"a"b"#), r#"\"a"#);
    }
}
