//! Terraform's language: blocks with attributes, expressions as values. Nothing is evaluated but what is written out.

use hcl_edit::expr::{Expression, FuncCall, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::{BlockLabel, Body, Structure};
use hcl_edit::template::{Element, Template};

use super::value::{DEEPEST, Entry, Spacing, Text, Value, ValueKind};
use crate::source::{Problem, Span};

/// A block: `resource "aws_organizations_policy" "this" { … }`.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Block {
    /// The first word.
    pub kind: String,
    /// The labels.
    pub labels: Vec<String>,
    /// The place of its head: word and labels.
    pub span: Span,
    /// Its attributes.
    pub attributes: Vec<Entry>,
    /// The blocks inside.
    pub blocks: Vec<Block>,
}

impl Block {
    /// The value of an attribute.
    pub(in crate::lint) fn get(&self, key: &str) -> Option<&Value> {
        self.attributes.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The label at a place, counted from 0.
    pub(in crate::lint) fn label(&self, at: usize) -> &str {
        self.labels.get(at).map_or("", String::as_str)
    }

    /// Everything it mentions.
    pub(in crate::lint) fn mentions(&self) -> Vec<&str> {
        let own = self.attributes.iter().flat_map(|entry| entry.value.mentions());
        own.chain(self.blocks.iter().flat_map(Self::mentions)).collect()
    }
}

/// The blocks of a text; its own attributes (as in `.tfvars`) are in a block without a kind, which comes first.
pub(in crate::lint) fn read(text: &str) -> Result<Block, Problem> {
    let body = hcl_edit::parser::parse_body(text).map_err(|error| {
        let at = error.location().offset();
        let problem =
            Problem::new("hcl-syntax", "this is not the configuration language of Terraform").at(Span::new(at, at));
        problem.help("`terraform fmt` says what it expects here")
    })?;
    let reader = Reader { text };
    Ok(reader.body(&body, String::new(), Vec::new(), Span::default(), 0))
}

struct Reader<'a> {
    text: &'a str,
}

fn span_of(thing: &impl hcl_edit::Span) -> Span {
    thing.span().map_or_else(Span::default, |range| Span::new(range.start, range.end))
}

impl Reader<'_> {
    fn body(&self, body: &Body, kind: String, labels: Vec<String>, span: Span, depth: usize) -> Block {
        let mut block = Block { kind, labels, span, attributes: Vec::new(), blocks: Vec::new() };
        for structure in body.iter().filter(|_| depth < DEEPEST) {
            match structure {
                Structure::Attribute(attribute) => block.attributes.push(Entry {
                    key: attribute.key.as_str().to_owned(),
                    key_span: span_of(&attribute.key),
                    value: self.value(&attribute.value, depth),
                }),
                Structure::Block(inner) => {
                    let labels: Vec<String> = inner.labels.iter().map(label).collect();
                    let head = inner.labels.last().map_or_else(|| span_of(&inner.ident), span_of);
                    let head = Span::new(span_of(&inner.ident).start, head.end);
                    block.blocks.push(self.body(&inner.body, inner.ident.as_str().to_owned(), labels, head, depth + 1));
                }
            }
        }
        block
    }

    fn value(&self, expression: &Expression, depth: usize) -> Value {
        let span = span_of(expression);
        if depth > DEEPEST {
            return Value::open(span, Vec::new());
        }
        let kind = match expression {
            Expression::Null(_) => ValueKind::Null,
            Expression::Bool(it) => ValueKind::Bool(*it.value()),
            Expression::Number(it) => ValueKind::Number(it.value().to_string()),
            Expression::String(it) => ValueKind::Text(self.quoted(it.value(), span)),
            Expression::Array(it) => ValueKind::List(it.iter().map(|it| self.value(it, depth + 1)).collect()),
            Expression::Object(it) => {
                ValueKind::Map(it.iter().map(|(key, value)| self.entry(key, value.expr(), depth + 1)).collect())
            }
            Expression::HeredocTemplate(it) => self.heredoc(&it.template, span, it.indent().is_some(), depth + 1),
            Expression::StringTemplate(it) => self.template(it.iter(), depth + 1),
            Expression::Parenthesis(it) => return self.value(it.inner(), depth + 1),
            Expression::Variable(it) => ValueKind::Open(vec![it.as_str().to_owned()]),
            Expression::FuncCall(it) => self.call(it, depth + 1),
            Expression::Traversal(it) => self.traversal(it, depth + 1),
            Expression::Conditional(it) => self.open([&it.cond_expr, &it.true_expr, &it.false_expr], depth + 1),
            Expression::UnaryOp(it) => self.open([&it.expr], depth + 1),
            Expression::BinaryOp(it) => self.open([&it.lhs_expr, &it.rhs_expr], depth + 1),
            Expression::ForExpr(it) => {
                let inner = [&it.intro.collection_expr, &it.value_expr];
                self.open(inner.into_iter().chain(it.key_expr.as_ref()), depth + 1)
            }
        };
        Value::new(span, kind)
    }

    fn open<'e>(&self, inner: impl IntoIterator<Item = &'e Expression>, depth: usize) -> ValueKind {
        let values: Vec<Value> = inner.into_iter().map(|it| self.value(it, depth)).collect();
        ValueKind::Open(values.iter().flat_map(mentions).collect())
    }

    /// A quoted text without templates; its places are known where nothing in it is escaped.
    fn quoted(&self, value: &str, span: Span) -> Text {
        let start = span.start + 1;
        let same = self.text.get(start..start + value.len()) == Some(value);
        Text { value: value.to_owned(), places: if same { vec![(0, start)] } else { Vec::new() } }
    }

    fn entry(&self, key: &ObjectKey, value: &Expression, depth: usize) -> Entry {
        let (name, key_span) = match key {
            ObjectKey::Ident(it) => (it.as_str().to_owned(), span_of(it)),
            ObjectKey::Expression(it) => {
                let value = self.value(it, depth);
                (value.text().unwrap_or_default().to_owned(), value.span)
            }
        };
        Entry { key: name, key_span, value: self.value(value, depth) }
    }

    /// A text between markers. Without templates in it, its lines are known, and where each stands.
    fn heredoc(&self, template: &Template, span: Span, indented: bool, depth: usize) -> ValueKind {
        if template.iter().any(|element| element.as_literal().is_none()) {
            return self.template(template.iter(), depth);
        }
        let written = self.text.get(span.start..span.end).unwrap_or_default();
        let Some(first) = written.find('\n') else { return ValueKind::Open(Vec::new()) };
        let lines: Vec<&str> = written.get(first + 1..).unwrap_or_default().split_inclusive('\n').collect();
        let ends = lines.last().is_some_and(|line| !line.ends_with('\n'));
        let kept = if ends { lines.len().saturating_sub(1) } else { lines.len() };
        let blank = |line: &&str| line.trim().is_empty();
        let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
        let cut =
            if indented { lines.iter().take(kept).filter(|it| !blank(it)).map(indent).min().unwrap_or(0) } else { 0 };
        let (mut text, mut at) = (Text::default(), span.start + first + 1);
        for line in lines.iter().take(kept) {
            let cut = cut.min(indent(line));
            text.places.push((text.value.len(), at + cut));
            text.value.push_str(line.get(cut..).unwrap_or_default());
            at += line.len();
        }
        ValueKind::Text(text)
    }

    /// A text with templates: known only where each of them is a text.
    fn template<'e>(&self, elements: impl Iterator<Item = &'e Element>, depth: usize) -> ValueKind {
        let mut found = Vec::new();
        for element in elements {
            match element {
                Element::Literal(_) => {}
                Element::Interpolation(it) => found.extend(mentions(&self.value(&it.expr, depth))),
                Element::Directive(_) => found.push("%{}".to_owned()),
            }
        }
        ValueKind::Open(found)
    }

    fn call(&self, call: &FuncCall, depth: usize) -> ValueKind {
        let arguments: Vec<&Expression> = call.args.iter().collect();
        match (call.name.name.as_str(), arguments.as_slice()) {
            ("jsonencode", [value]) => ValueKind::Encoded(Box::new(self.value(value, depth)), Spacing::Minified),
            ("file", [path]) => match self.path(path) {
                Some(path) => ValueKind::File { path, decoded: false },
                None => self.open([*path], depth),
            },
            ("jsondecode" | "yamldecode", [value]) => match self.value(value, depth).kind {
                ValueKind::File { path, .. } => ValueKind::File { path, decoded: true },
                other => ValueKind::Open(mentions(&Value::new(Span::default(), other))),
            },
            // What is taken where nothing else is given, as the default of a variable: judged where it is written out.
            ("try" | "coalesce", [.., last]) if matches!(last, Expression::Object(_)) => self.value(last, depth).kind,
            ("toset" | "tolist", [value]) => self.value(value, depth).kind,
            ("trimspace" | "chomp", [value]) => self.value(value, depth).kind,
            (name, arguments) => {
                let name = format!("{name}()");
                let values: Vec<Value> = arguments.iter().map(|it| self.value(it, depth)).collect();
                ValueKind::Open(std::iter::once(name).chain(values.iter().flat_map(mentions)).collect())
            }
        }
    }

    /// The path given to `file`: a text, or one after `${path.module}`.
    fn path(&self, expression: &Expression) -> Option<String> {
        match expression {
            Expression::String(it) => Some(it.value().clone()),
            Expression::StringTemplate(it) => {
                let mut path = String::new();
                for element in it.iter() {
                    match element {
                        Element::Literal(text) => path.push_str(text.value()),
                        Element::Interpolation(it) => match self.value(&it.expr, 0).kind {
                            ValueKind::Open(names) if names.as_slice() == ["path.module"] => path.push('.'),
                            ValueKind::Open(names) if names.as_slice() == ["path.root"] => path.push('.'),
                            _ => return None,
                        },
                        Element::Directive(_) => return None,
                    }
                }
                Some(path)
            }
            _ => None,
        }
    }

    /// `data.x.y.roots[0].id` as one name; indices by texts join it, other ones are `[]`.
    fn traversal(&self, traversal: &Traversal, depth: usize) -> ValueKind {
        let head = match &traversal.expr {
            Expression::Variable(it) => it.as_str().to_owned(),
            other => {
                let inner = self.value(other, depth);
                return ValueKind::Open(mentions(&inner));
            }
        };
        let mut others = Vec::new();
        let name = traversal.operators.iter().fold(head, |mut name, operator| {
            match operator.value() {
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => name.push_str("[*]"),
                TraversalOperator::GetAttr(it) => {
                    name.push('.');
                    name.push_str(it.as_str());
                }
                TraversalOperator::LegacyIndex(_) => name.push_str("[]"),
                TraversalOperator::Index(it) => match self.value(it, depth).kind {
                    ValueKind::Text(text) => {
                        name.push('.');
                        name.push_str(&text.value);
                    }
                    kind => {
                        others.extend(mentions(&Value::new(Span::default(), kind)));
                        name.push_str("[]");
                    }
                },
            }
            name
        });
        ValueKind::Open(std::iter::once(name).chain(others).collect())
    }
}

fn mentions(value: &Value) -> Vec<String> {
    value.mentions().into_iter().map(str::to_owned).collect()
}

fn label(label: &BlockLabel) -> String {
    label.as_str().to_owned()
}
