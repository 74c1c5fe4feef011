//! The page for those whose Terraform already owns the organization: comments only.

use super::super::hcl::{Item, file};
use super::super::{Design, POLICY_TYPE};
use super::MODULE;

/// `owned-organization.tf`.
pub(super) fn page(design: &Design) -> String {
    let mut lines: Vec<String> = [
        "Only where a configuration of yours already has the resource `aws_organizations_organization`.",
        "Never add that resource for this: destroying it can delete the organization.",
        "",
        "There, one line enables the policy type. The list is the whole of it: what is not in it is switched off, and",
        "its policies are detached everywhere. So keep what is there and add one:",
        "",
        "  enabled_policy_types = [",
    ]
    .map(str::to_owned)
    .into();
    let enabled = design.enabled_types.iter().flatten().filter(|it| *it != POLICY_TYPE);
    lines.extend(enabled.map(|it| format!("    \"{it}\",")));
    if design.enabled_types.is_none() {
        lines.push("    # what `aws organizations list-roots` shows as enabled today".to_owned());
    }
    lines.push(format!("    \"{POLICY_TYPE}\","));
    lines.push("  ]".to_owned());
    lines.push(String::new());
    lines.push(
        "If this module is called beside it, make the module wait, so that it looks after that change:".to_owned(),
    );
    lines.push(String::new());
    lines.push(format!("  module \"{MODULE}\" {{"));
    lines.push(format!("    source     = \"./{MODULE}\""));
    lines.push("    depends_on = [aws_organizations_organization.NAME]".to_owned());
    lines.push("  }".to_owned());
    let items: Vec<Item> = lines.into_iter().map(Item::Comment).collect();
    design.header("#") + "#\n" + &file(&items)
}
