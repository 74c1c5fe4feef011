//! Facts of CloudFormation templates, of Landing Zone Accelerator's configuration, and of Control Tower's customizations.

use super::classify::{document, is_document, targets};
use super::{AI_TYPE, At, Attachment, Facts, How, Organization, Origin, Policy, Rollout, Style, Type, inside};
use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::across::control_policy::{self, Declared};
use crate::lint::read::value::{Entry, Value, ValueKind};
use crate::lint::read::yaml::substitutions;

/// Whether a value is a template.
pub(in crate::lint) fn is_template(value: &Value) -> bool {
    value.get("Resources").is_some_and(|resources| {
        resources.entries().iter().any(|entry| entry.value.get("Type").is_some_and(|kind| kind.text().is_some()))
    })
}

/// The functions of CloudFormation in their long form as open values.
pub(in crate::lint) fn intrinsics(value: &Value) -> Value {
    let kind = match &value.kind {
        ValueKind::Map(entries) => match entries.as_slice() {
            [only] if only.key == "Ref" || only.key == "Condition" && only.value.text().is_some() => {
                ValueKind::Open(only.value.text().map(str::to_owned).into_iter().collect())
            }
            [only] if only.key == "Fn::ToJsonString" => {
                ValueKind::Encoded(Box::new(intrinsics(&only.value)), crate::lint::read::value::Spacing::Minified)
            }
            [only] if only.key.starts_with("Fn::") => ValueKind::Open(mentions(&only.key, &only.value)),
            entries => {
                ValueKind::Map(entries.iter().map(|it| Entry { value: intrinsics(&it.value), ..it.clone() }).collect())
            }
        },
        ValueKind::List(elements) => ValueKind::List(elements.iter().map(intrinsics).collect()),
        other => other.clone(),
    };
    Value::new(value.span, kind)
}

fn mentions(function: &str, value: &Value) -> Vec<String> {
    match (function, &value.kind) {
        ("Fn::Sub", ValueKind::Text(text)) => substitutions(&text.value),
        ("Fn::GetAtt", ValueKind::List(parts)) => {
            vec![parts.iter().filter_map(Value::text).collect::<Vec<_>>().join(".")]
        }
        ("Fn::GetAtt" | "Fn::ImportValue", ValueKind::Text(text)) => vec![text.value.clone()],
        ("Fn::Sub", ValueKind::List(parts)) => {
            let own = parts.first().and_then(Value::text).map(substitutions).unwrap_or_default();
            let rest = intrinsics(value);
            own.into_iter().chain(rest.mentions().into_iter().map(str::to_owned)).collect()
        }
        _ => intrinsics(value).mentions().into_iter().map(str::to_owned).collect(),
    }
}

/// Reads a template.
pub(in crate::lint) fn template(file: usize, name: &str, text: &str, native: Style, value: &Value, facts: &mut Facts) {
    let value = intrinsics(value);
    let before = facts.policies.len();
    let resources = value.get("Resources").map(Value::entries).unwrap_or_default();
    let template = Template { file, name, text, native, value: &value };
    for resource in resources {
        match resource.value.get("Type").and_then(Value::text) {
            Some("AWS::Organizations::Policy") => template.policy(resource, facts),
            Some("AWS::Organizations::Organization") => template.organization(resource, facts),
            Some("AWS::CloudFormation::StackSet") => template.stack_set(resource, facts),
            _ => {}
        }
    }
    let is_ai = facts.policies.len() > before || text.contains(AI_TYPE);
    if is_ai {
        template.pseudo_parameters(&value, facts);
        super::super::across::functions::check(file, &value, facts);
    }
    value.visit(&mut |value| {
        if let ValueKind::Text(text) = &value.kind
            && let Some(language) = inside(&text.value)
        {
            facts.embedded.push((file, text.clone(), value.span, language));
        }
    });
}

struct Template<'a> {
    file: usize,
    name: &'a str,
    text: &'a str,
    native: Style,
    value: &'a Value,
}

impl Template<'_> {
    fn policy(&self, resource: &Entry, facts: &mut Facts) {
        let Some(properties) = resource.value.get("Properties") else { return };
        let kind = Type::of(properties.get("Type"));
        let content = properties.get("Content");
        let found = content.and_then(|content| document(self.file, self.text, self.native, content, true));
        let is_ai = kind.is_ai();
        let looks = content.is_some_and(|content| {
            is_document(content) || content.text().is_some_and(super::classify::is_document_text)
        });
        let found = found.filter(|_| is_ai || looks);
        let at = At { file: self.file, span: resource.key_span };
        if !is_ai && found.is_none() {
            let named = ["Name", "Description"].iter().filter_map(|key| properties.get(key)?.text());
            let texts = named.chain([resource.key.as_str()]).collect();
            let declared = Declared { at, kind: &kind, else_type: None, texts, content };
            facts.findings.extend(control_policy::check(&declared));
            return;
        }
        self.targets(resource, properties, at, facts);
        facts.policies.push(Policy {
            at,
            unit: self.name.to_owned(),
            address: resource.key.clone(),
            kind,
            as_text: content.filter(|content| content.text().is_some()).map(|content| content.span),
            document: found,
            content: content.cloned(),
            name: properties.get("Name").cloned(),
            used: self.is_used(&resource.key),
            language: Origin::CloudFormation,
        });
    }

    fn targets(&self, resource: &Entry, properties: &Value, at: At, facts: &mut Facts) {
        let Some(value) = properties.get("TargetIds") else { return };
        for (target, span) in targets(value) {
            facts.attachments.push(Attachment {
                at: At { file: at.file, span },
                unit: self.name.to_owned(),
                policy: Some(resource.key.clone()),
                target,
                language: Origin::CloudFormation,
            });
        }
    }

    /// Whether anything in the template refers to a resource.
    fn is_used(&self, id: &str) -> bool {
        self.value.mentions().iter().any(|name| name.split('.').next() == Some(id))
    }

    fn organization(&self, resource: &Entry, facts: &mut Facts) {
        let keeps = |key: &str| {
            resource
                .value
                .get(key)
                .and_then(Value::text)
                .is_some_and(|it| matches!(it, "Retain" | "RetainExceptOnCreate"))
        };
        facts.organizations.push(Organization {
            at: At { file: self.file, span: resource.key_span },
            unit: self.name.to_owned(),
            protected: keeps("DeletionPolicy"),
            types: Some(Vec::new()),
            types_span: None,
            language: Origin::CloudFormation,
        });
    }

    fn stack_set(&self, resource: &Entry, facts: &mut Facts) {
        let body = resource.value.at(&["Properties", "TemplateBody"]).and_then(Value::text);
        let address = resource.value.at(&["Properties", "TemplateURL"]).and_then(Value::text);
        let path = address.and_then(|it| it.rsplit('/').next()).map(str::to_owned);
        let at = At { file: self.file, span: resource.key_span };
        facts.rollouts.push(Rollout { at, path, text: body.map(str::to_owned), how: How::StackSet });
    }

    /// `AWS::…` that CloudFormation does not have.
    fn pseudo_parameters(&self, value: &Value, facts: &mut Facts) {
        value.visit(&mut |value| {
            let ValueKind::Open(names) = &value.kind else { return };
            for name in names.iter().filter(|name| name.starts_with("AWS::") && !PSEUDO.contains(&name.as_str())) {
                let message = format!("`{name}` is no pseudo parameter of CloudFormation: the template is refused");
                let help = if name.to_lowercase().contains("root") {
                    "take the root's id as a parameter, or from a custom resource that reads ListRoots"
                } else {
                    "use a parameter, or one of the pseudo parameters that there are"
                };
                let finding = Finding::new("unknown-pseudo-parameter", Severity::High, value.span, message, help);
                facts.findings.push((self.file, finding));
            }
        });
    }
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>, and `AWS::NoValue`.
const PSEUDO: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// Reads `customizations-config.yaml` of Landing Zone Accelerator.
pub(in crate::lint) fn lza_customizations(file: usize, value: &Value, facts: &mut Facts) {
    let stacks = value.at(&["customizations", "cloudFormationStacks"]).map(Value::elements).unwrap_or_default();
    for stack in stacks {
        let Some(wrong) = wrong_targets(stack) else { continue };
        rollout(file, stack, "template", How::Lza { wrong }, facts);
    }
    let sets = value.at(&["customizations", "cloudFormationStackSets"]).map(Value::elements).unwrap_or_default();
    for set in sets {
        let Some(wrong) = wrong_targets(set) else { continue };
        rollout(file, set, "template", How::Targeted { wrong }, facts);
    }
}

/// Reads `manifest.yaml` of Customizations for Control Tower, which deploys templates by StackSets and in no other way: into
/// the accounts that are named, and those of the units that are named, in each region.
///
/// <https://docs.aws.amazon.com/controltower/latest/userguide/cfct-manifest-file-resources-section.html> and, for manifests of
/// version 2020-01-01, `source/src/cfct/validation/manifest.schema.yaml` of
/// <https://github.com/aws-solutions/aws-control-tower-customizations> at 08f76ab; read 2026-11-24.
pub(in crate::lint) fn control_tower_manifest(file: usize, value: &Value, facts: &mut Facts) {
    let lists: [(&str, &str, &[&str], &[&str]); 2] = [
        (
            "resources",
            "resource_file",
            &["deployment_targets", "organizational_units"],
            &["deployment_targets", "accounts"],
        ),
        ("cloudformation_resources", "template_file", &["deploy_to_ou"], &["deploy_to_account"]),
    ];
    for (list, template, units, accounts) in lists {
        for resource in value.get(list).map(Value::elements).unwrap_or_default() {
            let stacks = resource.get("deploy_method").and_then(Value::text) == Some("stack_set");
            let Some(wrong) = too_wide(resource, units, accounts).filter(|_| stacks) else { continue };
            rollout(file, resource, template, How::Targeted { wrong }, facts);
        }
    }
}

fn rollout(file: usize, stack: &Value, key: &str, how: How, facts: &mut Facts) {
    let Some(path) = stack.get(key).and_then(Value::text) else { return };
    let targets = ["deploymentTargets", "deployment_targets", "deploy_to_ou", "deploy_to_account"];
    let span = targets.iter().find_map(|key| stack.entry(key)).map_or(stack.span, |entry| entry.key_span);
    facts.rollouts.push(Rollout { at: At { file, span }, path: Some(path.to_owned()), text: None, how });
}

/// What is wrong with the targets of a custom stack, if it is to make one policy in one place.
fn wrong_targets(stack: &Value) -> Option<String> {
    too_wide(stack, &["deploymentTargets", "organizationalUnits"], &["deploymentTargets", "accounts"])
}

/// What takes a stack to more than one account in one region.
fn too_wide(stack: &Value, units: &[&str], accounts: &[&str]) -> Option<String> {
    let list = |path: &[&str]| stack.at(path).map(Value::elements).unwrap_or_default();
    let units: Vec<String> = list(units).iter().map(shown).collect();
    if !units.is_empty() {
        return Some(format!("it is deployed into every account of {}", units.join(", ")));
    }
    match (list(accounts), list(&["regions"])) {
        (accounts @ [_, _, ..], _) => Some(format!("it is deployed into {} accounts", accounts.len())),
        (_, regions @ [_, _, ..]) => Some(format!("it is deployed into {} regions", regions.len())),
        _ => None,
    }
}

/// A unit as it is written, or that it is only known at run time.
fn shown(unit: &Value) -> String {
    unit.text().map_or_else(|| "a unit".to_owned(), str::to_owned)
}

/// Policies in `organization-config.yaml` that Landing Zone Accelerator does not know.
///
/// Its schema of v1.15.5 (read 2026-11-23) has declarative, resource control, service control, tagging, chatbot and backup
/// policies; AI services opt-out is asked for in its issue 107.
pub(in crate::lint) fn lza_organization(file: usize, value: &Value, facts: &mut Facts) {
    for entry in value.entries() {
        let squeezed: String = entry.key.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let asks = squeezed.contains("optout") || squeezed.starts_with("aiservice");
        let inside = entry.value.elements().iter().any(|it| it.get("type").and_then(Value::text) == Some(AI_TYPE));
        if asks || inside {
            let message = format!("Landing Zone Accelerator has no `{}` for AI services opt-out policies", entry.key);
            let help = "keep the policy in a template of its own, deployed to the management account in one region by \
                        `customizations-config.yaml`";
            let finding = Finding::new("lza-unsupported-policies", Severity::High, entry.key_span, message, help);
            facts.findings.push((file, finding));
        }
    }
}
