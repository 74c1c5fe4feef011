//! Accounts for which everything is equal, and why it is: one derivation for all of them, so that the report stays small.
//!
//! A derivation speaks of levels, not of targets: the first place with policies on the way is level 1, and so on. Accounts
//! of one chain have equal levels, though the targets may differ; they are named beside the levels.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::markup::Html;
use super::places::Places;
use super::{derivation, words};
use crate::check::{AccountLock, AccountResult, AccountVerdict, Assessment};
use crate::org::{AccountId, TargetId};
use crate::report::explain::Explainer;

/// How many causes are explained at most, and how many bytes the explanations may have together: a hostile organization
/// has as many as it has accounts.
const MOST: usize = 1_000;
const BYTES: usize = 1_000_000;

/// What all accounts of a class have in common.
#[derive(Debug)]
pub(super) struct Class {
    /// The verdict.
    pub(super) verdict: AccountVerdict,
    /// The lock.
    pub(super) lock: AccountLock,
    /// The number of the row of service verdicts and locks.
    pub(super) row: usize,
    /// The derivation; empty where it was left out.
    pub(super) body: Html,
    /// The targets at each level with policies.
    pub(super) levels: Vec<BTreeSet<TargetId>>,
    /// The accounts, in the order of their ids.
    pub(super) accounts: Vec<AccountId>,
}

/// The verdict and the lock of every key, as letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Row {
    /// The verdicts.
    pub(super) verdicts: String,
    /// The locks.
    pub(super) locks: String,
}

/// Every class, worst first.
#[derive(Debug, Default)]
pub(super) struct Classes {
    /// The classes.
    pub(super) all: Vec<Class>,
    /// The rows that classes refer to.
    pub(super) rows: Vec<Row>,
    of_account: HashMap<AccountId, usize>,
}

/// Equal for accounts about which everything said is equal.
type Cause = (usize, Option<usize>, usize);

impl Classes {
    /// The classes of the accounts.
    pub(super) fn new(assessment: &Assessment<'_>, places: &Places<'_>) -> Self {
        let mut maker = Maker::new(assessment, places);
        causes(assessment).into_iter().for_each(|accounts| maker.add(&accounts));
        maker.classes
    }

    /// The number of an account's class.
    pub(super) fn of(&self, account: AccountId) -> Option<usize> {
        self.of_account.get(&account).copied()
    }

    /// Whether the derivation of the class of this number is not left out.
    pub(super) fn is_explained(&self, number: usize) -> bool {
        self.all.get(number).is_some_and(|class| !class.body.is_empty())
    }

    /// The classes whose derivation is not left out, with their numbers.
    pub(super) fn explained(&self) -> impl Iterator<Item = (usize, &Class)> {
        self.all.iter().enumerate().filter(|(_, class)| !class.body.is_empty())
    }
}

/// The accounts by cause: worst verdict first, then the most accounts.
fn causes<'s>(assessment: &'s Assessment<'_>) -> Vec<Vec<&'s AccountResult>> {
    let mut causes: BTreeMap<Cause, Vec<&AccountResult>> = BTreeMap::new();
    assessment.accounts.iter().for_each(|account| causes.entry(account.cause()).or_default().push(account));
    let mut causes: Vec<Vec<&AccountResult>> = causes.into_values().collect();
    let first = |accounts: &Vec<&AccountResult>| accounts.first().map(|it| (Reverse(it.verdict), it.id));
    causes.sort_by_key(|accounts| {
        let (verdict, id) = first(accounts).unzip();
        (verdict, Reverse(accounts.len()), id)
    });
    causes
}

/// What makes two classes one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    verdict: AccountVerdict,
    row: usize,
    levels: usize,
    body: Html,
}

struct Maker<'m, 'a> {
    assessment: &'m Assessment<'a>,
    places: &'m Places<'m>,
    explainer: Explainer<'m>,
    classes: Classes,
    rows: HashMap<Row, usize>,
    known: BTreeMap<Likeness, usize>,
    explained: usize,
    bytes: usize,
}

impl<'m, 'a> Maker<'m, 'a> {
    fn new(assessment: &'m Assessment<'a>, places: &'m Places<'m>) -> Self {
        Self {
            assessment,
            places,
            explainer: Explainer::new(assessment),
            classes: Classes::default(),
            rows: HashMap::new(),
            known: BTreeMap::new(),
            explained: 0,
            bytes: 0,
        }
    }

    fn add(&mut self, accounts: &[&AccountResult]) {
        let Some(first) = accounts.first() else { return };
        let row = self.row(first);
        let body = self.body(first);
        let levels = levels(self.assessment, self.places, first).len();
        let likeness = Likeness { verdict: first.verdict, row, levels, body };
        let at = match self.known.get(&likeness) {
            Some(at) => *at,
            None => self.class(first, likeness),
        };
        accounts.iter().for_each(|account| self.join(at, account));
    }

    fn class(&mut self, first: &AccountResult, likeness: Likeness) -> usize {
        let group = self.assessment.group(first);
        self.bytes += likeness.body.len();
        self.classes.all.push(Class {
            verdict: first.verdict,
            lock: group.map_or(AccountLock::Unknown, |group| group.lock),
            row: likeness.row,
            body: likeness.body.clone(),
            levels: vec![BTreeSet::new(); likeness.levels],
            accounts: Vec::new(),
        });
        let at = self.classes.all.len() - 1;
        self.known.insert(likeness, at);
        at
    }

    fn join(&mut self, at: usize, account: &AccountResult) {
        self.classes.of_account.insert(account.id, at);
        let Some(class) = self.classes.all.get_mut(at) else { return };
        class.accounts.push(account.id);
        let targets = levels(self.assessment, self.places, account);
        for (level, target) in class.levels.iter_mut().zip(targets) {
            level.insert(target);
        }
    }

    fn row(&mut self, account: &AccountResult) -> usize {
        let keys = || self.assessment.keys.iter().map(|(key, _)| key);
        let verdict = |key| words::service_letter(self.assessment.service(account, key));
        let lock = |key| words::lock_letter(self.assessment.lock(account, key));
        let row = Row { verdicts: keys().map(verdict).collect(), locks: keys().map(lock).collect() };
        let rows = &mut self.classes.rows;
        *self.rows.entry(row).or_insert_with_key(|row| {
            rows.push(row.clone());
            rows.len() - 1
        })
    }

    /// The derivation, while there is room for one.
    fn body(&mut self, account: &AccountResult) -> Html {
        if self.explained == MOST || self.bytes >= BYTES {
            return Html::default();
        }
        self.explained += 1;
        let explanation = self.explainer.explain(account.id, None);
        explanation.map(|explanation| derivation::body(&explanation)).unwrap_or_default()
    }
}

/// The targets with policies on the way from the root to and with the account.
pub(super) fn levels(assessment: &Assessment<'_>, places: &Places<'_>, account: &AccountResult) -> Vec<TargetId> {
    let path = places.of(account.id).map(|at| places.path(at)).unwrap_or_default();
    let above = path.into_iter().filter(|place| place.attached.as_ref().is_some_and(|list| !list.is_empty()));
    let own = TargetId::Account(account.id);
    let attachments = assessment.snapshot.attachments.as_ref();
    let has_own = attachments.and_then(|all| all.get(&own)).is_some_and(|list| !list.is_empty());
    above.map(|place| place.target.clone()).chain(has_own.then_some(own)).collect()
}
