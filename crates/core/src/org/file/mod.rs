//! The file form of a snapshot: versioned JSON, one module a version.
//!
//! Reading looks at `format` first: an older version is read by its own module for ever, a newer one is refused with
//! the version that is needed. Writing always uses the newest.

mod check;
mod v1;

use crate::source::{Problem, Rejected, Source, Span, json_problem};

use super::Snapshot;

/// The newest form, the one that [`write()`] uses.
pub const FORMAT: &str = "optout.snapshot/1";

const FAMILY: &str = "optout.snapshot/";

/// Reads a snapshot.
///
/// # Errors
/// Everything that is wrong with the text, each with line and column: not JSON, not a snapshot, a version this program
/// does not know, wrong ids, accounts or units that are listed twice or whose parent is missing.
pub fn read(source: &Source) -> Result<Snapshot, Rejected> {
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let wrong = |error| reject(source, not_json(&source.text, &error));
    let format = peek_format(text).map_err(wrong)?.ok_or_else(|| reject(source, no_format()))?;
    let snapshot = match format.as_str() {
        FORMAT => v1::parse(text).map_err(wrong)?,
        other => return Err(reject(source, unknown_format(&source.text, other))),
    };
    let problems = check::problems(&snapshot, &source.text);
    if problems.is_empty() { Ok(snapshot) } else { Err(Rejected::new(source.clone(), problems)) }
}

/// Writes a snapshot in the newest form: pretty-printed JSON, equal bytes for equal snapshots.
#[must_use]
pub fn write(snapshot: &Snapshot) -> String {
    v1::print(snapshot)
}

/// The value that [`write()`] prints.
pub(crate) fn to_value(snapshot: &Snapshot) -> serde_json::Value {
    v1::to_value(snapshot)
}

fn reject(source: &Source, problem: Problem) -> Rejected {
    Rejected::new(source.clone(), vec![problem])
}

#[derive(serde::Deserialize)]
struct Format {
    format: Option<String>,
}

fn peek_format(text: &str) -> Result<Option<String>, serde_json::Error> {
    serde_json::from_str(text).map(|Format { format }| format)
}

fn no_format() -> Problem {
    Problem::new("snapshot-format", "the text has no `format`: it is not a snapshot of an organization")
        .help(format!("expected a JSON object with `\"format\": \"{FORMAT}\"`, as `optout snapshot` writes it"))
        .at(Span::new(0, 0))
}

fn unknown_format(text: &str, format: &str) -> Problem {
    let at = text.find(format).map_or(Span::new(0, 0), |at| Span::new(at, at + format.len()));
    let newer = format.strip_prefix(FAMILY).is_some_and(|version| version.parse::<u32>().is_ok_and(|it| it > 1));
    let problem = if newer {
        Problem::new("snapshot-newer", format!("this snapshot has the form `{format}`, newer than this program knows"))
            .help(format!("update optout, or write the snapshot again with this version, which writes `{FORMAT}`"))
    } else {
        Problem::new("snapshot-format", format!("`{format}` is not a form of a snapshot"))
            .help(format!("expected `{FORMAT}`"))
    };
    problem.at(at)
}

fn not_json(text: &str, error: &serde_json::Error) -> Problem {
    json_problem("snapshot-json", text, error).help("expected the form in docs/schemas/snapshot-1.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = include_str!("../../../tests/data/snapshot-1.json");

    /// The whole file with service control policies.
    const CONTROLS: &str = r#"WHOLE, "service_control_policies": [
        {"policy": {"id": "p-regions01", "name": "regions", "type": "SERVICE_CONTROL_POLICY", "content": "{}"},
         "targets": ["r-acme"]},
        {"policy": {"id": "p-FullAWSAccess", "name": "FullAWSAccess", "type": "SERVICE_CONTROL_POLICY",
         "aws_managed": true}}]}"#;

    fn rejection(text: &str) -> String {
        read(&Source::new("s.json", text)).unwrap_err().to_string()
    }

    #[test]
    fn a_file_of_version_1_is_read_and_written_back_the_same() {
        let snapshot = read(&Source::new("s.json", WHOLE)).unwrap();
        assert_eq!(write(&snapshot), WHOLE);
    }

    #[test]
    fn what_only_advice_needs_is_written_where_it_was_read() {
        let mut snapshot = read(&Source::new("s.json", WHOLE)).unwrap();
        assert!(!write(&snapshot).contains("trusted_services"));
        snapshot.trusted_services = Some(vec!["controltower.amazonaws.com".to_owned()]);
        snapshot.control_policies = Some(Vec::new());
        assert_eq!(read(&Source::new("s.json", write(&snapshot))).unwrap(), snapshot);
    }

    #[test]
    fn service_control_policies_are_read_and_written_back_and_their_absence_stays_absence() {
        let plain = read(&Source::new("s.json", WHOLE)).unwrap();
        assert_eq!(plain.service_control_policies, None);
        let text = CONTROLS.replace("WHOLE", WHOLE.trim_end().trim_end_matches('}').trim_end());
        let snapshot = read(&Source::new("s.json", text)).unwrap();
        let policies = snapshot.service_control_policies.clone().unwrap();
        let ids: Vec<&str> = policies.iter().map(|it| it.policy.id.as_str()).collect();
        assert_eq!(ids, ["p-FullAWSAccess", "p-regions01"], "ordered by id");
        assert_eq!(policies.iter().map(|it| it.targets.as_ref().map(Vec::len)).collect::<Vec<_>>(), [None, Some(1)]);
        let again = read(&Source::new("s.json", write(&snapshot))).unwrap();
        assert_eq!(again, snapshot);
    }

    #[test]
    fn a_service_control_policy_that_is_listed_twice_is_refused() {
        let text = CONTROLS.replace("WHOLE", WHOLE.trim_end().trim_end_matches('}').trim_end());
        assert!(rejection(&text.replace("p-FullAWSAccess", "p-regions01")).contains("`p-regions01` is listed twice"));
    }

    #[test]
    fn a_newer_version_is_refused_with_the_version_it_needs() {
        let text = WHOLE.replace("optout.snapshot/1", "optout.snapshot/7");
        let message = rejection(&text);
        assert!(message.starts_with("s.json:2:14: this snapshot has the form `optout.snapshot/7`, newer"), "{message}");
    }

    #[test]
    fn other_json_is_not_taken_for_a_snapshot() {
        assert!(rejection("{}").contains("no `format`"));
        assert!(rejection("{\"format\": \"optout.report/1\"}").contains("is not a form of a snapshot"));
    }

    #[test]
    fn wrong_values_are_named_with_line_and_column() {
        let text = WHOLE.replace("\"111111111111\",\n      \"name\": \"Acme", "\"1111\",\n      \"name\": \"Acme");
        assert_ne!(text, WHOLE);
        let message = rejection(&text);
        assert!(message.contains("`1111` is not an account id (twelve digits)"), "{message}");
        let line = text.lines().position(|line| line.contains("\"id\": \"1111\"")).unwrap() + 1;
        assert!(message.starts_with(&format!("s.json:{line}:")), "{message}");
    }

    #[test]
    fn truncated_and_deeply_nested_texts_are_refused_not_fatal() {
        assert!(rejection(WHOLE.get(..WHOLE.len() / 2).unwrap()).contains("EOF"));
        assert!(rejection(&"[".repeat(1_000_000)).starts_with("s.json:1:"));
    }

    #[test]
    fn of_very_many_problems_the_first_are_told() {
        let unit = |number: usize| format!(r#"{{"id": "ou-acme-{:08}", "name": "u", "parent": "r-acme"}}"#, number / 2);
        let units: Vec<String> = (0..2_000).map(unit).collect();
        let text = WHOLE.replace("\"units\": [", &format!("\"units\": [{},", units.join(",")));
        let rejected = read(&Source::new("s.json", text)).unwrap_err();
        assert_eq!(rejected.problems.len(), 101);
        let [.., first, last] = rejected.problems.as_slice() else { panic!("{rejected}") };
        assert_eq!((first.code, last.code), ("snapshot-duplicate", "more-problems"));
        assert_eq!(last.message, "900 more problems of these kinds in this file");
    }

    #[test]
    fn units_inside_themselves_and_missing_parents_are_found() {
        let circle = WHOLE.replace(
            "\"parent\": \"r-acme\"\n    },\n    {\n      \"id\": \"ou-acme-12345679\"",
            "\"parent\": \"ou-acme-12345679\"\n    },\n    {\n      \"id\": \"ou-acme-12345679\"",
        );
        assert_ne!(circle, WHOLE);
        assert!(rejection(&circle).contains("is inside itself"), "{}", rejection(&circle));
        let orphan = WHOLE.replace("\"parent\": \"ou-acme-12345678\"", "\"parent\": \"ou-acme-99999999\"");
        assert!(rejection(&orphan).contains("which the snapshot does not list"));
        assert_eq!(rejection(&format!("\u{feff}{orphan}")), rejection(&orphan), "a mark moves no place in later lines");
    }
}
