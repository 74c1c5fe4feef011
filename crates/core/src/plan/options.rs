//! What a person allows a plan to do beyond the policies it manages.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::org::PolicyId;

/// What was allowed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Policies to take over: from then on they are managed, and may be changed or deleted.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeSet<String>"))]
    pub adopt: BTreeSet<PolicyId>,
    /// Policies of others to detach wherever they are attached; they are never changed or deleted.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeSet<String>"))]
    pub prune: BTreeSet<PolicyId>,
    /// Whether an organization may be created where there is none.
    #[serde(default)]
    pub create_organization: bool,
    /// For which services the loss of data was accepted.
    #[serde(default)]
    pub accept_data_loss: AcceptedLoss,
}

impl Options {
    /// The same for a plan after this one: what was adopted is managed by then, policies that are gone are left out.
    #[must_use]
    pub fn for_another_plan(&self, snapshot: &crate::org::Snapshot) -> Self {
        let is_there = |id: &&PolicyId| snapshot.policy(id).is_some();
        let adopt = self.adopt.iter().filter(is_there).cloned().collect();
        Self { adopt, prune: self.prune.iter().filter(is_there).cloned().collect(), ..self.clone() }
    }
}

/// Services whose irreversible loss of data was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AcceptedLoss {
    /// These.
    Services(BTreeSet<String>),
    /// Every one.
    All,
}

impl Default for AcceptedLoss {
    fn default() -> Self {
        Self::Services(BTreeSet::new())
    }
}

impl AcceptedLoss {
    /// Whether it was accepted for this service.
    #[must_use]
    pub fn includes(&self, service: &str) -> bool {
        match self {
            Self::Services(services) => services.contains(service),
            Self::All => true,
        }
    }
}
