//! What an event can have changed, so that only that is read again: one table from events to parts.
//!
//! Sources: what each call changes botocore 1.44.5 says of it in its organizations model; the names of events are those of
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html>, read 2026-11-24.

use std::collections::BTreeSet;

use optout_core::org::{AccountId, PolicyId, PolicyType, Snapshot, TargetId, UnitId};
use optout_core::trail::{Change, Event};
use serde::{Deserialize, Serialize};

/// Parts of an organization that may have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Touched {
    /// The policy types of the root, every policy and every attachment: a type was switched on or off.
    pub types: bool,
    /// Root, units and accounts as a whole: an event does not say which account it is about.
    pub structure: bool,
    /// Policies: their documents.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub policies: BTreeSet<PolicyId>,
    /// Targets: which policies are attached there.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub targets: BTreeSet<TargetId>,
    /// Accounts: whether they are there, where, in what state.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub accounts: BTreeSet<AccountId>,
    /// Units: whether they are there, where, called what.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub units: BTreeSet<UnitId>,
    /// Accounts whose effective policy became invalid or valid.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub invalid: BTreeSet<AccountId>,
    /// The delegated administrators.
    pub delegates: bool,
    /// The resource policy.
    pub resource_policy: bool,
    /// Everything: only a full read can tell.
    pub everything: bool,
}

impl Touched {
    /// What `event` can have changed of what a monitor reads; `known` tells which policies there were. Nothing, where it
    /// is about a policy of another type.
    #[must_use]
    pub fn by(event: &Event, known: Option<&Snapshot>) -> Self {
        let none = Self::default();
        let policy_type = |id: &PolicyId| Some(known?.policy(id)?.policy_type.clone());
        let other = |id: &PolicyId| policy_type(id).is_some_and(|it| it != PolicyType::AiOptOut);
        match &event.change {
            Change::CreatePolicy { policy, policy_type: PolicyType::AiOptOut, .. } => Self::policy(policy),
            Change::CreatePolicy { .. } => none,
            Change::UpdatePolicy { policy, policy_type: told, .. } => {
                let other = told.as_ref().map_or_else(|| other(policy), |told| *told != PolicyType::AiOptOut);
                if other { none } else { Self::policy(policy) }
            }
            // One that was never seen takes nothing away.
            Change::DeletePolicy { policy } if policy_type(policy) == Some(PolicyType::AiOptOut) => {
                Self::policy(policy)
            }
            Change::DeletePolicy { .. } => none,
            Change::AttachPolicy { policy, target } | Change::DetachPolicy { policy, target } => {
                if other(policy) || is_of_aws(policy) { none } else { Self::target(target) }
            }
            Change::EnablePolicyType { policy_type, .. } | Change::DisablePolicyType { policy_type, .. } => {
                Self { types: *policy_type == PolicyType::AiOptOut, ..none }
            }
            Change::PutResourcePolicy | Change::DeleteResourcePolicy => Self { resource_policy: true, ..none },
            Change::RegisterDelegate { .. } | Change::DeregisterDelegate { .. } => Self { delegates: true, ..none },
            Change::MoveAccount { account, .. }
            | Change::RemoveAccount { account }
            | Change::CloseAccount { account }
            | Change::AccountClosed { account } => Self { accounts: BTreeSet::from([*account]), ..none },
            Change::AccountCreated { account } => Self::joined(Some(*account)),
            Change::AcceptInvitation { account } | Change::AccountJoined { account, .. } => Self::joined(*account),
            Change::LeaveOrganization { account } | Change::AccountDeparted { account, .. } => match account {
                Some(account) => Self { accounts: BTreeSet::from([*account]), ..none },
                None => Self { structure: true, ..none },
            },
            Change::CreateUnit { unit, .. } | Change::RenameUnit { unit, .. } | Change::DeleteUnit { unit } => {
                Self { units: BTreeSet::from([unit.clone()]), ..none }
            }
            Change::EffectivePolicy { account, policy_type: PolicyType::AiOptOut, .. } => {
                Self { invalid: BTreeSet::from([*account]), ..none }
            }
            Change::EffectivePolicy { .. } => none,
            Change::Organization => Self { everything: true, ..none },
            // Nothing is there yet; what comes of it has an event of its own.
            Change::CreateAccount | Change::InviteAccount { .. } => none,
            // A monitor does not read tags.
            Change::TagPolicy { .. } | Change::UntagPolicy { .. } => none,
        }
    }

    fn policy(policy: &PolicyId) -> Self {
        Self { policies: BTreeSet::from([policy.clone()]), ..Self::default() }
    }

    fn target(target: &TargetId) -> Self {
        Self { targets: BTreeSet::from([target.clone()]), ..Self::default() }
    }

    /// An account that came may bring attachments that an earlier event told of before it was known.
    fn joined(account: Option<AccountId>) -> Self {
        match account {
            Some(account) => Self { accounts: BTreeSet::from([account]), ..Self::target(&TargetId::Account(account)) },
            None => Self { structure: true, ..Self::default() },
        }
    }

    /// Whether nothing was.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.types |= other.types;
        self.structure |= other.structure;
        self.policies.extend(other.policies.iter().cloned());
        self.targets.extend(other.targets.iter().cloned());
        self.accounts.extend(&other.accounts);
        self.units.extend(other.units.iter().cloned());
        self.invalid.extend(&other.invalid);
        self.delegates |= other.delegates;
        self.resource_policy |= other.resource_policy;
        self.everything |= other.everything;
    }
}

/// The policies that AWS made itself are of other types.
///
/// Source: moto 5.2.5, `organizations/utils.py`, read 2026-11-24; the page of AWS was not read:
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_available-policies.html>.
fn is_of_aws(policy: &PolicyId) -> bool {
    matches!(policy.as_str(), "p-FullAWSAccess" | "p-RCPFullAWSAccess")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use optout_core::trail::{Collector, Window};
    use serde_json::{Value, json};

    use super::*;

    /// What an event of this name and these parameters touches; the second value is those of a service's event.
    fn touched(name: &str, parameters: &Value, details: &Value) -> Touched {
        let record = json!({
            "eventVersion": "1.11",
            "eventSource": "organizations.amazonaws.com",
            "eventName": name,
            "eventTime": "2026-11-24T10:00:00Z",
            "eventID": "e",
            "recipientAccountId": "111111111111",
            "requestParameters": parameters,
            "serviceEventDetails": details,
            "responseElements": {
                "policy": {"policySummary": {"id": "p-policy0001", "type": parameters["type"]}},
                "organizationalUnit": {"id": "ou-exam-unit0001"},
            },
        });
        let mut collector = Collector::new(Window::default());
        let mut stream = collector.stream("test");
        stream.feed(record.to_string().as_bytes());
        stream.finish();
        let trail = collector.finish();
        assert_eq!(trail.problems, [], "{name}");
        let mut known = Snapshot::empty(Timestamp::UNIX_EPOCH, "0", optout_core::org::Partition::Aws);
        let policy = |id: &str, policy_type| optout_core::org::Policy {
            id: id.parse().unwrap(),
            name: String::new(),
            description: String::new(),
            policy_type,
            aws_managed: false,
            content: None,
            tags: None,
        };
        let ours = policy("p-ours000001", PolicyType::AiOptOut);
        known.policies = Some(vec![ours, policy("p-scp0000001", PolicyType::ServiceControl)]);
        Touched::by(trail.events.first().unwrap(), Some(&known))
    }

    #[expect(clippy::needless_pass_by_value, reason = "literals are easier to read without a borrow")]
    fn called(name: &str, parameters: Value) -> Touched {
        touched(name, &parameters, &Value::Null)
    }

    #[test]
    fn policies_of_other_types_touch_nothing() {
        let target = "ou-exam-unit0001";
        for policy in ["p-scp0000001", "p-FullAWSAccess"] {
            assert!(called("AttachPolicy", json!({"policyId": policy, "targetId": target})).is_nothing(), "{policy}");
        }
        assert!(called("CreatePolicy", json!({"type": "TAG_POLICY", "name": "t", "content": "{}"})).is_nothing());
        assert!(called("DeletePolicy", json!({"policyId": "p-never00001"})).is_nothing());
        let scp = json!({"rootId": "r-exam", "policyType": "SERVICE_CONTROL_POLICY"});
        assert!(called("DisablePolicyType", scp).is_nothing());
    }

    #[test]
    fn a_policy_that_is_not_known_may_be_ours() {
        let parameters = json!({"policyId": "p-new0000001", "targetId": "ou-exam-unit0001"});
        let expected = Touched::target(&"ou-exam-unit0001".parse().unwrap());
        assert_eq!(called("AttachPolicy", parameters.clone()), expected);
        assert_eq!(called("DetachPolicy", parameters), expected);
    }

    #[test]
    fn an_account_that_joins_without_a_name_means_the_whole_tree() {
        let joined = |details: Value| touched("AccountJoinedOrganization", &Value::Null, &details);
        assert!(joined(json!({"joinedMethod": "Created"})).structure);
        let named = joined(json!({"accountId": "222222222222"}));
        assert!(!named.structure && named.accounts.len() == 1 && named.targets.len() == 1);
    }

    #[test]
    fn switching_the_type_touches_every_policy_and_the_organization_everything() {
        let ours = json!({"rootId": "r-exam", "policyType": "AISERVICES_OPT_OUT_POLICY"});
        assert!(called("EnablePolicyType", ours.clone()).types && called("DisablePolicyType", ours).types);
        assert!(called("EnableAllFeatures", json!({})).everything);
    }

    #[test]
    fn what_two_events_touch_is_touched_together() {
        let mut both = called("PutResourcePolicy", json!({"content": "x"}));
        both.add(&called("DeletePolicy", json!({"policyId": "p-ours000001"})));
        assert!(both.resource_policy && both.policies.len() == 1 && !both.structure);
        assert!(called("TagResource", json!({"resourceId": "p-ours000001", "tags": []})).is_nothing());
    }
}
