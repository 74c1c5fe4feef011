//! From the written catalogue of tools to the checked one: editors become places of the tools that live in them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::clients::{
    Citation, Clients, FleetRule, Location, Marker, Product, ScopeRule, Setting, Tier, Variable, VariableRule,
};
use super::raw::{
    RawClients, RawEditor, RawFleet, RawMarker, RawOtherwise, RawPlace, RawProduct, RawRule, RawScope, RawSetting,
    RawTier, RawVariable,
};
use super::terms::{Format, PerOs, Role, Scalar};
use crate::source::{Problem, Rejected, Source, Span};

/// The only layout of the file this reader knows.
const SCHEMA: i64 = 1;

/// Reads and checks the text of a catalogue of tools.
pub(super) fn read(name: &str, text: &str) -> Result<Clients, Rejected> {
    let source = Source::new(name, text);
    let raw: RawClients = toml::from_str(text).map_err(|error| not_toml(&source, &error))?;
    let mut problems = Vec::new();
    check_schema(&raw, &mut problems);
    let clients = convert(raw, &mut problems);
    check_ids(&clients, &mut problems);
    if problems.is_empty() { Ok(clients) } else { Err(Rejected::new(source, problems)) }
}

fn not_toml(source: &Source, error: &toml::de::Error) -> Rejected {
    let span = error.span().map(|span| Span::new(span.start, span.end)).unwrap_or_default();
    let problem = Problem::new("clients-not-readable", error.message().to_owned()).at(span);
    Rejected::new(source.clone(), vec![problem])
}

fn check_schema(raw: &RawClients, problems: &mut Vec<Problem>) {
    if raw.schema != SCHEMA {
        let message = format!("the layout `{}` of this catalogue is not known", raw.schema);
        problems.push(Problem::new("clients-schema", message).help(format!("this program reads layout {SCHEMA}")));
    }
}

fn check_ids(clients: &Clients, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for tier in &clients.tiers {
        for id in tier.products.iter().filter(|id| clients.product(id).is_none()) {
            problems.push(Problem::new("clients-tier", format!("`{}` names the unknown product `{id}`", tier.id)));
        }
    }
    for product in &clients.products {
        if !seen.insert(product.id.clone()) {
            problems.push(Problem::new("clients-duplicate", format!("the product `{}` is there twice", product.id)));
        }
        for setting in &product.settings {
            if !seen.insert(format!("{}/{}", product.id, setting.id)) {
                let message = format!("the setting `{}` of `{}` is there twice", setting.id, product.id);
                problems.push(Problem::new("clients-duplicate", message));
            }
        }
    }
}

fn convert(raw: RawClients, problems: &mut Vec<Problem>) -> Clients {
    let RawClients { read, editor: editors, scope, product, tier, fleet, schema: _ } = raw;
    Clients {
        read,
        scopes: scope.into_iter().map(scope_rule).collect(),
        products: product.into_iter().map(|product| convert_product(product, &editors, problems)).collect(),
        tiers: tier.into_iter().map(convert_tier).collect(),
        fleet: fleet.into_iter().map(convert_fleet).collect(),
    }
}

fn cite(source: String, docs: Option<String>, note: Option<String>, date: Date) -> Citation {
    Citation { source, docs, note, date }
}

fn scope_rule(raw: RawScope) -> ScopeRule {
    let citation = cite(raw.source, None, None, raw.date);
    ScopeRule { scope: raw.id, name: raw.name, read_from: raw.read_from, meaning: raw.meaning, citation }
}

fn convert_tier(raw: RawTier) -> Tier {
    let citation = cite(raw.source, None, None, raw.date);
    Tier {
        id: raw.id,
        name: raw.name,
        products: raw.products,
        meaning: raw.meaning,
        detection: raw.detection,
        citation,
    }
}

fn convert_fleet(raw: RawFleet) -> FleetRule {
    let citation = cite(raw.source, None, None, raw.date);
    FleetRule { target: raw.target, governs: raw.governs, reason: raw.reason, help: raw.help, citation }
}

fn convert_product(raw: RawProduct, editors: &[RawEditor], problems: &mut Vec<Problem>) -> Product {
    let mut locations: Vec<Location> = raw.place.into_iter().map(convert_place).collect();
    let mut markers: Vec<Marker> = raw.marker.into_iter().map(convert_marker).collect();
    for id in &raw.editors {
        let Some(editor) = editors.iter().find(|editor| editor.id == *id) else {
            problems.push(Problem::new("clients-editor", format!("`{}` names the unknown editor `{id}`", raw.id)));
            continue;
        };
        locations.extend(editor_locations(editor));
        markers.extend(raw.extension.iter().flat_map(|extension| {
            let suffix = if raw.extension_proven { "-*" } else { "" };
            editor_markers(editor, &format!("{extension}{suffix}"), raw.extension_proven)
        }));
    }
    let (id, format) = (raw.id, raw.format);
    let settings =
        raw.setting.into_iter().filter_map(|setting| convert_setting(setting, &id, format, problems)).collect();
    Product { id, name: raw.name, format, belongs: raw.file_belongs_to, locations, markers, settings, note: raw.note }
}

fn convert_place(raw: RawPlace) -> Location {
    Location {
        instance: None,
        role: raw.role,
        patterns: PerOs { linux: raw.linux, macos: raw.macos, windows: raw.windows },
        proven_on: raw.proven_on,
        citation: cite(raw.source, None, raw.note, raw.date),
    }
}

fn convert_marker(raw: RawMarker) -> Marker {
    let patterns = PerOs { linux: raw.linux, macos: raw.macos, windows: raw.windows };
    Marker { instance: None, role: Role::User, patterns, proven: true }
}

fn editor_locations(editor: &RawEditor) -> Vec<Location> {
    let user = |tail: &str| {
        let path = |directory: &Option<String>| directory.iter().map(|found| format!("{found}/{tail}")).collect();
        PerOs { linux: path(&editor.linux), macos: path(&editor.macos), windows: path(&editor.windows) }
    };
    let mut places = vec![(Role::User, user("settings.json")), (Role::Profile, user("profiles/*/settings.json"))];
    places.extend(editor.server.iter().map(|server| {
        let file = where_it_runs(editor, &format!("{server}/data/Machine/settings.json"));
        (Role::Remote, file)
    }));
    places.into_iter().map(|(role, patterns)| editor_location(editor, role, patterns)).collect()
}

fn editor_location(editor: &RawEditor, role: Role, patterns: PerOs<Vec<String>>) -> Location {
    let proven = role != Role::Remote || editor.server_proven;
    Location {
        instance: Some(editor.name.clone()),
        role,
        patterns,
        proven_on: if proven { editor.proven_on.clone() } else { BTreeSet::new() },
        citation: cite(editor.source.clone(), None, editor.note.clone(), editor.date),
    }
}

fn editor_markers(editor: &RawEditor, extension: &str, proven: bool) -> Vec<Marker> {
    let marker = |role, path: String| {
        let patterns = where_it_runs(editor, &path);
        Marker { instance: Some(editor.name.clone()), role, patterns, proven }
    };
    let mut markers = vec![marker(Role::User, format!("{}/{extension}", editor.extensions))];
    let remote = editor.server.iter().map(|server| format!("{server}/extensions/{extension}"));
    markers.extend(remote.map(|path| marker(Role::Remote, path)));
    markers
}

/// A path below the home directory, on the systems the editor runs on.
fn where_it_runs(editor: &RawEditor, path: &str) -> PerOs<Vec<String>> {
    let on = |directory: &Option<String>| directory.iter().map(|_| path.to_owned()).collect();
    PerOs { linux: on(&editor.linux), macos: on(&editor.macos), windows: on(&editor.windows) }
}

fn convert_setting(raw: RawSetting, product: &str, format: Format, problems: &mut Vec<Problem>) -> Option<Setting> {
    let name = format!("{product}/{}", raw.id);
    if raw.proven && (raw.key.is_empty() || format == Format::None) {
        problems.push(Problem::new("clients-proven", format!("`{name}` is proven, but has no key or no format")));
    }
    let opts_out: Option<Vec<Scalar>> = raw.opts_out.iter().map(scalar).collect();
    let (Some(opts_out), Some(default)) = (opts_out.filter(|values| !values.is_empty()), scalar(&raw.default)) else {
        let message = format!("`{name}` needs `opts_out` and `default` of true, false or texts");
        problems.push(Problem::new("clients-value", message));
        return None;
    };
    Some(Setting {
        product: product.to_owned(),
        id: raw.id,
        kind: raw.kind,
        versions: raw.versions,
        format,
        key: raw.key,
        scope: raw.scope,
        opts_out,
        default,
        meaning: raw.meaning,
        menu: raw.menu,
        legacy: raw.legacy,
        legacy_note: raw.legacy_note,
        variables: raw.variable.into_iter().map(convert_variable).collect(),
        proven: raw.proven,
        citation: cite(raw.source, raw.docs, raw.note, raw.date),
    })
}

fn scalar(value: &toml::Value) -> Option<Scalar> {
    match value {
        toml::Value::Boolean(value) => Some(Scalar::Bool(*value)),
        toml::Value::String(text) => Some(Scalar::Text(text.clone())),
        toml::Value::Integer(_)
        | toml::Value::Float(_)
        | toml::Value::Datetime(_)
        | toml::Value::Array(_)
        | toml::Value::Table(_) => None,
    }
}

fn convert_variable(raw: RawVariable) -> Variable {
    let opts_out = match raw.opts_out {
        RawRule::Any => VariableRule::Any,
        RawRule::Listed => VariableRule::Listed(raw.values),
        RawRule::Unless => VariableRule::Unless(raw.values),
    };
    let otherwise_shares = raw.otherwise == RawOtherwise::Shares;
    Variable {
        name: raw.name,
        opts_out,
        otherwise_shares,
        documented: raw.documented,
        citation: cite(raw.source, None, None, raw.date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workstation::terms::FleetTarget;

    #[test]
    fn the_built_in_catalogue_is_valid() {
        let clients = Clients::built_in().unwrap();
        assert_eq!(clients.products.len(), 14);
        assert_eq!(clients.fleet.len(), FleetTarget::ALL.len());
    }

    #[test]
    fn every_source_is_an_address() {
        let clients = Clients::built_in().unwrap();
        for product in &clients.products {
            let settings = product.settings.iter().map(|setting| &setting.citation);
            let citations = settings.chain(product.locations.iter().map(|location| &location.citation));
            assert!(citations.clone().all(|citation| citation.source.starts_with("https://")), "{}", product.id);
        }
    }

    #[test]
    fn every_default_of_a_content_setting_shares() {
        let clients = Clients::built_in().unwrap();
        let settings = clients.products.iter().flat_map(|product| &product.settings);
        assert!(settings.clone().all(|setting| !setting.opts_out.contains(&setting.default)));
    }

    #[test]
    fn a_duplicate_and_an_unknown_editor_are_refused() {
        let setting = "[[product.setting]]\nid='a'\nkind='content'\nversions='x'\nkey=['k']\nopts_out=[false]\ndefault=true\nmeaning='m'\nmenu='m'\nproven=true\nsource='https://x'\ndate='2026-01-01'\n";
        let product = format!(
            "[[product]]\nid='p'\nname='P'\nformat='json'\neditors=['nowhere']\nfile_belongs_to='product'\n{setting}"
        );
        let text = format!("schema=1\nread='2026-01-01'\n{product}{product}");
        let rejected = read("c.toml", &text).unwrap_err().to_string();
        assert!(rejected.contains("the product `p` is there twice"), "{rejected}");
        assert!(rejected.contains("the unknown editor `nowhere`"), "{rejected}");
    }

    #[test]
    fn an_unknown_field_is_named_with_its_place() {
        let rejected = read("c.toml", "schema = 1\nread = '2026-01-01'\nproducts = []\n").unwrap_err().to_string();
        assert!(rejected.starts_with("c.toml:3:1: unknown field `products`"), "{rejected}");
    }
}
