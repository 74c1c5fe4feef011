//! An organization as large companies have them, for benchmarks: the same every time.

use std::collections::BTreeMap;

use optout_core::org::{Account, Attachment, Policy, Snapshot, TargetId, Unit};

use super::organization::{LOCKED, Spread, account, account_at, organization, policy, policy_at, unit};

/// An enterprise: units for business lines, stages and Regions, a locked policy at the root, policies of teams that opt
/// in further down, some declared and some not.
pub(crate) fn enterprise(accounts: usize) -> Snapshot {
    let mut snapshot = organization(0, Spread::Usual);
    let root: TargetId = "r-exam".parse().unwrap();
    snapshot.units = Some(
        (0..LINES * STAGES.len())
            .map(|it| business_unit(it, &root))
            .chain((0..LINES).map(|it| line(it, &root)))
            .collect(),
    );
    snapshot.accounts = Some((0..accounts).map(workload).collect());
    snapshot.policies = Some((0..30).map(team_policy).collect());
    snapshot.attachments = Some(team_attachments(root, accounts));
    snapshot
}

/// Two exceptions that hold, and one that is over.
pub(crate) const ENTERPRISE_INTENT: &str = r#"organization = "o-exampleorgid"

[[exceptions]]
service = "lex"
target = "ou-exam-00009003"
reason = "The voice assistant is improved together with AWS, contract 2026-114"
approver = "privacy-board@example.com"
until = 2027-06-30

[[exceptions]]
service = "transcribe"
target = "ou-exam-00009007"
reason = "Captioning pilot"
approver = "Head of data protection"
until = 2027-01-31
"#;

const LINES: usize = 40;
const STAGES: [&str; 5] = ["Production", "Staging", "Development", "Sandbox", "Shared services"];
const BUSINESS: [&str; 8] = [
    "Retail banking",
    "Payments",
    "Insurance",
    "Capital markets",
    "Logistics",
    "Research",
    "Customer service",
    "Data platform",
];

fn line(number: usize, root: &TargetId) -> Unit {
    let TargetId::Unit(id) = unit(9_000 + number) else { panic!("a unit") };
    Unit {
        id,
        name: format!("{} {:02}", BUSINESS[number % BUSINESS.len()], number / BUSINESS.len() + 1),
        parent: root.clone(),
    }
}

fn business_unit(number: usize, _: &TargetId) -> Unit {
    let TargetId::Unit(id) = unit(number) else { panic!("a unit") };
    Unit { id, name: STAGES[number % STAGES.len()].into(), parent: unit(9_000 + number / STAGES.len()) }
}

fn workload(number: usize) -> Account {
    let mut account = account_at(number);
    let at = number % (LINES * STAGES.len());
    let team = ["checkout", "ledger", "identity", "fraud-analytics", "document-store", "voice-bot"][number / 7 % 6];
    account.name = format!(
        "{}-{team}-{}-{number:05}",
        BUSINESS[at / STAGES.len() % BUSINESS.len()].to_lowercase().replace(' ', "-"),
        STAGES[at % STAGES.len()].to_lowercase().replace(' ', "-")
    );
    account.parent = Some(if number == 0 { "r-exam".parse().unwrap() } else { unit(at) });
    account
}

/// Opts everything out and leaves the list of services open, as many do.
const OPEN: &str = r#"{"services":{"default":{"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;

fn team_policy(number: usize) -> Policy {
    let mut policy = policy_at(number, Spread::Usual);
    let named = ["lex", "transcribe", "comprehend", "rekognition", "q"][number % 5];
    (policy.name, policy.content) = match number {
        0 => ("AI opt-out baseline".into(), Some(OPEN.into())),
        1 => ("AI opt-out lock".into(), Some(LOCKED.into())),
        _ => (
            format!("{named} for team {number}"),
            Some(
                format!(
                    r#"{{"services":{{"{named}":{{"opt_out_policy":{{"@@assign":"{}"}}}}}}}}"#,
                    if number.is_multiple_of(3) { "optOut" } else { "optIn" }
                )
                .into(),
            ),
        ),
    };
    policy
}

fn team_attachments(root: TargetId, accounts: usize) -> BTreeMap<TargetId, Vec<Attachment>> {
    let one = |number: usize| vec![Attachment { policy: policy(number), attached: None }];
    let locked = (0..LINES).step_by(2).map(|it| (unit(9_000 + it), one(1)));
    let teams = (0..LINES).skip(1).step_by(4).map(|it| (unit(9_000 + it), one(2 + it % 28)));
    let units = (0..LINES * STAGES.len()).step_by(9).map(|it| (unit(it), one(2 + it % 28)));
    let own = (0..accounts).skip(3).step_by(211).map(|it| (TargetId::Account(account(it)), one(2 + it % 28)));
    std::iter::once((root, one(0))).chain(locked).chain(teams).chain(units).chain(own).collect()
}
