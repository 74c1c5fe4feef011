//! Organizations to begin with, and what of one is compared with another.

use std::collections::BTreeMap;

use optout_core::org::{PolicyType, Snapshot};
use optout_simulator::{Options, Running};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::simulator::serve_text;

/// One management account, two units with an account each, a closed account; nothing opted out.
pub(super) const ORGANIZATION: &str = include_str!("../../../../../tests/peers/organization.json");

/// The organization with the policy type on, or not, and policies.
pub(super) fn organization(type_is_on: bool, policies: &[Value], attached: &Value) -> String {
    let mut value: Value = serde_json::from_str(ORGANIZATION).unwrap();
    if type_is_on {
        value["root"]["policy_types"]["AISERVICES_OPT_OUT_POLICY"] = json!("ENABLED");
    }
    value["policies"] = json!(policies);
    value["attachments"] = attached.clone();
    value.to_string()
}

/// A policy as snapshots have it.
pub(super) fn policy(id: &str, name: &str, content: &str, tags: &Value) -> Value {
    json!({
        "id": id, "name": name, "description": "as it was", "type": "AISERVICES_OPT_OUT_POLICY", "aws_managed": false,
        "content": content, "tags": tags,
    })
}

/// Serves it at a hundred times the speed of AWS.
pub(super) fn serve(runtime: &Runtime, organization: &str) -> Running {
    serve_text(runtime, organization, Options { time_scale: 100.0, ..Options::default() })
}

/// Everything that says what holds, without the ids that AWS chooses.
pub(super) fn state(snapshot: &Snapshot) -> Value {
    let mine = snapshot.policies.iter().flatten().filter(|it| it.policy_type == PolicyType::AiOptOut);
    let names: BTreeMap<_, _> = mine.clone().map(|it| (it.id.clone(), it.name.clone())).collect();
    let policies: BTreeMap<&str, Value> = mine
        .map(|it| {
            let content: Value = serde_json::from_str(it.content.as_deref().unwrap()).unwrap();
            (it.name.as_str(), json!({"description": it.description, "content": content, "tags": it.tags}))
        })
        .collect();
    let attached = snapshot.attachments.iter().flatten().map(|(target, list)| {
        let list: Vec<_> = list.iter().filter_map(|it| names.get(&it.policy)).collect();
        (target.to_string(), list)
    });
    let attached: BTreeMap<String, Vec<&String>> = attached.filter(|(_, list)| !list.is_empty()).collect();
    let on = snapshot.policy_type_state().flatten().map(|it| it.as_str().to_owned());
    json!({"type": on, "policies": policies, "attached": attached})
}
