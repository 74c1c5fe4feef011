//! A simulator and a reader of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use optout_aws::cancel::Cancel;
use optout_aws::pace::Operation;
use optout_aws::progress::Calls;
use optout_aws::read::{ReadError, ReadOptions, read};
use optout_aws::session::{Keys, Patience, Session, SessionOptions};
use optout_core::org::{PolicyType, Snapshot, Unread};
use optout_core::source::Source;
use optout_simulator::{Effect, Fault, Options, Rules, Running, Simulator, When};
use serde_json::{Value, json};

use crate::organization::{MANAGEMENT, account_id, organization};

/// How much faster than AWS the clocks run.
const SCALE: f64 = 500.0;
/// No reading may take longer, whatever goes wrong.
const LONGEST: Duration = Duration::from_secs(120);

/// Shows which documents lie on the way to an account: an answer that no chain could mix up.
fn resolve(_: &PolicyType, levels: &[Vec<Arc<str>>]) -> Value {
    json!({ "levels": levels.iter().filter(|level| !level.is_empty()).collect::<Vec<_>>() })
}

pub(crate) const RULES: Rules = Rules { admit: |_, _| true, resolve };

pub(crate) struct Reader {
    pub(crate) running: Running,
    pub(crate) options: ReadOptions,
    pub(crate) caller: usize,
    pub(crate) patience: Patience,
}

/// Long enough for a machine that is busy with other things; a test of silence or throttling shortens it.
const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(30),
    attempt: Duration::from_secs(30),
    retries: 2,
    throttled: Duration::from_secs(30),
    writing: Duration::from_secs(1),
    credentials: Duration::from_secs(30),
};

pub(crate) struct Reading {
    pub(crate) snapshot: Snapshot,
    pub(crate) calls: Calls,
}

impl Reader {
    pub(crate) async fn of(snapshot: &Snapshot, options: Options) -> Self {
        let options = Options { time_scale: SCALE, ..options };
        let running = Simulator::start(snapshot, RULES, options).await.unwrap();
        let options = ReadOptions { emails: true, ..ReadOptions::default() };
        Self { running, options, caller: MANAGEMENT, patience: PATIENCE }
    }

    pub(crate) async fn start() -> Self {
        Self::of(&organization(), Options::default()).await
    }

    pub(crate) fn fault(&self, operation: &str, when: When, effect: Effect) {
        let operations = vec![operation.to_owned()];
        self.running.simulator.set_faults(vec![Fault { operations, callers: Vec::new(), when, effect }]);
    }

    pub(crate) async fn session(&self) -> Session {
        Session::open(&self.session_options()).await.unwrap()
    }

    pub(crate) fn session_options(&self) -> SessionOptions {
        let keys = Keys {
            access_key_id: account_id(self.caller).to_string(),
            secret_access_key: "a secret of the tests".into(),
        };
        let patience = self.patience;
        let endpoint_url = Some(self.running.url.clone());
        SessionOptions { keys: Some(keys), endpoint_url, patience, time_scale: SCALE, ..Default::default() }
    }

    pub(crate) async fn try_read(&self) -> Result<Reading, ReadError> {
        let session = self.session().await;
        let began = Instant::now();
        let cancel = Cancel::new();
        let reading = tokio::time::timeout(LONGEST, read(&session, &self.options, &|_| {}, &cancel)).await;
        let snapshot = reading.unwrap_or_else(|_| panic!("still reading after {:?}", began.elapsed()))?;
        assert_is_a_file(&snapshot);
        Ok(Reading { snapshot, calls: session.calls() })
    }

    pub(crate) async fn read(&self) -> Reading {
        self.try_read().await.unwrap()
    }
}

impl Reading {
    pub(crate) fn count(&self, operation: Operation) -> u64 {
        self.calls.of(operation)
    }

    /// What is missing, as `operation reason subject`.
    pub(crate) fn missing(&self) -> Vec<String> {
        self.snapshot.unread.iter().map(said).collect()
    }
}

pub(crate) fn said(unread: &Unread) -> String {
    let subject = unread.subject.as_deref().unwrap_or("-");
    format!("{} {} {} {subject}", unread.part.as_str(), unread.operation, unread.reason.as_str())
}

/// Whatever was read can be saved and is accepted as a consistent organization when it is loaded.
pub(crate) fn assert_is_a_file(snapshot: &Snapshot) {
    let text = optout_core::org::write(snapshot);
    assert!(!text.contains("a secret of the tests"));
    let loaded = optout_core::org::read(&Source::new("snapshot", text)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.accounts, snapshot.accounts);
}

/// The structure of `read` is that of `expected`: everything but answers, dates and what only a reader knows.
pub(crate) fn assert_same_organization(read: &Snapshot, expected: &Snapshot) {
    assert_eq!(read.membership, expected.membership);
    assert_eq!(read.root, expected.root);
    assert_eq!(read.units, expected.units);
    assert_eq!(read.accounts, expected.accounts);
    let untagged = |policies: &Option<Vec<_>>| {
        policies.clone().map(|list| {
            list.into_iter()
                .map(|mut it: optout_core::org::Policy| {
                    it.tags = None;
                    it
                })
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(untagged(&read.policies), untagged(&expected.policies));
    assert_eq!(read.attachments, expected.attachments);
    assert_eq!(read.invalid, expected.invalid);
    assert_eq!(read.delegates, expected.delegates);
    assert_eq!(read.resource_policy, expected.resource_policy);
}
