//! `data/services.toml` and files of its form: text in, catalogue or every problem out.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{
    Catalogue, FirstSeen, Impact, NotCovered, Note, Origin, Pairing, PartialDate, Reference, Service, ServiceIndex,
    ServiceKey, Severity, Standing, Statement, Terms, Use, hipaa,
};
use crate::source::{Fields, Found, Problem, Rejected, Source, Span, read_toml};

/// The schema this program reads.
pub const SCHEMA: &str = "optout.catalogue/1";

/// What every schema of a catalogue begins with.
const SCHEMA_FAMILY: &str = "optout.catalogue/";

const USES: [(&str, Use); 3] =
    [(Use::MayUse.word(), Use::MayUse), (Use::NotToday.word(), Use::NotToday), (Use::NotUsed.word(), Use::NotUsed)];

const PAIRINGS: [(&str, Pairing); 3] = [
    (Pairing::Stated.word(), Pairing::Stated),
    (Pairing::Inferred.word(), Pairing::Inferred),
    (Pairing::Unknown.word(), Pairing::Unknown),
];

const SEVERITIES: [(&str, Severity); 5] = [
    (Severity::Info.word(), Severity::Info),
    (Severity::Low.word(), Severity::Low),
    (Severity::Medium.word(), Severity::Medium),
    (Severity::High.word(), Severity::High),
    (Severity::Critical.word(), Severity::Critical),
];

const STANDINGS: [(&str, Standing); 2] =
    [(Standing::Current.word(), Standing::Current), (Standing::Earlier.word(), Standing::Earlier)];

/// Reads a catalogue.
pub(super) fn read(source: &Source) -> Result<Catalogue, Rejected> {
    read_toml(source, |fields| if schema(fields)? { catalogue(fields) } else { None })
}

/// Whether the schema is ours; a problem is noted where it is not.
fn schema(fields: &mut Fields<'_>) -> Option<bool> {
    let found = fields.text("schema")?;
    if found.value == SCHEMA {
        return Some(true);
    }
    let what = if found.value.starts_with(SCHEMA_FAMILY) { "another version" } else { "not a catalogue" };
    let message = format!("the schema is `{}` ({what}); this program reads `{SCHEMA}`", brief(found.value));
    let help = "take the file that belongs to this version of optout, or update optout";
    fields.note(Problem::new("unsupported-schema", message).at(found.span).help(help));
    Some(false)
}

fn brief(text: &str) -> String {
    text.chars().take(60).collect()
}

fn catalogue(fields: &mut Fields<'_>) -> Option<Catalogue> {
    let date = fields.date("date");
    let content_until = fields.optional_date("content_until").map(|found| found.value);
    let sources = fields.addresses("sources");
    let hipaa_list = fields.optional_table("hipaa").and_then(hipaa::list);
    let default = fields.table("default").and_then(default_entry);
    let services = services(fields);
    let not_covered = not_covered(fields);
    fields.finish();
    let default = default?;
    let by_key = BTreeMap::from([(default.key.clone(), ServiceIndex::DEFAULT)]);
    let date = date?.value;
    let empty = Catalogue {
        date,
        content_until,
        sources,
        hipaa: hipaa_list,
        default,
        services: Vec::new(),
        by_key,
        not_covered,
    };
    Some(services.into_iter().fold(empty, |mut catalogue, service| {
        catalogue.add(service);
        catalogue
    }))
}

fn default_entry(mut fields: Fields<'_>) -> Option<Service> {
    entry(&mut fields, ServiceKey::from_str(ServiceKey::DEFAULT).ok())
}

/// The services; one whose key was there before is a problem and left out.
fn services(fields: &mut Fields<'_>) -> Vec<Service> {
    let mut seen: BTreeMap<ServiceKey, Span> = BTreeMap::new();
    let mut services = Vec::new();
    for mut table in fields.tables("service") {
        let key = service_key(&mut table);
        let first = key.as_ref().is_none_or(|key| is_first(&table, &mut seen, key, "duplicate-service"));
        let service = entry(&mut table, key.map(|key| key.value));
        services.extend(service.filter(|_| first));
    }
    services
}

fn service_key(fields: &mut Fields<'_>) -> Option<Found<ServiceKey>> {
    let found = fields.text("key")?;
    match ServiceKey::from_str(found.value) {
        Ok(key) if key.is_default() => {
            let problem = Problem::new("bad-service-key", "`default` has its own table `[default]`");
            fields.note(problem.at(found.span));
            None
        }
        Ok(key) => Some(found.with(key)),
        Err(error) => {
            let problem = Problem::new("bad-service-key", error.to_string()).at(found.span);
            fields.note(problem.help(super::InvalidServiceKeyError::HELP));
            None
        }
    }
}

/// Whether `name` is new; a problem is noted where it is not.
fn is_first<K: Ord + Clone + std::fmt::Display>(
    fields: &Fields<'_>,
    seen: &mut BTreeMap<K, Span>,
    name: &Found<K>,
    code: &'static str,
) -> bool {
    let first = seen.insert(name.value.clone(), name.span).is_none();
    if !first {
        let problem = Problem::new(code, format!("`{}` is in this file already", name.value)).at(name.span);
        fields.note(problem.help("keep one of them"));
    }
    first
}

/// Everything of `[default]` or of one `[[service]]`; `key` is `None` where it was bad and has been noted.
fn entry(fields: &mut Fields<'_>, key: Option<ServiceKey>) -> Option<Service> {
    let name = fields.text("name");
    let pairing = fields.word("pairing", &PAIRINGS);
    let first_seen = fields.optional_table("first_seen").and_then(first_seen);
    let terms = fields.optional_table("terms").and_then(terms);
    let statement = fields.optional_table("statement").and_then(statement);
    let hipaa = fields.optional_table("hipaa").and_then(hipaa::entry);
    let impacts = fields.tables("impact").into_iter().filter_map(impact).collect();
    let notes = fields.tables("note").into_iter().filter_map(note).collect();
    let reference = reference(fields);
    fields.finish();
    Some(Service {
        key: key?,
        name: name?.value.to_owned(),
        pairing: pairing?,
        origin: Origin::Listed(reference?),
        first_seen,
        terms,
        statement,
        hipaa,
        impacts,
        notes,
    })
}

/// `source` and `read` of a table.
pub(crate) fn reference(fields: &mut Fields<'_>) -> Option<Reference> {
    let source = fields.address("source");
    let read = fields.date("read");
    Some(Reference { source: source?, read: read?.value })
}

fn first_seen(mut fields: Fields<'_>) -> Option<FirstSeen> {
    let found = fields.text("date");
    let reference = reference(&mut fields);
    fields.finish();
    let found = found?;
    let date = PartialDate::from_str(found.value);
    if let Err(error) = &date {
        fields.note(Problem::new("bad-date", error.to_string()).at(found.span));
    }
    Some(FirstSeen { date: date.ok()?, reference: reference? })
}

fn terms(mut fields: Fields<'_>) -> Option<Terms> {
    let section = fields.text("section");
    let reference = reference(&mut fields);
    fields.finish();
    let section = section?;
    if !section.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') {
        let problem = Problem::new("bad-section", "this is not the number of a section").at(section.span);
        fields.note(problem.help("a number like 50.3"));
        return None;
    }
    Some(Terms { section: section.value.to_owned(), reference: reference? })
}

fn statement(mut fields: Fields<'_>) -> Option<Statement> {
    let uses = fields.word("uses", &USES);
    let text = fields.text("text");
    let reference = reference(&mut fields);
    fields.finish();
    Some(Statement { uses: uses?, text: text?.value.to_owned(), reference: reference? })
}

fn impact(mut fields: Fields<'_>) -> Option<Impact> {
    let severity = fields.word("severity", &SEVERITIES);
    let irreversible = fields.flag("irreversible");
    let standing = fields.optional_word("standing", &STANDINGS).unwrap_or(Standing::Current);
    let text = fields.text("text");
    let before = fields.optional_text("before").map(|found| found.value.to_owned());
    let commands = fields.texts("commands").iter().map(|found| found.value.to_owned()).collect();
    let reference = reference(&mut fields);
    fields.finish();
    let (severity, irreversible, text) = (severity?, irreversible?.value, text?.value.to_owned());
    Some(Impact { severity, irreversible, standing, text, before, commands, reference: reference? })
}

fn note(mut fields: Fields<'_>) -> Option<Note> {
    let text = fields.text("text");
    let reference = reference(&mut fields);
    fields.finish();
    Some(Note { text: text?.value.to_owned(), reference: reference? })
}

fn not_covered(fields: &mut Fields<'_>) -> Vec<NotCovered> {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut all = Vec::new();
    for mut table in fields.tables("not_covered") {
        let id = table.text("id").map(|found| found.with(found.value.to_owned()));
        let first = id.as_ref().is_none_or(|id| is_first(&table, &mut seen, id, "duplicate-id"));
        all.extend(one_not_covered(&mut table, id).filter(|_| first));
    }
    all
}

fn one_not_covered(fields: &mut Fields<'_>, id: Option<Found<String>>) -> Option<NotCovered> {
    let name = fields.text("name");
    let uses = fields.optional_word("uses", &USES);
    let instead = fields.text("instead");
    let terms = fields.optional_table("terms").and_then(terms);
    let hipaa = fields.optional_table("hipaa").and_then(hipaa::entry);
    let reference = reference(fields);
    fields.finish();
    let (name, instead) = (name?.value.to_owned(), instead?.value.to_owned());
    Some(NotCovered { id: id?.value, name, uses, instead, terms, hipaa, reference: reference? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str =
        "name = 'N'\npairing = 'inferred'\nsource = 'https://docs.aws.amazon.com/x.html'\nread = 2026-11-24\n";

    fn with(rest: &str) -> Result<Catalogue, String> {
        let text = format!("schema = '{SCHEMA}'\ndate = 2026-11-23\n[default]\n{ENTRY}{rest}");
        Catalogue::parse(&Source::new("c.toml", text)).map_err(|rejected| rejected.to_string())
    }

    /// The only problem of a file that has exactly one, without its place.
    fn problem(rest: &str) -> String {
        let error = with(rest).unwrap_err();
        assert_eq!(error.lines().count(), 1, "{error}");
        error.split_once(": ").unwrap().1.to_owned()
    }

    #[test]
    fn the_smallest_catalogue_has_default_only() {
        let catalogue = with("").unwrap();
        assert_eq!((catalogue.len(), catalogue.services().len()), (1, 0));
        assert!(catalogue.contains("default") && catalogue.default_entry().key.is_default());
    }

    #[test]
    fn a_newer_or_foreign_schema_is_refused_and_nothing_else_is_said() {
        for (schema, what) in [("optout.catalogue/2", "another version"), ("x/1", "not a catalogue")] {
            let text = format!("schema = '{schema}'\nnews = 1\n[default]\nqueer = 2\n");
            let error = Catalogue::parse(&Source::new("c.toml", text)).unwrap_err().to_string();
            assert_eq!(error.lines().count(), 1, "{error}");
            assert!(error.starts_with(&format!("c.toml:1:10: the schema is `{schema}` ({what})")), "{error}");
        }
    }

    #[test]
    fn a_missing_schema_is_the_only_thing_said() {
        let error = Catalogue::parse(&Source::new("c.toml", "date = 2026-11-23\n")).unwrap_err().to_string();
        assert_eq!(error, "c.toml:1:1: the key `schema` is missing here");
    }

    #[test]
    fn unknown_keys_are_refused_with_the_nearest_known_one() {
        let service = format!("[[service]]\nkey = 'lex'\nimpacts = []\n{ENTRY}");
        assert_eq!(problem(&service), "unknown key `impacts` (did you mean `impact`?)");
        let service = format!(
            "[[service]]\nkey = 'lex'\n{ENTRY}[service.terms]\nsectoin = '1'\nsource = 'https://a.b'\nread = 2026-11-24\n"
        );
        let error = with(&service).unwrap_err();
        assert!(error.contains("unknown key `sectoin` (did you mean `section`?)"), "{error}");
        assert!(error.contains("the key `section` is missing here"), "{error}");
    }

    #[test]
    fn keys_of_another_form_are_refused() {
        for key in ["Lex", "lex ", "opt_out_policy", "a:b", "*"] {
            let message = problem(&format!("[[service]]\nkey = '{key}'\n{ENTRY}"));
            assert!(message.starts_with(&format!("`{key}` cannot be a service key (")), "{message}");
        }
        assert!(problem(&format!("[[service]]\nkey = 'default'\n{ENTRY}")).starts_with("`default` has its own table"));
    }

    #[test]
    fn keys_in_two_parts_are_accepted() {
        let catalogue = with(&format!("[[service]]\nkey = 'connecthealth::operations'\n{ENTRY}")).unwrap();
        assert!(catalogue.contains("connecthealth::operations"));
    }

    #[test]
    fn a_service_or_an_id_that_comes_twice_is_refused_where_it_comes_again() {
        let twice = format!("[[service]]\nkey = 'lex'\n{ENTRY}[[service]]\nkey = 'lex'\n{ENTRY}");
        assert_eq!(problem(&twice), "`lex` is in this file already (keep one of them)");
        let one = "[[not_covered]]\nid = 'x'\nname = 'X'\ninstead = 'Y'\nsource = 'https://a.b'\nread = 2026-11-24\n";
        assert_eq!(problem(&format!("{one}{one}")), "`x` is in this file already (keep one of them)");
    }

    #[test]
    fn every_problem_of_every_entry_is_reported() {
        let error = with("[[service]]\nkey = 7\n[[service]]\nname = ''\nread = 'x'\n").unwrap_err();
        for expected in [
            "expected a text in quotes, found a whole number",
            "the key `key` is missing here",
            "this text is blank",
            "expected a date like 2026-11-24, without quotes, found a text",
        ] {
            assert!(error.contains(expected), "{expected} not in {error}");
        }
    }

    #[test]
    fn addresses_dates_sections_and_words_are_checked() {
        let address = |source: &str| {
            format!("[[service]]\nkey = 'a'\nname = 'N'\npairing = 'stated'\nread = 2026-11-24\nsource = '{source}'\n")
        };
        for source in
            ["http://a.b", "https://", "https:///x", "javascript:alert(1)", "https://a.b/) <script>", "https://a b"]
        {
            assert!(problem(&address(source)).starts_with("this is not the address"), "{source}");
        }
        let service = format!("[[service]]\nkey = 'a'\n{ENTRY}");
        let reference = "source = 'https://a.b'\nread = 2026-11-24\n";
        let first = format!("{service}[service.first_seen]\ndate = '2026-13'\n{reference}");
        assert!(problem(&first).starts_with("this is neither a year"));
        let terms = format!("{service}[service.terms]\nsection = '50.3)'\n{reference}");
        assert!(problem(&terms).starts_with("this is not the number of a section"));
        let uses = format!("{service}[service.statement]\nuses = 'mayuse'\ntext = 'T'\n{reference}");
        assert!(problem(&uses).contains("did you mean `may-use`?"));
        let severity =
            format!("{service}[[service.impact]]\nseverity = 'bad'\nirreversible = true\ntext = 'T'\n{reference}");
        assert!(problem(&severity).contains("one of `info`, `low`, `medium`, `high`, `critical`"));
    }

    #[test]
    fn wrong_shapes_are_refused() {
        for rest in ["[service]\nkey = 'lex'\n", "service = 3\n", "service = ['lex']\n"] {
            let text = format!("schema = '{SCHEMA}'\ndate = 2026-11-23\n{rest}[default]\n{ENTRY}");
            assert!(Catalogue::parse(&Source::new("c.toml", text)).is_err(), "{rest}");
        }
    }
}
