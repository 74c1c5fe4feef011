//! Policies and where they are attached, read again.

use std::collections::BTreeMap;

use optout_core::org::{Attachment, Part as Name, Policy, PolicyId, PolicyType, TargetId};

use super::{AgainError, Rereading};
use crate::read::policies::{self, GONE, listed_at, targets_of, whole};
use crate::read::structure::{self, list_root};
use crate::request::Purpose;

impl Rereading<'_, '_> {
    pub(super) async fn policies(&mut self) -> Result<(), AgainError> {
        if self.touched.types {
            return self.all_policies().await;
        }
        for target in self.touched.targets.clone() {
            self.target(&target).await?;
        }
        for policy in self.touched.policies.clone() {
            self.policy(&policy).await?;
        }
        Ok(())
    }

    async fn all_policies(&mut self) -> Result<(), AgainError> {
        match list_root(self.requests).await {
            Ok(root) => self.now.root = Some(root),
            Err(failure) => return Err(AgainError::Later(failure)),
        }
        let read = policies::read(self.requests, self.options.tags, BTreeMap::new()).await;
        let Some(ours) = read.policies.filter(|_| read.unread.is_empty()) else {
            return Err(AgainError::Unfit("policies could not be read".to_owned()));
        };
        let of_policies = [Name::Policies, Name::PolicyContent, Name::Attachments];
        self.now.unread.retain(|unread| !of_policies.contains(&unread.part));
        let strays = self.now.policies.take().into_iter().flatten();
        let strays = strays.filter(|policy| policy.policy_type != PolicyType::AiOptOut);
        let mut all: Vec<Policy> = strays.chain(ours).collect();
        all.sort_by(|left, right| left.id.cmp(&right.id));
        (self.now.policies, self.now.attachments) = (Some(all), read.attachments);
        let known = structure::targets(&self.now);
        match self.now.attachments.iter().flatten().find(|(target, _)| !known.contains(target)) {
            Some((target, _)) => {
                Err(AgainError::Unfit(format!("a policy is attached to `{target}`, which is not known")))
            }
            None => Ok(()),
        }
    }

    /// Which policies are attached to a target; those that nobody told of are brought in.
    async fn target(&mut self, target: &TargetId) -> Result<(), AgainError> {
        if self.now.attachments.is_none() || !structure::targets(&self.now).contains(target) {
            return Ok(());
        }
        self.forget(Name::Attachments, &target.to_string());
        let listed = match listed_at(self.requests, target).await {
            Ok(listed) => listed,
            Err(failure) if failure.is_absence() => Vec::new(),
            Err(failure) => return self.note(Name::Attachments, &target.to_string(), &failure),
        };
        for policy in &listed {
            if self.now.policy(&policy.id).is_none() {
                self.policy(&policy.id).await?;
            }
        }
        let attached = |policy: &Policy| Attachment { policy: policy.id.clone(), attached: None };
        let mut list: Vec<Attachment> = listed.iter().map(attached).collect();
        list.sort_by(|left, right| left.policy.cmp(&right.policy));
        list.retain(|attachment| self.now.policy(&attachment.policy).is_some());
        let attachments = self.now.attachments.get_or_insert_default();
        attachments.remove(target);
        if !list.is_empty() {
            attachments.insert(target.clone(), list);
        }
        Ok(())
    }

    async fn policy(&mut self, id: &PolicyId) -> Result<(), AgainError> {
        if self.now.policies.is_none() {
            return Ok(());
        }
        self.forget(Name::PolicyContent, id.as_str());
        match whole(self.requests, id).await {
            Ok(policy) if policy.policy_type != PolicyType::AiOptOut => Ok(()),
            Ok(policy) => self.take_policy(policy).await,
            Err(failure) if failure.is(GONE) => {
                self.now.policies.iter_mut().for_each(|all| all.retain(|policy| policy.id != *id));
                let attachments = self.now.attachments.get_or_insert_default();
                attachments.values_mut().for_each(|list| list.retain(|attachment| attachment.policy != *id));
                attachments.retain(|_, list| !list.is_empty());
                Ok(())
            }
            Err(failure) => {
                self.note(Name::PolicyContent, id.as_str(), &failure)?;
                let policies = self.now.policies.iter_mut().flatten();
                policies.filter(|policy| policy.id == *id).for_each(|policy| policy.content = None);
                Ok(())
            }
        }
    }

    async fn take_policy(&mut self, policy: Policy) -> Result<(), AgainError> {
        let is_new = self.now.policy(&policy.id).is_none();
        let (id, policies) = (policy.id.clone(), self.now.policies.get_or_insert_default());
        policies.retain(|known| known.id != id);
        policies.push(policy);
        policies.sort_by(|left, right| left.id.cmp(&right.id));
        if !is_new {
            return Ok(());
        }
        let targets = match targets_of(self.requests, &id, Purpose::Main).await {
            Ok(targets) => targets,
            Err(failure) if failure.is(GONE) => Vec::new(),
            Err(failure) => return self.note(Name::Attachments, id.as_str(), &failure),
        };
        let known = structure::targets(&self.now);
        if let Some(stranger) = targets.iter().find(|target| !known.contains(target)) {
            return Err(AgainError::Unfit(format!("`{id}` is attached to `{stranger}`, which is not known")));
        }
        let attachments = self.now.attachments.get_or_insert_default();
        policies::attach(attachments, &id, targets);
        Ok(())
    }
}
