//! The organization as a tree for showing: root and units depth first, each with what is attached and what it holds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::check::{AccountResult, AccountVerdict, Assessment};
use crate::org::{AccountId, Attachments, PolicyId, TargetId, Tree};

/// The root or a unit.
#[derive(Debug)]
pub(super) struct Place<'r> {
    /// Its id.
    pub(super) target: TargetId,
    /// Its name.
    pub(super) name: &'r str,
    /// The number of the place it is in; `None` for the root.
    pub(super) parent: Option<usize>,
    /// How far below the root.
    pub(super) depth: usize,
    /// What is attached; `None` where that could not be read.
    pub(super) attached: Option<Vec<PolicyId>>,
    /// The accounts right here, worst first.
    pub(super) accounts: Vec<&'r AccountResult>,
    /// The counted accounts here and below by verdict.
    pub(super) verdicts: BTreeMap<AccountVerdict, usize>,
    /// How many of them are not fully locked.
    pub(super) open: usize,
}

impl Place<'_> {
    /// The worst verdict here and below.
    pub(super) fn worst(&self) -> Option<AccountVerdict> {
        self.verdicts.keys().next_back().copied()
    }

    /// How many counted accounts are here and below.
    pub(super) fn counted(&self) -> usize {
        self.verdicts.values().sum()
    }
}

/// Every place, the root first, each before what is in it.
#[derive(Debug, Default)]
pub(super) struct Places<'r> {
    /// The places.
    pub(super) all: Vec<Place<'r>>,
    of_account: HashMap<AccountId, usize>,
}

impl<'r> Places<'r> {
    /// The places of an organization: none where the root was not read, or the units form no tree.
    pub(super) fn new(assessment: &'r Assessment<'_>, tree: Option<&Tree<'_>>) -> Self {
        let (Some(root), Some(_)) = (&assessment.snapshot.root, tree) else { return Self::default() };
        let attachments = Attachments::of(assessment.snapshot);
        let mut places = Self::default();
        let mut inside = units(assessment);
        let mut open = vec![(TargetId::Root(root.id.clone()), root.name.as_str(), None, 0)];
        while let Some((target, name, parent, depth)) = open.pop() {
            let here = places.all.len();
            let below = inside.remove(&target).unwrap_or_default();
            open.extend(below.into_iter().rev().map(|(target, name)| (target, name, Some(here), depth + 1)));
            let attached = attachments.as_ref().and_then(|all| all.at(&target));
            let attached = attached.map(|list| list.iter().map(|it| it.policy.clone()).collect());
            let (accounts, verdicts) = (Vec::new(), BTreeMap::new());
            places.all.push(Place { target, name, parent, depth, attached, accounts, verdicts, open: 0 });
        }
        places.settle(assessment);
        places
    }

    /// Puts the accounts where they are, and adds them up from below.
    fn settle(&mut self, assessment: &'r Assessment<'_>) {
        let numbers: HashMap<TargetId, usize> =
            self.all.iter().enumerate().map(|(at, place)| (place.target.clone(), at)).collect();
        for result in &assessment.accounts {
            let parent = assessment.account(result).and_then(|account| account.parent.as_ref());
            let Some(at) = parent.and_then(|parent| numbers.get(parent)).copied() else { continue };
            self.of_account.insert(result.id, at);
            if let Some(place) = self.all.get_mut(at) {
                place.add(assessment, result);
            }
        }
        for at in (1..self.all.len()).rev() {
            self.hand_up(at);
        }
        self.all
            .iter_mut()
            .for_each(|place| place.accounts.sort_by_key(|it| (Reverse(it.counted), Reverse(it.verdict))));
    }

    /// Places come before what is in them, so that from the last to the first each is complete when it is handed up.
    fn hand_up(&mut self, at: usize) {
        let Some((parent, verdicts, open)) = self.all.get(at).map(|it| (it.parent, it.verdicts.clone(), it.open))
        else {
            return;
        };
        let Some(parent) = parent.and_then(|parent| self.all.get_mut(parent)) else { return };
        verdicts.into_iter().for_each(|(verdict, count)| *parent.verdicts.entry(verdict).or_default() += count);
        parent.open += open;
    }

    /// The number of an account's place.
    pub(super) fn of(&self, account: AccountId) -> Option<usize> {
        self.of_account.get(&account).copied()
    }

    /// The places from the root down to and with this one.
    pub(super) fn path(&self, at: usize) -> Vec<&Place<'r>> {
        let mut path = Vec::new();
        let mut next = Some(at);
        while let Some(place) = next.and_then(|at| self.all.get(at)) {
            path.push(place);
            next = place.parent;
        }
        path.reverse();
        path
    }
}

impl<'r> Place<'r> {
    fn add(&mut self, assessment: &Assessment<'_>, result: &'r AccountResult) {
        self.accounts.push(result);
        if result.counted {
            *self.verdicts.entry(result.verdict).or_default() += 1;
            self.open += usize::from(super::is_open(assessment, result));
        }
    }
}

/// The units by what they are in, each list by name.
fn units<'r>(assessment: &'r Assessment<'_>) -> HashMap<TargetId, Vec<(TargetId, &'r str)>> {
    let mut inside: HashMap<TargetId, Vec<(TargetId, &str)>> = HashMap::new();
    for unit in assessment.snapshot.units.iter().flatten() {
        let below = inside.entry(unit.parent.clone()).or_default();
        below.push((TargetId::Unit(unit.id.clone()), unit.name.as_str()));
    }
    inside.values_mut().for_each(|list| list.sort_by(|left, right| (left.1, &left.0).cmp(&(right.1, &right.0))));
    inside
}
