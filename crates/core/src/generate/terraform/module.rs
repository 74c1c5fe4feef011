//! The module: the policies as values, the resources made of them, the conditions that stop a plan.

use serde_json::{Value, json};

use super::super::hcl::{Expression, Item, file};
use super::super::{Design, Labelled, POLICY_TYPE};
use super::enabler::{self, Enabler};
use crate::org::TargetId;

/// The organization as data.
const ORGANIZATION: &str = "data.aws_organizations_organization.current";

/// What both modules need: `import` and conditions, and a provider with `policy_types` in its data source.
pub(in crate::generate) fn versions() -> Item {
    let provider = Expression::Object(vec![
        ("source".to_owned(), Expression::text("hashicorp/aws")),
        ("version".to_owned(), Expression::text(">= 5.0")),
    ]);
    let providers = Item::block("required_providers", &[], vec![Item::Attribute("aws", provider)]);
    Item::block("terraform", &[], vec![Item::text("required_version", ">= 1.5"), Item::Empty, providers])
}

/// The name of the resource that attaches a policy at a target.
pub(super) fn attachment_label(it: &Labelled, target: &TargetId) -> String {
    match target {
        TargetId::Root(_) => format!("{}_root", it.label),
        TargetId::Unit(_) | TargetId::Account(_) => {
            format!("{}_{}", it.label, target.to_string().replace('-', "_"))
        }
    }
}

/// `main.tf` of the module.
pub(super) fn main(design: &Design, function: Option<&Enabler>) -> String {
    let mut items = vec![versions(), Item::Empty];
    items.extend(function.into_iter().flat_map(|it| enabler::items(it, meant())));
    items.extend([organization(function.is_some()), Item::Empty, locals()]);
    let mut before: Vec<String> = Vec::new();
    for it in &design.policies {
        items.extend([Item::Empty, policy(it)]);
        let now: Vec<String> = it.policy.targets.iter().map(|target| attachment_label(it, target)).collect();
        for (label, target) in now.iter().zip(&it.policy.targets) {
            items.extend([Item::Empty, attachment(it, label, target, &before)]);
        }
        // What closes comes before what opens: each policy's attachments wait for those of the one before.
        before = now;
    }
    design.header("#") + "\n" + &file(&items)
}

/// That it is the organization that is meant.
fn meant() -> Item {
    let right = vec![
        Item::code("condition", "var.organization_id == null || self.id == var.organization_id"),
        Item::text("error_message", "These credentials are of another organization than var.organization_id."),
    ];
    Item::block("lifecycle", &[], vec![Item::block("postcondition", &[], right)])
}

fn organization(waits: bool) -> Item {
    let mut body = if waits { enabler::after_the_call() } else { Vec::new() };
    body.push(meant());
    Item::block("data", &["aws_organizations_organization", "current"], body)
}

fn locals() -> Item {
    Item::block(
        "locals",
        &[],
        vec![
            Item::code("root_id", format!("{ORGANIZATION}.roots[0].id")),
            Item::code(
                "enabled_policy_types",
                format!("[for it in {ORGANIZATION}.roots[0].policy_types : it.type if it.status == \"ENABLED\"]"),
            ),
        ],
    )
}

fn policy(it: &Labelled) -> Item {
    let local = format!("local.policies.{}", it.label);
    let name = if it.policy.is_main { format!("coalesce(var.name, {local}.name)") } else { format!("{local}.name") };
    let body = vec![
        Item::code("name", name),
        Item::code("description", format!("{local}.description")),
        Item::text("type", POLICY_TYPE),
        Item::code("content", format!("jsonencode({local}.document)")),
        Item::code("tags", "merge(local.tags, var.tags)"),
        Item::Empty,
        lifecycle(it),
    ];
    Item::block("resource", &["aws_organizations_policy", &it.label], body)
}

fn lifecycle(it: &Labelled) -> Item {
    let message = format!(
        "\"The policy type is off, and only an owner of the organization can turn it on with Terraform. Run: aws organizations \
         enable-policy-type --root-id ${{local.root_id}} --policy-type {POLICY_TYPE}\""
    );
    let condition = vec![
        Item::code("condition", format!("contains(local.enabled_policy_types, \"{POLICY_TYPE}\")")),
        Item::code("error_message", message),
    ];
    let mut body = Vec::new();
    if it.policy.opts_out() {
        body.extend([Item::code("prevent_destroy", "true"), Item::Empty]);
    }
    body.push(Item::block("precondition", &[], condition));
    Item::block("lifecycle", &[], body)
}

fn attachment(it: &Labelled, label: &str, target: &TargetId, before: &[String]) -> Item {
    let target = match target {
        TargetId::Root(_) => Item::code("target_id", "local.root_id"),
        TargetId::Unit(_) | TargetId::Account(_) => Item::text("target_id", target.to_string()),
    };
    let mut body = vec![Item::code("policy_id", format!("aws_organizations_policy.{}.id", it.label)), target];
    if it.policy.opts_out() {
        let kept = vec![Item::code("prevent_destroy", "true")];
        body.extend([Item::Empty, Item::block("lifecycle", &[], kept)]);
    }
    if !before.is_empty() {
        let resource = |label: &String| Expression::code(format!("aws_organizations_policy_attachment.{label}"));
        let before = Expression::List(before.iter().map(resource).collect());
        body.extend([Item::Empty, Item::Attribute("depends_on", before)]);
    }
    Item::block("resource", &["aws_organizations_policy_attachment", label], body)
}

/// `policies.tf` of the module: values only, so that a review sees what is said and nothing else.
pub(super) fn policies(design: &Design) -> String {
    let entry = |it: &Labelled| {
        let policy = &it.policy;
        let document = serde_json::from_str::<Value>(&policy.content).unwrap_or_default();
        let entries = vec![
            ("name".to_owned(), Expression::text(&policy.name)),
            ("description".to_owned(), Expression::text(&policy.description)),
            ("document".to_owned(), Expression::of(&document)),
        ];
        (it.label.clone(), Expression::Object(entries))
    };
    let policies = Expression::Object(design.policies.iter().map(entry).collect());
    let tags = design.policies.first().map(|it| it.policy.tags.clone()).unwrap_or_default();
    let body = vec![
        Item::Attribute("policies", policies),
        Item::Empty,
        Item::Comment("With `optout:managed`, optout knows the policies as its own.".to_owned()),
        Item::Attribute("tags", Expression::of(&json!(tags))),
    ];
    design.header("#") + "\n" + &file(&[Item::block("locals", &[], body)])
}

/// `variables.tf` of the module.
pub(super) fn variables(design: &Design) -> String {
    let organization = design.organization.as_ref();
    let organization = organization.map_or_else(|| Expression::code("null"), |id| Expression::text(id.as_str()));
    let items = [
        variable(
            "organization_id",
            "The organization that is meant; null for any.",
            "string",
            organization,
            "var.organization_id == null || can(regex(\"^o-[a-z0-9]{10,32}$\", var.organization_id))",
            "It begins with o-.",
        ),
        Item::Empty,
        variable(
            "name",
            "Another name for the main policy; null for the one of the intent.",
            "string",
            Expression::code("null"),
            "var.name == null || try(length(var.name) >= 1 && length(var.name) <= 128, false)",
            "A name has 1 to 128 characters.",
        ),
        Item::Empty,
        variable(
            "tags",
            "More tags for every policy.",
            "map(string)",
            Expression::Object(Vec::new()),
            "alltrue([for key, value in var.tags : length(key) <= 128 && length(value) <= 256 && !startswith(key, \"aws:\") && key != \
             \"optout:managed\"])",
            "Keys have at most 128 characters, values 256; aws: and optout:managed are taken.",
        ),
    ];
    design.header("#") + "\n" + &file(&items)
}

fn variable(name: &str, description: &str, kind: &str, default: Expression, condition: &str, message: &str) -> Item {
    let validation = vec![Item::code("condition", condition), Item::text("error_message", message)];
    let body = vec![
        Item::text("description", description),
        Item::code("type", kind),
        Item::Attribute("default", default),
        Item::Empty,
        Item::block("validation", &[], validation),
    ];
    Item::block("variable", &[name], body)
}

/// `outputs.tf` of the module.
pub(super) fn outputs(design: &Design) -> String {
    let id = |it: &Labelled| (it.label.clone(), Expression::code(format!("aws_organizations_policy.{}.id", it.label)));
    let ids = Expression::Object(design.policies.iter().map(id).collect());
    let body = vec![Item::text("description", "The ids of the policies."), Item::Attribute("value", ids)];
    design.header("#") + "\n" + &file(&[Item::block("output", &["policy_ids"], body)])
}
