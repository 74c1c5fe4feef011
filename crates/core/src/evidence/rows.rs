//! Recorded verdicts: one row an account, the services in a table that accounts alike share.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::part::{Lookup, items, part, pieces};
use super::{EvidenceError, Hash, Record};
use crate::check::{AccountResult, Assessment, Basis, Lock};
use crate::org::AccountId;

/// What was recorded of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The account.
    pub id: AccountId,
    /// Whether it counted.
    pub counted: bool,
    /// Its verdict.
    pub verdict: String,
    /// `aws`, `aws-chain` or `computed`.
    pub basis: String,
    /// With `aws-chain`: the account that AWS was asked for.
    pub basis_account: Option<AccountId>,
    /// Its lock.
    pub lock: String,
    services: Named,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    sha256: Hash,
}

impl Row {
    /// The part with its services.
    #[must_use]
    pub const fn services(&self) -> &Hash {
        &self.services.sha256
    }
}

/// What was recorded of the services of accounts that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Services(pub BTreeMap<String, ServiceRow>);

/// What was recorded of one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceRow {
    /// The verdict.
    pub verdict: String,
    /// The setting; `None` where it was not known.
    pub setting: Option<String>,
    /// The lock.
    pub lock: String,
    /// Through what a policy below could change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hole: Option<String>,
}

impl Services {
    /// The services of an account.
    #[must_use]
    pub fn of(assessment: &Assessment<'_>, result: &AccountResult) -> Self {
        let one = |(key, name): (crate::check::Key, &str)| {
            let lock = assessment.lock(result, key);
            let hole = match lock {
                Lock::None(hole) => Some(hole.to_string()),
                Lock::Full | Lock::Unknown => None,
            };
            let row = ServiceRow {
                verdict: assessment.service(result, key).as_str().to_owned(),
                setting: assessment.setting(result, key).map(|setting| setting.as_str().to_owned()),
                lock: lock.as_str().to_owned(),
                hole,
            };
            (name.to_owned(), row)
        };
        Self(assessment.keys.iter().map(one).collect())
    }
}

type Cache<T> = RefCell<HashMap<Hash, Arc<T>>>;

/// The recorded verdicts of many records. Pieces that records share are read and checked once.
pub struct Rows<'a> {
    lookup: &'a Lookup<'a>,
    lists: Cache<Vec<(String, Hash)>>,
    pieces: Cache<Vec<Row>>,
    services: Cache<Services>,
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("recorded verdicts")
    }
}

impl<'a> Rows<'a> {
    /// Reads through `lookup`.
    #[must_use]
    pub fn new(lookup: &'a Lookup<'a>) -> Self {
        Self { lookup, lists: RefCell::default(), pieces: RefCell::default(), services: RefCell::default() }
    }

    /// The item that is recorded for an account.
    pub(super) fn item(assessment: &Assessment<'_>, result: &AccountResult, services: Hash) -> Value {
        let basis_account = match result.basis {
            Basis::AwsChain(account) => Some(account),
            Basis::Aws | Basis::Computed => None,
        };
        json!(Row {
            id: result.id,
            counted: result.counted,
            verdict: result.verdict.as_str().to_owned(),
            basis: result.basis.as_str().to_owned(),
            basis_account,
            lock: assessment.group(result).map_or("unknown", |group| group.lock.as_str()).to_owned(),
            services: Named { sha256: services },
        })
    }

    /// Every row of a record, in pieces; none where it has no judgement.
    ///
    /// # Errors
    /// Where a part is missing or was changed.
    pub fn all(&self, record: &Record) -> Result<Vec<Arc<Vec<Row>>>, EvidenceError> {
        let Some(list) = record.part("verdicts") else { return Ok(Vec::new()) };
        self.list(list)?.iter().map(|(_, piece)| self.piece(piece)).collect()
    }

    /// The row of an account; `None` where the record does not have it.
    ///
    /// # Errors
    /// Where a part is missing or was changed.
    pub fn account(&self, record: &Record, account: AccountId) -> Result<Option<Row>, EvidenceError> {
        let Some(list) = record.part("verdicts") else { return Ok(None) };
        let (list, id) = (self.list(list)?, account.to_string());
        let at = list.partition_point(|(first, _)| *first <= id);
        let Some((_, piece)) = at.checked_sub(1).and_then(|at| list.get(at)) else { return Ok(None) };
        Ok(self.piece(piece)?.iter().find(|row| row.id == account).cloned())
    }

    /// The services of a row.
    ///
    /// # Errors
    /// Where the part is missing or was changed.
    pub fn services(&self, row: &Row) -> Result<Arc<Services>, EvidenceError> {
        cached(&self.services, row.services(), |hash| {
            serde_json::from_str(&part(self.lookup, hash)?).map_err(|_| EvidenceError::Form(*hash))
        })
    }

    fn list(&self, hash: &Hash) -> Result<Arc<Vec<(String, Hash)>>, EvidenceError> {
        cached(&self.lists, hash, |hash| pieces(self.lookup, hash))
    }

    fn piece(&self, hash: &Hash) -> Result<Arc<Vec<Row>>, EvidenceError> {
        cached(&self.pieces, hash, |hash| {
            let row = |item| serde_json::from_value(item).map_err(|_| EvidenceError::Form(*hash));
            items(self.lookup, hash)?.into_iter().map(row).collect()
        })
    }
}

fn cached<T>(
    cache: &Cache<T>,
    hash: &Hash,
    read: impl FnOnce(&Hash) -> Result<T, EvidenceError>,
) -> Result<Arc<T>, EvidenceError> {
    if let Some(known) = cache.borrow().get(hash) {
        return Ok(Arc::clone(known));
    }
    let value = Arc::new(read(hash)?);
    cache.borrow_mut().insert(*hash, Arc::clone(&value));
    Ok(value)
}
