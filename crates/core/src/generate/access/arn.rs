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

    fn arn(&self, kind: &str, rest: &str) -> String {
        format!("arn:{}:organizations::{}:{kind}/{}/{rest}", self.partition, self.account, self.organization)
    }

    /// Every policy of this type.
    pub(super) fn policies(&self) -> String {
        self.arn("policy", "aiservices_opt_out_policy/*")
    }

    /// The root.
    pub(super) fn root(&self) -> String {
        self.arn("root", "r-*")
    }

    /// Everything that a policy can be attached to.
    pub(super) fn targets(&self) -> Vec<String> {
        vec![self.root(), self.arn("ou", "ou-*"), self.arn("account", "*")]
    }
}
