//! What names mean in a Terraform module: locals, and variables with literal values, over all files of a folder.

use std::collections::BTreeMap;

use super::hcl::Block;
use super::value::{Entry, Value, ValueKind};

/// References are followed so far: `local.a` may name `local.b`.
const DEEPEST: usize = 16;

/// A value and the file it stands in.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Placed {
    /// The number of the file.
    pub file: usize,
    /// The value.
    pub value: Value,
}

/// The names of a module.
#[derive(Debug, Default)]
pub(in crate::lint) struct Scope {
    names: BTreeMap<String, Placed>,
}

impl Scope {
    /// Takes in a file of the module.
    pub(in crate::lint) fn add(&mut self, file: usize, body: &Block) {
        for block in &body.blocks {
            match block.kind.as_str() {
                "locals" => {
                    block.attributes.iter().for_each(|it| self.name(format!("local.{}", it.key), file, &it.value))
                }
                "variable" => {
                    if let Some(value) = block.get("default") {
                        self.name(format!("var.{}", block.label(0)), file, value);
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes in a file of values for variables, which come before defaults.
    pub(in crate::lint) fn add_values(&mut self, file: usize, body: &Block) {
        for entry in &body.attributes {
            self.names.insert(format!("var.{}", entry.key), Placed { file, value: entry.value.clone() });
        }
    }

    fn name(&mut self, name: String, file: usize, value: &Value) {
        self.names.entry(name).or_insert_with(|| Placed { file, value: value.clone() });
    }

    /// The value with every name it mentions replaced by what it stands for, as far as that is known. What stands in another
    /// file, below the value itself, is said to stand where it is used.
    pub(in crate::lint) fn resolve(&self, file: usize, value: &Value) -> Placed {
        self.follow(Placed { file, value: value.clone() }, DEEPEST)
    }

    fn follow(&self, placed: Placed, left: usize) -> Placed {
        let Placed { file, value } = placed;
        match &value.kind {
            ValueKind::Open(names) => match names.as_slice() {
                [name] if left > 0 => match self.find(name) {
                    Some(found) => self.follow(found, left - 1),
                    None => Placed { file, value },
                },
                _ => Placed { file, value },
            },
            ValueKind::List(_) | ValueKind::Map(_) | ValueKind::Encoded(..) => {
                Placed { file, value: self.inner(file, value, left) }
            }
            ValueKind::Null
            | ValueKind::Bool(_)
            | ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::File { .. } => Placed { file, value },
        }
    }

    fn inner(&self, file: usize, value: Value, left: usize) -> Value {
        let below = |value: Value| {
            let span = value.span;
            let found = self.follow(Placed { file, value }, left);
            if found.file == file { found.value } else { found.value.moved(span) }
        };
        let span = value.span;
        let kind = match value.kind {
            ValueKind::List(elements) => ValueKind::List(elements.into_iter().map(below).collect()),
            ValueKind::Map(entries) => ValueKind::Map(
                entries
                    .into_iter()
                    .map(|it| Entry { key: it.key, key_span: it.key_span, value: below(it.value) })
                    .collect(),
            ),
            ValueKind::Encoded(inner, spacing) => {
                let found = self.follow(Placed { file, value: *inner }, left);
                let inner = if found.file == file { found.value } else { found.value.moved(span) };
                ValueKind::Encoded(Box::new(inner), spacing)
            }
            other @ (ValueKind::Null
            | ValueKind::Bool(_)
            | ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::File { .. }
            | ValueKind::Open(_)) => other,
        };
        Value::new(span, kind)
    }

    /// `local.policies.ai`: the longest name that is known, and then keys.
    fn find(&self, name: &str) -> Option<Placed> {
        if let Some(found) = self.names.get(name) {
            return Some(found.clone());
        }
        let mut parts = name.split('.');
        let head = format!("{}.{}", parts.next()?, parts.next()?);
        let found = self.names.get(&head)?;
        let value = parts.try_fold(&found.value, |value, key| value.get(key))?;
        Some(Placed { file: found.file, value: value.clone() })
    }
}
