//! The function as AWS runs it: the program `bootstrap`, driven through the Lambda Runtime API by the emulator of
//! `cargo lambda`, with the events that AWS documents. What it answers AWS Config is judged by botocore's own model.
//!
//! The program is the one that the tests of `optout-lambda` are built with; `OPTOUT_BOOTSTRAP` names another one: `ci/soak`
//! drives the release, whose build takes longer than a check may.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use optout_simulator::{Change, Options};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::cloud::{Asked, Cloud};
use crate::environment::{Environment, Missing, aws, or_skip};
use crate::program::optout;
use crate::publish::Receiver;
use crate::requests::{judged, told};
use crate::simulator::serve_text;

#[path = "../../../lambda/tests/monitor/envelopes.rs"]
#[expect(dead_code, reason = "it is made for the tests of the monitor too")]
mod envelopes;

const ACME: &str = include_str!("../../../../examples/acme/organization.json");
const SCHEDULED: &str = include_str!("../../../lambda/tests/data/scheduled-rule.json");
const PERIODIC: &str = include_str!("../../../lambda/tests/data/config-periodic.json");
const CHANGED: &str = include_str!("../../../lambda/tests/data/config-changed.json");
const TYPE: &str = include_str!("../../../lambda/tests/data/resource-type.json");
const POLICY: &str = include_str!("../../../lambda/tests/data/resource-policy.json");
/// What `cargo lambda` calls a function that it was not told the name of.
const NAME: &str = "_";
/// How long an invocation may take, and how long the emulator may take to listen.
const PATIENCE: Duration = Duration::from_secs(180);

/// The emulator, and the program that it hands events to.
struct Emulated {
    emulator: Child,
    function: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Emulated {
    /// `None`, which is said, where the emulator or the program cannot be had.
    fn start(endpoint: &str, settings: &[(&str, &str)]) -> Option<Self> {
        let environment = Environment::of("cargo-lambda")?;
        let bootstrap = or_skip(bootstrap())?;
        let folder = tempfile::tempdir().unwrap();
        // The emulator wants a project to be in, and builds nothing of it.
        let manifest = "[package]\nname = \"function\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n";
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/main.rs"), "fn main() {}\n").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut watch = environment.program("cargo-lambda");
        watch.args(["lambda", "watch", "--only-lambda-apis", "--invoke-address", "127.0.0.1", "--invoke-port"]);
        watch.arg(port.to_string()).current_dir(folder.path()).env("CARGO_NET_OFFLINE", "true");
        // `cargo metadata`, of the toolchain that runs this test.
        for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
            if let Some(value) = std::env::var_os(name) {
                watch.env(name, value);
            }
        }
        let emulator = watch.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        wait_for(port);
        let mut function = Command::new(&bootstrap);
        function.env_clear().envs(settings.iter().copied()).current_dir(folder.path());
        aws(&mut function, endpoint).env("AWS_LAMBDA_RUNTIME_API", format!("http://127.0.0.1:{port}/.rt"));
        function.env("AWS_LAMBDA_FUNCTION_NAME", NAME).env("AWS_LAMBDA_FUNCTION_VERSION", "1");
        function.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512").env("AWS_LAMBDA_LOG_LEVEL", "TRACE");
        let log = fs::File::create(folder.path().join("function.log")).unwrap();
        let function = function.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        Some(Self { emulator, function, port, _folder: folder })
    }

    /// Invokes the function as Lambda's API does: the status, and what was answered.
    fn invoke(&self, event: &Value) -> (u16, Value) {
        let body = event.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "POST /2015-03-31/functions/{NAME}/invocations HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {answer}\n{}", self.log())))
    }

    fn log(&self) -> String {
        fs::read_to_string(self._folder.path().join("function.log")).unwrap()
    }
}

impl Drop for Emulated {
    fn drop(&mut self) {
        for child in [&mut self.function, &mut self.emulator] {
            // One that has ended by itself is what the test then tells.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn wait_for(port: u16) {
    let end = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "the emulator does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The program to run.
fn bootstrap() -> Result<PathBuf, Missing> {
    let built = Path::new(env!("CARGO_BIN_EXE_optout")).with_file_name("bootstrap");
    let path = std::env::var_os("OPTOUT_BOOTSTRAP").map_or(built, PathBuf::from);
    let missing =
        || Missing { needs: "cargo build -p optout-lambda".to_owned(), why: format!("no {}", path.display()) };
    if path.is_file() { Ok(path) } else { Err(missing()) }
}

fn event(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn of_member(account: &str) -> Value {
    let mut event = event(PERIODIC);
    event["accountId"] = account.into();
    event
}

fn resource(text: &str, cloud: &Cloud) -> Value {
    let mut event = event(text);
    event["ResponseURL"] = format!("{}/answer?X-Amz-Signature=secret", cloud.url).into();
    event
}

/// What AWS Config was sent is as botocore's model wants it, and has no word that AWS Config takes from no rule: how many evaluations there were.
fn evaluated(cloud: &Cloud) -> usize {
    let evaluations: Vec<Value> =
        cloud.evaluations().iter().flat_map(|call| call["Evaluations"].as_array().unwrap().clone()).collect();
    assert!(evaluations.iter().all(|it| it["ComplianceType"] != "INSUFFICIENT_DATA"), "{evaluations:?}");
    if let Some(boto3) = Environment::of("boto3") {
        let of_config = |asked: &Asked| asked.service == "config";
        let requests: Vec<Value> = cloud.asked().iter().filter(|asked| of_config(asked)).map(told).collect();
        let counts = judged(&boto3, &requests).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(counts, json!({"config:PutEvaluations": cloud.evaluations().len()}));
    }
    evaluations.len()
}

#[test]
fn a_real_runtime_hands_over_events_of_each_kind() {
    let runtime = Runtime::new().unwrap();
    let running = serve_text(&runtime, ACME, Options::default());
    let cloud = Cloud::start(&running.url);
    let Some(emulated) = Emulated::start(&cloud.url, &[("OPTOUT_MEMBER_ROLE", "optout-answers")]) else { return };

    let (status, scheduled) = emulated.invoke(&event(SCHEDULED));
    assert_eq!(status, 200, "{scheduled}\n{}", emulated.log());

    // AWS Config: the whole organization, a member of it, a resource that is no account, and an event twice.
    let (status, central) = emulated.invoke(&event(PERIODIC));
    assert_eq!((status, &central["compliance"]), (200, &json!("NON_COMPLIANT")), "{}", emulated.log());
    let verified = optout(&cloud.url, ["verify", "--format", "json"]);
    assert_eq!(verified.code, 2, "the same answer as the command line's: {verified:?}");
    let members = verified.json();
    for member in members["accounts"].as_array().unwrap().iter().filter(|account| account["counted"] == true).take(4) {
        let mut event = of_member(member["id"].as_str().unwrap());
        event["ruleParameters"] = json!(r#"{"scope":"account"}"#);
        let (status, answer) = emulated.invoke(&event);
        assert_eq!(status, 200, "{answer}");
        let fails = ["opted-in", "not-opted-out"].contains(&member["verdict"].as_str().unwrap());
        assert_eq!(answer["compliance"] == "NON_COMPLIANT", fails, "{answer} {member}");
    }
    assert_eq!(emulated.invoke(&event(CHANGED)).1["compliance"], "NOT_APPLICABLE");
    assert_eq!(emulated.invoke(&event(PERIODIC)).1["compliance"], "NON_COMPLIANT");
    assert_eq!(evaluated(&cloud), 7);

    // CloudFormation: both resources, and an event twice.
    for text in [TYPE, POLICY, POLICY] {
        let (status, answer) = emulated.invoke(&resource(text, &cloud));
        assert_eq!((status, &answer["status"]), (200, &json!("SUCCESS")), "{answer}");
    }
    let answers = cloud.answers();
    assert_eq!(answers[1]["PhysicalResourceId"], answers[2]["PhysicalResourceId"]);
    assert!(answers.iter().all(|answer| answer.to_string().len() < 4_096));

    // What nobody knows is an error of the invocation; the next event finds the function as it was.
    let (status, error) = emulated.invoke(&json!({"Records": []}));
    assert_eq!((status, &error["errorType"]), (500, &json!("UnknownEvent")), "{error}");
    assert_eq!(emulated.invoke(&event(CHANGED)).0, 200);
    assert!(!emulated.log().contains("X-Amz-Signature"), "{}", emulated.log());
    runtime.block_on(running.shutdown());
}

/// The finding that an event raises, as those who are told have it.
fn raised<'f>(findings: &'f Value, event: &Value) -> Option<&'f Value> {
    let id = envelopes::id(event);
    findings.as_array().unwrap().iter().find(|it| it["Id"].as_str().unwrap().ends_with(&format!("/monitor/{id}")))
}

fn count(value: &Value) -> usize {
    value.as_array().unwrap().len()
}

#[test]
fn what_events_of_organizations_do_is_read_back_by_boto3() {
    const LEX: &str = "p-acmelexstudy";
    const UNIT: &str = "ou-acme-workload";
    let Some(mut receiver) = Receiver::start() else { return };
    let runtime = Runtime::new().unwrap();
    let running = serve_text(&runtime, ACME, Options::default());
    let cloud = Cloud::before(&running.url, receiver.name("endpoint"));
    let settings = [
        ("OPTOUT_BUCKET", receiver.name("bucket")),
        ("OPTOUT_PREFIX", "optout/"),
        ("OPTOUT_EVENT_BUS", receiver.name("bus")),
        ("OPTOUT_TOPIC_ARN", receiver.name("topic")),
        ("OPTOUT_SECURITY_HUB", "on"),
    ];
    let Some(emulated) = Emulated::start(&cloud.url, &settings) else { return };

    // A full read: everything that is open arrives everywhere, and what is remembered is in the bucket.
    let (status, scheduled) = emulated.invoke(&json!({"optout": "scheduled"}));
    assert_eq!((status, &scheduled["status"]), (200, &json!("done")), "{scheduled}\n{}", emulated.log());
    let got = receiver.read();
    let open = count(&got["findings"]);
    assert!(open > 10 && count(&got["events"]) > open && count(&got["notices"]) == 1, "{got:#}");
    let state = |got: &Value| {
        let objects = got["objects"].as_array().unwrap();
        let state = objects.iter().rev().find(|it| it["key"] == "optout/state.gz").unwrap();
        state["text"].as_str().unwrap().lines().next().unwrap().to_owned()
    };
    assert!(state(&got).starts_with("{\"format\":\"optout.monitor-state/1\""));

    // Somebody attaches an opt-in: who did what to whom arrives everywhere.
    let change = Change::AttachPolicy { policy: LEX.parse().unwrap(), target: UNIT.parse().unwrap() };
    running.simulator.change(change).unwrap();
    let event = envelopes::attached(LEX, UNIT);
    let (status, answer) = emulated.invoke(&event);
    assert_eq!((status, &answer["outcome"]), (200, &json!("weakened")), "{answer}\n{}", emulated.log());
    let got = receiver.read();
    let finding = raised(&got["findings"], &event).unwrap_or_else(|| panic!("{got:#}"));
    let said = finding["Description"].as_str().unwrap();
    assert!(said.contains("AttachPolicy") && said.contains(LEX), "{said}");
    assert_eq!((&finding["Compliance"]["Status"], &finding["RecordState"]), (&json!("FAILED"), &json!("ACTIVE")));
    assert!(got["events"].to_string().contains(envelopes::id(&event)), "{:#}", got["events"]);
    assert_eq!(count(&got["notices"]), 1);
    assert!(state(&got).contains(envelopes::id(&event)));

    // Once more, as EventBridge may deliver it: nobody is told twice.
    assert_eq!(emulated.invoke(&event).1["outcome"], "duplicate");
    let again = receiver.read();
    assert_eq!((count(&again["events"]), count(&again["notices"])), (0, 0));

    // Taken back: the finding is archived.
    let change = Change::DetachPolicy { policy: LEX.parse().unwrap(), target: UNIT.parse().unwrap() };
    running.simulator.change(change).unwrap();
    let (status, answer) = emulated.invoke(&envelopes::detached(LEX, UNIT));
    assert_eq!((status, &answer["outcome"]), (200, &json!("healed")), "{answer}\n{}", emulated.log());
    let got = receiver.read();
    let finding = raised(&got["findings"], &event).unwrap();
    assert_eq!((&finding["Compliance"]["Status"], &finding["RecordState"]), (&json!("PASSED"), &json!("ARCHIVED")));

    // A call that nobody knows: a full read is asked for. A broken event fails its invocation, and the next one is dealt with.
    let mut unknown = event.clone();
    unknown["detail"]["eventName"] = json!("ReplaceEverything");
    unknown["detail"]["eventID"] = json!("30000000-0000-4000-8000-000000000001");
    assert_eq!(emulated.invoke(&unknown).1["outcome"], "unknown-event");
    assert!(receiver.read()["events"].to_string().contains("optout full read wanted"));
    let mut broken = event.clone();
    broken["detail"]["eventTime"] = json!("yesterday");
    broken["detail"]["eventID"] = json!("30000000-0000-4000-8000-000000000002");
    assert_eq!(emulated.invoke(&broken).0, 500);
    assert_eq!(emulated.invoke(&event).1["outcome"], "duplicate");

    if let Some(boto3) = Environment::of("boto3") {
        let requests: Vec<Value> = cloud.asked().iter().filter(|asked| !asked.service.is_empty()).map(told).collect();
        let counts = judged(&boto3, &requests).unwrap_or_else(|why| panic!("{why}"));
        for operation in
            ["cloudtrail:DescribeTrails", "organizations:ListPoliciesForTarget", "securityhub:BatchImportFindings"]
        {
            assert!(counts[operation].as_u64().is_some_and(|count| count > 0), "{operation}: {counts}");
        }
    }
    runtime.block_on(running.shutdown());
}
