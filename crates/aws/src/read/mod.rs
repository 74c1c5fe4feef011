//! Reading an organization into a snapshot, within AWS's rate limits.
//!
//! Everything that does not depend on something else is read side by side: tree, policies, invalid effective policies,
//! delegates, resource policy. Then what does not fit together is read again, and last AWS is asked for its own answers.
//! Whatever cannot be read is in the snapshot, with the reason and the permission that is missing: an error is returned
//! only where AWS cannot be spoken to at all.

mod account;
mod controls;
mod governance;
mod landscape;
mod member;
mod options;
pub(crate) mod organization;
pub(crate) mod part;
mod partial;
mod place;
pub(crate) mod policies;
mod settle;
mod strays;
pub(crate) mod structure;

use jiff::Timestamp;
use optout_core::org::{Membership, Part as Name, Partition, Scope, Snapshot, Tree, Unread, UnreadReason};

pub(crate) use account::timestamp;
pub use member::{caller, member};
pub use options::{OrderCouldMatter, ReadOptions, Selection};

use crate::cancel::Cancel;
use crate::effective;
use crate::pace::Operation;
use crate::progress::{OnProgress, Watch};
use crate::request::{Failure, FailureKind, Requests};
use crate::session::{Identity, Session};
use policies::Policies;
use structure::Structure;

/// AWS could not be spoken to at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No answer came, of whatever kind.
    #[error("AWS Organizations cannot be reached: {detail}")]
    Unreachable {
        /// What the connection came to.
        detail: String,
    },
    /// The credentials are not accepted.
    #[error("AWS does not accept these credentials: {detail}")]
    Refused {
        /// AWS's own words.
        detail: String,
    },
}

impl ReadError {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => {
                "check the network, HTTPS_PROXY, AWS_CA_BUNDLE, and the endpoint if one is set (AWS_ENDPOINT_URL)"
            }
            Self::Refused { .. } => {
                "sign in again; check the clock of this machine; credentials of GovCloud or China need a region there"
            }
        }
    }
}

/// Reads the organization of the session's account.
///
/// `progress` is told of every call. Once `cancel` is given, what was read so far is returned, and the rest is marked as
/// not asked.
///
/// # Errors
/// Where no call was answered, or the credentials are not accepted.
pub async fn read(
    session: &Session,
    options: &ReadOptions,
    progress: OnProgress<'_>,
    cancel: &Cancel,
) -> Result<Snapshot, ReadError> {
    let requests = Requests::new(session, Watch::new(progress), cancel);
    let taken = Timestamp::now();
    let (identity, membership) = tokio::join!(organization::identity(&requests), organization::membership(&requests));
    check_spoken(identity.as_ref().err(), membership.as_ref().err())?;
    let mut snapshot = Snapshot::empty(taken, &options.tool_version, session.partition().clone());
    snapshot.evidence = options.evidence;
    let identity = note_identity(&mut snapshot, identity);
    note_membership(&mut snapshot, membership, identity.as_ref());
    if snapshot.membership != Some(Membership::None) {
        Box::pin(read_organization(&requests, &mut snapshot, identity.as_ref(), options)).await;
    }
    Ok(snapshot)
}

/// # Errors
/// Where nothing was answered, or the credentials were refused.
fn check_spoken(identity: Option<&Failure>, membership: Option<&Failure>) -> Result<(), ReadError> {
    let Some(failure) = membership else { return Ok(()) };
    match (failure.kind, identity.map(|failure| failure.kind)) {
        (FailureKind::Refused, _) => Err(ReadError::Refused { detail: failure.to_string() }),
        (FailureKind::Unreachable, Some(FailureKind::Unreachable)) => {
            Err(ReadError::Unreachable { detail: failure.to_string() })
        }
        (_, _) => Ok(()),
    }
}

fn note_identity(snapshot: &mut Snapshot, identity: Result<Identity, Failure>) -> Option<Identity> {
    match identity {
        Ok(identity) => {
            snapshot.partition = identity.partition.clone();
            let principal = identity.principal.clone();
            snapshot.caller = Some(optout_core::org::Caller { account: identity.account, principal });
            Some(identity)
        }
        Err(failure) => {
            snapshot.unread.push(failure.unread(Name::Caller, None));
            None
        }
    }
}

fn note_membership(
    snapshot: &mut Snapshot,
    membership: Result<(Membership, Option<Partition>), Failure>,
    identity: Option<&Identity>,
) {
    match membership {
        Ok((membership, partition)) => {
            snapshot.partition = partition.unwrap_or_else(|| snapshot.partition.clone());
            if let (Membership::None, Some(identity)) = (&membership, identity) {
                snapshot.scope = Scope::Account(identity.account);
            }
            snapshot.membership = Some(membership);
        }
        Err(failure) => snapshot.unread.push(failure.unread(Name::Organization, None)),
    }
}

async fn read_organization(
    requests: &Requests<'_>,
    snapshot: &mut Snapshot,
    identity: Option<&Identity>,
    options: &ReadOptions,
) {
    if let Some(why) = without_policies(snapshot) {
        let structure = read_structure(requests, options).await;
        settle(requests, snapshot, structure, Policies::default(), options.emails).await;
        let controls = options.service_control_policies.then_some(CONTROL_POLICIES);
        let parts = POLICY_PARTS.into_iter().chain(controls);
        snapshot.unread.extend(parts.map(|(part, operation)| not_asked(part, operation, &why)));
        if let Some(landscape) = landscape_if(requests, options.landscape).await {
            landscape.note(snapshot);
        }
        return;
    }
    let (structure, policies, (strays, stray_unread), invalid, delegates, resource_policy, (controls, landscape)) = tokio::join!(
        Box::pin(read_structure(requests, options)),
        Box::pin(policies::read(requests, options.tags)),
        Box::pin(strays_if(requests, options.strays)),
        Box::pin(governance::invalid(requests)),
        Box::pin(governance::delegates(requests)),
        Box::pin(governance::resource_policy(requests)),
        Box::pin(also(requests, options)),
    );
    Box::pin(settle(requests, snapshot, structure, policies, options.emails)).await;
    snapshot.invalid = invalid.note(&mut snapshot.unread);
    snapshot.delegates = delegates.note(&mut snapshot.unread);
    snapshot.resource_policy = resource_policy.note(&mut snapshot.unread);
    snapshot.service_control_policies = controls.and_then(|controls| controls.note(&mut snapshot.unread));
    snapshot.unread.extend(stray_unread);
    if let Some(landscape) = landscape {
        landscape.note(snapshot);
    }
    if let Some(policies) = &mut snapshot.policies {
        policies.extend(strays);
        policies.sort_by(|left, right| left.id.cmp(&right.id));
    }
    let own = identity.map(|identity| identity.account);
    let answers = Box::pin(effective::ask(requests, snapshot, own, options)).await;
    snapshot.answers = answers.answers;
    snapshot.unread.extend(answers.unread);
    snapshot.scope = scope(snapshot, identity);
}

async fn read_structure(requests: &Requests<'_>, options: &ReadOptions) -> Structure {
    if options.only.is_everything() {
        structure::read(requests, options.emails).await
    } else {
        partial::read(requests, &options.only, options.emails).await
    }
}

async fn strays_if(requests: &Requests<'_>, wanted: bool) -> (Vec<optout_core::org::Policy>, Vec<Unread>) {
    if wanted { strays::read(requests).await } else { (Vec::new(), Vec::new()) }
}

type Controls = part::Part<Vec<optout_core::org::AttachedPolicy>>;

/// What is read only where it was asked for.
async fn also(requests: &Requests<'_>, options: &ReadOptions) -> (Option<Controls>, Option<landscape::Landscape>) {
    tokio::join!(controls_if(requests, options.service_control_policies), landscape_if(requests, options.landscape),)
}

async fn landscape_if(requests: &Requests<'_>, wanted: bool) -> Option<landscape::Landscape> {
    if wanted { Some(landscape::read(requests).await) } else { None }
}

async fn controls_if(requests: &Requests<'_>, wanted: bool) -> Option<Controls> {
    if wanted { Some(controls::read(requests).await) } else { None }
}

/// Fits tree and attachments together and takes them over.
async fn settle(
    requests: &Requests<'_>,
    snapshot: &mut Snapshot,
    mut structure: Structure,
    mut policies: Policies,
    emails: bool,
) {
    partial::keep_listed(&structure, &mut policies);
    settle::places(requests, &mut structure).await;
    settle::attachments(requests, &mut structure, &mut policies, emails).await;
    settle::places(requests, &mut structure).await;
    snapshot.root = structure.root;
    snapshot.units = structure.units;
    snapshot.accounts = structure.accounts;
    snapshot.policies = policies.policies;
    snapshot.attachments = policies.attachments;
    snapshot.unread.extend(structure.unread);
    snapshot.unread.extend(policies.unread);
    let broken = Tree::new(snapshot).err().map(|error| error.to_string());
    if let Some(detail) = broken {
        drop_places(snapshot, detail);
    }
}

/// A tree that is none must not be taken for one: no account then has a place.
fn drop_places(snapshot: &mut Snapshot, detail: String) {
    snapshot.units = None;
    snapshot.accounts.iter_mut().flatten().for_each(|account| account.parent = None);
    snapshot.unread.push(Unread {
        part: Name::Units,
        subject: None,
        operation: Operation::ListOrganizationalUnitsForParent.as_str().to_owned(),
        reason: UnreadReason::Malformed,
        permission: None,
        detail,
    });
}

/// What is not read where AI services opt-out policies cannot exist, each with the operation that would read it.
const POLICY_PARTS: [(Name, Operation); 6] = [
    (Name::Policies, Operation::ListPolicies),
    (Name::Attachments, Operation::ListTargetsForPolicy),
    (Name::EffectivePolicy, Operation::DescribeEffectivePolicy),
    (Name::InvalidPolicies, Operation::ListAccountsWithInvalidEffectivePolicy),
    (Name::Delegates, Operation::ListDelegatedAdministrators),
    (Name::ResourcePolicy, Operation::DescribeResourcePolicy),
];

/// What is not read there either, where it was asked for.
const CONTROL_POLICIES: (Name, Operation) = (Name::ServiceControlPolicies, Operation::ListPolicies);

fn not_asked(part: Name, operation: Operation, why: &str) -> Unread {
    Unread {
        part,
        subject: None,
        operation: operation.as_str().to_owned(),
        reason: UnreadReason::NotAsked,
        permission: None,
        detail: why.to_owned(),
    }
}

/// Why there can be no AI services opt-out policies; `None` where there can.
fn without_policies(snapshot: &Snapshot) -> Option<String> {
    if snapshot.partition.has_policy_type() == Some(false) {
        let partition: &Partition = &snapshot.partition;
        return Some(format!("AI services opt-out policies do not exist in partition `{}`", partition.as_str()));
    }
    let billing_only = snapshot.organization().is_some_and(|organization| !organization.all_features);
    billing_only.then(|| "the organization has consolidated billing only, and so no policies".to_owned())
}

/// What the caller could see: its own account only, where it is no management account and was denied everything else.
fn scope(snapshot: &Snapshot, identity: Option<&Identity>) -> Scope {
    let Some(identity) = identity else { return Scope::Organization };
    let is_management = snapshot.organization().is_some_and(|it| it.management_account == identity.account);
    let denied = |operation: Operation| {
        let of_operation = |it: &Unread| it.operation == operation.as_str() && it.reason == UnreadReason::AccessDenied;
        snapshot.unread.iter().any(of_operation)
    };
    let everything = [Operation::ListAccounts, Operation::ListRoots, Operation::ListPolicies];
    let nothing_else = snapshot.accounts.is_none() && everything.into_iter().all(denied);
    if nothing_else && !is_management { Scope::Account(identity.account) } else { Scope::Organization }
}
