//! What of a bundle fits together, and what does not.
//!
//! A bundle whose sums fit says only that it is whole: whoever can change a file can change its sum. A signature, or sums
//! that somebody kept elsewhere, say that it is still the one that was made. That AWS gave these answers, nothing in a
//! bundle can prove.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::sums::is_summed;
use super::{Files, Manifest, file, read_sums};
use crate::check::Decision;
use crate::evidence::{Exchange, Hash};
use crate::org::{self, Answer, AnswerContent, Snapshot};
use crate::source::{Source, shown};

/// How many differences are named.
const NAMED: usize = 5;

/// The newest form of what a check found.
pub const CHECK_FORMAT: &str = "optout.bundle-check/1";

/// What was found of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Checked {
    /// Always `optout.bundle-check/1`.
    format: &'static str,
    /// The bundle, as it was named.
    pub bundle: String,
    /// Everything that was checked.
    pub checks: Vec<Check>,
}

impl Checked {
    /// What was found of the bundle of this name.
    #[must_use]
    pub fn new(bundle: &str, checks: Vec<Check>) -> Self {
        Self { format: CHECK_FORMAT, bundle: bundle.to_owned(), checks }
    }

    /// Fails where anything does not fit; is undetermined where anything could not be said.
    #[must_use]
    pub fn decision(&self) -> Decision {
        let any = |is: fn(&Outcome) -> bool| self.checks.iter().any(|check| is(&check.outcome));
        if any(|outcome| matches!(outcome, Outcome::Fails(_))) {
            Decision::Fails
        } else if any(|outcome| matches!(outcome, Outcome::Open(_))) {
            Decision::Undetermined
        } else {
            Decision::Holds
        }
    }
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Check {
    /// What, in a few words.
    pub what: &'static str,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "outcome", content = "details", rename_all = "lowercase")]
pub enum Outcome {
    /// It is so: what was looked at.
    Holds(String),
    /// It is not so: what differs.
    Fails(Vec<String>),
    /// It cannot be said: why.
    Open(String),
}

impl Outcome {
    /// Holds where nothing differs.
    fn of(mut differences: Vec<String>, holds: String) -> Self {
        let more = differences.len().saturating_sub(NAMED);
        differences.truncate(NAMED);
        if more > 0 {
            differences.push(format!("and {more} more"));
        }
        if differences.is_empty() { Self::Holds(holds) } else { Self::Fails(differences) }
    }
}

/// Checks the files against each other: the sums, the manifest, the snapshot against AWS's answers.
#[must_use]
pub fn check(files: &Files) -> Vec<Check> {
    vec![
        Check { what: "every file is as its sum says", outcome: check_sums(files) },
        Check { what: "the manifest names the files that are there", outcome: check_manifest(files) },
        Check { what: "the snapshot holds what AWS answered", outcome: check_answers(files) },
    ]
}

/// Compares two reports of one form: what was found, not where it was read from or by which version.
#[must_use]
pub fn same_findings(bundled: &str, again: &str) -> Outcome {
    let (Ok(bundled), Ok(again)) = (serde_json::from_str::<Value>(bundled), serde_json::from_str::<Value>(again))
    else {
        return Outcome::Fails(vec![format!("`{}` is not JSON", file::REPORT)]);
    };
    let parts = ["verdict", "decision", "scope", "organization", "summary", "accounts", "findings", "unknowns"];
    let differs = parts.into_iter().filter(|part| bundled.get(part) != again.get(part));
    Outcome::of(
        differs.map(|part| format!("`{part}` follows otherwise from the snapshot")).collect(),
        "the same verdicts, findings and unknowns follow from the snapshot and the intent".to_owned(),
    )
}

fn text<'a>(files: &'a Files, name: &str) -> Result<&'a str, Outcome> {
    let bytes = files.get(name).ok_or_else(|| Outcome::Fails(vec![format!("`{name}` is missing")]))?;
    std::str::from_utf8(bytes).map_err(|_| Outcome::Fails(vec![format!("`{name}` is not text in UTF-8")]))
}

fn check_sums(files: &Files) -> Outcome {
    let listed = match text(files, file::SUMS).map(read_sums) {
        Ok(Ok(listed)) => listed,
        Ok(Err(error)) => return Outcome::Fails(vec![format!("`{}`: {error}", file::SUMS)]),
        Err(outcome) => return outcome,
    };
    let mut differences: Vec<String> = Vec::new();
    for (name, sum_listed) in &listed {
        match files.get(name) {
            None => differences.push(format!("`{}` is missing", shown(name))),
            Some(content) if Hash::of_bytes(content).to_string() != *sum_listed => {
                differences.push(format!("`{}` was changed", shown(name)))
            }
            Some(_) => {}
        }
    }
    let unlisted = files.keys().filter(|name| is_summed(name) && !listed.contains_key(*name));
    differences.extend(unlisted.map(|name| format!("`{}` was added: it has no sum", shown(name))));
    Outcome::of(differences, format!("{} files", listed.len()))
}

fn check_manifest(files: &Files) -> Outcome {
    let manifest = match text(files, file::MANIFEST).map(Manifest::read) {
        Ok(Ok(manifest)) => manifest,
        Ok(Err(why)) => return Outcome::Fails(vec![format!("`{}`: {}", file::MANIFEST, shown(&why))]),
        Err(outcome) => return outcome,
    };
    let own = [file::README, file::MANIFEST, file::SUMS, file::SIGNATURE];
    let named: BTreeSet<&str> = manifest.files.iter().map(|it| it.name.as_str()).chain(own).collect();
    let missing = manifest.files.iter().filter(|it| !files.contains_key(&it.name));
    let missing = missing.map(|it| format!("`{}` is missing", shown(&it.name)));
    let added = files.keys().filter(|name| !named.contains(name.as_str()));
    let added = added.map(|name| format!("`{}` is not named in it", shown(name)));
    Outcome::of(missing.chain(added).collect(), format!("made {} by optout {}", manifest.made, manifest.tool_version))
}

fn check_answers(files: &Files) -> Outcome {
    if !files.contains_key(file::ANSWERS) {
        return Outcome::Open("the organization came from a file: AWS's answers are not in this bundle".to_owned());
    }
    let (answers, snapshot) = match (text(files, file::ANSWERS), text(files, file::SNAPSHOT)) {
        (Ok(answers), Ok(snapshot)) => (answers, snapshot),
        (Err(outcome), _) | (_, Err(outcome)) => return outcome,
    };
    let snapshot = match org::read(&Source::new(file::SNAPSHOT, snapshot)) {
        Ok(snapshot) => snapshot,
        Err(rejected) => return Outcome::Fails(vec![rejected.to_string()]),
    };
    let own = snapshot.caller.as_ref().map(|caller| caller.account.to_string());
    match effective_answers(answers, own.as_deref()) {
        Ok(answered) => compare(&snapshot, &answered),
        Err(line) => Outcome::Fails(vec![format!("`{}`: line {line} is not a call", file::ANSWERS)]),
    }
}

/// AWS's last answer for each target that was asked for: the document, or `None` where it has none.
///
/// # Errors
/// The number of the first line that is no call.
fn effective_answers(lines: &str, own: Option<&str>) -> Result<BTreeMap<String, Option<String>>, usize> {
    let mut found = BTreeMap::new();
    for (number, line) in lines.lines().enumerate() {
        let exchange: Exchange = serde_json::from_str(line).map_err(|_| number + 1)?;
        if exchange.operation == "DescribeEffectivePolicy" {
            found.extend(effective_answer(&exchange, own));
        }
    }
    Ok(found)
}

/// For whom an answer is, and the document. Who asks for its own account need not name it: `own` is that one.
fn effective_answer(exchange: &Exchange, own: Option<&str>) -> Option<(String, Option<String>)> {
    let request: Value = serde_json::from_str(&exchange.request).ok()?;
    let answer: Value = serde_json::from_str(&exchange.answer).ok()?;
    let asked = request.get("TargetId").and_then(Value::as_str).or(own);
    match exchange.status {
        Some(200) => {
            let policy = answer.get("EffectivePolicy")?;
            let target = policy.get("TargetId").and_then(Value::as_str).or(asked)?;
            Some((target.to_owned(), Some(policy.get("PolicyContent")?.as_str()?.to_owned())))
        }
        Some(_) => {
            let code = answer.get("__type")?.as_str()?;
            code.ends_with("EffectivePolicyNotFoundException").then_some((asked?.to_owned(), None))
        }
        None => None,
    }
}

fn compare(snapshot: &Snapshot, answered: &BTreeMap<String, Option<String>>) -> Outcome {
    let held: BTreeMap<String, Option<&str>> =
        snapshot.answers.iter().map(|(account, answer)| (account.to_string(), document(answer))).collect();
    let mut differences = Vec::new();
    for (account, held) in &held {
        match answered.get(account) {
            None => differences.push(format!("{account}: the snapshot has an answer that AWS did not give")),
            Some(answer) if answer.as_deref() != *held => {
                differences.push(format!("{account}: the snapshot has another answer than AWS gave"));
            }
            Some(_) => {}
        }
    }
    let unheld = answered.keys().filter(|target| !held.contains_key(*target));
    differences.extend(unheld.map(|target| format!("{}: AWS's answer is not in the snapshot", shown(target))));
    Outcome::of(differences, format!("{} answers of DescribeEffectivePolicy", held.len()))
}

fn document(answer: &Answer) -> Option<&str> {
    match &answer.content {
        AnswerContent::Document(text) => Some(text),
        AnswerContent::NotFound => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Checked;

    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("bundle-check-1.json", &crate::published::written::<Checked>());
    }
}
