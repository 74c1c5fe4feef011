//! With every fault of the simulator at every operation of a reading, no verdict is wrong: it is the true one, or unknown
//! with the cause named. Effective policies come from the tests' own resolver, not from the engine.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, which is what it is for")]

#[path = "../../../tests/naive/mod.rs"]
mod naive;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use optout_aws::cancel::Cancel;
use optout_aws::read::{ReadOptions, read};
use optout_aws::session::{Keys, Patience, Session, SessionOptions};
use optout_core::catalogue::Catalogue;
use optout_core::check::{AccountVerdict, Assessment, Decision, Question, Severity, assess};
use optout_core::org::{AccountId, PolicyType, Snapshot};
use optout_core::report::{NothingAccepted, Origin, Report};
use optout_core::source::Source;
use optout_simulator::{Effect, Fault, NotImplementedForm, Options, Rules, Simulator, When};
use serde_json::Value;

const ACME: &str = include_str!("../../../examples/acme/organization.json");
/// How many accounts of the example count.
const COUNTED: usize = 12;
/// How much faster than AWS the clocks run.
const SCALE: f64 = 500.0;
/// No reading may take longer, whatever goes wrong.
const LONGEST: Duration = Duration::from_secs(120);

const OPERATIONS: [&str; 13] = [
    "GetCallerIdentity",
    "DescribeOrganization",
    "ListRoots",
    "ListAccounts",
    "ListOrganizationalUnitsForParent",
    "ListPolicies",
    "ListTargetsForPolicy",
    "DescribePolicy",
    "DescribeEffectivePolicy",
    "ListAccountsWithInvalidEffectivePolicy",
    "ListEffectivePolicyValidationErrors",
    "ListDelegatedAdministrators",
    "DescribeResourcePolicy",
];

fn resolve(policy_type: &PolicyType, levels: &[Vec<Arc<str>>]) -> Value {
    let parse = |text: &Arc<str>| serde_json::from_str(text).unwrap();
    let levels: Vec<Vec<Value>> = levels.iter().map(|level| level.iter().map(parse).collect()).collect();
    naive::resolve(policy_type.as_str(), &levels).document
}

/// The example, in which nothing is opted in: only the root's policy is attached, and it is locked everywhere.
fn sound() -> String {
    let mut file: Value = serde_json::from_str(ACME).unwrap();
    let attachments = serde_json::json!({"r-acme": [{"policy": "p-acmedraft01"}]});
    *file.get_mut("attachments").unwrap() = attachments;
    *file.get_mut("answers").unwrap() = serde_json::json!({});
    *file.get_mut("invalid").unwrap() = serde_json::json!({});
    file.to_string()
}

/// Reads the organization of `file` with one fault that stays; `None` where AWS could not be spoken to at all.
async fn reading(file: &str, fault: Option<(&str, Effect)>) -> Option<Snapshot> {
    let organization = optout_core::org::read(&Source::new("example", file)).unwrap();
    let rules = Rules { admit: |_, _| true, resolve };
    let options = Options { time_scale: SCALE, ..Options::default() };
    let running = Simulator::start(&organization, rules, options).await.unwrap();
    if let Some((operation, effect)) = fault {
        let fault = Fault { operations: vec![operation.to_owned()], callers: Vec::new(), when: When::Always, effect };
        running.simulator.set_faults(vec![fault]);
    }
    let keys = Keys { access_key_id: "AKIAEXAMPLE".into(), secret_access_key: "a secret of the tests".into() };
    let patience = Patience {
        attempt: Duration::from_secs(2),
        throttled: Duration::from_secs(2),
        retries: 2,
        ..Patience::default()
    };
    let endpoint_url = Some(running.url.clone());
    let options = SessionOptions { keys: Some(keys), endpoint_url, patience, time_scale: SCALE, ..Default::default() };
    let session = Session::open(&options).await.unwrap();
    let (options, cancel) = (ReadOptions::default(), Cancel::new());
    let snapshot = tokio::time::timeout(LONGEST, read(&session, &options, &|_| {}, &cancel)).await;
    snapshot.unwrap().ok()
}

fn judged(snapshot: &Snapshot) -> Assessment<'_> {
    assess(&Question {
        at: "2026-11-24T12:00:00Z".parse().unwrap(),
        ..Question::plain(snapshot, Catalogue::embedded())
    })
}

fn decided(assessment: &Assessment<'_>) -> (Decision, usize) {
    let report = Report::new(assessment, Severity::High, &NothingAccepted, Origin::default());
    (report.decision, report.unknowns.len())
}

fn verdicts(assessment: &Assessment<'_>) -> BTreeMap<AccountId, AccountVerdict> {
    assessment.accounts.iter().map(|account| (account.id, account.verdict)).collect()
}

fn effects() -> Vec<Effect> {
    let not_implemented = |form| Effect::NotImplemented { form };
    vec![
        Effect::Throttle,
        Effect::ServerError { status: 500 },
        Effect::ServerError { status: 503 },
        Effect::Drop,
        Effect::Hang,
        Effect::Deny,
        not_implemented(NotImplementedForm::HtmlPage),
        not_implemented(NotImplementedForm::InvalidAction),
        not_implemented(NotImplementedForm::UnknownOperation),
        Effect::Malformed,
        Effect::CutShort,
    ]
}

fn counted(assessment: &Assessment<'_>) -> BTreeMap<AccountId, AccountVerdict> {
    assessment.counted().map(|account| (account.id, account.verdict)).collect()
}

/// Each account's verdict is the true one or unknown, and what is not the whole truth is said.
async fn is_never_wrong(file: &str, truth: &BTreeMap<AccountId, AccountVerdict>, operation: &str, effect: Effect) {
    let what = format!("{operation} {effect:?}");
    let Some(snapshot) = reading(file, Some((operation, effect))).await else { return };
    let assessment = judged(&snapshot);
    let found = verdicts(&assessment);
    for (account, verdict) in &found {
        let right = truth.get(account) == Some(verdict) || *verdict == AccountVerdict::Unknown;
        assert!(right, "{what}: {account} is {verdict}, in truth {:?}", truth.get(account));
    }
    let (decision, unknowns) = decided(&assessment);
    let found = counted(&assessment);
    let whole = found.len() == COUNTED && found.iter().all(|(account, verdict)| truth.get(account) == Some(verdict));
    let certain = assessment.counted().all(|account| account.basis.is_aws());
    assert!(whole && certain || decision != Decision::Holds, "{what}: holds, with {found:?}");
    assert!(whole && certain || unknowns > 0, "{what}: nothing is said to be unknown, with {found:?}");
}

async fn no_fault_makes_a_verdict_wrong(file: &str, expected: Decision) {
    let clean = reading(file, None).await.unwrap();
    let assessment = judged(&clean);
    assert_eq!(decided(&assessment).0, expected);
    let truth = verdicts(&assessment);
    let all = OPERATIONS.iter().flat_map(|operation| effects().into_iter().map(move |effect| (*operation, effect)));
    // Most of it is waiting: several side by side.
    let one = |(operation, effect)| is_never_wrong(file, &truth, operation, effect);
    futures::stream::iter(all).map(one).buffer_unordered(8).collect::<Vec<()>>().await;
}

#[tokio::test]
async fn an_organization_that_holds_is_never_called_worse_than_unknown() {
    no_fault_makes_a_verdict_wrong(&sound(), Decision::Holds).await;
}

#[tokio::test]
async fn an_organization_that_fails_is_never_called_better_than_unknown() {
    no_fault_makes_a_verdict_wrong(ACME, Decision::Fails).await;
}
