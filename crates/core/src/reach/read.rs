//! From a file's text to its values, with line and column where it is something else.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::source::{Problem, Rejected, Source, Span, json_problem};

#[derive(Deserialize)]
struct Format {
    format: Option<String>,
}

/// The file as a `T`, where it says that it is of this format; `command` writes such files.
pub(super) fn parse<T: DeserializeOwned>(source: &Source, format: &str, command: &str) -> Result<T, Rejected> {
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let reject = |problem: Problem| Rejected::new(source.clone(), vec![problem]);
    let help = format!("expected what `{command}` writes: `\"format\": \"{format}\"`");
    let wrong = |error| reject(json_problem("report-json", &source.text, &error).help(help.as_str()));
    let found: Format = serde_json::from_str(text).map_err(wrong)?;
    if found.format.as_deref() != Some(format) {
        let name: String = found.format.unwrap_or_else(|| "none".to_owned()).chars().take(60).collect();
        return Err(reject(
            Problem::new("report-format", format!("its format is `{name}`")).at(Span::new(0, 0)).help(help.as_str()),
        ));
    }
    serde_json::from_str(text).map_err(wrong)
}
