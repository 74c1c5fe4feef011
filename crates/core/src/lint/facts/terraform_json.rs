//! Terraform in JSON: `.tf.json` files, and plans as `terraform show -json` prints them, in the form of blocks.

use crate::lint::read::hcl::Block;
use crate::lint::read::value::{Entry, Value, ValueKind};
use crate::source::Span;

fn block(kind: &str, labels: &[&str], span: Span, value: &Value) -> Block {
    Block {
        kind: kind.to_owned(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        span,
        attributes: value.entries().iter().map(|it| Entry { value: interpolated(&it.value), ..it.clone() }).collect(),
        blocks: Vec::new(),
    }
}

/// `"${a.b}"` is a reference.
fn interpolated(value: &Value) -> Value {
    let kind = match &value.kind {
        ValueKind::Text(text) if text.value.contains("${") => {
            ValueKind::Open(crate::lint::read::yaml::substitutions(&text.value))
        }
        ValueKind::List(elements) => ValueKind::List(elements.iter().map(interpolated).collect()),
        other => other.clone(),
    };
    Value::new(value.span, kind)
}

/// The blocks of a `.tf.json` file.
pub(in crate::lint) fn configuration(value: &Value) -> Block {
    let mut root = block("", &[], Span::default(), &Value::new(value.span, ValueKind::Null));
    for top in value.entries() {
        match top.key.as_str() {
            "resource" | "data" => {
                for kind in top.value.entries() {
                    let named = kind.value.entries().iter();
                    root.blocks.extend(named.map(|it| block(&top.key, &[&kind.key, &it.key], it.key_span, &it.value)));
                }
            }
            "variable" | "module" | "output" => {
                let named = top.value.entries().iter();
                root.blocks.extend(named.map(|it| block(&top.key, &[&it.key], it.key_span, &it.value)));
            }
            "locals" => root.blocks.push(block("locals", &[], top.key_span, &top.value)),
            _ => {}
        }
    }
    for block in &mut root.blocks {
        lift(block);
    }
    root
}

/// `lifecycle` is a block, in JSON as well.
fn lift(block: &mut Block) {
    let inner: Vec<Block> = block
        .attributes
        .iter()
        .filter(|entry| entry.key == "lifecycle")
        .map(|entry| {
            let value = entry.value.elements().first().unwrap_or(&entry.value);
            self::block("lifecycle", &[], entry.key_span, value)
        })
        .collect();
    block.blocks = inner;
}

/// Whether a value is a plan.
pub(in crate::lint) fn is_plan(value: &Value) -> bool {
    value.get("planned_values").is_some() && value.get("format_version").is_some()
}

/// The planned resources as blocks. What is only known after apply is given as the configuration has it.
pub(in crate::lint) fn plan(value: &Value) -> Block {
    let mut root = block("", &[], Span::default(), &Value::new(value.span, ValueKind::Null));
    let configured = value.at(&["configuration", "root_module"]);
    if let Some(module) = value.at(&["planned_values", "root_module"]) {
        planned(module, configured, &mut root.blocks, 0);
    }
    root
}

fn planned(module: &Value, configured: Option<&Value>, blocks: &mut Vec<Block>, depth: usize) {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::text).map(str::to_owned);
    for resource in module.get("resources").map(Value::elements).unwrap_or_default() {
        let (Some(kind), Some(name), Some(values)) =
            (text(resource, "type"), text(resource, "name"), resource.get("values"))
        else {
            continue;
        };
        let mode = text(resource, "mode").unwrap_or_default();
        let span = resource.entry("address").map_or(resource.span, |entry| entry.value.span);
        let mut found = block(if mode == "data" { "data" } else { "resource" }, &[&kind, &name], span, values);
        let all = configured.and_then(|it| it.get("resources")).map(Value::elements).unwrap_or_default();
        let same =
            all.iter().find(|it| text(it, "type").as_ref() == Some(&kind) && text(it, "name").as_ref() == Some(&name));
        for entry in same.and_then(|it| it.get("expressions")).map(Value::entries).unwrap_or_default() {
            let references = entry.value.get("references").map(Value::elements).unwrap_or_default();
            let names: Vec<String> = references.iter().filter_map(Value::text).map(str::to_owned).collect();
            let unknown = found.get(&entry.key).is_none_or(|value| value.kind == ValueKind::Null);
            if unknown && !names.is_empty() {
                found.attributes.retain(|it| it.key != entry.key);
                found.attributes.push(Entry {
                    key: entry.key.clone(),
                    key_span: span,
                    value: Value::open(span, names),
                });
            }
        }
        found.attributes.retain(|it| it.value.kind != ValueKind::Null);
        blocks.push(found);
    }
    for child in module.get("child_modules").map(Value::elements).unwrap_or_default().iter().filter(|_| depth < 16) {
        let address = text(child, "address").unwrap_or_default();
        let name = address.rsplit('.').next().unwrap_or_default().split('[').next().unwrap_or_default().to_owned();
        let inner = configured.and_then(|it| it.at(&["module_calls", &name, "module"]));
        planned(child, inner, blocks, depth + 1);
    }
}
