//! AI services opt-out policies: which there are, what they say, where they are attached.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_organizations::types;
use optout_core::org::{Attachment, Part as Name, Policy, PolicyId, PolicyType, TargetId, Unread, UnreadReason};

use super::part::{each, unread_of};
use crate::pace::Operation;
use crate::request::{Failure, FailureKind, Listing, Purpose, Requests};

/// How often the list is read again because a policy vanished while it was being read.
const ROUNDS: usize = 3;
pub(super) const GONE: &str = "PolicyNotFoundException";

/// The policies of an organization.
#[derive(Debug, Default)]
pub(super) struct Policies {
    pub(super) policies: Option<Vec<Policy>>,
    pub(super) attachments: Option<BTreeMap<TargetId, Vec<Attachment>>>,
    pub(super) unread: Vec<Unread>,
    /// Those of which everything was read.
    pub(super) whole: BTreeSet<PolicyId>,
}

impl Policies {
    /// Replaces the targets of one policy.
    pub(super) fn reattach(&mut self, policy: &PolicyId, targets: Vec<TargetId>) {
        let Some(attachments) = &mut self.attachments else { return };
        attachments.values_mut().for_each(|list| list.retain(|attachment| attachment.policy != *policy));
        attach(attachments, policy, targets);
        attachments.retain(|_, list| !list.is_empty());
    }
}

pub(super) fn attach(attachments: &mut BTreeMap<TargetId, Vec<Attachment>>, policy: &PolicyId, targets: Vec<TargetId>) {
    for target in targets {
        let list = attachments.entry(target).or_default();
        if list.iter().all(|attachment| attachment.policy != *policy) {
            list.push(Attachment { policy: policy.clone(), attached: None });
            list.sort_by(|left, right| left.policy.cmp(&right.policy));
        }
    }
}

/// What was read of one policy.
struct Read {
    policy: Policy,
    content: Result<String, Failure>,
    targets: Result<Vec<TargetId>, Failure>,
    tags: Option<Result<BTreeMap<String, String>, Failure>>,
}

impl Read {
    fn of((mut policy, targets): (Policy, Vec<TargetId>)) -> Self {
        let content = policy.content.take().map(|content| content.to_string()).unwrap_or_default();
        let tags = policy.tags.take().map(Ok);
        Self { policy, content: Ok(content), targets: Ok(targets), tags }
    }

    fn is_whole(&self) -> bool {
        self.content.is_ok() && self.targets.is_ok() && self.tags.as_ref().is_none_or(Result::is_ok)
    }

    /// Whether the policy was deleted after it was listed.
    fn is_gone(&self) -> bool {
        let gone = |failure: Option<&Failure>| failure.is_some_and(|failure| failure.is(GONE));
        gone(self.content.as_ref().err()) || gone(self.targets.as_ref().err())
    }

    /// Whether it may have been: a delegated administrator is denied what is deleted.
    fn may_be_gone(&self) -> bool {
        self.content.as_ref().is_err_and(|failure| failure.kind == FailureKind::Denied)
    }
}

/// Policies with their targets, as an earlier part of the reading left them.
pub(super) type Known = BTreeMap<PolicyId, (Policy, Vec<TargetId>)>;

/// Reads every AI services opt-out policy with content and targets, and tags where asked for; those that are `known` are
/// only listed.
pub(super) async fn read(requests: &Requests<'_>, tags: bool, known: Known) -> Policies {
    let mut known: BTreeMap<PolicyId, Read> = known.into_iter().map(|(id, known)| (id, Read::of(known))).collect();
    for _ in 0..ROUNDS {
        let Listing { items, failure } = list(requests, &PolicyType::AiOptOut, Purpose::Main).await;
        if let Some(failure) = failure.as_ref().filter(|_| items.is_empty()) {
            return unlisted(failure);
        }
        let listed: BTreeSet<PolicyId> = items.iter().map(|policy| policy.id.clone()).collect();
        known.retain(|id, _| listed.contains(id));
        let new = items.into_iter().filter(|policy| !known.contains_key(&policy.id)).collect();
        let read = read_each(requests, new, tags).await;
        let one_was_read = known.values().chain(&read).any(|read| read.content.is_ok());
        let again = read.iter().any(|read| read.is_gone() || (one_was_read && read.may_be_gone()));
        known.extend(read.into_iter().filter(|read| !read.is_gone()).map(|read| (read.policy.id.clone(), read)));
        if !again || failure.is_some() {
            return collect(known, failure.map(|failure| failure.unread(Name::Policies, None)));
        }
    }
    collect(known, Some(unsettled()))
}

fn unlisted(failure: &Failure) -> Policies {
    let unread = [Name::Policies, Name::Attachments].map(|part| failure.unread(part, None)).into();
    Policies { unread, ..Policies::default() }
}

fn unsettled() -> Unread {
    Unread {
        part: Name::Policies,
        subject: None,
        operation: Operation::ListPolicies.as_str().to_owned(),
        reason: UnreadReason::Changed,
        permission: None,
        detail: "policies were deleted each time the list was read".to_owned(),
    }
}

/// Lists the policies of a type, without their content.
pub(crate) async fn list(requests: &Requests<'_>, policy_type: &PolicyType, purpose: Purpose) -> Listing<Policy> {
    let operation = Operation::ListPolicies;
    requests.expect(operation, 1);
    let filter = types::PolicyType::from(policy_type.as_str());
    let call = requests.organizations().list_policies().filter(filter);
    let send = |token| call.clone().set_next_token(token).send();
    let take = |page: aws_sdk_organizations::operation::list_policies::ListPoliciesOutput| {
        let listed = page.policies.unwrap_or_default();
        (listed.iter().filter_map(|listed| policy(listed, policy_type)).collect(), page.next_token)
    };
    requests.pages(operation, purpose, send, take).await
}

/// A server that ignores the filter must not make a policy what it is not: its own type counts.
fn policy(listed: &types::PolicySummary, asked_for: &PolicyType) -> Option<Policy> {
    let Ok(policy_type) = listed.r#type().map_or(asked_for.as_str(), types::PolicyType::as_str).parse::<PolicyType>();
    let policy = Policy {
        id: listed.id()?.parse().ok()?,
        name: listed.name().unwrap_or_default().to_owned(),
        description: listed.description().unwrap_or_default().to_owned(),
        policy_type,
        aws_managed: listed.aws_managed(),
        content: None,
        tags: None,
    };
    Some(policy).filter(|policy| policy.policy_type == *asked_for)
}

/// Contents, targets and tags, each at its own pace.
async fn read_each(requests: &Requests<'_>, policies: Vec<Policy>, tags: bool) -> Vec<Read> {
    let ids: Vec<PolicyId> = policies.iter().map(|policy| policy.id.clone()).collect();
    requests.expect(Operation::DescribePolicy, ids.len());
    requests.expect(Operation::ListTargetsForPolicy, ids.len());
    let contents = each(&ids, |id| content_of(requests, id, Purpose::Main));
    let targets = each(&ids, |id| targets_of(requests, id, Purpose::Main));
    let tagged = each(ids.iter().filter(|_| tags), |id| tags_of(requests, id));
    let (contents, targets, tagged) = tokio::join!(contents, targets, tagged);
    let tagged = tagged.into_iter().map(Some).chain(std::iter::repeat_with(|| None));
    let read = policies.into_iter().zip(contents).zip(targets).zip(tagged);
    read.map(|(((policy, content), targets), tags)| Read { policy, content, targets, tags }).collect()
}

/// The document of a policy, byte for byte.
pub(crate) async fn content_of(requests: &Requests<'_>, id: &PolicyId, purpose: Purpose) -> Result<String, Failure> {
    let operation = Operation::DescribePolicy;
    let send = || requests.organizations().describe_policy().policy_id(id.as_str()).send();
    let answer = requests.call(operation, purpose, send).await?;
    let content = answer.policy.and_then(|policy| policy.content);
    content.ok_or_else(|| Failure::new(operation, FailureKind::Malformed, "the answer has no content"))
}

/// A policy with its document, and without its tags.
pub(super) async fn whole(requests: &Requests<'_>, id: &PolicyId) -> Result<Policy, Failure> {
    let operation = Operation::DescribePolicy;
    requests.expect(operation, 1);
    let send = || requests.organizations().describe_policy().policy_id(id.as_str()).send();
    let answer = requests.call(operation, Purpose::Main, send).await?.policy;
    let unclear =
        || Failure::new(operation, FailureKind::Malformed, "the answer has no policy with this id and a type");
    let summary = answer.as_ref().and_then(|policy| policy.policy_summary());
    let Ok(policy_type) = summary.and_then(|it| it.r#type()).ok_or_else(unclear)?.as_str().parse::<PolicyType>();
    let mut found =
        summary.and_then(|summary| policy(summary, &policy_type)).filter(|it| it.id == *id).ok_or_else(unclear)?;
    let content = answer.and_then(|policy| policy.content);
    found.content = Some(content.ok_or_else(unclear)?.into());
    Ok(found)
}

/// The AI services opt-out policies that are attached to a target, without their documents.
pub(super) async fn listed_at(requests: &Requests<'_>, target: &TargetId) -> Result<Vec<Policy>, Failure> {
    let operation = Operation::ListPoliciesForTarget;
    requests.expect(operation, 1);
    let filter = types::PolicyType::AiservicesOptOutPolicy;
    let call = requests.organizations().list_policies_for_target().target_id(target.to_string()).filter(filter);
    let send = |token| call.clone().set_next_token(token).send();
    let take = |page: aws_sdk_organizations::operation::list_policies_for_target::ListPoliciesForTargetOutput| {
        let listed = page.policies.unwrap_or_default();
        (listed.iter().filter_map(|listed| policy(listed, &PolicyType::AiOptOut)).collect(), page.next_token)
    };
    requests.pages(operation, Purpose::Main, send, take).await.complete()
}

/// Where a policy is attached.
pub(crate) async fn targets_of(
    requests: &Requests<'_>,
    id: &PolicyId,
    purpose: Purpose,
) -> Result<Vec<TargetId>, Failure> {
    let operation = Operation::ListTargetsForPolicy;
    let call = requests.organizations().list_targets_for_policy().policy_id(id.as_str());
    let send = |token| call.clone().set_next_token(token).send();
    let take = |page: aws_sdk_organizations::operation::list_targets_for_policy::ListTargetsForPolicyOutput| {
        (page.targets.unwrap_or_default(), page.next_token)
    };
    let targets = requests.pages(operation, purpose, send, take).await.complete()?;
    let target = |it: &types::PolicyTargetSummary| it.target_id().and_then(|id| id.parse().ok());
    let unclear = || Failure::new(operation, FailureKind::Malformed, "the answer has a target without a valid id");
    targets.iter().map(|listed| target(listed).ok_or_else(unclear)).collect()
}

pub(crate) async fn tags_of(requests: &Requests<'_>, id: &PolicyId) -> Result<BTreeMap<String, String>, Failure> {
    let operation = Operation::ListTagsForResource;
    requests.expect(operation, 1);
    let call = requests.organizations().list_tags_for_resource().resource_id(id.as_str());
    let send = |token| call.clone().set_next_token(token).send();
    let take = |page: aws_sdk_organizations::operation::list_tags_for_resource::ListTagsForResourceOutput| {
        (page.tags.unwrap_or_default(), page.next_token)
    };
    let tags = requests.pages(operation, Purpose::Main, send, take).await.complete()?;
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

fn collect(read: BTreeMap<PolicyId, Read>, unread: Option<Unread>) -> Policies {
    let (mut policies, mut attachments) = (Vec::new(), BTreeMap::new());
    let (mut no_content, mut no_targets, mut no_tags) = (Vec::new(), Vec::new(), Vec::new());
    let all = read.len();
    let whole = read.iter().filter(|(_, read)| read.is_whole()).map(|(id, _)| id.clone()).collect();
    for (id, read) in read {
        let mut policy = read.policy;
        policy.content = kept(&id, read.content, &mut no_content).map(Into::into);
        policy.tags = read.tags.and_then(|tags| kept(&id, tags, &mut no_tags));
        attach(&mut attachments, &id, kept(&id, read.targets, &mut no_targets).unwrap_or_default());
        policies.push(policy);
    }
    let attachments = Some(attachments).filter(|_| all == 0 || no_targets.len() < all);
    let mut unread: Vec<Unread> = unread.into_iter().collect();
    unread.extend(unread_of(Name::PolicyContent, no_content));
    unread.extend(unread_of(Name::Attachments, no_targets));
    unread.extend(unread_of(Name::PolicyTags, no_tags));
    Policies { policies: Some(policies), attachments, unread, whole }
}

fn kept<T>(id: &PolicyId, result: Result<T, Failure>, failures: &mut Vec<(String, Failure)>) -> Option<T> {
    result.map_err(|failure| failures.push((id.to_string(), failure))).ok()
}
