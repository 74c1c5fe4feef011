//! The shapes of answers: accounts, units, policies, roots as AWS Organizations prints them (botocore 1.44.5).

use jiff::Timestamp;
use optout_core::org::{AccountId, AccountState, PolicyId, TargetId, UnitId};
use serde_json::{Map, Value, json};

use crate::options::Fields;
use crate::state::{Account, Organization, Policy, State};

/// Seconds since 1970 with milliseconds, as the JSON protocol writes dates.
pub(crate) fn date(at: Timestamp) -> Value {
    let milliseconds = at.as_millisecond();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of any date jiff knows fit into 53 bits")]
    let seconds = milliseconds as f64 / 1000.0;
    json!(seconds)
}

/// An `Account`.
pub(crate) fn account(state: &State, id: AccountId, record: &Account, fields: Fields) -> Value {
    let target = TargetId::Account(id);
    let mut shown = account_summary(state, id, record, fields);
    if fields.paths {
        shown.insert("Paths".to_owned(), json!([state.path_text(&target)]));
    }
    Value::Object(shown)
}

/// An account as a `DelegatedAdministrator` has it, without `Paths`.
pub(crate) fn account_summary(state: &State, id: AccountId, record: &Account, fields: Fields) -> Map<String, Value> {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| drop(shown.insert(name.to_owned(), value));
    put("Id", json!(id));
    put("Arn", json!(state.target_arn(&TargetId::Account(id))));
    put("Email", json!(record.email));
    put("Name", json!(record.name));
    put("JoinedMethod", json!(if record.invited { "INVITED" } else { "CREATED" }));
    put("JoinedTimestamp", date(record.joined));
    if fields.state {
        put("State", json!(record.state.as_str()));
    }
    if fields.status {
        put("Status", json!(status(&record.state)));
    }
    shown
}

/// The retired `Status` of a state. A closed account is `SUSPENDED` (AWS's own example has the two together); what a
/// pending activation was is not documented.
fn status(state: &AccountState) -> &str {
    match state {
        AccountState::Closed | AccountState::Suspended => "SUSPENDED",
        AccountState::PendingClosure => "PENDING_CLOSURE",
        AccountState::Active | AccountState::PendingActivation => "ACTIVE",
        AccountState::Other(text) => text,
    }
}

/// An `OrganizationalUnit`.
pub(crate) fn unit(state: &State, id: &UnitId, fields: Fields) -> Value {
    let target = TargetId::Unit(id.clone());
    let mut shown = json!({ "Id": id, "Arn": state.target_arn(&target), "Name": state.name_of(&target) });
    if let (true, Some(object)) = (fields.paths, shown.as_object_mut()) {
        object.insert("Path".to_owned(), json!(state.path_text(&target)));
    }
    shown
}

/// A `PolicySummary`.
pub(crate) fn policy_summary(state: &State, id: &PolicyId, policy: &Policy) -> Value {
    json!({
        "Id": id,
        "Arn": state.policy_arn(id, &policy.policy_type, policy.aws_managed),
        "Name": policy.name,
        "Description": policy.description,
        "Type": policy.policy_type,
        "AwsManaged": policy.aws_managed,
    })
}

/// A `Root`: only the types that are on or changing, in alphabetical order of their names (recorded).
pub(crate) fn root(state: &State) -> Value {
    let types = state.root.types.iter();
    let mut types: Vec<(&str, &str)> = types.map(|(name, status)| (name.as_str(), status.as_str())).collect();
    types.sort_unstable();
    let types: Vec<Value> = types.iter().map(|(name, status)| json!({ "Type": name, "Status": status })).collect();
    json!({
        "Id": state.root.id,
        "Arn": state.target_arn(&state.root_target()),
        "Name": state.root.name,
        "PolicyTypes": types,
    })
}

/// An `Organization`. `AvailablePolicyTypes` holds nothing but service control policies, as AWS documents the
/// deprecated field and as it was seen.
pub(crate) fn organization(state: &State, organization: &Organization) -> Value {
    let management = TargetId::Account(organization.management);
    let email = state.accounts.get(&organization.management).map(|account| account.email.as_str());
    json!({
        "Id": organization.id,
        "Arn": state.arn(&format!("organization/{}", organization.id)),
        "FeatureSet": if organization.all_features { "ALL" } else { "CONSOLIDATED_BILLING" },
        "MasterAccountArn": state.target_arn(&management),
        "MasterAccountId": organization.management,
        "MasterAccountEmail": email,
        "AvailablePolicyTypes": [{ "Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED" }],
    })
}
