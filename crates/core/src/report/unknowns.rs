//! What could not be determined, and what it would take.

use std::collections::BTreeMap;

use crate::check::{AccountVerdict, Assessment, Control, Need, Outcome, Uncomputed};
use crate::org::{Part, Partition, Scope, Unread, UnreadReason};

/// One thing that could not be determined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    /// What.
    pub what: String,
    /// Why.
    pub reason: String,
    /// The IAM action that would be needed.
    pub permission: Option<String>,
}

/// Everything that could not be determined, each once.
#[must_use]
pub fn unknowns(assessment: &Assessment<'_>, outcomes: &[(&'static Control, Outcome)]) -> Vec<Unknown> {
    let mut all = Vec::new();
    all.extend(partition(&assessment.snapshot.partition));
    all.extend(unread(&in_scope(assessment)));
    all.extend(uncomputed(assessment));
    all.extend(undecided(assessment));
    for (control, outcome) in outcomes {
        let what = || format!("control {}", control.id);
        all.extend(outcome.unknown.iter().map(|why| Unknown { what: what(), reason: why.clone(), permission: None }));
    }
    all
}

fn partition(partition: &Partition) -> Option<Unknown> {
    let reason = match partition.has_policy_type() {
        Some(true) => return None,
        Some(false) => "AI services opt-out policies do not exist in this partition, so nothing can be said by one",
        None => "whether AI services opt-out policies exist in this partition is not documented",
    };
    let what = format!("the partition {}", partition.as_str());
    Some(Unknown { what, reason: reason.to_owned(), permission: None })
}

/// What was not read of what the report speaks about: for the caller's own account alone, the rest is out of scope; for
/// some accounts, what lies outside their view.
fn in_scope(assessment: &Assessment<'_>) -> Vec<Unread> {
    let own = |part: Part| match part {
        Part::Caller | Part::Organization | Part::EffectivePolicy => true,
        Part::Root
        | Part::Units
        | Part::Accounts
        | Part::Policies
        | Part::PolicyContent
        | Part::PolicyTags
        | Part::Attachments
        | Part::InvalidPolicies
        | Part::Delegates
        | Part::ResourcePolicy
        | Part::TrustedServices
        | Part::ControlPolicies
        | Part::ServiceControlPolicies => false,
    };
    let whole = assessment.snapshot.scope == Scope::Organization;
    let in_view = |unread: &Unread| !assessment.partial || unread.reason != UnreadReason::OutOfView;
    let matters = |unread: &Unread| Need::of(unread.part) != Need::Elsewhere;
    let wanted = |unread: &&Unread| (whole || own(unread.part)) && in_view(unread) && matters(unread);
    assessment.snapshot.unread.iter().filter(wanted).cloned().collect()
}

/// What was not read, subjects of the same cause together.
fn unread(unread: &[Unread]) -> Vec<Unknown> {
    let mut causes: BTreeMap<(&str, &str, &str, Option<&str>), Vec<&str>> = BTreeMap::new();
    for item in unread {
        let cause = (item.part.as_str(), item.operation.as_str(), item.reason.as_str(), item.permission.as_deref());
        causes.entry(cause).or_default().extend(item.subject.as_deref());
    }
    let detail = |part: &str, operation: &str| {
        let same = unread.iter().find(|item| item.part.as_str() == part && item.operation == operation);
        same.map_or("", |item| item.detail.as_str())
    };
    let unknown =
        |((part, operation, reason, permission), subjects): ((&str, &str, &str, Option<&str>), Vec<&str>)| Unknown {
            what: format!("{}{}", part.replace('-', " "), of(&subjects)),
            reason: format!("{operation}: {}: {}", reason.replace('-', " "), detail(part, operation)),
            permission: permission.map(str::to_owned),
        };
    causes.into_iter().map(unknown).collect()
}

fn of(subjects: &[&str]) -> String {
    match subjects {
        [] => String::new(),
        [one] => format!(" of {one}"),
        several => format!(" of {} subjects, {} first", several.len(), several.first().copied().unwrap_or_default()),
    }
}

/// Accounts whose verdict is unknown because there is no answer of AWS's and none of ours.
fn uncomputed(assessment: &Assessment<'_>) -> Vec<Unknown> {
    let mut causes: BTreeMap<&Uncomputed, usize> = BTreeMap::new();
    for account in
        assessment.counted().filter(|account| account.verdict == AccountVerdict::Unknown && !account.basis.is_aws())
    {
        if let Some(why) = assessment.group(account).and_then(|group| group.uncomputed.as_ref()) {
            *causes.entry(why).or_default() += 1;
        }
    }
    let unknown = |(why, count): (&Uncomputed, usize)| Unknown {
        what: format!("the effective policy of {count} accounts"),
        reason: format!("AWS was not asked, and {why}"),
        permission: Some("organizations:DescribeEffectivePolicy".to_owned()),
    };
    causes.into_iter().map(unknown).collect()
}

/// Accounts whose own answer is not decided by the rules, and AWS's is not there.
fn undecided(assessment: &Assessment<'_>) -> Option<Unknown> {
    let undecided = |account: &&crate::check::AccountResult| {
        let computed = assessment.group(account).is_some_and(|group| group.uncomputed.is_none());
        account.verdict == AccountVerdict::Unknown && !account.basis.is_aws() && computed
    };
    let count = assessment.counted().filter(undecided).count();
    (count > 0).then(|| Unknown {
        what: format!("the effective policy of {count} accounts"),
        reason:
            "AWS was not asked, and the attached policies do not decide it: the result depends on the order in which \
                 policies were attached, or on a key that was named without a value"
                .to_owned(),
        permission: Some("organizations:DescribeEffectivePolicy".to_owned()),
    })
}
