//! Who may take the role: one branch of one repository; or CodeBuild, for projects that somebody who may pass the role gives it to.

use serde_json::{Map, Value, json};

use super::{RoleArn, Runner};

/// The role's trust policy.
pub(super) fn policy(runner: &Runner, role: &RoleArn) -> Value {
    let statement = match runner {
        Runner::GitHub(source) => {
            let subject = format!("repo:{}:ref:refs/heads/{}", source.repository.as_str(), source.branch.as_str());
            federated(role, "token.actions.githubusercontent.com", "sts.amazonaws.com", &subject)
        }
        Runner::GitLab(source) => {
            let (repository, branch) = (source.repository.as_str(), source.branch.as_str());
            let subject = format!("project_path:{repository}:ref_type:branch:ref:{branch}");
            federated(role, "gitlab.com", super::definition::GITLAB, &subject)
        }
        Runner::CodeBuild => json!({
            "Effect": "Allow",
            "Principal": { "Service": "codebuild.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }),
    };
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

/// The provider must be in the role's own account; both conditions are equalities, so that no other branch fits.
fn federated(role: &RoleArn, provider: &str, audience: &str, subject: &str) -> Value {
    let arn = format!("arn:{}:iam::{}:oidc-provider/{provider}", role.partition(), role.account());
    let mut equal = Map::new();
    equal.insert(format!("{provider}:aud"), audience.into());
    equal.insert(format!("{provider}:sub"), subject.into());
    json!({
        "Effect": "Allow",
        "Principal": { "Federated": arn },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": { "StringEquals": equal },
    })
}
