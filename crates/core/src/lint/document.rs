//! One document: whether AWS would accept it, and everything worth saying about it with its place.

use super::beside::Around;
use super::facts::Style;
use super::finding::Finding;
use super::fix::Seed;
use super::kind::Kind;
use super::rules;
use super::suppress::Suppressed;
use crate::catalogue::Catalogue;
use crate::check::{Severity, admit, admit_value};
use crate::policy::{AI_OPT_OUT_LIMIT, Json, Member};
use crate::source::{LineIndex, Position, Problem, Rejected, Source, Span};

/// The largest document that is read as one, in bytes. AWS's limit is 2,500 characters, four bytes each at most.
pub const MOST_BYTES: usize = 256 * 1024;

/// More findings about one document than this help nobody.
const MOST_FINDINGS: usize = 100;

/// What was found of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The file; its name is the path.
    pub source: Source,
    /// What it is.
    pub kind: Kind,
    /// Whether CreatePolicy would accept every policy in it, as far as the catalogue knows the services.
    pub admissible: bool,
    /// How many policies were found in it.
    pub policies: usize,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
    /// What was found, and is suppressed by a comment with its reason.
    pub suppressed: Vec<Suppressed>,
}

impl Checked {
    /// A file in which nothing was found.
    pub(super) const fn nothing(source: Source, kind: Kind) -> Self {
        Self { source, kind, admissible: true, policies: 0, findings: Vec::new(), suppressed: Vec::new() }
    }

    /// Whether it is inadmissible, or a finding is at or above `line`.
    #[must_use]
    pub fn fails(&self, line: Severity) -> bool {
        !self.admissible || self.findings.iter().any(|finding| finding.severity >= line)
    }

    /// The look-up of places in this document.
    #[must_use]
    pub fn lines(&self) -> Lines<'_> {
        Lines { source: &self.source, index: LineIndex::new(&self.source.text) }
    }
}

/// Places of one document.
#[derive(Debug)]
pub struct Lines<'a> {
    source: &'a Source,
    index: LineIndex,
}

impl Lines<'_> {
    /// Line and column of a finding.
    #[must_use]
    pub fn position(&self, finding: &Finding) -> Position {
        self.index.position(&self.source.text, finding.span.start)
    }

    /// Line and column of the end of a finding.
    #[must_use]
    pub fn end(&self, finding: &Finding) -> Position {
        self.at(finding.span.end.max(finding.span.start))
    }

    /// Line and column of a byte.
    #[must_use]
    pub fn at(&self, offset: usize) -> Position {
        self.index.position(&self.source.text, offset)
    }

    /// A finding's place with its line of text and a mark.
    #[must_use]
    pub fn excerpt(&self, finding: &Finding) -> String {
        crate::source::excerpt(self.source, &self.index, finding.span)
    }
}

/// Judges a document.
#[must_use]
pub fn lint(source: &Source, catalogue: &Catalogue) -> Checked {
    if source.text.len() > MOST_BYTES {
        return too_large(&source.name, source.text.len() as u64);
    }
    let (admissible, mut findings) = judge_text(&source.text, &Around::default(), catalogue);
    findings.iter_mut().for_each(|finding| finding.make_edits(&source.text, Style::Json));
    Checked { admissible, findings: bounded(findings), ..Checked::nothing(source.clone(), Kind::Document) }
}

/// Judges a text: whether it is admissible, and what was found, with places in this text.
pub(super) fn judge_text(text: &str, around: &Around, catalogue: &Catalogue) -> (bool, Vec<Finding>) {
    let admission = admit(catalogue, text);
    let findings = match &admission.json {
        Some(json) if admission.admissible() => advice(json, crate::policy::characters(text), around),
        json => {
            let known = json.as_ref();
            let problems = admission.problems.iter().map(|problem| seeded(problem, known));
            known.and_then(iam).into_iter().chain(problems).collect()
        }
    };
    (admission.admissible(), findings)
}

/// Judges a value that is sent with so many characters.
pub(super) fn judge_value(
    json: &Json,
    characters: usize,
    around: &Around,
    catalogue: &Catalogue,
) -> (bool, Vec<Finding>) {
    let problems = admit_value(catalogue, json, characters);
    let findings = match problems.as_slice() {
        [] => advice(json, characters, around),
        problems => iam(json).into_iter().chain(problems.iter().map(|problem| seeded(problem, Some(json)))).collect(),
    };
    (problems.is_empty(), findings)
}

/// The result for bytes that are no text.
#[must_use]
pub fn refused(rejected: &Rejected) -> Checked {
    let findings = rejected.problems.iter().map(inadmissible).collect();
    let nothing = Checked::nothing(rejected.source.clone(), Kind::Document);
    Checked { admissible: false, findings: bounded(findings), ..nothing }
}

/// The result for a document far over AWS's limit, which is not read: `bytes` is its size.
#[must_use]
pub fn too_large(name: &str, bytes: u64) -> Checked {
    let message =
        format!("the document has {bytes} bytes, far more than the {AI_OPT_OUT_LIMIT} characters that AWS allows");
    let problem = Problem::new("policy-too-long", message).at(Span::new(0, 0));
    let problem = problem.help("is this the right file? An opt-out policy is a few hundred characters long");
    let nothing = Checked::nothing(Source::new(name, ""), Kind::Document);
    Checked { admissible: false, findings: vec![inadmissible(&problem)], ..nothing }
}

pub(super) fn inadmissible(problem: &Problem) -> Finding {
    let span = problem.span.unwrap_or_default();
    Finding {
        help: problem.help.clone(),
        ..Finding::new(problem.code, Severity::High, span, problem.message.clone(), "")
    }
}

/// A document in the language of IAM, said once and plainly.
fn iam(json: &Json) -> Option<Finding> {
    let statement = json.as_object()?.iter().find(|member| member.key == "Statement")?;
    let message = "the document is written in the language of IAM and service control policies, which control access, not the use of content";
    let help =
        "write an opt-out policy, `{\"services\": {\"default\": …}}`, under the type `AISERVICES_OPT_OUT_POLICY`";
    Some(Finding::new("policy-is-iam", Severity::High, statement.key_span, message, help))
}

/// The finding of an admission problem, with its fix where that is certain.
fn seeded(problem: &Problem, json: Option<&Json>) -> Finding {
    let finding = inadmissible(problem);
    let span = finding.span;
    let seed = match problem.code {
        "json-comment" | "json-trailing-comma" => Some(Seed::Remove(span)),
        "policy-bare-value" => {
            json.and_then(|json| string_at(json, span)).and_then(setting).map(|value| Seed::Assign { span, value })
        }
        "policy-value" => json
            .and_then(|json| string_at(json, span))
            .and_then(|from| Some(Seed::Word { span, from: from.to_owned(), to: setting(from)?.to_owned() })),
        "policy-unknown-service" | "policy-unknown-key" => json.and_then(|json| key_at(json, span)).and_then(|from| {
            let right = ["services", "default"].into_iter().find(|right| right.eq_ignore_ascii_case(from))?;
            Some(Seed::Word { span, from: from.to_owned(), to: right.to_owned() })
        }),
        _ => None,
    };
    Finding { seed, ..finding }
}

/// The value that a misspelt one means.
fn setting(text: &str) -> Option<&'static str> {
    let squeezed: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    ["optOut", "optIn"].into_iter().find(|value| value.eq_ignore_ascii_case(&squeezed))
}

fn string_at(json: &Json, span: Span) -> Option<&str> {
    if json.span == span
        && let Some(text) = json.as_str()
    {
        return Some(text);
    }
    members(json).find_map(|member| string_at(&member.value, span))
}

fn key_at(json: &Json, span: Span) -> Option<&str> {
    members(json).find_map(|member| {
        if member.key_span == span { Some(member.key.as_str()) } else { key_at(&member.value, span) }
    })
}

fn members(json: &Json) -> impl Iterator<Item = &Member> {
    json.as_object().unwrap_or_default().iter()
}

fn advice(json: &Json, characters: usize, around: &Around) -> Vec<Finding> {
    let policy = rules::Policy::new(json, characters, around);
    let mut findings: Vec<Finding> =
        rules::ALL.iter().flat_map(|rule| (rule.check)(&policy).into_iter().map(|advice| advice.of(rule))).collect();
    findings.sort_by_key(|finding| (finding.span, std::cmp::Reverse(finding.severity)));
    findings
}

pub(super) fn bounded(mut findings: Vec<Finding>) -> Vec<Finding> {
    let more = findings.len().saturating_sub(MOST_FINDINGS);
    if more > 0 {
        findings.truncate(MOST_FINDINGS);
        let last = findings.last().map(|finding| finding.span).unwrap_or_default();
        let message = format!("{more} more findings in this document");
        findings.push(inadmissible(&Problem::new("more-problems", message).at(last)));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules_of(text: &str) -> Vec<String> {
        let checked = lint(&Source::new("p.json", text), Catalogue::embedded());
        let line = |finding: &Finding| format!("{} {}", finding.severity, finding.rule);
        checked.findings.iter().map(line).collect()
    }

    const FULL: &str = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{
        "@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{
        "@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;

    #[test]
    fn a_locked_opt_out_of_everything_has_no_finding() {
        assert_eq!(rules_of(FULL), Vec::<String>::new());
    }

    #[test]
    fn each_missing_lock_is_named() {
        let text = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
        assert_eq!(rules_of(text), ["medium no-services-lock", "low no-default-lock", "medium no-setting-lock"]);
    }

    #[test]
    fn a_lock_that_still_allows_assigning_is_none() {
        let open = FULL.replace("[\"@@none\"],\"@@assign\"", "[\"@@assign\"],\"@@assign\"");
        assert_eq!(rules_of(&open), ["medium no-setting-lock"]);
        let half = FULL.replacen("[\"@@none\"]", "[\"@@remove\"]", 1);
        assert_eq!(rules_of(&half), Vec::<String>::new());
    }

    #[test]
    fn opt_ins_and_repetitions_are_named() {
        let add = |more: &str| FULL.replace("\"default\":", &format!("{more},\"default\":"));
        let lex = |value: &str| {
            add(&format!(
                r#""lex":{{"opt_out_policy":{{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"{value}"}}}}"#
            ))
        };
        assert_eq!(rules_of(&lex("optIn")), ["medium service-opted-in"]);
        assert_eq!(rules_of(&lex("optOut")), ["info redundant-service"]);
        assert_eq!(rules_of(&FULL.replace("optOut", "optIn")), ["high default-opted-in"]);
    }

    #[test]
    fn a_document_without_default_is_named_once() {
        let text = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;
        assert_eq!(rules_of(text), ["medium no-default", "info service-opted-in"]);
    }

    #[test]
    fn an_inadmissible_document_gets_only_what_aws_would_refuse() {
        let text = r#"{"services":{"lexx":{"opt_out_policy":"optOut"}}}"#;
        assert_eq!(rules_of(text), ["high policy-unknown-service", "high policy-bare-value"]);
    }

    #[test]
    fn a_document_near_the_limit_is_told() {
        let padded = format!("{FULL}{}", " ".repeat(AI_OPT_OUT_LIMIT - FULL.len() - 10));
        assert_eq!(rules_of(&padded), ["info policy-nearly-full"]);
        assert_eq!(rules_of(&format!("{padded}{}", " ".repeat(11))), ["high policy-too-long"]);
    }

    #[test]
    fn many_problems_are_bounded_and_a_huge_text_is_not_read() {
        let many: String = (0..5_000).map(|at| format!("\"k{at}\":1,")).collect();
        let found = rules_of(&format!("{{{many}\"x\":1}}"));
        assert_eq!((found.len(), found.last().map(String::as_str)), (101, Some("high more-problems")));
        assert_eq!(rules_of(&"[".repeat(10_000_000)), ["high policy-too-long"]);
    }
}
