//! A simulator, and whoever plans and applies against it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use optout_aws::apply::{ApplyError, Remaining, Settled, Settling, execute, settle};
use optout_aws::cancel::Cancel;
use optout_aws::read::{ReadOptions, read};
use optout_aws::session::{Keys, Patience, Session, SessionOptions};
use optout_core::catalogue::Catalogue;
use optout_core::check::admit;
use optout_core::intent::{Intent, Known, ResolvedIntent};
use optout_core::org::{PolicyType, Snapshot};
use optout_core::plan::journal::{Event, Outcome};
use optout_core::plan::{Options as PlanOptions, Plan, PlanError, plan};
use optout_core::source::Source;
use optout_simulator::{Effect, Fault, Options, Rules, Running, Simulator, When};
use serde_json::Value;

use crate::naive;
use crate::organizations::MANAGEMENT;

/// How much faster than AWS the clocks run.
const SCALE: f64 = 2_000.0;
/// Nothing may take longer, whatever goes wrong.
const LONGEST: Duration = Duration::from_secs(120);

/// Long enough for a machine that is busy with other things.
const PATIENT: Duration = Duration::from_secs(20);

/// The operations that change something.
pub(crate) const WRITES: [&str; 10] = [
    "CreateOrganization",
    "EnablePolicyType",
    "DisablePolicyType",
    "CreatePolicy",
    "UpdatePolicy",
    "DeletePolicy",
    "AttachPolicy",
    "DetachPolicy",
    "TagResource",
    "UntagResource",
];

pub(crate) const RULES: Rules = Rules { admit: admits, resolve };

fn admits(policy_type: &PolicyType, text: &str) -> bool {
    *policy_type == PolicyType::AiOptOut && admit(Catalogue::embedded(), text).admissible()
}

fn resolve(policy_type: &PolicyType, levels: &[Vec<Arc<str>>]) -> Value {
    let parse = |text: &Arc<str>| serde_json::from_str(text).unwrap_or(Value::Null);
    let levels: Vec<Vec<Value>> = levels.iter().map(|level| level.iter().map(parse).collect()).collect();
    naive::resolve(policy_type.as_str(), &levels).document
}

pub(crate) fn services() -> Vec<&'static str> {
    Catalogue::embedded().services().iter().map(|service| service.key.as_str()).collect()
}

pub(crate) fn resolved(intent: &str, snapshot: &Snapshot) -> Result<ResolvedIntent, ApplyError> {
    let known = Known::new(services(), []);
    let intent = Intent::parse(&Source::new("optout.toml", intent), &known).unwrap();
    // What was not read is the only reason here: the intents of the tests fit their organizations.
    intent.for_begun(snapshot).resolve(snapshot).map_err(|_| ApplyError::Plan(PlanError::Unread(Vec::new())))
}

pub(crate) fn planned(intent: &str, snapshot: &Snapshot, options: &PlanOptions) -> Plan {
    try_plan(intent, snapshot, Timestamp::now(), options).unwrap()
}

fn try_plan(intent: &str, snapshot: &Snapshot, at: Timestamp, options: &PlanOptions) -> Result<Plan, ApplyError> {
    Ok(plan(&resolved(intent, snapshot)?, snapshot, Catalogue::embedded(), at, options)?)
}

pub(crate) struct Bench {
    pub(crate) running: Running,
    pub(crate) scale: f64,
    pub(crate) options: PlanOptions,
    /// How long to wait for one answer: long, unless one will not come.
    pub(crate) attempt: Duration,
}

/// An apply that came to its end.
pub(crate) struct Applied {
    pub(crate) plan: Plan,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) settled: Settled,
    pub(crate) events: Vec<Event>,
}

impl Bench {
    pub(crate) async fn of(snapshot: &Snapshot, options: Options) -> Self {
        let scale = if options.time_scale > 1.0 { options.time_scale } else { SCALE };
        let options = Options { time_scale: scale, ..options };
        Self {
            running: Simulator::start(snapshot, RULES, options).await.unwrap(),
            scale,
            options: PlanOptions::default(),
            attempt: PATIENT,
        }
    }

    pub(crate) async fn start(snapshot: &Snapshot) -> Self {
        Self::of(snapshot, Options::default()).await
    }

    pub(crate) async fn session(&self) -> Session {
        let keys = Keys { access_key_id: MANAGEMENT.to_owned(), secret_access_key: "tests".into() };
        let patience = Patience {
            attempt: self.attempt,
            throttled: Duration::from_secs(30),
            writing: Duration::from_secs(30),
            ..Patience::default()
        };
        let endpoint_url = Some(self.running.url.clone());
        let time_scale = self.scale;
        let options = SessionOptions { keys: Some(keys), endpoint_url, patience, time_scale, ..Default::default() };
        Session::open(&options).await.unwrap()
    }

    pub(crate) async fn read(&self) -> Snapshot {
        read(&self.session().await, &reading(), &|_| {}, &Cancel::new()).await.unwrap()
    }

    /// Reads, plans, applies, waits.
    pub(crate) async fn apply(&self, intent: &str) -> Result<Applied, ApplyError> {
        tokio::time::timeout(LONGEST, self.apply_unwatched(intent)).await.unwrap_or_else(|_| panic!("it hangs"))
    }

    async fn apply_unwatched(&self, intent: &str) -> Result<Applied, ApplyError> {
        let session = self.session().await;
        let cancel = Cancel::new();
        let before = read(&session, &reading(), &|_| {}, &cancel).await?;
        let now = Timestamp::now();
        // What was adopted is managed from then on.
        let after = PlanOptions { adopt: BTreeSet::new(), ..self.options.clone() };
        let make = |snapshot: &Snapshot| try_plan(intent, snapshot, now, &after);
        let first = try_plan(intent, &before, now, &self.options)?;
        let mut events = Vec::new();
        let mut record = |event: &Event| {
            events.push(event.clone());
            Ok(())
        };
        let outcomes = execute(&session, &before, &first.steps, &mut record, &|_| {}, &cancel).await?;
        let remaining = |snapshot: &Snapshot| {
            // An intent for a new organization is one for this organization afterwards.
            if first.organization.is_none() {
                return Ok(Remaining::default());
            }
            let plan = make(snapshot)?;
            Ok(Remaining { steps: plan.steps.len(), obstacles: plan.obstacles })
        };
        let services = services();
        let read = reading();
        let settling = Settling { read: &read, services: &services, remaining: &remaining };
        let settled = settle(&session, &settling, &mut record, &|_| {}, &cancel).await?;
        Ok(Applied { plan: first, outcomes, settled, events })
    }

    /// The apply that must succeed, confirmed.
    pub(crate) async fn done(&self, intent: &str) -> Applied {
        let applied = self.apply(intent).await.unwrap_or_else(|error| panic!("{error}"));
        assert!(applied.settled.is_confirmed(), "{:?} {:?}", applied.settled.remaining, applied.settled.differences);
        applied
    }

    pub(crate) fn fault(&self, operations: &[&str], when: When, effect: Effect) {
        let operations = operations.iter().map(|it| (*it).to_owned()).collect();
        self.running.simulator.set_faults(vec![Fault { operations, callers: Vec::new(), when, effect }]);
    }

    /// A bench that does not wait long for what never comes.
    pub(crate) fn impatient(self, effect: &Effect) -> Self {
        let attempt = if *effect == Effect::Hang { Duration::from_millis(300) } else { PATIENT };
        Self { attempt, ..self }
    }

    pub(crate) fn no_faults(&mut self) {
        self.attempt = PATIENT;
        self.running.simulator.set_faults(Vec::new());
    }

    /// How many calls that write were made so far.
    pub(crate) fn writes(&self) -> u64 {
        let counts = self.running.simulator.counts();
        WRITES.iter().filter_map(|name| counts.get(*name)).sum()
    }

    pub(crate) fn meaning(&self) -> Meaning {
        meaning(&self.running.simulator.snapshot())
    }
}

pub(crate) fn reading() -> ReadOptions {
    ReadOptions { tags: true, strays: false, ..ReadOptions::default() }
}

/// An organization without the ids of policies: the root's types, and of each policy by name what it is and where.
pub(crate) type Meaning = (Vec<String>, BTreeMap<String, String>);

pub(crate) fn meaning(snapshot: &Snapshot) -> Meaning {
    let types = snapshot.root.iter().flat_map(|root| &root.policy_types).map(|it| format!("{it:?}")).collect();
    let policy = |policy: &optout_core::org::Policy| {
        let attached = snapshot.attachments.iter().flatten();
        let at: Vec<String> = attached
            .filter(|(_, list)| list.iter().any(|it| it.policy == policy.id))
            .map(|(target, _)| target.to_string())
            .collect();
        let content: Value = serde_json::from_str(policy.content.as_deref().unwrap()).unwrap();
        let mut tags = policy.tags.clone().unwrap_or_default();
        tags.remove(optout_core::plan::undo::RESTORED_TAG);
        (policy.name.clone(), format!("{} {content} {tags:?} {at:?}", policy.description))
    };
    let ours = |it: &&optout_core::org::Policy| it.policy_type == PolicyType::AiOptOut;
    (types, snapshot.policies.iter().flatten().filter(ours).map(policy).collect())
}
