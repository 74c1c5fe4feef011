//! `--fleet`: many organizations side by side, of which one that fails hides no other.

use std::collections::BTreeSet;
use std::io::Read;
use std::net::TcpListener;
use std::process::Stdio;

use crate::harness::{Optout, Ran};
use crate::sandbox::Sandbox;

const ACME: &str = include_str!("../../../../examples/acme/organization.json");
const BETA: &str = include_str!("../../../../examples/fleet/beta.json");
const FLEET: &str = include_str!("../../../../examples/fleet/fleet.toml");

/// The example fleet, as it stands in the repository.
fn example(arguments: &str) -> Optout {
    let optout = Optout::new(arguments).file("examples/acme/organization.json", ACME);
    optout.file("examples/fleet/beta.json", BETA).file("examples/fleet/fleet.toml", FLEET)
}

fn entry(name: &str, rest: &str) -> String {
    format!("[[organizations]]\nname = {}\n{rest}\n", serde_json::Value::from(name))
}

/// The entry of an organization in JSON.
fn of<'j>(json: &'j serde_json::Value, name: &str) -> &'j serde_json::Value {
    json["organizations"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap()
}

/// A sandbox of the example organization under another id.
fn other(id: &str, arguments: &str) -> Sandbox {
    let run = Optout::new(&format!("sandbox --organization o.json {arguments}"));
    Sandbox::of(run.file("o.json", ACME.replace("o-acmeexample", id)))
}

#[test]
fn one_report_over_all_names_what_failed_first() {
    let ran = example("verify --fleet examples/fleet/fleet.toml --at 2026-11-24").run();
    assert_eq!(ran.code, 1, "{ran}");
    ran.assert_harmless();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let answer = "OPTED-IN  it holds for 1 of 3 organizations; it does not for 1; nothing can be said of 1";
    assert_eq!((lines[0], lines[2]), (answer, "fleet: examples/fleet/fleet.toml"), "{ran}");
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert!(
        lines[5].contains("gamma") && lines[5].contains("cannot read `examples/fleet/gamma.json`: no such file"),
        "{ran}"
    );
    assert_eq!(words(lines[6])[..5], ["acme", "o-acmeexample", "OPTED-IN", "3", "opted-in,"], "{ran}");
    assert_eq!(words(lines[7])[..5], ["Beta", "Ltd.", "o-betaexample", "OPTED-OUT", "3"], "{ran}");
    assert!(ran.stdout.contains("\n== acme\nOPTED-IN  "), "{ran}");
    assert!(!ran.stdout.contains("== Beta"), "what holds needs no details: {ran}");
}

#[test]
fn exit_codes_come_in_the_order_1_2_3_0() {
    let beta = entry("beta", "snapshot = 'b.json'");
    let gov = entry("gov", "snapshot = 'g.json'");
    let acme = entry("acme", "snapshot = 'a.json'");
    let missing = entry("missing", "snapshot = 'm.json'");
    let run = |fleet: String| {
        let files = Optout::new("verify --fleet f.toml --format json --at 2026-11-24").file("f.toml", fleet);
        let gov = BETA
            .replace("o-betaexample", "o-govexample1")
            .replace("\"partition\": \"aws\"", "\"partition\": \"aws-us-gov\"");
        let gov = gov.replace("\"answers\": {", "\"answers\": {}, \"unused\": {");
        let gov: serde_json::Value = serde_json::from_str(&gov).unwrap();
        let mut gov = gov.as_object().unwrap().clone();
        gov.remove("unused");
        let gov = serde_json::to_string(&gov).unwrap();
        files.file("a.json", ACME).file("b.json", BETA).file("g.json", gov).run()
    };
    for (fleet, code, outcome) in [
        (beta.clone(), 0, "holds"),
        (format!("{beta}{gov}"), 3, "undetermined"),
        (format!("{beta}{gov}{acme}"), 2, "fails"),
        (format!("{beta}{gov}{acme}{missing}"), 1, "failed"),
    ] {
        let ran = run(fleet);
        let json = ran.json();
        assert_eq!((ran.code, &json["outcome"], &json["exit_code"]), (code, &outcome.into(), &code.into()), "{ran}");
        assert_eq!(json["organizations"][0]["outcome"], outcome, "the worst comes first");
    }
}

#[test]
fn live_organizations_are_read_side_by_side_and_one_that_fails_hides_no_other() {
    let (one, two) = (other("o-oneexample", ""), other("o-twoexample", "--fault AssumeRole=deny"));
    let three = other("o-threeexample", "--fault DescribeEffectivePolicy=deny --fault ListPolicies=deny");
    let role = |sandbox: &Sandbox, account: &str| {
        format!(
            "role-arn = 'arn:aws:iam::{account}:role/read'\nexternal-id = 'between-us'\nregion = 'us-east-1'\nendpoint-url = '{}'",
            sandbox.endpoint()
        )
    };
    let fleet = entry("one", &role(&one, "111111111111"))
        + &entry("two", &role(&two, "111111111111"))
        + &entry("three", &role(&three, "111111111111"));
    let run = |arguments: &str| {
        let run = Optout::new(arguments).environment("AWS_ACCESS_KEY_ID", "111111111111");
        run.environment("AWS_SECRET_ACCESS_KEY", "sandbox-secret").file("f.toml", &fleet).run()
    };
    let ran = run("verify --fleet f.toml --time-scale 1000 --format json --at 2026-11-24 --verbose");
    assert_eq!(ran.code, 1, "{ran}");
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains("between-us") && !text.contains("sandbox-secret"), "{ran}");
    }
    let json = ran.json();
    let failed = of(&json, "two");
    assert_eq!((&failed["outcome"], &failed["report"]), (&"failed".into(), &serde_json::Value::Null));
    assert!(failed["problem"]["message"].as_str().unwrap().contains("could not be assumed"), "{failed}");
    let alone = one.run("verify --time-scale 1000 --format json --at 2026-11-24").run().json();
    assert_eq!(of(&json, "one")["report"]["accounts"], alone["accounts"]);
    let denied = &of(&json, "three")["report"];
    assert!(denied["unknowns"].to_string().contains("organizations:ListPolicies"), "{denied}");
    let told = run("verify --fleet f.toml --time-scale 1000 --at-once 1");
    assert_eq!(told.code, 1);
    told.assert_harmless();
}

#[test]
fn an_organization_that_cannot_be_reached_is_a_line_with_its_reason() {
    let fleet = entry("gone", "region = 'us-east-1'\nendpoint-url = 'http://127.0.0.1:9'")
        + &entry("beta", "snapshot = 'b.json'");
    let run = Optout::new("verify --fleet f.toml --format csv").file("f.toml", fleet).file("b.json", BETA);
    let ran = run.environment("AWS_ACCESS_KEY_ID", "1").environment("AWS_SECRET_ACCESS_KEY", "x").run();
    assert_eq!(ran.code, 1, "{ran}");
    let row = ran.stdout.lines().find(|line| line.contains(",gone,")).unwrap();
    assert!(row.contains("cannot be reached") && row.contains(",unknown,"), "{row}");
    assert!(ran.stdout.contains("o-betaexample,310000000003,"), "{ran}");
}

#[test]
fn without_credentials_saved_organizations_are_judged_all_the_same() {
    let fleet = entry("live", "") + &entry("beta", "snapshot = 'b.json'");
    let ran = Optout::new("verify --fleet f.toml --format json").file("f.toml", fleet).file("b.json", BETA).run();
    let json = ran.json();
    assert!(
        of(&json, "live")["problem"]["message"].as_str().unwrap().contains("no AWS credentials were found"),
        "{ran}"
    );
    assert_eq!((ran.code, &of(&json, "beta")["outcome"]), (1, &"holds".into()));
}

#[test]
fn an_entry_that_turns_out_to_be_a_known_organization_is_counted_once() {
    let fleet = entry("beta", "snapshot = 'b.json'") + &entry("also beta", "snapshot = 'copy.json'");
    let run = Optout::new("verify --fleet f.toml --format json").file("f.toml", fleet);
    let ran = run.file("b.json", BETA).file("copy.json", BETA).run();
    let json = ran.json();
    let problem = &of(&json, "also beta")["problem"]["message"];
    assert_eq!((ran.code, problem), (1, &"it is the organization `o-betaexample`, as `beta` is".into()));
    assert_eq!(json["summary"]["verdicts"], serde_json::json!({"opted-out": 3}));
}

#[test]
fn each_organization_is_judged_by_its_own_intent_and_a_mistake_in_one_costs_that_one() {
    let intent = |of: &str| format!("organization = \"{of}\"\n");
    let fleet = entry("acme", "snapshot = '../a.json'\nintent = 'acme.toml'")
        + &entry("beta", "snapshot = '../b.json'\nintent = 'acme.toml'")
        + &entry("gamma", "snapshot = '../c.json'\nintent = 'wrong.toml'");
    let run = Optout::new("verify --fleet in/f.toml --format json --at 2026-11-24").file("in/f.toml", fleet);
    let run = run.file("in/acme.toml", intent("o-acmeexample")).file("in/wrong.toml", "organisation = 'x'\n");
    let ran = run.file("a.json", ACME).file("b.json", BETA).file("c.json", BETA).run();
    let json = ran.json();
    assert_eq!(of(&json, "acme")["report"]["intent"]["path"], "in/acme.toml");
    let other = of(&json, "beta")["problem"]["message"].as_str().unwrap();
    assert!(other.contains("the intent is for the organization `o-acmeexample`"), "{other}");
    let wrong = of(&json, "gamma")["problem"]["message"].as_str().unwrap();
    assert!(wrong.contains("in/wrong.toml:1:1: ") && wrong.contains("did you mean `organization`?"), "{wrong}");
}

#[test]
fn a_mistake_in_the_file_is_told_with_its_place_and_nothing_is_read() {
    let fleet = entry("a", "role_arn = 'x'") + &entry("A", "snapshot = 's.json'\nregion = 'eu-west-1'");
    let ran = Optout::new("verify --fleet f.toml").file("f.toml", fleet).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran}");
    for told in [
        " --> f.toml:3:1\n",
        "help: did you mean `role-arn`?",
        "`A` is named twice: also in line 1",
        "a saved organization needs no way to AWS",
        " --> f.toml:7:10\n",
    ] {
        assert!(ran.stderr.contains(told), "{told}: {ran}");
    }
    let none = Optout::new("verify --fleet missing.toml").run();
    assert_eq!(
        (none.code, none.stderr.as_str()),
        (1, "error: cannot read `missing.toml`: no such file or directory\n")
    );
}

#[test]
fn what_is_about_one_organization_is_refused_with_a_fleet() {
    for arguments in [
        "verify --profile p",
        "verify --organization a.json",
        "verify --intent i.toml",
        "verify --account 111111111111",
        "report --ou ou-ab12-11111111",
        "report --trail events",
        "report --format asff",
        "report --output all.oscal.json",
        "snapshot --ou ou-ab12-11111111 --output out/",
        "snapshot",
        "evidence bundle --organization a.json",
        "verify --at-once 0",
    ] {
        let ran = example(&format!("{arguments} --fleet examples/fleet/fleet.toml")).run();
        assert_eq!(ran.code, 64, "{arguments}: {ran}");
        assert_eq!((ran.names("."), ran.stdout.as_str()), (vec!["examples".to_owned()], ""), "{arguments}");
    }
    assert_eq!(Optout::new("verify --at-once 2").run().code, 64, "only with --fleet");
}

/// Fifty organizations with names that nobody would want as names of files.
fn fifty(arguments: &str) -> Optout {
    let hostile = [
        "../../up",
        "/etc/passwd",
        "a\"><script>alert(1)</script>",
        "=1+1",
        "CON",
        "日本",
        "x y",
        "x-y",
        "`rm`|",
        "index",
    ];
    let mut run = Optout::new(arguments);
    let mut fleet = String::new();
    for number in 0..50 {
        let name = hostile.get(number).map_or_else(|| format!("org-{number}"), |it| (*it).to_owned());
        fleet += &entry(&name, &format!("snapshot = 's/{number}.json'"));
        run = run.file(&format!("s/{number}.json"), BETA.replace("o-betaexample", &format!("o-example{number:03}")));
    }
    run.file("f.toml", fleet)
}

#[test]
fn fifty_organizations_get_a_file_each_whatever_they_are_called() {
    let run = fifty(
        "report --fleet f.toml --at-once 16 --format html --output out/ --format json --output all.json --at 2026-11-24",
    );
    let ran = run.run();
    assert_eq!(ran.code, 0, "{ran}");
    let files = ran.names("out");
    assert_eq!(files.len(), 51, "{files:?}");
    let allowed = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-' || it == b'.';
    assert!(files.iter().all(|name| name.bytes().all(allowed)), "{files:?}");
    let folded: BTreeSet<String> = files.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), files.len());
    let page = ran.read("out/index.html");
    for name in files.iter().filter(|name| *name != "index.html") {
        assert!(page.contains(&format!("<a href=\"{name}\">")), "{name}");
    }
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    assert_eq!(ran.names("."), ["all.json", "f.toml", "out", "s"]);
    let json: serde_json::Value = serde_json::from_str(&ran.read("all.json")).unwrap();
    assert_eq!(json["summary"]["organizations"], 50);
    let schema = serde_json::from_str(include_str!("../../../../docs/schemas/fleet-report-1.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&json), "{:?}", validator.iter_errors(&json).next().map(|it| it.to_string()));
    let once_more = ran.then("report --fleet f.toml --at-once 3 --format json --at 2026-11-24").run();
    assert_eq!(once_more.stdout, once_more.read("all.json"), "however many at once, equal bytes");
}

#[test]
fn every_format_goes_into_a_folder() {
    for (format, end, over_all) in [
        ("text", "txt", "fleet.txt"),
        ("markdown", "md", "fleet.md"),
        ("csv", "csv", "fleet.csv"),
        ("junit", "xml", "fleet.xml"),
        ("sarif", "sarif", "fleet.sarif"),
        ("asff", "asff.json", ""),
        ("ocsf", "ocsf.json", ""),
        ("oscal", "oscal.json", ""),
    ] {
        let ran = example(&format!("report --fleet examples/fleet/fleet.toml --format {format} --output out/")).run();
        let mut expected = vec![format!("acme.{end}"), format!("beta-ltd-2b8ab1a9.{end}")];
        expected.extend(Some(over_all.to_owned()).filter(|name| !name.is_empty()));
        let shape = |name: &String| name.split('.').skip(1).collect::<Vec<_>>().join(".");
        let found = ran.names("out");
        assert_eq!((ran.code, found.len()), (1, expected.len()), "{format}: {ran}");
        assert!(found.iter().all(|name| shape(name) == end), "{found:?}");
        assert!(over_all.is_empty() || found.contains(&over_all.to_owned()), "{found:?}");
    }
}

#[test]
fn a_saved_fleet_is_judged_without_credentials_as_the_live_one() {
    let (one, two) = (other("o-oneexample", ""), other("o-twoexample", ""));
    let fleet =
        entry("One & only", &format!("endpoint-url = '{}'\nregion = 'us-east-1'\nintent = 'i.toml'", one.endpoint()))
            + &entry("two", &format!("endpoint-url = '{}'\nregion = 'us-east-1'", two.endpoint()))
            + &entry("gone", "endpoint-url = 'http://127.0.0.1:9'\nregion = 'us-east-1'");
    let run =
        |run: Optout| run.environment("AWS_ACCESS_KEY_ID", "111111111111").environment("AWS_SECRET_ACCESS_KEY", "x");
    let live = Optout::new("verify --fleet f.toml --time-scale 1000 --format json").file("f.toml", &fleet);
    let live = run(live.file("i.toml", "organization = \"o-oneexample\"\n")).run();
    let saved = run(live.then("snapshot --fleet f.toml --time-scale 1000 --output saved/")).run();
    assert_eq!(saved.code, 1, "{saved}");
    saved.assert_harmless();
    assert!(saved.stdout.lines().nth(1).unwrap().starts_with("gone"), "{saved}");
    assert_eq!(saved.names("saved").len(), 4, "{:?}", saved.names("saved"));
    let json = live_json(&saved, "verify --fleet f.toml --time-scale 1000 --format json", run);
    let judged = saved.then("verify --fleet saved/fleet.toml --format json").run();
    assert_eq!(judged.code, 2, "{judged}");
    for name in ["One & only", "two"] {
        assert_eq!(of(&json, name)["report"]["accounts"], of(&judged.json(), name)["report"]["accounts"], "{name}");
    }
    assert!(of(&judged.json(), "One & only")["report"]["intent"]["sha256"].is_string());
    let again = run(judged.then("snapshot --fleet saved/fleet.toml --output saved/")).run();
    assert!(again.code == 64 && again.stderr.contains("would be written over"), "{again}");
}

fn live_json(ran: &Ran, arguments: &str, run: impl Fn(Optout) -> Optout) -> serde_json::Value {
    let optout = Optout::new(arguments).file("f.toml", ran.read("f.toml")).file("i.toml", ran.read("i.toml"));
    run(optout).run().json()
}

#[test]
fn each_organization_has_its_own_store_and_its_own_bundle() {
    let verify = "verify --fleet examples/fleet/fleet.toml --at 2026-11-24 --record";
    let first = example(verify).run();
    assert_eq!(first.code, 1, "{first}");
    let stores = first.names("optout-evidence");
    assert_eq!(stores.len(), 2, "{stores:?}");
    let again = first.then(verify).run();
    let bundle = "evidence bundle --fleet examples/fleet/fleet.toml --store optout-evidence --output out";
    let mut ran = again.then(bundle).run();
    assert_eq!(ran.code, 1, "{ran}");
    let files = ran.names("out");
    assert_eq!(files.iter().filter(|name| name.ends_with(".tar.gz")).count(), 2, "{files:?}");
    assert!(files.contains(&"fleet.json".to_owned()) && files.contains(&"fleet.html".to_owned()), "{files:?}");
    for store in &stores {
        ran = ran.then(&format!("history verify --store optout-evidence/{store} --format json")).run();
        assert_eq!(ran.json()["records"], 2, "{store}: {ran}");
        let name = store.trim_end_matches(".db");
        ran = ran.then(&format!("evidence verify out/{name}.tar.gz")).run();
        assert!(ran.code == 3 || ran.code == 0, "{name}: {ran}");
        let archive = std::fs::read(ran.folder_path(&format!("out/{name}.tar.gz"))).unwrap();
        let files = optout_core::evidence::bundle::unpack(archive.as_slice()).unwrap();
        let (own, foreign) =
            if name == "acme" { ("o-acmeexample", "o-betaexample") } else { ("o-betaexample", "o-acmeexample") };
        let holds = |what: &str| files.values().any(|text| String::from_utf8_lossy(text).contains(what));
        assert!(holds(own) && !holds(foreign), "{name} holds something of another organization");
        assert!(files.contains_key("chain.jsonl"), "{:?}", files.keys());
    }
}

#[cfg(unix)]
#[test]
fn who_stops_it_is_told_what_was_finished_and_gets_the_report_over_all() {
    let hangs = TcpListener::bind("127.0.0.1:0").unwrap();
    let never = TcpListener::bind("127.0.0.1:0").unwrap();
    let live = |listener: &TcpListener| {
        format!("region = 'us-east-1'\nendpoint-url = 'http://{}'", listener.local_addr().unwrap())
    };
    let fleet = entry("beta", "snapshot = 'b.json'") + &entry("hangs", &live(&hangs)) + &entry("waits", &live(&never));
    let run = Optout::new("verify --fleet f.toml --at-once 1 --format json").file("f.toml", fleet).file("b.json", BETA);
    let run = run.environment("AWS_ACCESS_KEY_ID", "1").environment("AWS_SECRET_ACCESS_KEY", "x");
    let child = run.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stream, _) = hangs.accept().unwrap();
    assert!(stream.read(&mut [0; 1]).unwrap() > 0, "it has asked");
    let told = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(error.contains("stopped: 1 of 3 organizations were read to the end"), "{error}");
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(of(&json, "beta")["outcome"], "holds");
    for name in ["hangs", "waits"] {
        assert!(of(&json, name)["problem"]["message"].as_str().unwrap().contains("stopped"), "{json}");
    }
    never.set_nonblocking(true).unwrap();
    assert!(never.accept().is_err(), "no more than one was read at once");
}

#[test]
#[ignore = "long"]
fn long_an_organization_that_never_answers_ends_and_the_others_are_complete() {
    let hangs = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = hangs.local_addr().unwrap();
    std::thread::spawn(move || hangs.incoming().map(Result::unwrap).collect::<Vec<_>>());
    let fleet = entry("hangs", &format!("region = 'us-east-1'\nendpoint-url = 'http://{address}'"))
        + &entry("beta", "snapshot = 'b.json'");
    let run = Optout::new("verify --fleet f.toml --format json").file("f.toml", fleet).file("b.json", BETA);
    let ran = run.environment("AWS_ACCESS_KEY_ID", "1").environment("AWS_SECRET_ACCESS_KEY", "x").run();
    let json = ran.json();
    assert_eq!((ran.code, &of(&json, "beta")["outcome"]), (1, &"holds".into()), "{ran}");
    assert!(of(&json, "hangs")["problem"]["message"].as_str().unwrap().contains("cannot be reached"), "{ran}");
}

/// Every command of `docs/fleet.md` about the example fleet.
fn documented() -> Vec<String> {
    let text = include_str!("../../../../docs/fleet.md");
    let lines =
        text.lines().map(str::trim).filter(|line| line.starts_with("optout ") && line.contains("examples/fleet/"));
    lines.map(str::to_owned).collect()
}

#[test]
fn the_documented_commands_write_what_they_say() {
    let commands = documented();
    assert!(commands.len() >= 6, "{commands:?}");
    let mut ran = example("services").run();
    for command in commands {
        ran = ran.then(command.trim_start_matches("optout ")).run();
        assert_eq!(ran.code, 1, "{command}: {ran}");
        if let Some((_, path)) = command.split_once("--output ") {
            assert!(ran.folder_path(path).exists(), "{command}");
        }
    }
}
