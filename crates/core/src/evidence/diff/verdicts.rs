//! What changed for whom: both readings judged alike, accounts that are alike compared once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::explain::Explainer;
use super::{Change, Judge, ServiceChange, Standing, VerdictChange};
use crate::check::{AccountResult, Assessment, Question, assess};
use crate::evidence::Services;
use crate::org::{AccountId, Attachment, EvidenceMode, Snapshot, TargetId};
use crate::plan::model_of;

/// One account as it was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub standing: Standing,
    pub services: Services,
}

impl Row {
    pub(super) fn of(assessment: &Assessment<'_>, result: &AccountResult) -> Self {
        let lock = assessment.group(result).map_or("unknown", |group| group.lock.as_str()).to_owned();
        let verdict = result.verdict.as_str().to_owned();
        let standing = Standing { verdict, lock, basis: result.basis.as_str().to_owned() };
        Self { standing, services: Services::of(assessment, result) }
    }

    /// The word of what is asked: `verdict`, `lock`, a service's verdict or lock.
    pub(super) fn word(&self, what: &What) -> &str {
        let service = |name: &String| self.services.0.get(name);
        match what {
            What::Verdict => &self.standing.verdict,
            What::Lock => &self.standing.lock,
            What::Service(name) => service(name).map_or(super::super::history::ABSENT, |it| it.verdict.as_str()),
            What::ServiceLock(name) => service(name).map_or(super::super::history::ABSENT, |it| it.lock.as_str()),
        }
    }
}

/// Something that is said of an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Verdict,
    Lock,
    Service(String),
    ServiceLock(String),
}

impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Verdict => f.write_str("verdict"),
            Self::Lock => f.write_str("lock"),
            Self::Service(name) => f.write_str(name),
            Self::ServiceLock(name) => write!(f, "{name} lock"),
        }
    }
}

/// Judges a reading.
pub(super) fn judged<'a>(
    snapshot: &'a Snapshot,
    judge: &'a Judge<'_>,
    evidence: Option<EvidenceMode>,
) -> Assessment<'a> {
    assess(&Question {
        snapshot,
        catalogue: judge.catalogue,
        exceptions: (judge.exceptions)(),
        at: judge.at,
        evidence,
        only: None,
    })
}

/// What changed for whom, and why; alike accounts together, in the order of their smallest ids.
pub(super) fn verdicts(
    before: &Snapshot,
    after: &Snapshot,
    judge: &Judge<'_>,
    changes: &[Change],
) -> Vec<VerdictChange> {
    let (old, new) = (judged(before, judge, judge.evidence), judged(after, judge, judge.evidence));
    // In the models of single changes nobody is asked: what the answers tell of the order of attachment is kept.
    let (old_model, new_model) = (model_of(before), model_of(after));
    let explainer = Explainer::new(&old_model, &new_model, judge, changes);
    let mut known: HashMap<Alike, Option<VerdictChange>> = HashMap::new();
    let mut list: Vec<VerdictChange> = Vec::new();
    let ids: BTreeSet<AccountId> = old.accounts.iter().chain(&new.accounts).map(|it| it.id).collect();
    for id in ids {
        let (was, is) = (old.result(id), new.result(id));
        let alike = Alike { before: Place::of(before, &old, was), after: Place::of(after, &new, is) };
        let change = known.entry(alike).or_insert_with(|| {
            let row = |assessment, result: Option<&AccountResult>| result.map(|result| Row::of(assessment, result));
            compared(id, row(&old, was), row(&new, is), &explainer)
        });
        if let Some(change) = change {
            add(&mut list, id, change);
        }
    }
    list
}

fn add(list: &mut Vec<VerdictChange>, id: AccountId, change: &VerdictChange) {
    let same = |it: &&mut VerdictChange| {
        (&it.before, &it.after, &it.services, &it.because)
            == (&change.before, &change.after, &change.services, &change.because)
    };
    match list.iter_mut().find(same) {
        Some(known) => known.accounts.push(id),
        None => list.push(VerdictChange { accounts: vec![id], ..change.clone() }),
    }
}

/// What makes two accounts alike on both sides: what is said of them, and everything that can bear on it.
#[derive(PartialEq, Eq, Hash)]
struct Alike {
    before: Option<Place>,
    after: Option<Place>,
}

#[derive(PartialEq, Eq, Hash)]
struct Place {
    cause: (usize, Option<usize>, usize),
    basis: &'static str,
    parent: Option<TargetId>,
    /// The account itself, where policies are attached to it or AWS lists its policy as invalid.
    own: Option<AccountId>,
}

impl Place {
    fn of(snapshot: &Snapshot, assessment: &Assessment<'_>, result: Option<&AccountResult>) -> Option<Self> {
        let result = result?;
        let attached = |all: &BTreeMap<TargetId, Vec<Attachment>>| all.contains_key(&TargetId::Account(result.id));
        let own = snapshot.attachments.as_ref().is_some_and(attached)
            || snapshot.invalid.as_ref().is_some_and(|invalid| invalid.contains_key(&result.id));
        Some(Self {
            cause: result.cause(),
            basis: result.basis.as_str(),
            parent: assessment.account(result).and_then(|account| account.parent.clone()),
            own: own.then_some(result.id),
        })
    }
}

fn compared(id: AccountId, old: Option<Row>, new: Option<Row>, explainer: &Explainer<'_, '_>) -> Option<VerdictChange> {
    let (Some(old), Some(new)) = (&old, &new) else {
        let standing = |row: Option<Row>| row.map(|row| row.standing);
        let (before, after) = (standing(old), standing(new));
        return Some(VerdictChange { accounts: Vec::new(), before, after, services: Vec::new(), because: Vec::new() });
    };
    let differing: Vec<What> = everything(old, new).into_iter().filter(|it| old.word(it) != new.word(it)).collect();
    if differing.is_empty() {
        return None;
    }
    let services = differing.iter().filter_map(|what| service_change(what, old, new));
    Some(VerdictChange {
        accounts: Vec::new(),
        before: Some(old.standing.clone()),
        after: Some(new.standing.clone()),
        services: services.collect(),
        because: explainer.explain(id, &differing, old, new),
    })
}

fn everything(old: &Row, new: &Row) -> Vec<What> {
    let names: BTreeSet<&String> = old.services.0.keys().chain(new.services.0.keys()).collect();
    let services = names.into_iter().flat_map(|it| [What::Service(it.clone()), What::ServiceLock(it.clone())]);
    [What::Verdict, What::Lock].into_iter().chain(services).collect()
}

fn service_change(what: &What, old: &Row, new: &Row) -> Option<ServiceChange> {
    let (service, kind) = match what {
        What::Service(name) => (name, "verdict"),
        What::ServiceLock(name) => (name, "lock"),
        What::Verdict | What::Lock => return None,
    };
    let (before, after) = (old.word(what).to_owned(), new.word(what).to_owned());
    Some(ServiceChange { service: service.clone(), what: kind, before, after })
}
