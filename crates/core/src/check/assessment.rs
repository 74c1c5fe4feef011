//! The question and what is answered: the verdict of every account, with its basis.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;

use super::joining::Joiner;
use super::judging::service_verdict;
use super::{
    AccountVerdict, Basis, Computed, Documents, Exceptions, Group, Key, Keys, Lock, Reading, ServiceVerdict, Setting,
    Standing,
};
use crate::catalogue::Catalogue;
use crate::org::{
    Account, AccountId, AccountState, AnswerContent, EvidenceMode, Membership, Part, Scope, Snapshot, Unread,
    UnreadReason,
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
    pub(super) number: usize,
    pub(super) group: Option<usize>,
    pub(super) reading: usize,
    pub(super) standing: usize,
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
    let (readings, standings) = joiner.into_lists();
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
