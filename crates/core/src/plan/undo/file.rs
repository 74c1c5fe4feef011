//! `optout.undo/1`: what was there before, as a file.

use serde::{Deserialize, Serialize};

use super::Undo;
use crate::source::{Problem, Rejected, Source, Span, json_problem};

/// The newest form, the one that [`write_undo`] uses.
pub const FORMAT: &str = "optout.undo/1";

const HELP: &str = "`optout apply` writes an undo before it changes anything; use that file as it is";

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileV1<T> {
    /// Always `optout.undo/1`.
    format: String,
    /// What was there before.
    undo: T,
}

/// Writes an undo: pretty-printed JSON, equal bytes for equal undos.
#[must_use]
pub fn write_undo(undo: &Undo) -> String {
    // INVARIANT: every map key in there is a string, which is all that could make this fail.
    serde_json::to_string_pretty(&FileV1 { format: FORMAT.into(), undo }).unwrap_or_default() + "\n"
}

/// Reads an undo.
///
/// # Errors
/// What is wrong with the text, with line and column: not JSON, not an undo, a version this program does not know.
pub fn read_undo(source: &Source) -> Result<Undo, Rejected> {
    #[derive(Deserialize)]
    struct Peek {
        format: Option<String>,
    }
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let reject = |problem: Problem| Rejected::new(source.clone(), vec![problem.help(HELP)]);
    let wrong = |error| reject(json_problem("undo-json", &source.text, &error));
    let peek: Peek = serde_json::from_str(text).map_err(wrong)?;
    if peek.format.as_deref() != Some(FORMAT) {
        let found = peek.format.map_or_else(|| "none".to_owned(), |it| it.chars().take(80).collect());
        let message = format!("expected the format `{FORMAT}`, found `{found}`");
        return Err(reject(Problem::new("undo-format", message).at(Span::new(0, 0))));
    }
    let file: FileV1<Undo> = serde_json::from_str(text).map_err(wrong)?;
    Ok(file.undo)
}

#[cfg(test)]
mod tests {
    use super::{FileV1, Undo};

    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("undo-1.json", &schemars::schema_for!(FileV1<Undo>));
    }
}
