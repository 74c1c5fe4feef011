//! Every recorded answer of AWS in `data/api_answers.json`, asked again over HTTP: one named test a case.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use libtest_mimic::{Arguments, Failed, Trial};
use optout_core::org::PolicyType;
use optout_simulator::{Change, Options, ValidationError};
use serde_json::{Map, Value, json};
use support::{Answer, Bench, MANAGEMENT, MEMBER, ROOT, UNIT, attach, create_policy, session, with_types};

const ANSWERS: &str = include_str!("data/api_answers.json");
const INHERITANCE: &str = include_str!("data/inheritance.json");

fn main() {
    let cases: Vec<Value> = serde_json::from_str(ANSWERS).unwrap();
    assert!(cases.len() > 80, "the vectors are incomplete");
    let trials = cases.into_iter().map(|case| {
        let name = format!("{}/{}", case["action"].as_str().unwrap().replace(' ', "-"), case["case"].as_str().unwrap());
        Trial::test(name, move || run(&case))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn run(case: &Value) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let scene = Scene::set(case).await?;
        let answer = scene.ask(case).await;
        check(case, &answer)?;
        scene.check_more(case, &answer).await
    })
}

fn check(case: &Value, answer: &Answer) -> Result<(), Failed> {
    let equal = |what: &str, expected: &Value, actual: &Value| match expected == actual {
        true => Ok(()),
        false => Err(format!("{what}: expected {expected}, got {actual} in {}", answer.text)),
    };
    equal("status", &case["http_status"], &json!(answer.status))?;
    equal("code", &case["code"], &json!(answer.code()))?;
    if answer.status != 200 {
        equal("reason", &case["reason"], &answer.json()["Reason"])?;
        if !case["message"].is_null() {
            equal("message", &case["message"], &answer.json()["Message"])?;
        }
    }
    Ok(())
}

/// An organization in the situation of a case.
struct Scene {
    bench: Bench,
    /// Who asks: an access key id.
    key: String,
    /// A policy that the case names as `POLICY_ID`.
    policy: String,
    /// The effective document the case should see.
    effective: Option<Value>,
}

impl Scene {
    async fn set(case: &Value) -> Result<Self, Failed> {
        let state = case["state"].as_str().unwrap_or_default();
        let on = match state {
            "TAG_POLICY disabled on root" | "BACKUP_POLICY disabled" | "CHATBOT_POLICY disabled" => vec![],
            _ => vec![PolicyType::Tag, PolicyType::Backup],
        };
        let bench = Bench::start(&with_types(&on), Options::default()).await;
        let mut scene = Self { bench, key: MANAGEMENT.to_owned(), policy: String::new(), effective: None };
        match case["action"].as_str().unwrap() {
            "DescribeEffectivePolicy" if !on.is_empty() && !state.contains("nothing attached") => {
                scene.set_documents(state).await;
            }
            "ListEffectivePolicyValidationErrors" => scene.set_invalid()?,
            "DescribeEffectivePolicy" | "CreatePolicy TAG_POLICY" => {}
            _ => scene.policy = create_policy(&scene.bench, "TAG_POLICY", "first", &json!({"tags":{}})).await,
        }
        scene.set_actor(case["actor"].as_str().unwrap()).await?;
        Ok(scene)
    }

    /// The documents of the recorded state: two at the root, one at the member; updated where the state says so.
    async fn set_documents(&mut self, state: &str) {
        let cases: Vec<Value> = serde_json::from_str(INHERITANCE).unwrap();
        let attached = cases.into_iter().filter(|case| case["case"].as_str().unwrap().starts_with("attached-2/"));
        let (mut first, mut second, mut own, mut effective) = (Map::new(), Map::new(), Map::new(), Map::new());
        for case in attached {
            let add = |into: &mut Map<String, Value>, document: &Value| {
                into.extend(document["tags"].as_object().cloned().unwrap_or_default());
            };
            add(&mut first, &case["levels"][0][0]);
            add(&mut second, &case["levels"][0][1]);
            add(&mut own, &case["levels"][2][0]);
            add(&mut effective, &case["effective"]);
        }
        for (name, tags, target) in [("P0", first, ROOT), ("P1", second, ROOT), ("P2", own, MEMBER)] {
            let id = create_policy(&self.bench, "TAG_POLICY", name, &json!({ "tags": tags })).await;
            attach(&self.bench, &id, target).await;
            if name == "P0" {
                self.policy = id;
            }
        }
        self.effective = Some(json!({ "tags": effective }));
        if let Some(change) = match state {
            "after UpdatePolicy(Description only) on P0" => Some(json!({ "Description": "another" })),
            "after UpdatePolicy(same Content) on P0" => Some(json!({ "Content": self.content().await })),
            _ => None,
        } {
            let before = self.last_updated().await;
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            let mut input = change;
            input["PolicyId"] = json!(self.policy);
            self.bench.ok(MANAGEMENT, "UpdatePolicy", input).await;
            assert!(self.last_updated().await > before, "the timestamp stays");
        }
    }

    async fn content(&self) -> Value {
        let answer = self.bench.ok(MANAGEMENT, "DescribePolicy", json!({ "PolicyId": self.policy })).await;
        answer["Policy"]["Content"].clone()
    }

    async fn last_updated(&self) -> f64 {
        let input = json!({ "PolicyType": "TAG_POLICY", "TargetId": MEMBER });
        let answer = self.bench.ok(MANAGEMENT, "DescribeEffectivePolicy", input).await;
        answer["EffectivePolicy"]["LastUpdatedTimestamp"].as_f64().unwrap()
    }

    /// Three errors of the member's backup policy.
    fn set_invalid(&self) -> Result<(), Failed> {
        let error = |code: &str| ValidationError {
            code: code.to_owned(),
            message: "not valid".to_owned(),
            path: "plans".to_owned(),
            policies: Vec::new(),
        };
        let errors = ["ELEMENTS_TOO_MANY", "ELEMENTS_TOO_FEW", "KEY_REQUIRED"].map(error).to_vec();
        let account = MEMBER.parse()?;
        let change = Change::SetInvalid { account, policy_type: PolicyType::Backup, errors, last_valid: None };
        Ok(self.bench.running.simulator.change(change)?)
    }

    async fn set_actor(&mut self, actor: &str) -> Result<(), Failed> {
        match actor {
            "management" => {}
            "member" | "ordinary member" | "member, no delegation" => self.key = MEMBER.to_owned(),
            "delegated administrator"
            | "delegated administrator (any service)"
            | "delegated administrator of account.amazonaws.com (ANY service)"
            | "delegated administrator, no resource-policy grant" => self.delegate().await,
            "delegated administrator + resource policy Deny DescribePolicy" => {
                self.delegate().await;
                self.grant(&[("Deny", &["DescribePolicy"], json!("*"))]).await;
            }
            "ordinary member + resource policy Deny DescribeOrganization" => {
                self.grant(&[("Deny", &["DescribeOrganization"], json!("*"))]).await;
            }
            "resource policy Allow UpdatePolicy" => {
                self.delegate().await;
                self.grant(&[("Allow", &["UpdatePolicy"], json!("*"))]).await;
            }
            "plain member + resource policy Allow UpdatePolicy (no delegated admin registration)" => {
                self.grant(&[("Allow", &["UpdatePolicy"], json!("*"))]).await;
            }
            "resource-policy delegate without TagResource" => {
                self.grant(&[("Allow", &["CreatePolicy"], json!("*"))]).await;
            }
            "delegate granted policy but not target" => {
                let policies = json!("arn:aws:organizations::111111111111:policy/o-exampleorgid/*");
                self.grant(&[("Allow", &["AttachPolicy"], policies)]).await;
            }
            "delegate granted policy and target" => {
                let targets = [
                    "arn:aws:organizations::111111111111:policy/o-exampleorgid/*",
                    "arn:aws:organizations::111111111111:ou/o-exampleorgid/*",
                ];
                self.grant(&[("Allow", &["AttachPolicy"], json!(targets))]).await;
            }
            "delegate" => {
                let actions = ["DeletePolicy", "DescribePolicy", "AttachPolicy"];
                self.grant(&[("Allow", &actions, json!("*"))]).await;
            }
            other => self.key = self.session_of(other).await?,
        }
        Ok(())
    }

    async fn delegate(&mut self) {
        let service = json!({ "ServicePrincipal": "account.amazonaws.com" });
        self.bench.ok(MANAGEMENT, "EnableAWSServiceAccess", service).await;
        let input = json!({ "AccountId": MEMBER, "ServicePrincipal": "account.amazonaws.com" });
        self.bench.ok(MANAGEMENT, "RegisterDelegatedAdministrator", input).await;
        self.key = MEMBER.to_owned();
    }

    async fn grant(&mut self, statements: &[(&str, &[&str], Value)]) {
        let statement = |(effect, actions, resource): &(&str, &[&str], Value)| {
            let actions: Vec<String> = actions.iter().map(|action| format!("organizations:{action}")).collect();
            json!({ "Effect": effect, "Principal": { "AWS": MEMBER }, "Action": actions, "Resource": resource })
        };
        let statements: Vec<Value> = statements.iter().map(statement).collect();
        let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        self.bench.ok(MANAGEMENT, "PutResourcePolicy", json!({ "Content": policy })).await;
        self.key = MEMBER.to_owned();
    }

    /// `member session policy Resource=ARN` and `member session policy + StringEquals KEY=VALUE`.
    async fn session_of(&self, actor: &str) -> Result<String, Failed> {
        let rest = actor.strip_prefix("member session policy ").ok_or(format!("nobody is `{actor}`"))?;
        let mut statement = json!({ "Effect": "Allow", "Action": "organizations:DescribeEffectivePolicy" });
        match (rest.strip_prefix("Resource="), rest.strip_prefix("+ StringEquals ").and_then(|it| it.split_once('='))) {
            (Some(arn), _) => statement["Resource"] = json!(arn),
            (_, Some((key, value))) => {
                statement["Resource"] = json!("*");
                statement["Condition"] = json!({ "StringEquals": { key: value } });
            }
            _ => return Err(format!("nobody is `{actor}`").into()),
        }
        Ok(session(&self.bench, &json!({ "Version": "2012-10-17", "Statement": [statement] })).await)
    }

    async fn ask(&self, case: &Value) -> Answer {
        let action = case["action"].as_str().unwrap().split(' ').next().unwrap();
        let mut input = case["input"].clone();
        match (action, case["case"].as_str().unwrap()) {
            ("CreatePolicy", "create-without-delegated-tag") => {
                let content = json!({ "Version": "2012-10-17", "Statement": [] }).to_string();
                fill(&mut input, json!({ "Name": "n", "Description": "", "Content": content }));
            }
            ("CreatePolicy", _) => fill(&mut input, json!({ "Type": "TAG_POLICY", "Name": "n", "Description": "" })),
            ("UpdatePolicy", _) => fill(&mut input, json!({ "PolicyId": "POLICY_ID" })),
            ("ListOrganizationalUnitsForParent", _) => fill(&mut input, json!({ "ParentId": ROOT })),
            (_, "delete-attached-policy") => attach(&self.bench, &self.policy, UNIT).await,
            (_, "describe-deleted-policy") => {
                self.bench.ok(MANAGEMENT, "DeletePolicy", json!({ "PolicyId": self.policy })).await;
            }
            _ => {}
        }
        self.bench.call(&self.key, action, self.named(&input)).await
    }

    /// The input with its placeholders filled in.
    fn named(&self, input: &Value) -> Value {
        let text = input.to_string().replace("POLICY_ID", &self.policy).replace("UNIT_ID", UNIT);
        let long = |count: usize| "é".repeat(count);
        let text = text.replace("512 x U+00E9", &long(512)).replace("513 x U+00E9", &long(513));
        serde_json::from_str(&text).unwrap()
    }

    /// What a case says besides its code.
    async fn check_more(&self, case: &Value, answer: &Answer) -> Result<(), Failed> {
        if answer.status != 200 {
            return Ok(());
        }
        let answer = answer.json();
        let effective = &answer["EffectivePolicy"];
        let document = || serde_json::from_str::<Value>(effective["PolicyContent"].as_str().unwrap()).unwrap();
        if case["same_as"] == "attached-2/FULL" {
            assert_eq!(Some(document()), self.effective);
        }
        if case["same_as"] == "management-inherited/FULL" {
            assert_eq!(document()["tags"]["example-lock"]["tag_value"], json!(["red"]));
            assert_eq!(effective["TargetId"], MANAGEMENT);
        }
        for (expected, actual) in [("output_policy_content", "PolicyContent"), ("output_target_id", "TargetId")] {
            if !case[expected].is_null() {
                assert_eq!(case[expected], effective[actual]);
            }
        }
        match case["case"].as_str().unwrap() {
            "unchanged-read" => assert_eq!(effective["LastUpdatedTimestamp"], json!(self.last_updated().await)),
            "max-one" => {
                assert_eq!(answer["EffectivePolicyValidationErrors"].as_array().unwrap().len(), 1);
                assert!(answer["NextToken"].is_string());
            }
            "update-empty-request" | "update-description-null" => {
                assert_eq!(answer["Policy"]["PolicySummary"]["Name"], Value::Null);
                assert_eq!(answer["Policy"]["PolicySummary"]["Description"], Value::Null);
                assert_eq!(answer["Policy"]["Content"], "{\"tags\":{}}");
            }
            "update-description-empty" => assert_eq!(answer["Policy"]["PolicySummary"]["Description"], ""),
            "update-name-space" => assert_eq!(answer["Policy"]["PolicySummary"]["Name"], " "),
            _ => {}
        }
        Ok(())
    }
}

fn fill(input: &mut Value, more: Value) {
    let Value::Object(more) = more else { return };
    for (key, value) in more {
        input.as_object_mut().unwrap().entry(key).or_insert(value);
    }
}
