//! Rules over policies and attachments: never attached, attached to accounts one by one, to the wrong account.

use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::facts::{Attachment, Facts, Origin, Policy, Target};

/// Everything about attachments.
pub(in crate::lint) fn check(facts: &Facts) -> Vec<(usize, Finding)> {
    let ai: Vec<&Policy> = facts.policies.iter().filter(|policy| policy.is_ai()).collect();
    let mut found = never_attached(facts, &ai);
    let attachments: Vec<&Attachment> = facts.attachments.iter().filter(|it| concerns(it, facts, &ai)).collect();
    found.extend(attachments.iter().filter_map(|it| own_account(it)));
    found.extend(one_by_one(&attachments, &ai));
    found
}

/// Whether an attachment is one of an AI services opt-out policy.
fn concerns(attachment: &Attachment, facts: &Facts, ai: &[&Policy]) -> bool {
    match &attachment.policy {
        Some(address) => ai.iter().any(|policy| policy.unit == attachment.unit && policy.address == *address),
        // Which policy it is cannot be told: it is one of ours if the unit has no other.
        None => ai.iter().any(|policy| policy.unit == attachment.unit) && !has_others(facts, &attachment.unit),
    }
}

fn has_others(facts: &Facts, unit: &str) -> bool {
    facts.policies.iter().any(|policy| policy.unit == unit && !policy.is_ai())
}

fn never_attached(facts: &Facts, ai: &[&Policy]) -> Vec<(usize, Finding)> {
    let attaches = |policy: &Policy| match policy.language {
        Origin::Terraform | Origin::CloudFormation | Origin::Cdk => {
            policy.used
                || facts.attachments.iter().any(|it| match &it.policy {
                    Some(address) => it.unit == policy.unit && *address == policy.address,
                    None => it.unit == policy.unit,
                })
        }
        // Scripts call each other: an attachment anywhere in the repository may be theirs.
        Origin::Code | Origin::Shell => {
            policy.used || facts.attachments.iter().any(|it| matches!(it.language, Origin::Code | Origin::Shell))
        }
    };
    let unattached = ai.iter().filter(|policy| !attaches(policy));
    unattached
        .map(|policy| {
            let help = match policy.language {
                Origin::Terraform => "add an `aws_organizations_policy_attachment` to the root",
                Origin::CloudFormation | Origin::Cdk => "give the root's id in its target ids",
                Origin::Code | Origin::Shell => "attach it to the root with AttachPolicy",
            };
            let message = "the policy is attached to nothing: it opts nobody out";
            (policy.at.file, Finding::new("policy-never-attached", Severity::High, policy.at.span, message, help))
        })
        .collect()
}

fn own_account(attachment: &Attachment) -> Option<(usize, Finding)> {
    let message =
        "the policy is attached to the account that this runs in, and to no other: member accounts are not opted out";
    let help = "attach it to the root: it then holds for the management account and every member";
    (attachment.target == Target::OwnAccount).then(|| {
        let finding = Finding::new("attached-to-own-account", Severity::High, attachment.at.span, message, help);
        (attachment.at.file, finding)
    })
}

/// Attachments below the root, where nothing in the repository is attached to the root.
fn one_by_one(attachments: &[&Attachment], ai: &[&Policy]) -> Vec<(usize, Finding)> {
    let covers = |target: Target| attachments.iter().any(|it| it.target == target);
    let covered = covers(Target::Root) || covers(Target::Unknown);
    let opts_in_only = ai.iter().all(|policy| policy.document.is_none());
    let single = attachments.iter().filter(|it| it.target == Target::Account).count();
    let found = attachments.iter().filter(|_| !covered).filter_map(|attachment| match attachment.target {
        Target::EachAccount => Some(("attached-per-account", Severity::Medium)),
        Target::Account if single > 1 => Some(("attached-per-account", Severity::Medium)),
        Target::Account | Target::Unit if !opts_in_only => Some(("attached-below-root", Severity::Low)),
        Target::Account | Target::Unit | Target::Root | Target::OwnAccount | Target::Unknown => None,
    }.map(|(rule, severity)| {
        let (message, help) = if rule == "attached-per-account" {
            ("the policy is attached to accounts one by one: an account that is made or invited later is not opted out",
             "attach it to the root once; keep attachments to accounts for exceptions")
        } else {
            ("the policy is attached below the root only: accounts elsewhere, the management account among them, are not opted out",
             "attach it to the root, unless only these accounts are meant")
        };
        (attachment.at.file, Finding::new(rule, severity, attachment.at.span, message, help))
    }));
    found.collect()
}
