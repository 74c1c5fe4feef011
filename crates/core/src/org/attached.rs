//! Where policies are attached, as far as that was read: what is missing is never taken for "nothing is attached".

use std::collections::{BTreeMap, BTreeSet};

use super::{Attachment, Part, PolicyType, Snapshot, TargetId, Unread, UnreadReason};

/// The attachments of a snapshot that may be relied on.
#[derive(Debug, Clone)]
pub struct Attachments<'a> {
    all: &'a BTreeMap<TargetId, Vec<Attachment>>,
    unread: BTreeSet<TargetId>,
    whole: bool,
}

/// Which targets something that could not be read concerns.
enum Gap {
    None,
    At(TargetId),
    Anywhere,
}

impl<'a> Attachments<'a> {
    /// The attachments of a snapshot; `None` where they were not read, or where something that was not read (a policy's
    /// targets, a page of the list of policies) may be attached to any target.
    #[must_use]
    pub fn of(snapshot: &'a Snapshot) -> Option<Self> {
        let mut unread = BTreeSet::new();
        for entry in &snapshot.unread {
            match gap(entry) {
                Gap::None => {}
                Gap::At(target) => drop(unread.insert(target)),
                Gap::Anywhere => return None,
            }
        }
        let whole = !snapshot.unread.iter().any(|entry| entry.reason == UnreadReason::OutOfView);
        Some(Self { all: snapshot.attachments.as_ref()?, unread, whole })
    }

    /// Whether they are the attachments to every target there is, and not only to those that were named.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// What is attached at `target`, empty for nothing; `None` where that could not be read.
    #[must_use]
    pub fn at(&self, target: &TargetId) -> Option<&'a [Attachment]> {
        let read = self.unread.is_empty() || !self.unread.contains(target);
        read.then(|| self.all.get(target).map(Vec::as_slice).unwrap_or_default())
    }

    /// Every target that something is attached to, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a TargetId, &'a [Attachment])> {
        self.all.iter().map(|(target, list)| (target, list.as_slice())).filter(|(_, list)| !list.is_empty())
    }
}

fn gap(entry: &Unread) -> Gap {
    if entry.reason == UnreadReason::OutOfView {
        // What is attached to accounts and units that are not listed changes nothing for those that are.
        return Gap::None;
    }
    let subject = entry.subject.as_deref();
    match entry.part {
        Part::Attachments => subject.and_then(|text| text.parse().ok()).map_or(Gap::Anywhere, Gap::At),
        Part::Policies if subject.is_some_and(is_another_type) => Gap::None,
        Part::Policies => Gap::Anywhere,
        Part::Caller
        | Part::Organization
        | Part::Root
        | Part::Units
        | Part::Accounts
        | Part::PolicyContent
        | Part::PolicyTags
        | Part::EffectivePolicy
        | Part::InvalidPolicies
        | Part::Delegates
        | Part::ResourcePolicy
        | Part::TrustedServices
        | Part::ControlPolicies
        | Part::ServiceControlPolicies => Gap::None,
    }
}

/// Whether a text names a policy type that has nothing to do with opting out.
fn is_another_type(text: &str) -> bool {
    let Ok(policy_type) = text.parse::<PolicyType>();
    policy_type != PolicyType::AiOptOut && PolicyType::KNOWN.contains(&policy_type)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::org::{Partition, UnreadReason};

    const UNIT: &str = "ou-exam-salesunit";

    fn with_gap(part: Part, subject: Option<&str>) -> Snapshot {
        let mut snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH, "0", Partition::Aws);
        snapshot.attachments = Some(BTreeMap::new());
        let subject = subject.map(str::to_owned);
        let (operation, detail) = ("ListTargetsForPolicy".to_owned(), String::new());
        let reason = UnreadReason::Throttled;
        snapshot.unread = vec![Unread { part, subject, operation, reason, permission: None, detail }];
        snapshot
    }

    #[test]
    fn a_policy_whose_targets_were_not_read_may_be_anywhere() {
        assert!(Attachments::of(&with_gap(Part::Attachments, Some("p-aaaaaaaa"))).is_none());
        assert!(Attachments::of(&with_gap(Part::Attachments, None)).is_none());
        assert!(Attachments::of(&with_gap(Part::Policies, None)).is_none());
        assert!(Attachments::of(&with_gap(Part::Policies, Some("AISERVICES_OPT_OUT_POLICY"))).is_none());
    }

    #[test]
    fn a_target_that_was_not_read_is_no_empty_target() {
        let snapshot = with_gap(Part::Attachments, Some(UNIT));
        let attachments = Attachments::of(&snapshot).unwrap();
        assert_eq!(attachments.at(&UNIT.parse().unwrap()), None);
        assert_eq!(attachments.at(&"r-exam".parse().unwrap()), Some([].as_slice()));
    }

    #[test]
    fn gaps_elsewhere_leave_attachments_alone() {
        for (part, subject) in [(Part::Policies, Some("SERVICE_CONTROL_POLICY")), (Part::PolicyTags, None)] {
            assert!(Attachments::of(&with_gap(part, subject)).is_some());
        }
    }
}
