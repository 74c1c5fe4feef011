//! A CloudFormation template while it is put together: its sections, and the functions that its values use.
//!
//! What the functions are called is checked by cfn-lint; the page was not read:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>.

use serde_json::{Map, Value, json};

use super::super::Design;

/// A template.
#[derive(Default)]
pub(super) struct Template {
    description: &'static str,
    parameters: Map<String, Value>,
    rules: Map<String, Value>,
    conditions: Map<String, Value>,
    resources: Map<String, Value>,
    outputs: Map<String, Value>,
}

impl Template {
    pub(super) fn new(description: &'static str) -> Self {
        Self { description, ..Self::default() }
    }

    /// A parameter.
    pub(super) fn parameter(&mut self, name: &str, parameter: Value) {
        self.parameters.insert(name.to_owned(), parameter);
    }

    /// A text parameter that must look like `pattern`, empty where it is to be given.
    pub(super) fn text(&mut self, name: &str, description: &str, pattern: &str, default: Option<&str>) {
        let mut parameter = json!({
            "Type": "String",
            "Description": description,
            "AllowedPattern": pattern,
            "ConstraintDescription": format!("it must match {pattern}"),
        });
        if let (Some(parameter), Some(default)) = (parameter.as_object_mut(), default) {
            parameter.insert("Default".to_owned(), default.into());
        }
        self.parameter(name, parameter);
    }

    /// A parameter that is one of a few words, the first by default.
    pub(super) fn choice(&mut self, name: &str, description: &str, words: &[&str]) {
        let parameter = json!({
            "Type": "String",
            "Description": description,
            "AllowedValues": words,
            "Default": words.first().copied().unwrap_or_default(),
        });
        self.parameter(name, parameter);
    }

    /// A whole number from `least` to `most`.
    pub(super) fn number(&mut self, name: &str, description: &str, (least, most): (u32, u32), default: u32) {
        let parameter = json!({
            "Type": "Number",
            "Description": description,
            "MinValue": least,
            "MaxValue": most,
            "Default": default,
        });
        self.parameter(name, parameter);
    }

    /// What must hold of the parameters before anything is created.
    pub(super) fn rule(&mut self, name: &str, assert: Value, description: &str) {
        let assertion = object([("Assert", assert), ("AssertDescription", description.into())]);
        self.rules.insert(name.to_owned(), object([("Assertions", Value::Array(vec![assertion]))]));
    }

    /// A condition.
    pub(super) fn condition(&mut self, name: &str, condition: Value) {
        self.conditions.insert(name.to_owned(), condition);
    }

    /// The condition that a parameter has this value.
    pub(super) fn equals(&mut self, name: &str, parameter: &str, value: &str) {
        self.condition(name, json!({ "Fn::Equals": [reference(parameter), value] }));
    }

    /// The condition that a parameter is not empty.
    pub(super) fn given(&mut self, name: &str, parameter: &str) {
        self.condition(name, json!({ "Fn::Not": [{ "Fn::Equals": [reference(parameter), ""] }] }));
    }

    /// A resource.
    pub(super) fn resource(&mut self, name: &str, kind: &str, properties: Value) {
        self.resource_with(name, kind, properties, json!({}));
    }

    /// A resource that is there only where a condition holds.
    pub(super) fn resource_where(&mut self, condition: &str, name: &str, kind: &str, properties: Value) {
        self.resource_with(name, kind, properties, json!({ "Condition": condition }));
    }

    /// A resource with other attributes.
    pub(super) fn resource_with(&mut self, name: &str, kind: &str, properties: Value, with: Value) {
        let mut resource = object([("Type", kind.into()), ("Properties", properties)]);
        if let (Some(resource), Value::Object(with)) = (resource.as_object_mut(), with) {
            resource.extend(with);
        }
        self.resources.insert(name.to_owned(), resource);
    }

    /// An output.
    pub(super) fn output(&mut self, name: &str, description: &str, value: Value) {
        let output = object([("Description", description.into()), ("Value", value)]);
        self.outputs.insert(name.to_owned(), output);
    }

    /// The whole.
    pub(super) fn value(self, design: &Design) -> Value {
        let mut value = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": self.description,
            "Metadata": { "Optout": design.provenance.value() },
            "Parameters": self.parameters,
        });
        let sections = [
            ("Rules", self.rules),
            ("Conditions", self.conditions),
            ("Resources", self.resources),
            ("Outputs", self.outputs),
        ];
        if let Some(value) = value.as_object_mut() {
            let filled = sections.into_iter().filter(|(_, section)| !section.is_empty());
            value.extend(filled.map(|(name, section)| (name.to_owned(), Value::Object(section))));
        }
        value
    }
}

/// A map of these entries.
pub(super) fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    entries.into_iter().collect()
}

/// The value of a parameter, or the id of a resource.
pub(super) fn reference(name: &str) -> Value {
    json!({ "Ref": name })
}

/// An attribute of a resource.
pub(super) fn attribute(resource: &str, name: &str) -> Value {
    json!({ "Fn::GetAtt": [resource, name] })
}

/// The ARN of a resource.
pub(super) fn arn(resource: &str) -> Value {
    attribute(resource, "Arn")
}

/// A text with `${…}` in it.
pub(super) fn substituted(text: &str) -> Value {
    json!({ "Fn::Sub": text })
}

/// One of two values.
pub(super) fn either(condition: &str, yes: Value, no: Value) -> Value {
    object([("Fn::If", Value::Array(vec![condition.into(), yes, no]))])
}

/// A value where a condition holds, else as if nothing stood there.
pub(super) fn only(condition: &str, value: Value) -> Value {
    either(condition, value, reference("AWS::NoValue"))
}

/// The same statement with what stands in its resources replaced by CloudFormation.
pub(super) fn with_substitutions(mut statement: Value) -> Value {
    if let Some(resource) = statement.get_mut("Resource") {
        *resource = match resource.take() {
            Value::String(text) => written(text),
            Value::Array(texts) => texts
                .into_iter()
                .map(|it| match it {
                    Value::String(text) => written(text),
                    other => other,
                })
                .collect(),
            other => other,
        };
    }
    statement
}

fn written(text: String) -> Value {
    if text.contains("${") { substituted(&text) } else { Value::String(text) }
}

/// A policy document.
pub(super) fn document(statements: &[Value]) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// The trust of a role: a service, which acts for this account.
///
/// Sources of the condition, read 2026-11-24: for EventBridge Scheduler
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html>, for rules of EventBridge
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html>, for Step Functions
/// <https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html> and the roles that its console makes.
pub(super) fn trusts(service: &str) -> Value {
    document(&[json!({
        "Effect": "Allow",
        "Principal": { "Service": service },
        "Action": "sts:AssumeRole",
        "Condition": { "StringEquals": { "aws:SourceAccount": reference("AWS::AccountId") } },
    })])
}
