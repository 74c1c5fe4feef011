//! `optout usage` against moto: bills over pages, metrics where bills are denied, and every command of its page.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::environment::{Environment, aws};
use crate::program::{Ended, optout};

const PAGE: &str = include_str!("../../../../docs/usage.md");
const ACME: &str = include_str!("../../../../examples/acme/organization.json");

/// Moto behind a translator of CloudWatch's protocol; it ends with this value.
struct Served {
    server: Child,
    answers: BufReader<ChildStdout>,
    made: Value,
}

impl Served {
    fn start() -> Option<Self> {
        let environment = Environment::of("moto")?;
        let mut command = environment.script("usage_moto.py");
        aws(&mut command, "").env_remove("AWS_ENDPOINT_URL");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        let mut answers = BufReader::new(server.stdout.take().unwrap());
        let made = line(&mut answers);
        Some(Self { server, answers, made: serde_json::from_str(&made).unwrap() })
    }

    fn endpoint(&self) -> &str {
        self.made["endpoint"].as_str().unwrap()
    }

    fn tell(&mut self, word: &str) -> String {
        writeln!(self.server.stdin.as_mut().unwrap(), "{word}").unwrap();
        line(&mut self.answers)
    }

    fn usage(&self, arguments: &[&str]) -> Ended {
        optout(self.endpoint(), ["usage"].iter().chain(arguments))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

fn line(answers: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    answers.read_line(&mut line).unwrap();
    line.trim().to_owned()
}

fn service<'a>(review: &'a Value, account: &Value, key: &str) -> &'a Value {
    let account = review["accounts"].as_array().unwrap().iter().find(|it| it["id"] == *account).unwrap();
    account["services"].as_array().unwrap().iter().find(|it| it["key"] == key).unwrap()
}

#[test]
fn bills_are_read_over_every_page_that_moto_gives() {
    let Some(mut served) = Served::start() else { return };
    served.tell("bills 3");
    let ran = served.usage(&["--from", "2026-07-01", "--to", "2026-09-30", "--format", "json"]);
    let review = ran.json();
    assert_eq!((ran.code, &review["source"]), (2, &"cost-explorer".into()), "{ran:?}");
    assert_eq!((&review["requests"]["sent"], &review["requests"]["cost_usd"]), (&3.into(), &"0.03".into()));
    let [management, member] = [0, 1].map(|at| served.made["accounts"][at].clone());
    // The first page and the third are of one account.
    assert_eq!(service(&review, &management, "lex")["quantity"], "4");
    assert_eq!(service(&review, &member, "lex")["quantity"], "2");
    assert_eq!(service(&review, &member, "lex")["standing"], "exposed");
}

#[test]
fn where_bills_are_denied_metrics_of_moto_show_use_and_what_they_lack_stays_unknown() {
    let Some(mut served) = Served::start() else { return };
    served.tell("denied");
    let ran = served.usage(&["--from", "2026-01-01", "--to", "2999-12-31", "--max-requests", "40", "--format", "json"]);
    let review = ran.json();
    assert_eq!((ran.code, &review["source"]), (2, &"cloudwatch".into()), "{ran:?}");
    let management = served.made["accounts"][0].clone();
    // 520 metrics: two pages of the list, two requests for their values.
    assert_eq!(service(&review, &management, "polly")["quantity"], "1040");
    assert_eq!(service(&review, &management, "rekognition")["quantity"], "7");
    assert_eq!(service(&review, &management, "textract")["usage"], "unknown", "a sum of nothing is no use");
    let asked: Vec<String> = serde_json::from_str(&served.tell("asked")).unwrap();
    assert_eq!(asked.iter().filter(|name| *name == "GetMetricData").count(), 2, "{asked:?}");
    let granted = optout_core::usage::UsageSource::CloudWatch.actions();
    assert!(asked.iter().all(|name| granted.contains(&format!("cloudwatch:{name}").as_str())), "{asked:?}");
    assert!(ran.stderr.contains("ce:GetCostAndUsage"), "{}", ran.stderr);
}

#[test]
fn without_the_fallback_a_denial_says_what_to_grant() {
    let Some(mut served) = Served::start() else { return };
    served.tell("denied");
    let ran = served.usage(&["--bills-only"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.stderr.contains("optout generate iam-policy --for usage"), "{}", ran.stderr);
    assert_eq!(served.tell("asked"), "[]");
}

#[test]
fn every_command_of_the_page_runs() {
    let Some(mut served) = Served::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let keys =
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    write(".aws/config", &format!("[profile management]\nregion = us-east-1\n{keys}\n"));
    write("snapshot.json", ACME);
    write("optout.toml", "organization = \"o-acmeexample\"\npolicy.name = \"opt-out\"\n");
    write("AWSLogs/trail.json", include_str!("../../../../examples/acme/trail.json"));
    let commands: Vec<&str> = PAGE.lines().filter_map(|line| line.strip_prefix("    optout ")).collect();
    assert!(commands.len() >= 8, "{commands:?}");
    for command in commands {
        served.tell("bills 1");
        let mut program = Command::new(env!("CARGO_BIN_EXE_optout"));
        program.args(command.split(' ')).env_clear().env("HOME", folder.path()).current_dir(folder.path());
        aws(&mut program, served.endpoint());
        let output = program.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        // The example's events prove no single day, and the program says so.
        let proves_none = output.status.code() == Some(1) && told.contains("prove no single day");
        let ended = matches!(output.status.code(), Some(0 | 2 | 3));
        assert!(ended || (command.contains(" trail ") && proves_none), "optout {command}\n{told}");
    }
}
