//! Service control policies with documents and targets: what an audit of Region controls looks at.
//!
//! Those that AWS owns are listed and described, but their targets are not: they are attached nearly everywhere, deny
//! nothing, and would cost a page for every twenty accounts.

use optout_core::org::{AttachedPolicy, Part as Name, Policy, PolicyType, TargetId, Unread};

use super::part::{Part, each, unread_of};
use super::policies::{GONE, content_of, list, targets_of};
use crate::pace::Operation;
use crate::request::{Failure, Purpose, Requests};

const PURPOSE: Purpose = Purpose::ServiceControl;

/// What was read of one policy; `None` for targets that were not to be read.
struct Read {
    policy: Policy,
    content: Result<String, Failure>,
    targets: Option<Result<Vec<TargetId>, Failure>>,
}

impl Read {
    /// Whether the policy was deleted after it was listed.
    fn is_gone(&self) -> bool {
        let of_targets = self.targets.as_ref().and_then(|targets| targets.as_ref().err());
        self.content.as_ref().err().into_iter().chain(of_targets).any(|failure| failure.is(GONE))
    }
}

/// Reads every service control policy; where the list itself could not be read there is no value.
pub(super) async fn read(requests: &Requests<'_>) -> Part<Vec<AttachedPolicy>> {
    let listing = list(requests, &PolicyType::ServiceControl, PURPOSE).await;
    let unlisted: Vec<Unread> =
        listing.failure.iter().map(|failure| failure.unread(Name::ServiceControlPolicies, None)).collect();
    if listing.items.is_empty() && !unlisted.is_empty() {
        return Part { value: None, unread: unlisted };
    }
    let mut policies = listing.items;
    policies.sort_by(|left, right| left.id.cmp(&right.id));
    policies.dedup_by(|left, right| left.id == right.id);
    let (value, mut unread) = collect(read_each(requests, policies).await);
    unread.extend(unlisted);
    Part { value: Some(value), unread }
}

async fn read_each(requests: &Requests<'_>, policies: Vec<Policy>) -> Vec<Read> {
    let own = policies.iter().filter(|policy| !policy.aws_managed);
    requests.expect(Operation::DescribePolicy, policies.len());
    requests.expect(Operation::ListTargetsForPolicy, own.clone().count());
    let contents = each(&policies, |policy| content_of(requests, &policy.id, PURPOSE));
    let targets = each(own, |policy| targets_of(requests, &policy.id, PURPOSE));
    let (contents, targets) = tokio::join!(contents, targets);
    let mut targets = targets.into_iter();
    let read = policies.into_iter().zip(contents).map(|(policy, content)| {
        let targets = if policy.aws_managed { None } else { targets.next() };
        Read { policy, content, targets }
    });
    read.collect()
}

fn collect(read: Vec<Read>) -> (Vec<AttachedPolicy>, Vec<Unread>) {
    let (mut policies, mut failures) = (Vec::new(), Vec::new());
    for Read { mut policy, content, targets } in read.into_iter().filter(|read| !read.is_gone()) {
        let mut note = |failure: Failure| failures.push((policy.id.to_string(), failure));
        policy.content = content.map_err(&mut note).ok().map(Into::into);
        let targets = targets.and_then(|targets| targets.map_err(&mut note).ok());
        policies.push(AttachedPolicy { policy, targets });
    }
    (policies, unread_of(Name::ServiceControlPolicies, failures))
}
