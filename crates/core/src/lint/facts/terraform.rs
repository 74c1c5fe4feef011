//! Facts of a Terraform module: one folder, all its files together.

use super::classify::{document, is_document, looks_ai, target};
use super::{At, Attachment, Facts, How, Organization, Origin, Policy, Rollout, Style, Target, Type, inside, request};
use crate::lint::across::control_policy::{self, Declared};
use crate::lint::read::hcl::Block;
use crate::lint::read::hcl_scope::{Placed, Scope};
use crate::lint::read::value::{Value, ValueKind};

/// A file of the module.
#[derive(Debug)]
pub(in crate::lint) struct File<'a> {
    /// Its number in the repository.
    pub number: usize,
    pub text: &'a str,
    pub body: Block,
    /// Whether it gives values to variables (`.tfvars`).
    pub values: bool,
}

/// Reads a module.
pub(in crate::lint) fn module(folder: &str, files: &[File<'_>], facts: &mut Facts) {
    let mut scope = Scope::default();
    for file in files {
        if file.values {
            scope.add_values(file.number, &file.body);
        } else {
            scope.add(file.number, &file.body);
        }
    }
    let module = Module { folder, files, scope };
    for file in files {
        file.body.blocks.iter().for_each(|block| module.block(file, block, facts));
        module.loose(file, &file.body, facts);
    }
}

struct Module<'a> {
    folder: &'a str,
    files: &'a [File<'a>],
    scope: Scope,
}

impl Module<'_> {
    fn block(&self, file: &File<'_>, block: &Block, facts: &mut Facts) {
        if block.kind != "resource" {
            return;
        }
        match block.label(0) {
            "aws_organizations_policy" => self.policy(file, block, facts),
            "aws_organizations_policy_attachment" => self.attachment(file, block, facts),
            "aws_organizations_organization" => self.organization(file, block, facts),
            "aws_cloudformation_stack_set" => self.stack_set(file, block, facts),
            _ => {}
        }
    }

    fn text(&self, number: usize) -> &str {
        self.files.iter().find(|file| file.number == number).map_or("", |file| file.text)
    }

    fn resolved(&self, file: &File<'_>, block: &Block, key: &str) -> Option<Placed> {
        block.get(key).map(|value| self.scope.resolve(file.number, value))
    }

    fn policy(&self, file: &File<'_>, block: &Block, facts: &mut Facts) {
        let kind = match self.resolved(file, block, "type") {
            None => Type::Missing,
            Some(placed) => match &placed.value.kind {
                ValueKind::Text(text) if placed.file == file.number => {
                    Type::Named(text.value.clone(), placed.value.span)
                }
                ValueKind::Text(text) => Type::Named(text.value.clone(), block.span),
                _ => Type::Open,
            },
        };
        let content = self.resolved(file, block, "content");
        let named_file = content.as_ref().and_then(|content| self.named_file(content, facts));
        let found = content.as_ref().and_then(|it| document(it.file, self.text(it.file), Style::Hcl, &it.value, false));
        let found = found.filter(|found| kind.is_ai() || looks_ai(&found.body));
        if found.is_none() {
            self.control_policy(file, block, &kind, content.as_ref(), facts);
        }
        let address = format!("aws_organizations_policy.{}", block.label(1));
        let ai_file = named_file.is_some() && kind.is_ai();
        if kind.is_ai() || found.is_some() || ai_file {
            facts.policies.push(Policy {
                at: At { file: file.number, span: block.span },
                unit: self.folder.to_owned(),
                used: self.is_used(&address),
                address,
                kind,
                document: found,
                content: content.map(|placed| placed.value),
                name: self.resolved(file, block, "name").map(|placed| placed.value),
                language: Origin::Terraform,
                as_text: None,
            });
        }
    }

    /// A policy of another type: is it to opt out? Terraform takes a service control policy where no type is said.
    fn control_policy(&self, file: &File<'_>, block: &Block, kind: &Type, content: Option<&Placed>, facts: &mut Facts) {
        let texts: Vec<Placed> =
            ["name", "description"].iter().filter_map(|key| self.resolved(file, block, key)).collect();
        let texts = texts.iter().filter_map(|placed| placed.value.text()).chain([block.label(1)]).collect();
        let at = At { file: file.number, span: block.span };
        let content = content.map(|placed| &placed.value);
        let declared = Declared { at, kind, else_type: Some("SERVICE_CONTROL_POLICY"), texts, content };
        facts.findings.extend(control_policy::check(&declared));
    }

    /// The file whose text or value is the content.
    fn named_file(&self, content: &Placed, facts: &mut Facts) -> Option<String> {
        let (path, decoded) = match &content.value.kind {
            ValueKind::File { path, decoded } => (path, *decoded),
            ValueKind::Encoded(inner, _) => match &inner.kind {
                ValueKind::File { path, decoded: true } => (path, true),
                _ => return None,
            },
            _ => return None,
        };
        facts.content_files.push((path.clone(), content.file, decoded));
        Some(path.clone())
    }

    /// Whether a block that neither attaches nor imports mentions it.
    fn is_used(&self, address: &str) -> bool {
        let mentions = |names: Vec<&str>| names.iter().any(|name| refers(name, address));
        let blocks = self.files.iter().flat_map(|file| &file.body.blocks);
        let others = blocks.filter(|block| {
            !(matches!(block.kind.as_str(), "import" | "moved" | "removed" | "check")
                || (block.kind == "resource" && block.label(0) == "aws_organizations_policy_attachment"))
        });
        others.filter(|block| format!("{}.{}", block.label(0), block.label(1)) != address).any(|block| {
            let own = block.attributes.iter().filter(|entry| entry.key != "depends_on");
            own.into_iter().any(|entry| mentions(entry.value.mentions()))
                || block.blocks.iter().any(|it| mentions(it.mentions()))
        })
    }

    fn attachment(&self, file: &File<'_>, block: &Block, facts: &mut Facts) {
        let policy = block.get("policy_id").and_then(|value| {
            let placed = self.scope.resolve(file.number, value);
            let names: Vec<String> = placed.value.mentions().iter().map(|it| (*it).to_owned()).collect();
            names.into_iter().find(|name| name.starts_with("aws_organizations_policy.")).map(|name| address_of(&name))
        });
        let value = self.resolved(file, block, "target_id").map(|placed| placed.value);
        facts.attachments.push(Attachment {
            at: At { file: file.number, span: block.span },
            unit: self.folder.to_owned(),
            policy,
            target: value.map_or(Target::Unknown, |value| self.target(file, block, &value)),
            language: Origin::Terraform,
        });
    }

    /// What is attached to; where the block is repeated, what it is repeated over.
    fn target(&self, file: &File<'_>, block: &Block, value: &Value) -> Target {
        let direct = target(value);
        let each = value.mentions().iter().any(|name| name.starts_with("each."));
        match (direct, each) {
            (Target::Unknown, true) => {
                let over = self.resolved(file, block, "for_each").map(|placed| placed.value);
                match over.as_ref().map(|over| (target(over), over)) {
                    Some((Target::Account, _)) => Target::EachAccount,
                    Some((Target::Unknown, over)) if over.is_map() => repeated(over),
                    Some((known, _)) => known,
                    None => Target::Unknown,
                }
            }
            (Target::Account, false) if block.get("count").is_some() => Target::EachAccount,
            (known, _) => known,
        }
    }

    fn organization(&self, file: &File<'_>, block: &Block, facts: &mut Facts) {
        let address = format!("aws_organizations_organization.{}", block.label(1));
        let prevents = block
            .blocks
            .iter()
            .filter(|it| it.kind == "lifecycle")
            .any(|it| it.get("prevent_destroy").is_some_and(|value| value.kind == ValueKind::Bool(true)));
        let all = self.files.iter().flat_map(|file| &file.body.blocks);
        let imported =
            all.filter(|it| it.kind == "import").any(|it| it.mentions().iter().any(|name| refers(name, &address)));
        let types = self.resolved(file, block, "enabled_policy_types");
        let known = types.as_ref().map(|placed| known_texts(&placed.value));
        facts.organizations.push(Organization {
            at: At { file: file.number, span: block.span },
            unit: self.folder.to_owned(),
            protected: prevents || imported,
            types: known.unwrap_or(Some(Vec::new())),
            types_span: types.filter(|placed| placed.file == file.number).map(|placed| placed.value.span),
            language: Origin::Terraform,
        });
    }

    fn stack_set(&self, file: &File<'_>, block: &Block, facts: &mut Facts) {
        let Some(body) = self.resolved(file, block, "template_body").map(|placed| placed.value) else { return };
        let (path, text) = match &body.kind {
            ValueKind::File { path, .. } => (Some(path.clone()), None),
            ValueKind::Text(text) => (None, Some(text.value.clone())),
            ValueKind::Encoded(inner, _) => {
                let mut text = String::new();
                inner.visit(&mut |value| text.extend(value.text().into_iter().flat_map(|it| [it, "\n"])));
                (None, Some(text))
            }
            _ => return,
        };
        let at = At { file: file.number, span: block.span };
        facts.rollouts.push(Rollout { at, path, text, how: How::StackSet });
    }

    /// Documents that stand anywhere else (locals, arguments of modules), and scripts inside.
    fn loose(&self, file: &File<'_>, block: &Block, facts: &mut Facts) {
        for entry in &block.attributes {
            entry.value.visit(&mut |value| {
                let (known, bare) = match &value.kind {
                    ValueKind::Encoded(inner, _) => (is_document(inner), false),
                    ValueKind::Map(_) => (is_document(value), true),
                    ValueKind::Text(text) => {
                        if let Some(language) = inside(&text.value) {
                            facts.embedded.push((file.number, text.clone(), value.span, language));
                        }
                        let input = request::document_in(text);
                        let known = input.is_none() && super::classify::is_document_text(&text.value);
                        let at = At { file: file.number, span: value.span };
                        facts.documents.extend(input.map(|content| request::fixed(at, content)));
                        (known, false)
                    }
                    _ => (false, false),
                };
                if known {
                    let resolved = self.scope.resolve(file.number, value);
                    let found = document(file.number, file.text, Style::Hcl, &resolved.value, bare);
                    facts.documents.extend(found);
                }
            });
        }
        block.blocks.iter().for_each(|inner| self.loose(file, inner, facts));
    }
}

/// Whether a name is that of a block, or of something in it.
fn refers(name: &str, address: &str) -> bool {
    name.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// `aws_organizations_policy.this[].id` as `aws_organizations_policy.this`.
fn address_of(name: &str) -> String {
    name.split(['.', '[']).take(2).collect::<Vec<_>>().join(".")
}

/// What a map's values are, if all are alike.
fn repeated(over: &Value) -> Target {
    let targets: Vec<Target> = over.entries().iter().map(|entry| target(&entry.value)).collect();
    match targets.first() {
        Some(Target::Account) if targets.iter().all(|it| *it == Target::Account) => Target::EachAccount,
        Some(first) if targets.iter().all(|it| it == first) => *first,
        _ if targets.contains(&Target::Root) => Target::Root,
        _ => Target::Unknown,
    }
}

/// The texts of a list that is wholly known.
pub(in crate::lint) fn known_texts(value: &Value) -> Option<Vec<String>> {
    match &value.kind {
        ValueKind::List(elements) => elements.iter().map(|it| it.text().map(str::to_owned)).collect(),
        _ => None,
    }
}
