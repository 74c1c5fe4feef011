//! What else is set up in the organization: services with access to it, names of service control policies.
//!
//! Only advice needs it, so it is read only where that was asked for. Permissions and rates: botocore 1.44.5; both operations
//! may be called from the management account or a delegated administrator
//! (<https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAWSServiceAccessForOrganization.html>).

use optout_core::org::{Part as Name, PolicyType, Snapshot};

use super::part::Part;
use super::policies::list;
use crate::pace::Operation;
use crate::request::{Failure, FailureKind, Purpose, Requests};

/// What was read, and what could not be.
#[derive(Debug)]
pub(super) struct Landscape {
    services: Part<Vec<String>>,
    control_policies: Part<Vec<String>>,
}

impl Landscape {
    /// Takes it over into the snapshot.
    pub(super) fn note(self, snapshot: &mut Snapshot) {
        snapshot.trusted_services = self.services.note(&mut snapshot.unread);
        snapshot.control_policies = self.control_policies.note(&mut snapshot.unread);
    }
}

/// Reads both, side by side.
pub(super) async fn read(requests: &Requests<'_>) -> Landscape {
    let (services, control_policies) = tokio::join!(services(requests), control_policies(requests));
    Landscape {
        services: Part::of(Name::TrustedServices, services),
        control_policies: Part::of(Name::ControlPolicies, control_policies),
    }
}

async fn services(requests: &Requests<'_>) -> Result<Vec<String>, Failure> {
    let operation = Operation::ListAWSServiceAccessForOrganization;
    requests.expect(operation, 1);
    let call = requests.organizations().list_aws_service_access_for_organization();
    let send = |token| call.clone().set_next_token(token).send();
    type Page = aws_sdk_organizations::operation::list_aws_service_access_for_organization::ListAwsServiceAccessForOrganizationOutput;
    let take = |page: Page| (page.enabled_service_principals.unwrap_or_default(), page.next_token);
    let listed = requests.pages(operation, Purpose::Main, send, take).await.complete()?;
    let unclear = || Failure::new(operation, FailureKind::Malformed, "the answer has a service without a principal");
    let principals = listed.into_iter().map(|service| service.service_principal.ok_or_else(unclear));
    let mut services: Vec<String> = principals.collect::<Result<_, _>>()?;
    services.sort();
    Ok(services)
}

/// The names, where the whole list could be read.
async fn control_policies(requests: &Requests<'_>) -> Result<Vec<String>, Failure> {
    let listing = list(requests, &PolicyType::ServiceControl, Purpose::ServiceControl).await;
    let mut names: Vec<String> = listing.complete()?.into_iter().map(|policy| policy.name).collect();
    names.sort();
    Ok(names)
}
