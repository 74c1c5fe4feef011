//! What the tests of the simulator share: a small organization, the naive resolver as its rules, and an HTTP client of
//! a few lines.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    reason = "a test that cannot go on fails, and no test file uses all of this"
)]

#[path = "../../../../tests/naive/mod.rs"]
pub(crate) mod naive;

use std::sync::Arc;

use optout_core::org::{
    Account, AccountState, Membership, Organization, Partition, PolicyType, PolicyTypeState, PolicyTypeStatus, Root,
    Snapshot, TargetId, Unit,
};
use optout_simulator::{Options, Rules, Running, Simulator};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const MANAGEMENT: &str = "111111111111";
pub(crate) const MEMBER: &str = "222222222222";
pub(crate) const ROOT: &str = "r-example";
pub(crate) const UNIT: &str = "ou-example-12345678";

/// The naive resolver, and an admission of AI services opt-out policies that only looks for `services`.
pub(crate) const RULES: Rules = Rules { admit, resolve };

fn admit(_: &PolicyType, text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|document| document["services"].is_object())
}

fn resolve(policy_type: &PolicyType, levels: &[Vec<Arc<str>>]) -> Value {
    let parse = |text: &Arc<str>| serde_json::from_str(text).unwrap_or(Value::Null);
    let levels: Vec<Vec<Value>> = levels.iter().map(|level| level.iter().map(parse).collect()).collect();
    naive::resolve(policy_type.as_str(), &levels).document
}

/// A management account and a member directly under the root, one unit, no policy type on.
pub(crate) fn organization() -> Snapshot {
    let mut snapshot = Snapshot::empty("2026-11-24T06:00:00Z".parse().unwrap(), "test", Partition::Aws);
    snapshot.membership = Some(Membership::Member(Organization {
        id: "o-exampleorgid".parse().unwrap(),
        management_account: MANAGEMENT.parse().unwrap(),
        all_features: true,
    }));
    snapshot.root = Some(Root { id: ROOT.parse().unwrap(), name: "Root".to_owned(), policy_types: Vec::new() });
    snapshot.units =
        Some(vec![Unit { id: UNIT.parse().unwrap(), name: "Workloads".to_owned(), parent: ROOT.parse().unwrap() }]);
    snapshot.accounts = Some(vec![account(MANAGEMENT, "Management", ROOT), account(MEMBER, "Member", ROOT)]);
    snapshot
}

/// The same with policy types on.
pub(crate) fn with_types(types: &[PolicyType]) -> Snapshot {
    let mut snapshot = organization();
    let on = |it: &PolicyType| PolicyTypeStatus { policy_type: it.clone(), state: PolicyTypeState::Enabled };
    snapshot.root.as_mut().unwrap().policy_types = types.iter().map(on).collect();
    snapshot
}

/// The same with so many accounts in the unit.
pub(crate) fn with_accounts(count: u64) -> Snapshot {
    let mut snapshot = with_types(&[PolicyType::AiOptOut]);
    let accounts = (0..count).map(|it| account(&format!("{}", 300_000_000_000 + it), &format!("a{it}"), UNIT));
    snapshot.accounts.as_mut().unwrap().extend(accounts);
    snapshot
}

pub(crate) fn account(id: &str, name: &str, parent: &str) -> Account {
    let parent: TargetId = parent.parse().unwrap();
    let id = id.parse().unwrap();
    Account { id, name: name.to_owned(), email: None, state: AccountState::Active, parent: Some(parent), joined: None }
}

/// A running simulator and how to speak to it.
pub(crate) struct Bench {
    pub(crate) running: Running,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The code of an error, `Success` for a success.
    pub(crate) fn code(&self) -> String {
        if self.status == 200 { "Success".to_owned() } else { self.json()["__type"].as_str().unwrap().to_owned() }
    }
}

impl Bench {
    pub(crate) async fn start(snapshot: &Snapshot, options: Options) -> Self {
        Self { running: Simulator::start(snapshot, RULES, options).await.unwrap() }
    }

    /// Calls an operation of AWS Organizations; fails the test where no whole answer comes.
    pub(crate) async fn call(&self, key: &str, operation: &str, input: Value) -> Answer {
        self.try_call(key, operation, input).await.unwrap()
    }

    /// The answer of a call that must succeed.
    pub(crate) async fn ok(&self, key: &str, operation: &str, input: Value) -> Value {
        let answer = self.call(key, operation, input).await;
        assert_eq!(answer.status, 200, "{operation}: {}", answer.text);
        answer.json()
    }

    /// Every page of a list: the items of each.
    pub(crate) async fn pages(&self, operation: &str, name: &str, mut input: Value) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        loop {
            let answer = self.ok(MANAGEMENT, operation, input.clone()).await;
            pages.push(answer[name].as_array().unwrap().clone());
            match answer.get("NextToken") {
                Some(token) => input["NextToken"] = token.clone(),
                None => return pages,
            }
        }
    }

    pub(crate) async fn try_call(&self, key: &str, operation: &str, input: Value) -> std::io::Result<Answer> {
        let headers = format!(
            "X-Amz-Target: AWSOrganizationsV20161128.{operation}\r\nContent-Type: application/x-amz-json-1.1\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential={key}/20261124/us-east-1/organizations/aws4_request, \
             SignedHeaders=host, Signature=0\r\n"
        );
        self.send("POST", "/", &headers, &input.to_string()).await
    }

    /// Calls an operation of STS.
    pub(crate) async fn sts(&self, key: &str, form: &str) -> Answer {
        let headers = format!(
            "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nAuthorization: AWS4-HMAC-SHA256 \
             Credential={key}/20261124/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0\r\n"
        );
        self.send("POST", "/", &headers, &format!("{form}&Version=2011-06-15")).await.unwrap()
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> std::io::Result<Answer> {
        let address = self.running.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await?;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        read_answer(&String::from_utf8_lossy(&bytes))
    }
}

fn read_answer(text: &str) -> std::io::Result<Answer> {
    let broken = |what: &str| std::io::Error::new(std::io::ErrorKind::UnexpectedEof, what.to_owned());
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| broken("no head"))?;
    let head = head.to_ascii_lowercase();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| broken("no status"))?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.and_then(|length| length.parse().ok()).ok_or_else(|| broken("no length"))?;
    if body.len() < length {
        return Err(broken("the body breaks off"));
    }
    Ok(Answer { status, head, text: body.to_owned() })
}

/// A policy of a type, made by the management account; its id.
pub(crate) async fn create_policy(bench: &Bench, policy_type: &str, name: &str, content: &Value) -> String {
    let input = json!({ "Type": policy_type, "Name": name, "Description": "", "Content": content.to_string() });
    let answer = bench.ok(MANAGEMENT, "CreatePolicy", input).await;
    answer["Policy"]["PolicySummary"]["Id"].as_str().unwrap().to_owned()
}

/// Attaches a policy as the management account.
pub(crate) async fn attach(bench: &Bench, policy: &str, target: &str) {
    bench.ok(MANAGEMENT, "AttachPolicy", json!({ "PolicyId": policy, "TargetId": target })).await;
}

/// Keys of a session of a role in the member account, with a session policy.
pub(crate) async fn session(bench: &Bench, policy: &Value) -> String {
    let policy: String = form_urlencoded::byte_serialize(policy.to_string().as_bytes()).collect();
    let role = "RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2FReader";
    let form = format!("Action=AssumeRole&{role}&RoleSessionName=test&Policy={policy}");
    let answer = bench.sts(MEMBER, &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    between(&answer.text, "<AccessKeyId>", "</AccessKeyId>").to_owned()
}

pub(crate) fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map(|(inner, _)| inner).unwrap_or_default()
}
