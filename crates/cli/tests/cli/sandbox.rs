//! `optout sandbox`, and reading from it as from AWS.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::harness::Optout;

/// A sandbox that is listening; it ends with this value.
pub(crate) struct Sandbox {
    child: Child,
    environment: Vec<(String, String)>,
    _run: Optout,
}

impl Sandbox {
    pub(crate) fn start(arguments: &str) -> Self {
        Self::of(Optout::new(&format!("sandbox {arguments}")).acme())
    }

    /// The sandbox that a prepared run starts.
    pub(crate) fn of(run: Optout) -> Self {
        let mut child = run.command().stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().take(5);
        let pair = |line: String| {
            let (name, value) = line.strip_prefix("export ").unwrap().split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        };
        let environment = lines.map(|line| pair(line.unwrap())).collect();
        Self { child, environment, _run: run }
    }

    /// A run of the program against it.
    pub(crate) fn run(&self, arguments: &str) -> Optout {
        let run = Optout::new(arguments).environment("OPTOUT_TEST", "1");
        self.environment.iter().fold(run, |run, (name, value)| run.environment(name, value))
    }
}

impl Sandbox {
    /// Where it listens.
    pub(crate) fn endpoint(&self) -> &str {
        self.environment.iter().find(|(name, _)| name == "AWS_ENDPOINT_URL").map(|(_, url)| url).unwrap()
    }

    /// Points a run at it that was prepared elsewhere.
    pub(crate) fn serve(&self, run: Optout) -> Optout {
        self.environment.iter().fold(run, |run, (name, value)| run.environment(name, value))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn live_and_saved_give_the_same_verdicts() {
    let sandbox = Sandbox::start("--organization acme.json");
    let live = sandbox.run("verify --format json --time-scale 1000 --evidence all").run();
    assert_eq!(live.code, 2, "{live}");
    let saved = sandbox.run("snapshot --evidence all --time-scale 1000 --output s.json").run();
    assert_eq!((saved.code, saved.stdout.as_str()), (0, ""), "{saved}");
    let judged = saved.then("verify --organization s.json --format json").run();
    assert_eq!(live.json()["accounts"], judged.json()["accounts"]);
}

#[test]
fn what_may_not_be_read_is_3_with_the_permission_and_never_a_pass() {
    let sandbox = Sandbox::start("--fault DescribeEffectivePolicy=deny --fault ListPolicies=deny");
    let ran = sandbox.run("verify --time-scale 1000 --fail-on critical").run();
    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stdout.contains("organizations:ListPolicies"), "{ran}");
    let saved = sandbox.run("snapshot --time-scale 1000 --output s.json").run();
    assert_eq!(saved.code, 3, "{saved}");
    assert!(saved.stderr.contains("needs organizations:ListPolicies"), "{saved}");
}

#[test]
fn e_mail_addresses_are_kept_only_when_asked_for() {
    let sandbox = Sandbox::start("");
    let emails = |arguments: &str| sandbox.run(arguments).run().stdout.contains("\"email\"");
    assert!(!emails("snapshot --time-scale 1000 --evidence none"));
    assert!(emails("snapshot --time-scale 1000 --evidence none --with-email"));
}

#[test]
fn a_server_that_is_not_there_is_1_with_a_remedy() {
    let ran = Optout::new("verify --endpoint-url http://127.0.0.1:9 --region us-east-1")
        .environment("AWS_ACCESS_KEY_ID", "111111111111")
        .environment("AWS_SECRET_ACCESS_KEY", "x")
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("help: "), "{ran}");
    let ran = Optout::new("verify").run();
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("no AWS credentials were found"), "{ran}");
}

#[test]
fn a_port_that_is_taken_is_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let ran = Optout::new(&format!("sandbox --port {}", taken.local_addr().unwrap().port())).run();
    assert_eq!(ran.code, 1, "{ran}");
}
