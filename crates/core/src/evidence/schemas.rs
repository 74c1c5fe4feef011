//! The published schemas of the forms are those of the structs.

use super::diff::Diff;
use super::history::History;
use super::history::checked::CheckedFile;
use super::record::Record;

fn check(name: &str, schema: &schemars::Schema) {
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    let path = format!("{}/../../docs/schemas/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(published, text, "docs/schemas/{name} is stale: run the tests with UPDATE_GENERATED=1");
}

fn written<T: schemars::JsonSchema>() -> schemars::Schema {
    schemars::generate::SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<T>()
}

#[test]
fn the_published_schemas_are_those_of_the_structs() {
    check("record-1.json", &schemars::schema_for!(Record));
    check("history-1.json", &written::<History>());
    check("history-check-1.json", &written::<CheckedFile>());
    check("diff-1.json", &written::<Diff>());
}
