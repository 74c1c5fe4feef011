//! The operations this project calls, with the rate AWS documents for each.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits>, read
//! 2026-11-23, the column per account, which is the stricter one; for LookupEvents
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html> (two a second per account and
//! Region), read 2026-11-24; for Security Hub <https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html>, read
//! 2026-11-24 as botocore 1.44.5 has it at the head of its securityhub model. Operations that are in none of these have no limit here and are called at a pace that adapts.

use std::fmt;

/// A documented token bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Tokens that come back each second.
    pub rate: f64,
    /// Tokens that can be there at most.
    pub burst: f64,
}

macro_rules! operations {
    ($($name:ident $service:literal $(($rate:literal, $burst:literal))?,)*) => {
        /// An operation of AWS.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $(#[doc = concat!("`", $service, ":", stringify!($name), "`.")] $name,)*
        }

        impl Operation {
            /// Every operation.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name, as in the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// The IAM action that allows it.
            #[must_use]
            pub const fn permission(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($service, ":", stringify!($name)),)*
                }
            }

            /// Its documented token bucket, where AWS documents one.
            #[must_use]
            pub const fn limit(self) -> Option<Limit> {
                match self {
                    $(Self::$name => operations!(@limit $($rate, $burst)?),)*
                }
            }
        }
    };
    (@limit $rate:literal, $burst:literal) => { Some(Limit { rate: $rate, burst: $burst }) };
    (@limit) => { None };
}

operations! {
    PutEvaluations "config",
    GetCallerIdentity "sts",
    DescribeOrganization "organizations" (1.0, 2.0),
    ListRoots "organizations" (1.0, 2.0),
    ListAccounts "organizations" (8.0, 12.0),
    DescribeAccount "organizations" (20.0, 30.0),
    ListAccountsForParent "organizations" (5.0, 8.0),
    ListOrganizationalUnitsForParent "organizations" (5.0, 8.0),
    DescribeOrganizationalUnit "organizations" (2.0, 2.0),
    ListParents "organizations" (5.0, 8.0),
    ListChildren "organizations" (6.0, 10.0),
    ListPolicies "organizations" (5.0, 8.0),
    ListPoliciesForTarget "organizations" (5.0, 8.0),
    ListTargetsForPolicy "organizations" (5.0, 8.0),
    DescribePolicy "organizations" (2.0, 2.0),
    ListTagsForResource "organizations" (10.0, 15.0),
    DescribeEffectivePolicy "organizations",
    ListAccountsWithInvalidEffectivePolicy "organizations",
    ListEffectivePolicyValidationErrors "organizations",
    ListDelegatedAdministrators "organizations" (5.0, 8.0),
    ListDelegatedServicesForAccount "organizations" (1.0, 3.0),
    ListAWSServiceAccessForOrganization "organizations" (1.0, 3.0),
    DescribeResourcePolicy "organizations",
    CreateOrganization "organizations" (1.0, 1.0),
    EnableAllFeatures "organizations" (1.0, 1.0),
    EnablePolicyType "organizations" (1.0, 1.0),
    DisablePolicyType "organizations" (1.0, 1.0),
    CreatePolicy "organizations" (2.0, 3.0),
    UpdatePolicy "organizations" (2.0, 3.0),
    DeletePolicy "organizations" (2.0, 3.0),
    AttachPolicy "organizations" (2.0, 3.0),
    DetachPolicy "organizations" (2.0, 3.0),
    TagResource "organizations" (4.0, 6.0),
    UntagResource "organizations" (4.0, 6.0),
    PutResourcePolicy "organizations",
    LookupEvents "cloudtrail" (2.0, 1.0),
    GetCostAndUsage "ce",
    ListMetrics "cloudwatch",
    GetMetricData "cloudwatch",
    DescribeTrails "cloudtrail",
    GetTrailStatus "cloudtrail",
    GetEventSelectors "cloudtrail",
    BatchImportFindings "securityhub" (10.0, 30.0),
    GetFindings "securityhub" (3.0, 6.0),
    PutEvents "events",
    Publish "sns",
    PutObject "s3",
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_permissions_and_limits_belong_together() {
        assert_eq!(Operation::ListAccounts.permission(), "organizations:ListAccounts");
        assert_eq!(Operation::GetCallerIdentity.permission(), "sts:GetCallerIdentity");
        assert_eq!(Operation::ListAccounts.limit(), Some(Limit { rate: 8.0, burst: 12.0 }));
        assert_eq!(Operation::DescribeEffectivePolicy.limit(), None);
        assert!(Operation::ALL.contains(&Operation::DescribeEffectivePolicy));
    }
}
