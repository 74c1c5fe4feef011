//! The policy of the function's role in the generated stack, as CloudFormation would make it of the template.

use std::collections::BTreeMap;

use optout_core::generate::monitor::stack;
use optout_core::generate::{Design, Provenance};
use optout_core::org::Partition;
use serde_json::{Value, json};

/// Where the stack is, and what its things are called then.
pub(crate) const BUCKET: &str = "optout-monitor-bucket-1";
pub(crate) const BUS: &str = "arn:aws:events:us-east-1:111111111111:event-bus/optout-monitor";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:111111111111:optout-monitor-Topic-1";
pub(crate) const MEMBER_ROLE: &str = "optout-config-member";

pub(crate) fn design() -> Design {
    let sha256 = "0".repeat(64);
    Design {
        provenance: Provenance { what: "tests".into(), intent: "none".into(), sha256, tool_version: "0".into() },
        organization: "o-acmeexample".parse().ok(),
        management_account: "111111111111".parse().ok(),
        partition: Partition::Aws,
        root: "r-acme".parse().ok(),
        enabled_types: None,
        resource_policy: None,
        policies: Vec::new(),
        declared: Vec::new(),
        until: None,
    }
}

/// The statements of the role with every part switched on.
pub(crate) fn statements() -> Vec<Value> {
    let template = stack(&design());
    let policies = &template["Resources"]["FunctionRole"]["Properties"]["Policies"];
    assert_eq!(policies.as_array().unwrap().len(), 1);
    let names = names(&template);
    let statements = policies[0]["PolicyDocument"]["Statement"].as_array().unwrap();
    statements.iter().map(|statement| resolved(statement, &names)).collect()
}

/// Parameters by default, and what AWS would call the resources.
fn names(template: &Value) -> BTreeMap<String, String> {
    let parameters = template["Parameters"].as_object().unwrap();
    let default = |value: &Value| value["Default"].as_str().unwrap_or_default().to_owned();
    let mut names: BTreeMap<String, String> = parameters.iter().map(|(name, it)| (name.clone(), default(it))).collect();
    let bucket = format!("arn:aws:s3:::{BUCKET}");
    let key = "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000";
    let logs = "arn:aws:logs:us-east-1:111111111111:log-group:optout-monitor-LogGroup-1:*";
    let queue = "arn:aws:sqs:us-east-1:111111111111:optout-monitor-Failures-1";
    let known = [
        ("AWS::Partition", "aws"),
        ("AWS::Region", "us-east-1"),
        ("AWS::AccountId", "111111111111"),
        ("Bucket.Arn", bucket.as_str()),
        ("Key.Arn", key),
        ("LogGroup.Arn", logs),
        ("Failures.Arn", queue),
        ("Bus.Arn", BUS),
        ("Topic", TOPIC),
    ];
    names.extend(known.map(|(name, value)| (name.to_owned(), value.to_owned())));
    names
}

/// A value without functions: conditions hold, references have become what they refer to.
fn resolved(value: &Value, names: &BTreeMap<String, String>) -> Value {
    let name = |name: &str| json!(names.get(name).unwrap_or_else(|| panic!("what is {name}?")));
    match value {
        Value::Object(map) if map.len() == 1 => match map.iter().next().unwrap() {
            (function, it) if function == "Ref" => name(it.as_str().unwrap()),
            (function, it) if function == "Fn::GetAtt" => {
                name(&format!("{}.{}", it[0].as_str().unwrap(), it[1].as_str().unwrap()))
            }
            (function, it) if function == "Fn::If" => resolved(&it[1], names),
            (function, it) if function == "Fn::Sub" => json!(substituted(it.as_str().unwrap(), names)),
            (key, it) => json!({ key: resolved(it, names) }),
        },
        Value::Object(map) => map.iter().map(|(key, it)| (key.clone(), resolved(it, names))).collect(),
        Value::Array(all) => all.iter().map(|it| resolved(it, names)).collect(),
        other => other.clone(),
    }
}

fn substituted(text: &str, names: &BTreeMap<String, String>) -> String {
    names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value))
}
