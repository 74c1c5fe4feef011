//! Who else may write opt-out policies: the grants of the organization's resource policy.
//!
//! Delegated administrators of a service may only read (recorded answers, 2026-09); to write, an account must be named in
//! the resource policy. Source of its grammar:
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html>, read 2026-11-23.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::org::Snapshot;

/// What an action that changes opt-out policies is about: a grant must reach it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// The policy itself. Attaching and detaching need a grant on the target too, which is not asked for here.
    Policy,
    /// The root.
    Root,
}

/// What changes opt-out policies.
const WRITES: [(&str, &str, About); 7] = [
    ("attachpolicy", "attach", About::Policy),
    ("createpolicy", "create", About::Policy),
    ("updatepolicy", "update", About::Policy),
    ("detachpolicy", "detach", About::Policy),
    ("deletepolicy", "delete", About::Policy),
    ("enablepolicytype", "switch on", About::Root),
    ("disablepolicytype", "switch off", About::Root),
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
        let others = principals(statement).into_iter().filter(|it| !is_management(it, management.as_deref()));
        for principal in others.filter(|_| !actions.is_empty()) {
            let new = Writer { principal: principal.clone(), actions: Vec::new(), limited: true };
            writers.entry(principal).or_insert(new).add(&actions, is_limited(statement));
        }
    }
    Some(writers.into_values().collect())
}

impl Writer {
    fn add(&mut self, actions: &[&'static str], limited: bool) {
        self.limited &= limited;
        let new: Vec<_> = actions.iter().filter(|verb| !self.actions.contains(verb)).copied().collect();
        self.actions.extend(new);
    }
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
    if statement.get("Effect").and_then(Value::as_str) != Some("Allow") || !reaches_type(statement) {
        return Vec::new();
    }
    let reached = |about| match about {
        About::Policy => reaches_policies(statement),
        About::Root => reaches_root(statement),
    };
    let granted = WRITES.iter().filter(|(name, _, about)| names_action(statement, name) && reached(*about));
    granted.map(|(_, verb, _)| *verb).collect()
}

/// Whether the statement is about the action: by `Action`, or by leaving it out of `NotAction`, which resource policies
/// written before 2026-06-30 may have.
fn names_action(statement: &Value, name: &str) -> bool {
    let action = format!("organizations:{name}");
    let matches = |text: &&str| matches_glob(&text.to_ascii_lowercase(), &action);
    let not = statement.get("NotAction");
    texts(statement.get("Action")).iter().any(matches) || (not.is_some() && !texts(not).iter().any(matches))
}

fn principals(statement: &Value) -> Vec<String> {
    let principal = statement.get("Principal");
    let aws = principal.and_then(|principal| principal.get("AWS"));
    let everybody = principal.and_then(Value::as_str).into_iter();
    everybody.chain(texts(aws)).map(str::to_owned).collect()
}

const TYPE: &str = "AISERVICES_OPT_OUT_POLICY";
const TYPE_IN_ARN: &str = "aiservices_opt_out_policy";

/// The values that the statement's conditions demand of `organizations:PolicyType`, or with `negative` forbid.
fn types(statement: &Value, negative: bool) -> Vec<&str> {
    let operators = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    let operators = operators.filter(|(name, _)| name.to_ascii_lowercase().contains("not") == negative);
    let keys = operators.filter_map(|(_, keys)| keys.as_object()).flatten();
    let values = keys.filter(|(key, _)| key.eq_ignore_ascii_case("organizations:PolicyType"));
    values.flat_map(|(_, value)| texts(Some(value))).collect()
}

fn reaches_type(statement: &Value) -> bool {
    let matches = |pattern: &&str| matches_glob(pattern, TYPE);
    let demanded = types(statement, false);
    (demanded.is_empty() || demanded.iter().any(matches)) && !types(statement, true).iter().any(matches)
}

/// The part of an ARN, or of a pattern of ARNs, that says what kind of thing it is: `policy/ORGANIZATION/TYPE/ID`.
fn resource(arn: &str) -> &str {
    arn.splitn(6, ':').nth(5).unwrap_or(arn)
}

/// The resources of the statement that can mean a policy of this type.
fn policy_resources(statement: &Value) -> Vec<&str> {
    let means_policy = |pattern: &&str| match pattern.split('/').collect::<Vec<_>>().as_slice() {
        ["policy", _, policy_type, ..] => matches_glob(policy_type, TYPE_IN_ARN),
        ["policy", _] => pattern.ends_with('*'),
        [first, ..] => first.ends_with('*') && matches_glob(first, "policy"),
        [] => false,
    };
    texts(statement.get("Resource")).into_iter().map(resource).filter(means_policy).collect()
}

fn reaches_policies(statement: &Value) -> bool {
    statement.get("Resource").is_none() || !policy_resources(statement).is_empty()
}

fn reaches_root(statement: &Value) -> bool {
    let means_root = |pattern: &str| pattern.split('/').next().is_some_and(|first| matches_glob(first, "root"));
    statement.get("Resource").is_none() || texts(statement.get("Resource")).into_iter().map(resource).any(means_root)
}

/// Whether the statement speaks of this policy type alone. That the root is named does not widen it: what is attached
/// there is limited by the policy.
fn is_limited(statement: &Value) -> bool {
    let types = types(statement, false);
    let by_condition = !types.is_empty() && types.iter().all(|pattern| *pattern == TYPE);
    let ours_alone = |pattern: &&str| pattern.split('/').nth(2) == Some(TYPE_IN_ARN);
    let policies = policy_resources(statement);
    by_condition || (!policies.is_empty() && policies.iter().all(ours_alone))
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

    fn on(resource: &Value, action: &str) -> Value {
        serde_json::json!({"Statement": [{"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": action,
            "Resource": resource}]})
    }

    fn verbs(policy: &Value) -> Vec<&'static str> {
        of(policy).into_iter().flat_map(|writer| writer.actions).collect()
    }

    #[test]
    fn a_grant_reaches_what_its_resources_can_mean() {
        let backup = "arn:aws:organizations::111111111111:policy/o-exampleorgid/backup_policy/*";
        let ours = "arn:aws:organizations::111111111111:policy/o-exampleorgid/aiservices_opt_out_policy/*";
        let root = "arn:aws:organizations::111111111111:root/o-exampleorgid/r-exam";
        let attach = |resource: Value| verbs(&on(&resource, "organizations:AttachPolicy"));
        let nobody: [&str; 0] = [];
        assert_eq!(attach(serde_json::json!([root, backup])), nobody);
        assert_eq!(attach(serde_json::json!(root)), nobody);
        for resource in [
            serde_json::json!("*"),
            serde_json::json!([backup, "*"]),
            serde_json::json!([root, ours]),
            serde_json::json!("arn:aws:organizations::111111111111:*"),
            serde_json::json!("arn:aws:organizations::111111111111:policy/*"),
            serde_json::json!("arn:aws:organizations::*:policy/*/ai*/*"),
        ] {
            assert_eq!(attach(resource.clone()), ["attach"], "{resource}");
        }
        assert_eq!(verbs(&on(&serde_json::json!(root), "organizations:DisablePolicyType")), ["switch off"]);
    }

    #[test]
    fn a_grant_by_leaving_out_and_one_by_another_type_than_ours_are_understood() {
        let left_out = serde_json::json!({"Statement": {"Effect": "Allow", "Principal": "*",
            "NotAction": "organizations:DeletePolicy", "Resource": "*"}});
        assert!(verbs(&left_out).contains(&"attach") && !verbs(&left_out).contains(&"delete"));
        let others = serde_json::json!({"StringNotEquals": {"organizations:PolicyType": "AISERVICES_OPT_OUT_POLICY"}});
        assert_eq!(of(&statement("organizations:AttachPolicy", &others)), []);
    }

    #[test]
    fn the_management_account_and_denials_are_no_writers() {
        let mut snapshot = Snapshot::empty(jiff::Timestamp::UNIX_EPOCH, "test", Partition::Aws);
        let organization = crate::org::Organization {
            id: "o-exampleorgid".parse().unwrap(),
            management_account: "222222222222".parse().unwrap(),
            all_features: true,
        };
        snapshot.membership = Some(crate::org::Membership::Member(organization));
        let policy = statement("organizations:*", &Value::Null).to_string();
        snapshot.resource_policy = Some(Some(policy.as_str().into()));
        assert_eq!(writers(&snapshot), Some(Vec::new()));
        assert_eq!(of(&serde_json::from_str(&policy.replace("Allow", "Deny")).unwrap()), []);
        snapshot.resource_policy = Some(Some("not JSON".into()));
        assert_eq!(writers(&snapshot), None);
    }

    #[test]
    fn a_grant_is_limited_by_the_policy_type_condition_or_by_resources_of_our_type() {
        let ours = "arn:aws:organizations::111111111111:policy/o-exampleorgid/aiservices_opt_out_policy/*";
        let limited = |resource: Value| of(&on(&resource, "organizations:AttachPolicy")).iter().all(|it| it.limited);
        assert!(limited(serde_json::json!([ours, "arn:aws:organizations::111111111111:root/*"])));
        assert!(!limited(serde_json::json!([ours, "arn:aws:organizations::111111111111:policy/*"])));
    }

    #[test]
    fn a_grant_without_a_condition_is_not_limited() {
        let condition =
            serde_json::json!({"StringEquals": {"organizations:PolicyType": ["AISERVICES_OPT_OUT_POLICY"]}});
        let limited = of(&statement("organizations:AttachPolicy", &condition));
        assert!(limited.iter().all(|writer| writer.limited && writer.actions == ["attach"]) && limited.len() == 1);
        let wide = of(&statement("organizations:*Policy", &Value::Null));
        assert!(wide.iter().all(|writer| !writer.limited && writer.actions.contains(&"delete")) && wide.len() == 1);
    }
}
