//! The definitions: what runs when, with which role.

use serde_json::{Value, json};

use super::super::yaml;
use super::super::{Design, GeneratedFile};
use super::input::plain_path;
use super::{RoleArn, Runner, Source};

/// The issuer of GitLab's tokens, which is their audience too.
pub(super) const GITLAB: &str = "https://gitlab.com";
/// Organizations is there, for the whole partition.
const REGION: &str = "us-east-1";
/// Any minute but the full hour, when everybody's pipelines start.
const DAILY: &str = "17 5 * * *";
/// Of the language of build specifications.
const VERSION: f64 = 0.2;
const ABSENT: &str = "command -v optout > /dev/null || { echo 'put optout on the path before this step' >&2; exit 1; }";

/// The intent's path in the pipeline's repository: as it was named, where that is a plain path.
pub(super) fn intent(design: &Design) -> &str {
    plain_path(&design.provenance.intent).unwrap_or("optout.toml")
}

/// The file.
pub(super) fn file(design: &Design, runner: &Runner, role: &RoleArn, install: Option<&str>) -> GeneratedFile {
    let install = install.unwrap_or(ABSENT);
    let (path, value, how) = match runner {
        Runner::GitHub(source) => ("ai-opt-out.yml", github(design, source, role, install), GITHUB_HOW),
        Runner::GitLab(source) => ("ai-opt-out.gitlab-ci.yml", gitlab(design, source, role, install), GITLAB_HOW),
        Runner::CodeBuild => ("buildspec.yml", codebuild(design, install), CODEBUILD_HOW),
    };
    let how: String = how.iter().map(|line| format!("# {line}\n")).collect();
    let text = [&design.header("#"), how.as_str(), "---\n", &yaml::document(&value)].concat();
    GeneratedFile::new(path, text)
}

const GITHUB_HOW: &[&str] = &[
    "Goes to .github/workflows/. Once in the role's account: an OpenID Connect provider for",
    "https://token.actions.githubusercontent.com with the audience sts.amazonaws.com.",
    "The actions are named by version: name them by the commits that you reviewed.",
];
const GITLAB_HOW: &[&str] = &[
    "Include it in .gitlab-ci.yml, and give the project a daily schedule. Once in the role's account: an OpenID Connect",
    "provider for https://gitlab.com with the audience https://gitlab.com. The image must have a shell.",
];
const CODEBUILD_HOW: &[&str] = &[
    "The role is the project's service role: no token and no key. It also needs what CodeBuild needs for logs and sources.",
    "Start the project daily by a schedule of its own, and on changes by a webhook or a pipeline.",
];

/// The program, with what else it writes; the text goes to the log.
fn verify(design: &Design, more: &str) -> String {
    format!("optout verify --intent {}{more} --format text", intent(design))
}

const JUNIT: &str = " --format junit --output optout-junit.xml";

fn github(design: &Design, source: &Source, role: &RoleArn, install: &str) -> Value {
    let summary = " --format markdown-summary --output \"$GITHUB_STEP_SUMMARY\"";
    let role = json!({ "role-to-assume": role.as_str(), "aws-region": REGION });
    let job = json!({
        "runs-on": "ubuntu-latest",
        "timeout-minutes": 60,
        "steps": [
            { "uses": "actions/checkout@v4", "with": { "persist-credentials": false } },
            { "uses": "aws-actions/configure-aws-credentials@v4", "with": role },
            { "name": "Install optout", "run": install },
            { "name": "Verify", "run": verify(design, summary) },
        ],
    });
    json!({
        "name": "AI services opt-out",
        "on": {
            "schedule": [{ "cron": DAILY }],
            "push": { "branches": [source.branch.as_str()] },
            "workflow_dispatch": {},
        },
        "permissions": { "contents": "read", "id-token": "write" },
        "concurrency": { "group": "ai-opt-out" },
        "jobs": { "verify": job },
    })
}

fn gitlab(design: &Design, source: &Source, role: &RoleArn, install: &str) -> Value {
    let job = json!({
        "id_tokens": { "AWS_ID_TOKEN": { "aud": GITLAB } },
        "variables": { "AWS_ROLE_ARN": role.as_str(), "AWS_REGION": REGION },
        "rules": [{ "if": format!("$CI_COMMIT_BRANCH == \"{}\"", source.branch.as_str()) }],
        "timeout": "1 hour",
        "script": [
            install,
            // The SDK reads the token from a file; outside of the project, so that no artefact has it.
            "AWS_WEB_IDENTITY_TOKEN_FILE=\"$(mktemp)\"",
            "export AWS_WEB_IDENTITY_TOKEN_FILE",
            "printf '%s' \"$AWS_ID_TOKEN\" > \"$AWS_WEB_IDENTITY_TOKEN_FILE\"",
            verify(design, JUNIT),
        ],
        "artifacts": { "when": "always", "reports": { "junit": "optout-junit.xml" } },
    });
    json!({ "ai-opt-out": job })
}

fn codebuild(design: &Design, install: &str) -> Value {
    json!({
        "version": VERSION,
        "env": { "variables": { "AWS_REGION": REGION } },
        "phases": {
            "install": { "commands": [install] },
            "build": { "commands": [verify(design, "")] },
        },
    })
}
