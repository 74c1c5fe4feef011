//! `data/billing.toml`: by which names AWS bills the services, how each is known, and what an unknown name looks like.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::Date;

use super::Amount;
use crate::catalogue::Reference;
use crate::source::{Fields, Problem, Rejected, Source, read_toml};

/// The data file that is compiled in, named as it is in the project.
const EMBEDDED: (&str, &str) = ("data/billing.toml", include_str!("../../../../data/billing.toml"));
/// The schema this program reads.
const SCHEMA: &str = "optout.billing/1";

/// How a name is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// It stands in a published answer of `GetCostAndUsage`.
    Answer,
    /// A public program compares amounts under it with the console's.
    Compared,
    /// A public program lists it.
    Listed,
    /// Formed from the service's name.
    Unproven,
}

impl Proof {
    const WORDS: [(&'static str, Self); 4] = [
        ("answer", Self::Answer),
        ("compared", Self::Compared),
        ("listed", Self::Listed),
        ("unproven", Self::Unproven),
    ];

    /// Whether that nothing is billed under the name says that the service is not used.
    #[must_use]
    pub const fn is_proven(self) -> bool {
        match self {
            Self::Answer | Self::Compared | Self::Listed => true,
            Self::Unproven => false,
        }
    }
}

/// A name of Cost Explorer's dimension SERVICE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingName {
    /// The name.
    pub service: String,
    /// The service keys that are billed under it; several cannot be told apart.
    pub keys: Vec<String>,
    /// How it is known.
    pub proof: Proof,
    /// What else to know.
    pub note: Option<String>,
    /// Where it was read; nowhere, if it is unproven.
    pub reference: Option<Reference>,
}

/// What a request costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// In US dollars.
    pub usd: Amount,
    /// Where AWS says so.
    pub reference: Reference,
}

/// All names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingNames {
    date: Date,
    price: Price,
    names: BTreeMap<String, BillingName>,
    unnamed: BTreeMap<String, String>,
    hints: Vec<(String, Vec<String>)>,
}

impl BillingNames {
    /// The names that are compiled in.
    ///
    /// # Panics
    /// Never: the tests of this crate read the same file.
    #[must_use]
    pub fn embedded() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the file is part of the program and the tests read it")]
        static NAMES: LazyLock<BillingNames> = LazyLock::new(|| {
            let (name, text) = EMBEDDED;
            BillingNames::parse(&Source::new(name, text)).expect("the embedded names are valid")
        });
        &NAMES
    }

    /// Reads a file of the form of `data/billing.toml`.
    ///
    /// # Errors
    /// Every problem of the text with its place.
    pub fn parse(source: &Source) -> Result<Self, Rejected> {
        read_toml(source, all)
    }

    /// The day they were looked up.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.date
    }

    /// What a request costs.
    #[must_use]
    pub const fn price(&self) -> &Price {
        &self.price
    }

    /// What is known of a name; exactly as it stands in bills.
    #[must_use]
    pub fn get(&self, service: &str) -> Option<&BillingName> {
        self.names.get(service)
    }

    /// Every name, in order.
    pub fn names(&self) -> impl Iterator<Item = &BillingName> {
        self.names.values()
    }

    /// The names under which a service may be billed.
    pub fn of_key<'n>(&'n self, key: &'n str) -> impl Iterator<Item = &'n BillingName> {
        self.names.values().filter(move |name| name.keys.iter().any(|it| it == key))
    }

    /// Why there is no name for a key, where that is known.
    #[must_use]
    pub fn unnamed(&self, key: &str) -> Option<&str> {
        self.unnamed.get(key).map(String::as_str)
    }

    /// The keys of services that an unknown name looks like: it has all words of a hint, whatever their case.
    #[must_use]
    pub fn look_alikes(&self, service: &str) -> BTreeSet<&str> {
        let lower = service.to_lowercase();
        let words: BTreeSet<&str> = lower.split(|it: char| !it.is_alphanumeric()).collect();
        // Bills write some names in one word, like `AmazonCloudWatch`.
        let joined =
            |word: &str| words.iter().any(|it| it.strip_prefix("amazon").or(it.strip_prefix("aws")) == Some(word));
        let has = |word: &String| words.contains(word.as_str()) || joined(word);
        self.hints.iter().filter(|(_, hint)| hint.iter().all(has)).map(|(key, _)| key.as_str()).collect()
    }
}

fn all(fields: &mut Fields<'_>) -> Option<BillingNames> {
    fields.schema(SCHEMA, "take the file that belongs to this version of optout")?;
    let date = fields.date("date");
    let price = fields.table("price").and_then(price);
    let mut names = BTreeMap::new();
    for mut table in fields.tables("name") {
        let span = table.span();
        if let Some(name) = name(&mut table)
            && let Some(twice) = names.insert(name.service.clone(), name)
        {
            fields
                .note(Problem::new("duplicate-name", format!("`{}` is in this file already", twice.service)).at(span));
        }
    }
    let unnamed = fields.tables("unnamed").into_iter().filter_map(unnamed).collect();
    let hints = fields.tables("hint").into_iter().filter_map(hint).collect();
    fields.finish();
    Some(BillingNames { date: date?.value, price: price?, names, unnamed, hints })
}

fn price(mut fields: Fields<'_>) -> Option<Price> {
    let found = fields.text("usd");
    let reference = reference(&mut fields);
    fields.finish();
    let found = found?;
    let usd = found.value.parse::<Amount>();
    if usd.is_err() {
        fields.note(Problem::new("bad-amount", "expected an amount like 0.01").at(found.span));
    }
    Some(Price { usd: usd.ok()?, reference: reference? })
}

/// `source` and `read`, both or none.
fn reference(fields: &mut Fields<'_>) -> Option<Reference> {
    let source = fields.optional_address("source");
    let read = fields.optional_date("read");
    Some(Reference { source: source?, read: read?.value })
}

fn name(fields: &mut Fields<'_>) -> Option<BillingName> {
    let service = fields.text("service");
    let keys: Vec<String> = fields.texts("keys").iter().map(|it| it.value.to_owned()).collect();
    let proof = fields.word("proof", &Proof::WORDS);
    let note = fields.optional_text("note").map(|it| it.value.to_owned());
    let reference = reference(fields);
    fields.finish();
    let proof = proof?;
    if keys.is_empty() || proof.is_proven() != reference.is_some() {
        let message = "a name needs a key, and a source exactly if it is proven";
        fields.note(Problem::new("bad-name", message).at(fields.span()));
    }
    Some(BillingName { service: service?.value.to_owned(), keys, proof, note, reference })
}

fn unnamed(mut fields: Fields<'_>) -> Option<(String, String)> {
    let (key, text) = (fields.text("key"), fields.text("text"));
    fields.finish();
    Some((key?.value.to_owned(), text?.value.to_owned()))
}

fn hint(mut fields: Fields<'_>) -> Option<(String, Vec<String>)> {
    let key = fields.text("key");
    let words: Vec<String> = fields.texts("words").iter().map(|it| it.value.to_owned()).collect();
    fields.finish();
    if words.is_empty() {
        fields.note(Problem::new("bad-hint", "a hint without words fits everything").at(fields.span()));
    }
    Some((key?.value.to_owned(), words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_key_of_the_catalogue_has_a_name_or_says_that_it_has_none() {
        let names = BillingNames::embedded();
        for service in Catalogue::embedded().services() {
            let key = service.key.as_str();
            assert_eq!(names.of_key(key).count() == 0, names.unnamed(key).is_some(), "{key}");
        }
    }

    #[test]
    fn every_key_that_is_named_is_one_of_the_catalogue() {
        let names = BillingNames::embedded();
        let named = names.names().flat_map(|it| &it.keys).chain(names.unnamed.keys());
        for key in named.chain(names.hints.iter().map(|(key, _)| key)) {
            assert!(Catalogue::embedded().contains(key), "{key}");
        }
    }

    #[test]
    fn names_that_are_known_look_like_their_keys() {
        let names = BillingNames::embedded();
        for name in names.names().filter(|it| it.service != "Amazon Chime" && !it.service.starts_with("Contact Center"))
        {
            let looks = names.look_alikes(&name.service);
            assert!(name.keys.iter().any(|key| looks.contains(key.as_str())), "{} {looks:?}", name.service);
        }
    }

    #[test]
    fn unknown_names_are_told_by_their_words_and_not_by_parts_of_them() {
        let names = BillingNames::embedded();
        let looks = |name: &str| names.look_alikes(name).into_iter().collect::<Vec<_>>();
        assert_eq!(looks("Amazon Lex V3"), ["lex"]);
        assert_eq!(looks("AMAZONPOLLY"), ["polly"]);
        assert_eq!(looks("Amazon Connect Decisions"), ["connect", "connectdecision"]);
        assert_eq!(looks("Amazon Complexity, Queue and Lexicon"), Vec::<&str>::new());
        assert_eq!(looks("Amazon Simple Storage Service"), Vec::<&str>::new());
    }

    #[test]
    fn mistakes_in_the_data_are_named_with_their_place() {
        let text = "schema = 'optout.billing/1'\ndate = 2026-11-24\n[price]\nusd = 'x'\nsource = 'https://a.b'\nread = 2026-11-24\n\
                    [[name]]\nservice = 'A'\nkeys = ['lex']\nproof = 'listed'\n[[hint]]\nkey = 'lex'\n";
        let error = BillingNames::parse(&Source::new("b.toml", text)).unwrap_err().to_string();
        for expected in ["expected an amount", "a source exactly if it is proven", "fits everything"] {
            assert!(error.contains(expected), "{error}");
        }
    }
}
