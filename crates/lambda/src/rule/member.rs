//! A session in a member account: AWS Config takes evaluations only from the account that its rule is in.

use optout_aws::session::{Session, SessionOptions};
use optout_core::org::Partition;

use super::{Clients, Request, RuleError};
use crate::invocation::Invocation;

/// The name of the role session, as CloudTrail of the member shows it.
const SESSION_NAME: &str = "optout-config-rule";

/// A session by the role of the settings in the account of the request.
///
/// # Errors
/// Where no role is named, or it cannot be assumed.
pub(super) async fn session(
    clients: Clients<'_>,
    request: &Request,
    invocation: &Invocation,
) -> Result<Session, RuleError> {
    let account = request.account;
    let name = clients.settings.member_role.as_ref().ok_or(RuleError::NoMemberRole(account))?;
    let partition = partition(clients, request, invocation);
    let options = SessionOptions {
        role_arn: Some(format!("arn:{}:iam::{account}:role/{name}", partition.as_str())),
        role_session_name: Some(SESSION_NAME.to_owned()),
        region: Some(clients.session.region().to_owned()),
        ..clients.options.clone()
    };
    Box::pin(Session::open(&options)).await.map_err(|error| RuleError::MemberRole { account, error })
}

/// The partition of the function, else of the rule, else of the configured Region.
fn partition(clients: Clients<'_>, request: &Request, invocation: &Invocation) -> Partition {
    let of_rule = || request.rule_arn.as_deref()?.strip_prefix("arn:")?.split(':').next().filter(|it| !it.is_empty());
    let of_function = invocation.place.as_ref().map(|place| place.partition.clone());
    of_function.or_else(|| of_rule().map(Partition::of)).unwrap_or_else(|| clients.session.partition().clone())
}
