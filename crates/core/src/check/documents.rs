//! The documents of a snapshot's policies, read once, and the levels that attachments of them make.

use std::collections::HashMap;

use super::Uncomputed;
use crate::org::{AttachTime, Attachment, Attachments, PolicyId, PolicyType, Snapshot, TargetId};
use crate::policy::{Attached, Dialect, Document, Level, Order, could_depend_on_order};
use crate::source::Problem;

/// The documents of the snapshot's AI services opt-out policies, read once.
#[derive(Debug, Default)]
pub struct Documents {
    read: HashMap<PolicyId, Document>,
    /// The policies whose text is no document, with every problem.
    pub malformed: Vec<(PolicyId, Vec<Problem>)>,
}

impl Documents {
    /// Reads every document of the snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut documents = Self::default();
        let policies = snapshot.policies.iter().flatten().filter(|policy| policy.policy_type == PolicyType::AiOptOut);
        for policy in policies {
            let Some(text) = &policy.content else { continue };
            match Document::parse(Dialect::Plain, text) {
                Ok(document) => drop(documents.read.insert(policy.id.clone(), document)),
                Err(problems) => documents.malformed.push((policy.id.clone(), problems)),
            }
        }
        documents
    }

    /// The document of a policy, where it could be read.
    #[must_use]
    pub fn get(&self, policy: &PolicyId) -> Option<&Document> {
        self.read.get(policy)
    }

    /// Whether the order of attachment of these policies at one target could matter; yes where one is not known.
    #[must_use]
    pub fn order_could_matter(&self, policies: &[PolicyId]) -> bool {
        let documents: Option<Vec<&Document>> = policies.iter().map(|id| self.get(id)).collect();
        documents.is_none_or(|documents| could_depend_on_order(&documents))
    }

    /// Whether two of the policies attached at a target certainly assign different values to one setting.
    pub(super) fn conflict(&self, attached: &[Attachment]) -> bool {
        let documents: Vec<&Document> = attached.iter().filter_map(|it| self.get(&it.policy)).collect();
        documents.len() > 1 && could_depend_on_order(&documents)
    }

    /// The keys under `services` of every document.
    pub(super) fn service_keys(&self) -> impl Iterator<Item = &str> {
        let services = self.read.values().filter_map(|document| document.root.children.get("services"));
        services.flat_map(|services| services.children.keys().map(AsRef::as_ref))
    }

    /// What is attached at one target, as a level of the merge.
    ///
    /// # Errors
    /// The first policy whose document is not known.
    pub fn level(&self, target: &TargetId, attachments: &[Attachment]) -> Result<Level<'_>, Uncomputed> {
        let mut attachments: Vec<&Attachment> = attachments.iter().collect();
        let order = order(&mut attachments);
        let attached = attachments.into_iter().map(|attachment| {
            let document =
                self.get(&attachment.policy).ok_or_else(|| Uncomputed::Document(attachment.policy.clone()))?;
            Ok(Attached { policy: attachment.policy.as_str().into(), document })
        });
        Ok(Level { target: target.to_string().into(), documents: attached.collect::<Result<_, _>>()?, order })
    }

    /// The levels of a path from the root, for explanations: an account's own targets, not those of another one of its
    /// chain.
    ///
    /// # Errors
    /// Why they are not known.
    pub fn levels(&self, snapshot: &Snapshot, path: &[TargetId]) -> Result<Vec<Level<'_>>, Uncomputed> {
        let attachments = Attachments::of(snapshot).ok_or(Uncomputed::Attachments)?;
        let attached = |target| attachments.at(target).ok_or(Uncomputed::Attachments);
        path.iter().map(|target| self.level(target, attached(target)?)).collect()
    }
}

/// Unknown times first, then what is older than the events, then by time.
fn rank(attachment: &Attachment) -> (u8, i64) {
    match attachment.attached {
        None => (0, 0),
        Some(AttachTime::Before(time)) => (1, time.as_second()),
        Some(AttachTime::At(time)) => (2, time.as_second()),
    }
}

/// Recorded AttachPolicy events give the order, unless two fall into the same second.
fn order(attachments: &mut [&Attachment]) -> Order {
    attachments.sort_by_key(|it| rank(it));
    let settled = attachments.windows(2).all(|pair| match pair {
        [left, right] => matches!((left.attached, right.attached), (Some(left), Some(right)) if left.is_before(right)),
        _ => true,
    });
    if settled { Order::Known } else { Order::Unknown }
}
