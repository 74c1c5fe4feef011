//! Whether what AWS says is so already is so: read again before it counts as a success.

use std::collections::BTreeMap;

use optout_core::org::{Membership, PolicyId, PolicyType, TargetId};
use optout_core::plan::MANAGED_TAG;
use serde_json::Value;

use super::Work;
use super::step::{Tried, Trouble};
use crate::read::organization::membership;
use crate::read::policies::{content_of, list, tags_of, targets_of};
use crate::request::{Failure, Purpose};
use optout_core::plan::journal::Outcome;

impl Work<'_> {
    /// An organization that this account manages, with all features, is the one that was to be created.
    pub(super) async fn own_organization(&self, failure: Failure) -> Tried {
        let (found, _) = membership(&self.requests).await?;
        let own = crate::read::organization::identity(&self.requests).await?.account;
        match found {
            Membership::Member(it) if it.management_account == own && it.all_features => Ok(Outcome::AlreadySo),
            Membership::Member(it) => {
                Err(Trouble::Conflict(format!("the account has become a member of the organization `{}`", it.id)))
            }
            Membership::None => Err(failure.into()),
        }
    }

    /// The policy of this name, if it says the same and is managed by this program.
    pub(super) async fn same_policy(
        &self,
        name: &str,
        description: &str,
        content: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<PolicyId, Trouble> {
        let policies = list(&self.requests, &PolicyType::AiOptOut, Purpose::Main).await.complete()?;
        let found = policies.into_iter().find(|policy| policy.name == name);
        let vanished = || Trouble::Conflict(format!("a policy called `{name}` was there and is not any more"));
        let found = found.ok_or_else(vanished)?;
        let found_tags = tags_of(&self.requests, &found.id).await?;
        if !found_tags.contains_key(MANAGED_TAG.0) && tags.contains_key(MANAGED_TAG.0) {
            let what = format!("somebody else has made a policy called `{name}`, `{}`", found.id);
            return Err(Trouble::Conflict(what));
        }
        let found_content = content_of(&self.requests, &found.id, Purpose::Main).await?;
        let is_same = same(&found_content, content) && found.description == description;
        if !is_same || tags.iter().any(|(key, value)| found_tags.get(key) != Some(value)) {
            let what = format!("somebody else has made the policy `{name}`, `{}`, for another intent", found.id);
            return Err(Trouble::Conflict(what));
        }
        Ok(found.id)
    }

    pub(super) async fn attached(&self, policy: &PolicyId, target: &TargetId, failure: Failure) -> Tried {
        if targets_of(&self.requests, policy, Purpose::Main).await?.contains(target) {
            Ok(Outcome::AlreadySo)
        } else {
            Err(failure.into())
        }
    }

    pub(super) async fn detached(&self, policy: &PolicyId, target: &TargetId, failure: Failure) -> Tried {
        match targets_of(&self.requests, policy, Purpose::Main).await {
            Ok(targets) if targets.contains(target) => Err(failure.into()),
            Ok(_) => Ok(Outcome::AlreadySo),
            Err(gone) if gone.is("PolicyNotFoundException") => Ok(Outcome::AlreadySo),
            Err(other) => Err(other.into()),
        }
    }
}

/// Whether two documents say the same.
fn same(left: &str, right: &str) -> bool {
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    value(left).is_some_and(|left| Some(left) == value(right))
}
