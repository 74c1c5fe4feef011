//! From a request to what IAM would be asked: which action, on which resources, about which type of policy.
//!
//! Source: the service authorization reference
//! (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html> and its siblings), in the copy that
//! parliament 1.6.4 brings, read 2026-11-24: which action names what resource.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cloud::{Asked, unescaped};

/// Every resource, for actions that name none.
pub(crate) const ANY: &str = "*";
const OPT_OUT: &str = "AISERVICES_OPT_OUT_POLICY";

/// What IAM is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    pub(crate) action: String,
    pub(crate) resources: Vec<String>,
    /// The condition key `organizations:PolicyType`, where the request has it.
    pub(crate) policy_type: Option<String>,
}

/// What must be known of the organization to name its things.
pub(crate) struct Names {
    pub(crate) management: String,
    pub(crate) organization: String,
    /// The types of policies that are or were there; those that the function makes are opt-out policies.
    pub(crate) types: BTreeMap<String, String>,
}

impl Names {
    /// `None` for what is no call of AWS that needs a permission: who one is, everybody may ask, and an answer to
    /// CloudFormation goes to a URL that is signed already.
    pub(crate) fn call(&self, asked: &Asked) -> Option<Call> {
        let body = asked.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let (action, resources, policy_type) = match (asked.service.as_str(), asked.operation.as_str()) {
            ("", _) | ("sts", "GetCallerIdentity") => return None,
            ("sts", "AssumeRole") => ("sts:AssumeRole".to_owned(), vec![asked.field("RoleArn").unwrap()], None),
            ("s3", operation) => (format!("s3:{operation}"), vec![object(asked)], None),
            ("sns", "Publish") => ("sns:Publish".to_owned(), vec![asked.field("TopicArn").unwrap()], None),
            ("events", "PutEvents") => {
                let entries = body["Entries"].as_array().unwrap();
                let buses = entries.iter().map(|entry| entry["EventBusName"].as_str().unwrap().to_owned()).collect();
                ("events:PutEvents".to_owned(), buses, None)
            }
            ("securityhub", "BatchImportFindings") => {
                let findings = body["Findings"].as_array().unwrap();
                let products = findings.iter().map(|it| it["ProductArn"].as_str().unwrap().to_owned()).collect();
                ("securityhub:BatchImportFindings".to_owned(), products, None)
            }
            ("cloudtrail", "GetTrailStatus") => ("cloudtrail:GetTrailStatus".to_owned(), vec![text("Name")], None),
            ("cloudtrail", "GetEventSelectors") => {
                ("cloudtrail:GetEventSelectors".to_owned(), vec![text("TrailName")], None)
            }
            ("organizations", operation) => {
                let (resources, policy_type) = self.of_organizations(operation, &body);
                (format!("organizations:{operation}"), resources, policy_type)
            }
            (service, operation) => (format!("{service}:{operation}"), vec![ANY.to_owned()], None),
        };
        Some(Call { action, resources, policy_type })
    }

    fn of_organizations(&self, operation: &str, body: &Value) -> (Vec<String>, Option<String>) {
        let has = |name: &str| body[name].as_str();
        let stated = ["PolicyType", "Filter", "Type"].iter().find_map(|name| has(name)).map(str::to_owned);
        let about_policy = has("PolicyId").or_else(|| has("ResourceId")).map(|id| self.type_of(id));
        // What does not know the key is called with none: then no statement with a condition on it allows the call.
        let policy_type = match operation {
            "DescribePolicy" | "ListTagsForResource" | "TagResource" | "UntagResource" => None,
            _ => stated.or(about_policy),
        };
        let names = [
            "PolicyId",
            "ResourceId",
            "TargetId",
            "ParentId",
            "ChildId",
            "AccountId",
            "RootId",
            "OrganizationalUnitId",
        ];
        let resources: Vec<String> = names.iter().filter_map(|name| has(name)).map(|id| self.arn(id)).collect();
        let resources = match (operation, resources.is_empty()) {
            // Without a target it is about the account that calls.
            ("DescribeEffectivePolicy", true) => vec![self.arn(&self.management)],
            (_, true) => vec![ANY.to_owned()],
            (_, false) => resources,
        };
        (resources, policy_type)
    }

    fn type_of(&self, policy: &str) -> String {
        self.types.get(policy).cloned().unwrap_or_else(|| OPT_OUT.to_owned())
    }

    fn arn(&self, id: &str) -> String {
        let kind = match id.split('-').next().unwrap() {
            "p" => format!("policy/{}/{}", self.organization, self.type_of(id).to_lowercase()),
            "ou" => format!("ou/{}", self.organization),
            "r" => format!("root/{}", self.organization),
            _ => format!("account/{}", self.organization),
        };
        format!("arn:aws:organizations::{}:{kind}/{id}", self.management)
    }
}

/// Below `/BUCKET/`, since a server on loopback has no names for buckets.
fn object(asked: &Asked) -> String {
    let path = asked.uri.split('?').next().unwrap();
    format!("arn:aws:s3:::{}", unescaped(path.trim_start_matches('/')))
}
