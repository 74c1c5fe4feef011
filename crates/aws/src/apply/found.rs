//! One policy as it is now: what a single resource of a stack needs to know, without the rest of the organization.

use std::collections::BTreeMap;

use optout_core::org::{PolicyId, PolicyType, TargetId};

use crate::cancel::Cancel;
use crate::pace::Operation;
use crate::progress::Watch;
use crate::read::policies::{list, tags_of, targets_of};
use crate::request::{Failure, FailureKind, Purpose, Requests};
use crate::session::Session;

/// An AI services opt-out policy as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPolicy {
    /// Its id.
    pub id: PolicyId,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its document, as AWS keeps it.
    pub content: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Where it is attached.
    pub targets: Vec<TargetId>,
}

/// The policy `id`; `None` where there is none of this id and type.
///
/// # Errors
/// Where AWS would not say.
pub async fn policy_of_id(session: &Session, id: &PolicyId, cancel: &Cancel) -> Result<Option<FoundPolicy>, Failure> {
    let requests = Requests::new(session, Watch::new(&|_| {}), cancel);
    let operation = Operation::DescribePolicy;
    let send = || requests.organizations().describe_policy().policy_id(id.as_str()).send();
    let answer = match requests.call(operation, Purpose::Main, send).await {
        Ok(answer) => answer,
        Err(failure) if failure.is("PolicyNotFoundException") => return Ok(None),
        Err(failure) => return Err(failure),
    };
    let malformed = || Failure::new(operation, FailureKind::Malformed, "the answer has no policy");
    let policy = answer.policy.ok_or_else(malformed)?;
    let (summary, content) = (policy.policy_summary.ok_or_else(malformed)?, policy.content.ok_or_else(malformed)?);
    let is_ours = summary.r#type().is_some_and(|kind| kind.as_str() == PolicyType::AiOptOut.as_str());
    if !is_ours || summary.aws_managed {
        return Ok(None);
    }
    let (tags, targets) = tokio::join!(tags_of(&requests, id), targets_of(&requests, id, Purpose::Main));
    Ok(Some(FoundPolicy {
        id: id.clone(),
        name: summary.name.unwrap_or_default(),
        description: summary.description.unwrap_or_default(),
        content,
        tags: tags?,
        targets: targets?,
    }))
}

/// The policy called `name`; `None` where there is none of this name and type.
///
/// # Errors
/// Where AWS would not say.
pub async fn policy_of_name(session: &Session, name: &str, cancel: &Cancel) -> Result<Option<FoundPolicy>, Failure> {
    let listed = {
        let requests = Requests::new(session, Watch::new(&|_| {}), cancel);
        list(&requests, &PolicyType::AiOptOut, Purpose::Main).await.complete()?
    };
    match listed.into_iter().find(|policy| policy.name == name) {
        Some(policy) => policy_of_id(session, &policy.id, cancel).await,
        None => Ok(None),
    }
}
