//! The resource policy of an organization that lets a member account manage AI opt-out policies, and nothing else.
//!
//! An organization has one resource policy, and putting one replaces it: the statements that are there stay in what is
//! generated.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html>, read 2026-11-23 (the actions
//! that can be delegated, at most 40,000 characters).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::{Design, GenerateError, GeneratedFile, Output};
use super::arn::Arns;
use super::{document, of_type, statement};
use crate::org::AccountId;
use crate::source::shown_json;

/// The most characters of a resource policy.
const LIMIT: usize = 40_000;
/// With what the names of our statements begin.
const SID: &str = "OptoutDelegation";

/// The resource policy for these delegates.
///
/// # Errors
/// Where the management account is not known, a delegate is that account, or the policy that is there cannot be added to.
pub fn generate(design: &Design, delegates: &BTreeSet<AccountId>) -> Result<Output, GenerateError> {
    let Some(management) = design.management_account else {
        let help = "name a saved organization with --organization FILE";
        return Err(GenerateError::Missing { what: "the management account", help });
    };
    if delegates.is_empty() || delegates.contains(&management) {
        let help = "name member accounts with --delegate; the management account needs no delegation";
        return Err(GenerateError::Missing { what: "a member account to delegate to", help });
    }
    let (mut statements, version) = kept(design)?;
    let kept = statements.len();
    statements.extend(grants(design, delegates));
    let mut document = document(statements);
    if let (Some(document), Some(version)) = (document.as_object_mut(), version) {
        document.insert("Version".to_owned(), version);
    }
    let length = document.to_string().chars().count();
    if length > LIMIT {
        return Err(GenerateError::ResourcePolicy(format!(
            "it would have {length} characters, and AWS allows {LIMIT}"
        )));
    }
    let mut notes = vec![
        "`aws organizations put-resource-policy` takes it, in the management account only; it replaces the one there is".to_owned(),
        "the delegate's role needs the same permissions of its own: `optout generate iam-policy`".to_owned(),
    ];
    if kept > 0 {
        notes.push(format!("{kept} statements of the resource policy that is there are kept"));
    }
    // Minified: AWS counts spaces.
    let file = GeneratedFile::new("delegation-policy.json", shown_json(&document.to_string()).into_owned() + "\n");
    Ok(Output::new(vec![file], notes))
}

/// The statements of others in the policy that is there, with its version.
fn kept(design: &Design) -> Result<(Vec<Value>, Option<Value>), GenerateError> {
    let Some(found) = &design.resource_policy else {
        let help = "take a snapshot that may read it: what is put there replaces it";
        return Err(GenerateError::Missing { what: "the resource policy that is there", help });
    };
    let Some(text) = found else { return Ok((Vec::new(), None)) };
    let wrong = |why: &str| GenerateError::ResourcePolicy(why.to_owned());
    let document: Value = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
    let statements = match document.get("Statement") {
        Some(Value::Array(all)) => all.clone(),
        Some(one @ Value::Object(_)) => vec![one.clone()],
        Some(_) | None => return Err(wrong("it has no statements")),
    };
    if statements.iter().any(|it| it.get("NotAction").is_some() || it.get("NotResource").is_some()) {
        return Err(wrong("AWS takes no NotAction or NotResource in it any more, and it has one"));
    }
    let ours = |it: &Value| it.get("Sid").and_then(Value::as_str).is_some_and(|sid| sid.starts_with(SID));
    let others = statements.into_iter().filter(|it| !ours(it)).collect();
    Ok((others, document.get("Version").cloned()))
}

fn grants(design: &Design, delegates: &BTreeSet<AccountId>) -> Vec<Value> {
    let arns = Arns::of(design);
    let partition = design.partition.as_str();
    let principals: Vec<String> = delegates.iter().map(|id| format!("arn:{partition}:iam::{id}:root")).collect();
    let grant = |name: &str, actions: &[&str], resource: Value, with: Value| {
        let mut grant = statement(&format!("{SID}{name}"), "Allow", actions, resource, with);
        if let Some(grant) = grant.as_object_mut() {
            grant.insert("Principal".to_owned(), json!({ "AWS": principals }));
        }
        grant
    };
    let everywhere: Vec<String> = std::iter::once(arns.policies()).chain(arns.targets()).collect();
    vec![
        grant("ReadStructure", &READS, json!("*"), json!({})),
        grant("ReadPolicies", &POLICY_READS, json!("*"), of_type()),
        grant("Create", &["CreatePolicy"], json!("*"), of_type()),
        grant("Change", &["DeletePolicy", "UpdatePolicy"], json!(arns.policies()), of_type()),
        grant("Attach", &["AttachPolicy", "DetachPolicy"], json!(everywhere), of_type()),
        grant("Tags", &["ListTagsForResource", "TagResource", "UntagResource"], json!(arns.policies()), json!({})),
    ]
}

const READS: [&str; 11] = [
    "DescribeAccount",
    "DescribeOrganization",
    "DescribeOrganizationalUnit",
    "DescribeResourcePolicy",
    "ListAccounts",
    "ListAccountsForParent",
    "ListDelegatedAdministrators",
    "ListDelegatedServicesForAccount",
    "ListOrganizationalUnitsForParent",
    "ListParents",
    "ListRoots",
];

const POLICY_READS: [&str; 5] =
    ["DescribeEffectivePolicy", "DescribePolicy", "ListPolicies", "ListPoliciesForTarget", "ListTargetsForPolicy"];
