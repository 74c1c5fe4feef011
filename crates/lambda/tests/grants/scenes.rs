//! Everything that a monitor's function is invoked for, with what it then asked of AWS.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use optout_aws::session::{Keys, Patience, SessionOptions};
use optout_core::org::{self, Policy, PolicyType, PolicyTypeState, PolicyTypeStatus, Snapshot};
use optout_core::source::Source;
use optout_lambda::dispatch::Function;
use optout_lambda::invocation::Invocation;
use optout_lambda::settings::Settings;
use optout_simulator::{Change, Effect, Fault, Fields, Options, Rules, Running, Simulator, When};
use serde_json::{Value, json};

use crate::call::{Call, Names};
use crate::cloud::Cloud;
use crate::envelopes::{attached, called, detached, happened, moved, updated};
use crate::naive;
use crate::template::{BUCKET, BUS, MEMBER_ROLE, TOPIC};

/// Delegates, a resource policy and an account whose effective policy is invalid: everything that is looked at is there.
const ACME: &str = include_str!("../../../../examples/acme/organization.json");
const PERIODIC: &str = include_str!("../data/config-periodic.json");
const TYPE: &str = include_str!("../data/resource-type.json");
const POLICY: &str = include_str!("../data/resource-policy.json");
const OWN: &str = "111111111111";
const ROOT: &str = "r-acme";
const UNIT: &str = "ou-acme-workload";
const LEX: &str = "p-acmelexstudy";
const BASE: &str = "p-acmeoptout1";
const OPT_OUT: &str = "{\"services\":{\"default\":{\"opt_out_policy\":{\"@@assign\":\"optOut\"}}}}";
/// How much faster than AWS the clocks run.
const SCALE: f64 = 500.0;

/// The example, and a resource control policy that is named as if it opted out.
fn organization() -> Snapshot {
    let mut snapshot = org::read(&Source::new("acme", ACME)).unwrap();
    let root = snapshot.root.as_mut().unwrap();
    let is_on = |root: &org::Root| root.policy_types.iter().any(|it| it.policy_type == PolicyType::ResourceControl);
    if !is_on(root) {
        let on = PolicyTypeStatus { policy_type: PolicyType::ResourceControl, state: PolicyTypeState::Enabled };
        root.policy_types.push(on);
    }
    snapshot.policies.as_mut().unwrap().push(Policy {
        id: "p-acmercp0001".parse().unwrap(),
        name: "AI opt out".into(),
        description: String::new(),
        policy_type: PolicyType::ResourceControl,
        aws_managed: false,
        content: Some("{\"Version\":\"2012-10-17\",\"Statement\":[]}".into()),
        tags: None,
    });
    snapshot
}

/// A function, and the AWS around it.
pub(crate) struct Stage {
    running: Running,
    cloud: Cloud,
    function: Function,
    names: Names,
}

impl Stage {
    pub(crate) async fn start(fields: Fields) -> Self {
        let organization = organization();
        let options = Options { time_scale: SCALE, fields, ..Options::default() };
        let rules = Rules { admit: |_, _| true, resolve };
        let running = Simulator::start(&organization, rules, options).await.unwrap();
        let cloud = Cloud::start(&running.url);
        cloud.put(&format!("/{BUCKET}/optout/optout.toml"), b"organization = \"o-acmeexample\"\n");
        let options = SessionOptions {
            keys: Some(Keys { access_key_id: OWN.to_owned(), secret_access_key: "a secret of the tests".into() }),
            endpoint_url: Some(cloud.url.clone()),
            region: Some("us-east-1".into()),
            patience: Patience { writing: Duration::from_secs(20), ..Patience::default() },
            time_scale: SCALE,
            ..SessionOptions::default()
        };
        let settings = Settings {
            bucket: Some(BUCKET.into()),
            prefix: "optout/".into(),
            intent_key: Some("optout/optout.toml".into()),
            topic_arn: Some(TOPIC.into()),
            event_bus: Some(BUS.into()),
            security_hub: true,
            member_role: Some(MEMBER_ROLE.into()),
            ..Settings::default()
        };
        let policies = organization.policies.iter().flatten();
        let types = policies.map(|it| (it.id.to_string(), it.policy_type.as_str().to_owned())).collect();
        let names = Names { management: OWN.into(), organization: "o-acmeexample".into(), types };
        Self { running, cloud, function: Function::new(Ok(settings), options), names }
    }

    /// Hands an event over; what was answered, or failed.
    async fn invoke(&self, event: &Value) -> Result<Value, String> {
        let now = Timestamp::now();
        let deadline = u64::try_from(now.as_millisecond()).unwrap() + 600_000;
        let arn = format!("arn:aws:lambda:us-east-1:{OWN}:function:optout");
        let invocation = Invocation::new("request", &arn, deadline, now);
        // Boxed: without optimisation a scene of many events would hold the handlers' large futures on a test's small stack.
        Box::pin(self.function.handle(event, &invocation)).await.map_err(|error| error.to_string())
    }

    /// The same of a custom resource; the id of what was made.
    async fn ask(&self, text: &str, kind: &str, id: Option<&str>, change: impl Fn(&mut Value)) -> Value {
        let mut event: Value = serde_json::from_str(text).unwrap();
        event["ResponseURL"] = json!(format!("{}/answer?X-Amz-Signature=x", self.cloud.url));
        event["RequestType"] = json!(kind);
        if let Some(id) = id {
            event["PhysicalResourceId"] = json!(id);
            event["OldResourceProperties"] = event["ResourceProperties"].clone();
        }
        change(&mut event);
        self.invoke(&event).await.unwrap();
        self.cloud.answers().pop().unwrap()
    }

    fn change(&self, change: Change) {
        self.running.simulator.change(change).unwrap();
    }

    fn attach(&self, policy: &str, target: &str) {
        self.change(Change::AttachPolicy { policy: policy.parse().unwrap(), target: target.parse().unwrap() });
    }

    fn detach(&self, policy: &str, target: &str) {
        self.change(Change::DetachPolicy { policy: policy.parse().unwrap(), target: target.parse().unwrap() });
    }

    /// What was asked since the last time.
    fn calls(&self) -> Vec<Call> {
        self.cloud.take().iter().filter_map(|asked| self.names.call(asked)).collect()
    }
}

fn resolve(policy_type: &PolicyType, levels: &[Vec<Arc<str>>]) -> Value {
    let parse = |text: &Arc<str>| serde_json::from_str(text).unwrap_or(Value::Null);
    let levels: Vec<Vec<Value>> = levels.iter().map(|level| level.iter().map(parse).collect()).collect();
    naive::resolve(policy_type.as_str(), &levels).document
}

/// Full reads, of an organization that says where accounts are and of one that does not.
pub(crate) async fn readings() -> Vec<Call> {
    let mut calls = Vec::new();
    for fields in [Fields::default(), Fields { paths: false, ..Fields::default() }] {
        let stage = Stage::start(fields).await;
        for _ in 0..2 {
            assert_eq!(stage.invoke(&json!({ "optout": "scheduled" })).await.unwrap()["status"], "done");
        }
        calls.extend(stage.calls());
    }
    calls
}

/// A full read, and then everything that can happen to the organization.
pub(crate) async fn events() -> Vec<Call> {
    let stage = Stage::start(Fields::default()).await;
    stage.invoke(&json!({ "optout": "scheduled" })).await.unwrap();
    stage.calls();
    let account = "210000000001";
    let told = |event: Value| async {
        let event = event;
        let answer = stage.invoke(&event).await;
        answer.unwrap_or_else(|error| panic!("{event}: {error}"))
    };
    stage.detach(BASE, ROOT);
    assert_eq!(told(detached(BASE, ROOT)).await["outcome"], "weakened");
    stage.attach(BASE, ROOT);
    told(attached(BASE, ROOT)).await;
    for target in [UNIT, account] {
        stage.attach(LEX, target);
        told(attached(LEX, target)).await;
    }
    told(attached("p-acmescp0001", UNIT)).await;
    stage.change(Change::SetPolicyContent { policy: BASE.parse().unwrap(), content: OPT_OUT.to_owned() });
    told(updated(BASE, OPT_OUT)).await;
    stage.detach(LEX, account);
    told(detached(LEX, account)).await;
    stage.change(Change::MoveAccount { account: account.parse().unwrap(), to: ROOT.parse().unwrap() });
    told(moved(account.parse().unwrap(), UNIT, ROOT)).await;
    let (joined, parent) = ("990000000001", ROOT.parse().unwrap());
    stage.change(Change::JoinAccount { account: joined.parse().unwrap(), name: "new".into(), parent });
    told(happened("AccountJoinedOrganization", json!({ "accountId": joined }))).await;
    stage.change(Change::LeaveAccount { account: joined.parse().unwrap() });
    told(called("RemoveAccountFromOrganization", json!({ "accountId": joined }))).await;
    told(called("UpdateOrganizationalUnit", json!({ "organizationalUnitId": UNIT, "name": "Workloads" }))).await;
    for id in ["240000000001", account] {
        let details = json!({ "accountId": id, "policyType": "AISERVICES_OPT_OUT_POLICY", "state": "INVALID" });
        told(happened("EffectivePolicyValidation", details)).await;
    }
    every_recorded_event(&stage).await;
    let mut calls = stage.calls();
    calls.extend(without_paths().await);
    calls
}

/// Where AWS does not say where an account is, its parent is asked for.
async fn without_paths() -> Vec<Call> {
    let stage = Stage::start(Fields { paths: false, ..Fields::default() }).await;
    stage.invoke(&json!({ "optout": "scheduled" })).await.unwrap();
    stage.calls();
    let account = "210000000001".parse().unwrap();
    stage.change(Change::MoveAccount { account, to: ROOT.parse().unwrap() });
    stage.invoke(&moved(account, UNIT, ROOT)).await.unwrap();
    stage.calls()
}

/// As AWS recorded them, about things that are not there: what is looked up is to be allowed too.
async fn every_recorded_event(stage: &Stage) {
    let folder = std::fs::read_dir(format!("{}/tests/data/organizations", crate::envelopes::FOLDER)).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|it| it == "json")).collect();
    paths.sort();
    assert!(paths.len() > 20);
    for path in paths {
        let event = crate::envelopes::recorded(path.file_stem().unwrap().to_str().unwrap());
        // What AWS does not know may end in an error; the calls are what counts.
        drop(stage.invoke(&event).await);
    }
}

/// AWS Config asks for the whole organization, for a member, without a state, and about a resource.
pub(crate) async fn rules() -> Vec<Call> {
    let stage = Stage::start(Fields::default()).await;
    let event = |account: &str| {
        let mut event: Value = serde_json::from_str(PERIODIC).unwrap();
        event["accountId"] = account.into();
        event
    };
    for _ in 0..2 {
        // Without what a reading remembers, and with it.
        for account in [OWN, "210000000001"] {
            drop(stage.invoke(&event(account)).await);
        }
        stage.invoke(&json!({ "optout": "scheduled" })).await.unwrap();
    }
    stage.calls()
}

/// CloudFormation makes, changes and deletes; it finds what is there, what others have, and what fails half-way.
pub(crate) async fn resources() -> Vec<Call> {
    let stage = Stage::start(Fields::default()).await;
    let same = |_: &mut Value| {};
    stage.change(Change::SetPolicyType { policy_type: PolicyType::AiOptOut, enabled: false });
    for kind in ["Create", "Update", "Delete"] {
        assert_eq!(stage.ask(TYPE, kind, Some("r-acme/AISERVICES_OPT_OUT_POLICY"), same).await["Status"], "SUCCESS");
    }
    let made = stage.ask(POLICY, "Create", None, same).await;
    assert_eq!(made["Status"], "SUCCESS", "{made}");
    let id = made["PhysicalResourceId"].as_str().unwrap().to_owned();
    stage.ask(POLICY, "Create", None, same).await;
    let other = |event: &mut Value| {
        let properties = &mut event["ResourceProperties"];
        properties["Description"] = json!("another text");
        properties["TargetIds"] = json!([ROOT, UNIT, "210000000002"]);
        properties["Tags"] = json!([{ "Key": "owner", "Value": "security" }]);
    };
    assert_eq!(stage.ask(POLICY, "Update", Some(&id), other).await["Status"], "SUCCESS");
    let theirs = stage.ask(POLICY, "Update", Some(BASE), same).await;
    assert_eq!(theirs["Status"], "FAILED");
    assert_eq!(stage.ask(POLICY, "Delete", Some(&id), other).await["Status"], "SUCCESS");
    assert_eq!(stage.ask(POLICY, "Delete", Some(&id), other).await["Status"], "SUCCESS");
    let deny = Fault {
        operations: vec!["AttachPolicy".to_owned()],
        callers: Vec::new(),
        when: When::Always,
        effect: Effect::Deny,
    };
    stage.running.simulator.set_faults(vec![deny]);
    let failed = stage.ask(POLICY, "Create", None, same).await;
    assert_eq!(failed["Status"], "FAILED");
    let id = failed["PhysicalResourceId"].as_str().unwrap().to_owned();
    stage.running.simulator.set_faults(Vec::new());
    assert_eq!(stage.ask(POLICY, "Delete", Some(&id), same).await["Status"], "SUCCESS");
    stage.calls()
}

/// An organization of a fleet, read by a role there: the calls of the function's own role, and those of that role.
pub(crate) async fn fleet() -> (Vec<Call>, Vec<Call>) {
    let stage = Stage::start(Fields::default()).await;
    let role = format!("arn:aws:iam::{OWN}:role/optout-fleet-reader");
    let organization = json!({
        "name": "Other", "file_name": "other", "role_arn": role, "external_id": "an-id", "region": "us-east-1"
    });
    stage.invoke(&json!({ "optout": "scheduled", "organization": organization })).await.unwrap();
    let is_theirs = |call: &Call| ["organizations:", "cloudtrail:"].iter().any(|it| call.action.starts_with(it));
    let (theirs, own) = stage.calls().into_iter().partition(is_theirs);
    (own, theirs)
}
