//! `optout trail`, and `--trail` of the commands that judge, on exported log files.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::harness::Optout;

const TRAIL: &str = include_str!("../../../../examples/acme/trail.json");

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn trail(arguments: &str) -> Optout {
    Optout::new(&format!("trail {arguments}")).acme().file("trail.json", TRAIL)
}

#[test]
fn events_are_told_with_what_they_did_to_verdicts() {
    let ran = trail("--from trail.json --organization acme.json").run();
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.starts_with("WEAKENED  by 3 of 19 events that touch the opt-out\n"), "{ran}");
    assert!(ran.stdout.contains("opted-out → opted-in (lex opted-out → opted-in)"), "{ran}");
    assert!(ran.stdout.contains("opted-in as before (comprehend opted-out → opted-in)"), "{ran}");
    assert!(ran.stdout.contains("IAM Identity Center, permission set `PolicyAdmin`"), "{ran}");
    ran.assert_harmless();
}

#[test]
fn the_form_for_machines_fits_its_schema_and_is_the_same_every_time() {
    let arguments = "--from trail.json --organization acme.json --format json";
    let ran = trail(arguments).run();
    let schema = serde_json::from_str(include_str!("../../../../docs/schemas/trail-1.json")).unwrap();
    let errors: Vec<_> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&ran.json()).map(|it| it.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!((&ran.json()["weakened"], &ran.json()["seen"]["failed"]), (&3.into(), &1.into()));
    assert_eq!(ran.stdout, trail(arguments).run().stdout);
    ran.assert_harmless();
}

#[test]
fn compressed_files_directories_and_standard_input_hold_the_same_events() {
    let expected = trail("--from trail.json --format json").run().json();
    let same = |run: Optout| {
        let ran = run.run();
        assert_eq!((ran.code, &ran.json()["weakened"]), (0, &expected["weakened"]), "{ran}");
        let ids = |json: &serde_json::Value| {
            json["events"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(ids(&ran.json()), ids(&expected));
        ran.json()
    };
    same(Optout::new("trail --from - --format json").input(TRAIL));
    same(Optout::new("trail --from - --format json").input(gz(TRAIL.as_bytes())));
    let lines: Vec<&str> = TRAIL
        .lines()
        .filter(|line| line.starts_with("{\"eventVersion"))
        .map(|line| line.trim_end_matches(','))
        .collect();
    let (first, second) = lines.split_at(9);
    let digest = r#"{"awsAccountId":"111111111111","digestStartTime":"2026-11-01T00:00:00Z","logFiles":[]}"#;
    let folder = |run: Optout| {
        run.file(
            "AWSLogs/111111111111/CloudTrail/us-east-1/2026/a.json.gz",
            gz(format!("{{\"Records\":[{}]}}", first.join(",")).as_bytes()),
        )
        .file("AWSLogs/550000000001/CloudTrail/b.jsonl", second.join("\n"))
        .file("AWSLogs/550000000001/CloudTrail/again.json", TRAIL)
        .file("AWSLogs/111111111111/CloudTrail-Digest/d.json.gz", gz(digest.as_bytes()))
        .file("AWSLogs/notes.txt", "not a log")
    };
    let seen = same(folder(Optout::new("trail --from AWSLogs --format json")))["seen"].clone();
    assert_eq!((&seen["digests"], &seen["sources"]), (&1.into(), &4.into()));
    assert_eq!(seen["duplicates"], 20);
}

#[test]
fn a_weakened_opt_out_fails_only_where_that_was_asked_for() {
    let code = |arguments: &str| trail(arguments).run().code;
    assert_eq!(code("--from trail.json --organization acme.json --fail-on weakened"), 2);
    // Without the organization nothing can be said.
    assert_eq!(code("--from trail.json --fail-on weakened"), 3);
    assert_eq!(code("--from trail.json --organization acme.json --fail-on weakened --only delegation"), 0);
    assert_eq!(code("--from nowhere.json"), 1);
    assert_eq!(code("--from trail.json --since 2026-11-02 --until 2026-11-01"), 64);
    assert_eq!(code("--from trail.json --profile x"), 64);
}

#[test]
fn time_topic_and_account_choose_events() {
    let count = |arguments: &str| {
        let ran = trail(&format!("--from trail.json --organization acme.json --format json {arguments}")).run();
        ran.json()["events"].as_array().unwrap().len()
    };
    assert_eq!(count("--since 2026-10-09 --until 2026-10-10"), 2);
    assert_eq!(count("--only policy-type --only delegation"), 2);
    assert_eq!(count("--account 220000000003"), 3);
}

#[test]
fn broken_files_are_told_and_the_others_are_read() {
    let whole = gz(TRAIL.as_bytes());
    let run = Optout::new("trail --from logs --format json")
        .file("logs/cut.json.gz", &whole[..whole.len() / 2])
        .file("logs/empty.json", "")
        .file("logs/good.json", TRAIL)
        .file("logs/no.json", "this is no JSON\n")
        .file("logs/other.json", "[1, {\"a\": {}}]")
        .file("logs/utf8.json", b"{\"Records\":[{\"eventSource\":\"\xff\"}]}");
    let ran = run.run();
    assert_eq!(ran.code, 3, "{ran}");
    let json = ran.json();
    assert_eq!(json["events"].as_array().unwrap().len(), 20);
    let problems: Vec<&str> =
        json["problems"].as_array().unwrap().iter().map(|it| it["source"].as_str().unwrap()).collect();
    assert_eq!(problems, ["logs/cut.json.gz", "logs/no.json", "logs/other.json", "logs/other.json", "logs/utf8.json"]);
    ran.assert_harmless();
    let none = Optout::new("trail --from logs").file("logs/readme.txt", "x").run();
    assert_eq!(none.code, 1);
    assert!(none.stderr.contains("there are no log files in `logs`"), "{none}");
}

#[test]
fn what_unpacks_without_end_is_left_at_a_stated_limit() {
    // 100 MiB of blanks in 100 KiB, between two records.
    let mut bomb = b"{\"Records\":[".to_vec();
    bomb.extend(vec![b' '; 100 * 1024 * 1024]);
    bomb.extend(b"{}]}");
    let ran = Optout::new("trail --from bomb.json.gz").file("bomb.json.gz", gz(&bomb)).run();
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.contains("which no log file does, so the rest was not read"), "{ran}");
}

#[test]
fn the_order_of_attachment_is_taken_from_the_events() {
    let verdict = |arguments: &str| {
        let run =
            Optout::new(&format!("verify --organization acme.json --evidence none --account 230000000001 {arguments}"));
        let ran = run.acme().file("trail.json", TRAIL).run();
        (ran.stdout.split(' ').next().unwrap().to_owned(), ran.stderr.clone())
    };
    assert_eq!(verdict("").0, "UNKNOWN");
    let (word, said) = verdict("--trail trail.json");
    assert_eq!(word, "OPTED-OUT");
    assert!(said.contains("the events tell in which order policies were attached to `ou-acme-sandbox0`"), "{said}");
    let explain =
        Optout::new("explain 230000000001 transcribe --organization acme.json --evidence none --trail trail.json");
    let explained = explain.acme().file("trail.json", TRAIL).run();
    assert_eq!(explained.code, 0, "{explained}");
    assert!(explained.stdout.contains("p-acmetrans02"), "{explained}");
    // Without the events of the delegated administrator who attached them, nothing is concluded.
    let management: Vec<&str> = TRAIL
        .lines()
        .filter(|line| line.contains("\"recipientAccountId\":\"111111111111\""))
        .map(|line| line.trim_end_matches(','))
        .collect();
    let run =
        Optout::new("verify --organization acme.json --evidence none --account 230000000001 --trail part.jsonl").acme();
    let ran = run.file("part.jsonl", management.join("\n")).run();
    assert!(ran.stdout.starts_with("UNKNOWN"), "{ran}");
    assert!(
        ran.stderr.contains("the events of account 550000000001, which may attach policies, are not there"),
        "{ran}"
    );
}

/// A million records in a hundred compressed files: the program's memory stays small.
#[test]
#[ignore = "long"]
#[cfg(target_os = "linux")]
fn long_a_million_records_are_read_in_bounded_memory() {
    let record = |number: usize| {
        let name = if number.is_multiple_of(1_000) { "ListRoots" } else { "DescribeInstances" };
        let source = if number.is_multiple_of(1_000) { "organizations" } else { "ec2" };
        format!(
            "{{\"eventVersion\":\"1.11\",\"userIdentity\":{{\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::111111111111:assumed-role/Reader/{number}\",\"accountId\":\"111111111111\",\"sessionContext\":{{\"sessionIssuer\":{{\"type\":\"Role\",\"arn\":\"arn:aws:iam::111111111111:role/Reader\"}}}}}},\"eventTime\":\"2026-11-01T00:00:00Z\",\"eventSource\":\"{source}.amazonaws.com\",\"eventName\":\"{name}\",\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":\"192.0.2.1\",\"userAgent\":\"Boto3/1.40 md/Botocore#1.40 ua/2.1 os/linux\",\"requestParameters\":{{\"filterSet\":{{\"items\":[{{\"name\":\"x\",\"valueSet\":{{\"items\":[{{\"value\":\"{number}\"}}]}}}}]}}}},\"responseElements\":null,\"requestID\":\"{number:032x}\",\"eventID\":\"{number:032x}\",\"readOnly\":true,\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"recipientAccountId\":\"111111111111\",\"eventCategory\":\"Management\"}}"
        )
    };
    let mut run = Optout::new("trail --from logs --format json").file("logs/trail.json", TRAIL);
    for file in 0..100 {
        let records: Vec<String> = (0..10_000).map(|number| record(file * 10_000 + number)).collect();
        run = run.file(
            &format!("logs/{file:03}.json.gz"),
            gz(format!("{{\"Records\":[{}]}}", records.join(",")).as_bytes()),
        );
    }
    let begun = std::time::Instant::now();
    let output = std::fs::File::create(run.folder().join("out.json")).unwrap();
    let mut child = run.command().stdout(output).spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        most = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(most).max(most);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let mut said = std::io::stderr();
    writeln!(said, "a million records: {:.1} s, at most {} MiB", begun.elapsed().as_secs_f64(), most / 1024).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(run.folder().join("out.json")).unwrap()).unwrap();
    assert_eq!((&json["seen"]["records"], &json["seen"]["problems"]), (&1_000_022.into(), &0.into()));
    assert_eq!(json["events"].as_array().unwrap().len(), 20);
    assert!(most < 64 * 1024, "{most} KiB");
}
