//! The order of attachment, as recorded events tell it. Only what they settle is used; everything else stays open.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Change, Trail};
use crate::check::{Documents, writers};
use crate::org::{AccountId, AttachTime, Attachment, PolicyId, PolicyType, Snapshot, TargetId};

/// Where the events of AWS Organizations are, in partition `aws`.
const HOME: &str = "us-east-1";

/// What became of a target with several policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFound {
    /// The target.
    pub target: TargetId,
    /// Why its order is still open; `None` where the events settle it.
    pub open: Option<String>,
}

/// What the events tell of one attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Mark {
    At(Timestamp),
    /// They say that it is not attached: an event is missing.
    Gone,
    /// Two of them within one second say different things.
    Unclear,
}

/// Gives the attachments of a snapshot the times that recorded events tell, and says for every target with several
/// policies whose order could matter whether it is settled.
///
/// Events after the snapshot are not looked at. Nothing is concluded from what is not there, unless every event since was
/// certainly seen: then a policy whose attachment is not among them is older than they are.
pub fn settle_order(snapshot: &mut Snapshot, trail: &Trail) -> Vec<OrderFound> {
    let (marks, documents) = (Marks::new(snapshot, trail), Documents::of(snapshot));
    let unseen = unseen(snapshot, trail);
    let older = unseen.is_none().then(|| complete_since(snapshot, trail)).flatten();
    let mut found = Vec::new();
    for (target, attached) in snapshot.attachments.iter_mut().flatten() {
        let reason = unseen.clone().or_else(|| marks.apply(target, attached, older));
        let reason = reason.or_else(|| marks.delegated_since(attached));
        let policies: Vec<PolicyId> = attached.iter().map(|it| it.policy.clone()).collect();
        if policies.len() > 1 && documents.order_could_matter(&policies) {
            found.push(OrderFound { target: target.clone(), open: reason.or_else(|| still_open(attached)) });
        }
    }
    found
}

/// Why the times of attachments do not give their order.
fn still_open(attached: &[Attachment]) -> Option<String> {
    let mut times: Vec<AttachTime> = attached.iter().filter_map(|it| it.attached).collect();
    times.sort_by_key(|time| match time {
        AttachTime::Before(time) => (0, time.as_second()),
        AttachTime::At(time) => (1, time.as_second()),
    });
    let ordered = times.windows(2).all(|pair| matches!(pair, [left, right] if left.is_before(*right)));
    let older = times.iter().filter(|time| time.at().is_none()).count();
    match attached.len() - times.len() {
        0 if ordered => None,
        0 if older > 1 => Some(format!("{older} of its policies were attached before the events begin")),
        0 => Some("two of its policies were attached within the same second".to_owned()),
        missing => Some(format!("the attaching of {missing} of its policies is not among the events")),
    }
}

struct Marks {
    of: BTreeMap<(TargetId, PolicyId), Mark>,
    /// When the type was last switched off, which detaches everything.
    disabled: Option<Timestamp>,
    /// When an account last came or went.
    moved: BTreeMap<AccountId, Timestamp>,
    /// When it last changed who may attach policies.
    delegated: Option<Timestamp>,
}

impl Marks {
    fn new(snapshot: &Snapshot, trail: &Trail) -> Self {
        let mut marks = Self { of: BTreeMap::new(), disabled: None, moved: BTreeMap::new(), delegated: None };
        let mut touched = BTreeMap::new();
        for event in trail.events.iter().filter(|event| event.time <= snapshot.taken) {
            match &event.change {
                Change::AttachPolicy { policy, target } => {
                    marks.note(&mut touched, (target.clone(), policy.clone()), event.time, Mark::At(event.time));
                }
                Change::DetachPolicy { policy, target } => {
                    marks.note(&mut touched, (target.clone(), policy.clone()), event.time, Mark::Gone);
                }
                Change::DisablePolicyType { policy_type: PolicyType::AiOptOut, .. } => {
                    marks.disabled = Some(event.time)
                }
                Change::AcceptInvitation { account }
                | Change::AccountJoined { account, .. }
                | Change::LeaveOrganization { account }
                | Change::AccountDeparted { account, .. } => {
                    marks.moved.extend(account.map(|account| (account, event.time)));
                }
                Change::RemoveAccount { account } => drop(marks.moved.insert(*account, event.time)),
                change if delegates(change) => marks.delegated = Some(event.time),
                _ => {}
            }
        }
        marks
    }

    /// Whoever could attach policies before that changed, and may not now, may have attached one once more until then.
    fn delegated_since(&self, attached: &mut [Attachment]) -> Option<String> {
        let changed = self.delegated?;
        let later = |it: &Attachment| it.attached.is_none_or(|time| AttachTime::At(changed).is_before(time));
        if attached.iter().all(later) {
            return None;
        }
        attached.iter_mut().for_each(|it| it.attached = None);
        Some("who may attach policies changed after one of them was attached".to_owned())
    }

    fn note(
        &mut self,
        touched: &mut BTreeMap<(TargetId, PolicyId), i64>,
        pair: (TargetId, PolicyId),
        time: Timestamp,
        mark: Mark,
    ) {
        let same_second = touched.insert(pair.clone(), time.as_second()) == Some(time.as_second());
        self.of.insert(pair, if same_second { Mark::Unclear } else { mark });
    }

    /// Sets the times at a target; why they cannot be trusted, where they cannot.
    fn apply(&self, target: &TargetId, attached: &mut [Attachment], older: Option<Timestamp>) -> Option<String> {
        let mut reason = None;
        for attachment in attached {
            let policy = &attachment.policy;
            match self.time(target, policy) {
                Ok(Some(time)) => attachment.attached = Some(AttachTime::At(time)),
                Ok(None) => attachment.attached = attachment.attached.or(older.map(AttachTime::Before)),
                Err(why) => {
                    attachment.attached = None;
                    reason = Some(format!("{why} (policy `{policy}`)"));
                }
            }
        }
        reason
    }

    /// When a policy was attached that is attached now; `None` where the events do not say.
    fn time(&self, target: &TargetId, policy: &PolicyId) -> Result<Option<Timestamp>, &'static str> {
        const MISSING: &str = "by the events it is not attached, so one is missing";
        let attached = match self.of.get(&(target.clone(), policy.clone())) {
            None => None,
            Some(Mark::At(time)) => Some(*time),
            Some(Mark::Gone) => return Err(MISSING),
            Some(Mark::Unclear) => return Err("it was attached and detached within the same second"),
        };
        let moved = if let TargetId::Account(account) = target { self.moved.get(account) } else { None };
        let lost = self.disabled.max(moved.copied());
        match (attached, lost) {
            (None, Some(_)) => Err("everything was detached since, and its attaching is not among the events"),
            (Some(time), Some(lost)) if time.as_second() == lost.as_second() => {
                Err("it was attached in the second in which everything was detached")
            }
            (Some(time), Some(lost)) if time < lost => Err(MISSING),
            (attached, _) => Ok(attached),
        }
    }
}

/// Whose events would be needed and are not there: everybody who may attach policies may have done it once more.
fn unseen(snapshot: &Snapshot, trail: &Trail) -> Option<String> {
    let Some(organization) = snapshot.organization() else {
        return Some("which account manages the organization is not known".to_owned());
    };
    let Some(writers) = writers(snapshot) else {
        return Some("who else may attach policies could not be read".to_owned());
    };
    let seen: BTreeSet<AccountId> =
        trail.seen.accounts.keys().copied().chain(trail.coverage.iter().filter_map(|it| it.account)).collect();
    let missing =
        |account: AccountId| format!("the events of account {account}, which may attach policies, are not there");
    if !seen.contains(&organization.management_account) {
        return Some(missing(organization.management_account));
    }
    writers.iter().find_map(|writer| match account_of(&writer.principal) {
        None => Some(format!("`{}` may attach policies, and its events are not there", writer.principal)),
        Some(account) if !seen.contains(&account) => Some(missing(account)),
        Some(_) => None,
    })
}

fn delegates(change: &Change) -> bool {
    matches!(change, Change::PutResourcePolicy | Change::DeleteResourcePolicy)
}

/// The account of a principal of a resource policy: an id, or an ARN of the account.
fn account_of(principal: &str) -> Option<AccountId> {
    let in_arn = || principal.strip_prefix("arn:")?.split(':').nth(3)?.parse().ok();
    principal.parse().ok().or_else(in_arn)
}

/// Since when certainly every event until the snapshot was read, where that is so: LookupEvents answered to the end for
/// the management account, nobody else may write, nothing was unreadable.
#[must_use]
pub fn complete_since(snapshot: &Snapshot, trail: &Trail) -> Option<Timestamp> {
    let management = snapshot.organization()?.management_account;
    let alone = writers(snapshot)?.is_empty();
    if !alone || trail.seen.problems > 0 || trail.overflowed {
        return None;
    }
    let mut spans: Vec<(Timestamp, Timestamp)> = trail
        .coverage
        .iter()
        .filter(|it| it.account == Some(management) && it.region == HOME)
        .map(|it| (it.from, it.settled_until()))
        .filter(|(from, until)| from <= until && *from <= snapshot.taken)
        .collect();
    spans.sort_unstable();
    let mut since = None;
    let mut end = None;
    for (from, until) in spans {
        if end.is_none_or(|end| from > end) {
            since = Some(from);
        }
        end = end.max(Some(until));
    }
    let until = snapshot.taken;
    let delegated =
        |since: Timestamp| trail.events.iter().any(|it| delegates(&it.change) && since <= it.time && it.time <= until);
    since.filter(|since| end.is_some_and(|end| end >= until) && !delegated(*since))
}
