//! A full read of 10,000 accounts against the simulator with AWS's documented rate limits, beside the bound that those
//! limits set, and beside the guide's method on the same organization.
//!
//! `cargo bench --workspace --bench live_read`; with `GUIDE_PYTHON` naming a Python that has boto3 the guide's method
//! runs too. Wall time is quoted as a ratio to the bound, since both share the simulator's clock.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use optout_aws::cancel::Cancel;
use optout_aws::read::{OrderCouldMatter, ReadOptions, read};
use optout_aws::session::{Keys, Session, SessionOptions};
use optout_core::org::{
    Account, AccountState, Attachment, Membership, Organization, Partition, Policy, PolicyType, PolicyTypeState,
    PolicyTypeStatus, Root, Snapshot, TargetId, Unit,
};
use optout_simulator::{Options, Rules, Running, Simulator, Throttling};
use serde_json::{Value, json};

const ACCOUNTS: usize = 10_000;
const UNITS: usize = 200;
const POLICIES: usize = 5;
/// How long the simulator takes for a call, besides its limits.
const LATENCY: Duration = Duration::from_millis(20);
/// More than this above the bound is a failure.
const MOST: f64 = 1.15;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let scale: f64 = std::env::var("TIME_SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(1.0);
    let running = start(&organization()?, scale).await?;
    let ratio = ours(&running, scale).await?;
    guide(&running, scale).await?;
    running.shutdown().await;
    if ratio > MOST { Err(format!("{ratio:.2} times the bound, more than {MOST}").into()) } else { Ok(()) }
}

fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

/// The program's own reading; comes back with the ratio of its time to the bound.
async fn ours(running: &Running, scale: f64) -> Result<f64, Box<dyn Error>> {
    let keys = Keys { access_key_id: "AKIAEXAMPLE".into(), secret_access_key: "example".into() };
    let options = SessionOptions {
        endpoint_url: Some(running.url.clone()),
        keys: Some(keys),
        time_scale: scale,
        ..SessionOptions::default()
    };
    let session = Session::open(&options).await?;
    // Every policy of this organization is alike, so that their order matters nowhere.
    let options = ReadOptions { order_could_matter: OrderCouldMatter::new(|_| false), ..ReadOptions::default() };
    let begun = Instant::now();
    let snapshot = read(&session, &options, &|_| {}, &Cancel::new()).await?;
    let took = begun.elapsed().as_secs_f64() * scale;
    let counts = running.simulator.counts();
    let bound = bound(&counts);
    let read = snapshot.accounts.as_ref().map_or(0, Vec::len);
    say(&format!(
        "full read: {read} accounts, {} unread, {took:.1} s, bound {bound:.1} s, ratio {:.3}",
        snapshot.unread.len(),
        took / bound
    ))?;
    counts.iter().try_for_each(|(operation, count)| say(&format!("  {count:6} {operation}")))?;
    Ok(took / bound)
}

/// The least time that the documented buckets let these calls take, in seconds: the slowest operation's, since different
/// operations have different buckets.
fn bound(counts: &BTreeMap<String, u64>) -> f64 {
    let seconds = |(operation, count): (&String, &u64)| {
        let rate = optout_simulator::limit(operation)?.account;
        Some(((*count as f64 - rate.burst) / rate.per_second).max(0.0))
    };
    counts.iter().filter_map(seconds).fold(0.0, f64::max)
}

/// The guide's script as it is, and its method corrected to page and to ask every account, with 1 and with 16 threads.
async fn guide(running: &Running, scale: f64) -> Result<(), Box<dyn Error>> {
    let Ok(python) = std::env::var("GUIDE_PYTHON") else {
        return Ok(say("guide: skipped: needs a Python with boto3 in GUIDE_PYTHON")?);
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/peers/guide/verify.py");
    for method in ["original", "corrected-1", "corrected-16"] {
        running.simulator.forget_calls();
        let mut command = Command::new(&python);
        command.args([script, method]).env("AWS_ENDPOINT_URL", &running.url).env("AWS_DEFAULT_REGION", "us-east-1");
        command.env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "example");
        let begun = Instant::now();
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let took = begun.elapsed().as_secs_f64() * scale;
        let calls: u64 = running.simulator.counts().values().sum();
        let said = String::from_utf8_lossy(&output.stdout);
        say(&format!(
            "guide {method}: {took:.1} s, {calls} calls, exit {:?}, says: {}",
            output.status.code(),
            said.trim()
        ))?;
    }
    Ok(())
}

async fn start(snapshot: &Snapshot, scale: f64) -> Result<Running, Box<dyn Error>> {
    let rules = Rules { admit: |_: &PolicyType, _: &str| true, resolve };
    let options = Options {
        time_scale: scale,
        latency: LATENCY,
        throttling: Throttling::Documented { undocumented: None },
        ..Options::default()
    };
    Ok(Simulator::start(snapshot, rules, options).await?)
}

fn resolve(_: &PolicyType, _: &[Vec<Arc<str>>]) -> Value {
    json!({"services": {"default": {"opt_out_policy": "optOut"}}})
}

/// 10,000 accounts in 200 units, two levels deep, with five policies.
fn organization() -> Result<Snapshot, Box<dyn Error>> {
    let mut snapshot = Snapshot::empty("2026-11-24T00:00:00Z".parse()?, "bench", Partition::Aws);
    let management = "100000000000".parse()?;
    let organization =
        Organization { id: "o-benchmarked".parse()?, management_account: management, all_features: true };
    snapshot.membership = Some(Membership::Member(organization));
    let status = PolicyTypeStatus { policy_type: PolicyType::AiOptOut, state: PolicyTypeState::Enabled };
    snapshot.root = Some(Root { id: "r-bench".parse()?, name: "Root".into(), policy_types: vec![status] });
    snapshot.units = Some((0..UNITS).map(unit).collect::<Result<_, _>>()?);
    snapshot.accounts = Some((0..ACCOUNTS).map(account).collect::<Result<_, _>>()?);
    snapshot.policies = Some((0..POLICIES).map(policy).collect::<Result<_, _>>()?);
    let attached = |at| -> Result<_, Box<dyn Error>> {
        let attachment = Attachment { policy: policy(at)?.id, attached: None };
        Ok((if at == 0 { "r-bench".parse()? } else { TargetId::Unit(unit(at)?.id) }, vec![attachment]))
    };
    snapshot.attachments = Some((0..POLICIES).map(attached).collect::<Result<_, _>>()?);
    snapshot.invalid = Some(BTreeMap::new());
    snapshot.delegates = Some(Vec::new());
    snapshot.resource_policy = Some(None);
    Ok(snapshot)
}

fn unit(at: usize) -> Result<Unit, Box<dyn Error>> {
    let parent = if at < 20 { "r-bench".parse()? } else { TargetId::Unit(format!("ou-bench-{:08}", at % 20).parse()?) };
    Ok(Unit { id: format!("ou-bench-{at:08}").parse()?, name: format!("unit {at}"), parent })
}

fn account(at: usize) -> Result<Account, Box<dyn Error>> {
    Ok(Account {
        id: format!("1{at:011}").parse()?,
        name: format!("account {at}"),
        email: None,
        state: AccountState::Active,
        parent: Some(TargetId::Unit(unit(at % UNITS)?.id)),
        joined: None,
    })
}

fn policy(at: usize) -> Result<Policy, Box<dyn Error>> {
    let content = json!({"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}});
    Ok(Policy {
        id: format!("p-bench{at:05}").parse()?,
        name: format!("policy {at}"),
        description: String::new(),
        policy_type: PolicyType::AiOptOut,
        aws_managed: false,
        content: Some(content.to_string().into()),
        tags: None,
    })
}
