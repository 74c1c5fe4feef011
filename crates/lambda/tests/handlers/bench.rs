//! A simulator, the server in front of it, and the function that is tested.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use optout_aws::session::{Keys, Patience, Session, SessionOptions};
use optout_core::catalogue::Catalogue;
use optout_core::check::admit;
use optout_core::org::{self, PolicyType, Snapshot};
use optout_core::source::Source;
use optout_lambda::dispatch::Function;
use optout_lambda::invocation::Invocation;
use optout_lambda::settings::Settings;
use optout_simulator::{Effect, Fault, Options, Rules, Running, Simulator, When};
use serde_json::Value;

use crate::cloud::{Asked, Cloud};
use crate::naive;

/// How much faster than AWS the clocks run.
const SCALE: f64 = 2_000.0;
const ACME: &str = include_str!("../../../../examples/acme/organization.json");
/// The management account of the example: where the function is.
pub(crate) const OWN: &str = "111111111111";

pub(crate) fn acme() -> Snapshot {
    org::read(&Source::new("acme.json", ACME)).unwrap()
}

/// An event that AWS documents, from `tests/data`.
pub(crate) fn event(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

pub(crate) struct Bench {
    pub(crate) running: Running,
    pub(crate) cloud: Cloud,
    pub(crate) settings: Settings,
}

impl Bench {
    pub(crate) async fn start(snapshot: &Snapshot) -> Self {
        Self::of(snapshot, Options::default(), |_, _| None).await
    }

    pub(crate) async fn of(
        snapshot: &Snapshot,
        options: Options,
        instead: impl Fn(&Asked, usize) -> Option<(u16, String)> + Send + Sync + 'static,
    ) -> Self {
        let options = Options { time_scale: SCALE, ..options };
        let running = Simulator::start(snapshot, Rules { admit: admits, resolve }, options).await.unwrap();
        let cloud = Cloud::with(&running.url, instead);
        let settings = Settings { member_role: Some("optout-answers".into()), ..Settings::default() };
        Self { running, cloud, settings }
    }

    pub(crate) fn options(&self) -> SessionOptions {
        SessionOptions {
            keys: Some(Keys { access_key_id: OWN.to_owned(), secret_access_key: "tests".into() }),
            endpoint_url: Some(self.cloud.url.clone()),
            region: Some("us-east-1".into()),
            patience: Patience { writing: Duration::from_secs(20), ..Patience::default() },
            time_scale: SCALE,
            ..SessionOptions::default()
        }
    }

    pub(crate) async fn session(&self) -> Session {
        Session::open(&self.options()).await.unwrap()
    }

    pub(crate) fn function(&self) -> Function {
        Function::new(Ok(self.settings.clone()), self.options())
    }

    pub(crate) fn deny(&self, operation: &str) {
        self.fault(operation, When::Always, Effect::Deny);
    }

    pub(crate) fn fault(&self, operation: &str, when: When, effect: Effect) {
        let fault = Fault { operations: vec![operation.to_owned()], callers: Vec::new(), when, effect };
        self.running.simulator.set_faults(vec![fault]);
    }

    pub(crate) fn count(&self, operation: &str) -> u64 {
        self.running.simulator.counts().get(operation).copied().unwrap_or_default()
    }
}

/// An invocation of the function in the management account, with this much time.
pub(crate) fn invocation(left: Duration) -> Invocation {
    let now = Timestamp::now();
    let deadline = u64::try_from(now.as_millisecond()).unwrap() + u64::try_from(left.as_millis()).unwrap();
    Invocation::new("request-1", &format!("arn:aws:lambda:us-east-1:{OWN}:function:optout"), deadline, now)
}

/// One with more time than any test takes.
pub(crate) fn unhurried() -> Invocation {
    invocation(Duration::from_mins(2))
}

fn admits(policy_type: &PolicyType, text: &str) -> bool {
    *policy_type == PolicyType::AiOptOut && admit(Catalogue::embedded(), text).admissible()
}

fn resolve(policy_type: &PolicyType, levels: &[Vec<Arc<str>>]) -> Value {
    let parse = |text: &Arc<str>| serde_json::from_str(text).unwrap_or(Value::Null);
    let levels: Vec<Vec<Value>> = levels.iter().map(|level| level.iter().map(parse).collect()).collect();
    naive::resolve(policy_type.as_str(), &levels).document
}
