//! The state files of JetBrains IDEs: `application › component › option`, or a map inside the option.
//!
//! A key of two steps is the `value` of an option; one of three is the `value` of an entry of the option's map.

use super::lines::{indent_before, indent_of_line, line_end};
use super::xml_tree::{Attribute, Element, root};
use super::{Seen, refusal, splice};
use crate::source::{Problem, Span};
use crate::workstation::clients::key_text;
use crate::workstation::terms::Scalar;

/// One more step of indentation, as the IDEs write.
const UNIT: &str = "  ";

/// The way to a value: the element, the attribute that names it, and its name.
type Step<'a> = (&'a str, Option<(&'a str, &'a str)>);

/// What stands under `key`.
pub(super) fn look(text: &str, key: &[String]) -> Result<Seen, Problem> {
    let Some(root) = application(text)? else { return Ok(Seen::Absent) };
    Ok(match follow(&root, &steps(key)?) {
        Reached::Value(element) => value(element),
        Reached::Parent(..) => Seen::Absent,
        Reached::Many(spans) => Seen::Many(spans),
    })
}

/// Whether the file has a component of this name.
pub(super) fn has_component(text: &str, name: &str) -> Result<bool, Problem> {
    let root = application(text)?;
    Ok(root.is_some_and(|root| !root.children_named("component", "name", name).is_empty()))
}

/// The text with `value` under `key`.
pub(super) fn set(text: &str, key: &[String], value: &Scalar) -> Result<String, Problem> {
    let seen = look(text, key)?;
    if let Some(problem) = refusal(&seen, &key_text(key)) {
        return Err(problem);
    }
    let new = escape(&value.to_string());
    if let Seen::One(_, span) = seen {
        return Ok(splice(text, span, &new));
    }
    let steps = steps(key)?;
    let Some(root) = application(text)? else { return Ok(fresh(text, &steps, &new)) };
    match follow(&root, &steps) {
        Reached::Parent(parent, rest) => Ok(insert(text, parent, rest, &new)),
        Reached::Value(element) => Err(odd(element)),
        Reached::Many(spans) => Err(odd_many(&spans)),
    }
}

fn odd(element: &Element) -> Problem {
    Problem::new("settings-container", "the element has no `value`, or more than that").at(element.whole())
}

fn odd_many(spans: &[Span]) -> Problem {
    Problem::new("settings-duplicate", "the element is there more than once")
        .at(spans.last().copied().unwrap_or_default())
}

fn application(text: &str) -> Result<Option<Element>, Problem> {
    match root(text)? {
        Some(root) if root.name != "application" => {
            let message = format!("the root element is `{}`, not `application`", root.name);
            Err(Problem::new("settings-not-readable", message).at(root.open))
        }
        root => Ok(root),
    }
}

fn steps(key: &[String]) -> Result<Vec<Step<'_>>, Problem> {
    match key {
        [component, option] => {
            Ok(vec![("component", Some(("name", component.as_str()))), ("option", Some(("name", option.as_str())))])
        }
        [component, option, entry] => Ok(vec![
            ("component", Some(("name", component.as_str()))),
            ("option", Some(("name", option.as_str()))),
            ("map", None),
            ("entry", Some(("key", entry.as_str()))),
        ]),
        _ => Err(Problem::new("settings-key", "a key here is a component, an option and, for a map, an entry")),
    }
}

enum Reached<'a, 'b> {
    /// The element that holds the value.
    Value(&'a Element),
    /// The deepest element that is there, and the steps that are not.
    Parent(&'a Element, &'b [Step<'b>]),
    /// A step that is there more than once.
    Many(Vec<Span>),
}

fn follow<'a, 'b>(element: &'a Element, steps: &'b [Step<'b>]) -> Reached<'a, 'b> {
    let Some((step, rest)) = steps.split_first() else { return Reached::Value(element) };
    match children(element, *step).as_slice() {
        [] => Reached::Parent(element, steps),
        [child] => follow(child, rest),
        several => Reached::Many(several.iter().map(|child| child.whole()).collect()),
    }
}

fn children<'a>(element: &'a Element, (name, named): Step<'_>) -> Vec<&'a Element> {
    match named {
        Some((attribute, value)) => element.children_named(name, attribute, value),
        None => element.children.iter().filter(|child| child.name == name).collect(),
    }
}

fn value(element: &Element) -> Seen {
    match (element.attribute("value"), element.children.as_slice()) {
        (Some(Attribute { value, span, .. }), []) => Seen::One(Scalar::Text(value.clone()), *span),
        (Some(_) | None, _) => Seen::Other { what: "an element", container: true, span: element.whole() },
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// The lines of the elements of `steps`, the innermost with the value, each with its depth.
fn lines(steps: &[Step<'_>], value: &str, depth: usize) -> Vec<(usize, String)> {
    let Some(((name, named), rest)) = steps.split_first() else { return Vec::new() };
    let attribute = named.map(|(attribute, text)| format!(" {attribute}=\"{}\"", escape(text))).unwrap_or_default();
    if rest.is_empty() {
        return vec![(depth, format!("<{name}{attribute} value=\"{value}\" />"))];
    }
    let mut all = vec![(depth, format!("<{name}{attribute}>"))];
    all.extend(lines(rest, value, depth + 1));
    all.push((depth, format!("</{name}>")));
    all
}

fn block(lines: &[(usize, String)], indent: &str, end: &str) -> String {
    let line = |(depth, text): &(usize, String)| format!("{end}{indent}{}{text}", UNIT.repeat(*depth));
    lines.iter().map(line).collect()
}

/// A text without elements: the whole file after what is there.
fn fresh(text: &str, steps: &[Step<'_>], value: &str) -> String {
    let end = line_end(text);
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { end };
    format!("{text}{gap}<application>{}{end}</application>{end}", block(&lines(steps, value, 1), "", end))
}

/// Puts the missing elements after the last child of `parent`, or opens it where it is empty.
fn insert(text: &str, parent: &Element, steps: &[Step<'_>], value: &str) -> String {
    let end = line_end(text);
    let outer = indent_of_line(text, parent.open.start);
    let last = parent.children.last();
    let indent = last.and_then(|child| indent_before(text, child.open.start)).map(str::to_owned);
    let new = block(&lines(steps, value, 0), &indent.unwrap_or_else(|| format!("{outer}{UNIT}")), end);
    match (parent.close, last) {
        (None, _) => splice(text, parent.open, &format!("{}{new}{end}{outer}</{}>", opened(text, parent), parent.name)),
        (Some(_), Some(child)) => {
            let at = child.whole().end;
            let broken =
                text.get(at..).is_some_and(|rest| rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n'));
            splice(text, Span::new(at, at), &if broken { new } else { format!("{new}{end}{outer}") })
        }
        (Some(close), None) => {
            let inside = text.get(parent.open.end..close.start).unwrap_or_default();
            let kept = inside.trim_end().len();
            let broken = inside.get(kept..).is_some_and(|tail| tail.contains('\n'));
            let at = parent.open.end + kept;
            splice(text, Span::new(at, at), &if broken { new } else { format!("{new}{end}{outer}") })
        }
    }
}

/// The start tag of an element that was written as empty.
fn opened(text: &str, element: &Element) -> String {
    let tag = text.get(element.open.start..element.open.end).unwrap_or_default();
    let inside = tag.strip_suffix("/>").unwrap_or(tag).trim_end();
    format!("{inside}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Vec<String> {
        ["codewhispererSettings", "value", "OptInSendingMetric"].iter().map(|step| (*step).to_owned()).collect()
    }

    fn set_false(text: &str) -> String {
        set(text, &key(), &Scalar::Text("false".to_owned())).unwrap()
    }

    #[test]
    fn only_the_value_changes() {
        let text = "<application>\r\n  <component name=\"codewhispererSettings\">\r\n    <option name=\"value\">\r\n      <map>\r\n        <entry key=\"OptInSendingMetric\" value='true'/><!-- x -->\r\n      </map>\r\n    </option>\r\n  </component>\r\n</application>";
        assert_eq!(set_false(text), text.replace("true", "false"));
    }

    #[test]
    fn a_missing_entry_joins_its_map() {
        let text = "<application>\n  <component name=\"codewhispererSettings\">\n    <option name=\"value\">\n      <map>\n        <entry key=\"IsProjectContextEnabled\" value=\"true\" />\n      </map>\n    </option>\n  </component>\n</application>\n";
        let entry = "        <entry key=\"OptInSendingMetric\" value=\"false\" />\n";
        assert_eq!(set_false(text), text.replace("      </map>", &format!("{entry}      </map>")));
    }

    #[test]
    fn missing_elements_are_written_as_the_ide_writes_them() {
        let component = "  <component name=\"codewhispererSettings\">\n    <option name=\"value\">\n      <map>\n        <entry key=\"OptInSendingMetric\" value=\"false\" />\n      </map>\n    </option>\n  </component>\n";
        let whole = format!("<application>\n{component}</application>\n");
        assert_eq!(set_false(""), whole);
        assert_eq!(set_false("<application />\n"), whole);
        assert_eq!(set_false("<application>\n</application>\n"), whole);
        assert_eq!(set_false("<application>\n  <component name=\"codewhispererSettings\" />\n</application>\n"), whole);
        let other =
            "  <component name=\"aws\">\n    <option name=\"promptedForTelemetry\" value=\"true\" />\n  </component>\n";
        let text = format!("<application>\n{other}</application>\n");
        assert_eq!(set_false(&text), format!("<application>\n{other}{component}</application>\n"));
    }

    #[test]
    fn one_line_files_stay_readable() {
        let text = "<application><component name=\"codewhispererSettings\"><option name=\"value\"><map/></option></component></application>";
        let new = set_false(text);
        assert!(matches!(look(&new, &key()).unwrap(), Seen::One(Scalar::Text(value), _) if value == "false"));
        assert!(new.ends_with("</option></component></application>"), "{new}");
    }

    #[test]
    fn duplicates_and_values_that_are_elements_are_refused() {
        let refused = |text: &str| set(text, &key(), &Scalar::Bool(false)).unwrap_err().code;
        let component = "<component name=\"codewhispererSettings\"/>";
        assert_eq!(refused(&format!("<application>{component}{component}</application>")), "settings-duplicate");
        let inside = "<entry key=\"OptInSendingMetric\"><value><X/></value></entry>";
        let text = format!(
            "<application><component name=\"codewhispererSettings\"><option name=\"value\"><map>{inside}</map></option></component></application>"
        );
        assert_eq!(refused(&text), "settings-container");
        assert_eq!(refused("<project/>"), "settings-not-readable");
    }

    #[test]
    fn an_option_has_its_value_in_itself() {
        let key = ["aws".to_owned(), "telemetryEnabled".to_owned()];
        let text = "<application>\n  <component name=\"aws\">\n    <option name=\"promptedForTelemetry\" value=\"true\" />\n  </component>\n</application>\n";
        let new = set(text, &key, &Scalar::Text("false".to_owned())).unwrap();
        assert!(new.contains("    <option name=\"telemetryEnabled\" value=\"false\" />\n  </component>"), "{new}");
    }
}
