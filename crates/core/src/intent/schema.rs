//! The JSON Schema of `optout.toml` for editors, made from structs that exist for this alone.
//!
//! The reader walks the tables by hand, for the sake of its messages; tests below hold the two together.

use std::collections::BTreeMap;

/// What shall hold in one AWS organization, and who decided it.
#[derive(schemars::JsonSchema)]
#[schemars(title = "optout.toml", deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
struct IntentFile {
    /// The only organization this file is about, like `o-exampleorgid`; `new` stands for one still to be created.
    #[schemars(regex(pattern = r"^(new|o-[a-z0-9]{10,32})$"))]
    organization: String,
    /// How far policies below the root may change anything; `full` where nothing is said.
    #[schemars(default = "full")]
    lock: LockWord,
    /// What is closed again beside the way from the root to an exception; `all` where nothing is said.
    #[serde(default)]
    guard: Option<GuardWord>,
    /// The policy that carries the intent.
    #[serde(default)]
    policy: Option<PolicyTable>,
    /// Who may be treated otherwise.
    #[serde(default)]
    exceptions: Vec<ExceptionTable>,
    /// Manual checklist items that somebody vouches for.
    #[serde(default)]
    attestations: Vec<AttestationTable>,
    /// Controls that are not to be reported, for a time.
    #[serde(default)]
    disabled_controls: Vec<ControlTable>,
    /// What is recorded.
    #[serde(default)]
    evidence: Option<EvidenceTable>,
}

fn full() -> LockWord {
    LockWord::Full
}

#[derive(schemars::JsonSchema, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
enum LockWord {
    /// Nothing can be changed below the root, except through the exceptions.
    Full,
    /// `default` cannot be changed below; services may be named there.
    Partial,
    /// Everything can be changed below.
    None,
}

#[derive(schemars::JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
enum GuardWord {
    /// Units and accounts: no target that exists can use what an exception opens.
    All,
    /// Units only: accounts beside the way could use it, and a plan says which.
    Units,
}

#[derive(schemars::JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct PolicyTable {
    /// The policy's name.
    #[schemars(length(min = 1, max = 128))]
    #[serde(default)]
    name: Option<String>,
    /// The policy's description.
    #[schemars(length(min = 1, max = 512))]
    #[serde(default)]
    description: Option<String>,
    /// The policy's tags, without those that optout adds.
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

#[derive(schemars::JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct ExceptionTable {
    /// The service's key as AWS writes it, or `default`.
    service: String,
    /// For whom: the id of an account, unit or root, or the path of names like `/Workloads/Production`.
    target: String,
    /// What shall hold there; `optIn` where nothing is said.
    #[serde(default)]
    value: Option<ChoiceWord>,
    /// Why.
    #[schemars(length(min = 1))]
    reason: String,
    /// Who decided it.
    #[schemars(length(min = 1))]
    approver: String,
    /// The last day on which it holds, in UTC.
    #[schemars(extend("format" = "date"))]
    until: String,
}

#[derive(schemars::JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used")]
enum ChoiceWord {
    /// AWS may use the content.
    OptIn,
    /// AWS may not use the content.
    OptOut,
}

#[derive(schemars::JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct AttestationTable {
    /// The checklist item's id.
    item: String,
    /// Who looked.
    #[schemars(length(min = 1))]
    by: String,
    /// The day they looked.
    #[schemars(extend("format" = "date"))]
    on: String,
    /// Where the evidence is: an https, http or s3 link, or a path.
    #[schemars(length(min = 1))]
    evidence: String,
    /// The last day on which it is valid, in UTC.
    #[schemars(extend("format" = "date"))]
    until: String,
}

#[derive(schemars::JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct ControlTable {
    /// The control's name.
    control: String,
    /// Why.
    #[schemars(length(min = 1))]
    reason: String,
    /// The last day on which it is off, in UTC.
    #[schemars(extend("format" = "date"))]
    until: String,
}

#[derive(schemars::JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct EvidenceTable {
    /// Whether every run is recorded; not, where nothing is said.
    #[serde(default)]
    record: Option<bool>,
}

/// Findings that somebody accepted for a time.
#[derive(schemars::JsonSchema)]
#[schemars(title = "optout baseline", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct BaselineFile {
    /// The findings.
    #[serde(default)]
    accepted: Vec<AcceptedTable>,
}

#[derive(schemars::JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct AcceptedTable {
    /// The control's name.
    control: String,
    /// What does not hold it, as the finding names it.
    subject: String,
    /// Why.
    #[schemars(length(min = 1))]
    reason: String,
    /// The last day on which it is accepted, in UTC.
    #[schemars(extend("format" = "date"))]
    until: String,
}

#[test]
fn the_published_schemas_are_those_of_the_structs() {
    crate::published::check("optout-toml-1.json", &schemars::schema_for!(IntentFile));
    crate::published::check("baseline-toml-1.json", &schemars::schema_for!(BaselineFile));
}

/// A TOML text as JSON, dates as texts, as editors see it.
fn as_json(text: &str) -> serde_json::Value {
    fn convert(value: toml::Value) -> serde_json::Value {
        match value {
            toml::Value::Datetime(date) => date.to_string().into(),
            toml::Value::Array(list) => list.into_iter().map(convert).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, convert(value))).collect(),
            other => serde_json::to_value(other).unwrap(),
        }
    }
    convert(toml::Value::Table(text.parse().unwrap()))
}

#[test]
fn the_schema_and_the_reader_know_the_same_keys() {
    use super::{Intent, Known};
    use crate::source::Source;

    let whole = include_str!("../../tests/data/intent/whole.toml");
    let schema = schemars::schema_for!(IntentFile);
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    let known = Known::new(["transcribe"], ["locked-against-children"]);
    let accepted = |text: &str| {
        let ours = Intent::parse(&Source::new("o.toml", text), &known).is_ok();
        (ours, validator.is_valid(&as_json(text)))
    };
    assert_eq!(accepted(whole), (true, true));
    assert_eq!(accepted("organization = 'new'"), (true, true));
    for (guard, is_good) in [("all", true), ("units", true), ("accounts", false)] {
        assert_eq!(accepted(&format!("organization = 'new'\nguard = '{guard}'")), (is_good, is_good), "{guard}");
    }
    let keys: Vec<&str> = whole.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
    for key in keys.iter().filter(|key| **key != "owner") {
        let misspelt = whole.replacen(&format!("{key} = "), &format!("{key}x = "), 1);
        assert_eq!(accepted(&misspelt), (false, false), "{key}");
    }
    for table in ["policy", "exceptions", "attestations", "disabled-controls", "evidence"] {
        assert_eq!(accepted(&whole.replace(&format!("[{table}"), &format!("[x{table}"))), (false, false), "{table}");
    }
}
