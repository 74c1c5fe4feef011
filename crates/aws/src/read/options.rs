//! What a user may say about a reading.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use optout_core::org::{AccountId, EvidenceMode, Policy, UnitId};

/// What to read of an organization.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// For which accounts to ask AWS for the effective policy.
    pub evidence: EvidenceMode,
    /// Whether to keep the e-mail addresses of accounts.
    pub emails: bool,
    /// Whether to read the tags of AI services opt-out policies.
    pub tags: bool,
    /// Whether to look for policies of other types that pretend to opt out.
    pub strays: bool,
    /// Whether to read what advice needs: the services with access to the organization, the names of service control
    /// policies.
    pub landscape: bool,
    /// Whether to read the service control policies with their documents and targets.
    pub service_control_policies: bool,
    /// The only accounts and units to ask AWS for; empty for all.
    pub only: Selection,
    /// Whether the order in which the policies of one target were attached could change what is effective.
    pub order_could_matter: OrderCouldMatter,
    /// The version of the program, for the snapshot.
    pub tool_version: String,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            evidence: EvidenceMode::Chain,
            emails: false,
            tags: false,
            strays: true,
            landscape: false,
            service_control_policies: false,
            only: Selection::default(),
            order_could_matter: OrderCouldMatter::default(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// Some accounts: those named, and all in the units named, however deep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Accounts.
    pub accounts: BTreeSet<AccountId>,
    /// Units.
    pub units: BTreeSet<UnitId>,
}

impl Selection {
    /// Whether nothing was named, which means everything.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.accounts.is_empty() && self.units.is_empty()
    }
}

/// The judgement of the policy engine on the policies attached to one target.
///
/// Without one, order counts wherever there are two policies: AWS is asked more often than needed, never too seldom.
#[derive(Clone)]
pub struct OrderCouldMatter(Arc<Judge>);

type Judge = dyn Fn(&[&Policy]) -> bool + Send + Sync;

impl OrderCouldMatter {
    /// Uses `judge`, which is given the policies of a target that has two or more.
    pub fn new(judge: impl Fn(&[&Policy]) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(judge))
    }

    pub(crate) fn judge(&self, policies: &[&Policy]) -> bool {
        (self.0)(policies)
    }
}

impl Default for OrderCouldMatter {
    fn default() -> Self {
        Self::new(|_| true)
    }
}

impl fmt::Debug for OrderCouldMatter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrderCouldMatter(..)")
    }
}
