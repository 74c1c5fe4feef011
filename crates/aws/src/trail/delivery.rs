//! Whether events of AWS Organizations reach EventBridge: only through a trail that is logging management events where
//! Organizations is, in the account that makes the call.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html> (a trail with logging
//! on is needed); botocore 1.44.5, cloudtrail model: `DescribeTrails` (`HomeRegion`, `IsMultiRegionTrail`; trails of other Regions
//! and of the organization are listed too), `EventSelector`;
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudtrail-trail-advancedfieldselector.html>
//! (`eventCategory`, `readOnly`, `eventSource` are the fields for management events of a trail); all read 2026-11-24.
//!
//! A trail of the organization is made in every account of it (botocore 1.44.5, `UpdateTrail`, `IsOrganizationTrail`), and members
//! see its replication (`DescribeTrails`, `includeShadowTrails`) and must name it by its ARN (`GetTrailStatus`). That such a trail
//! brings the events of a member to EventBridge there follows from that; a page that says it was not read.

use aws_sdk_cloudtrail::types::{AdvancedEventSelector, EventSelector, ReadWriteType, Trail};

use crate::cancel::Cancel;
use crate::pace::Operation;
use crate::progress::{OnProgress, Watch};
use crate::request::{Failure, Purpose, Requests};
use crate::session::Session;

/// Whether events of the session's account arrive, and whether those of other accounts that may change policies do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// By this trail.
    Arrives {
        /// Its ARN.
        trail: String,
        /// Whose events it brings.
        reach: Reach,
    },
    /// By none; what each trail lacks.
    Missing {
        /// ARN and what is wrong, of every trail there is.
        trails: Vec<(String, &'static str)>,
    },
    /// It could not be told.
    Unknown {
        /// What could not be asked; its permission is that of the operation.
        failure: Failure,
    },
}

/// Whose events a trail brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Those of every account of the organization.
    Organization,
    /// Those of the session's account. Other accounts may have trails of their own, which only they can show.
    Account {
        /// Why a trail of the organization that is there could not be looked at.
        doubt: Option<Failure>,
    },
}

/// Asks CloudTrail which trails there are and what they log.
pub async fn delivery(session: &Session, progress: OnProgress<'_>, cancel: &Cancel) -> Delivery {
    let requests = Requests::new(session, Watch::new(progress), cancel);
    let trails = match trails(&requests).await {
        Ok(trails) => trails,
        Err(failure) => return Delivery::Unknown { failure },
    };
    let (mut lacking, mut unknown) = (Vec::new(), None);
    for trail in &trails {
        let name = trail.trail_arn().or(trail.name()).unwrap_or_default().to_owned();
        match lack(&requests, trail, &name).await {
            Ok(None) => {
                let doubt = || Reach::Account { doubt: unknown };
                let reach = if is_of_organization(trail) { Reach::Organization } else { doubt() };
                return Delivery::Arrives { trail: name, reach };
            }
            Ok(Some(why)) => lacking.push((name, why)),
            Err(failure) => unknown = unknown.or(Some(failure)),
        }
    }
    match unknown {
        Some(failure) => Delivery::Unknown { failure },
        None => Delivery::Missing { trails: lacking },
    }
}

async fn trails(requests: &Requests<'_>) -> Result<Vec<Trail>, Failure> {
    let operation = Operation::DescribeTrails;
    requests.expect(operation, 1);
    let send = || requests.session().cloudtrail().describe_trails().include_shadow_trails(true).send();
    let answer = requests.call(operation, Purpose::Main, send).await?;
    let mut trails = answer.trail_list.unwrap_or_default();
    // Those of the organization first: where one works, no other needs to be asked.
    trails.sort_by_key(|trail| !is_of_organization(trail));
    Ok(trails)
}

fn is_of_organization(trail: &Trail) -> bool {
    trail.is_organization_trail() == Some(true)
}

/// What a trail lacks; `None` where events arrive by it.
async fn lack(requests: &Requests<'_>, trail: &Trail, name: &str) -> Result<Option<&'static str>, Failure> {
    let at_home = trail.home_region() == Some(requests.session().home());
    if !at_home && trail.is_multi_region_trail() != Some(true) {
        return Ok(Some("it is of another Region only"));
    }
    if !is_logging(requests, name).await? {
        return Ok(Some("it is not logging"));
    }
    let operation = Operation::GetEventSelectors;
    requests.expect(operation, 1);
    let send = || requests.session().cloudtrail().get_event_selectors().trail_name(name).send();
    let answer = requests.call(operation, Purpose::Main, send).await?;
    let logs = answer.event_selectors().iter().any(logs_writes)
        || answer.advanced_event_selectors().iter().any(logs_writes_advanced);
    Ok((!logs).then_some("it does not log management events that write"))
}

async fn is_logging(requests: &Requests<'_>, name: &str) -> Result<bool, Failure> {
    let operation = Operation::GetTrailStatus;
    requests.expect(operation, 1);
    let send = || requests.session().cloudtrail().get_trail_status().name(name).send();
    Ok(requests.call(operation, Purpose::Main, send).await?.is_logging() == Some(true))
}

/// Only events of KMS and the RDS Data API can be excluded here.
fn logs_writes(selector: &EventSelector) -> bool {
    let writes = selector.read_write_type() != Some(&ReadWriteType::ReadOnly);
    writes && selector.include_management_events() == Some(true)
}

fn logs_writes_advanced(selector: &AdvancedEventSelector) -> bool {
    let mut management = false;
    for field in selector.field_selectors() {
        match field.field() {
            "eventCategory" => management = field.equals() == ["Management"],
            "readOnly" if field.equals() != ["true"] => {}
            "eventSource" if field.equals().is_empty() && !field.not_equals().iter().any(|it| it == OURS) => {}
            _ => return false,
        }
    }
    management
}

const OURS: &str = "organizations.amazonaws.com";
