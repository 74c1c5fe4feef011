//! From a file to facts, by its kind.

use super::MOST_BYTES;
use super::across::{code as code_rules, functions, other, shell as shell_rules};
use super::facts::classify::{document, has_operators, is_document, is_document_text};
use super::facts::{
    AI_TYPE, At, Body, Document, Facts, Inside, Style, cloudformation, code, inside, request, shell, terraform_json,
};
use super::finding::Finding;
use super::kind::Kind;
use super::read::code::{Code, Language};
use super::read::hcl::{self, Block};
use super::read::value::{Text, Value, ValueKind};
use super::read::{json, yaml};
use crate::check::Severity;
use crate::source::{Problem, Source, Span};

/// What became of a file.
#[derive(Debug)]
pub(super) enum Gathered {
    /// Its facts are taken.
    Done,
    /// It is part of a Terraform module, or gives values to one.
    Module(Block, bool),
}

/// Takes the facts of a file.
pub(super) fn gather(number: usize, source: &Source, named: bool, facts: &mut Facts) -> Gathered {
    let text = &source.text;
    let kind = Kind::of(&source.name, text.as_bytes()).unwrap_or(Kind::Document);
    match kind {
        Kind::Terraform | Kind::TerraformValues => {
            let block = hcl::read(text).unwrap_or_else(|problem| {
                facts.findings.push((number, unreadable(&problem)));
                empty()
            });
            terraform_extras(number, text, &block, facts);
            return Gathered::Module(block, kind == Kind::TerraformValues);
        }
        Kind::Json => return of_json(number, source, named, facts),
        Kind::Yaml => of_yaml(number, source, facts),
        Kind::Shell => of_shell(number, &source.name, text, facts),
        Kind::Python => of_code(number, &source.name, text, Language::Python, facts),
        Kind::Script => of_code(number, &source.name, text, Language::Script, facts),
        Kind::Robots => facts.findings.extend(other::crawlers(text).into_iter().map(|finding| (number, finding))),
        Kind::Document => facts.documents.push(whole(number, text)),
    }
    Gathered::Done
}

fn empty() -> Block {
    let (kind, span) = (String::new(), Span::default());
    Block { kind, labels: Vec::new(), span, attributes: Vec::new(), blocks: Vec::new() }
}

fn unreadable(problem: &Problem) -> Finding {
    let help = problem.help.clone().unwrap_or_default();
    Finding::new(problem.code, Severity::Medium, problem.span.unwrap_or_default(), problem.message.clone(), help)
}

fn whole(number: usize, text: &str) -> Document {
    let at = At { file: number, span: Span::new(0, text.len()) };
    Document { at, style: Style::Json, body: Body::Text(Text::verbatim(text, 0)) }
}

/// What is looked for in Terraform besides policies.
fn terraform_extras(number: usize, text: &str, block: &Block, facts: &mut Facts) {
    if !text.contains(AI_TYPE) && !text.contains("opt_out_policy") {
        return;
    }
    visit_blocks(block, &mut |block| {
        if block.label(0) == "aws_lambda_function"
            && let Some(runtime) = block.get("runtime")
        {
            facts.findings.extend(functions::deprecated(runtime).map(|finding| (number, finding)));
        }
        for entry in &block.attributes {
            functions::check(number, &entry.value, facts);
            facts.findings.extend(other::metrics(&entry.value).into_iter().map(|finding| (number, finding)));
        }
    });
    let status = [".status == \"ACTIVE\"", ".status != \"SUSPENDED\"", ".status!=\"SUSPENDED\"", ".status==\"ACTIVE\""];
    if let Some(at) =
        status.iter().find_map(|part| text.find(part)).filter(|_| text.contains("accounts") && !text.contains(".state"))
    {
        facts.findings.push((number, code_rules::status(Span::new(at + 1, at + 7))));
    }
}

fn visit_blocks(block: &Block, look: &mut dyn FnMut(&Block)) {
    look(block);
    block.blocks.iter().for_each(|inner| visit_blocks(inner, look));
}

fn of_json(number: usize, source: &Source, named: bool, facts: &mut Facts) -> Gathered {
    let text = &source.text;
    if text.len() > MOST_BYTES && !["planned_values", "Resources", "settings"].iter().any(|word| text.contains(word)) {
        if named {
            facts.documents.push(whole(number, text));
        }
        return Gathered::Done;
    }
    let (value, problems) = json::read(text);
    let Some(value) = value else {
        if named || is_document_text(text) {
            facts.documents.push(whole(number, text));
        }
        return Gathered::Done;
    };
    let add = |facts: &mut Facts, found: Vec<Finding>| {
        facts.findings.extend(found.into_iter().map(|finding| (number, finding)))
    };
    add(facts, other::metrics(&value));
    if source.name.ends_with(".tf.json") {
        return Gathered::Module(terraform_json::configuration(&value), false);
    }
    if terraform_json::is_plan(&value) {
        let file = super::facts::terraform::File { number, text, body: terraform_json::plan(&value), values: false };
        super::facts::terraform::module(&source.name, &[file], facts);
    } else if cloudformation::is_template(&value) {
        cloudformation::template(number, &source.name, text, Style::Json, &value, facts);
    } else if is_settings(&source.name) {
        add(facts, other::settings(&value));
    } else if requests((number, &source.name, text), &value, facts) {
        // Their documents are taken.
    } else if !super::suppress::is_list(&value) && is_policy(&source.name, &value, problems.is_empty(), named) {
        facts.documents.push(whole(number, text));
    }
    Gathered::Done
}

/// Inputs of CreatePolicy and UpdatePolicy, alone or in lists; whether there are any.
fn requests(file: (usize, &str, &str), value: &Value, facts: &mut Facts) -> bool {
    let mut any = false;
    value.visit(&mut |value| any |= request::take(file, Style::Json, value, facts));
    any
}

/// Whether a JSON file is to be judged as a policy: it was named, or it looks like one and not like an answer of AWS.
fn is_policy(name: &str, value: &Value, readable: bool, named: bool) -> bool {
    let answer = name.to_lowercase().contains("effective") && !has_operators(value);
    let looks = is_document(value) && (has_settings(value) || !readable);
    named || (looks && !answer)
}

fn has_settings(value: &Value) -> bool {
    value
        .get("services")
        .is_some_and(|services| services.entries().iter().any(|it| it.value.get("opt_out_policy").is_some()))
}

fn is_settings(name: &str) -> bool {
    let lower = name.to_lowercase();
    ["/settings.json", "devcontainer.json", ".code-workspace"].iter().any(|ending| lower.ends_with(ending))
        || lower == "settings.json"
}

fn of_yaml(number: usize, source: &Source, facts: &mut Facts) {
    let (documents, problem) = yaml::read(&source.text);
    if let Some(problem) = problem {
        facts.findings.push((number, unreadable(&problem)));
    }
    let base = source.name.rsplit('/').next().unwrap_or_default();
    for value in &documents {
        facts.findings.extend(other::metrics(value).into_iter().map(|finding| (number, finding)));
        if cloudformation::is_template(value) {
            cloudformation::template(number, &source.name, &source.text, Style::Yaml, value, facts);
            continue;
        }
        match base {
            _ if base.starts_with("customizations-config.") => cloudformation::lza_customizations(number, value, facts),
            _ if base.starts_with("organization-config.") => cloudformation::lza_organization(number, value, facts),
            _ if base.starts_with("manifest.") => cloudformation::control_tower_manifest(number, value, facts),
            _ => {}
        }
        loose((number, &source.name, &source.text), value, facts);
    }
}

/// Documents and scripts in YAML of any kind.
fn loose(file: (usize, &str, &str), value: &Value, facts: &mut Facts) {
    let (number, _, text) = file;
    value.visit(&mut |value| match &value.kind {
        ValueKind::Map(_) if request::take(file, Style::Yaml, value, facts) => {}
        ValueKind::Map(_) if is_document(value) && has_operators(value) => {
            facts.documents.extend(document(number, text, Style::Yaml, value, true));
        }
        ValueKind::Text(inner) => {
            if let Some(language) = inside(&inner.value) {
                facts.embedded.push((number, inner.clone(), value.span, language));
            } else if let Some(content) = request::document_in(inner) {
                facts.documents.push(request::fixed(At { file: number, span: value.span }, content));
            } else if is_document_text(&inner.value) {
                facts.documents.extend(document(number, text, Style::Yaml, value, false));
            }
        }
        ValueKind::Null
        | ValueKind::Bool(_)
        | ValueKind::Number(_)
        | ValueKind::List(_)
        | ValueKind::Map(_)
        | ValueKind::Encoded(..)
        | ValueKind::File { .. }
        | ValueKind::Open(_) => {}
    });
}

fn of_shell(number: usize, name: &str, text: &str, facts: &mut Facts) {
    let read = shell::Shell::read(number, name, text);
    shell::script(&read, facts);
    if concerns(text) {
        shell_rules::check(&read, facts);
    }
}

fn of_code(number: usize, name: &str, text: &str, language: Language, facts: &mut Facts) {
    let script = code::Script::read(number, name, Code::read(text, language));
    code::script(&script, facts);
    if concerns(text) {
        code_rules::check(&script, facts);
    }
}

/// Whether a script is about opt-out policies, and not about other ones.
fn concerns(text: &str) -> bool {
    text.contains("AISERVICES_OPT_OUT") || text.contains("opt_out_policy") || text.contains("validate-policy-content")
}

/// Scripts that stand in texts of other files, with their places there.
pub(super) fn embedded(names: &[&str], facts: &mut Facts) {
    for (number, text, whole, language) in std::mem::take(&mut facts.embedded) {
        let name = names.get(number).copied().unwrap_or_default();
        let mut inner = Facts::default();
        match language {
            Inside::Python => of_code(number, name, &text.value, Language::Python, &mut inner),
            Inside::Shell => of_shell(number, name, &text.value, &mut inner),
        }
        let placed = |span: Span| text.span(span, whole);
        merge(facts, inner, &placed);
    }
}

fn merge(facts: &mut Facts, inner: Facts, placed: &dyn Fn(Span) -> Span) {
    let at = |at: At| At { span: placed(at.span), ..at };
    facts.findings.extend(inner.findings.into_iter().map(|(file, finding)| (file, finding.mapped(placed))));
    facts.attachments.extend(inner.attachments.into_iter().map(|it| super::facts::Attachment { at: at(it.at), ..it }));
    facts.rollouts.extend(inner.rollouts.into_iter().map(|it| super::facts::Rollout { at: at(it.at), ..it }));
    facts.content_files.extend(inner.content_files);
    // A document within a script within a file: judged, but its inner places are those of the script.
    let moved = |document: Document| {
        let body = match document.body {
            Body::Tree(json, characters) => match Value::from(&json).moved(placed(document.at.span)).json() {
                Some(json) => Body::Tree(json, characters),
                None => Body::File,
            },
            Body::Text(text) => Body::Text(Text { value: text.value, places: Vec::new() }),
            Body::File => Body::File,
        };
        Document { at: at(document.at), style: Style::Fixed, body }
    };
    facts.documents.extend(inner.documents.into_iter().map(moved));
    facts.policies.extend(inner.policies.into_iter().map(|policy| {
        let kind = match policy.kind {
            super::facts::Type::Named(name, span) => super::facts::Type::Named(name, placed(span)),
            other @ (super::facts::Type::Missing | super::facts::Type::Open) => other,
        };
        let name = policy.name.map(|name| Value { span: placed(name.span), ..name });
        super::facts::Policy { at: at(policy.at), kind, document: policy.document.map(moved), name, ..policy }
    }));
}
