//! The subjects of findings as other systems know them: name, place, ARN. Every text is safe to show.

use std::collections::{BTreeMap, HashMap};

use super::Report;
use crate::check::{Assessment, Subject};
use crate::org::{AccountId, Policy, PolicyId, PolicyType, TargetId, Tree};
use crate::source::shown;

/// What is known of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct About {
    /// Its id, or the word that stands for it.
    pub(super) id: String,
    /// The kind of subject: a word of [`Subject::kind`].
    pub(super) kind: &'static str,
    /// Its name, where it has one that was read.
    pub(super) name: Option<String>,
    /// The names from the root down to where it is.
    pub(super) path: Option<String>,
    /// Its ARN, where the organization is known.
    pub(super) arn: Option<String>,
    /// The account, where it is one.
    pub(super) account: Option<AccountId>,
}

impl About {
    /// Id and name in a line of text.
    pub(super) fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("{} ({name})", self.id),
            None => self.id.clone(),
        }
    }
}

/// The subjects of one report.
#[derive(Debug)]
pub(super) struct Subjects<'r> {
    assessment: &'r Assessment<'r>,
    tree: Option<Tree<'r>>,
    policies: HashMap<&'r PolicyId, &'r Policy>,
    /// The names down to each place, made once.
    paths: BTreeMap<&'r TargetId, String>,
}

impl<'r> Subjects<'r> {
    pub(super) fn of(report: &'r Report<'_>) -> Self {
        let assessment: &'r Assessment<'r> = report.assessment;
        let snapshot = assessment.snapshot;
        let tree = Tree::new(snapshot).ok();
        let parents = assessment.accounts.iter().filter_map(|it| assessment.account(it)?.parent.as_ref());
        let mut paths = BTreeMap::new();
        for parent in parents {
            let names = || tree.as_ref().map(|tree| shown(&tree.names(parent)).into_owned()).unwrap_or_default();
            paths.entry(parent).or_insert_with(names);
        }
        let policies = snapshot.policies.iter().flatten().map(|policy| (&policy.id, policy)).collect();
        Self { assessment, tree, policies, paths }
    }

    /// What is known of `subject`.
    pub(super) fn about(&self, subject: &Subject) -> About {
        let (name, path) = self.name_and_path(subject);
        let account = match subject {
            Subject::Account(id) | Subject::Target(TargetId::Account(id)) => Some(*id),
            Subject::Organization(_)
            | Subject::Target(TargetId::Root(_) | TargetId::Unit(_))
            | Subject::Policy(_)
            | Subject::Principal(_)
            | Subject::Catalogue => None,
        };
        About {
            id: shown(&subject.to_string()).into_owned(),
            kind: subject.kind(),
            name: name.map(|name| shown(name).into_owned()).filter(|name| !name.trim().is_empty()),
            path,
            arn: self.arn(subject),
            account,
        }
    }

    /// The organization itself.
    pub(super) fn organization(&self) -> About {
        let organization = self.assessment.snapshot.organization();
        self.about(&Subject::Organization(organization.map(|organization| organization.id.clone())))
    }

    /// The names from the root down to where an account is; empty where that was not read.
    pub(super) fn place(&self, account: AccountId) -> &str {
        let parent = self.assessment.listed_account(account).and_then(|account| account.parent.as_ref());
        parent.and_then(|parent| self.paths.get(parent)).map(String::as_str).unwrap_or_default()
    }

    fn name_and_path(&self, subject: &Subject) -> (Option<&str>, Option<String>) {
        match subject {
            Subject::Account(id) | Subject::Target(TargetId::Account(id)) => {
                let account = self.assessment.listed_account(*id);
                let path = Some(self.place(*id).to_owned()).filter(|path| !path.is_empty());
                (account.map(|account| account.name.as_str()), path)
            }
            Subject::Target(target) => {
                let names = self.tree.as_ref().map(|tree| shown(&tree.names(target)).into_owned());
                (self.target_name(target), names)
            }
            Subject::Policy(id) => (self.policies.get(id).map(|policy| policy.name.as_str()), None),
            Subject::Organization(_) | Subject::Principal(_) | Subject::Catalogue => (None, None),
        }
    }

    fn target_name(&self, target: &TargetId) -> Option<&str> {
        match target {
            TargetId::Root(_) => self.assessment.snapshot.root.as_ref().map(|root| root.name.as_str()),
            TargetId::Unit(id) => self.tree.as_ref()?.unit(id).map(|unit| unit.name.as_str()),
            TargetId::Account(id) => self.assessment.listed_account(*id).map(|account| account.name.as_str()),
        }
    }

    /// Forms: botocore 1.44.5, organizations model (`AccountArn`, `OrganizationArn`, `RootArn`, `OrganizationalUnitArn`,
    /// `PolicyArn`), read 2026-11-24; other partitions have their own word at its place.
    fn arn(&self, subject: &Subject) -> Option<String> {
        let organization = self.assessment.snapshot.organization()?;
        let (partition, id) = (self.assessment.snapshot.partition.as_str(), &organization.id);
        let start = format!("arn:{partition}:organizations::{}", organization.management_account);
        match subject {
            Subject::Organization(_) => Some(format!("{start}:organization/{id}")),
            Subject::Target(TargetId::Root(root)) => Some(format!("{start}:root/{id}/{root}")),
            Subject::Target(TargetId::Unit(unit)) => Some(format!("{start}:ou/{id}/{unit}")),
            Subject::Account(account) | Subject::Target(TargetId::Account(account)) => {
                Some(format!("{start}:account/{id}/{account}"))
            }
            Subject::Policy(policy) => {
                self.is_opt_out(policy).then(|| format!("{start}:policy/{id}/aiservices_opt_out_policy/{policy}"))
            }
            Subject::Principal(_) | Subject::Catalogue => None,
        }
    }

    /// Of another type or of AWS itself: the ARN has another form.
    fn is_opt_out(&self, id: &PolicyId) -> bool {
        self.policies.get(id).is_some_and(|it| it.policy_type == PolicyType::AiOptOut && !it.aws_managed)
    }
}
