//! Which changes lead to a new verdict: each tried alone on a model by the engine; where none does, the smallest set found by
//! leaving out one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::apply::{Around, apply};
use super::verdicts::{Row, What, judged};
use super::{Because, Change, Judge};
use crate::org::{AccountId, EvidenceMode, Snapshot};

/// More changes than this around one account are not tried one by one.
const MOST: usize = 200;

/// Explains changes between two models.
pub(super) struct Explainer<'e, 'j> {
    before: &'e Snapshot,
    after: &'e Snapshot,
    judge: &'e Judge<'j>,
    changes: &'e [Change],
}

impl<'e, 'j> Explainer<'e, 'j> {
    pub(super) fn new(before: &'e Snapshot, after: &'e Snapshot, judge: &'e Judge<'j>, changes: &'e [Change]) -> Self {
        Self { before, after, judge, changes }
    }

    /// Why `differing` differs at an account that is in both readings.
    pub(super) fn explain(&self, account: AccountId, differing: &[What], old: &Row, new: &Row) -> Vec<Because> {
        let around = Around::new(self.before, self.after, account);
        let relevant = around.relevant(self.changes);
        let mut trial = Trial { explainer: self, around: &around, account, relevant: &relevant, rows: BTreeMap::new() };
        let mut reasons: BTreeMap<Reason, Vec<String>> = BTreeMap::new();
        for what in differing {
            let reason = trial.reason(what, old, new);
            reasons.entry(reason).or_default().push(what.to_string());
        }
        let id = |numbers: &[usize]| {
            numbers.iter().filter_map(|it| relevant.get(*it)).map(|change| change.id.clone()).collect::<Vec<_>>()
        };
        let because = |(reason, what): (Reason, Vec<String>)| match reason {
            Reason::Alone(numbers) => Because { what, alone: id(&numbers), together: Vec::new(), otherwise: None },
            Reason::Together(numbers) => Because { what, alone: Vec::new(), together: id(&numbers), otherwise: None },
            Reason::Otherwise(why) => {
                Because { what, alone: Vec::new(), together: Vec::new(), otherwise: Some(why.to_owned()) }
            }
        };
        reasons.into_iter().map(because).collect()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    Alone(Vec<usize>),
    Together(Vec<usize>),
    Otherwise(&'static str),
}

const UNKNOWN: &str = "it could not be determined on one of the two sides";
const ANSWER: &str = "AWS's own answer changed; the attached policies and the places of accounts do not explain it";
const MANY: &str = "too many changes bear on it to try each";

struct Trial<'t, 'j> {
    explainer: &'t Explainer<'t, 'j>,
    around: &'t Around,
    account: AccountId,
    relevant: &'t [&'t Change],
    /// What the engine makes of the account with these changes.
    rows: BTreeMap<BTreeSet<usize>, Option<Row>>,
}

impl Trial<'_, '_> {
    fn reason(&mut self, what: &What, old: &Row, new: &Row) -> Reason {
        let all: BTreeSet<usize> = (0..self.relevant.len()).collect();
        let (word, goal) = (old.word(what), new.word(what));
        if !self.leads(&BTreeSet::new(), what, word) || !self.leads(&all, what, goal) {
            let unknown = word == "unknown" || goal == "unknown";
            return Reason::Otherwise(if unknown { UNKNOWN } else { ANSWER });
        }
        if all.len() > MOST {
            return Reason::Otherwise(MANY);
        }
        let alone: Vec<usize> =
            all.iter().copied().filter(|it| self.leads(&BTreeSet::from([*it]), what, goal)).collect();
        if !alone.is_empty() {
            return Reason::Alone(alone);
        }
        let mut needed = all.clone();
        for change in all {
            let mut without = needed.clone();
            without.remove(&change);
            if self.leads(&without, what, goal) {
                needed = without;
            }
        }
        Reason::Together(needed.into_iter().collect())
    }

    /// Whether these changes lead to that word.
    fn leads(&mut self, changes: &BTreeSet<usize>, what: &What, goal: &str) -> bool {
        self.row(changes).is_some_and(|row| row.word(what) == goal)
    }

    fn row(&mut self, changes: &BTreeSet<usize>) -> Option<&Row> {
        if !self.rows.contains_key(changes) {
            let row = self.judged(changes);
            self.rows.insert(changes.clone(), row);
        }
        self.rows.get(changes)?.as_ref()
    }

    fn judged(&self, changes: &BTreeSet<usize>) -> Option<Row> {
        let mut model = self.around.start.clone();
        let applied = changes.iter().filter_map(|number| self.relevant.get(*number));
        applied.for_each(|change| apply(change, &mut model, self.explainer.after));
        let assessment = judged(&model, self.explainer.judge, Some(EvidenceMode::None));
        assessment.result(self.account).map(|result| Row::of(&assessment, result))
    }
}
