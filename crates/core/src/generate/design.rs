//! What shall be created, whatever the tool: the policies of an intent in the order of their attachment, with labels.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde_json::Value;

use super::declared::{self, IGNORE};
use super::label::labels;
use super::{Declared, GenerateError, Provenance};
use crate::intent::Intent;
use crate::org::{
    AccountId, Membership, Organization, OrganizationId, Partition, PolicyTypeState, Root, RootId, Snapshot, TargetId,
};
use crate::plan::{Options, Wanted, wanted};

/// A policy with the name it has in code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// Lower-case letters, digits and `_`, different for each policy.
    pub label: String,
    /// The policy.
    pub policy: Wanted,
}

/// What shall be created.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// What made it.
    pub provenance: Provenance,
    /// The organization, where the intent names one.
    pub organization: Option<OrganizationId>,
    /// The management account, where the organization was read.
    pub management_account: Option<AccountId>,
    /// The partition.
    pub partition: Partition,
    /// The root, where the organization was read.
    pub root: Option<RootId>,
    /// The policy types that the root has on, where the organization was read.
    pub enabled_types: Option<Vec<String>>,
    /// The organization's resource policy, where it was read; `Some(None)`: there is none.
    pub resource_policy: Option<Option<String>>,
    /// The policies, in the order in which they are to be attached.
    pub policies: Vec<Labelled>,
    /// What of it would be a mistake where nobody had declared it.
    pub declared: Vec<Declared>,
    /// The first day after which the design is another one, since an exception ends.
    pub until: Option<Date>,
}

impl Design {
    /// What `intent` needs at the time `at`.
    ///
    /// Without a snapshot the root is left open, and there may be no exception that holds.
    ///
    /// # Errors
    /// Where the intent does not fit the snapshot, the snapshot is not complete, or one is needed and absent.
    pub fn new(
        intent: &Intent,
        snapshot: Option<&Snapshot>,
        at: Timestamp,
        options: &Options,
        provenance: Provenance,
    ) -> Result<Self, GenerateError> {
        let day = Offset::UTC.to_datetime(at).date();
        let until = intent.exceptions.iter().map(|it| it.until).filter(|until| *until >= day).min();
        let known = snapshot.filter(|it| !matches!(it.membership, Some(Membership::None)));
        // Without an organization no exception can hold.
        let declared =
            Declared::of(intent, day).into_iter().filter(|it| known.is_some() || it.is_about_locks()).collect();
        let policies = match (known, snapshot) {
            (Some(snapshot), _) => wanted(&intent.clone().resolve(snapshot)?, snapshot, day, options)?,
            (None, Some(nothing)) => {
                intent.clone().resolve(nothing).map(|_| without_organization(intent, at, day))??
            }
            (None, None) if until.is_some() => return Err(GenerateError::NeedsOrganization),
            (None, None) => without_organization(intent, at, day)?,
        };
        Ok(Self {
            provenance,
            organization: intent.organization.value.clone(),
            management_account: known.and_then(Snapshot::organization).map(|it| it.management_account),
            partition: known.map_or(Partition::Aws, |it| it.partition.clone()),
            root: known.and_then(|it| it.root.as_ref()).map(|root| root.id.clone()),
            enabled_types: known.map(enabled_types),
            resource_policy: known
                .and_then(|it| it.resource_policy.as_ref())
                .map(|found| found.as_ref().map(ToString::to_string)),
            policies: labelled(policies),
            declared,
            until,
        })
    }

    /// Whether the policy type is known to be on.
    #[must_use]
    pub fn is_type_enabled(&self) -> bool {
        self.enabled_types.iter().flatten().any(|it| it == super::POLICY_TYPE)
    }

    /// The header's lines about this organization and what is declared.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = self.provenance.lines();
        match (&self.organization, &self.root) {
            (Some(organization), Some(root)) => lines.push(format!("Organization: {organization}, root {root}")),
            (Some(organization), None) => lines.push(format!("Organization: {organization}")),
            (None, _) => {}
        }
        if let Some(until) = self.until {
            lines.push(format!("An exception ends after {until}: generate again then"));
        }
        lines.extend(self.declared.iter().map(Declared::line));
        lines
    }

    /// What made it and what it declares, for formats without comments.
    pub(super) fn metadata(&self) -> Value {
        let mut value = self.provenance.value();
        if let (Some(members), Some(entries)) = (value.as_object_mut(), declared::of_file(&self.declared)) {
            members.insert(IGNORE.into(), entries);
        }
        value
    }

    /// The header in a language whose comments begin with `sign`.
    pub(super) fn header(&self, sign: &str) -> String {
        self.lines().iter().map(|line| format!("{sign} {line}\n")).collect()
    }

    /// A target for people: its id, or `the root` where it is not known.
    pub(super) fn place(&self, target: &TargetId) -> String {
        match (target, &self.root) {
            (TargetId::Root(_), None) => "the root".to_owned(),
            (target, _) => target.to_string(),
        }
    }

    /// What every tool's output has to be used with.
    pub(super) fn notes(&self) -> Vec<String> {
        let ends = self.until.map(|until| format!("an exception ends after {until}: generate again then"));
        ends.into_iter().collect()
    }
}

fn labelled(policies: Vec<Wanted>) -> Vec<Labelled> {
    let labels = labels(policies.iter().map(|it| (it.is_main, it.name.as_str())));
    labels.into_iter().zip(policies).map(|(label, policy)| Labelled { label, policy }).collect()
}

fn enabled_types(snapshot: &Snapshot) -> Vec<String> {
    let types = snapshot.root.iter().flat_map(|root| &root.policy_types);
    let on = types.filter(|it| it.state == PolicyTypeState::Enabled);
    on.map(|it| it.policy_type.as_str().to_owned()).collect()
}

/// What the intent needs of any organization: its exceptions have all ended.
fn without_organization(intent: &Intent, at: Timestamp, day: Date) -> Result<Vec<Wanted>, GenerateError> {
    let mut intent = intent.clone();
    intent.exceptions.clear();
    let snapshot = placeholder(&intent, at);
    let resolved = intent.resolve(&snapshot)?;
    Ok(wanted(&resolved, &snapshot, day, &Options::default())?)
}

/// An organization of which nothing but its id is known.
fn placeholder(intent: &Intent, at: Timestamp) -> Snapshot {
    let mut snapshot = Snapshot::empty(at, "", Partition::Aws);
    let member = |id: &OrganizationId| {
        let management_account = "000000000000".parse().ok()?;
        Some(Membership::Member(Organization { id: id.clone(), management_account, all_features: true }))
    };
    snapshot.membership = intent.organization.value.as_ref().map_or(Some(Membership::None), member);
    // Files never show it: the root is a parameter, or looked up.
    snapshot.root = "r-0000".parse().ok().map(|id| Root { id, name: "Root".into(), policy_types: Vec::new() });
    snapshot.units = Some(Vec::new());
    snapshot.accounts = Some(Vec::new());
    snapshot.policies = Some(Vec::new());
    snapshot.attachments = Some(BTreeMap::new());
    snapshot
}
