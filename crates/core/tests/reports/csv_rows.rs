//! CSV, read back by the `csv` crate.

use optout_core::report::Report;
use optout_core::source::shown;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

const COLUMNS: [&str; 16] = [
    "organization",
    "account",
    "name",
    "path",
    "state",
    "counted",
    "account_verdict",
    "basis",
    "basis_account",
    "account_lock",
    "service",
    "service_name",
    "verdict",
    "setting",
    "lock",
    "hole",
];

/// One row per account × service, and no cell that a spreadsheet would calculate.
pub(crate) fn check(text: &str, report: &Report<'_>, account: &str) -> Result<(), TestCaseError> {
    let assessment = report.assessment;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    prop_assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS.to_vec());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    prop_assert_eq!(rows.len(), assessment.accounts.len() * assessment.keys.len());
    prop_assert_eq!(text.lines().count(), rows.len() + 1, "one line a row");
    for (at, row) in rows.iter().enumerate() {
        prop_assert_eq!(row.len(), COLUMNS.len());
        prop_assert!(!row.iter().any(calculates), "{:?}", row);
        // What a spreadsheet sees that parts cells at semicolons.
        let line = text.lines().nth(at + 1).unwrap();
        prop_assert!(!line.split(';').any(|cell| calculates(cell.trim_start_matches('"'))), "{}", line);
        let result = &assessment.accounts[at / assessment.keys.len()];
        prop_assert_eq!(&row[1], result.id.to_string());
        prop_assert_eq!(row[2].replace('\'', ""), shown(account).replace('\'', ""));
    }
    Ok(())
}

fn calculates(cell: &str) -> bool {
    cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'])
}

#[test]
fn a_formula_would_be_found() {
    assert!(calculates("=1+1") && calculates(" @x") && !calculates("'=1+1") && !calculates("a=b"));
}
