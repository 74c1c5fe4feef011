//! As much of IAM as the generated policies use: actions by name, resources by pattern, one condition key.

use serde_json::Value;

use crate::call::{ANY, Call};

/// A statement, with what it grants.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
    /// The types of policies that it is for; `None`: whatever the request is about.
    types: Option<Vec<String>>,
}

impl Statement {
    /// # Panics
    /// Where it uses what is not understood here.
    pub(crate) fn of(statement: &Value) -> Self {
        assert_eq!(statement["Effect"], "Allow");
        let known = ["Action", "Condition", "Effect", "Resource", "Sid"];
        assert!(statement.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{statement}");
        let types = statement.get("Condition").map(|condition| {
            assert_eq!(condition.as_object().unwrap().len(), 1);
            let equals = condition["StringEquals"].as_object().unwrap();
            assert_eq!(equals.len(), 1);
            list(&equals["organizations:PolicyType"])
        });
        Self { actions: list(&statement["Action"]), resources: list(&statement["Resource"]), types }
    }

    /// Whether it allows the action on this resource.
    pub(crate) fn allows(&self, call: &Call, resource: &str) -> bool {
        let of_type = match (&self.types, &call.policy_type) {
            (None, _) => true,
            (Some(types), Some(policy_type)) => types.contains(policy_type),
            (Some(_), None) => false,
        };
        of_type && self.actions.contains(&call.action) && self.resources.iter().any(|it| matches(it, resource))
    }
}

fn list(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned();
    value.as_array().map_or_else(|| vec![text(value)], |all| all.iter().map(text).collect())
}

/// Whether a resource fits a pattern, in which `*` stands for any characters.
///
/// A call that names no resource is allowed only where every resource is.
pub(crate) fn matches(pattern: &str, resource: &str) -> bool {
    if resource == ANY {
        return pattern == ANY;
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = resource.strip_prefix(parts.next().unwrap()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// What of a policy and of calls does not fit, in words: none is missing, none is spare.
pub(crate) fn differences(statements: &[Statement], calls: &[Call], implied: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    for call in calls {
        for resource in &call.resources {
            if !statements.iter().any(|statement| statement.allows(call, resource)) {
                found.push(format!("missing: {} on {resource} about {:?}", call.action, call.policy_type));
            }
        }
    }
    let is_implied = |action: &str| implied.iter().any(|(it, _)| *it == action);
    for statement in statements {
        for action in statement.actions.iter().filter(|action| !is_implied(action)) {
            let used =
                |call: &&Call| call.action == *action && call.resources.iter().any(|it| statement.allows(call, it));
            if !calls.iter().any(|call| used(&call)) {
                found.push(format!("spare: {action} on {:?} about {:?}", statement.resources, statement.types));
            }
        }
        if statement.actions.iter().all(|action| is_implied(action)) {
            continue;
        }
        for pattern in &statement.resources {
            let fits =
                |call: &&Call| call.resources.iter().any(|it| matches(pattern, it) && statement.allows(call, it));
            if !calls.iter().any(|call| fits(&call)) {
                found.push(format!("spare: {:?} on {pattern}", statement.actions));
            }
        }
    }
    let spare =
        implied.iter().filter(|(action, _)| !statements.iter().any(|it| it.actions.iter().any(|it| it == action)));
    found.extend(spare.map(|(action, _)| format!("implied, and not granted: {action}")));
    found.sort();
    found.dedup();
    found
}

#[test]
fn a_pattern_fits_what_it_describes_and_nothing_else() {
    for (pattern, resource, fits) in [
        ("*", "*", true),
        ("arn:aws:s3:::b/optout/*", "arn:aws:s3:::b/optout/state.gz", true),
        ("arn:aws:s3:::b/optout/*", "arn:aws:s3:::b/other", false),
        ("arn:aws:s3:::b-*/optout/*", "arn:aws:s3:::b-1/optout/x", true),
        ("arn:aws:s3:::b", "arn:aws:s3:::b2", false),
        ("arn:*:account/o-a/*", ANY, false),
        ("a*b", "ab", true),
        ("a*b", "a", false),
        ("a*b", "abc", false),
    ] {
        assert_eq!(matches(pattern, resource), fits, "{pattern} {resource}");
    }
}
