//! `optout.toml`: text → [`Intent`], the one place where its rules are checked.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::policy::{default_policy, policy};
use super::{Attestation, Choice, ControlOff, Exception, Guard, Intent, Known, Lock, TargetName};
use crate::org::OrganizationId;
use crate::source::{Fields, Found, Problem, Rejected, Source, Span, read_toml};

/// The day this policy type was first offered; an end before it is a slip of the pen.
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/document-history.html>, read 2026-11-23.
const FIRST_DAY: Date = Date::constant(2020, 7, 8);

impl Intent {
    /// Reads `optout.toml`.
    ///
    /// # Errors
    /// Everything that is wrong with the text, each with line and column: no TOML, unknown keys and names (with the
    /// known one they resemble), wrong types, blank reasons, ids that are none, ends before beginnings, what is said
    /// twice.
    pub fn parse(source: &Source, known: &Known<'_>) -> Result<Self, Rejected> {
        read_toml(source, |fields| read(source, fields, known))
    }
}

fn read(source: &Source, fields: &mut Fields<'_>, known: &Known<'_>) -> Option<Intent> {
    let organization = organization(fields);
    let lock = fields.optional_word("lock", Lock::WORDS).unwrap_or(Lock::Full);
    let guard = fields.optional_word("guard", Guard::WORDS).unwrap_or(Guard::All);
    let policy = fields.optional_table("policy").map_or_else(default_policy, policy);
    let exceptions: Vec<_> =
        fields.tables("exceptions").into_iter().filter_map(|table| exception(table, known)).collect();
    let attestations: Vec<_> =
        fields.tables("attestations").into_iter().filter_map(|table| attestation(table, known)).collect();
    let controls_off: Vec<_> =
        fields.tables("disabled-controls").into_iter().filter_map(|table| control_off(table, known)).collect();
    let (record_evidence, evidence_store) = fields.optional_table("evidence").map_or((false, None), evidence);
    fields.finish();
    twice(fields, exceptions.iter().map(|it| (it.span, format!("`{}` at `{}`", it.service, it.target.value))));
    twice(fields, controls_off.iter().map(|it| (it.span, format!("the control `{}`", it.control))));
    let organization = organization?;
    let source = source.clone();
    Some(Intent {
        source,
        organization,
        policy,
        lock,
        guard,
        exceptions,
        attestations,
        controls_off,
        record_evidence,
        evidence_store,
    })
}

fn organization(fields: &mut Fields<'_>) -> Option<Found<Option<OrganizationId>>> {
    let found = fields.text("organization")?;
    if found.value == "new" {
        return Some(found.with(None));
    }
    match found.value.parse() {
        Ok(id) => Some(found.with(Some(id))),
        Err(error) => {
            let help = "`aws organizations describe-organization` shows it; `new` stands for one still to be created";
            fields.note(Problem::new("intent-organization", format!("{error}")).at(found.span).help(help));
            None
        }
    }
}

fn exception(mut fields: Fields<'_>, known: &Known<'_>) -> Option<Exception> {
    let span = fields.span();
    let service = fields.text("service").and_then(|found| known.service(&fields, found));
    let target = fields.text("target").and_then(|found| target(&fields, found));
    let value = fields.optional_word("value", Choice::WORDS).unwrap_or(Choice::OptIn);
    let reason = fields.text("reason");
    let approver = fields.text("approver");
    let until = fields.date("until").and_then(|found| end(&fields, found));
    fields.finish();
    let (reason, approver) = (reason?.value.to_owned(), approver?.value.to_owned());
    Some(Exception { span, service: service?, target: target?, value, reason, approver, until: until? })
}

fn target(fields: &Fields<'_>, found: Found<&str>) -> Option<Found<TargetName>> {
    let path = found.value;
    if path.starts_with('/') {
        let trimmed = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        let path = if trimmed.is_empty() { "/" } else { trimmed };
        return Some(found.with(TargetName::Path(path.to_owned())));
    }
    match path.parse() {
        Ok(id) => Some(found.with(TargetName::Id(id))),
        Err(error) => {
            let help = "write an id, or the path of names from the root down, like `/Workloads/Production`";
            fields.note(Problem::new("intent-target", format!("{error}")).at(found.span).help(help));
            None
        }
    }
}

/// An end date, which cannot lie before there was anything to decide.
pub(super) fn end(fields: &Fields<'_>, found: Found<Date>) -> Option<Date> {
    if found.value >= FIRST_DAY {
        return Some(found.value);
    }
    let message = format!("the end {} lies before {FIRST_DAY}, when these policies came to be", found.value);
    fields.note(Problem::new("intent-end", message).at(found.span).help("look at the year"));
    None
}

fn attestation(mut fields: Fields<'_>, known: &Known<'_>) -> Option<Attestation> {
    let span = fields.span();
    let item = fields.text("item").and_then(|found| known.item(&fields, found));
    let by = fields.text("by");
    let on = fields.date("on");
    let evidence = fields.text("evidence").and_then(|found| link(&fields, found));
    let until = fields.date("until");
    fields.finish();
    let (by, on, until) = (by?.value.to_owned(), on?, until?);
    if until.value < on.value {
        let message = format!("it ends on {}, before it was made on {}", until.value, on.value);
        fields.note(
            Problem::new("intent-end", message).at(until.span).help("the end is the last day on which it is valid"),
        );
    }
    Some(Attestation { span, item: item?, by, on: on.value, evidence: evidence?, until: until.value })
}

/// A link that a report may show as one, or a path. What a browser would run is neither.
fn link(fields: &Fields<'_>, found: Found<&str>) -> Option<String> {
    let scheme = found.value.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_scheme =
        |text: &str| text.len() > 1 && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it));
    let refused = scheme.filter(|it| is_scheme(it)).filter(|it| !["https", "http", "s3"].contains(&it.as_str()));
    if let Some(scheme) = refused {
        let message = format!("`{scheme}:` is not a kind of link that can stand here");
        fields.note(
            Problem::new("intent-evidence", message)
                .at(found.span)
                .help("use https:, http:, s3:, or a path in the repository"),
        );
        return None;
    }
    Some(found.value.to_owned())
}

fn control_off(mut fields: Fields<'_>, known: &Known<'_>) -> Option<ControlOff> {
    let span = fields.span();
    let control = fields.text("control").and_then(|found| known.control(&fields, found));
    let reason = fields.text("reason");
    let until = fields.date("until").and_then(|found| end(&fields, found));
    fields.finish();
    Some(ControlOff { span, control: control?, reason: reason?.value.to_owned(), until: until? })
}

fn evidence(mut fields: Fields<'_>) -> (bool, Option<String>) {
    let record = fields.optional_flag("record").is_some_and(|found| found.value);
    let store = fields.optional_text("store").map(|found| found.value.to_owned());
    fields.finish();
    (record, store)
}

/// Reports what is said a second time, at the second place.
pub(super) fn twice(fields: &Fields<'_>, said: impl Iterator<Item = (Span, String)>) {
    let mut seen = BTreeSet::new();
    for (span, what) in said {
        if !seen.insert(what.clone()) {
            let problem = Problem::new("intent-duplicate", format!("{what} is in this file twice"));
            fields.note(problem.at(span).help("keep one of the two"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::policy::DEFAULT_NAME;

    const WHOLE: &str = include_str!("../../tests/data/intent/whole.toml");

    fn known() -> Known<'static> {
        Known::new(["lex", "polly", "transcribe"], ["locked-against-children", "default-opted-out"])
            .with_items(["kiro-settings"])
    }

    fn parse(text: &str) -> Result<Intent, Vec<String>> {
        Intent::parse(&Source::new("o.toml", text), &known()).map_err(|rejected| rejected.lines())
    }

    fn lines(text: &str) -> Vec<String> {
        parse(text).unwrap_err()
    }

    #[test]
    fn a_whole_file_is_read() {
        let intent = parse(WHOLE).unwrap();
        assert_eq!(intent.organization.value.unwrap().as_str(), "o-exampleorgid");
        assert_eq!(intent.policy.tags.get("owner").map(String::as_str), Some("privacy"));
        let said: Vec<_> = intent.exceptions.iter().map(|it| (it.service.as_str(), it.value)).collect();
        assert_eq!(said, [("transcribe", Choice::OptIn), ("default", Choice::OptIn)]);
        assert_eq!(intent.exceptions[0].target.value, TargetName::Path("/Workloads/Production".into()));
        assert_eq!(intent.exceptions[0].until, Date::constant(2027, 1, 31));
        assert!(intent.record_evidence);
        assert_eq!(intent.evidence_store.as_deref(), Some("evidence/optout.db"));
        assert_eq!((intent.attestations.len(), intent.controls_off.len()), (1, 1));
    }

    #[test]
    fn one_line_is_a_whole_intent() {
        let intent = parse("organization = 'o-exampleorgid'").unwrap();
        assert_eq!((intent.lock, intent.guard, intent.policy.name.as_str()), (Lock::Full, Guard::All, DEFAULT_NAME));
        assert_eq!(parse("organization = 'new'\nguard = 'units'").unwrap().guard, Guard::Units);
        assert_eq!((intent.record_evidence, intent.evidence_store), (false, None));
    }

    #[test]
    fn an_organization_still_to_be_created_is_said_so() {
        assert_eq!(parse("organization = 'new'").unwrap().organization.value, None);
        let lines = lines("organization = '123456789012'");
        assert!(lines[0].starts_with("o.toml:1:16: `123456789012` is not an organization id"), "{lines:?}");
        assert!(parse("").unwrap_err()[0].contains("`organization` is missing"));
    }

    #[test]
    fn unknown_keys_and_names_are_refused_with_the_nearest_known_one() {
        let text = WHOLE
            .replace("lock =", "lok =")
            .replace("\"transcribe\"", "\"transcibe\"")
            .replace("\"optIn\"", "\"optin\"")
            .replace("approver = \"Jo Doe\"\nuntil = 2027", "aprover = \"Jo Doe\"\nuntil = 2027")
            .replace("locked-against-children", "locked-against-child")
            .replace("kiro-settings", "kiro-setting");
        let lines = lines(&text);
        let expected = [
            "o.toml:2:1: unknown key `lok` (did you mean `lock`?)",
            "o.toml:11:1: the key `approver` is missing here",
            "o.toml:12:11: no service is called `transcibe` (did you mean `transcribe`?",
            "o.toml:14:9: `optin` is not a word that can stand here (did you mean `optIn`?)",
            "o.toml:16:1: unknown key `aprover` (did you mean `approver`?)",
            "o.toml:27:8: no checklist item is called `kiro-setting` (did you mean `kiro-settings`?",
            "o.toml:34:11: no control is called `locked-against-child` (did you mean `locked-against-children`?",
        ];
        assert_eq!(lines.len(), expected.len(), "{lines:#?}");
        for (line, expected) in lines.iter().zip(expected) {
            assert!(line.starts_with(expected), "{line}\n{expected}");
        }
    }

    #[test]
    fn reasons_must_be_given_and_types_be_right() {
        let text = WHOLE
            .replace("\"custom vocabulary pilot, contract 17\"", "\" \"")
            .replace("until = 2026-12-31", "until = \"2026-12-31\"")
            .replace("record = true", "record = \"yes\"")
            .replace("owner = \"privacy\"", "owner = 1");
        let lines = lines(&text);
        let expected = [
            "o.toml:9:9: expected a text in quotes, found a whole number",
            "o.toml:15:10: this text is blank",
            "o.toml:24:9: expected a date like 2026-11-24, without quotes, found a text",
            "o.toml:39:10: expected true or false, found a text",
        ];
        assert_eq!(lines.len(), expected.len(), "{lines:#?}");
        for (line, expected) in lines.iter().zip(expected) {
            assert!(line.starts_with(expected), "{line}\n{expected}");
        }
    }

    #[test]
    fn ends_before_beginnings_are_refused() {
        let lines = lines(&WHOLE.replace("2027-11-01", "2026-10-31").replace("2027-01-31", "0202-01-31"));
        assert!(lines[0].contains("lies before 2020-07-08"), "{lines:?}");
        assert!(lines[1].contains("it ends on 2026-10-31, before it was made on 2026-11-01"), "{lines:?}");
    }

    #[test]
    fn the_same_exception_twice_is_refused_where_it_stands_again() {
        let again = "[[exceptions]]\nservice = 'transcribe'\ntarget = '/Workloads/Production/'\nreason = 'x'\napprover = 'y'\nuntil = 2027-01-01\n";
        let lines = lines(&format!("{WHOLE}\n{again}"));
        assert!(lines[0].contains("`transcribe` at `/Workloads/Production` is in this file twice"), "{lines:?}");
        assert!(lines[0].starts_with("o.toml:42:"), "{lines:?}");
    }

    #[test]
    fn names_and_tags_that_aws_would_refuse_are_refused() {
        let long = "n".repeat(129);
        let text = WHOLE
            .replace("name = \"opt-out\"", &format!("name = \"{long}\""))
            .replace("owner = ", "\"aws:x\" = ")
            .replace("description = \"", &format!("description = \"{}", "d".repeat(512)));
        let lines = lines(&text);
        assert_eq!(lines.len(), 3, "{lines:#?}");
        assert!(lines[0].contains("at most 128 characters, this has 129"), "{lines:?}");
        assert!(parse(&WHOLE.replace("owner = ", "\"optout:managed\" = ")).is_err());
    }

    #[test]
    fn a_character_that_no_tag_may_have_is_named_with_its_place_and_what_is_allowed() {
        let with =
            |key: &str, value: &str| parse(&format!("organization = 'new'\n[policy.tags]\n\"{key}\" = \"{value}\"\n"));
        for text in ["cost center", "pri/vacy @x=1", "é日Ⅷ७", "a_b.c:d/e=f+g-h@i", "a\u{a0}b\u{3000}c"] {
            with(text, text).unwrap();
        }
        for text in [
            "$", "{x}", "it's", "a`b", "a,b", "50%", "#1", "<a>", "a&b", "a;b", "a*", "(a)", "a!", "a|b", "~", "a\\tb",
            "a\\u0000", "😀",
        ] {
            assert!(with(text, "v").is_err() && with("k", text).is_err(), "{text}");
        }
        let lines = with("a`{b", "x$y$").unwrap_err();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains("o.toml:3:1") && lines[0].contains("no ``` `{` in a tag's key"), "{lines:?}");
        assert!(lines[1].contains("o.toml:3:10") && lines[1].contains("no `$` in a tag's value"), "{lines:?}");
    }

    #[test]
    fn evidence_that_a_browser_would_run_is_refused() {
        for bad in ["javascript:alert(1)", "DATA:text/html,x", "vbscript:x"] {
            assert!(parse(&WHOLE.replace("https://example.com/evidence/17", bad)).is_err(), "{bad}");
        }
        for good in ["evidence/2026/17.pdf", "s3://bucket/key", "C:/evidence/17.pdf"] {
            assert!(parse(&WHOLE.replace("https://example.com/evidence/17", good)).is_ok(), "{good}");
        }
    }

    #[test]
    fn targets_are_ids_or_paths() {
        for good in ["/", "/a b/ü", "r-acme", "ou-acme-12345678", "222222222222"] {
            assert!(parse(&WHOLE.replace("/Workloads/Production", good)).is_ok(), "{good}");
        }
        for bad in ["Workloads", "ou-acme", "2222", "p-12345678"] {
            let lines = lines(&WHOLE.replace("/Workloads/Production", bad));
            assert!(lines[0].contains("is not the id of a root, an organizational unit or an account"), "{lines:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn any_damage_is_read_or_refused(at in 0..WHOLE.len(), with in "\\PC{0,3}") {
            let mut text = WHOLE.to_owned();
            text.replace_range(at..=at, &with);
            let _ = parse(&text);
        }
    }
}
