//! The root module: the call, and the imports, which Terraform allows nowhere else.

use super::super::hcl::{Expression, Item, file};
use super::super::{Design, Labelled};
use super::MODULE;
use super::module::{attachment_label, versions};
use crate::org::TargetId;

/// `main.tf`.
pub(super) fn main(design: &Design) -> String {
    let source = Item::text("source", format!("./{MODULE}"));
    let outputs = Item::block(
        "output",
        &["policy_ids"],
        vec![
            Item::text("description", "The ids of the policies."),
            Item::code("value", format!("module.{MODULE}.policy_ids")),
        ],
    );
    let items = [versions(), Item::Empty, Item::block("module", &[MODULE], vec![source]), Item::Empty, outputs];
    design.header("#") + "\n" + &file(&items)
}

/// `imports.tf`; `None` where nothing is there yet.
pub(super) fn imports(design: &Design) -> Option<String> {
    let blocks: Vec<Item> = design.policies.iter().flat_map(|it| policy_imports(design, it)).collect();
    if blocks.is_empty() {
        return None;
    }
    let comment = Item::Comment("Needed once; may be deleted after `terraform apply`.".to_owned());
    let mut items = vec![comment];
    for block in blocks {
        items.extend([Item::Empty, block]);
    }
    Some(design.header("#") + &file(&items))
}

fn policy_imports(design: &Design, it: &Labelled) -> Vec<Item> {
    let Some(id) = &it.policy.id else { return Vec::new() };
    let import = |to: String, id: String| {
        let to = Item::Attribute("to", Expression::code(format!("module.{MODULE}.{to}")));
        Item::block("import", &[], vec![to, Item::text("id", id)])
    };
    let policy = import(format!("aws_organizations_policy.{}", it.label), id.to_string());
    let there = it.policy.targets.iter().filter(|target| it.policy.attached.contains(target));
    let attachments = there.map(|target| {
        let to = format!("aws_organizations_policy_attachment.{}", attachment_label(it, target));
        import(to, format!("{}:{id}", root_or(design, target)))
    });
    std::iter::once(policy).chain(attachments).collect()
}

fn root_or(design: &Design, target: &TargetId) -> String {
    match (target, &design.root) {
        (TargetId::Root(_), Some(root)) => root.to_string(),
        (target, _) => target.to_string(),
    }
}
