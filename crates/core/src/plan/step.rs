//! The steps of a plan: one variant, one API call. Their serialised form is part of `optout.plan/1`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::org::{PolicyId, RootId, TargetId};

/// One API call. Each is safe to repeat: what is so already is a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "call", rename_all = "PascalCase", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Creates the organization, all features on.
    CreateOrganization {},
    /// Enables the AI services opt-out policy type, and waits until `ListRoots` says `ENABLED`.
    EnablePolicyType {
        /// The root.
        #[cfg_attr(test, schemars(with = "String"))]
        root: Place,
    },
    /// Creates a policy, tags included.
    CreatePolicy {
        /// Its name, by which later steps speak of it.
        name: String,
        /// Its description.
        description: String,
        /// The document, minified.
        content: String,
        /// Its tags.
        tags: BTreeMap<String, String>,
    },
    /// Changes a policy; what is absent stays as it is.
    UpdatePolicy {
        /// The policy.
        policy: PolicyRef,
        /// The new name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The new description.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// The new document, minified.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<String>,
    },
    /// Adds tags to a policy, or changes them; other tags stay.
    TagResource {
        /// The policy.
        policy: PolicyRef,
        /// The tags.
        tags: BTreeMap<String, String>,
    },
    /// Takes tags off a policy.
    UntagResource {
        /// The policy.
        policy: PolicyRef,
        /// The keys of the tags.
        keys: Vec<String>,
    },
    /// Attaches a policy.
    AttachPolicy {
        /// The policy.
        policy: PolicyRef,
        /// Where.
        #[cfg_attr(test, schemars(with = "String"))]
        target: Place,
    },
    /// Detaches a policy.
    DetachPolicy {
        /// The policy.
        policy: PolicyRef,
        /// Where.
        #[cfg_attr(test, schemars(with = "String"))]
        target: Place,
    },
    /// Deletes a policy that is attached nowhere.
    DeletePolicy {
        /// The policy.
        policy: PolicyRef,
    },
    /// Disables the AI services opt-out policy type; only undoing does, where nothing is attached any more.
    DisablePolicyType {
        /// The root.
        #[cfg_attr(test, schemars(with = "String"))]
        root: Place,
    },
}

impl Step {
    /// The API operation.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        match self {
            Self::CreateOrganization {} => "CreateOrganization",
            Self::EnablePolicyType { .. } => "EnablePolicyType",
            Self::CreatePolicy { .. } => "CreatePolicy",
            Self::UpdatePolicy { .. } => "UpdatePolicy",
            Self::TagResource { .. } => "TagResource",
            Self::UntagResource { .. } => "UntagResource",
            Self::AttachPolicy { .. } => "AttachPolicy",
            Self::DetachPolicy { .. } => "DetachPolicy",
            Self::DeletePolicy { .. } => "DeletePolicy",
            Self::DisablePolicyType { .. } => "DisablePolicyType",
        }
    }
}

/// A step with the reason for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlannedStep {
    /// The step.
    pub step: Step,
    /// Why it is needed, for people.
    pub why: String,
}

/// A policy that is there, or that an earlier step creates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PolicyRef {
    /// By its id.
    Id(#[cfg_attr(test, schemars(with = "String"))] PolicyId),
    /// By the name an earlier step gives it.
    Name(String),
}

impl fmt::Display for PolicyRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Name(name) => f.pad(name),
        }
    }
}

/// A target that is there, or the root of the organization that an earlier step creates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The root still to come, whose id AWS chooses.
    NewRoot,
    /// By its id.
    Id(TargetId),
}

const NEW_ROOT: &str = "new-root";
/// Stands for the root still to come in models; its form is that of an id, but AWS's own are never this.
pub(super) const MODEL_ROOT: &str = "r-00000000000000000000000000000000";

impl Place {
    /// The place of a target of a model.
    pub(super) fn of(target: &TargetId) -> Self {
        match target {
            TargetId::Root(id) if id.as_str() == MODEL_ROOT => Self::NewRoot,
            other => Self::Id(other.clone()),
        }
    }

    /// The place of a root of a model.
    pub(super) fn of_root(root: &RootId) -> Self {
        Self::of(&TargetId::Root(root.clone()))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NewRoot => f.pad(NEW_ROOT),
            Self::Id(id) => id.fmt(f),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        match text.as_ref() {
            NEW_ROOT => Ok(Self::NewRoot),
            id => TargetId::from_str(id).map(Self::Id).map_err(serde::de::Error::custom),
        }
    }
}
