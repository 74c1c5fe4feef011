//! The region: Organizations is one service a partition, so a region only says which partition is meant.

use optout_core::org::Partition;

use super::profile::{Profiles, set_variable};

/// Where Organizations lives in partition `aws`, and what is meant where nothing is said.
const HOME: &str = "us-east-1";

/// The region that is meant: given, else of the environment, else of the profile, else us-east-1. Instance metadata is
/// not asked, since on a machine that is no instance that only costs time.
pub(super) fn configured(given: Option<&str>, profiles: &Profiles) -> String {
    let of_environment = || set_variable("AWS_REGION").or_else(|| set_variable("AWS_DEFAULT_REGION"));
    let of_profile = || profiles.get("region").map(str::to_owned);
    given.map(str::to_owned).or_else(of_environment).or_else(of_profile).unwrap_or_else(|| HOME.to_owned())
}

/// The partition of a region, by the prefixes AWS uses.
///
/// Source: botocore 1.44.5, `partitions.json` (`regionRegex`), read 2026-11-23.
#[must_use]
pub fn partition_of(region: &str) -> Partition {
    let prefixes = [
        ("us-gov-", "aws-us-gov"),
        ("cn-", "aws-cn"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-iso-", "aws-iso"),
        ("eusc-", "aws-eusc"),
    ];
    let found = prefixes.iter().find(|(prefix, _)| region.starts_with(prefix));
    Partition::of(found.map_or("aws", |(_, partition)| partition))
}

/// The region to sign calls of Organizations for.
///
/// Source: botocore 1.44.5, `endpoints.json`, service `organizations`, read 2026-11-23.
pub(super) fn of_organizations(configured: &str) -> String {
    match partition_of(configured) {
        Partition::Aws => HOME.to_owned(),
        Partition::GovCloud => "us-gov-west-1".to_owned(),
        Partition::China => "cn-northwest-1".to_owned(),
        Partition::Other(_) => configured.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organizations_is_signed_for_the_home_region_of_the_partition() {
        let cases = [
            ("us-east-1", "us-east-1"),
            ("eu-central-1", "us-east-1"),
            ("us-gov-east-1", "us-gov-west-1"),
            ("cn-north-1", "cn-northwest-1"),
            ("eusc-de-east-1", "eusc-de-east-1"),
        ];
        for (region, home) in cases {
            assert_eq!(of_organizations(region), home, "{region}");
        }
    }

    #[test]
    fn partitions_follow_the_prefix_of_the_region() {
        assert_eq!(partition_of("us-gov-west-1"), Partition::GovCloud);
        assert_eq!(partition_of("us-iso-east-1"), Partition::Other("aws-iso".into()));
        assert_eq!(partition_of("us-isob-east-1"), Partition::Other("aws-iso-b".into()));
        assert_eq!(partition_of("me-central-1"), Partition::Aws);
    }
}
