//! Rules about documents that AWS accepts, and that leave something open.

use super::Rule;
use crate::check::Severity;

/// In the order of the page.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "no-default",
        title: "The document sets no `default`",
        severity: Severity::Medium,
        why: "Services that are not named, and every future one, stay as they are.",
        remedy: "Add `default`, unless a policy further up sets it.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"{"services": {"lex": {"opt_out_policy": {"@@assign": "optOut"}}}}"#,
        right: r#"{"services": {"@@operators_allowed_for_child_policies": ["@@none"], "default": {"@@operators_allowed_for_child_policies": ["@@none"], "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"}}}}"#,
    },
    Rule {
        id: "default-opted-in",
        title: "`default` is opted in",
        severity: Severity::High,
        why: "AWS may use the content of every service that is not named, and of future ones.",
        remedy: "Write `optOut`.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"{"services": {"default": {"opt_out_policy": {"@@assign": "optIn"}}}}"#,
        right: r#"{"services": {"@@operators_allowed_for_child_policies": ["@@none"], "default": {"@@operators_allowed_for_child_policies": ["@@none"], "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"}}}}"#,
    },
    Rule {
        id: "service-opted-in",
        title: "A service is opted in",
        severity: Severity::Medium,
        why: "AWS may use its content wherever the policy applies. In a document without `default` this is only told: it was written for this.",
        remedy: "Write `optOut`, or declare the exception with its reason and end in the intent.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"{"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}, "lex": {"opt_out_policy": {"@@assign": "optIn"}}}}"#,
        right: r#"{"services": {"@@operators_allowed_for_child_policies": ["@@none"], "default": {"@@operators_allowed_for_child_policies": ["@@none"], "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"}}}}"#,
    },
    Rule {
        id: "redundant-service",
        title: "A service says the same as `default`",
        severity: Severity::Info,
        why: "It costs characters, and has to be kept in step.",
        remedy: "Leave it out, unless it is to undo what a policy further up says.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"{"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}, "lex": {"opt_out_policy": {"@@assign": "optOut"}}}}"#,
        right: r#"{"services": {"@@operators_allowed_for_child_policies": ["@@none"], "default": {"@@operators_allowed_for_child_policies": ["@@none"], "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"}}}}"#,
    },
    Rule {
        id: "no-services-lock",
        title: "`services` is open",
        severity: Severity::Medium,
        why: "A policy further down may name a service that this one does not, and opt it in, whatever is locked below.",
        remedy: r#"Add `"@@operators_allowed_for_child_policies": ["@@none"]` to `services`."#,
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (read 2026-11-23)",
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html (read 2026-11-23)",
        ],
        fix: Some("adds the lock"),
        wrong: r#"{"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}"#,
        right: r#"{"services": {"@@operators_allowed_for_child_policies": ["@@none"], "default": {"@@operators_allowed_for_child_policies": ["@@none"], "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"}}}}"#,
    },
    Rule {
        id: "no-default-lock",
        title: "`default` itself has no lock",
        severity: Severity::Low,
        why: "The lock of its setting decides; AWS's own example has both.",
        remedy: r#"Add `"@@operators_allowed_for_child_policies": ["@@none"]` to `default`."#,
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (read 2026-11-23)",
        ],
        fix: Some("adds the lock"),
        wrong: r#"{"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}"#,
        right: r#"{"services": {"@@operators_allowed_for_child_policies": ["@@none"], "default": {"@@operators_allowed_for_child_policies": ["@@none"], "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"}}}}"#,
    },
    Rule {
        id: "no-setting-lock",
        title: "A setting is open",
        severity: Severity::Medium,
        why: "A policy further down may assign another value.",
        remedy: r#"Add `"@@operators_allowed_for_child_policies": ["@@none"]` to `opt_out_policy`."#,
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (read 2026-11-23)",
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html (read 2026-11-23)",
        ],
        fix: Some("adds the lock"),
        wrong: r#"{"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}"#,
        right: r#"{"services": {"@@operators_allowed_for_child_policies": ["@@none"], "default": {"@@operators_allowed_for_child_policies": ["@@none"], "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"}}}}"#,
    },
    Rule {
        id: "policy-nearly-full",
        title: "The document is close to the size limit",
        severity: Severity::Info,
        why: "Services are added monthly; a document at nine tenths of the limit soon has no room.",
        remedy: "Use `default` and name only exceptions; minify.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: "(2,300 characters)",
        right: r#"{"services": {"@@operators_allowed_for_child_policies": ["@@none"], "default": {"@@operators_allowed_for_child_policies": ["@@none"], "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"}}}}"#,
    },
];
