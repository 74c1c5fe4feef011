//! The naive resolver against what AWS answered and documents: one named test a vector.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

#[path = "../../../tests/naive/mod.rs"]
mod naive;

use std::collections::BTreeMap;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

const INHERITANCE: &str = include_str!("data/inheritance.json");
const DOCUMENTED: &str = include_str!("data/documented.json");

/// Worked examples that AWS prints before finishing.
const UNFINISHED: &[&str] = &["TAG-5-intersection", "TAG-7-root-lock-account-values", "BACKUP-4-append-container"];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = recorded();
    trials.extend(documented());
    trials.extend(own());
    libtest_mimic::run(&arguments, trials).exit();
}

fn recorded() -> Vec<Trial> {
    let cases: Vec<Value> = serde_json::from_str(INHERITANCE).unwrap();
    assert!(cases.len() > 60, "the vectors are incomplete");
    let trial = |case: Value| {
        let name = format!("recorded/{}/{}", case["policy_type"].as_str().unwrap(), case["case"].as_str().unwrap());
        Trial::test(name, move || {
            let levels: Vec<Vec<Value>> = serde_json::from_value(case["levels"].clone()).unwrap();
            let outcome = naive::resolve(case["policy_type"].as_str().unwrap(), &levels);
            same(&outcome.document, &case["effective"])?;
            known(&outcome)
        })
    };
    cases.into_iter().map(trial).collect()
}

fn documented() -> Vec<Trial> {
    let file: Value = serde_json::from_str(DOCUMENTED).unwrap();
    let cases: Vec<Value> = serde_json::from_value(file["vectors"].clone()).unwrap();
    let usable = cases.into_iter().filter(|case| case["usable_as_golden"] == true);
    let trial = |case: Value| {
        let id = case["id"].as_str().unwrap().to_owned();
        Trial::test(format!("documented/{id}"), move || {
            let outcome = naive::resolve(case["policy_type"].as_str().unwrap(), &levels(&case["layers"]));
            let document = if UNFINISHED.contains(&id.as_str()) { &outcome.unfinished } else { &outcome.document };
            same(document, &case["effective"])?;
            known(&outcome)
        })
    };
    usable.map(trial).collect()
}

/// Layers in path order; `root#1`, `root#2` are one level.
fn levels(layers: &Value) -> Vec<Vec<Value>> {
    let mut order = Vec::new();
    let mut levels: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for layer in layers.as_array().unwrap() {
        let target = layer["target"].as_str().unwrap().split('#').next().unwrap().to_owned();
        if !order.contains(&target) {
            order.push(target.clone());
        }
        levels.entry(target).or_default().push(layer["policy"].clone());
    }
    order.iter().map(|target| levels[target].clone()).collect()
}

/// What the rules leave open, and what they decide although it looks like that.
fn own() -> Vec<Trial> {
    let ai = |root: &str, account: &str| {
        let levels = [vec![serde_json::from_str(root).unwrap()], vec![serde_json::from_str(account).unwrap()]];
        naive::resolve("AISERVICES_OPT_OUT_POLICY", &levels)
    };
    let lex = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;
    let place = ["services", "lex", "opt_out_policy"].map(str::to_owned).to_vec();
    vec![
        Trial::test("undetermined/a-named-but-empty-service-in-a-closed-list", move || {
            let root = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"lex":{}}}"#;
            let outcome = ai(root, lex);
            if outcome.unknown.contains(&place) { Ok(()) } else { Err(format!("{outcome:?}").into()) }
        }),
        Trial::test("determined/a-setting-that-has-only-a-lock-is-locked", move || {
            let root =
                r#"{"services":{"lex":{"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"]}}}}"#;
            let outcome = ai(root, lex);
            same(&outcome.document, &serde_json::json!({}))?;
            known(&outcome)
        }),
        Trial::test("determined/an-empty-service-in-an-open-list-can-be-set", move || {
            let outcome = ai(r#"{"services":{"lex":{}}}"#, lex);
            same(&outcome.document, &serde_json::json!({"services":{"lex":{"opt_out_policy":"optIn"}}}))?;
            known(&outcome)
        }),
    ]
}

fn same(actual: &Value, expected: &Value) -> Result<(), Failed> {
    if actual == expected { Ok(()) } else { Err(format!("expected {expected}\n     got {actual}").into()) }
}

fn known(outcome: &naive::Outcome) -> Result<(), Failed> {
    if outcome.unknown.is_empty() { Ok(()) } else { Err(format!("undetermined: {:?}", outcome.unknown).into()) }
}
