//! Who the credentials belong to: account, kind of principal, partition. Never a name, never a secret.

use optout_core::org::{AccountId, Partition};

/// Whose credentials they are, as STS says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub account: AccountId,
    /// The kind of principal: `root`, `user`, `assumed-role`, `federated-user`.
    pub principal: String,
    /// The partition.
    pub partition: Partition,
}

impl Identity {
    /// The identity of a caller's ARN; `None` for a text that is not one.
    ///
    /// Form: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>, read 2026-11-23.
    #[must_use]
    pub fn of_arn(arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let (prefix, partition, _service, _region) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (account, resource) = (parts.next()?, parts.next()?);
        let principal = resource.split('/').next().filter(|kind| !kind.is_empty())?;
        if prefix != "arn" {
            return None;
        }
        let account = account.parse().ok()?;
        Some(Self { account, principal: principal.to_owned(), partition: Partition::of(partition) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_gives_account_kind_and_partition_but_no_names() {
        let cases = [
            ("arn:aws:iam::111111111111:root", "root", Partition::Aws),
            ("arn:aws:iam::111111111111:user/path/Ann", "user", Partition::Aws),
            (
                "arn:aws-us-gov:sts::111111111111:assumed-role/Audit/ann@example.com",
                "assumed-role",
                Partition::GovCloud,
            ),
            ("arn:aws-cn:sts::111111111111:federated-user/Ann", "federated-user", Partition::China),
        ];
        for (arn, principal, partition) in cases {
            let account = "111111111111".parse().unwrap();
            assert_eq!(Identity::of_arn(arn), Some(Identity { account, principal: principal.into(), partition }));
        }
    }

    #[test]
    fn other_texts_are_no_identity() {
        for wrong in ["", "arn:aws:iam::1:root", "arn:aws:iam::111111111111:", "x:aws:iam::111111111111:root"] {
            assert_eq!(Identity::of_arn(wrong), None, "{wrong}");
        }
    }
}
