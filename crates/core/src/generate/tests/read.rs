//! Readers of what is written, from the rules of each language alone: they know nothing of the writers.

/// The text of a quoted HCL template without interpolation; `None` where it would begin one, or does not end.
///
/// Rules: <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md>, templates and their escapes, read 2026-11-24.
pub(super) fn hcl(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains("${") || inner.contains("%{") || inner.contains('\n') {
        return None;
    }
    let mut result = String::new();
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        match character {
            '"' => return None,
            '\\' => result.push(escape(&mut rest)?),
            other => result.push(other),
        }
    }
    Some(result)
}

fn escape(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let digits = match rest.next()? {
        'n' => return Some('\n'),
        'r' => return Some('\r'),
        't' => return Some('\t'),
        same @ ('"' | '\\') => return Some(same),
        'u' => 4,
        'U' => 8,
        _ => return None,
    };
    let code: String = rest.by_ref().take(digits).collect();
    u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)
}

/// The value of an assignment `NAME='VALUE'` of a shell; `None` where the quotation ends before the line, or the line
/// holds anything that is not printable ASCII.
pub(super) fn shell<'t>(line: &'t str, name: &str) -> Option<&'t str> {
    let value = line.trim_start().strip_prefix(name)?.strip_prefix("='")?.strip_suffix('\'')?;
    (!value.contains('\'') && value.chars().all(|it| matches!(it, ' '..='~'))).then_some(value)
}
