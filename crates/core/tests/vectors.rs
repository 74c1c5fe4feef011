//! Every recorded and documented answer of AWS, each as a test of its own name.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics fails, which is what it is for")]

use libtest_mimic::{Arguments, Failed, Trial};
use optout_core::org::PolicyType;
use optout_core::policy::{Attached, Dialect, Document, Level, Order, State, admit_ai_opt_out, resolve};
use serde_json::Value;

const ADMISSION: &str = include_str!("data/vectors/admission.json");
const INHERITANCE: &str = include_str!("data/vectors/inheritance.json");
const DOCUMENTED: &str = include_str!("data/vectors/documented.json");

/// The documented cases that show documents before finishing.
const UNFINISHED: [&str; 3] = ["TAG-5-intersection", "TAG-7-root-lock-account-values", "BACKUP-4-append-container"];

/// The names that AWS accepts under `services`; kept apart from the catalogue, so that neither judges itself.
const SERVICES: &str = "default aiops aidevops awssupplychain biodiscovery chimesdkvoiceanalytics cloudwatch \
    codeguruprofiler codewhisperer comprehend config connect connectamd connectoptimization contactlens connectdecision \
    connecthealth::operations connecthealth::training connecttalent datazone dms entityresolution finopsagent \
    frauddetector glue guardduty lex polly q quicksightq rekognition scenariodiscovery securitylake textract transcribe \
    transform translate workspaces securityhub";

fn main() {
    let arguments = Arguments::from_args();
    let trials = admission().into_iter().chain(inheritance()).chain(documented()).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn list(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}

fn admission() -> Vec<Trial> {
    let refuse = |name: &str| {
        let known = SERVICES.split_whitespace().any(|service| service == name);
        (!known).then(|| (format!("`{name}` is unknown"), String::new()))
    };
    let trial = move |case: Value| {
        let name = format!("admission::{}::{}", text(&case, "operation"), text(&case, "case"));
        Trial::test(name, move || {
            let admission = admit_ai_opt_out(&text(&case, "content"), &refuse);
            check(&Value::from(admission.admissible()), &case["accepted"], &format!("{:?}", admission.problems))
        })
    };
    list(ADMISSION).into_iter().map(trial).collect()
}

fn inheritance() -> Vec<Trial> {
    let trial = |case: Value| {
        let name = format!("inheritance::{}", text(&case, "case"));
        Trial::test(name, move || {
            let levels: Vec<Vec<Value>> = serde_json::from_value(case["levels"].clone()).unwrap();
            compare(&case, &levels, false)
        })
    };
    list(INHERITANCE).into_iter().map(trial).collect()
}

fn documented() -> Vec<Trial> {
    let file: Value = serde_json::from_str(DOCUMENTED).unwrap();
    let trial = |case: &Value| {
        let case = case.clone();
        let id = text(&case, "id");
        let unfinished = UNFINISHED.contains(&id.as_str());
        Trial::test(format!("documented::{id}"), move || compare(&case, &layers(&case), unfinished))
    };
    file["vectors"].as_array().unwrap().iter().map(trial).collect()
}

/// Layers named `root#1` and `root#2` are one level.
fn layers(case: &Value) -> Vec<Vec<Value>> {
    let mut levels: Vec<(String, Vec<Value>)> = Vec::new();
    for layer in case["layers"].as_array().unwrap() {
        let target = text(layer, "target").split('#').next().unwrap().to_owned();
        match levels.last_mut() {
            Some((last, documents)) if *last == target => documents.push(layer["policy"].clone()),
            _ => levels.push((target, vec![layer["policy"].clone()])),
        }
    }
    levels.into_iter().map(|(_, documents)| documents).collect()
}

fn compare(case: &Value, levels: &[Vec<Value>], unfinished: bool) -> Result<(), Failed> {
    let dialect = Dialect::of(&text(case, "policy_type").parse().unwrap_or(PolicyType::AiOptOut));
    let state = merge(dialect, levels);
    let effective = if unfinished { state.unfinished() } else { state.effective(dialect) };
    assert_eq!(effective.undetermined, Vec::<String>::new());
    check(&effective.document, &case["effective"], "")
}

fn merge(dialect: Dialect, levels: &[Vec<Value>]) -> State {
    let parse = |document: &Value| Document::parse(dialect, &document.to_string()).unwrap();
    let documents: Vec<Vec<Document>> = levels.iter().map(|level| level.iter().map(parse).collect()).collect();
    let levels: Vec<Level<'_>> = documents.iter().enumerate().map(|(depth, level)| level_of(depth, level)).collect();
    resolve(&levels)
}

fn level_of(depth: usize, documents: &[Document]) -> Level<'_> {
    let attached = documents.iter().enumerate();
    let attached = attached.map(|(at, document)| Attached { policy: format!("{depth}.{at}").into(), document });
    Level { target: format!("level {depth}").into(), documents: attached.collect(), order: Order::Known }
}

fn check(ours: &Value, aws: &Value, why: &str) -> Result<(), Failed> {
    if ours == aws { Ok(()) } else { Err(format!("ours {ours}, AWS {aws} {why}").into()) }
}
