//! Who asks, and in which organization.

use aws_sdk_organizations::types;
use optout_core::org::{Membership, Organization, Partition};

use crate::pace::Operation;
use crate::request::{Failure, FailureKind, Purpose, Requests};
use crate::session::Identity;

/// AWS's answer to an account that is in no organization.
const NOT_IN_USE: &str = "AWSOrganizationsNotInUseException";

/// Whose credentials these are.
pub(crate) async fn identity(requests: &Requests<'_>) -> Result<Identity, Failure> {
    let operation = Operation::GetCallerIdentity;
    requests.expect(operation, 1);
    let send = || requests.session().sts().get_caller_identity().send();
    let answer = requests.call(operation, Purpose::Main, send).await?;
    let unclear = || Failure::new(operation, FailureKind::Malformed, "the answer has no ARN of a caller");
    answer.arn().and_then(Identity::of_arn).ok_or_else(unclear)
}

/// The organization the caller is in, and the partition its ARN names.
pub(crate) async fn membership(requests: &Requests<'_>) -> Result<(Membership, Option<Partition>), Failure> {
    let operation = Operation::DescribeOrganization;
    requests.expect(operation, 1);
    let send = || requests.organizations().describe_organization().send();
    match requests.call(operation, Purpose::Main, send).await {
        Ok(answer) => answer.organization().and_then(organization).ok_or_else(|| {
            Failure::new(operation, FailureKind::Malformed, "the answer has no organization with valid ids")
        }),
        Err(failure) if failure.is(NOT_IN_USE) => Ok((Membership::None, None)),
        Err(failure) => Err(failure),
    }
}

fn organization(answer: &types::Organization) -> Option<(Membership, Option<Partition>)> {
    let organization = Organization {
        id: answer.id()?.parse().ok()?,
        management_account: answer.master_account_id()?.parse().ok()?,
        all_features: answer.feature_set() == Some(&types::OrganizationFeatureSet::All),
    };
    let partition = answer.arn().and_then(|arn| arn.strip_prefix("arn:")?.split(':').next()).map(Partition::of);
    Some((Membership::Member(organization), partition))
}
