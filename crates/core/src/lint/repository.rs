//! The files of a repository, looked at together.

use std::collections::{BTreeMap, BTreeSet};

use super::across::{attached, declared, rolled_out};
use super::beside::{Around, arounds, key};
use super::document::{Checked, MOST_BYTES, bounded, judge_text, judge_value, too_large};
use super::facts::{Body, Document, Facts, Style, terraform};
use super::finding::Finding;
use super::gather::{Gathered, gather};
use super::kind::Kind;
use super::read::value::{Text, Value, ValueKind};
use super::suppress::{Elsewhere, suppress};
use crate::catalogue::Catalogue;
use crate::policy::characters;
use crate::source::{Source, Span};

/// A file of the repository.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its path, with `/` between folders, and its text.
    pub source: Source,
    /// Whether it was named by itself: then it is a policy document unless it is something else.
    pub named: bool,
}

/// Looks at files together. The result has those that were named, that hold a policy, or about which there is something to
/// say, in the order of their paths.
#[must_use]
pub fn lint_repository(inputs: &[Input], catalogue: &Catalogue) -> Vec<Checked> {
    let sources: Vec<Source> = inputs.iter().map(|input| input.source.clone()).collect();
    let mut repository =
        Repository { sources: &sources, inputs, catalogue, facts: Facts::default(), modules: BTreeMap::new() };
    repository.read();
    repository.judge()
}

struct Repository<'a> {
    sources: &'a [Source],
    inputs: &'a [Input],
    catalogue: &'a Catalogue,
    facts: Facts,
    /// Files of Terraform by folder.
    modules: BTreeMap<String, Vec<terraform::File<'a>>>,
}

/// What was found in one file.
#[derive(Debug, Default)]
struct Found {
    findings: Vec<Finding>,
    policies: usize,
    inadmissible: bool,
    /// Whether all of it is one policy document.
    document: bool,
}

impl<'a> Repository<'a> {
    fn read(&mut self) {
        for (number, input) in self.inputs.iter().enumerate() {
            let source: &'a Source = &input.source;
            match gather(number, source, input.named, &mut self.facts) {
                Gathered::Done => {}
                Gathered::Module(body, values) => {
                    let folder = source.name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                    let file = terraform::File { number, text: &source.text, body, values };
                    self.modules.entry(folder).or_default().push(file);
                }
            }
        }
        for (folder, files) in &self.modules {
            terraform::module(folder, files, &mut self.facts);
        }
        super::gather::embedded(&self.sources.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), &mut self.facts);
        self.name_files();
    }

    /// Files that others name as content are documents, whatever is in them.
    fn name_files(&mut self) {
        let named: Vec<(usize, bool, usize, String)> = self
            .facts
            .content_files
            .iter()
            .filter_map(|(path, from, decoded)| Some((self.find(path, *from)?, *decoded, *from, path.clone())))
            .collect();
        for (file, decoded, from, path) in named {
            let Some(document) = self.whole(file, decoded) else { continue };
            for policy in self.facts.policies.iter_mut().filter(|it| it.at.file == from && it.document.is_none()) {
                let is_it = policy.content.as_ref().is_some_and(|content| names(content, &path));
                if is_it {
                    policy.document = Some(document.clone());
                }
            }
            // What is sent as a value counts without its white space, so that judgement comes first.
            self.facts.documents.insert(0, document);
        }
    }

    fn find(&self, path: &str, from: usize) -> Option<usize> {
        let base = self.sources.get(from)?.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let wanted = joined(base, path);
        let exact = self.sources.iter().position(|source| source.name == wanted);
        let bare = path.trim_start_matches("./").trim_start_matches("../");
        exact.or_else(|| self.sources.iter().position(|it| it.name == bare || it.name.ends_with(&format!("/{bare}"))))
    }

    fn whole(&self, file: usize, decoded: bool) -> Option<Document> {
        let source = self.sources.get(file)?;
        let span = Span::new(0, source.text.len());
        let at = super::facts::At { file, span };
        if decoded {
            let (value, style) = decoded_value(source)?;
            let json = value.json()?;
            let characters = characters(&json.minified());
            return Some(Document { at, style, body: Body::Tree(json, characters) });
        }
        let body = Body::Text(Text::verbatim(&*source.text, 0));
        Some(Document { at, style: Style::Json, body })
    }

    fn judge(mut self) -> Vec<Checked> {
        let enables = self.sources.iter().any(|source| declared::enables(&source.text));
        let mut found: Vec<Found> = self.inputs.iter().map(|_| Found::default()).collect();
        self.documents(&mut found);
        let mut findings = std::mem::take(&mut self.facts.findings);
        findings.extend(attached::check(&self.facts));
        findings.extend(declared::check(&self.facts, enables));
        findings.extend(rolled_out::check(&self.facts, self.sources));
        for (file, mut finding) in findings {
            let text = self.sources.get(file).map_or("", |source| &source.text);
            finding.make_edits(text, Style::Fixed);
            if let Some(found) = found.get_mut(file) {
                found.findings.push(finding);
            }
        }
        for policy in self.facts.policies.iter().filter(|policy| policy.is_ai()) {
            if let Some(found) = found.get_mut(policy.at.file) {
                found.policies += 1;
            }
        }
        let elsewhere = Elsewhere::of(self.sources);
        let all = self.inputs.iter().zip(found);
        let mut checked: Vec<Checked> = all.filter_map(|(input, found)| finished(input, found, &elsewhere)).collect();
        checked.sort_by(|one, other| one.source.name.cmp(&other.source.name));
        checked
    }

    /// Every document once, with places in the file it stands in.
    fn documents(&self, found: &mut [Found]) {
        let mut seen = BTreeSet::new();
        let (arounds, alone) = (arounds(&self.facts, &|file| self.folder(file)), Around::default());
        let of_policies = self.facts.policies.iter().filter_map(|policy| policy.document.as_ref());
        for document in self.facts.documents.iter().chain(of_policies) {
            if !seen.insert(key(document)) {
                continue;
            }
            let (admissible, findings) = self.judgement(document, arounds.get(&key(document)).unwrap_or(&alone));
            if let Some(found) = found.get_mut(document.at.file) {
                found.inadmissible |= !admissible;
                found.document |= self.is_whole(document);
                found.policies += usize::from(!self.is_declared(document));
                found.findings.extend(findings);
            }
        }
    }

    fn folder(&self, file: usize) -> String {
        let name = self.sources.get(file).map_or("", |source| &source.name);
        name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
    }

    fn is_whole(&self, document: &Document) -> bool {
        let length = self.sources.get(document.at.file).map_or(0, |source| source.text.len());
        document.at.span == Span::new(0, length)
    }

    /// Whether a policy that counts by itself has this document.
    fn is_declared(&self, document: &Document) -> bool {
        let same =
            |other: &Document| other.at.file == document.at.file && other.at.span.start == document.at.span.start;
        self.facts
            .policies
            .iter()
            .any(|policy| policy.document.as_ref().is_some_and(same) && policy.at.file == document.at.file)
    }

    fn judgement(&self, document: &Document, around: &Around) -> (bool, Vec<Finding>) {
        let host = self.sources.get(document.at.file).map_or("", |source| &source.text);
        let whole = document.at.span;
        let (admissible, mut findings) = match &document.body {
            Body::Tree(json, characters) => {
                let (admissible, findings) = judge_value(json, *characters, around, self.catalogue);
                // The size has no place of its own.
                let placed =
                    |span: Span| if span == Span::new(0, 0) { Span::new(whole.start, whole.start) } else { span };
                (admissible, findings.into_iter().map(|it| it.mapped(&placed)).collect())
            }
            Body::Text(text) if text.value.len() > MOST_BYTES => {
                let checked = too_large("", text.value.len() as u64);
                (checked.admissible, checked.findings)
            }
            Body::Text(text) => {
                let (admissible, findings) = judge_text(&text.value, around, self.catalogue);
                let placed = |span: Span| text.span(span, whole);
                (admissible, findings.into_iter().map(|it| it.mapped(&placed)).collect::<Vec<_>>())
            }
            Body::File => judge_text(host, around, self.catalogue),
        };
        findings.iter_mut().for_each(|finding| finding.make_edits(host, document.style));
        (admissible, findings)
    }
}

/// The value that `jsondecode` or `yamldecode` makes of a file; nothing where it cannot be read.
fn decoded_value(source: &Source) -> Option<(Value, Style)> {
    if source.name.ends_with(".yaml") || source.name.ends_with(".yml") {
        let (mut documents, problem) = super::read::yaml::read(&source.text);
        return documents.pop().filter(|_| problem.is_none()).map(|value| (value, Style::Yaml));
    }
    let (value, problems) = super::read::json::read(&source.text);
    value.filter(|_| problems.is_empty()).map(|value| (value, Style::Json))
}

fn names(content: &Value, path: &str) -> bool {
    match &content.kind {
        ValueKind::File { path: own, .. } => own == path,
        ValueKind::Encoded(inner, _) => names(inner, path),
        _ => false,
    }
}

/// `base/path` without `.` and `..`; an absolute path stays one. `.` as the base is the folder itself.
#[must_use]
pub fn joined(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = if path.starts_with('/') {
        Vec::new()
    } else {
        base.split('/').filter(|it| !matches!(*it, "" | ".")).collect()
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let start = if base.starts_with('/') { "/" } else { "" };
    format!("{start}{}", parts.join("/"))
}

fn finished(input: &Input, mut found: Found, elsewhere: &Elsewhere) -> Option<Checked> {
    found.findings.sort_by(|one, other| {
        (one.span, std::cmp::Reverse(one.severity), one.rule).cmp(&(
            other.span,
            std::cmp::Reverse(other.severity),
            other.rule,
        ))
    });
    found
        .findings
        .dedup_by(|one, other| one.rule == other.rule && one.span == other.span && one.message == other.message);
    let (findings, suppressed) = suppress(&input.source, found.findings, elsewhere);
    let nothing = findings.is_empty() && suppressed.is_empty() && found.policies == 0 && !input.named;
    let kind = Kind::of(&input.source.name, input.source.text.as_bytes()).unwrap_or(Kind::Document);
    let kind = if found.document { Kind::Document } else { kind };
    // What a comment suppresses with a reason does not make a file fail.
    let refused =
        findings.iter().any(|finding| finding.rule.starts_with("policy-") || finding.rule.starts_with("json-"));
    let admissible = !found.inadmissible || !refused;
    (!nothing).then(|| Checked {
        admissible,
        policies: found.policies,
        findings: bounded(findings),
        suppressed,
        ..Checked::nothing(input.source.clone(), kind)
    })
}

/// The paths that a text names and that may be content or templates: they are looked at even where nothing in them says
/// that they concern opt-out policies.
#[must_use]
pub fn references(source: &Source) -> Vec<String> {
    const MOST: usize = 200;
    let is_path = |character: char| character.is_ascii_alphanumeric() || "_./-".contains(character);
    let endings = [".json", ".yaml", ".yml", ".template"];
    let text = source.text.replace("${path.module}/", "").replace("${path.root}/", "").replace("file://", " ");
    let words =
        text.split(|character| !is_path(character)).filter(|word| endings.iter().any(|ending| word.ends_with(ending)));
    let found: BTreeSet<String> = words.filter(|word| word.len() > 5).map(str::to_owned).take(MOST).collect();
    found.into_iter().collect()
}
