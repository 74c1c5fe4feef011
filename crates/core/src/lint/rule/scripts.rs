//! Rules about scripts that call the Organizations API.

use super::Rule;
use crate::check::Severity;

/// In the order of the page.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "available-policy-types",
        title: "`AvailablePolicyTypes` is read",
        severity: Severity::High,
        why: "It is deprecated, and lists service control policies only: the answer is always that the type is not enabled.",
        remedy: "Read `PolicyTypes` of ListRoots.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html (read 2026-11-23)",
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListRoots.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: "aws organizations describe-organization --query 'Organization.AvailablePolicyTypes'",
        right: "aws organizations list-roots --query 'Roots[0].PolicyTypes'",
    },
    Rule {
        id: "missing-pagination",
        title: "Only the first page is read",
        severity: Severity::High,
        why: "A page has at most 20 entries, and may be empty with more to come: accounts beyond it are never checked.",
        remedy: "Follow `NextToken`, or use a paginator.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"accounts = client.list_accounts()["Accounts"]"#,
        right: r#"pages = client.get_paginator("list_accounts").paginate()"#,
    },
    Rule {
        id: "effective-policy-truthiness",
        title: "That there is an effective policy counts as opted out",
        severity: Severity::High,
        why: "The object is always there; its `PolicyContent` may be `{}` or opt in.",
        remedy: "Parse `PolicyContent` and look at every service.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"if answer["EffectivePolicy"]:"#,
        right: r#"content = json.loads(answer["EffectivePolicy"]["PolicyContent"])"#,
    },
    Rule {
        id: "operators-in-effective-policy",
        title: "An effective policy is searched for operators",
        severity: Severity::High,
        why: "Effective documents hold bare values: what is looked for is never there, and the check never passes.",
        remedy: "Read locks from the attached policies and values from the effective one.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_effective.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: "aws organizations describe-effective-policy … | grep '@@assign'",
        right: "aws organizations describe-effective-policy … | jq -r .EffectivePolicy.PolicyContent",
    },
    Rule {
        id: "account-status-retired",
        title: "Accounts are chosen by `Status`",
        severity: Severity::Medium,
        why: "The field was announced to be retired on 2026-09-09. Where it is absent, no account is looked at, and nothing fails.",
        remedy: "Read `State`, and `Status` only as a fallback.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"if account["Status"] == "ACTIVE":"#,
        right: r#"if account.get("State", account.get("Status")) == "ACTIVE":"#,
    },
    Rule {
        id: "default-presence-only",
        title: "That a policy names `default` counts as opted out",
        severity: Severity::Medium,
        why: "`default` may say `optIn`, a named service may, and the policy may be attached to nothing.",
        remedy: "Look at effective values.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"if "default" in content["services"]:"#,
        right: r#"if content["services"]["default"]["opt_out_policy"] == "optOut":"#,
    },
    Rule {
        id: "exit-code-ignored",
        title: "The check ends with 0 whatever it finds",
        severity: Severity::Medium,
        why: "A pipeline never fails.",
        remedy: "End with another code where an account is not opted out, and a third where that is unknown.",
        sources: &["https://docs.python.org/3/library/sys.html#sys.exit (read 2026-11-23)"],
        fix: None,
        wrong: r#"if __name__ == "__main__":
    verify()"#,
        right: r#"if __name__ == "__main__":
    sys.exit(0 if verify() else 2)"#,
    },
    Rule {
        id: "unknown-api-call",
        title: "The operation does not exist",
        severity: Severity::High,
        why: "`validate-policy-content` and others are in guides, and nowhere else: the step fails, or is skipped by `|| true`.",
        remedy: "Use an operation that exists; check documents with `optout lint`.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: "aws organizations validate-policy-content --policy-document file://policy.json",
        right: "optout lint policy.json",
    },
    Rule {
        id: "not-idempotent",
        title: "A second run fails",
        severity: Severity::Medium,
        why: "PolicyTypeAlreadyEnabledException, DuplicatePolicyException, DuplicatePolicyAttachmentException: a pipeline that runs after each deployment breaks at its second run.",
        remedy: "Read, compare, change only what differs.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html (read 2026-11-23)",
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html (read 2026-11-23)",
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"aws organizations enable-policy-type --root-id "$ROOT" --policy-type AISERVICES_OPT_OUT_POLICY"#,
        right: r#"aws organizations list-roots --query 'Roots[0].PolicyTypes' | grep -q AISERVICES_OPT_OUT_POLICY ||
  aws organizations enable-policy-type --root-id "$ROOT" --policy-type AISERVICES_OPT_OUT_POLICY"#,
    },
    Rule {
        id: "wrong-policy-id",
        title: "The id is read from a field that does not exist",
        severity: Severity::High,
        why: "CreatePolicy answers with `Policy.PolicySummary.Id`. From `Policy.PolicyId` nothing comes, and the policy is never attached.",
        remedy: "Read `Policy.PolicySummary.Id`.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html (read 2026-11-23)",
        ],
        fix: Some("writes the right field"),
        wrong: "--query 'Policy.PolicyId'",
        right: "--query 'Policy.PolicySummary.Id'",
    },
    Rule {
        id: "config-rule-without-evaluations",
        title: "A rule of AWS Config returns its verdict",
        severity: Severity::High,
        why: "AWS Config reads nothing of what a function returns.",
        remedy: "Report with PutEvaluations and the `ResultToken`.",
        sources: &["https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html (read 2026-11-23)"],
        fix: None,
        wrong: r#"return {"compliance_type": "COMPLIANT"}"#,
        right: r#"config.put_evaluations(Evaluations=…, ResultToken=event["resultToken"])"#,
    },
    Rule {
        id: "attachment-as-compliance",
        title: "An attachment counts as a verdict",
        severity: Severity::High,
        why: "Neither the content of the policy nor what policies below override is read.",
        remedy: "Ask DescribeEffectivePolicy for every account.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"if any(t["Type"] == "ROOT" for t in targets): return "COMPLIANT""#,
        right: "effective = client.describe_effective_policy(…)",
    },
    Rule {
        id: "errors-as-verdict",
        title: "An error counts as an answer",
        severity: Severity::Medium,
        why: "What could not be read is unknown. Counted as compliant it hides accounts; counted as a failure it cries wolf.",
        remedy: "Report it as unknown, with the permission that is missing.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: "except Exception:\n    return True",
        right: "except ClientError as error:\n    unknown.append((account, error))",
    },
];
