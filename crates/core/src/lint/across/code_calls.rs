//! Rules about the calls that a script makes: which there are, what becomes of a second run, what its verdict rests on.

use std::collections::BTreeSet;

use super::code::View;
use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::facts::AI_TYPE;
use crate::lint::facts::api::{OPERATIONS, nearest, snake};
use crate::lint::fix::Seed;
use crate::lint::read::code_value::Call;
use crate::source::Span;

/// A script that verifies, and ends with 0 whatever it finds.
pub(super) fn exit_code(view: &View<'_>) -> Vec<Finding> {
    let all = view.all();
    let Some(main) =
        view.find(all, "__main__").filter(|_| view.python() && view.calls_any(all, "describe_effective_policy"))
    else {
        return Vec::new();
    };
    let judges = ["verif", "complian", "opted", "check", "audit"].iter().any(|word| view.holds(all, word));
    let fails = view.has_any(all, &["raise", "assert"]) || view.script.calls.iter().any(is_failing_exit);
    let finding = unfailing(view.span(main));
    if judges && !fails { vec![finding] } else { Vec::new() }
}

/// `sys.exit(…)` with something that is not always 0.
fn is_failing_exit(call: &Call) -> bool {
    let exits = matches!(call.name(), "exit" | "_exit" | "SystemExit" | "quit");
    let zero = |value: &crate::lint::read::value::Value| matches!(&value.kind, crate::lint::read::value::ValueKind::Number(number) if number == "0");
    exits && call.positional.first().is_some_and(|value| !zero(value))
}

/// Shared with shell scripts.
pub(super) fn unfailing(span: Span) -> Finding {
    let message = "the check ends with 0 whatever it finds: a pipeline never fails";
    let help = "end with 0 only where every account is opted out, with another code where one is not, and with a third where that is unknown";
    Finding::new("exit-code-ignored", Severity::Medium, span, message, help)
}

/// CreatePolicy for an opt-out policy without its description, where all arguments are written out.
pub(super) fn without_description(view: &View<'_>) -> Vec<Finding> {
    let names = &view.script.names;
    let ours = |call: &&Call| {
        let kind = call.named(&["Type"]).map(|value| names.resolve(value));
        kind.is_some_and(|kind| kind.text() == Some(AI_TYPE))
    };
    let found =
        view.script.operation("create_policy").filter(ours).filter(|call| call.named(&["Description"]).is_none());
    let written = found.filter(|call| !spreads(view, call));
    written.map(|call| undescribed(call.span, "Description")).collect()
}

/// Whether a call is given arguments that are written elsewhere.
fn spreads(view: &View<'_>, call: &Call) -> bool {
    let rest = view.script.code.text.get(call.span.end..).unwrap_or_default();
    let end = rest.find("\n\n").unwrap_or(rest.len());
    rest.get(..end).is_some_and(|text| text.contains("**") || text.contains("..."))
}

/// Shared with shell scripts.
pub(super) fn undescribed(span: Span, parameter: &str) -> Finding {
    let message = format!("`{parameter}` is missing: CreatePolicy requires it for every type, and nothing is created");
    let help = format!("give `{parameter}`, which may be empty: say what the policy is for");
    Finding::new("policy-without-description", Severity::High, span, message, help)
}

/// Methods of an Organizations client that do not exist.
pub(super) fn unknown_calls(view: &View<'_>) -> Vec<Finding> {
    const GENERIC: [&str; 8] = [
        "get_paginator",
        "can_paginate",
        "get_waiter",
        "close",
        "generate_presigned_url",
        "exceptions",
        "meta",
        "waiter_names",
    ];
    let code = &view.script.code;
    let clients: BTreeSet<&str> = (0..code.tokens.len())
        .filter(|at| code.string(*at) == Some("organizations") && *at >= 2 && matches!(code.word(at - 2), "client"))
        .filter_map(|at| {
            (0..at).rev().find(|it| code.word(*it) == "=").filter(|it| at - it < 12).and_then(|it| it.checked_sub(1))
        })
        .map(|at| code.word(at))
        .collect();
    let on_client = |call: &&Call| {
        call.callee
            .rsplit_once('.')
            .is_some_and(|(head, _)| clients.contains(head.rsplit('.').next().unwrap_or_default()))
    };
    let unknown = |call: &&Call| view.python() && !OPERATIONS.contains(&call.name()) && !GENERIC.contains(&call.name());
    view.script
        .calls
        .iter()
        .filter(on_client)
        .filter(unknown)
        .map(|call| unknown_call(call.span, call.name()))
        .collect()
}

/// Shared with shell scripts.
pub(super) fn unknown_call(span: Span, name: &str) -> Finding {
    let message = format!("AWS Organizations has no operation `{name}`");
    let near =
        nearest(&snake(name)).map(|near| if name.contains('-') { near.replace('_', "-") } else { near.to_owned() });
    let help = match near {
        _ if name.contains("validate") => {
            "AWS validates a policy only when it is created: check it with `optout lint`".to_owned()
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => "the operations are listed in AWS's API reference".to_owned(),
    };
    Finding::new("unknown-api-call", Severity::High, span, message, help)
}

/// What a second run fails on.
pub(super) fn not_idempotent(view: &View<'_>) -> Vec<Finding> {
    let all = view.all();
    let creates = view.script.operation("create_policy").filter(|call| call.named(&["Content"]).is_some());
    let stack_event = view.has(all, "RequestType");
    let reads_policies = view.has_any(all, &["list_policies", "ListPoliciesCommand", "listPolicies"]);
    let reads_targets = view.has_any(
        all,
        &[
            "list_targets_for_policy",
            "list_policies_for_target",
            "ListTargetsForPolicyCommand",
            "ListPoliciesForTargetCommand",
            "listTargetsForPolicy",
        ],
    );
    let handles = |part: &str| view.holds(all, part);
    let mut found: Vec<Finding> = Vec::new();
    if !stack_event && !reads_policies && !handles("duplicatepolicy") {
        found.extend(creates.map(|call| repeated(call.span, "create_policy", "DuplicatePolicyException")));
    }
    if !handles("alreadyenabled") && !view.has(all, "PolicyTypes") {
        let enabling = view.script.operation("enable_policy_type");
        found.extend(
            enabling.map(|call| repeated(call.span, "enable_policy_type", "PolicyTypeAlreadyEnabledException")),
        );
    }
    if !stack_event && !reads_targets && !handles("duplicatepolicyattachment") && handles("aiservices") {
        let attaching = view.script.operation("attach_policy").filter(|call| call.named(&["TargetId"]).is_some());
        found.extend(attaching.map(|call| repeated(call.span, "attach_policy", "DuplicatePolicyAttachmentException")));
    }
    found
}

/// Shared with shell scripts.
pub(super) fn repeated(span: Span, operation: &str, exception: &str) -> Finding {
    let message = format!("a second run fails here: `{operation}` answers {exception}");
    let help = "read what is there, compare, and change only what differs";
    Finding::new("not-idempotent", Severity::Medium, span, message, help)
}

/// `response["Policy"]["PolicyId"]`, where the id is `Policy.PolicySummary.Id`.
pub(super) fn wrong_policy_id(view: &View<'_>) -> Vec<Finding> {
    let code = &view.script.code;
    let creates = view.script.operation("create_policy").any(|call| call.named(&["Content"]).is_some());
    if !creates || (0..code.tokens.len()).any(|at| code.string(at) == Some("iam")) {
        return Vec::new();
    }
    let word = |at: usize| code.string(at).unwrap_or(code.word(at));
    let step = |at: usize| match (code.word(at), code.word(at + 1)) {
        ("]", "[") => Some(at + 2),
        ("." | "?.", _) => Some(at + 1),
        _ => None,
    };
    let wrong = (0..code.tokens.len()).filter(|at| word(*at) == "Policy").filter_map(|at| step(at + 1));
    wrong
        .filter(|at| matches!(word(*at), "PolicyId" | "Id"))
        .map(|at| {
            let subscript = code.string(at).is_some();
            let (from, to) = if subscript {
                let quote = code.word(at).get(..1).unwrap_or("\"");
                (code.word(at).to_owned(), format!("{quote}PolicySummary{quote}][{quote}Id{quote}"))
            } else {
                (word(at).to_owned(), "PolicySummary.Id".to_owned())
            };
            policy_id(view.span(at), from, to)
        })
        .collect()
}

/// Shared with shell scripts.
pub(super) fn policy_id(span: Span, from: String, to: String) -> Finding {
    let message = "the answer of CreatePolicy has no such field: the id is empty, and the policy is never attached";
    let finding = Finding::new("wrong-policy-id", Severity::High, span, message, "the id is `Policy.PolicySummary.Id`");
    finding.fixed_by(Seed::Word { span, from, to })
}

/// A rule of AWS Config that returns its verdict: nobody reads what it returns.
pub(super) fn config_rule(view: &View<'_>) -> Vec<Finding> {
    let all = view.all();
    let code = &view.script.code;
    let judges = (0..all.1).any(|at| code.string(at) == Some("NON_COMPLIANT"));
    let is_rule = view.has_any(
        all,
        &["compliance_type", "ComplianceType", "complianceType", "invokingEvent", "resultToken", "ResultToken"],
    );
    let handler =
        (1..all.1).find(|at| matches!(code.word(at - 1), "def" | "function") && code.word(*at).ends_with("handler"));
    let handler = handler.or_else(|| (0..all.1).find(|at| code.word(*at) == "handler"));
    let reports = view.has_any(all, &["put_evaluations", "PutEvaluationsCommand", "putEvaluations"]);
    match handler.filter(|_| judges && is_rule && !reports) {
        Some(at) => {
            let message = "AWS Config does not read what the function returns: the rule never has a result";
            let help = "report with PutEvaluations and the event's `ResultToken`, at most 100 evaluations a call, one per account";
            vec![Finding::new("config-rule-without-evaluations", Severity::High, view.span(at), message, help)]
        }
        None => Vec::new(),
    }
}

/// A verdict that only rests on something being attached to the root.
pub(super) fn attachment_as_compliance(view: &View<'_>) -> Vec<Finding> {
    let all = view.all();
    let code = &view.script.code;
    let root = (0..all.1).any(|at| code.string(at).is_some_and(|text| text == "ROOT" || text.starts_with("r-")));
    let judges = view.has_any(all, &["COMPLIANT", "True", "true", "PASS"]);
    let reads = view.calls_any(all, "describe_effective_policy")
        || view.has_any(all, &["PolicyContent", "describe_policy", "DescribePolicyCommand", "describePolicy"]);
    let writes = view.calls_any(all, "attach_policy") || view.calls_any(all, "create_policy");
    let listing = view
        .script
        .operation("list_targets_for_policy")
        .chain(view.script.operation("list_policies_for_target"))
        .next();
    match listing.filter(|_| root && judges && !reads && !writes) {
        Some(call) => {
            let message = "the verdict rests on an attachment alone: neither the policy's content nor what accounts below override is read";
            let help = "ask DescribeEffectivePolicy for every account and read its content";
            vec![Finding::new("attachment-as-compliance", Severity::High, call.span, message, help)]
        }
        None => Vec::new(),
    }
}
