//! Everything around a monitor: who it reads, where it remembers, whom it tells.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use optout_aws::session::{Keys, Patience, Session, SessionOptions};
use optout_aws::state::{State, Store, Wish};
use optout_core::check::Severity;
use optout_core::org::{PolicyType, Snapshot};
use optout_core::publish::{ChangeKind, Publication};
use optout_lambda::monitor::{Monitor, Publish, Sent};
use optout_lambda::organizations::{self, OrganizationsError};
use optout_lambda::publishing::Everywhere;
use optout_lambda::scheduled::{self, ScheduledError};
use optout_lambda::settings::Settings;
use optout_simulator::{Change, Effect, Fault, Options, Rules, Simulator, When};
use serde_json::{Value, json};

use crate::bucket::Bucket;
use crate::channels::Channels;
use crate::front::{Front, Trails};
use crate::naive;
use crate::organization::{account_id, organization};

/// How much faster than AWS the clocks run.
pub(crate) const SCALE: f64 = 200.0;
/// Time enough for anything.
pub(crate) const LONG: Duration = Duration::from_secs(600);
pub(crate) const STATE: &str = "/evidence/optout/state.gz";
pub(crate) const CHECKPOINT: &str = "/evidence/optout/checkpoint.gz";

fn resolve(policy_type: &PolicyType, levels: &[Vec<Arc<str>>]) -> Value {
    let parse = |text: &Arc<str>| serde_json::from_str(text).unwrap_or(Value::Null);
    let levels: Vec<Vec<Value>> = levels.iter().map(|level| level.iter().map(parse).collect()).collect();
    naive::resolve(policy_type.as_str(), &levels).document
}

/// Keeps what it is to send.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) publications: Arc<Mutex<Vec<Publication>>>,
    pub(crate) wishes: Arc<Mutex<Vec<Wish>>>,
    pub(crate) broken: Arc<Mutex<bool>>,
}

impl Publish for Told {
    async fn ask(&self, _: Option<&str>, wish: &Wish) -> Result<(), String> {
        self.wishes.lock().unwrap().push(wish.clone());
        if *self.broken.lock().unwrap() { Err("EventBridge: no".to_owned()) } else { Ok(()) }
    }

    async fn send(&self, publication: &Publication) -> Sent {
        self.publications.lock().unwrap().push(publication.clone());
        let changes = publication.changes();
        if *self.broken.lock().unwrap() {
            let unsent = changes.changes.iter().map(|change| change.finding.id.clone()).collect();
            return Sent { standing: changes.stand(&unsent), lost: vec!["SNS: no".to_owned()] };
        }
        Sent { standing: changes.stand(&std::collections::BTreeSet::new()), lost: Vec::new() }
    }
}

pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) bucket: Bucket,
    pub(crate) trails: Trails,
    pub(crate) channels: Channels,
    pub(crate) told: Told,
    pub(crate) pauses: Vec<Duration>,
    front: Front,
}

impl World {
    pub(crate) async fn of(snapshot: &Snapshot, options: Options) -> Self {
        let rules = Rules { admit: |_, _| true, resolve };
        let simulator = Simulator::new(snapshot, rules, Options { time_scale: SCALE, ..options }).unwrap();
        let (bucket, trails) = (Bucket::default(), Trails::default());
        let channels = Channels::default();
        let front = Front::start(simulator.clone(), bucket.clone(), Arc::clone(&trails), channels.clone()).await;
        let world = Self { simulator, bucket, trails, channels, told: Told::default(), pauses: Vec::new(), front };
        world.log_events();
        world
    }

    pub(crate) async fn start() -> Self {
        Self::of(&organization(), Options::default()).await
    }

    /// One that has read everything once.
    pub(crate) async fn settled() -> Self {
        let world = Self::start().await;
        world.read().await.unwrap();
        world.simulator.forget_calls();
        world
    }

    /// A trail of all Regions that logs everything.
    pub(crate) fn log_events(&self) {
        let mut trails = self.trails.lock().unwrap();
        let arn = "arn:aws:cloudtrail:eu-west-1:000000000001:trail/all";
        let trail = json!({"Name": "all", "TrailARN": arn, "HomeRegion": "eu-west-1", "IsMultiRegionTrail": true});
        trails.insert("DescribeTrails", json!({"trailList": [trail]}));
        trails.insert("GetTrailStatus", json!({"IsLogging": true}));
        let selector = json!({"ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": []});
        trails.insert("GetEventSelectors", json!({"TrailARN": arn, "EventSelectors": [selector]}));
    }

    pub(crate) async fn session(&self) -> Session {
        self.patient_session(Duration::from_secs(20)).await
    }

    /// One that waits so long for each answer.
    async fn patient_session(&self, attempt: Duration) -> Session {
        let patience = Patience { attempt, throttled: Duration::from_secs(20), retries: 1, ..Patience::default() };
        let keys = Keys { access_key_id: account_id(1).to_string(), secret_access_key: "a secret of the tests".into() };
        let endpoint_url = Some(self.front.url.clone());
        let options =
            SessionOptions { keys: Some(keys), endpoint_url, patience, time_scale: SCALE, ..SessionOptions::default() };
        Session::open(&options).await.unwrap()
    }

    pub(crate) async fn read_within(&self, time: Duration) -> Result<Value, ScheduledError> {
        let session = self.session().await;
        let store = Store::new(&session, "evidence", "optout/");
        scheduled::run(&self.monitor(&session, &store), time).await
    }

    /// Begins a reading whose effective policies never come, until its time is over: it stays under way.
    pub(crate) async fn begin_reading(&self) -> Value {
        self.fault("DescribeEffectivePolicy", When::Always, Effect::Hang);
        let session = self.patient_session(LONG).await;
        let store = Store::new(&session, "evidence", "optout/");
        let mut time = Duration::from_millis(100);
        loop {
            match scheduled::run(&self.monitor(&session, &store), time).await {
                Ok(answer) => {
                    self.simulator.set_faults(Vec::new());
                    return answer;
                }
                // A slow machine did not come as far as to know the organization.
                Err(error) => assert!(time < LONG, "{error}"),
            }
            time *= 2;
        }
    }

    pub(crate) async fn read(&self) -> Result<Value, ScheduledError> {
        self.read_within(LONG).await
    }

    pub(crate) async fn handle(&self, event: &Value) -> Result<Value, OrganizationsError> {
        let session = self.session().await;
        let store = Store::new(&session, "evidence", "optout/");
        organizations::handle(&self.monitor(&session, &store), event, LONG).await
    }

    /// Everything that settings can ask for.
    pub(crate) fn settings() -> Settings {
        Settings {
            bucket: Some("evidence".into()),
            prefix: "optout/".into(),
            topic_arn: Some("arn:aws:sns:us-east-1:000000000001:optout".into()),
            event_bus: Some("arn:aws:events:us-east-1:000000000001:event-bus/optout".into()),
            security_hub: true,
            ..Settings::default()
        }
    }

    /// As [`read`](Self::read), and published to every destination.
    pub(crate) async fn read_everywhere(&self) -> Result<Value, ScheduledError> {
        let session = self.session().await;
        let (store, settings) = (Store::new(&session, "evidence", "optout/"), Self::settings());
        let publish = Everywhere::new(&session, &settings);
        scheduled::run(&self.monitor_with(&session, &store, &publish), LONG).await
    }

    /// As [`handle`](Self::handle), and published to every destination.
    pub(crate) async fn handle_everywhere(&self, event: &Value) -> Result<Value, OrganizationsError> {
        let session = self.session().await;
        let (store, settings) = (Store::new(&session, "evidence", "optout/"), Self::settings());
        let publish = Everywhere::new(&session, &settings);
        organizations::handle(&self.monitor_with(&session, &store, &publish), event, LONG).await
    }

    fn monitor_with<'m, P>(&'m self, session: &'m Session, store: &'m Store, publish: &'m P) -> Monitor<'m, P> {
        Monitor { session, store, publish, intent: None, fail_on: Severity::High, pauses: &self.pauses }
    }

    fn monitor<'m>(&'m self, session: &'m Session, store: &'m Store) -> Monitor<'m, Told> {
        self.monitor_with(session, store, &self.told)
    }

    pub(crate) async fn state(&self) -> State {
        let session = self.session().await;
        Store::new(&session, "evidence", "optout/").state().await.unwrap().value
    }

    pub(crate) fn change(&self, change: Change) {
        self.simulator.change(change).unwrap();
    }

    pub(crate) fn attach(&self, policy: &str, target: &str) {
        self.change(Change::AttachPolicy { policy: policy.parse().unwrap(), target: target.parse().unwrap() });
    }

    pub(crate) fn detach(&self, policy: &str, target: &str) {
        self.change(Change::DetachPolicy { policy: policy.parse().unwrap(), target: target.parse().unwrap() });
    }

    /// Waits for a call to come.
    pub(crate) async fn until_called(&self, operation: &str) {
        while !self.simulator.counts().contains_key(operation) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    pub(crate) fn fault(&self, operation: &str, when: When, effect: Effect) {
        let operations = vec![operation.to_owned()];
        self.simulator.set_faults(vec![Fault { operations, callers: Vec::new(), when, effect }]);
    }

    /// What happened to findings by the last publication, as `appeared CONTROL`.
    pub(crate) fn said(&self) -> Vec<String> {
        let publications = self.told.publications.lock().unwrap();
        let changes = publications.last().map(|it| it.changes().changes).unwrap_or_default();
        let word = |kind: ChangeKind| match kind {
            ChangeKind::Appeared => "appeared",
            ChangeKind::Changed => "changed",
            ChangeKind::Healed => "healed",
        };
        changes.iter().map(|change| format!("{} {}", word(change.kind), change.finding.control)).collect()
    }

    pub(crate) fn publications(&self) -> usize {
        self.told.publications.lock().unwrap().len()
    }
}
