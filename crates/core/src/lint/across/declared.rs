//! Rules over declared policies and organizations: types, names, who owns the organization, what is enabled.

use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::facts::classify::is_document;
use crate::lint::facts::{AI_TYPE, Body, Facts, Organization, Origin, Policy, Type};
use crate::lint::fix::Seed;
use crate::lint::read::value::Value;

/// Everything about single declarations. `enables` says whether something in the repository enables the policy type.
pub(in crate::lint) fn check(facts: &Facts, enables: bool) -> Vec<(usize, Finding)> {
    let mut found: Vec<(usize, Finding)> = facts
        .policies
        .iter()
        .flat_map(|policy| {
            let file = policy.at.file;
            [wrong_type(policy), changing_name(policy), as_text(policy)].into_iter().flatten().map(move |it| (file, it))
        })
        .collect();
    found.extend(facts.organizations.iter().flat_map(|it| organization(it, facts, enables)));
    found
}

/// An opt-out document under another type, or under none where the language takes another one.
fn wrong_type(policy: &Policy) -> Option<Finding> {
    let document = policy.document.as_ref()?;
    let is_opt_out = match &document.body {
        Body::Tree(json, _) => is_document(&Value::from(json)),
        Body::Text(text) => text.value.contains("opt_out_policy") && !text.value.contains("\"Statement\""),
        Body::File => false,
    };
    if !is_opt_out {
        return None;
    }
    match &policy.kind {
        Type::Named(name, span) if name != AI_TYPE => {
            let message = format!("the content is an AI services opt-out policy, the type is `{name}`");
            let finding =
                Finding::new("wrong-policy-type", Severity::High, *span, message, format!("write `{AI_TYPE}`"));
            Some(finding.fixed_by(Seed::Word { span: *span, from: name.clone(), to: AI_TYPE.to_owned() }))
        }
        Type::Missing => {
            let takes =
                if policy.language == Origin::Terraform { ": Terraform takes `SERVICE_CONTROL_POLICY`" } else { "" };
            let message = format!("the policy has no type{takes}");
            Some(Finding::new(
                "wrong-policy-type",
                Severity::High,
                policy.at.span,
                message,
                format!("say that its type is `{AI_TYPE}`"),
            ))
        }
        Type::Named(..) | Type::Open => None,
    }
}

/// A name that is another one at every run makes a new policy at every run.
fn changing_name(policy: &Policy) -> Option<Finding> {
    let name = policy.name.as_ref()?;
    let changes = |mention: &&str| {
        let lower = mention.to_lowercase();
        [
            "timestamp()",
            "uuid()",
            "formatdate()",
            "datetime",
            "time.time",
            "time()",
            "strftime",
            "uuid4",
            "uuid.",
            "date.now",
            "new date",
            "$(date",
            "`date",
            "$random",
            "uuidgen",
            "$epochseconds",
            "epochrealtime",
            "randomuuid",
            "date()",
        ]
        .iter()
        .any(|word| lower.contains(word))
    };
    name.mentions().iter().find(|it| changes(it))?;
    let message = "the name is another one at every run: policies pile up, or the attached one is replaced each time";
    Some(Finding::new("changing-name", Severity::Medium, name.span, message, "give it a fixed name"))
}

fn as_text(policy: &Policy) -> Option<Finding> {
    let span = policy.as_text.filter(|_| policy.is_ai())?;
    let message = "the content is a text: CloudFormation does not detect drift of it";
    Some(Finding::new("content-as-text", Severity::Info, span, message, "write the content as an object"))
}

fn organization(organization: &Organization, facts: &Facts, enables: bool) -> Vec<(usize, Finding)> {
    let mut found = Vec::new();
    let has_policies = facts.policies.iter().any(Policy::is_ai);
    let beside = facts.policies.iter().any(|policy| policy.is_ai() && policy.unit == organization.unit);
    if beside && !organization.protected {
        let (message, help) = match organization.language {
            Origin::Terraform => (
                "the module owns the organization: one that exists is not adopted, and a destroy tries to delete it",
                "refer to it with `data \"aws_organizations_organization\"`; where Terraform is to own it, add an `import` block and `prevent_destroy`",
            ),
            Origin::CloudFormation | Origin::Cdk | Origin::Code | Origin::Shell => (
                "the stack owns the organization: where one exists it fails, and deleting the stack tries to delete it",
                "take the root's id as a parameter; where the stack is to own the organization, retain it on deletion",
            ),
        };
        found.push(Finding::new("organization-owned", Severity::Medium, organization.at.span, message, help));
    }
    match &organization.types {
        Some(types) if types.iter().any(|name| name == AI_TYPE) => {
            if let ([_], Some(span)) = (types.as_slice(), organization.types_span) {
                let message = format!(
                    "only `{AI_TYPE}` is enabled: Terraform switches every other policy type off, service control policies too, and detaches them"
                );
                let help = "list every type that is enabled now: `aws organizations list-roots --query 'Roots[0].PolicyTypes'`";
                found.push(Finding::new("enabled-types-dropped", Severity::High, span, message, help));
            }
        }
        Some(_) if has_policies && !enables => {
            let span = organization.types_span.unwrap_or(organization.at.span);
            let help = match organization.language {
                Origin::Terraform => {
                    "add `AISERVICES_OPT_OUT_POLICY` to `enabled_policy_types`, beside the types that are enabled now"
                }
                Origin::CloudFormation | Origin::Cdk | Origin::Code | Origin::Shell => {
                    "CloudFormation cannot enable a policy type: call EnablePolicyType before the stack, or from a custom resource"
                }
            };
            let message = "nothing in the repository enables the policy type of the organization it makes: the policy cannot be attached";
            found.push(Finding::new("type-not-enabled", Severity::High, span, message, help));
        }
        Some(_) | None => {}
    }
    found.into_iter().map(|finding| (organization.at.file, finding)).collect()
}

/// Whether a text enables the policy type by calling AWS.
pub(in crate::lint) fn enables(text: &str) -> bool {
    let calls = ["enable-policy-type", "enable_policy_type", "enablePolicyType", "EnablePolicyTypeCommand"];
    calls.iter().any(|call| text.contains(call))
        || (text.contains("Custom::") && text.contains(AI_TYPE) && has_custom_type(text))
}

/// `PolicyType: AISERVICES_OPT_OUT_POLICY` among the properties of a custom resource.
fn has_custom_type(text: &str) -> bool {
    text.lines()
        .any(|line| line.contains(AI_TYPE) && line.to_lowercase().replace(['_', ' '], "").contains("policytype"))
}
