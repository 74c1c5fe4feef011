//! Pipelines that run `optout verify` every day and on every change, with a role and without a stored key.
//!
//! Sources, read 2026-11-24: GitHub <https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws>
//! (issuer, audience, subject), GitLab <https://docs.gitlab.com/ci/secrets/id_token_authentication> and
//! <https://docs.gitlab.com/ee/ci/cloud_services/aws/> (`id_tokens`, the subject `project_path:…:ref_type:branch:ref:…`), CodeBuild
//! <https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html> and `…/setting-up-service-role.html` (a service role, no token).

mod definition;
mod input;
mod trust;

use super::access::{Purpose, iam_policy};
use super::json::pretty;
use super::{Design, GenerateError, GeneratedFile, Output};

pub use input::{Branch, InputError, Repository, RoleArn};

/// Whose pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runner {
    /// GitHub Actions.
    GitHub(Source),
    /// GitLab CI, on gitlab.com.
    GitLab(Source),
    /// AWS CodeBuild, whose projects have a service role.
    CodeBuild,
}

/// Where the pipeline's definition is kept: only runs of this branch get the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The repository.
    pub repository: Repository,
    /// The branch.
    pub branch: Branch,
}

/// The definition, who may take the role, and what the role may do.
///
/// # Errors
/// None today; the signature is that of every target.
pub fn generate(
    design: &Design,
    runner: &Runner,
    role: &RoleArn,
    install: Option<&str>,
) -> Result<Output, GenerateError> {
    let intent = definition::intent(design);
    let mut files = iam_policy(design, Purpose::Verify)?.files;
    files.push(definition::file(design, runner, role, install));
    files.push(GeneratedFile::new("trust-policy.json", pretty(&trust::policy(runner, role))));
    let mut notes = design.notes();
    notes
        .push(format!("{}: `trust-policy.json` says who may take it, `iam-policy.json` what it may do", role.as_str()));
    notes.push(format!("the pipeline reads `{intent}` of its repository; the verdict is its exit code"));
    if design.management_account.is_some_and(|id| id.to_string() != role.account()) {
        notes.push("the role is not in the management account: it must be in a delegated administrator's".to_owned());
    }
    if install.is_none() {
        notes.push(
            "the pipeline stops where `optout` is not on the path: --install COMMAND puts a command there".to_owned(),
        );
    }
    Ok(Output::new(files, notes))
}

#[cfg(test)]
mod tests;
