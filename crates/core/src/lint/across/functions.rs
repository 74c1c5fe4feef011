//! What stands around a policy in a template: the function that enables the policy type, and the permissions of its role.

use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::facts::Facts;
use crate::lint::read::value::{Value, ValueKind};

/// Runtimes of AWS Lambda that were deprecated on 2026-11-24, with the day since when they are.
///
/// Read 2026-11-24. <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html> with the pages of its languages (`lambda-nodejs`,
/// `go-image`); for those that have left that page, its older edition
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtime-support-policy.html> and the dates that
/// `rules/aws_lambda_function_deprecated_runtime.go` of <https://github.com/terraform-linters/tflint-ruleset-aws> keeps of it.
const DEPRECATED: &[(&str, &str)] = &[
    ("dotnet5.0", "2022-05-10"),
    ("dotnet6", "2024-11-12"),
    ("dotnet7", "2024-05-14"),
    ("dotnet8", "2026-11-10"),
    ("dotnetcore1.0", "2019-07-30"),
    ("dotnetcore2.0", "2019-05-30"),
    ("dotnetcore2.1", "2022-01-05"),
    ("dotnetcore3.1", "2023-04-03"),
    ("go1.x", "2024-01-08"),
    ("java8", "2024-01-08"),
    ("nodejs", "2016-10-31"),
    ("nodejs10.x", "2021-07-30"),
    ("nodejs12.x", "2023-03-31"),
    ("nodejs14.x", "2023-12-04"),
    ("nodejs16.x", "2024-06-12"),
    ("nodejs18.x", "2025-09-01"),
    ("nodejs20.x", "2026-04-30"),
    ("nodejs4.3", "2020-03-06"),
    ("nodejs4.3-edge", "2019-04-30"),
    ("nodejs6.10", "2019-08-12"),
    ("nodejs8.10", "2020-03-06"),
    ("provided", "2024-01-08"),
    ("provided.al2", "2026-07-31"),
    ("python2.7", "2021-07-15"),
    ("python3.10", "2026-10-31"),
    ("python3.6", "2022-07-18"),
    ("python3.7", "2023-12-04"),
    ("python3.8", "2024-10-14"),
    ("python3.9", "2025-12-15"),
    ("ruby2.5", "2021-07-30"),
    ("ruby2.7", "2023-11-27"),
    ("ruby3.2", "2026-03-31"),
];

/// What a stack that makes a policy needs once it is to change or remove it.
const NEEDED: [&str; 4] = ["UpdatePolicy", "DeletePolicy", "DetachPolicy", "DescribePolicy"];

const WRITES: [&str; 5] = ["CreatePolicy", "UpdatePolicy", "DeletePolicy", "AttachPolicy", "DetachPolicy"];

/// Looks at every map of a value.
pub(in crate::lint) fn check(file: usize, value: &Value, facts: &mut Facts) {
    value.visit(&mut |value| {
        for key in ["Runtime", "runtime"] {
            if let Some(runtime) = value.get(key) {
                facts.findings.extend(deprecated(runtime).map(|finding| (file, finding)));
            }
        }
        let statements = value.entry("Statement").or_else(|| value.entry("statement"));
        if let Some(statements) = statements {
            let all: Vec<&Value> = match &statements.value.kind {
                ValueKind::List(elements) => elements.iter().collect(),
                _ => vec![&statements.value],
            };
            facts.findings.extend(permissions(&all).into_iter().map(|finding| (file, finding)));
        }
    });
}

/// A runtime that is deprecated.
pub(in crate::lint) fn deprecated(runtime: &Value) -> Option<Finding> {
    let name = runtime.text()?;
    let (_, since) = DEPRECATED.iter().find(|(known, _)| *known == name)?;
    let message = format!(
        "the runtime `{name}` of AWS Lambda is deprecated since {since}: functions with it can soon no longer be made, then not changed"
    );
    let help = "use a current runtime, or `provided.al2023`";
    Some(Finding::new("deprecated-runtime", Severity::Medium, runtime.span, message, help))
}

fn texts<'v>(statement: &'v Value, keys: &[&str]) -> Vec<&'v str> {
    let value = keys.iter().find_map(|key| statement.get(key));
    match value.map(|value| &value.kind) {
        Some(ValueKind::List(elements)) => elements.iter().filter_map(Value::text).collect(),
        Some(ValueKind::Text(text)) => vec![text.value.as_str()],
        _ => Vec::new(),
    }
}

/// Whether a granted action covers an operation.
fn covers(granted: &str, operation: &str) -> bool {
    let Some(granted) = granted.to_lowercase().strip_prefix("organizations:").map(str::to_owned) else {
        return granted == "*";
    };
    let operation = operation.to_lowercase();
    match granted.split_once('*') {
        Some((head, tail)) => operation.starts_with(head) && operation.ends_with(tail.trim_matches('*')),
        None => granted == operation,
    }
}

fn permissions(statements: &[&Value]) -> Vec<Finding> {
    let allowed: Vec<&&Value> =
        statements.iter().filter(|it| it.get("Effect").and_then(Value::text) == Some("Allow")).collect();
    let granted: Vec<&str> = allowed.iter().flat_map(|it| texts(it, &["Action"])).collect();
    let mut findings = Vec::new();
    let creates = allowed.iter().find(|it| texts(it, &["Action"]).iter().any(|action| covers(action, "CreatePolicy")));
    let Some(creates) = creates.filter(|_| granted.iter().any(|it| it.to_lowercase().starts_with("organizations:")))
    else {
        return findings;
    };
    let missing: Vec<&str> = NEEDED.into_iter().filter(|needed| !granted.iter().any(|it| covers(it, needed))).collect();
    let span = creates.entry("Action").map_or(creates.span, |entry| entry.key_span);
    if !missing.is_empty() {
        let message =
            format!("the role may create a policy but not {}: a change or a removal of it fails", missing.join(", "));
        let help = format!(
            "allow {} too",
            missing.iter().map(|it| format!("`organizations:{it}`")).collect::<Vec<_>>().join(", ")
        );
        findings.push(Finding::new("incomplete-permissions", Severity::Low, span, message, help));
    }
    findings.extend(allowed.iter().filter(|it| is_unscoped(it)).map(|statement| {
        let span = statement.entry("Action").map_or(statement.span, |entry| entry.key_span);
        let message = "the role may change policies of every type, service control policies among them";
        let help = "add the condition `\"StringEquals\": {\"organizations:PolicyType\": \"AISERVICES_OPT_OUT_POLICY\"}` to what writes policies";
        Finding::new("unscoped-permissions", Severity::Low, span, message, help)
    }));
    findings
}

fn is_unscoped(statement: &Value) -> bool {
    let actions = texts(statement, &["Action"]);
    let writes = WRITES.iter().any(|write| actions.iter().any(|action| covers(action, write)));
    let everywhere = texts(statement, &["Resource"]).contains(&"*");
    let mut scoped = false;
    if let Some(condition) = statement.get("Condition") {
        condition.visit(&mut |value| {
            scoped |= value.entries().iter().any(|entry| entry.key.eq_ignore_ascii_case("organizations:PolicyType"));
        });
    }
    writes && everywhere && !scoped
}
