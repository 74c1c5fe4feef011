//! Who would publish findings to Security Hub, and where: from what was said, else from the snapshot, never guessed.

use crate::org::{AccountId, Partition, Snapshot};

/// What was said about it; everything may be left out.
#[derive(Debug, Clone, Default)]
pub struct Publication {
    /// The account that will call BatchImportFindings.
    pub account: Option<AccountId>,
    /// The Region it will be called in.
    pub region: Option<String>,
    /// The product's ARN, where the account's default product is not meant.
    pub product_arn: Option<String>,
}

/// Nobody said which account publishes, or where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnknownPublisherError {
    /// Neither said nor in the snapshot.
    #[error("it is not known which account would publish the findings to Security Hub")]
    Account,
    /// The partition is not one whose Region is known.
    #[error("it is not known in which Region the findings would be published to Security Hub")]
    Region,
}

impl UnknownPublisherError {
    /// What to do about it.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::Account => "name it with `--publish-account ID`",
            Self::Region => "name it with `--publish-region REGION`",
        }
    }
}

/// Everything that Security Hub asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// The account that calls BatchImportFindings.
    pub account: AccountId,
    /// The product.
    pub product_arn: String,
}

impl Publisher {
    /// An account that publishes as its own default product.
    ///
    /// The ARN has the form of <https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-custom-providers.html>.
    #[must_use]
    pub fn of_default_product(partition: &Partition, region: &str, account: AccountId) -> Self {
        let partition = partition.as_str();
        let product_arn = format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default");
        Self { account, product_arn }
    }
}

impl Publication {
    /// What was said, completed by the snapshot: whoever read the organization publishes, else its management account.
    pub(super) fn publisher(&self, snapshot: &Snapshot) -> Result<Publisher, UnknownPublisherError> {
        let reader = || snapshot.caller.as_ref().map(|caller| caller.account);
        let management = || snapshot.organization().map(|organization| organization.management_account);
        let account = self.account.or_else(reader).or_else(management).ok_or(UnknownPublisherError::Account)?;
        if let Some(product_arn) = self.product_arn.clone() {
            return Ok(Publisher { account, product_arn });
        }
        let home = || home_region(&snapshot.partition);
        let region = self.region.as_deref().or_else(home).ok_or(UnknownPublisherError::Region)?;
        Ok(Publisher::of_default_product(&snapshot.partition, region, account))
    }
}

/// The Region of AWS Organizations' own endpoint: <https://docs.aws.amazon.com/general/latest/gr/ao.html> (read
/// 2026-11-23).
const fn home_region(partition: &Partition) -> Option<&'static str> {
    match partition {
        Partition::Aws => Some("us-east-1"),
        Partition::GovCloud => Some("us-gov-west-1"),
        Partition::China => Some("cn-northwest-1"),
        Partition::Other(_) => None,
    }
}
