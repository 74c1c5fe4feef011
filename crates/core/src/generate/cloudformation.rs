//! A CloudFormation template for one plain stack in the management account: policies with their targets.
//!
//! CloudFormation cannot enable a policy type (`AWS::Organizations::Organization` has no property for it, and would own
//! the organization): that is a step before, or a custom resource whose function is given by a parameter.
//!
//! Sources, read 2026-11-23:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html>
//! (`Content` as an object, at most 100 `TargetIds`, the type must be enabled before),
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::label::logical_id;
use super::{Design, GenerateError, GeneratedFile, Labelled, Output, POLICY_TYPE, json, yaml};
use crate::org::TargetId;

/// The most targets of a policy in a template.
const TARGETS_LIMIT: usize = 100;
/// What CloudFormation replaces in any text of a template, by a value from elsewhere.
pub(super) const DYNAMIC_REFERENCE: &str = "{{resolve:";

/// The template in YAML and in JSON, the step before it, and what to import.
///
/// # Errors
/// Where a policy has more targets than CloudFormation allows, or a text that it would replace.
pub fn generate(design: &Design) -> Result<Output, GenerateError> {
    let template = template(design)?;
    let mut files = vec![
        GeneratedFile::new("template.yaml", design.header("#") + &yaml::document(&template)),
        GeneratedFile::new("template.json", json::pretty(&template)),
        GeneratedFile::program("before.sh", super::script::enable_only(design)),
    ];
    let imports = imports(design);
    let mut notes = design.notes();
    notes.push("`before.sh` enables the policy type: CloudFormation cannot; run it first".to_owned());
    notes.push("one plain stack in the management account or a delegated administrator's, never a StackSet".to_owned());
    if !imports.is_empty() {
        files.push(GeneratedFile::new("import.json", json::pretty(&Value::Array(imports))));
        notes.push(
            "policies of `import.json` are there already: creating them anew fails, import them first".to_owned(),
        );
    }
    Ok(Output::new(files, notes))
}

/// The template as a value: what both forms and the CDK programs must come to.
///
/// # Errors
/// As [`generate`].
pub fn template(design: &Design) -> Result<Value, GenerateError> {
    check(design)?;
    let ids: Vec<String> = design.policies.iter().map(|it| logical_id(&it.label)).collect();
    let mut resources = Map::new();
    resources.insert("PolicyType".into(), enabler());
    for (at, it) in design.policies.iter().enumerate() {
        // One after the other: AWS refuses changes at the same time, and what opts in comes after what closes the rest.
        let before = at.checked_sub(1).and_then(|at| ids.get(at));
        resources.insert(logical_id(&it.label), resource(it, before));
    }
    let outputs: Map<String, Value> = design.policies.iter().map(output).collect();
    Ok(json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "AI services opt-out policies of the organization. The policy type must be enabled before.",
        "Metadata": { "Optout": design.metadata() },
        "Parameters": parameters(design),
        "Conditions": { "EnablesType": { "Fn::Not": [{ "Fn::Equals": [{ "Ref": "EnablerArn" }, ""] }] } },
        "Resources": resources,
        "Outputs": outputs,
    }))
}

fn parameters(design: &Design) -> Value {
    let mut root = json!({
        "Type": "String",
        "Description": "The id of the organization's root, as `aws organizations list-roots` shows it",
        "AllowedPattern": "^r-[0-9a-z]{4,32}$",
        "ConstraintDescription": "the id of a root begins with r-",
    });
    if let (Some(id), Some(root)) = (&design.root, root.as_object_mut()) {
        root.insert("Default".into(), id.as_str().into());
    }
    json!({
        "RootId": root,
        "EnablerArn": {
            "Type": "String",
            "Default": "",
            "Description": "A function that enables the policy type as a custom resource; empty where it was enabled before",
            "AllowedPattern": "^$|^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]+)?$",
            "ConstraintDescription": "the ARN of a Lambda function",
        },
    })
}

fn enabler() -> Value {
    json!({
        "Type": "Custom::AiOptOutPolicyType",
        "Condition": "EnablesType",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "ServiceToken": { "Ref": "EnablerArn" },
            "RootId": { "Ref": "RootId" },
            "PolicyType": POLICY_TYPE,
        },
    })
}

fn resource(it: &Labelled, before: Option<&String>) -> Value {
    let policy = &it.policy;
    let targets: Vec<Value> = policy.targets.iter().map(target).collect();
    let tags: Vec<Value> = policy.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    let mut resource = json!({
        "Type": "AWS::Organizations::Policy",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "Name": policy.name,
            "Description": policy.description,
            "Type": if before.is_some() { POLICY_TYPE.into() } else { enabled_type() },
            "Content": serde_json::from_str::<Value>(&policy.content).unwrap_or_default(),
            "TargetIds": targets,
            "Tags": tags,
        },
    });
    if let (Some(resource), Some(before)) = (resource.as_object_mut(), before) {
        resource.insert("DependsOn".into(), json!([before]));
    }
    resource
}

/// The policy type, from the custom resource where there is one: so the first policy, and with it the others, waits until
/// the type is on. `DependsOn` cannot name a resource that may not be there.
fn enabled_type() -> Value {
    json!({ "Fn::If": ["EnablesType", { "Fn::GetAtt": ["PolicyType", "PolicyType"] }, POLICY_TYPE] })
}

fn target(target: &TargetId) -> Value {
    match target {
        TargetId::Root(_) => json!({ "Ref": "RootId" }),
        TargetId::Unit(_) | TargetId::Account(_) => target.to_string().into(),
    }
}

fn output(it: &Labelled) -> (String, Value) {
    let id = logical_id(&it.label);
    (format!("{id}Id"), json!({ "Description": "The id of the policy", "Value": { "Ref": id } }))
}

/// What AWS or CloudFormation would not take as it is meant.
fn check(design: &Design) -> Result<(), GenerateError> {
    for policy in design.policies.iter().map(|it| &it.policy) {
        let count = policy.targets.len();
        if count > TARGETS_LIMIT {
            return Err(GenerateError::TooManyTargets { name: policy.name.clone(), count, limit: TARGETS_LIMIT });
        }
        refuse("CloudFormation", DYNAMIC_REFERENCE, policy.name.as_str(), &policy.description, &policy.tags)?;
    }
    let intent = &design.provenance.intent;
    refuse("CloudFormation", DYNAMIC_REFERENCE, intent, "", &BTreeMap::new())?;
    refuse_declared(design, "CloudFormation", DYNAMIC_REFERENCE)
}

/// Refuses what is declared with `found` in its reason.
pub(super) fn refuse_declared(design: &Design, tool: &'static str, found: &'static str) -> Result<(), GenerateError> {
    let what = design.declared.iter().find(|it| it.reason.contains(found)).map(|_| "an exception".to_owned());
    what.map_or(Ok(()), |what| Err(GenerateError::Replaced { tool, found, what }))
}

/// Refuses texts with `found` in them.
pub(super) fn refuse(
    tool: &'static str,
    found: &'static str,
    name: &str,
    description: &str,
    tags: &BTreeMap<String, String>,
) -> Result<(), GenerateError> {
    let texts = [("a name", name), ("a description", description)].into_iter();
    let tags = tags.iter().flat_map(|(key, value)| [("the key of a tag", key.as_str()), ("a tag", value.as_str())]);
    let what = texts.chain(tags).find(|(_, text)| text.contains(found)).map(|(what, _)| what.to_owned());
    what.map_or(Ok(()), |what| Err(GenerateError::Replaced { tool, found, what }))
}

fn imports(design: &Design) -> Vec<Value> {
    let there = design.policies.iter().filter_map(|it| Some((it, it.policy.id.as_ref()?)));
    let import = |(it, id): (&Labelled, &crate::org::PolicyId)| {
        json!({
            "ResourceType": "AWS::Organizations::Policy",
            "LogicalResourceId": logical_id(&it.label),
            "ResourceIdentifier": { "Id": id.as_str() },
        })
    };
    there.map(import).collect()
}
