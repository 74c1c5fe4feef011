//! The data of the script, as compact JSON: columns in place of records, and every equal row once.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Page;
use super::words::{self, Look};
use crate::check::{AccountLock, AccountVerdict, Basis, Key, ServiceVerdict};
use crate::org::AccountId;
use crate::source::shown;

/// What the script reads. Numbers refer to places in other lists; -1 is none.
#[derive(Serialize)]
struct Data<'p> {
    /// How things look, by letter or word: class, shape, word.
    looks: Looks,
    /// Service keys, `default` first.
    keys: Vec<String>,
    /// What the catalogue calls them; empty for keys that it does not know.
    titles: Vec<&'p str>,
    /// Policies: id and name.
    policies: Vec<[String; 2]>,
    /// Places: the number of the one above, id, name, the numbers of the policies attached there.
    places: Vec<(isize, String, String, Vec<usize>)>,
    /// The verdicts of each key as letters, then the locks.
    rows: Vec<[&'p str; 2]>,
    /// Classes: row, verdict, lock.
    classes: Vec<(usize, &'static str, &'static str)>,
    /// States of accounts, and whether such accounts count.
    states: Vec<(String, bool)>,
    /// Accounts that AWS was asked for in place of others.
    witnesses: Vec<String>,
    /// Twelve digits each.
    ids: String,
    names: Vec<String>,
    /// Per account: place, class, state; 0 AWS, 1 computed, else a witness and two.
    place: Vec<isize>,
    class: Vec<usize>,
    state: Vec<usize>,
    basis: Vec<usize>,
    /// Policies attached to accounts themselves.
    own: BTreeMap<String, Vec<usize>>,
}

/// The looks of everything that the script shows, so that it has no words of its own for them.
#[derive(Serialize)]
struct Looks {
    /// The verdicts of accounts, worst first.
    order: Vec<&'static str>,
    services: BTreeMap<char, [&'static str; 3]>,
    accounts: BTreeMap<&'static str, [&'static str; 3]>,
    locks: BTreeMap<&'static str, [&'static str; 3]>,
}

impl Looks {
    fn new() -> Self {
        let look = |look: Look| [look.class, look.shape, look.word];
        let services = ServiceVerdict::ALL.iter().map(|it| (words::service_letter(*it), look(words::service(*it))));
        let accounts = AccountVerdict::ALL.iter().map(|it| (it.as_str(), look(words::account(*it))));
        let locks = AccountLock::ALL.iter().map(|it| (it.as_str(), look(words::lock(*it))));
        let order = AccountVerdict::ALL.iter().rev().map(|it| it.as_str()).collect();
        Self { order, services: services.collect(), accounts: accounts.collect(), locks: locks.collect() }
    }
}

/// The data as JSON text.
pub(super) fn json(page: &Page<'_, '_>) -> String {
    // INVARIANT: every map key is a string, which is all that could make this fail.
    serde_json::to_string(&Maker::default().data(page)).unwrap_or_default()
}

fn safe(text: &str) -> String {
    let text = shown(text);
    if !text.contains(super::markup::is_no_character) {
        return text.into_owned();
    }
    let shown =
        |it: char| if super::markup::is_no_character(it) { it.escape_unicode().to_string() } else { it.to_string() };
    text.chars().map(shown).collect()
}

/// Numbers for what is met, in the order in which it is met.
#[derive(Default)]
struct Maker {
    states: BTreeMap<String, usize>,
    state_list: Vec<(String, bool)>,
    witnesses: BTreeMap<AccountId, usize>,
}

impl Maker {
    fn data<'p>(mut self, page: &'p Page<'_, '_>) -> Data<'p> {
        let assessment = page.assessment();
        let accounts = &assessment.accounts;
        let name = |id| assessment.listed_account(id).map_or("", |account| account.name.as_str());
        let state = accounts.iter().map(|it| self.state(page, it.id, it.counted)).collect();
        let basis = accounts.iter().map(|it| self.basis(it.basis)).collect();
        let policies = attached(page);
        let index = |at: Option<usize>| at.and_then(|at| isize::try_from(at).ok()).unwrap_or(-1);
        let mut witnesses: Vec<(usize, AccountId)> = self.witnesses.into_iter().map(|(id, at)| (at, id)).collect();
        witnesses.sort_unstable();
        Data {
            looks: Looks::new(),
            keys: assessment.keys.iter().map(|(_, name)| safe(name)).collect(),
            titles: assessment.keys.iter().map(|(key, name)| title(page, key, name)).collect(),
            places: places(page, &policies),
            rows: page.classes.rows.iter().map(|row| [row.verdicts.as_str(), row.locks.as_str()]).collect(),
            classes: page.classes.all.iter().map(|it| (it.row, it.verdict.as_str(), it.lock.as_str())).collect(),
            states: self.state_list,
            witnesses: witnesses.into_iter().map(|(_, id)| id.to_string()).collect(),
            ids: accounts.iter().map(|it| it.id.to_string()).collect(),
            names: accounts.iter().map(|it| safe(name(it.id))).collect(),
            place: accounts.iter().map(|it| index(page.places.of(it.id))).collect(),
            class: accounts.iter().map(|it| page.classes.of(it.id).unwrap_or_default()).collect(),
            state,
            basis,
            own: own(page, &policies),
            policies: names(page, &policies),
        }
    }

    fn state(&mut self, page: &Page<'_, '_>, id: AccountId, counted: bool) -> usize {
        let state = page.assessment().listed_account(id).map_or("", |account| account.state.as_str());
        let list = &mut self.state_list;
        *self.states.entry(state.to_owned()).or_insert_with(|| {
            list.push((safe(state), counted));
            list.len() - 1
        })
    }

    fn basis(&mut self, basis: Basis) -> usize {
        match basis {
            Basis::Aws => 0,
            Basis::Computed => 1,
            Basis::AwsChain(other) => {
                let next = self.witnesses.len();
                2 + *self.witnesses.entry(other).or_insert(next)
            }
        }
    }
}

fn title<'p>(page: &'p Page<'_, '_>, key: Key, name: &str) -> &'p str {
    match key == Key::DEFAULT {
        true => "Every service, future ones included",
        false => page.assessment().catalogue.get(name).map_or("", |service| service.name.as_str()),
    }
}

/// The numbers of the policies that are attached somewhere, by id.
fn attached(page: &Page<'_, '_>) -> BTreeMap<String, usize> {
    let attachments = page.assessment().snapshot.attachments.iter().flat_map(BTreeMap::values).flatten();
    let ids: std::collections::BTreeSet<&str> = attachments.map(|it| it.policy.as_str()).collect();
    ids.into_iter().enumerate().map(|(at, id)| (id.to_owned(), at)).collect()
}

fn names(page: &Page<'_, '_>, policies: &BTreeMap<String, usize>) -> Vec<[String; 2]> {
    let list = page.assessment().snapshot.policies.iter().flatten();
    let names: BTreeMap<&str, &str> = list.map(|policy| (policy.id.as_str(), policy.name.as_str())).collect();
    policies.keys().map(|id| [id.clone(), safe(names.get(id.as_str()).copied().unwrap_or_default())]).collect()
}

fn places(page: &Page<'_, '_>, policies: &BTreeMap<String, usize>) -> Vec<(isize, String, String, Vec<usize>)> {
    let places = page.places.all.iter().map(|place| {
        let parent = place.parent.and_then(|at| isize::try_from(at).ok()).unwrap_or(-1);
        let attached = place.attached.iter().flatten().filter_map(|id| policies.get(id.as_str()).copied());
        (parent, place.target.to_string(), safe(place.name), attached.collect())
    });
    places.collect()
}

fn own(page: &Page<'_, '_>, policies: &BTreeMap<String, usize>) -> BTreeMap<String, Vec<usize>> {
    let assessment = page.assessment();
    let all = assessment.snapshot.attachments.iter().flatten();
    let own = all.filter_map(|(target, list)| match target {
        crate::org::TargetId::Account(id) if !list.is_empty() => assessment.result(*id).map(|_| (id, list)),
        _ => None,
    });
    let numbers = |list: &Vec<crate::org::Attachment>| {
        list.iter().filter_map(|it| policies.get(it.policy.as_str()).copied()).collect()
    };
    own.map(|(id, list)| (id.to_string(), numbers(list))).collect()
}
