//! Rate limits: AWS's documented token buckets, one per operation and account, and one per operation for the whole
//! organization where AWS documents it.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits>,
//! early 2026 and September 2026 copies (identical), read 2026-11-23.

use std::collections::BTreeMap;
use std::time::Duration;

use optout_core::org::AccountId;

use crate::clock::Moment;
use crate::options::Throttling;

/// The rate of a token bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Tokens that come back in a second.
    pub per_second: f64,
    /// The most tokens the bucket holds; it starts full.
    pub burst: f64,
}

/// The documented limits of one operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// The operation.
    pub operation: &'static str,
    /// For each calling account.
    pub account: Rate,
    /// For all accounts of an organization together, where documented.
    pub organization: Option<Rate>,
}

const fn rate(per_second: f64, burst: f64) -> Rate {
    Rate { per_second, burst }
}

const fn alone(operation: &'static str, per_second: f64, burst: f64) -> Limit {
    Limit { operation, account: rate(per_second, burst), organization: None }
}

const fn both(operation: &'static str, account: Rate, organization: Rate) -> Limit {
    Limit { operation, account, organization: Some(organization) }
}

/// Every documented limit, in order of operation. EnableFullControl is the documentation's name for EnableAllFeatures.
///
/// Absent there, so without a documented rate: DescribeEffectivePolicy, ListAccountsWithInvalidEffectivePolicy,
/// ListEffectivePolicyValidationErrors, PutResourcePolicy, DescribeResourcePolicy, DeleteResourcePolicy.
pub const LIMITS: &[Limit] = &[
    both("AcceptHandshake", rate(1.0, 2.0), rate(5.0, 5.0)),
    alone("AttachPolicy", 2.0, 3.0),
    alone("CancelHandshake", 2.0, 3.0),
    alone("CloseAccount", 0.05, 1.0),
    alone("CreateAccount", 0.1, 3.0),
    alone("CreateGovCloudAccount", 0.1, 3.0),
    alone("CreateOrganization", 1.0, 1.0),
    alone("CreateOrganizationalUnit", 1.0, 2.0),
    alone("CreatePolicy", 2.0, 3.0),
    both("DeclineHandshake", rate(1.0, 1.0), rate(5.0, 5.0)),
    alone("DeleteOrganization", 1.0, 1.0),
    alone("DeleteOrganizationalUnit", 2.0, 3.0),
    alone("DeletePolicy", 2.0, 3.0),
    alone("DeregisterDelegatedAdministrator", 1.0, 2.0),
    both("DescribeAccount", rate(20.0, 30.0), rate(24.0, 36.0)),
    both("DescribeCreateAccountStatus", rate(2.0, 2.0), rate(2.0, 3.0)),
    both("DescribeHandshake", rate(1.0, 2.0), rate(6.0, 10.0)),
    alone("DescribeOrganization", 1.0, 2.0),
    both("DescribeOrganizationalUnit", rate(2.0, 2.0), rate(2.0, 3.0)),
    both("DescribePolicy", rate(2.0, 2.0), rate(2.0, 3.0)),
    alone("DetachPolicy", 2.0, 3.0),
    alone("DisableAWSServiceAccess", 1.0, 2.0),
    alone("DisablePolicyType", 1.0, 1.0),
    alone("EnableAWSServiceAccess", 1.0, 2.0),
    alone("EnableAllFeatures", 1.0, 1.0),
    alone("EnablePolicyType", 1.0, 1.0),
    alone("InviteAccountToOrganization", 3.0, 5.0),
    alone("LeaveOrganization", 1.0, 1.0),
    both("ListAWSServiceAccessForOrganization", rate(1.0, 3.0), rate(1.0, 4.0)),
    both("ListAccounts", rate(8.0, 12.0), rate(9.0, 15.0)),
    both("ListAccountsForParent", rate(5.0, 8.0), rate(6.0, 10.0)),
    both("ListChildren", rate(6.0, 10.0), rate(7.0, 12.0)),
    both("ListCreateAccountStatus", rate(5.0, 8.0), rate(6.0, 10.0)),
    both("ListDelegatedAdministrators", rate(5.0, 8.0), rate(6.0, 10.0)),
    both("ListDelegatedServicesForAccount", rate(1.0, 3.0), rate(1.0, 4.0)),
    both("ListHandshakesForAccount", rate(5.0, 8.0), rate(6.0, 10.0)),
    both("ListHandshakesForOrganization", rate(5.0, 8.0), rate(6.0, 10.0)),
    both("ListOrganizationalUnitsForParent", rate(5.0, 8.0), rate(6.0, 10.0)),
    both("ListParents", rate(5.0, 8.0), rate(6.0, 10.0)),
    both("ListPolicies", rate(5.0, 8.0), rate(6.0, 10.0)),
    both("ListPoliciesForTarget", rate(5.0, 8.0), rate(6.0, 10.0)),
    both("ListRoots", rate(1.0, 2.0), rate(1.0, 3.0)),
    both("ListTagsForResource", rate(10.0, 15.0), rate(12.0, 18.0)),
    both("ListTargetsForPolicy", rate(5.0, 8.0), rate(6.0, 10.0)),
    alone("MoveAccount", 2.0, 3.0),
    alone("RegisterDelegatedAdministrator", 1.0, 2.0),
    alone("RemoveAccountFromOrganization", 2.0, 2.0),
    alone("TagResource", 4.0, 6.0),
    alone("UntagResource", 4.0, 6.0),
    alone("UpdateOrganizationalUnit", 2.0, 3.0),
    alone("UpdatePolicy", 2.0, 3.0),
];

/// The documented limit of an operation.
#[must_use]
pub fn limit(operation: &str) -> Option<&'static Limit> {
    let at = LIMITS.binary_search_by(|limit| limit.operation.cmp(operation)).ok()?;
    LIMITS.get(at)
}

/// One token, but for what adding fractions of a token loses.
const ENOUGH: f64 = 1.0 - 1e-9;

/// A bucket as it was left.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Moment,
}

/// The buckets in use.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    filled: BTreeMap<(&'static str, Option<AccountId>), Bucket>,
}

impl Buckets {
    /// Takes a token for a call; `false`: the call is throttled. A refused call takes nothing.
    pub(crate) fn take(&mut self, rates: Throttling, operation: &'static str, of: AccountId, now: Moment) -> bool {
        let Throttling::Documented { undocumented } = rates else { return true };
        let (account, organization) = match limit(operation) {
            Some(limit) => (Some(limit.account), limit.organization),
            None => (undocumented, None),
        };
        let own = account.map(|rate| (Some(of), rate));
        let shared = organization.map(|rate| (None, rate));
        let needed: Vec<_> = own.into_iter().chain(shared).collect();
        let enough = needed.iter().all(|(who, rate)| self.level(operation, *who, *rate, now) >= ENOUGH);
        for (who, rate) in needed {
            let tokens = self.level(operation, who, rate, now) - if enough { 1.0 } else { 0.0 };
            self.filled.insert((operation, who), Bucket { tokens, at: now });
        }
        enough
    }

    fn level(&self, operation: &'static str, who: Option<AccountId>, rate: Rate, now: Moment) -> f64 {
        let Some(bucket) = self.filled.get(&(operation, who)) else { return rate.burst };
        let passed: Duration = now.saturating_sub(bucket.at);
        rate.burst.min(bucket.tokens + passed.as_secs_f64() * rate.per_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: Throttling = Throttling::Documented { undocumented: None };

    fn account(text: &str) -> AccountId {
        text.parse().unwrap()
    }

    #[test]
    fn the_table_is_in_order_and_names_each_operation_once() {
        assert!(LIMITS.is_sorted_by(|left, right| left.operation < right.operation));
        assert_eq!(limit("ListAccounts").map(|it| it.account.per_second), Some(8.0));
        assert_eq!(limit("DescribeEffectivePolicy"), None);
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let mut buckets = Buckets::default();
        let mut take = |at| buckets.take(ON, "ListAccounts", account("111111111111"), Duration::from_millis(at));
        assert_eq!((0..20).filter(|_| take(0)).count(), 12);
        assert!(!take(124));
        assert!(take(125));
        assert_eq!((0..20).filter(|_| take(1_125)).count(), 8);
    }

    #[test]
    fn accounts_share_the_organizations_bucket() {
        let mut buckets = Buckets::default();
        let mut take = |of: &str| buckets.take(ON, "ListAccounts", account(of), Duration::ZERO);
        assert_eq!((0..20).filter(|_| take("111111111111")).count(), 12);
        assert_eq!((0..20).filter(|_| take("222222222222")).count(), 3);
    }

    #[test]
    fn operations_without_a_documented_rate_have_the_one_that_is_set() {
        let mut buckets = Buckets::default();
        let of = account("111111111111");
        assert!((0..99).all(|_| buckets.take(ON, "DescribeEffectivePolicy", of, Duration::ZERO)));
        let set = Throttling::Documented { undocumented: Some(Rate { per_second: 1.0, burst: 2.0 }) };
        let mut buckets = Buckets::default();
        let passed = (0..9).filter(|_| buckets.take(set, "DescribeEffectivePolicy", of, Duration::ZERO)).count();
        assert_eq!(passed, 2);
    }
}
