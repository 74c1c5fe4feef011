//! IAM policies for roles in the management account, one for each thing that is done there.

use serde_json::{Value, json};

use super::super::{Design, GenerateError, GeneratedFile, Output, POLICY_TYPE, json};
use super::arn::Arns;
use super::function::{self, Part};
use super::{document, of_type, statement};
use crate::usage::UsageSource;

/// What a role is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `optout verify` and `explain`.
    Verify,
    /// `optout snapshot`: the same and tags.
    Snapshot,
    /// `optout plan`, `simulate` and `impact` on the live organization.
    Plan,
    /// `optout apply`.
    Apply,
    /// `optout undo` of an apply that enabled the policy type.
    Undo,
    /// The script of `optout generate script`.
    Script,
    /// The configuration of `optout generate terraform`.
    Terraform,
    /// A stack of `optout generate cloudformation` or of the CDK programs: for the stack's service role.
    Cloudformation,
    /// `optout usage`, which reads the organization, bills and metrics.
    Usage,
    /// `optout usage --bills-only`.
    UsageOfBills,
    /// The monitor's function, with every part of it.
    Lambda,
    /// The monitor's function, as far as it reads, watches and publishes: no answers to AWS Config, no changes.
    Monitor,
}

/// The policy.
///
/// # Errors
/// None today; the signature is that of every target.
pub fn generate(design: &Design, purpose: Purpose) -> Result<Output, GenerateError> {
    let arns = Arns::of(design);
    let statements = match purpose {
        Purpose::Verify => [reads(&arns, &STRAYS, false), named_reads(&arns)].concat(),
        Purpose::Snapshot => [reads(&arns, &STRAYS, true), named_reads(&arns)].concat(),
        Purpose::Plan => reads(&arns, &[], true),
        Purpose::Apply => [reads(&arns, &[], true), writes(&arns, Deletes::Yes, Enables::On)].concat(),
        Purpose::Undo => [reads(&arns, &[], true), writes(&arns, Deletes::Yes, Enables::OnAndOff)].concat(),
        Purpose::Script => [script_reads(&arns), writes(&arns, Deletes::No, Enables::On)].concat(),
        Purpose::Terraform => [terraform_reads(&arns), writes(&arns, Deletes::Yes, Enables::No)].concat(),
        Purpose::Cloudformation => [stack_reads(&arns), writes(&arns, Deletes::Yes, Enables::No)].concat(),
        Purpose::Usage => usage(&arns, &[UsageSource::CostExplorer, UsageSource::CloudWatch]),
        Purpose::UsageOfBills => usage(&arns, &[UsageSource::CostExplorer]),
        Purpose::Lambda => function::policy(design, &Part::ALL),
        Purpose::Monitor => function::policy(design, &Part::MONITOR),
    };
    let mut notes = vec![NOTE.to_owned()];
    match purpose {
        Purpose::Lambda | Purpose::Monitor => notes.push(function::NOTE.to_owned()),
        Purpose::Usage | Purpose::UsageOfBills => notes.push(USAGE_NOTE.to_owned()),
        Purpose::Verify
        | Purpose::Snapshot
        | Purpose::Plan
        | Purpose::Apply
        | Purpose::Undo
        | Purpose::Script
        | Purpose::Terraform
        | Purpose::Cloudformation => {}
    }
    let file = GeneratedFile::new("iam-policy.json", json::pretty(&document(statements)));
    Ok(Output::new(vec![file], notes))
}

const NOTE: &str =
    "attach it to a role in the management account: this policy is the whole of what the role needs of Organizations";

const USAGE_NOTE: &str = "with a saved organization (`optout usage --organization FILE`) ReadBills and ReadMetrics are enough, in the \
     management account or, for metrics, in a monitoring account; Cost Explorer bills each request";

/// The organization, since usage is shown beside verdicts, and the sources of usage by the list that their readers keep to.
fn usage(arns: &Arns, sources: &[UsageSource]) -> Vec<Value> {
    let of = |source: &UsageSource| {
        let sid = match source {
            UsageSource::CostExplorer => "ReadBills",
            UsageSource::CloudWatch => "ReadMetrics",
        };
        json!({ "Sid": sid, "Effect": "Allow", "Action": source.actions(), "Resource": "*" })
    };
    [reads(arns, &STRAYS, false), named_reads(arns), sources.iter().map(of).collect()].concat()
}

/// The other types whose policies are looked at: some are named as if they opted out.
pub(super) const STRAYS: [&str; 2] = ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"];

/// What every reading of an organization needs. What names a resource is limited to those of this organization.
pub(super) fn reads(arns: &Arns, strays: &[&str], tags: bool) -> Vec<Value> {
    let whole =
        ["DescribeOrganization", "DescribeResourcePolicy", "ListAccounts", "ListDelegatedAdministrators", "ListRoots"];
    let children = ["ListAccountsForParent", "ListOrganizationalUnitsForParent"];
    let mut statements = vec![
        statement("ReadOrganization", "Allow", &whole, json!("*"), json!({})),
        statement("ReadTree", "Allow", &children, json!(arns.parents()), json!({})),
        // Of an account that was moved meanwhile, and where an endpoint does not say where accounts are.
        statement("ReadParents", "Allow", &["ListParents"], json!(arns.accounts()), json!({})),
        statement("ReadDelegates", "Allow", &["ListDelegatedServicesForAccount"], json!(arns.accounts()), json!({})),
    ];
    statements.extend(policy_reads(arns, strays));
    statements.extend([
        statement(
            "ReadWhatHolds",
            "Allow",
            &["DescribeEffectivePolicy", "ListEffectivePolicyValidationErrors"],
            json!(arns.accounts()),
            of_type(),
        ),
        statement("ReadWhatIsInvalid", "Allow", &["ListAccountsWithInvalidEffectivePolicy"], json!("*"), of_type()),
    ]);
    if tags {
        statements.push(read_tags(arns));
    }
    statements
}

/// The policies of this type with their targets, and those of other types.
fn policy_reads(arns: &Arns, others: &[&str]) -> Vec<Value> {
    let types: Vec<&str> = std::iter::once(POLICY_TYPE).chain(others.iter().copied()).collect();
    let condition = json!({ "Condition": { "StringEquals": { "organizations:PolicyType": types } } });
    let documents: Vec<String> = types.iter().map(|it| arns.policies_of(it)).collect();
    vec![
        statement("ListPolicies", "Allow", &["ListPolicies"], json!("*"), condition),
        statement("ReadPolicies", "Allow", &["DescribePolicy"], json!(documents), json!({})),
        statement("ReadAttachments", "Allow", &["ListTargetsForPolicy"], json!(arns.policies()), of_type()),
    ]
}

/// Beside what a full read needs: single accounts and units that are named (`--account`, `--ou`), and what is above them.
fn named_reads(arns: &Arns) -> Vec<Value> {
    let above = statement("ReadAbove", "Allow", &["ListParents"], json!(arns.units()), json!({}));
    one_of_each(arns).into_iter().chain([above]).collect()
}

/// Beside what a full read needs: one account, one unit, what is attached to one target.
pub(super) fn changed_reads(arns: &Arns) -> Vec<Value> {
    let attached = statement("ReadTarget", "Allow", &["ListPoliciesForTarget"], json!(arns.targets()), of_type());
    one_of_each(arns).into_iter().chain([attached]).collect()
}

fn one_of_each(arns: &Arns) -> [Value; 2] {
    [
        statement("ReadAccount", "Allow", &["DescribeAccount"], json!(arns.accounts()), json!({})),
        statement("ReadUnit", "Allow", &["DescribeOrganizationalUnit"], json!(arns.units()), json!({})),
    ]
}

pub(super) fn read_tags(arns: &Arns) -> Value {
    statement("ReadTags", "Allow", &["ListTagsForResource"], json!(arns.policies()), json!({}))
}

fn script_reads(arns: &Arns) -> Vec<Value> {
    let answer = statement("ReadWhatHolds", "Allow", &["DescribeEffectivePolicy"], json!(arns.accounts()), of_type());
    let structure = ["DescribeOrganization", "ListRoots"];
    let structure = statement("ReadOrganization", "Allow", &structure, json!("*"), json!({}));
    [vec![structure, answer, read_tags(arns)], policy_reads(arns, &[])].concat()
}

/// The data source reads more of the organization than is used of it.
fn terraform_reads(arns: &Arns) -> Vec<Value> {
    let structure = ["DescribeOrganization", "ListAWSServiceAccessForOrganization", "ListAccounts", "ListRoots"];
    let structure = statement("ReadOrganization", "Allow", &structure, json!("*"), json!({}));
    let targets = ["ListPoliciesForTarget"];
    let targets = statement("ReadTargets", "Allow", &targets, json!(arns.targets()), of_type());
    [vec![structure, targets, read_tags(arns)], policy_reads(arns, &[])].concat()
}

fn stack_reads(arns: &Arns) -> Vec<Value> {
    [vec![read_tags(arns)], policy_reads(arns, &[])].concat()
}

/// Whether policies and tags may be taken away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Deletes {
    Yes,
    No,
}

#[derive(Clone, Copy)]
pub(super) enum Enables {
    No,
    On,
    OnAndOff,
}

pub(super) fn writes(arns: &Arns, deletes: Deletes, enables: Enables) -> Vec<Value> {
    let policies = json!(arns.policies());
    let everywhere: Vec<String> = std::iter::once(arns.policies()).chain(arns.targets()).collect();
    let (change, tag): (&[&str], &[&str]) = match deletes {
        Deletes::Yes => (&["DeletePolicy", "UpdatePolicy"], &["TagResource", "UntagResource"]),
        Deletes::No => (&["UpdatePolicy"], &["TagResource"]),
    };
    let mut statements = vec![
        // A policy that is still to be made has no ARN.
        statement("CreatePolicies", "Allow", &["CreatePolicy"], json!("*"), of_type()),
        statement("ChangePolicies", "Allow", change, policies.clone(), of_type()),
        statement("AttachPolicies", "Allow", &["AttachPolicy", "DetachPolicy"], json!(everywhere), of_type()),
        statement("TagPolicies", "Allow", tag, policies, json!({})),
    ];
    let switches: &[&str] = match enables {
        Enables::No => &[],
        Enables::On => &["EnablePolicyType"],
        Enables::OnAndOff => &["DisablePolicyType", "EnablePolicyType"],
    };
    if !switches.is_empty() {
        statements.push(statement("SwitchTheType", "Allow", switches, json!(arns.root()), of_type()));
    }
    statements
}
