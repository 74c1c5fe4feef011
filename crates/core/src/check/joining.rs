//! AWS's answers and ours joined: whose answer an account's verdict rests on, and what it says.

use std::collections::HashMap;

use super::judging::verdict;
use super::{AccountResult, AccountVerdict, Basis, Computed, Key, Keys, Question, Reading, Said, Setting, Standing};
use crate::org::{Account, AccountId, Answer, AnswerContent, EvidenceMode, Membership, Snapshot, TargetId, Tree};

/// What goes from account to account: what several share is worked out once.
pub(super) struct Joiner<'q, 'a> {
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
    pub(super) fn new(question: &'q Question<'a>, keys: &'q Keys, computed: &'q Computed, listed: &[Account]) -> Self {
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

    pub(super) fn account(&mut self, number: usize, account: &Account) -> AccountResult {
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
        let opted_in = |(_, said): &(Key, Said)| said.setting == Some(Setting::OptIn);
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

    /// The readings and what the intent says, to which the numbers of results lead.
    pub(super) fn into_lists(self) -> (Vec<Reading>, Vec<Vec<Standing>>) {
        (self.readings, self.standings.lists)
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
}
