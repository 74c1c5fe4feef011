//! Expressions of Python, JavaScript and TypeScript as values, and the calls of a text with their arguments.

use super::code::{Code, Kind, Language};
use super::value::{DEEPEST, Entry, Spacing, Text, Value, ValueKind};
use crate::source::Span;

/// A call: what is called, and with what.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Call {
    /// As it is written: `client.create_policy`.
    pub callee: String,
    /// The place of the last name of the callee.
    pub span: Span,
    /// The token of the last name of the callee.
    pub at: usize,
    /// Arguments without a name.
    pub positional: Vec<Value>,
    /// Arguments by name; in scripts the keys of the last argument, if it is an object.
    pub named: Vec<Entry>,
}

impl Call {
    /// The last name of the callee.
    pub(in crate::lint) fn name(&self) -> &str {
        self.callee.rsplit('.').next().unwrap_or_default()
    }

    /// An argument by one of its names.
    pub(in crate::lint) fn named(&self, names: &[&str]) -> Option<&Value> {
        self.named.iter().find(|entry| names.contains(&entry.key.as_str())).map(|entry| &entry.value)
    }
}

/// Every call of the text, in its order.
pub(in crate::lint) fn calls(code: &Code<'_>) -> Vec<Call> {
    (0..code.tokens.len())
        .filter(|at| code.is_name(*at) && code.word(at + 1) == "(")
        .filter_map(|at| call(code, at))
        .collect()
}

fn call(code: &Code<'_>, at: usize) -> Option<Call> {
    if matches!(
        code.word(at),
        "if" | "for" | "while" | "return" | "and" | "or" | "not" | "in" | "def" | "function" | "switch" | "catch"
    ) {
        return None;
    }
    if at > 0 && matches!(code.word(at - 1), "def" | "function" | "class") {
        return None;
    }
    let (positional, mut named, _) = arguments(code, at + 2, 0);
    if named.is_empty() && code.language == Language::Script {
        named = positional.iter().rev().find(|it| it.is_map()).map(|it| it.entries().to_vec()).unwrap_or_default();
    }
    let span = code.get(at)?.span;
    Some(Call { callee: callee(code, at), span, at, positional, named })
}

/// The names joined by dots that end at a token.
fn callee(code: &Code<'_>, at: usize) -> String {
    let (mut names, mut at) = (vec![code.word(at)], at);
    while at >= 2 && matches!(code.word(at - 1), "." | "?.") && code.is_name(at - 2) && names.len() < 8 {
        at -= 2;
        names.push(code.word(at));
    }
    if at >= 1 && matches!(code.word(at - 1), "." | "?.") {
        // Called on what another call gives: `boto3.client(…).list_accounts()`.
        names.push("");
    }
    names.reverse();
    names.join(".")
}

type Arguments = (Vec<Value>, Vec<Entry>, usize);

/// Arguments from a token on, up to the closing bracket; the token after it.
fn arguments(code: &Code<'_>, start: usize, depth: usize) -> Arguments {
    let (mut positional, mut named, mut at) = (Vec::new(), Vec::new(), start);
    while at < code.tokens.len() && code.word(at) != ")" {
        if code.is_name(at) && code.word(at + 1) == "=" && code.language == Language::Python {
            let key_span = code.get(at).map(|token| token.span).unwrap_or_default();
            let (value, next) = expression(code, at + 2, depth + 1);
            named.push(Entry { key: code.word(at).to_owned(), key_span, value });
            at = next.max(at + 3);
        } else if code.word(at) == "," || code.get(at).is_some_and(|token| token.kind == Kind::Break) {
            at += 1;
        } else {
            let (value, next) = expression(code, at, depth + 1);
            positional.push(value);
            at = next.max(at + 1);
        }
    }
    (positional, named, at + 1)
}

/// The expression that begins at a token, and the token after it.
pub(in crate::lint) fn expression(code: &Code<'_>, at: usize, depth: usize) -> (Value, usize) {
    let at = skip_breaks(code, at);
    let end = expression_end(code, at);
    let span = span(code, at, end);
    if depth > DEEPEST {
        return (Value::open(span, Vec::new()), end);
    }
    let (value, next) = primary(code, at, end, depth);
    if next >= end {
        return (Value { span, ..value }, end);
    }
    // `satisfies X`, `as X` of TypeScript leave the value as it is.
    if code.language == Language::Script && matches!(code.word(next), "as" | "satisfies") {
        return (value, end);
    }
    (opaque(code, at, end, span, depth), end)
}

fn skip_breaks(code: &Code<'_>, mut at: usize) -> usize {
    while code.get(at).is_some_and(|token| token.kind == Kind::Break) {
        at += 1;
    }
    at
}

fn span(code: &Code<'_>, start: usize, end: usize) -> Span {
    let first = code.get(start).map(|token| token.span.start).unwrap_or(code.text.len());
    let last = end.checked_sub(1).and_then(|end| code.get(end)).map_or(first, |token| token.span.end);
    Span::new(first, last.max(first))
}

/// The first token after the expression: a comma, colon, closing bracket or line end outside of its own brackets.
fn expression_end(code: &Code<'_>, start: usize) -> usize {
    let (mut depth, mut at, mut ternary) = (0_usize, start, 0_usize);
    while let Some(token) = code.get(at) {
        let word = code.word(at);
        match (&token.kind, word) {
            (Kind::Punct, "(" | "[" | "{") => depth += 1,
            (Kind::Punct, ")" | "]" | "}") if depth == 0 => return at,
            (Kind::Punct, ")" | "]" | "}") => depth -= 1,
            (Kind::Punct, "," | ";") if depth == 0 => return at,
            (Kind::Punct, "?") if depth == 0 => ternary += 1,
            (Kind::Punct, ":") if depth == 0 && ternary > 0 => ternary -= 1,
            (Kind::Punct, ":") if depth == 0 => return at,
            (Kind::Break, _) if depth == 0 && !continued(code, at) => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

/// In scripts a line may go on with a method: `client\n  .send()`.
fn continued(code: &Code<'_>, at: usize) -> bool {
    code.language == Language::Script && matches!(code.word(at + 1), "." | "?." | "+" | "?" | "&&" | "||")
}

fn primary(code: &Code<'_>, at: usize, end: usize, depth: usize) -> (Value, usize) {
    let whole = span(code, at, end);
    let Some(token) = code.get(at) else { return (Value::open(whole, Vec::new()), end) };
    let word = code.word(at);
    match &token.kind {
        Kind::Text(_) => strings(code, at),
        Kind::Number => (Value::new(token.span, ValueKind::Number(word.to_owned())), at + 1),
        Kind::Name => match word {
            "True" | "true" => (Value::new(token.span, ValueKind::Bool(true)), at + 1),
            "False" | "false" => (Value::new(token.span, ValueKind::Bool(false)), at + 1),
            "None" | "null" => (Value::new(token.span, ValueKind::Null), at + 1),
            _ => names(code, at, end, depth),
        },
        Kind::Punct if word == "{" => map(code, at, depth),
        Kind::Punct if matches!(word, "[" | "(") => list(code, at, depth),
        Kind::Punct | Kind::Break => (Value::open(whole, Vec::new()), at),
    }
}

/// One string, or several that stand one after the other, which Python joins.
fn strings(code: &Code<'_>, at: usize) -> (Value, usize) {
    let (mut joined, mut next, mut known) = (String::new(), at, true);
    while let Some(Kind::Text(value)) = code.get(next).map(|token| &token.kind) {
        known &= value.is_some();
        joined.push_str(value.as_deref().unwrap_or_default());
        next += 1;
    }
    let whole = span(code, at, next);
    if !known {
        return (Value::open(whole, vec![code.text.get(whole.start..whole.end).unwrap_or_default().to_owned()]), next);
    }
    let written = code.text.get(whole.start..whole.end).unwrap_or_default();
    let places = written.find(&joined).filter(|_| next == at + 1 && !joined.is_empty());
    let places = places.map(|offset| vec![(0, whole.start + offset)]).unwrap_or_default();
    (Value::new(whole, ValueKind::Text(Text { value: joined, places })), next)
}

/// A name, `a.b`, or a call that is understood.
fn names(code: &Code<'_>, at: usize, end: usize, depth: usize) -> (Value, usize) {
    let mut last = at;
    while matches!(code.word(last + 1), "." | "?.") && code.is_name(last + 2) {
        last += 2;
    }
    let name = callee(code, last);
    if code.word(last + 1) != "(" {
        return (Value::open(span(code, at, last + 1), vec![name]), last + 1);
    }
    let (positional, named, next) = arguments(code, last + 2, depth + 1);
    if next < end {
        return (Value::open(span(code, at, end), Vec::new()), next);
    }
    let whole = span(code, at, next);
    match (name.as_str(), positional.into_iter().next()) {
        ("json.dumps", Some(value)) => {
            (Value::new(whole, ValueKind::Encoded(Box::new(value), python_spacing(&named))), next)
        }
        ("JSON.stringify", Some(value)) => {
            let spacing = if code.text.get(whole.start..whole.end).is_some_and(|it| it.contains("null,")) {
                Spacing::Lines(2)
            } else {
                Spacing::Minified
            };
            (Value::new(whole, ValueKind::Encoded(Box::new(value), spacing)), next)
        }
        _ => (opaque(code, at, next, whole, depth), next),
    }
}

fn python_spacing(named: &[Entry]) -> Spacing {
    let named = |key: &str| named.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
    match (named("indent").map(|value| &value.kind), named("separators")) {
        (Some(ValueKind::Number(number)), _) => Spacing::Lines(number.parse().unwrap_or(2)),
        (_, Some(_)) => Spacing::Minified,
        (_, None) => Spacing::Blanks,
    }
}

fn map(code: &Code<'_>, start: usize, depth: usize) -> (Value, usize) {
    let (mut entries, mut at, mut odd) = (Vec::new(), start + 1, false);
    while at < code.tokens.len() && code.word(at) != "}" {
        let token_span = span(code, at, at + 1);
        if code.word(at) == "," || code.get(at).is_some_and(|token| token.kind == Kind::Break) {
            at += 1;
            continue;
        }
        let key = code.string(at).map(str::to_owned);
        let key =
            key.or_else(|| (code.language == Language::Script && code.is_name(at)).then(|| code.word(at).to_owned()));
        match key {
            Some(key) if code.word(at + 1) == ":" => {
                let (value, next) = expression(code, at + 2, depth + 1);
                entries.push(Entry { key, key_span: token_span, value });
                at = next.max(at + 3);
            }
            _ => {
                odd = true;
                at = expression_end(code, at).max(at + 1);
            }
        }
    }
    let whole = span(code, start, at + 1);
    if odd {
        let mentions = entries.iter().flat_map(|entry| entry.value.mentions()).map(str::to_owned).collect();
        return (Value::open(whole, mentions), at + 1);
    }
    (Value::new(whole, ValueKind::Map(entries)), at + 1)
}

fn list(code: &Code<'_>, start: usize, depth: usize) -> (Value, usize) {
    let close = if code.word(start) == "[" { "]" } else { ")" };
    let (mut elements, mut at, mut commas) = (Vec::new(), start + 1, 0);
    while at < code.tokens.len() && code.word(at) != close {
        if code.word(at) == "," {
            commas += 1;
            at += 1;
        } else if code.get(at).is_some_and(|token| token.kind == Kind::Break) {
            at += 1;
        } else {
            let (value, next) = expression(code, at, depth + 1);
            elements.push(value);
            at = next.max(at + 1);
        }
    }
    let whole = span(code, start, at + 1);
    match (close, commas, elements.len()) {
        (")", 0, 1) => (elements.pop().unwrap_or(Value::open(whole, Vec::new())), at + 1),
        _ => (Value::new(whole, ValueKind::List(elements)), at + 1),
    }
}

/// What is not understood: the names in it, and the file it reads where it clearly reads one.
fn opaque(code: &Code<'_>, start: usize, end: usize, span: Span, depth: usize) -> Value {
    let mut mentions = Vec::new();
    let mut at = start;
    while at < end {
        if code.is_name(at) {
            let mut last = at;
            while matches!(code.word(last + 1), "." | "?.") && code.is_name(last + 2) {
                last += 2;
            }
            let name = callee(code, last);
            mentions.push(if code.word(last + 1) == "(" { format!("{name}()") } else { name });
            at = last + 1;
        } else {
            if let Some(text) = code.string(at).filter(|_| depth <= DEEPEST) {
                mentions.push(format!("\"{text}\""));
            }
            at += 1;
        }
    }
    match read_file(&mentions) {
        Some(kind) => Value::new(span, kind),
        None => Value::open(span, mentions),
    }
}

fn read_file(mentions: &[String]) -> Option<ValueKind> {
    let opens = |name: &String| {
        matches!(name.as_str(), "open()" | "fs.readFileSync()" | "readFileSync()") || name.ends_with("read_text()")
    };
    let path = mentions.iter().find(|it| it.starts_with('"') && it.contains(".json"))?;
    let decoded = mentions.iter().any(|it| matches!(it.as_str(), "json.load()" | "json.loads()" | "JSON.parse()"));
    mentions.iter().any(opens).then(|| ValueKind::File { path: path.trim_matches('"').to_owned(), decoded })
}
