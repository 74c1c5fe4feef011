//! The published JSON schemas in `docs/schemas` are generated from the structs that read and write each form.

/// The schema of what `T` writes.
pub(crate) fn written<T: schemars::JsonSchema>() -> schemars::Schema {
    schemars::generate::SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<T>()
}

/// Fails where the published schema of this name is another one; writes it where `UPDATE_GENERATED` is set.
pub(crate) fn check(name: &str, schema: &schemars::Schema) {
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    let path = format!("{}/../../docs/schemas/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(published, text, "docs/schemas/{name} is stale: run the tests with UPDATE_GENERATED=1");
}

/// Fails where a document is not as the schema says.
pub(crate) fn check_fits(schema: &schemars::Schema, document: &serde_json::Value) {
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    let errors: Vec<String> = validator.iter_errors(document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
}
