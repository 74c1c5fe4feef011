//! TOML: toml_edit gives the places, the text is spliced (writing its document out would normalise line ends).

use toml_edit::{Document, Item, Table, TableLike, Value};

use super::lines::line_end;
use super::{Seen, refusal, splice};
use crate::source::{Problem, Span};
use crate::workstation::clients::key_text;
use crate::workstation::terms::Scalar;

/// What stands under `key`.
pub(super) fn look(text: &str, key: &[String]) -> Result<Seen, Problem> {
    Ok(walk(parse(text)?.as_table(), key))
}

/// The text with `value` under `key`: at most one table deep when it has to be added.
pub(super) fn set(text: &str, key: &[String], value: &Scalar) -> Result<String, Problem> {
    let document = parse(text)?;
    let seen = walk(document.as_table(), key);
    if let Some(problem) = refusal(&seen, &key_text(key)) {
        return Err(problem);
    }
    if let Seen::One(_, span) | Seen::Other { span, .. } = seen {
        return Ok(splice(text, span, &literal(value)));
    }
    let line = |name: &str| format!("{} = {}", key_literal(name), literal(value));
    match key {
        [name] => Ok(insert_line(text, root_end(document.as_table()), &line(name))),
        [table, name] => match document.as_table().get(table) {
            None => Ok(append_table(text, table, &line(name))),
            Some(Item::Table(found)) if !found.is_dotted() && !found.is_implicit() => {
                let header = found.span().map_or(0, |span| span.end);
                Ok(insert_line(text, values_end(found).max(header), &line(name)))
            }
            Some(other) => Err(other_form(key, other)),
        },
        _ => Err(Problem::new("settings-key", "a key of more than two steps cannot be added to a TOML file")),
    }
}

fn parse(text: &str) -> Result<Document<&str>, Problem> {
    Document::parse(text).map_err(|error| {
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        let span = error.span().map(|span| Span::new(span.start, span.end)).unwrap_or_default();
        Problem::new("settings-not-readable", format!("the text cannot be read: {message}")).at(span)
    })
}

fn other_form(key: &[String], item: &Item) -> Problem {
    let span = item.span().map(|span| Span::new(span.start, span.end)).unwrap_or_default();
    refusal(&Seen::OtherForm(span), &key_text(key)).unwrap_or_else(|| Problem::new("settings-form", "another form"))
}

fn walk(table: &dyn TableLike, key: &[String]) -> Seen {
    let Some((name, rest)) = key.split_first() else { return Seen::Absent };
    let Some(item) = table.get(name) else { return Seen::Absent };
    match (item.as_table_like(), rest) {
        (Some(inner), [_, ..]) => walk(inner, rest),
        (None, []) => seen(item),
        (Some(_), []) | (None, [_, ..]) => Seen::Other { what: item.type_name(), container: true, span: span(item) },
    }
}

fn span(item: &Item) -> Span {
    item.span().map(|span| Span::new(span.start, span.end)).unwrap_or_default()
}

fn seen(item: &Item) -> Seen {
    match item.as_value() {
        Some(Value::Boolean(value)) => Seen::One(Scalar::Bool(*value.value()), span(item)),
        Some(Value::String(text)) => Seen::One(Scalar::Text(text.value().clone()), span(item)),
        Some(Value::Integer(_) | Value::Float(_) | Value::Datetime(_)) => {
            Seen::Other { what: "a number or date", container: false, span: span(item) }
        }
        Some(Value::Array(_) | Value::InlineTable(_)) | None => {
            Seen::Other { what: "a table or list", container: true, span: span(item) }
        }
    }
}

fn literal(value: &Scalar) -> String {
    match value {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Text(text) => Value::from(text.as_str()).to_string(),
    }
}

fn key_literal(name: &str) -> String {
    toml_edit::Key::new(name).display_repr().into_owned()
}

/// The end of the last plain value of a table, 0 where it has none.
fn values_end(table: &Table) -> usize {
    let values = table.get_values();
    values.iter().filter_map(|(_, value)| value.span()).map(|span| span.end).max().unwrap_or(0)
}

fn root_end(root: &Table) -> usize {
    values_end(root)
}

/// Puts a line after the one on which byte `after` stands; before everything where `after` is 0.
fn insert_line(text: &str, after: usize, line: &str) -> String {
    let end = line_end(text);
    if after == 0 {
        return format!("{line}{end}{text}");
    }
    match text.get(after..).and_then(|rest| rest.find('\n')) {
        Some(break_at) => splice(text, Span::new(after + break_at + 1, after + break_at + 1), &format!("{line}{end}")),
        None => format!("{text}{end}{line}"),
    }
}

fn append_table(text: &str, table: &str, line: &str) -> String {
    let end = line_end(text);
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { end };
    let blank = if text.is_empty() { "" } else { end };
    format!("{text}{gap}{blank}[{}]{end}{line}{end}", key_literal(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(steps: &[&str]) -> Vec<String> {
        steps.iter().map(|step| (*step).to_owned()).collect()
    }

    fn set_false(text: &str, steps: &[&str]) -> String {
        set(text, &key(steps), &Scalar::Bool(false)).unwrap()
    }

    #[test]
    fn only_the_value_changes_and_line_ends_stay() {
        let text = "# hi\r\n[telemetry]   # t\r\nenabled =  true # on\r\nx = [ 1,\r\n 2 ]\r\n";
        assert_eq!(set_false(text, &["telemetry", "enabled"]), text.replace("true", "false"));
    }

    #[test]
    fn an_absent_key_joins_its_table_or_makes_it() {
        assert_eq!(
            set_false("a = 1\n\n[t]\nb = 2 # x\n\n[u]\n", &["t", "k"]),
            "a = 1\n\n[t]\nb = 2 # x\nk = false\n\n[u]\n"
        );
        assert_eq!(set_false("[t]\n[u]\nc = 1", &["t", "k"]), "[t]\nk = false\n[u]\nc = 1");
        assert_eq!(set_false("a = 1", &["t", "k"]), "a = 1\n\n[t]\nk = false\n");
        assert_eq!(set_false("", &["t", "k"]), "[t]\nk = false\n");
    }

    #[test]
    fn an_absent_key_of_the_root_stands_before_the_tables() {
        assert_eq!(set_false("[t]\nb = 2\n", &["k"]), "k = false\n[t]\nb = 2\n");
        assert_eq!(set_false("a = \"x\" # y\n[t]\n", &["k"]), "a = \"x\" # y\nk = false\n[t]\n");
    }

    #[test]
    fn other_forms_containers_and_broken_texts_are_refused() {
        let refused = |text: &str| set(text, &key(&["t", "k"]), &Scalar::Bool(false)).unwrap_err().code;
        assert_eq!(refused("t = { b = 1 }"), "settings-form");
        assert_eq!(refused("[[t]]\n"), "settings-container");
        assert_eq!(refused("t.k = []"), "settings-container");
        assert_eq!(refused("t.k = 1\nt.k = 2"), "settings-not-readable");
    }
}
