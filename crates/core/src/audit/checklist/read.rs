//! Checklists: text → [`Checklists`], every problem with its place.
//!
//! Files are read twice: first the requirements of all of them, then the items, which may name any of those.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Attest, AttestMode, Checklists, Citation, Correction, Item, Reference};
use crate::audit::{Observation, Profile};
use crate::check::controls;
use crate::source::{Fields, Found, Problem, Rejected, Source, nearest, read_toml};

/// The schema this program reads.
pub const SCHEMA: &str = "optout.checklist/1";

pub(super) fn read(sources: &[Source]) -> Result<Checklists, Rejected> {
    let mut lists = Checklists { date: Date::MIN, references: BTreeMap::new(), items: Vec::new() };
    for source in sources {
        let (date, references) = read_toml(source, |fields| requirements(fields, &lists.references))?;
        lists.date = lists.date.max(date);
        lists.references.extend(references);
    }
    for source in sources {
        let items = read_toml(source, |fields| items(fields, &lists))?;
        lists.items.extend(items);
    }
    Ok(lists)
}

type Requirements = (Date, BTreeMap<String, Reference>);

fn requirements(fields: &mut Fields<'_>, known: &BTreeMap<String, Reference>) -> Option<Requirements> {
    fields.schema(SCHEMA, "take the files that belong to this version of optout, or update optout")?;
    let date = fields.date("date");
    let mut references = BTreeMap::new();
    for mut table in fields.tables("reference") {
        let id = table.text("id").and_then(|found| id(&table, found));
        if let Some(found) =
            id.as_ref().filter(|id| known.contains_key(&id.value) || references.contains_key(&id.value))
        {
            twice(&table, found);
        }
        references.extend(reference(&mut table, id).map(|reference| (reference.id.clone(), reference)));
    }
    fields.tables("item");
    fields.finish();
    Some((date?.value, references))
}

/// A name in kebab-case.
fn id(fields: &Fields<'_>, found: Found<&str>) -> Option<Found<String>> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    if found.value.split('-').all(is_word) {
        return Some(found.with(found.value.to_owned()));
    }
    let problem = Problem::new("bad-id", "this is not an id").at(found.span);
    fields.note(problem.help("small letters and digits, words joined by hyphens, like `policy-type-enabled`"));
    None
}

fn twice(fields: &Fields<'_>, found: &Found<String>) {
    let problem = Problem::new("duplicate-id", format!("`{}` is there already", found.value)).at(found.span);
    fields.note(problem.help("keep one of them"));
}

fn reference(fields: &mut Fields<'_>, id: Option<Found<String>>) -> Option<Reference> {
    let framework = owned(fields.text("framework"));
    let section = owned(fields.text("section"));
    let asks = owned(fields.text("asks"));
    let citation = citation(fields);
    fields.finish();
    let (framework, section, asks) = (framework?, section?, asks?);
    Some(Reference { id: id?.value, framework, section, asks, citation: citation? })
}

fn owned(found: Option<Found<&str>>) -> Option<String> {
    found.map(|found| found.value.to_owned())
}

fn citation(fields: &mut Fields<'_>) -> Option<Citation> {
    let source = fields.address("source");
    let copy = fields.optional_address("copy");
    let read = fields.date("read");
    Some(Citation { source: source?, copy, read: read?.value })
}

fn items(fields: &mut Fields<'_>, lists: &Checklists) -> Option<Vec<Item>> {
    let mut seen: BTreeSet<String> = lists.items.iter().map(|item| item.id.clone()).collect();
    let mut items = Vec::new();
    for mut table in fields.tables("item") {
        let id = table.text("id").and_then(|found| id(&table, found));
        if let Some(found) = id.as_ref().filter(|found| !seen.insert(found.value.clone())) {
            twice(&table, found);
        }
        items.extend(item(&mut table, id, &lists.references));
    }
    Some(items)
}

fn item(fields: &mut Fields<'_>, id: Option<Found<String>>, known: &BTreeMap<String, Reference>) -> Option<Item> {
    let title = owned(fields.text("title"));
    let profiles = fields.texts("profiles");
    let profiles = meanings(fields, &profiles, Profile::WORDS);
    let guide = fields.texts("guide").into_iter().map(|found| found.value.to_owned()).collect();
    let (controls, observations) = (fields.texts("controls"), fields.texts("observations"));
    // What is named and unknown is a problem of its own, and no reason to ask for an attestation.
    let attest = attest(fields, controls.is_empty() && observations.is_empty());
    let controls = controls.into_iter().filter_map(|found| control(fields, found)).collect();
    let observations = meanings(fields, &observations, Observation::WORDS);
    let shows = owned(fields.optional_text("shows"));
    let supports = fields.texts("supports").into_iter().filter_map(|found| support(fields, found, known)).collect();
    let corrections = fields.tables("correction").into_iter().filter_map(correction).collect();
    fields.finish();
    if profiles.is_empty() {
        let problem = Problem::new("no-profile", "this item belongs to no profile").at(fields.span());
        fields.note(problem.help("`profiles = [\"general\"]`, for example"));
    }
    let (id, title) = (id?.value, title?);
    Some(Item { id, title, profiles, guide, controls, observations, attest, shows, supports, corrections })
}

/// What words of a closed set mean.
fn meanings<T: Copy>(fields: &Fields<'_>, found: &[Found<&str>], words: &[(&'static str, T)]) -> Vec<T> {
    let names = || words.iter().map(|(word, _)| *word);
    let meaning = |found: &Found<&str>| words.iter().find(|(word, _)| *word == found.value).map(|(_, value)| *value);
    found.iter().filter_map(|found| meaning(found).or_else(|| unknown(fields, *found, names()))).collect()
}

/// Notes a name that nothing has.
fn unknown<'k, T>(fields: &Fields<'_>, found: Found<&str>, known: impl Iterator<Item = &'k str> + Clone) -> Option<T> {
    let name: String = found.value.chars().take(80).collect();
    let help = nearest(found.value, known.clone()).map_or_else(
        || format!("one of {}", known.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    fields.note(Problem::new("unknown-name", format!("nothing here is called `{name}`")).at(found.span).help(help));
    None
}

fn control(fields: &Fields<'_>, found: Found<&str>) -> Option<&'static str> {
    let known = controls::get(found.value).map(|control| control.id);
    known.or_else(|| unknown(fields, found, controls::ALL.iter().map(|control| control.id)))
}

fn support(fields: &Fields<'_>, found: Found<&str>, known: &BTreeMap<String, Reference>) -> Option<String> {
    if known.contains_key(found.value) {
        return Some(found.value.to_owned());
    }
    unknown(fields, found, known.keys().map(String::as_str))
}

/// How the item may be vouched for; without other evidence there must be a way, and it is the only one.
fn attest(fields: &mut Fields<'_>, manual: bool) -> Option<Attest> {
    let span = fields.span();
    let Some(mut table) = fields.optional_table("attest") else {
        if manual {
            let problem = Problem::new("no-evidence", "nothing could ever decide this item").at(span);
            fields.note(problem.help("name controls or observations, or what has to be attested: `[item.attest]`"));
        }
        return None;
    };
    let mode = table.word("mode", AttestMode::WORDS);
    let statement = owned(table.text("statement"));
    table.finish();
    if mode.is_some_and(|mode| (mode == AttestMode::Alone) != manual) {
        let help = "`alone` where nothing else is looked at; `instead` or `also` beside controls and observations";
        fields.note(Problem::new("attest-mode", "this mode does not fit the item").at(table.span()).help(help));
    }
    Some(Attest { mode: mode?, statement: statement? })
}

fn correction(mut fields: Fields<'_>) -> Option<Correction> {
    let claim = owned(fields.text("claim"));
    let holds = owned(fields.text("holds"));
    let citation = citation(&mut fields);
    fields.finish();
    Some(Correction { claim: claim?, holds: holds?, citation: citation? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "schema = 'optout.checklist/1'\ndate = 2026-11-24\n";
    const REFERENCE: &str = "[[reference]]\nid = 'law-1'\nframework = 'Law'\nsection = '1'\nasks = 'A'\n\
        source = 'https://example.org/law'\nread = 2026-11-24\n";
    const ITEM: &str = "[[item]]\nid = 'one'\ntitle = 'One'\nprofiles = ['general']\n";
    const ALONE: &str = "[item.attest]\nmode = 'alone'\nstatement = 'S'\n";

    fn parse(text: &str) -> Result<Checklists, String> {
        Checklists::parse(&[Source::new("c.toml", format!("{HEAD}{text}"))]).map_err(|rejected| rejected.to_string())
    }

    /// The only problem of a file that has exactly one.
    fn problem(text: &str) -> String {
        let error = parse(text).unwrap_err();
        assert_eq!(error.lines().count(), 1, "{error}");
        error
    }

    #[test]
    fn an_item_may_be_automatic_attested_or_both() {
        let lists = parse(&format!(
            "{ITEM}controls = ['root-covered']\nobservations = ['websites']\n{}{}{ALONE}",
            ALONE.replace("alone", "also"),
            ITEM.replace("'one'", "'two'")
        ));
        let lists = lists.unwrap();
        let [one, two] = lists.items() else { panic!("two items") };
        assert_eq!(one.controls, ["root-covered"]);
        assert_eq!(one.observations, [Observation::Websites]);
        assert_eq!(two.attest.as_ref().map(|attest| attest.mode), Some(AttestMode::Alone));
        assert!(two.controls.is_empty() && two.observations.is_empty());
    }

    #[test]
    fn names_that_nothing_has_are_refused_with_line_column_and_the_nearest() {
        let cases = [
            (
                format!("{ITEM}controls = ['root-coverd']\n"),
                "c.toml:7:13: nothing here is called `root-coverd`",
                "root-covered",
            ),
            (
                format!("{ITEM}observations = ['website']\n"),
                "c.toml:7:17: nothing here is called `website`",
                "websites",
            ),
            (format!("{REFERENCE}{ITEM}supports = ['law-2']\n{ALONE}"), "nothing here is called `law-2`", "law-1"),
            (ITEM.replace("general", "generel") + ALONE, "c.toml:6:13: nothing here is called `generel`", "general"),
        ];
        for (text, message, near) in cases {
            let error = parse(&text).unwrap_err();
            assert!(error.contains(message) && error.contains(&format!("did you mean `{near}`?")), "{error}");
        }
    }

    #[test]
    fn an_item_that_nothing_could_decide_is_refused() {
        assert!(problem(ITEM).contains("nothing could ever decide this item"));
        assert!(problem(&format!("{ITEM}{}", ALONE.replace("alone", "instead"))).contains("does not fit"));
        assert!(problem(&format!("{ITEM}controls = ['root-covered']\n{ALONE}")).contains("does not fit"));
    }

    #[test]
    fn ids_that_come_twice_are_refused_within_and_across_files() {
        assert!(problem(&format!("{ITEM}{ALONE}{ITEM}{ALONE}")).contains("`one` is there already"));
        assert!(problem(&format!("{REFERENCE}{REFERENCE}")).contains("`law-1` is there already"));
        for text in [format!("{ITEM}{ALONE}"), REFERENCE.to_owned()] {
            let file = |name: &str| Source::new(name, format!("{HEAD}{text}"));
            let error = Checklists::parse(&[file("a.toml"), file("b.toml")]).unwrap_err().to_string();
            assert!(error.starts_with("b.toml:") && error.contains("is there already"), "{error}");
        }
    }

    #[test]
    fn a_file_may_name_the_requirements_of_a_later_one() {
        let items = Source::new("a.toml", format!("{HEAD}{ITEM}supports = ['law-1']\n{ALONE}"));
        let references = Source::new("b.toml", format!("{HEAD}{REFERENCE}"));
        let lists = Checklists::parse(&[items, references]).unwrap();
        assert_eq!(lists.reference("law-1").map(|law| law.framework.as_str()), Some("Law"));
    }

    #[test]
    fn unknown_keys_bad_ids_addresses_and_schemas_are_refused() {
        assert!(problem(&format!("{ITEM}titel = 'x'\n{ALONE}")).contains("did you mean `title`?"));
        for id in ["One", "one two", "-one", "one--two", "éin"] {
            assert!(problem(&format!("{}{ALONE}", ITEM.replace("'one'", &format!("'{id}'")))).contains("not an id"));
        }
        assert!(problem(&REFERENCE.replace("https", "http")).contains("not the address of a page"));
        let newer = Source::new("c.toml", HEAD.replace("/1", "/2") + "news = 1\n");
        let error = Checklists::parse(&[newer]).unwrap_err().to_string();
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.starts_with("c.toml:1:10: the schema is `optout.checklist/2`"), "{error}");
    }
}
