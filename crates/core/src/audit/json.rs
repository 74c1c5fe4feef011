//! `optout.audit/1`: the audit for machines. The audit is a report value already, so its structs are the form.

use serde::Serialize;

use super::Audit;

/// The name of the form.
pub const FORMAT: &str = "optout.audit/1";

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FormV1<'a> {
    /// Always `optout.audit/1`.
    format: &'static str,
    #[serde(flatten)]
    audit: &'a Audit,
}

/// The audit as indented JSON text, equal bytes for equal audits.
#[must_use]
pub fn render(audit: &Audit) -> String {
    // INVARIANT: every map key is a string, which is all that could make this fail.
    serde_json::to_string_pretty(&FormV1 { format: FORMAT, audit }).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("audit-1.json", &crate::published::written::<super::FormV1<'static>>());
    }
}
