//! One document: whether AWS would accept it, and everything worth saying about it with its place.

use super::rules;
use crate::catalogue::Catalogue;
use crate::check::{Severity, admit};
use crate::policy::{AI_OPT_OUT_LIMIT, Json};
use crate::source::{LineIndex, Position, Problem, Rejected, Source, Span};

/// The largest document that is read as one, in bytes. AWS's limit is 2,500 characters, four bytes each at most.
pub const MOST_BYTES: usize = 256 * 1024;

/// More findings about one document than this help nobody.
const MOST_FINDINGS: usize = 100;

/// What was found of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The document; its name is the path.
    pub source: Source,
    /// Whether CreatePolicy would accept it, as far as the catalogue knows the services.
    pub admissible: bool,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule: the code of an admission problem, or the id of one of [`rules::ALL`].
    pub rule: &'static str,
    /// How grave it is. What makes a document inadmissible is `high`.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Checked {
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
    let admission = admit(catalogue, &source.text);
    let findings = match &admission.json {
        Some(json) if admission.admissible() => advice(json, &source.text),
        _ => admission.problems.iter().map(inadmissible).collect(),
    };
    Checked { source: source.clone(), admissible: admission.admissible(), findings: bounded(findings) }
}

/// The result for bytes that are no text.
#[must_use]
pub fn refused(rejected: &Rejected) -> Checked {
    let findings = rejected.problems.iter().map(inadmissible).collect();
    Checked { source: rejected.source.clone(), admissible: false, findings: bounded(findings) }
}

/// The result for a document far over AWS's limit, which is not read: `bytes` is its size.
#[must_use]
pub fn too_large(name: &str, bytes: u64) -> Checked {
    let message =
        format!("the document has {bytes} bytes, far more than the {AI_OPT_OUT_LIMIT} characters that AWS allows");
    let problem = Problem::new("policy-too-long", message).at(Span::new(0, 0));
    let problem = problem.help("is this the right file? An opt-out policy is a few hundred characters long");
    Checked { source: Source::new(name, ""), admissible: false, findings: vec![inadmissible(&problem)] }
}

fn inadmissible(problem: &Problem) -> Finding {
    Finding {
        rule: problem.code,
        severity: Severity::High,
        span: problem.span.unwrap_or_default(),
        message: problem.message.clone(),
        help: problem.help.clone(),
    }
}

fn advice(json: &Json, text: &str) -> Vec<Finding> {
    let policy = rules::Policy::new(json, text);
    let mut findings: Vec<Finding> =
        rules::ALL.iter().flat_map(|rule| (rule.check)(&policy).into_iter().map(|advice| advice.of(rule))).collect();
    findings.sort_by_key(|finding| (finding.span, std::cmp::Reverse(finding.severity)));
    findings
}

fn bounded(mut findings: Vec<Finding>) -> Vec<Finding> {
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
