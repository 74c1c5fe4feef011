//! Every rule of `optout lint`: what it is for, how grave it is, what to do, and where that is known from.

mod admission;
mod documents;
mod infrastructure;
mod reading;
mod scripts;
mod surroundings;

use std::sync::LazyLock;

use crate::check::Severity;

/// The smallest document that opts out of everything.
const OPTED_OUT: &str = r#"{"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}"#;
/// The same, locked.
const LOCKED: &str = r#"{"services": {"@@operators_allowed_for_child_policies": ["@@none"], "default": {"@@operators_allowed_for_child_policies": ["@@none"], "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"}}}}"#;

// What several rules are known from.
const SYNTAX: &str = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (read 2026-11-23)";
const INHERITANCE: &str = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html (read 2026-11-23)";
const LIMITS: &str =
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (read 2026-11-23)";
const CLOUDFORMATION: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html (read 2026-11-23)";
const TERRAFORM_ORGANIZATION: &str = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_organization (read 2026-11-23)";
const RECORDED: &str =
    "120 recorded answers of CreatePolicy and UpdatePolicy, crates/core/tests/data (read 2026-11-23)";

/// A rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, in kebab-case. A promise: once released it is not renamed.
    pub id: &'static str,
    /// What is wrong, in one line.
    pub title: &'static str,
    /// How grave it is, mostly; single findings may be more or less so.
    pub severity: Severity,
    /// Why it matters.
    pub why: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// Where it is known from.
    pub sources: &'static [&'static str],
    /// What `--fix` does, where the remedy is certain.
    pub fix: Option<&'static str>,
    /// An example of it.
    pub wrong: &'static str,
    /// How it is right.
    pub right: &'static str,
}

/// A part of the rules.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// What its rules are about.
    pub title: &'static str,
    /// Its rules.
    pub rules: &'static [Rule],
}

/// All rules, by what they are about.
pub const GROUPS: [Group; 6] = [
    Group { title: "Documents that leave something open", rules: documents::RULES },
    Group { title: "Documents that AWS refuses", rules: admission::RULES },
    Group { title: "Infrastructure code", rules: infrastructure::RULES },
    Group { title: "Scripts that call the API", rules: scripts::RULES },
    Group { title: "What else guides recommend", rules: surroundings::RULES },
    Group { title: "Texts that cannot be read, and comments for this tool", rules: reading::RULES },
];

/// All rules.
pub static ALL: LazyLock<Vec<Rule>> =
    LazyLock::new(|| GROUPS.iter().flat_map(|group| group.rules.iter().copied()).collect());

/// A rule by its name.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_in_kebab_case() {
        let mut ids: Vec<&str> = ALL.iter().map(|rule| rule.id).collect();
        assert!(ids.iter().all(|id| id.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-')));
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }

    #[test]
    fn every_rule_about_accepted_documents_is_told_of() {
        for rule in super::super::rules::ALL {
            let told = find(rule.id).unwrap_or_else(|| panic!("{} has no page", rule.id));
            assert_eq!(told.severity, rule.severity, "{}", rule.id);
        }
    }

    #[test]
    fn every_rule_says_why_what_to_do_and_whence() {
        for rule in ALL.iter() {
            assert!(rule.why.ends_with('.') && rule.remedy.ends_with('.'), "{}", rule.id);
            assert!(!rule.sources.is_empty() && !rule.wrong.is_empty() && !rule.right.is_empty(), "{}", rule.id);
        }
    }
}
