//! CSV, one row per account × service, as RFC 4180 has it but for line feeds alone as line ends.
//!
//! Spreadsheets calculate what begins like a formula, so such a cell gets an apostrophe before it, as OWASP advises
//! (<https://owasp.org/www-community/attacks/CSV_Injection>, read 2026-11-24); also after a semicolon, at which a
//! spreadsheet may part cells whatever the quotes say.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Report;
use super::json::basis_account;
use super::subject::Subjects;
use crate::check::{AccountResult, Assessment, Key, Lock};
use crate::source::shown;

/// The columns. Released ones keep their place; new ones come at the end.
pub(super) const HEADER: &str = "organization,account,name,path,state,counted,account_verdict,basis,basis_account,account_lock,\
                      service,service_name,verdict,setting,lock,hole\n";

/// The report as CSV.
pub(super) fn render(report: &Report<'_>) -> String {
    let assessment = report.assessment;
    let subjects = Subjects::of(report);
    let organization = assessment.snapshot.organization().map(|it| it.id.to_string()).unwrap_or_default();
    let mut rests: HashMap<_, Vec<String>> = HashMap::new();
    let mut text = HEADER.to_owned();
    for result in &assessment.accounts {
        let rests = rests.entry(result.cause()).or_insert_with(|| services(assessment, result));
        let account = account(assessment, result, &organization, subjects.place(result.id));
        for rest in &*rests {
            text.push_str(&account);
            text.push_str(rest);
        }
    }
    text
}

/// The cells of an account.
fn account(assessment: &Assessment<'_>, result: &AccountResult, organization: &str, path: &str) -> String {
    let account = assessment.account(result);
    let id = result.id.to_string();
    let basis_account = basis_account(result.basis).map(|id| id.to_string()).unwrap_or_default();
    let cells = [
        organization,
        &id,
        account.map_or("", |account| account.name.as_str()),
        path,
        account.map_or("", |account| account.state.as_str()),
        if result.counted { "true" } else { "false" },
        result.verdict.as_str(),
        result.basis.as_str(),
        &basis_account,
        assessment.group(result).map_or("unknown", |group| group.lock.as_str()),
    ];
    cells.map(|text| cell(text) + ",").concat()
}

/// The rest of each row: equal for accounts with an equal cause.
fn services(assessment: &Assessment<'_>, result: &AccountResult) -> Vec<String> {
    assessment.keys.iter().map(|(key, name)| service(assessment, result, key, name)).collect()
}

fn service(assessment: &Assessment<'_>, result: &AccountResult, key: Key, name: &str) -> String {
    let lock = assessment.lock(result, key);
    let hole = match lock {
        Lock::None(hole) => hole.to_string(),
        Lock::Full | Lock::Unknown => String::new(),
    };
    let cells = [
        name,
        assessment.catalogue.get(name).map_or("", |service| service.name.as_str()),
        assessment.service(result, key).as_str(),
        assessment.setting(result, key).map_or("", |setting| setting.as_str()),
        lock.as_str(),
        &hole,
    ];
    cells.map(cell).join(",") + "\n"
}

/// The text as a cell.
pub(super) fn cell(text: &str) -> String {
    let safe = without_formula(shown(text));
    if safe.contains([',', '"', ';', '\'']) || safe.starts_with(' ') || safe.ends_with(' ') {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe.into_owned()
}

/// The text with an apostrophe before everything that a spreadsheet may take for a formula.
fn without_formula(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(is_formula) {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for character in text.chars() {
        if begins && is_formula(character) {
            safe.push('\'');
        }
        begins = character == ';' || (begins && matches!(character, ' ' | '\u{a0}' | '\u{3000}' | '"'));
        safe.push(character);
    }
    Cow::Owned(safe)
}

/// What a formula begins with, also in full width, as some spreadsheets take it.
fn is_formula(character: char) -> bool {
    matches!(character, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn nothing_begins_like_a_formula() {
        let cells = ["=1+1", " @SUM(A1)", "＋1", "-", "a=b", "a;=b", "a; \"-b", "\t=1", "\r=1"].map(cell);
        let expected = [
            "\"'=1+1\"",
            "\" '@SUM(A1)\"",
            "\"'＋1\"",
            "\"'-\"",
            "a=b",
            "\"a;'=b\"",
            "\"a; \"\"'-b\"",
            "\\u{9}=1",
            "\\u{d}=1",
        ];
        assert_eq!(cells, expected);
    }
}
