//! Who else may write opt-out policies: the grants of the organization's resource policy.
//!
//! Delegated administrators of a service may only read (recorded answers, 2026-09); to write, an account must be named in
//! the resource policy. Source of its grammar:
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html>, read 2026-11-23.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::org::Snapshot;

/// What changes opt-out policies.
const WRITES: [(&str, &str); 7] = [
    ("attachpolicy", "attach"),
    ("createpolicy", "create"),
    ("updatepolicy", "update"),
    ("detachpolicy", "detach"),
    ("deletepolicy", "delete"),
    ("enablepolicytype", "switch on"),
    ("disablepolicytype", "switch off"),
];

/// A principal that the resource policy lets change opt-out policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// The principal, as the policy names it; `*` is everybody.
    pub principal: String,
    /// What it may do, as verbs.
    pub actions: Vec<&'static str>,
    /// Whether every grant is limited to this policy type.
    pub limited: bool,
}

/// Everybody but the management account who may change opt-out policies; `None` where the resource policy was not read
/// or cannot be understood. Deny statements are not subtracted: the answer is who may, unless denied elsewhere.
#[must_use]
pub fn writers(snapshot: &Snapshot) -> Option<Vec<Writer>> {
    let Some(text) = snapshot.resource_policy.as_ref()? else { return Some(Vec::new()) };
    let document: Value = serde_json::from_str(text).ok()?;
    let management = snapshot.organization().map(|organization| organization.management_account.to_string());
    let mut writers: BTreeMap<String, Writer> = BTreeMap::new();
    for statement in listed(document.get("Statement")) {
        let actions = granted(statement);
        if actions.is_empty() {
            continue;
        }
        let limited = is_limited(statement);
        for principal in principals(statement).into_iter().filter(|it| !is_management(it, management.as_deref())) {
            let new = || Writer { principal: principal.clone(), actions: Vec::new(), limited: true };
            let writer = writers.entry(principal.clone()).or_insert_with(new);
            writer
                .actions
                .extend(actions.iter().filter(|verb| !writer.actions.contains(verb)).copied().collect::<Vec<_>>());
            writer.limited &= limited;
        }
    }
    Some(writers.into_values().collect())
}

fn is_management(principal: &str, management: Option<&str>) -> bool {
    management.is_some_and(|id| principal == id || principal == format!("arn:aws:iam::{id}:root"))
}

/// A value that may stand alone or in a list.
fn listed(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None => Vec::new(),
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
    }
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    listed(value).into_iter().filter_map(Value::as_str).collect()
}

/// The verbs that a statement grants on policies of this type.
fn granted(statement: &Value) -> Vec<&'static str> {
    let allows = statement.get("Effect").and_then(Value::as_str) == Some("Allow");
    if !allows || !reaches_type(statement) || !reaches_resource(statement) {
        return Vec::new();
    }
    let patterns: Vec<String> = texts(statement.get("Action")).iter().map(|text| text.to_ascii_lowercase()).collect();
    let matching = |name: &str| {
        let action = format!("organizations:{name}");
        patterns.iter().any(|pattern| matches_glob(pattern, &action))
    };
    WRITES.iter().filter(|(name, _)| matching(name)).map(|(_, verb)| *verb).collect()
}

fn principals(statement: &Value) -> Vec<String> {
    let principal = statement.get("Principal");
    let aws = principal.and_then(|principal| principal.get("AWS"));
    let everybody = principal.and_then(Value::as_str).into_iter();
    everybody.chain(texts(aws)).map(str::to_owned).collect()
}

/// The values that the statement's conditions demand of `organizations:PolicyType`.
fn demanded_types(statement: &Value) -> Vec<&str> {
    let operators = statement.get("Condition").and_then(Value::as_object);
    let positive = |name: &str| !name.to_ascii_lowercase().contains("not");
    let keys =
        operators.into_iter().flatten().filter(|(name, _)| positive(name)).filter_map(|(_, keys)| keys.as_object());
    let values = keys.flatten().filter(|(key, _)| key.eq_ignore_ascii_case("organizations:PolicyType"));
    values.flat_map(|(_, value)| texts(Some(value))).collect()
}

const TYPE: &str = "AISERVICES_OPT_OUT_POLICY";

fn reaches_type(statement: &Value) -> bool {
    let types = demanded_types(statement);
    types.is_empty() || types.iter().any(|pattern| matches_glob(pattern, TYPE))
}

/// The policies among a statement's resources; a statement about targets only may still attach to them.
fn policy_resources(statement: &Value) -> Vec<&str> {
    texts(statement.get("Resource")).into_iter().filter(|arn| arn.contains(":policy/")).collect()
}

fn reaches_resource(statement: &Value) -> bool {
    let policies = policy_resources(statement);
    policies.is_empty() || policies.iter().any(|arn| reaches_policies(arn))
}

/// Whether the pattern of an ARN `…:policy/ORGANIZATION/TYPE/ID` can mean a policy of this type.
fn reaches_policies(arn: &str) -> bool {
    let path: Vec<&str> = arn.split(":policy/").last().unwrap_or_default().split('/').collect();
    match path.as_slice() {
        [_, policy_type, ..] => matches_glob(policy_type, "aiservices_opt_out_policy"),
        _ => true,
    }
}

fn is_limited(statement: &Value) -> bool {
    let types = demanded_types(statement);
    let by_condition = !types.is_empty() && types.iter().all(|pattern| *pattern == TYPE);
    let policies = policy_resources(statement);
    let whole = texts(statement.get("Resource")).contains(&"*");
    let by_resource =
        !whole && !policies.is_empty() && policies.iter().all(|arn| arn.contains("/aiservices_opt_out_policy/"));
    by_condition || by_resource
}

/// Whether `text` matches a pattern of IAM: `*` any characters, `?` one.
fn matches_glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let mut reachable = vec![false; text.len() + 1];
    if let Some(first) = reachable.first_mut() {
        *first = true;
    }
    for symbol in pattern {
        reachable = advance(&reachable, symbol, &text);
    }
    reachable.last().copied().unwrap_or(false)
}

/// The places in the text that are reachable after one more symbol of the pattern.
fn advance(reachable: &[bool], symbol: char, text: &[char]) -> Vec<bool> {
    let mut next = Vec::with_capacity(reachable.len());
    for (at, here) in reachable.iter().enumerate() {
        let before = at.checked_sub(1);
        let was = before.and_then(|before| reachable.get(before)).copied().unwrap_or(false);
        let character = before.and_then(|before| text.get(before));
        let is = match symbol {
            '*' => *here || next.last().copied().unwrap_or(false),
            '?' => was,
            symbol => was && character == Some(&symbol),
        };
        next.push(is);
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::Partition;

    fn of(policy: &Value) -> Vec<Writer> {
        let mut snapshot = Snapshot::empty(jiff::Timestamp::UNIX_EPOCH, "test", Partition::Aws);
        snapshot.resource_policy = Some(Some(policy.to_string().into()));
        writers(&snapshot).unwrap()
    }

    fn statement(action: &str, condition: &Value) -> Value {
        serde_json::json!({"Statement": [{"Effect": "Allow", "Principal": {"AWS": "222222222222"},
            "Action": action, "Resource": "*", "Condition": condition}]})
    }

    #[test]
    fn reading_is_no_writing() {
        assert_eq!(of(&statement("organizations:Describe*", &Value::Null)), []);
    }

    #[test]
    fn a_grant_on_other_policy_types_does_not_reach_ours() {
        let condition = serde_json::json!({"StringEquals": {"organizations:PolicyType": "BACKUP_POLICY"}});
        assert_eq!(of(&statement("organizations:AttachPolicy", &condition)), []);
    }

    #[test]
    fn a_grant_is_limited_by_the_policy_type_condition_only() {
        let condition =
            serde_json::json!({"StringEquals": {"organizations:PolicyType": ["AISERVICES_OPT_OUT_POLICY"]}});
        let limited = of(&statement("organizations:AttachPolicy", &condition));
        assert!(limited.iter().all(|writer| writer.limited && writer.actions == ["attach"]) && limited.len() == 1);
        let wide = of(&statement("organizations:*Policy", &Value::Null));
        assert!(wide.iter().all(|writer| !writer.limited && writer.actions.contains(&"delete")) && wide.len() == 1);
    }
}
