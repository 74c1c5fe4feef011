//! Facts of Python, JavaScript and TypeScript: calls of the Organizations API, and constructs of the CDK.

use super::classify::{document, has_operators, is_document, looks_ai, target, targets};
use super::{
    At, Attachment, Document, Facts, How, Organization, Origin, Policy, Rollout, Style, Target, Type, request,
};
use crate::lint::across::control_policy::{self, Declared};
use crate::lint::facts::api::snake;
use crate::lint::read::code::Code;
use crate::lint::read::code_names::Names;
use crate::lint::read::code_value::{Call, calls};
use crate::lint::read::value::{Value, ValueKind};

/// A text with its calls and names.
#[derive(Debug)]
pub(in crate::lint) struct Script<'a> {
    pub file: usize,
    pub name: &'a str,
    pub code: Code<'a>,
    pub calls: Vec<Call>,
    pub names: Names,
}

impl<'a> Script<'a> {
    pub(in crate::lint) fn read(file: usize, name: &'a str, code: Code<'a>) -> Self {
        let (calls, names) = (calls(&code), Names::of(&code));
        Self { file, name, code, calls, names }
    }

    /// The calls of an operation, in whatever spelling.
    pub(in crate::lint) fn operation<'s>(&'s self, operation: &'s str) -> impl Iterator<Item = &'s Call> {
        self.calls.iter().filter(move |call| snake(call.name()) == operation)
    }
}

/// Reads a script.
pub(in crate::lint) fn script(script: &Script<'_>, facts: &mut Facts) {
    for call in &script.calls {
        match snake(call.name()).as_str() {
            "create_policy" => create(script, call, facts),
            "update_policy" => update(script, call, facts),
            "attach_policy" => attach(script, call, facts),
            "cfn_policy" => construct(script, call, facts),
            "cfn_organization" => organization(script, call, facts),
            "cfn_stack_set" => stack_set(script, call, facts),
            "organizations_policy" => resource(script, call, facts),
            "policy" if call.callee.ends_with("organizations.Policy") => resource(script, call, facts),
            "organizations_policy_attachment" => resource_attachment(script, call, facts),
            "policy_attachment" if call.callee.ends_with("organizations.PolicyAttachment") => {
                resource_attachment(script, call, facts);
            }
            _ => {}
        }
    }
    loose(script, facts);
}

fn named(script: &Script<'_>, call: &Call, names: &[&str]) -> Option<Value> {
    call.named(names).map(|value| script.names.resolve(value))
}

fn content(script: &Script<'_>, value: &Value, as_object: bool, facts: &mut Facts) -> Option<Document> {
    let encoded = match &value.kind {
        ValueKind::Encoded(inner, _) => &inner.kind,
        other => other,
    };
    if let ValueKind::File { path, decoded } = encoded {
        facts.content_files.push((path.clone(), script.file, *decoded));
    }
    document(script.file, script.code.text, Style::Json, value, as_object)
}

/// What a call says of a policy.
struct Said {
    address: String,
    kind: Option<Value>,
    content: Option<Value>,
    /// Whether an object that is no text can be the content.
    as_object: bool,
    name: Option<Value>,
}

/// The policy of a call, if it is an opt-out policy by its type or its content; else it is looked at as one of another type.
fn policy(script: &Script<'_>, call: &Call, said: Said, facts: &mut Facts) -> Option<Policy> {
    let Said { address, kind, content: value, as_object, name } = said;
    let kind = Type::of(kind.as_ref());
    let found = value.as_ref().and_then(|value| content(script, value, as_object, facts));
    let found = found.filter(|found| kind.is_ai() || looks_ai(&found.body));
    if !kind.is_ai() && found.is_none() {
        control_policy(script, call, &kind, value.as_ref(), facts);
        return None;
    }
    Some(Policy {
        at: At { file: script.file, span: call.span },
        unit: script.name.to_owned(),
        address,
        kind,
        document: found,
        content: value,
        name,
        used: false,
        language: Origin::Code,
        as_text: None,
    })
}

/// `create_policy(Name=…, Type=…, Content=…)` of Organizations; that of IAM has neither type nor content.
fn create(script: &Script<'_>, call: &Call, facts: &mut Facts) {
    let said = Said {
        address: format!("create_policy at {}", call.at),
        kind: named(script, call, &["Type"]),
        content: named(script, call, &["Content"]),
        as_object: false,
        name: named(script, call, &["Name"]),
    };
    let policy = policy(script, call, said, facts);
    facts.policies.extend(policy);
}

/// A policy of another type: is it to opt out?
fn control_policy(script: &Script<'_>, call: &Call, kind: &Type, content: Option<&Value>, facts: &mut Facts) {
    let names = ["Name", "name", "Description", "description"];
    let named: Vec<Value> = names.iter().filter_map(|name| argument(script, call, &[name])).collect();
    let texts = named.iter().chain(&call.positional).filter_map(Value::text).collect();
    let at = At { file: script.file, span: call.span };
    facts.findings.extend(control_policy::check(&Declared { at, kind, else_type: None, texts, content }));
}

fn update(script: &Script<'_>, call: &Call, facts: &mut Facts) {
    let Some(value) = named(script, call, &["Content"]) else { return };
    let found = content(script, &value, false, facts).filter(|found| looks_ai(&found.body));
    facts.documents.extend(found);
}

fn attach(script: &Script<'_>, call: &Call, facts: &mut Facts) {
    let Some(value) = call.named(&["TargetId"]) else { return };
    let target = match target(&script.names.resolve(value)) {
        Target::Unknown => looped(script, call, value),
        known => known,
    };
    facts.attachments.push(Attachment {
        at: At { file: script.file, span: call.span },
        unit: script.name.to_owned(),
        policy: None,
        target,
        language: Origin::Code,
    });
}

/// `for account in …accounts…: attach_policy(TargetId=account["Id"])`.
fn looped(script: &Script<'_>, call: &Call, value: &Value) -> Target {
    let mentions = value.mentions();
    let Some(variable) = mentions.first().map(|name| name.split('.').next().unwrap_or_default()) else {
        return Target::Unknown;
    };
    let code = &script.code;
    let heads = (0..call.at).rev().filter(|at| code.word(*at) == "for" && code.is_name(*at));
    for head in heads {
        let line: Vec<&str> = (head..(head + 24).min(call.at)).map(|at| code.word(at)).collect();
        let own = line.iter().take_while(|word| **word != "in" && **word != "of").any(|word| *word == variable);
        if own {
            let over = line.iter().skip_while(|word| **word != "in" && **word != "of").map(|word| word.to_lowercase());
            let accounts = over.into_iter().any(|word| word.contains("account"));
            return if accounts { Target::EachAccount } else { Target::Unknown };
        }
    }
    Target::Unknown
}

/// `CfnPolicy(self, "Id", type=…, content=…, target_ids=[…])`.
fn construct(script: &Script<'_>, call: &Call, facts: &mut Facts) {
    let said = Said {
        address: format!("CfnPolicy at {}", call.at),
        kind: named(script, call, &["type"]),
        content: named(script, call, &["content"]),
        as_object: true,
        name: named(script, call, &["name"]),
    };
    let Some(policy) = policy(script, call, said, facts) else { return };
    let given = named(script, call, &["target_ids", "targetIds"]);
    for (target, span) in given.iter().flat_map(targets) {
        facts.attachments.push(Attachment {
            at: At { file: script.file, span },
            unit: script.name.to_owned(),
            policy: Some(policy.address.clone()),
            target,
            language: Origin::Cdk,
        });
    }
    let text = policy.content.as_ref().filter(|value| !value.is_map() && policy.document.is_some());
    facts.policies.push(Policy {
        as_text: text.map(|value| value.span),
        used: is_spread(script, call) || (script.code.text.contains("target_ids") && given.is_none()),
        language: Origin::Cdk,
        ..policy
    });
}

/// Whether options are given that stand elsewhere: targets may be among them.
fn is_spread(script: &Script<'_>, call: &Call) -> bool {
    let rest = script.code.text.get(call.span.end..).unwrap_or_default();
    rest.split(')').next().is_some_and(|it| it.contains("**") || it.contains("..."))
}

/// An argument by its name, or in any object that is given: options may follow it.
fn argument(script: &Script<'_>, call: &Call, names: &[&str]) -> Option<Value> {
    let given = || call.positional.iter().find_map(|it| names.iter().find_map(|name| it.get(name)));
    call.named(names).or_else(given).map(|value| script.names.resolve(value))
}

/// `OrganizationsPolicy(…)` of the CDK for Terraform, `aws.organizations.Policy(…)` of Pulumi: attached by a resource of its own.
fn resource(script: &Script<'_>, call: &Call, facts: &mut Facts) {
    let said = Said {
        address: format!("resource at {}", call.at),
        kind: argument(script, call, &["type"]),
        content: argument(script, call, &["content"]),
        as_object: false,
        name: argument(script, call, &["name"]),
    };
    let policy = policy(script, call, said, facts);
    facts.policies.extend(policy);
}

fn resource_attachment(script: &Script<'_>, call: &Call, facts: &mut Facts) {
    let Some(value) = argument(script, call, &["targetId", "target_id"]) else { return };
    facts.attachments.push(Attachment {
        at: At { file: script.file, span: call.span },
        unit: script.name.to_owned(),
        policy: None,
        target: target(&value),
        language: Origin::Code,
    });
}

fn organization(script: &Script<'_>, call: &Call, facts: &mut Facts) {
    let keeps = ["RemovalPolicy.RETAIN", "CfnDeletionPolicy.RETAIN"].iter().any(|it| script.code.text.contains(it));
    facts.organizations.push(Organization {
        at: At { file: script.file, span: call.span },
        unit: script.name.to_owned(),
        protected: keeps,
        types: Some(Vec::new()),
        types_span: None,
        language: Origin::Cdk,
    });
}

fn stack_set(script: &Script<'_>, call: &Call, facts: &mut Facts) {
    let body = named(script, call, &["template_body", "templateBody"]);
    let (path, text) = match body.as_ref().map(|value| &value.kind) {
        Some(ValueKind::Text(text)) => (None, Some(text.value.clone())),
        Some(ValueKind::File { path, .. }) => (Some(path.clone()), None),
        _ => return,
    };
    facts.rollouts.push(Rollout { at: At { file: script.file, span: call.span }, path, text, how: How::StackSet });
}

/// Literal documents with operators that stand elsewhere (what has none may be an answer of AWS), and inputs of calls that
/// are made elsewhere.
fn loose(script: &Script<'_>, facts: &mut Facts) {
    for at in 0..script.code.tokens.len() {
        let next = (at + 1..at + 4)
            .find(|it| script.code.get(*it).is_some_and(|token| token.kind != crate::lint::read::code::Kind::Break));
        let first = next.map_or("", |it| script.code.word(it).trim_matches(['"', '\'']));
        if script.code.word(at) == "{" && first == "services" {
            let (value, _) = crate::lint::read::code_value::expression(&script.code, at, 0);
            if is_document(&value) && has_operators(&value) {
                facts.documents.extend(document(script.file, script.code.text, Style::Json, &value, true));
            }
        } else if script.code.word(at) == "{" && request::begins(first) && !is_argument(script, at) {
            let (value, _) = crate::lint::read::code_value::expression(&script.code, at, 0);
            let file = (script.file, script.name, script.code.text);
            request::take(file, Style::Json, &script.names.resolve(&value), facts);
        }
    }
}

/// Whether an object is given to a call that is looked at by itself.
fn is_argument(script: &Script<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| script.code.word(before) == "(")
}
