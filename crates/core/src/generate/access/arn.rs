//! ARNs of an organization's things, as narrow as what is known of it allows.

use super::super::Design;

/// The ARNs of one organization.
pub(super) struct Arns {
    partition: String,
    account: String,
    organization: String,
}

impl Arns {
    pub(super) fn of(design: &Design) -> Self {
        Self {
            partition: design.partition.as_str().to_owned(),
            account: design.management_account.map_or_else(|| "*".to_owned(), |id| id.to_string()),
            organization: design.organization.as_ref().map_or_else(|| "o-*".to_owned(), |id| id.as_str().to_owned()),
        }
    }

    /// The same with texts that somebody else replaces, as CloudFormation does.
    pub(super) fn written(partition: &str, account: &str, organization: &str) -> Self {
        Self { partition: partition.to_owned(), account: account.to_owned(), organization: organization.to_owned() }
    }

    fn arn(&self, kind: &str, rest: &str) -> String {
        format!("arn:{}:organizations::{}:{kind}/{}/{rest}", self.partition, self.account, self.organization)
    }

    /// Every policy of this type.
    pub(super) fn policies(&self) -> String {
        self.arn("policy", "aiservices_opt_out_policy/*")
    }

    /// Every policy of another type, named as in ARNs.
    pub(super) fn policies_of(&self, policy_type: &str) -> String {
        self.arn("policy", &format!("{}/*", policy_type.to_ascii_lowercase()))
    }

    /// The root.
    pub(super) fn root(&self) -> String {
        self.arn("root", "r-*")
    }

    /// Every account.
    pub(super) fn accounts(&self) -> String {
        self.arn("account", "*")
    }

    /// Every unit.
    pub(super) fn units(&self) -> String {
        self.arn("ou", "ou-*")
    }

    /// What has children: the root and every unit.
    pub(super) fn parents(&self) -> Vec<String> {
        vec![self.root(), self.units()]
    }

    /// Everything that a policy can be attached to.
    pub(super) fn targets(&self) -> Vec<String> {
        self.parents().into_iter().chain([self.accounts()]).collect()
    }
}
