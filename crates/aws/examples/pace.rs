//! How close a full reading comes to what the documented token buckets allow, against a throttling simulator:
//! `cargo run --release -p optout-aws --example pace -- [ACCOUNTS] [UNITS] [POLICIES] [TIME_SCALE] [LATENCY_MS]`.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use optout_aws::cancel::Cancel;
use optout_aws::read::{ReadOptions, read};
use optout_aws::session::{Keys, Session, SessionOptions};
use optout_core::org::{
    Account, AccountState, Attachment, Membership, Organization, Partition, Policy, PolicyType, PolicyTypeState,
    PolicyTypeStatus, Root, Snapshot, TargetId, Unit,
};
use optout_simulator::{Options, Rules, Simulator, Throttling};

type AnyError = Box<dyn std::error::Error>;

fn organization(accounts: usize, units: usize, policies: usize) -> Result<Snapshot, AnyError> {
    let root: TargetId = "r-exam".parse()?;
    let mut snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH, "example", Partition::Aws);
    let (id, management_account) = ("o-exampleorgid".parse()?, "000000000000".parse()?);
    snapshot.membership = Some(Membership::Member(Organization { id, management_account, all_features: true }));
    let on = PolicyTypeStatus { policy_type: PolicyType::AiOptOut, state: PolicyTypeState::Enabled };
    snapshot.root = Some(Root { id: "r-exam".parse()?, name: "Root".into(), policy_types: vec![on] });
    let unit_id = |number: usize| format!("ou-exam-{number:08}");
    let parent = |number: usize| if number < 10 { Ok(root.clone()) } else { unit_id(number / 10).parse() };
    let unit = |number| Ok(Unit { id: unit_id(number).parse()?, name: unit_id(number), parent: parent(number)? });
    snapshot.units = Some((0..units).map(unit).collect::<Result<_, AnyError>>()?);
    let account = |number: usize| {
        let parent = Some(unit_id(number % units.max(1)).parse()?);
        let (id, name) = (format!("{number:012}").parse()?, format!("account {number}"));
        Ok(Account { id, name, email: None, state: AccountState::Active, parent, joined: None })
    };
    snapshot.accounts = Some((0..accounts).map(account).collect::<Result<_, AnyError>>()?);
    let policy = |number: usize| {
        let content = Some(Arc::from(r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#));
        let (id, name) = (format!("p-example{number:04}").parse()?, format!("policy {number}"));
        let (policy_type, description) = (PolicyType::AiOptOut, String::new());
        Ok(Policy { id, name, description, policy_type, aws_managed: false, content, tags: None })
    };
    let policies: Vec<Policy> = (0..policies).map(policy).collect::<Result<_, AnyError>>()?;
    let targets = std::iter::once(Ok(root.clone())).chain((0..).map(|number| unit_id(number).parse()));
    let attached = targets
        .zip(&policies)
        .map(|(target, policy)| Ok((target?, vec![Attachment { policy: policy.id.clone(), attached: None }])));
    snapshot.attachments = Some(attached.collect::<Result<_, AnyError>>()?);
    snapshot.policies = Some(policies);
    Ok(snapshot)
}

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    let numbers: Vec<usize> = std::env::args().skip(1).map(|it| it.parse()).collect::<Result<_, _>>()?;
    let number = |at: usize, otherwise| numbers.get(at).copied().unwrap_or(otherwise);
    let snapshot = organization(number(0, 10_000), number(1, 200), number(2, 5))?;
    let time_scale = f64::from(u32::try_from(number(3, 20))?);
    let latency = Duration::from_millis(u64::try_from(number(4, 0))?);
    let rules = Rules { admit: |_, _| true, resolve: |_, _| serde_json::json!({}) };
    let throttling = Throttling::Documented { undocumented: None };
    let options = Options { throttling, time_scale, latency, ..Options::default() };
    let running = Simulator::start(&snapshot, rules, options).await?;
    let keys = Some(Keys { access_key_id: "000000000000".into(), secret_access_key: "none".into() });
    let endpoint_url = Some(running.url.clone());
    let session =
        Session::open(&SessionOptions { keys, endpoint_url, time_scale, ..SessionOptions::default() }).await?;
    let began = Instant::now();
    let read = read(&session, &ReadOptions::default(), &|_| {}, &Cancel::new()).await?;
    report(&session, &read, began.elapsed().as_secs_f64() * time_scale)
}

/// What the buckets allow at best: the slowest operation's calls beyond its burst, at its rate.
fn report(session: &Session, read: &Snapshot, took: f64) -> Result<(), AnyError> {
    let mut out = std::io::stdout();
    let mut bound: f64 = 0.0;
    for (operation, calls) in session.calls().iter() {
        let calls = f64::from(u32::try_from(calls)?);
        let least = operation.limit().map_or(0.0, |limit| (calls - limit.burst).max(0.0) / limit.rate);
        bound = bound.max(least);
        writeln!(out, "{operation:40} {calls:6} calls, at least {least:6.1} s")?;
    }
    writeln!(out, "accounts {}, missing {:?}", read.accounts.as_ref().map_or(0, Vec::len), read.unread)?;
    writeln!(out, "took {took:.1} s of AWS's clock, the buckets allow {bound:.1} s: {:.3} times", took / bound)?;
    Ok(())
}
