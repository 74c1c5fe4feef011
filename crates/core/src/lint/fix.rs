//! Automatic fixes: small edits of a text where the remedy is certain. Everything else stays byte for byte.

use super::facts::Style;
use crate::source::Span;

const LOCK: &str = "@@operators_allowed_for_child_policies";

/// One change of a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced, in bytes; empty where something is put in.
    pub span: Span,
    /// What takes its place.
    pub text: String,
}

/// What is to be done, before it is known how the place is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seed {
    /// A word in the span becomes another one.
    Word { span: Span, from: String, to: String },
    /// What stands there goes.
    Remove(Span),
    /// An object gets the lock, before its first key.
    Lock { object: Span, first: Span },
    /// A bare value becomes an object with `@@assign`.
    Assign { span: Span, value: &'static str },
}

impl Seed {
    /// The same in another text.
    pub(super) fn mapped(self, map: &dyn Fn(Span) -> Span) -> Self {
        match self {
            Self::Word { span, from, to } => Self::Word { span: map(span), from, to },
            Self::Remove(span) => Self::Remove(map(span)),
            Self::Lock { object, first } => Self::Lock { object: map(object), first: map(first) },
            Self::Assign { span, value } => Self::Assign { span: map(span), value },
        }
    }

    /// The edit of this text, where the place is written as the style says.
    pub(super) fn edit(&self, text: &str, style: Style) -> Option<Edit> {
        match self {
            Self::Word { span, from, to } => word(text, *span, from, to),
            Self::Remove(span) => removed(text, *span),
            Self::Lock { object, first } => locked(text, *object, *first, style),
            Self::Assign { span, value } => assigned(text, *span, value, style),
        }
    }
}

fn word(text: &str, span: Span, from: &str, to: &str) -> Option<Edit> {
    let inner = text.get(span.start..span.end)?;
    let at = span.start + inner.find(from)?;
    (inner.matches(from).count() == 1).then(|| Edit { span: Span::new(at, at + from.len()), text: to.to_owned() })
}

/// With the blanks before it; with its line, if nothing else stands there.
fn removed(text: &str, span: Span) -> Option<Edit> {
    let before = text.get(..span.start)?;
    let start = before.trim_end_matches([' ', '\t']).len();
    let after = text.get(span.end..)?;
    let alone = before.get(..start)?.is_empty() || before.get(..start)?.ends_with('\n');
    let end = match after.strip_prefix('\n').filter(|_| alone) {
        Some(_) => span.end + 1,
        None => span.end,
    };
    Some(Edit { span: Span::new(start, end), text: String::new() })
}

fn locked(text: &str, object: Span, first: Span, style: Style) -> Option<Edit> {
    if style == Style::Yaml && !text.get(object.start..)?.starts_with('{') {
        let line = text.get(..first.start)?.rfind('\n').map_or(0, |at| at + 1);
        let indent: String = text.get(line..first.start)?.chars().map(|_| ' ').collect();
        let blank = text.get(line..first.start)?.trim_matches([' ', '-']).is_empty();
        let put = format!("\"{LOCK}\": [\"@@none\"]\n{indent}");
        return blank.then(|| Edit { span: Span::new(first.start, first.start), text: put });
    }
    let inside = object.start + 1;
    let blanks = text.get(inside..first.start).filter(|it| it.trim().is_empty())?;
    let opens = text.get(object.start..inside) == Some("{");
    let text = match style {
        Style::Json | Style::Yaml => format!("{blanks}\"{LOCK}\": [\"@@none\"],"),
        Style::Hcl if blanks.contains('\n') => format!("{blanks}\"{LOCK}\" = [\"@@none\"]"),
        Style::Hcl => format!("{blanks}\"{LOCK}\" = [\"@@none\"],"),
        Style::Fixed => return None,
    };
    opens.then(|| Edit { span: Span::new(inside, inside), text })
}

fn assigned(text: &str, span: Span, value: &str, style: Style) -> Option<Edit> {
    let written = text.get(span.start..span.end)?;
    let bare = written.trim_matches(['"', '\'']).trim();
    let put = match style {
        Style::Json | Style::Yaml => format!("{{\"@@assign\": \"{value}\"}}"),
        Style::Hcl => format!("{{ \"@@assign\" = \"{value}\" }}"),
        Style::Fixed => return None,
    };
    bare.eq_ignore_ascii_case(value).then_some(Edit { span, text: put })
}

/// The text with edits made; those that overlap an earlier one are left out.
#[must_use]
pub fn applied(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort();
    sorted.dedup();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for edit in sorted {
        let Some(kept) = text.get(at..edit.span.start).filter(|_| edit.span.start >= at) else { continue };
        out.push_str(kept);
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_from_the_front_and_overlaps_are_left_out() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.to_owned() };
        assert_eq!(applied("abcdef", &[edit(4, 5, "X"), edit(0, 1, ""), edit(4, 6, "no"), edit(3, 3, "+")]), "bc+dXf");
    }

    #[test]
    fn a_comment_alone_on_its_line_goes_with_the_line() {
        let text = "{\n  // why\n  \"a\": 1 // so\n}";
        let span = |word: &str| text.find(word).map(|at| Span::new(at, at + word.len())).unwrap();
        let edits = [removed(text, span("// why")).unwrap(), removed(text, span("// so")).unwrap()];
        assert_eq!(applied(text, &edits), "{\n  \"a\": 1\n}");
    }
}
