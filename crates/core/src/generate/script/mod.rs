//! A POSIX shell script on the `aws` command line, for those who may install nothing.
//!
//! What the intent says reaches AWS as JSON in ASCII between single quotes, in which no `'` and no backtick occurs: there
//! is nothing that a shell, the `aws` command line (`file://`) or its query language would act on. The functions are
//! the same in every script.

use serde_json::{Value, json};

use super::json::escaped;
use super::{Design, GenerateError, GeneratedFile, Labelled, Output, POLICY_TYPE};
use crate::org::TargetId;
use crate::plan::Wanted;

const OPTIONS: &str = include_str!("options.sh");
const FUNCTIONS: &str = include_str!("functions.sh");
const POLICIES: &str = include_str!("policies.sh");

/// The script. It takes the organization from any state to the one that `apply` produces, except that it deletes nothing.
///
/// # Errors
/// None today; the signature is that of every target.
pub fn generate(design: &Design) -> Result<Output, GenerateError> {
    let calls: String = design.policies.iter().map(policy).collect();
    let text = [&head(design), OPTIONS, FUNCTIONS, "\n", POLICIES, "\n", &calls, &body(design)].concat();
    let mut notes = design.notes();
    notes
        .push("the script deletes no policy: where exceptions ended, `optout plan` names what is left over".to_owned());
    Ok(Output::new(vec![GeneratedFile::program("opt-out.sh", text)], notes))
}

/// Only the step before a stack or a plan of other tools: the policy type.
pub(super) fn enable_only(design: &Design) -> String {
    let text = "\nlook\nenable_type\nsay \"the policy type is enabled at $root\"\n";
    [&head(design), FUNCTIONS, text].concat()
}

fn head(design: &Design) -> String {
    let organization = design.organization.as_ref().map_or("", |id| id.as_str());
    let about = "# Needs the aws command line, 1 or 2, with credentials of the management account.\n\
                 # Exit codes: 0 done, 1 something went wrong, 3 AWS's answer does not show it yet, 64 wrong usage.\n\
                 # The shell shall expand nothing in queries and JSON:\n# shellcheck disable=SC2016\nset -eu\n";
    format!("#!/bin/sh\n{}{about}\norganization='{organization}'\n\n", design.header("#"))
}

/// A text as a JSON literal of the query language.
fn literal(text: &str) -> String {
    format!("`{}`", quoted(&json!(text)))
}

/// JSON in ASCII without anything that a shell or the query language acts on between single quotes.
fn quoted(value: &Value) -> String {
    escaped(&value.to_string(), |character| !matches!(character, ' '..='~') || matches!(character, '\'' | '`'))
}

/// A function that sets the values of a policy.
fn policy(it: &Labelled) -> String {
    let Labelled { label, policy } = it;
    let tags: Vec<Value> = policy.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    let id = policy.id.as_ref().map_or("", |id| id.as_str());
    let targets: Vec<String> = policy.targets.iter().map(target).collect();
    let (name, description, content) = (&policy.name, &policy.description, &policy.content);
    let create =
        json!({ "Type": POLICY_TYPE, "Name": name, "Description": description, "Content": content, "Tags": tags });
    let update = json!({ "Name": name, "Description": description, "Content": content });
    let lines = [
        ("label", label.clone()),
        ("known", id.to_owned()),
        ("named", format!("Policies[?Name=={}].[Id]", literal(name))),
        ("create", quoted(&create)),
        ("update", quoted(&update)),
        ("right", right(policy)),
        ("tags", quoted(&json!({ "Tags": tags }))),
        ("tagged", tagged(policy)),
        ("tag_count", policy.tags.len().to_string()),
        ("targets", targets.join(" ")),
    ];
    let lines: String = lines.iter().map(|(name, value)| format!("    {name}='{value}'\n")).collect();
    format!("policy_{label}() {{\n{lines}}}\n\n")
}

/// Whether the policy says what it shall.
fn right(policy: &Wanted) -> String {
    let summary = format!(
        "Policy.PolicySummary.Name=={} && (Policy.PolicySummary.Description || {})=={}",
        literal(&policy.name),
        literal(""),
        literal(&policy.description)
    );
    format!("{summary} && Policy.Content=={}", literal(&policy.content))
}

/// The keys of the tags that are as they shall be.
fn tagged(policy: &Wanted) -> String {
    let same = |(key, value): (&String, &String)| format!("(Key=={} && Value=={})", literal(key), literal(value));
    let same: Vec<String> = policy.tags.iter().map(same).collect();
    format!("Tags[?{}].[Key]", same.join(" || "))
}

fn target(target: &TargetId) -> String {
    match target {
        TargetId::Root(_) => "root".to_owned(),
        TargetId::Unit(_) | TargetId::Account(_) => target.to_string(),
    }
}

fn body(design: &Design) -> String {
    let names: Vec<String> = design.policies.iter().map(|it| format!("policy_{}", it.label)).collect();
    let each = |work: &str| format!("for policy in $policies; do\n    $policy\n{work}done\n");
    let confirm = if confirms(design) { "confirm\n" } else { "" };
    [
        "# In the order in which they are to be attached: what closes comes before what opens.\n",
        &format!("policies='{}'\n\nlook\n", names.join(" ")),
        &each("    check_owner\n"),
        "enable_type\n",
        &each("    ensure\n    attach\n"),
        &each("    detach\n"),
        confirm,
        "say \"done: \\`optout verify\\` checks every account\"\n",
    ]
    .concat()
}

/// Whether the caller's own account must come to say that `default` is opted out: unless an exception could be about it.
fn confirms(design: &Design) -> bool {
    let main = design.policies.iter().find(|it| it.policy.is_main);
    let content: Value = main.and_then(|it| serde_json::from_str(&it.policy.content).ok()).unwrap_or_default();
    let default = content.pointer("/services/default/opt_out_policy/@@assign").and_then(Value::as_str);
    let others = design.policies.iter().filter(|it| !it.policy.is_main);
    let about_default = others.filter(|it| it.policy.opts_in() && it.policy.content.contains("\"default\"")).count();
    default == Some("optOut") && about_default == 0
}
