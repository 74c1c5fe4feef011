//! AWS's answers and ours joined: the verdict of every account, with its basis.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::{
    AccountVerdict, Basis, Computed, Documents, Exceptions, Group, Key, Keys, Lock, Reading, ServiceVerdict, Setting,
    Standing,
};
use crate::catalogue::Catalogue;
use crate::org::{
    Account, AccountId, AccountState, Answer, AnswerContent, EvidenceMode, Membership, Part, Scope, Snapshot, TargetId,
    Tree, Unread, UnreadReason,
};

/// What is asked.
#[derive(Debug)]
pub struct Question<'a> {
    /// The organization.
    pub snapshot: &'a Snapshot,
    /// The services.
    pub catalogue: &'a Catalogue,
    /// What opt-ins are declared.
    pub exceptions: Exceptions<'a>,
    /// The time to judge by.
    pub at: Timestamp,
    /// `Some(EvidenceMode::None)`: AWS's answers are not to be used, and a computed verdict counts as an answer.
    pub evidence: Option<EvidenceMode>,
    /// `Some`: the verdicts of these accounts only.
    pub only: Option<BTreeSet<AccountId>>,
}

impl<'a> Question<'a> {
    /// The question without an intent: what was read, judged at the time it was read.
    #[must_use]
    pub const fn plain(snapshot: &'a Snapshot, catalogue: &'a Catalogue) -> Self {
        Self { snapshot, catalogue, exceptions: Exceptions::none(), at: snapshot.taken, evidence: None, only: None }
    }
}

/// Verdicts for a whole organization.
#[derive(Debug)]
pub struct Assessment<'a> {
    /// The organization.
    pub snapshot: &'a Snapshot,
    /// The catalogue used.
    pub catalogue: &'a Catalogue,
    /// The time judged by.
    pub at: Timestamp,
    /// The services in question.
    pub keys: Keys,
    /// The policies' documents.
    pub documents: Documents,
    /// Our own answers.
    pub computed: Computed,
    /// Every account, ordered by id.
    pub accounts: Vec<AccountResult>,
    /// The worst verdict of the counted accounts; unknown at best where there are none, or not every account is listed.
    pub verdict: AccountVerdict,
    /// Whether every account that the snapshot speaks about is listed.
    pub whole: bool,
    /// Whether only some accounts were asked about: what concerns others is then out of sight, not unknown.
    pub partial: bool,
    /// Whether a computed verdict was asked for and counts as an answer.
    pub computed_counts: bool,
    /// Whether an intent was given.
    pub has_intent: bool,
    listed: Cow<'a, [Account]>,
    readings: Vec<Reading>,
    standings: Vec<Vec<Standing>>,
}

/// What was found of one account.
#[derive(Debug, Clone, Copy)]
pub struct AccountResult {
    /// Its id.
    pub id: AccountId,
    /// Whether it counts.
    pub counted: bool,
    /// Its verdict.
    pub verdict: AccountVerdict,
    /// Whose answer the verdict rests on.
    pub basis: Basis,
    number: usize,
    group: Option<usize>,
    reading: usize,
    standing: usize,
}

impl AccountResult {
    /// A number equal for accounts of which everything said is equal: AWS's answer, ours, and the intent.
    #[must_use]
    pub const fn cause(&self) -> (usize, Option<usize>, usize) {
        (self.reading, self.group, self.standing)
    }
}

/// Answers the question for every account.
#[must_use]
pub fn assess<'a>(question: &Question<'a>) -> Assessment<'a> {
    let snapshot = question.snapshot;
    let documents = Documents::of(snapshot);
    let keys = keys(question, &documents);
    let computed = Computed::new(snapshot, &documents, &keys);
    let listed = listed(snapshot);
    let mut joiner = Joiner::new(question, &keys, &computed, &listed);
    let wanted = |account: &Account| question.only.as_ref().is_none_or(|only| only.contains(&account.id));
    let wanted = listed.iter().enumerate().filter(|(_, account)| wanted(account));
    let accounts: Vec<_> = wanted.map(|(at, account)| joiner.account(at, account)).collect();
    let (readings, standings) = (joiner.readings, joiner.standings.into_list());
    let counted = accounts.iter().filter(|account| account.counted).map(|account| account.verdict);
    let whole = is_whole(snapshot, question.only.is_some());
    Assessment {
        snapshot,
        catalogue: question.catalogue,
        at: question.at,
        verdict: counted.chain((!whole).then_some(AccountVerdict::Unknown)).max().unwrap_or(AccountVerdict::Unknown),
        whole,
        partial: question.only.is_some(),
        computed_counts: question.evidence == Some(EvidenceMode::None),
        has_intent: !question.exceptions.is_none(),
        keys,
        documents,
        computed,
        accounts,
        listed,
        readings,
        standings,
    }
}

impl Assessment<'_> {
    /// The account of a result.
    #[must_use]
    pub fn account(&self, result: &AccountResult) -> Option<&Account> {
        self.listed.get(result.number)
    }

    /// The account of an id.
    #[must_use]
    pub fn listed_account(&self, id: AccountId) -> Option<&Account> {
        self.account(self.result(id)?)
    }

    /// The result of an account.
    #[must_use]
    pub fn result(&self, id: AccountId) -> Option<&AccountResult> {
        let at = self.accounts.binary_search_by_key(&id, |account| account.id).ok()?;
        self.accounts.get(at)
    }

    /// Every counted account.
    pub fn counted(&self) -> impl Iterator<Item = &AccountResult> {
        self.accounts.iter().filter(|account| account.counted)
    }

    /// What the effective policy says of an account.
    #[must_use]
    pub fn reading(&self, result: &AccountResult) -> Option<&Reading> {
        self.readings.get(result.reading)
    }

    /// The setting of an account × service; `None` where it is not known.
    #[must_use]
    pub fn setting(&self, result: &AccountResult, key: Key) -> Option<Setting> {
        self.reading(result)?.get(key).setting
    }

    /// The verdict of an account × service.
    #[must_use]
    pub fn service(&self, result: &AccountResult, key: Key) -> ServiceVerdict {
        let standing = self.standings.get(result.standing).map(Vec::as_slice).unwrap_or_default();
        self.reading(result).map_or(ServiceVerdict::Unknown, |reading| service_verdict(reading, standing, key))
    }

    /// What the intent says of an opt-in at an account.
    #[must_use]
    pub fn standing(&self, result: &AccountResult, key: Key) -> Standing {
        let standing = self.standings.get(result.standing).and_then(|list| list.get(key.index()));
        standing.copied().unwrap_or(Standing::Undeclared)
    }

    /// Our own answer for an account.
    #[must_use]
    pub fn group(&self, result: &AccountResult) -> Option<&Group> {
        self.computed.group(result.group?)
    }

    /// The lock of an account × service.
    #[must_use]
    pub fn lock(&self, result: &AccountResult, key: Key) -> &Lock {
        self.group(result).and_then(|group| group.locks.get(key.index())).unwrap_or(&Lock::Unknown)
    }
}

/// The catalogue's keys and those of every live document and answer.
fn keys(question: &Question<'_>, documents: &Documents) -> Keys {
    let mut keys = Keys::new(question.catalogue.services().iter().map(|service| service.key.as_str()));
    let mut met: Vec<String> = documents.service_keys().map(str::to_owned).collect();
    let mut seen = std::collections::HashSet::new();
    for answer in question.snapshot.answers.values() {
        if let AnswerContent::Document(text) = &answer.content
            && seen.insert(text.as_ref())
        {
            met.extend(super::reading::keys_of_text(text));
        }
    }
    met.sort_unstable();
    met.iter().for_each(|name| keys.insert(name));
    keys
}

/// The accounts of the snapshot; where none could be listed, the caller's own.
fn listed(snapshot: &Snapshot) -> Cow<'_, [Account]> {
    match (&snapshot.accounts, &snapshot.caller) {
        (Some(accounts), _) => Cow::Borrowed(accounts),
        (None, None) => Cow::Borrowed(&[]),
        (None, Some(caller)) => Cow::Owned(vec![Account {
            id: caller.account,
            name: String::new(),
            email: None,
            state: AccountState::Active,
            parent: None,
            joined: None,
        }]),
    }
}

/// Whether every account is listed that was asked about; the place of one alone may be missing.
fn is_whole(snapshot: &Snapshot, partial: bool) -> bool {
    let alone = matches!(snapshot.scope, Scope::Account(_)) || snapshot.membership == Some(Membership::None);
    alone || (snapshot.accounts.is_some() && !snapshot.unread.iter().any(|entry| hides_accounts(entry, partial)))
}

/// Whether accounts may be missing because of this. What lies outside the accounts and units that were named is not
/// missing for them; units that could not be listed may hold some.
fn hides_accounts(entry: &Unread, partial: bool) -> bool {
    let hides = match entry.part {
        Part::Accounts => !entry.subject.as_deref().is_some_and(is_account),
        Part::Units => partial,
        _ => false,
    };
    hides && !(partial && entry.reason == UnreadReason::OutOfView)
}

fn is_account(text: &str) -> bool {
    text.parse::<AccountId>().is_ok()
}

struct Joiner<'q, 'a> {
    question: &'q Question<'a>,
    keys: &'q Keys,
    computed: &'q Computed,
    tree: Option<Tree<'a>>,
    /// Per chain, by its first account: a counted account of it that AWS was asked for.
    asked: HashMap<AccountId, AccountId>,
    given: Option<Given>,
    readings: Vec<Reading>,
    of_text: HashMap<&'a str, usize>,
    of_group: HashMap<usize, usize>,
    unset: Option<usize>,
    unknown: Option<usize>,
    standings: Standings,
    /// By reading and standing.
    verdicts: HashMap<(usize, usize), AccountVerdict>,
}

impl<'q, 'a> Joiner<'q, 'a> {
    fn new(question: &'q Question<'a>, keys: &'q Keys, computed: &'q Computed, listed: &[Account]) -> Self {
        let snapshot = question.snapshot;
        Self {
            question,
            keys,
            computed,
            tree: Tree::new(snapshot).ok(),
            asked: asked(snapshot, listed, computed),
            given: given(snapshot),
            readings: Vec::new(),
            of_text: HashMap::new(),
            of_group: HashMap::new(),
            unset: None,
            unknown: None,
            standings: Standings::default(),
            verdicts: HashMap::new(),
        }
    }

    fn account(&mut self, number: usize, account: &Account) -> AccountResult {
        let group = self.computed.number(account.id);
        let (reading, basis) = self.reading(account.id, group);
        let standing = self.standing(account, reading);
        let standings = self.standings.get(standing);
        let (readings, keys) = (&self.readings, self.keys);
        let judge = || readings.get(reading).map_or(AccountVerdict::Unknown, |it| verdict(it, standings, keys));
        let verdict = *self.verdicts.entry((reading, standing)).or_insert_with(judge);
        let counted = account.state.is_counted();
        AccountResult { id: account.id, counted, verdict, basis, number, group, reading, standing }
    }

    fn reading(&mut self, account: AccountId, group: Option<usize>) -> (usize, Basis) {
        match self.given {
            Some(Given::NoSuchType) => return (self.unknown(), Basis::Computed),
            Some(Given::NoPolicies) => return (self.unset(), Basis::Aws),
            None => {}
        }
        let (answer, basis) = match self.answer(account) {
            Some(found) => found,
            None => return (self.of_computed(group), Basis::Computed),
        };
        match &answer.content {
            AnswerContent::NotFound => (self.unset(), basis),
            AnswerContent::Document(text) => (self.of_text(text), basis),
        }
    }

    /// AWS's answer for the account, or for another one with the same chain where that may be used.
    fn answer(&self, account: AccountId) -> Option<(&'a Answer, Basis)> {
        if self.question.evidence == Some(EvidenceMode::None) {
            return None;
        }
        let snapshot = self.question.snapshot;
        if let Some(answer) = snapshot.answers.get(&account) {
            return Some((answer, Basis::Aws));
        }
        let invalid = snapshot.invalid.as_ref()?;
        let first = self.computed.chains.of(account)?.accounts().first()?;
        let asked =
            self.asked.get(first).filter(|asked| !invalid.contains_key(asked) && !invalid.contains_key(&account))?;
        Some((snapshot.answers.get(asked)?, Basis::AwsChain(*asked)))
    }

    fn unset(&mut self) -> usize {
        let (readings, keys) = (&mut self.readings, self.keys);
        *self.unset.get_or_insert_with(|| push(readings, Reading::unset(keys)))
    }

    fn unknown(&mut self) -> usize {
        let (readings, keys) = (&mut self.readings, self.keys);
        *self.unknown.get_or_insert_with(|| push(readings, Reading::unknown(keys)))
    }

    fn of_text(&mut self, text: &'a str) -> usize {
        let (readings, keys) = (&mut self.readings, self.keys);
        *self.of_text.entry(text).or_insert_with(|| push(readings, Reading::of_text(keys, text)))
    }

    fn of_computed(&mut self, group: Option<usize>) -> usize {
        let Some(number) = group else { return self.unknown() };
        let (readings, keys, computed) = (&mut self.readings, self.keys, self.computed);
        let reading = || computed.group(number).map_or_else(|| Reading::unknown(keys), |group| group.reading.clone());
        *self.of_group.entry(number).or_insert_with(|| push(readings, reading()))
    }

    /// What the intent says of every opt-in of the account, as a number; 0 where there is nothing to ask.
    fn standing(&mut self, account: &Account, reading: usize) -> usize {
        let opted_in = |(_, said): &(Key, super::Said)| said.setting == Some(Setting::OptIn);
        let Some(reading) = self.readings.get(reading) else { return 0 };
        if self.question.exceptions.is_none() || !reading.iter().any(|said| opted_in(&said)) {
            return 0;
        }
        let path = self.tree.as_ref().and_then(|tree| tree.path(account));
        let path = path.unwrap_or_else(|| vec![TargetId::Account(account.id)]);
        let ask = |key| self.question.exceptions.standing(account.id, &path, self.keys.name(key));
        let standing = reading.iter().map(|said| if opted_in(&said) { ask(said.0) } else { Standing::Undeclared });
        self.standings.number(standing.collect())
    }
}

fn push(readings: &mut Vec<Reading>, reading: Reading) -> usize {
    readings.push(reading);
    readings.len() - 1
}

/// Per chain, by its first account: the first counted account of it that AWS was asked for. One that does not count is
/// no witness: a suspended account need not get updates.
fn asked(snapshot: &Snapshot, listed: &[Account], computed: &Computed) -> HashMap<AccountId, AccountId> {
    let state = |id: &AccountId| listed.binary_search_by_key(id, |it| it.id).ok().and_then(|at| listed.get(at));
    let counted = |id: &&AccountId| state(id).is_some_and(|account| account.state.is_counted());
    let mut asked = HashMap::new();
    for account in snapshot.answers.keys().filter(counted) {
        if let Some(first) = computed.chains.of(*account).and_then(|chain| chain.accounts().first()) {
            asked.entry(*first).or_insert(*account);
        }
    }
    asked
}

/// An answer that holds for every account, whatever is attached.
#[derive(Debug, Clone, Copy)]
enum Given {
    /// The partition has no such policies: nothing says what AWS may do there.
    NoSuchType,
    /// No organization, or one without all features, has no policies: AWS's default applies, by AWS's own answer.
    NoPolicies,
}

fn given(snapshot: &Snapshot) -> Option<Given> {
    let billing_only = snapshot.organization().is_some_and(|organization| !organization.all_features);
    if snapshot.partition.has_policy_type() == Some(false) {
        Some(Given::NoSuchType)
    } else {
        (billing_only || snapshot.membership == Some(Membership::None)).then_some(Given::NoPolicies)
    }
}

/// Lists of what the intent says, shared between accounts; number 0 is "nothing declared".
struct Standings {
    lists: Vec<Vec<Standing>>,
    numbers: HashMap<Vec<u8>, usize>,
}

impl Default for Standings {
    fn default() -> Self {
        Self { lists: vec![Vec::new()], numbers: HashMap::new() }
    }
}

impl Standings {
    fn number(&mut self, list: Vec<Standing>) -> usize {
        let code = list.iter().map(|standing| *standing as u8).collect();
        let lists = &mut self.lists;
        *self.numbers.entry(code).or_insert_with(|| {
            lists.push(list);
            lists.len() - 1
        })
    }

    fn get(&self, number: usize) -> &[Standing] {
        self.lists.get(number).map(Vec::as_slice).unwrap_or_default()
    }

    fn into_list(self) -> Vec<Vec<Standing>> {
        self.lists
    }
}

fn service_verdict(reading: &Reading, standing: &[Standing], key: Key) -> ServiceVerdict {
    let said = reading.get(key);
    let allowed = |key: Key| standing.get(key.index()) == Some(&Standing::Allowed);
    match said.setting {
        Some(Setting::OptOut) => ServiceVerdict::OptedOut,
        Some(Setting::OptIn) if allowed(key) || (!said.own && allowed(Key::DEFAULT)) => ServiceVerdict::Excepted,
        Some(Setting::OptIn) => ServiceVerdict::OptedIn,
        Some(Setting::Unset) => ServiceVerdict::NotOptedOut,
        Some(Setting::Unrecognised) | None => ServiceVerdict::Unknown,
    }
}

/// The verdict of an account: the first that applies, worst first. Exceptions make it neither better nor worse.
fn verdict(reading: &Reading, standing: &[Standing], keys: &Keys) -> AccountVerdict {
    let of = |key| service_verdict(reading, standing, key);
    let default = of(Key::DEFAULT);
    let relevant = |(key, said): &(Key, super::Said)| *key != Key::DEFAULT && (keys.is_known(*key) || said.own);
    let services = || reading.iter().filter(relevant).map(|(key, _)| of(key));
    let some_service = |verdict| services().any(|service| service == verdict);
    let settled = || services().all(|service| matches!(service, ServiceVerdict::OptedOut | ServiceVerdict::Excepted));
    if default == ServiceVerdict::OptedIn || some_service(ServiceVerdict::OptedIn) {
        return AccountVerdict::OptedIn;
    }
    if some_service(ServiceVerdict::NotOptedOut) || (default == ServiceVerdict::NotOptedOut && !settled()) {
        return AccountVerdict::NotOptedOut;
    }
    if default == ServiceVerdict::Unknown || !settled() {
        return AccountVerdict::Unknown;
    }
    match default {
        ServiceVerdict::NotOptedOut => AccountVerdict::OptedOutToday,
        ServiceVerdict::Excepted => AccountVerdict::Excepted,
        ServiceVerdict::OptedOut | ServiceVerdict::OptedIn | ServiceVerdict::Unknown => AccountVerdict::OptedOut,
    }
}
