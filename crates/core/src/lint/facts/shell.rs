//! Facts of shell scripts: calls of the `aws` command line.

use std::collections::BTreeMap;

use super::classify::{is_document_text, target_of_id, target_of_name};
use super::{At, Attachment, Body, Document, Facts, How, Origin, Policy, Rollout, Style, Target, Type, request};
use crate::lint::across::control_policy::{self, Declared};
use crate::lint::read::shell::{Command, Word, read};
use crate::lint::read::value::{Text, Value, ValueKind};
use crate::source::Span;

/// More calls than this are in no script that a person wrote.
const MOST_CALLS: usize = 500;

/// A script, taken apart.
#[derive(Debug)]
pub(in crate::lint) struct Shell<'a> {
    pub file: usize,
    pub name: &'a str,
    pub text: &'a str,
    pub commands: Vec<Command>,
}

/// A call of `aws SERVICE OPERATION`.
#[derive(Debug)]
pub(in crate::lint) struct Aws<'s> {
    /// The number of the command in the script.
    pub number: usize,
    pub command: &'s Command,
    pub service: &'s str,
    pub operation: &'s Word,
    /// Where the options begin.
    options: usize,
}

impl<'s> Aws<'s> {
    /// The call a command is, if it is one. The program may stand behind others, in a variable, or with options.
    fn of(number: usize, command: &'s Command) -> Option<Self> {
        let is_aws = |word: &Word| {
            let name = word.text.trim_start_matches(['$', '{']).rsplit('/').next().unwrap_or_default().to_lowercase();
            name == "aws" || (word.text.starts_with('$') && name.starts_with("aws"))
        };
        let program = command.words.iter().take(6).position(is_aws)?;
        let service = |word: &&str| matches!(*word, "organizations" | "cloudformation");
        let mut at = program + 1;
        while at < command.words.len() && !service(&command.word(at)) {
            at += 1;
        }
        let operation = command.words.get(at + 1)?;
        let service = command.word(at);
        (at < program + 12).then_some(Self { number, command, service, operation, options: at + 2 })
    }

    /// The value of an option, in either spelling.
    pub(in crate::lint) fn option(&self, name: &str) -> Option<&'s Word> {
        let words = &self.command.words;
        let at = words.iter().skip(self.options).position(|word| word.text == name)?;
        words.get(self.options + at + 1)
    }

    pub(in crate::lint) fn has(&self, name: &str) -> bool {
        let equals = format!("{name}=");
        self.command.words.iter().skip(self.options).any(|word| word.text == name || word.text.starts_with(&equals))
    }

    /// Whether words that are only known at run time may be options: they follow no option themselves.
    pub(in crate::lint) fn has_open_words(&self) -> bool {
        let words = self.command.words.iter().skip(self.options.saturating_sub(1));
        let pairs = words.clone().zip(words.skip(1));
        let is_open = |word: &Word| word.text.starts_with('$') || word.text.contains("[@]");
        pairs.into_iter().any(|(before, word)| is_open(word) && (is_open(before) || !before.text.starts_with("--")))
    }

    pub(in crate::lint) fn is(&self, operation: &str) -> bool {
        self.service == "organizations" && self.operation.text == operation
    }
}

impl<'a> Shell<'a> {
    pub(in crate::lint) fn read(file: usize, name: &'a str, text: &'a str) -> Self {
        Self { file, name, text, commands: read(text) }
    }

    /// Its calls of `aws`.
    pub(in crate::lint) fn calls(&self) -> Vec<Aws<'_>> {
        self.commands
            .iter()
            .enumerate()
            .filter_map(|(number, command)| Aws::of(number, command))
            .take(MOST_CALLS)
            .collect()
    }
}

/// Reads a script.
pub(in crate::lint) fn script(shell: &Shell<'_>, facts: &mut Facts) {
    let texts = texts(shell);
    let known: Known = texts.iter().cloned().collect();
    for call in shell.calls() {
        match (call.service, call.operation.text.as_str()) {
            ("organizations", "create-policy" | "update-policy") => policy(shell, &call, &known, facts),
            ("organizations", "attach-policy") => attach(shell, &call, facts),
            ("cloudformation", "create-stack-set" | "update-stack-set") => stack_set(shell, &call, facts),
            _ => {}
        }
    }
    // What a script writes to a file or a variable is sent later, also where the variable is given another one after.
    for (_, (place, text, span)) in &texts {
        let at = At { file: shell.file, span: *span };
        if let Some(content) = request::document_in(text) {
            facts.documents.push(request::fixed(at, content));
        } else if is_document_text(&text.value) {
            facts.documents.push(Document { at, style: *place, body: Body::Text(text.clone()) });
        }
    }
}

type Known = BTreeMap<String, (Style, Text, Span)>;

/// Texts that are written out in the script, in its order: by variable (`$NAME`) and by file.
fn texts(shell: &Shell<'_>) -> Vec<(String, (Style, Text, Span))> {
    let mut known = Vec::new();
    for command in &shell.commands {
        for word in &command.words {
            if let Some((name, value)) =
                word.text.split_once('=').filter(|(_, value)| value.trim_start().starts_with('{'))
            {
                let offset = name.len() + 1;
                let places: Vec<(usize, usize)> = word
                    .places
                    .iter()
                    .filter(|(text, _)| *text >= offset)
                    .map(|(text, file)| (text - offset, *file))
                    .collect();
                let text = Text { value: value.to_owned(), places };
                known.push((format!("${name}"), (quoted(shell, word), text, word.span)));
            }
        }
        for body in &command.bodies {
            let span = Span::new(
                body.place(0).unwrap_or(0),
                body.place(body.value.len().saturating_sub(1)).map_or(0, |it| it + 1),
            );
            let name = match (&command.output, &command.assigned, command.word(0)) {
                (Some(file), _, _) => file.clone(),
                (None, Some(name), _) => format!("${name}"),
                (None, None, "read") => format!("${}", command.words.last().map_or("", |word| word.text.as_str())),
                (None, None, _) => continue,
            };
            known.push((name, (Style::Json, body.clone(), span)));
        }
    }
    known
}

/// In double quotes every quote of the document is escaped: nothing is put in there.
fn quoted(shell: &Shell<'_>, word: &Word) -> Style {
    let written = shell.text.get(word.span.start..word.span.end).unwrap_or_default();
    if written.contains("='") || written.starts_with('\'') { Style::Json } else { Style::Fixed }
}

/// The input that `--cli-input-json` gives, if it is written out in the script, and where its text stands.
fn input(shell: &Shell<'_>, call: &Aws<'_>, known: &Known, facts: &mut Facts) -> Option<(request::Request, At)> {
    let found = document(shell, call.option("--cli-input-json")?, known, false, facts)?;
    let Body::Text(text) = &found.body else { return None };
    Some((request::read(text)?, found.at))
}

fn policy(shell: &Shell<'_>, call: &Aws<'_>, known: &Known, facts: &mut Facts) {
    let creates = call.operation.text == "create-policy";
    let input = input(shell, call, known, facts);
    let kind = match (call.option("--type"), &input) {
        (Some(word), _) if word.text.starts_with('$') => Type::Open,
        (Some(word), _) => Type::Named(word.text.clone(), word.span),
        (None, Some((input, _))) => input.kind.clone(),
        // A file of somebody else may say it.
        (None, None) if call.has("--cli-input-json") => Type::Open,
        (None, None) => Type::Missing,
    };
    let is_ai = kind.is_ai();
    let found = match (call.option("--content"), input) {
        (Some(word), _) => document(shell, word, known, is_ai || !creates, facts),
        (None, input) => input.map(|(input, at)| request::fixed(at, input.content)),
    };
    let looks = |found: &Document| matches!(&found.body, Body::Text(text) if is_document_text(&text.value));
    if !creates {
        facts.documents.extend(found.filter(looks));
        return;
    }
    let found = found.filter(|found| is_ai || looks(found));
    if found.is_none() {
        let texts = ["--name", "--description"].iter().filter_map(|it| call.option(it));
        let texts = texts.map(|word| word.text.as_str()).collect();
        let content =
            call.option("--content").map(|word| file_of(word).unwrap_or_else(|| Value::new(word.span, name_of(word))));
        let at = At { file: shell.file, span: call.operation.span };
        let declared = Declared { at, kind: &kind, else_type: None, texts, content: content.as_ref() };
        facts.findings.extend(control_policy::check(&declared));
    }
    if is_ai || found.is_some() {
        let name = call.option("--name").map(|word| Value::new(word.span, name_of(word)));
        facts.policies.push(Policy {
            at: At { file: shell.file, span: call.operation.span },
            unit: shell.name.to_owned(),
            address: format!("create-policy {}", call.number),
            kind,
            document: found,
            content: call.option("--content").and_then(file_of),
            name,
            used: false,
            language: Origin::Shell,
            as_text: None,
        });
    }
}

/// `file://PATH` as the text of that file.
fn file_of(word: &Word) -> Option<Value> {
    let path = word.text.strip_prefix("file://")?.to_owned();
    Some(Value::new(word.span, ValueKind::File { path, decoded: false }))
}

fn name_of(word: &Word) -> ValueKind {
    if word.text.contains('$') {
        ValueKind::Open(vec![word.text.clone()])
    } else {
        ValueKind::Text(Text { value: word.text.clone(), places: word.places.clone() })
    }
}

/// The document of `--content`: written out, in a variable, or in a file.
fn document(shell: &Shell<'_>, word: &Word, known: &Known, is_ai: bool, facts: &mut Facts) -> Option<Document> {
    let at = At { file: shell.file, span: word.span };
    let text = word.text.trim();
    if let Some(path) =
        text.strip_prefix("file://").or_else(|| text.strip_prefix("$(cat ").and_then(|it| it.strip_suffix(')')))
    {
        let path = path.trim_matches(['"', '\'']);
        if let Some((style, text, span)) = known.get(path) {
            return Some(Document {
                at: At { file: shell.file, span: *span },
                style: *style,
                body: Body::Text(text.clone()),
            });
        }
        if is_ai {
            facts.content_files.push((path.to_owned(), shell.file, false));
        }
        return None;
    }
    if text.starts_with('{') {
        let inner = Text { value: word.text.clone(), places: word.places.clone() };
        return Some(Document { at, style: quoted(shell, word), body: Body::Text(inner) });
    }
    let variable = format!("${}", text.trim_start_matches('$').trim_matches(['{', '}']));
    let (style, text, span) = known.get(&variable)?;
    Some(Document { at: At { file: shell.file, span: *span }, style: *style, body: Body::Text(text.clone()) })
}

fn attach(shell: &Shell<'_>, call: &Aws<'_>, facts: &mut Facts) {
    let target = call.option("--target-id").map_or(Target::Unknown, |word| target(shell, word));
    facts.attachments.push(Attachment {
        at: At { file: shell.file, span: call.operation.span },
        unit: shell.name.to_owned(),
        policy: None,
        target,
        language: Origin::Shell,
    });
}

fn target(shell: &Shell<'_>, word: &Word) -> Target {
    let Some(variable) = word.text.strip_prefix('$') else { return target_of_id(&word.text) };
    let variable = variable.trim_matches(['{', '}']);
    let listed = |command: &Command| {
        let heads = command.word(0) == "for" && command.word(1) == variable;
        heads && command.words.iter().any(|word| word.text.to_lowercase().contains("account"))
    };
    let reads = |command: &Command| {
        command.word(0) == "read"
            && command.words.iter().any(|word| word.text == variable)
            && shell.text.contains("list-accounts")
    };
    if shell.commands.iter().any(|command| listed(command) || reads(command)) {
        return Target::EachAccount;
    }
    let given = format!("{variable}=");
    let values =
        shell.commands.iter().flat_map(|command| &command.words).filter_map(|word| word.text.strip_prefix(&given));
    if values.clone().any(|value| value.contains("get-caller-identity")) {
        return Target::OwnAccount;
    }
    if values.clone().any(|value| value.contains("list-roots")) {
        return Target::Root;
    }
    target_of_name(variable)
}

fn stack_set(shell: &Shell<'_>, call: &Aws<'_>, facts: &mut Facts) {
    let Some(path) = call.option("--template-body").and_then(|word| word.text.strip_prefix("file://")) else { return };
    let at = At { file: shell.file, span: call.operation.span };
    facts.rollouts.push(Rollout { at, path: Some(path.to_owned()), text: None, how: How::StackSet });
}
