//! One step: its call, and what AWS's answer makes of it.

use std::collections::BTreeMap;

use aws_sdk_organizations::types::{OrganizationFeatureSet, PolicyType, Tag};
use optout_core::org::{PolicyId, PolicyTypeState, RootId, TargetId};
use optout_core::plan::{Place, PolicyRef, Step};

use super::{ApplyError, Work};
use crate::pace::Operation;
use crate::read::structure::list_root;
use crate::request::{Failure, FailureKind};
use optout_core::plan::journal::Outcome;

const TYPE: PolicyType = PolicyType::AiservicesOptOutPolicy;
/// How long AWS may take to enable a policy type, of AWS's clock. It documents no time; it was only seen to be done at once.
const ENABLING: std::time::Duration = std::time::Duration::from_mins(5);

/// Why a step did not succeed.
pub(super) enum Trouble {
    /// AWS's answer.
    Failure(Failure),
    /// Something is not as it was planned for.
    Conflict(String),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

pub(super) type Tried = Result<Outcome, Trouble>;

pub(super) const CHANGED: Outcome = Outcome::Changed { created: None };

impl Work<'_> {
    pub(super) async fn run(&mut self, number: usize, step: &Step) -> Result<Outcome, ApplyError> {
        let tried = self.dispatch(step).await;
        tried.map_err(|trouble| match trouble {
            Trouble::Failure(failure) => ApplyError::Step { number, failure },
            Trouble::Conflict(what) => ApplyError::Conflict { number, operation: step.operation(), what },
        })
    }

    async fn dispatch(&mut self, step: &Step) -> Tried {
        match step {
            Step::CreateOrganization {} => self.create_organization().await,
            Step::EnablePolicyType { root } => self.enable(root).await,
            Step::CreatePolicy { name, description, content, tags } => {
                self.create_policy(name, description, content, tags).await
            }
            Step::UpdatePolicy { policy, name, description, content } => {
                let policy = self.policy(policy)?;
                self.update(&policy, name.as_deref(), description.as_deref(), content.as_deref()).await
            }
            Step::TagResource { policy, tags } => self.tag(&self.policy(policy)?, tags).await,
            Step::UntagResource { policy, keys } => self.untag(&self.policy(policy)?, keys).await,
            Step::AttachPolicy { policy, target } => {
                let (policy, target) = (self.policy(policy)?, self.target(target)?);
                self.attach(&policy, &target).await
            }
            Step::DetachPolicy { policy, target } => {
                let (policy, target) = (self.policy(policy)?, self.target(target)?);
                self.detach(&policy, &target).await
            }
            Step::DeletePolicy { policy } => self.delete(&self.policy(policy)?).await,
            Step::DisablePolicyType { root } => self.disable(root).await,
        }
    }

    fn policy(&self, policy: &PolicyRef) -> Result<PolicyId, Trouble> {
        match policy {
            PolicyRef::Id(id) => Ok(id.clone()),
            PolicyRef::Name(name) => {
                let found = self.names.get(name).cloned();
                found.ok_or_else(|| Trouble::Conflict(format!("no step before this one made a policy `{name}`")))
            }
        }
    }

    fn root(&self, place: &Place) -> Result<RootId, Trouble> {
        match place {
            Place::Id(TargetId::Root(id)) => Ok(id.clone()),
            Place::Id(other) => Err(Trouble::Conflict(format!("`{other}` is not a root"))),
            Place::NewRoot => {
                let unknown = || Trouble::Conflict("the new organization's root is not known".to_owned());
                self.root.clone().ok_or_else(unknown)
            }
        }
    }

    fn target(&self, place: &Place) -> Result<TargetId, Trouble> {
        match place {
            Place::Id(id) => Ok(id.clone()),
            Place::NewRoot => self.root(place).map(TargetId::Root),
        }
    }

    async fn create_organization(&mut self) -> Tried {
        let call = self.requests.organizations().create_organization().feature_set(OrganizationFeatureSet::All);
        let answer = self.requests.write(Operation::CreateOrganization, || call.clone().send()).await;
        let outcome = match answer {
            Ok(_) => CHANGED,
            Err(failure) if failure.is("AlreadyInOrganizationException") => self.own_organization(failure).await?,
            Err(failure) => return Err(failure.into()),
        };
        self.root = Some(list_root(&self.requests).await?.id);
        Ok(outcome)
    }

    async fn enable(&self, root: &Place) -> Tried {
        let root = self.root(root)?;
        let call = self.requests.organizations().enable_policy_type().root_id(root.as_str()).policy_type(TYPE);
        let answer = self.requests.write(Operation::EnablePolicyType, || call.clone().send()).await;
        let outcome = match answer {
            Ok(_) => CHANGED,
            Err(failure) if failure.is("PolicyTypeAlreadyEnabledException") => Outcome::AlreadySo,
            Err(failure) => return Err(failure.into()),
        };
        self.until_enabled().await?;
        Ok(outcome)
    }

    /// The call is asynchronous: the type is on once ListRoots says so.
    async fn until_enabled(&self) -> Result<(), Failure> {
        let scale = self.requests.session().time_scale();
        let end = tokio::time::Instant::now() + ENABLING.div_f64(scale);
        let mut pause = std::time::Duration::from_millis(500).div_f64(scale);
        loop {
            let types = list_root(&self.requests).await?.policy_types;
            let state = types.into_iter().find(|it| it.policy_type == optout_core::org::PolicyType::AiOptOut);
            if state.as_ref().map(|it| &it.state) == Some(&PolicyTypeState::Enabled) {
                return Ok(());
            }
            if tokio::time::Instant::now() + pause > end {
                let said = state.map_or("nothing", |it| {
                    if it.state == PolicyTypeState::PendingEnable { "PENDING_ENABLE" } else { "another status" }
                });
                let why = format!("ListRoots still has {said} for the policy type");
                return Err(Failure::new(Operation::EnablePolicyType, FailureKind::Failed, why));
            }
            self.pause(Operation::ListRoots, pause).await?;
            pause = (pause * 2).min(std::time::Duration::from_secs(8).div_f64(scale));
        }
    }

    async fn pause(&self, operation: Operation, pause: std::time::Duration) -> Result<(), Failure> {
        tokio::select! {
            () = self.cancel.cancelled() => Err(Failure::new(operation, FailureKind::Stopped, "it was stopped")),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }

    async fn create_policy(
        &mut self,
        name: &str,
        description: &str,
        content: &str,
        tags: &BTreeMap<String, String>,
    ) -> Tried {
        let call = self.requests.organizations().create_policy().r#type(TYPE).name(name).description(description);
        let call = call.content(content).set_tags(Some(listed(tags)?));
        let answer = self.requests.write(Operation::CreatePolicy, || call.clone().send()).await;
        match answer {
            Ok(answer) => {
                let id = answer.policy().and_then(|it| it.policy_summary()).and_then(|it| it.id());
                let id: Option<PolicyId> = id.and_then(|id| id.parse().ok());
                let unclear = || Failure::new(Operation::CreatePolicy, FailureKind::Malformed, "the answer has no id");
                let id = id.ok_or_else(unclear)?;
                self.names.insert(name.to_owned(), id.clone());
                Ok(Outcome::Changed { created: Some(id) })
            }
            Err(failure) if failure.is("DuplicatePolicyException") => {
                let id = self.same_policy(name, description, content, tags).await?;
                self.names.insert(name.to_owned(), id);
                Ok(Outcome::AlreadySo)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn update(
        &mut self,
        policy: &PolicyId,
        name: Option<&str>,
        description: Option<&str>,
        content: Option<&str>,
    ) -> Tried {
        let call = self.requests.organizations().update_policy().policy_id(policy.as_str());
        let call = call.set_name(name.map(str::to_owned)).set_description(description.map(str::to_owned));
        let call = call.set_content(content.map(str::to_owned));
        match self.requests.write(Operation::UpdatePolicy, || call.clone().send()).await {
            Ok(_) => {
                name.map(|name| self.names.insert(name.to_owned(), policy.clone()));
                Ok(CHANGED)
            }
            Err(failure) if failure.is("PolicyNotFoundException") => Err(gone(policy)),
            Err(failure) if failure.is("DuplicatePolicyException") => {
                Err(Trouble::Conflict(format!("another policy has taken the name `{}`", name.unwrap_or_default())))
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn tag(&self, policy: &PolicyId, tags: &BTreeMap<String, String>) -> Tried {
        let call = self.requests.organizations().tag_resource().resource_id(policy.as_str());
        let call = call.set_tags(Some(listed(tags)?));
        match self.requests.write(Operation::TagResource, || call.clone().send()).await {
            Ok(_) => Ok(CHANGED),
            Err(failure) if failure.is("TargetNotFoundException") => Err(gone(policy)),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn untag(&self, policy: &PolicyId, keys: &[String]) -> Tried {
        let call = self.requests.organizations().untag_resource().resource_id(policy.as_str());
        let call = call.set_tag_keys(Some(keys.to_vec()));
        match self.requests.write(Operation::UntagResource, || call.clone().send()).await {
            Ok(_) => Ok(CHANGED),
            Err(failure) if failure.is("TargetNotFoundException") => Err(gone(policy)),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn attach(&self, policy: &PolicyId, target: &TargetId) -> Tried {
        let call = self.requests.organizations().attach_policy().policy_id(policy.as_str());
        let call = call.target_id(target.to_string());
        match self.requests.write(Operation::AttachPolicy, || call.clone().send()).await {
            Ok(_) => Ok(CHANGED),
            Err(failure) if failure.is("DuplicatePolicyAttachmentException") => {
                self.attached(policy, target, failure).await
            }
            Err(failure) if failure.is("PolicyNotFoundException") => Err(gone(policy)),
            Err(failure) if failure.is("TargetNotFoundException") => {
                Err(Trouble::Conflict(format!("`{target}` is not there any more")))
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn detach(&self, policy: &PolicyId, target: &TargetId) -> Tried {
        let call = self.requests.organizations().detach_policy().policy_id(policy.as_str());
        let call = call.target_id(target.to_string());
        match self.requests.write(Operation::DetachPolicy, || call.clone().send()).await {
            Ok(_) => Ok(CHANGED),
            Err(failure) if failure.is("PolicyNotAttachedException") => self.detached(policy, target, failure).await,
            // What is gone is attached nowhere.
            Err(failure) if failure.is("PolicyNotFoundException") || failure.is("TargetNotFoundException") => {
                Ok(Outcome::AlreadySo)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn delete(&self, policy: &PolicyId) -> Tried {
        let call = self.requests.organizations().delete_policy().policy_id(policy.as_str());
        match self.requests.write(Operation::DeletePolicy, || call.clone().send()).await {
            Ok(_) => Ok(CHANGED),
            Err(failure) if failure.is("PolicyNotFoundException") => Ok(Outcome::AlreadySo),
            Err(failure) if failure.is("PolicyInUseException") => {
                Err(Trouble::Conflict(format!("somebody has attached policy `{policy}` again")))
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn disable(&self, root: &Place) -> Tried {
        let root = self.root(root)?;
        let call = self.requests.organizations().disable_policy_type().root_id(root.as_str()).policy_type(TYPE);
        match self.requests.write(Operation::DisablePolicyType, || call.clone().send()).await {
            Ok(_) => Ok(CHANGED),
            Err(failure) if failure.is("PolicyTypeNotEnabledException") => Ok(Outcome::AlreadySo),
            Err(failure) => Err(failure.into()),
        }
    }
}

fn gone(policy: &PolicyId) -> Trouble {
    Trouble::Conflict(format!("policy `{policy}` is not there any more"))
}

fn listed(tags: &BTreeMap<String, String>) -> Result<Vec<Tag>, Trouble> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect::<Result<_, _>>().map_err(|error| Trouble::Conflict(error.to_string()))
}
