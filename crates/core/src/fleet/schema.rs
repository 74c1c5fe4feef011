//! The JSON Schema of the file of a fleet for editors, made from structs that exist for this alone.
//!
//! The reader walks the tables by hand, for the sake of its messages; tests below hold the two together.

use super::Fleet;
use crate::source::Source;

/// Several AWS organizations, and how each is read.
#[derive(schemars::JsonSchema)]
#[schemars(title = "fleet.toml", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct FleetFile {
    /// The organizations.
    #[schemars(length(min = 1))]
    organizations: Vec<OrganizationTable>,
}

#[derive(schemars::JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
struct OrganizationTable {
    /// What it is called in reports; files about it are named after it. No two are alike, also not but for case.
    #[schemars(length(min = 1, max = 128))]
    name: String,
    /// A role to assume with the credentials that were found.
    #[schemars(regex(pattern = r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[!-~]+$"))]
    role_arn: Option<String>,
    /// The external id that the role asks for.
    #[schemars(regex(pattern = r"^[A-Za-z0-9_+=,.@:/-]{2,1224}$"))]
    external_id: Option<String>,
    /// A region of the partition that is meant.
    #[schemars(regex(pattern = r"^[a-z0-9-]{4,32}$"))]
    region: Option<String>,
    /// The profile of the shared AWS configuration to use.
    #[schemars(length(min = 1))]
    profile: Option<String>,
    /// An endpoint in place of AWS's own: a private one, or a simulator.
    #[schemars(regex(pattern = r"^https?://[^/:@\s][^@\s]*$"))]
    endpoint_url: Option<String>,
    /// A saved organization, as `optout snapshot` writes it, in place of AWS; relative to this file.
    #[schemars(length(min = 1))]
    snapshot: Option<String>,
    /// The intent to judge it by; relative to this file.
    #[schemars(length(min = 1))]
    intent: Option<String>,
}

#[test]
fn the_published_schema_is_the_one_of_the_structs() {
    crate::published::check("fleet-toml-1.json", &schemars::schema_for!(FleetFile));
}

#[test]
fn the_schema_and_the_reader_know_the_same_keys() {
    let whole = include_str!("../../tests/data/fleet/whole.toml");
    let schema = schemars::schema_for!(FleetFile);
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    let accepted = |text: &str| {
        let json = serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap();
        (Fleet::parse(&Source::new("f.toml", text)).is_ok(), validator.is_valid(&json))
    };
    assert_eq!(accepted(whole), (true, true));
    let keys: Vec<&str> = whole.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
    assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), 8, "every key is in the example");
    for key in keys {
        let misspelt = whole.replacen(&format!("\n{key} = "), &format!("\n{key}x = "), 1);
        assert_eq!(accepted(&misspelt), (false, false), "{key}");
    }
    assert_eq!(accepted("organizations = []"), (false, false));
    for (line, is_good) in [
        ("region = 'EU'", false),
        ("role-arn = 'x'", false),
        ("endpoint-url = 'http://127.0.0.1:1'", true),
        ("endpoint-url = 'https://a:b@c'", false),
    ] {
        assert_eq!(accepted(&format!("[[organizations]]\nname = 'a'\n{line}\n")), (is_good, is_good), "{line}");
    }
}
