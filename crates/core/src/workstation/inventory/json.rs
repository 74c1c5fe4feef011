//! `optout.workstation/1`: everything that was found, for programs.

use jiff::Timestamp;
use serde::Serialize;

use super::Looked;
use crate::workstation::report::Report;

/// The name of the form.
pub const FORMAT: &str = "optout.workstation/1";

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FormV1<'a> {
    /// Always `optout.workstation/1`.
    format: &'static str,
    /// When it was looked at (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    at: Timestamp,
    /// What the machine is called; `null` where that is not known.
    machine: Option<&'a str>,
    /// The home directory that was looked at.
    home: &'a str,
    #[serde(flatten)]
    report: &'a Report,
}

/// The machine as indented JSON text.
#[must_use]
pub fn render(looked: &Looked<'_>) -> String {
    let Looked { report, machine, home, at, tool_version: _ } = *looked;
    // INVARIANT: every map key is a string, which is all that could make this fail.
    serde_json::to_string_pretty(&FormV1 { format: FORMAT, at, machine, home, report }).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use crate::workstation::inventory::tests::looked;

    #[test]
    fn the_published_schema_is_the_one_of_the_structs_and_fits_what_is_written() {
        let schema = crate::published::written::<super::FormV1<'static>>();
        crate::published::check("workstation-1.json", &schema);
        looked(|looked| {
            let document = serde_json::from_str(&super::render(looked)).unwrap();
            crate::published::check_fits(&schema, &document);
        });
    }
}
