//! What opting out destroys: services with a loss that opting in again does not undo, newly opted out by a plan.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{AcceptedLoss, Change};
use crate::catalogue::{Catalogue, Service};
use crate::intent::DEFAULT_SERVICE;
use crate::org::{AccountId, Snapshot};

/// A service that is newly opted out somewhere, with a loss that cannot be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DataLoss {
    /// Its key.
    pub service: String,
    /// The accounts that are newly opted out of it and still work.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub accounts: Vec<AccountId>,
    /// Whether somebody accepted it.
    pub accepted: bool,
}

/// The losses of `changes`. What concerns every service alike (stored content is deleted) is not among them: that is
/// what opting out is for, and the plan says so at its head.
pub(super) fn losses(
    changes: &[Change],
    snapshot: &Snapshot,
    catalogue: &Catalogue,
    accepted: &AcceptedLoss,
) -> Vec<DataLoss> {
    let counted = snapshot.accounts.iter().flatten().filter(|account| account.state.is_counted());
    let counted: BTreeSet<AccountId> = counted.map(|account| account.id).collect();
    let loses = |service: &str| {
        service != DEFAULT_SERVICE && catalogue.get(service).is_some_and(Service::has_irreversible_impact)
    };
    let mut by_service: BTreeMap<&str, BTreeSet<AccountId>> = BTreeMap::new();
    for change in changes {
        let opted_out = change.settings.iter().filter(|it| it.after == "opt-out" && it.before != "absent");
        for setting in opted_out.filter(|it| loses(&it.service)) {
            let accounts = change.accounts.iter().filter(|id| counted.contains(id));
            by_service.entry(&setting.service).or_default().extend(accounts);
        }
    }
    let losses = by_service.into_iter().filter(|(_, accounts)| !accounts.is_empty());
    let loss = |(service, accounts): (&str, BTreeSet<AccountId>)| DataLoss {
        service: service.to_owned(),
        accounts: accounts.into_iter().collect(),
        accepted: accepted.includes(service),
    };
    losses.map(loss).collect()
}
