//! `--record`, `optout history` and `optout diff` as people, pipelines and power cuts use them.

use std::process::Stdio;
use std::time::Duration;

use crate::harness::{Optout, Ran};

const RECORD: &str = "verify --organization acme.json --evidence none --at 2026-11-24 --record";

fn recorded() -> Ran {
    let ran = Optout::new(RECORD).acme().run();
    assert_eq!(ran.code, 2, "{ran}");
    ran
}

/// The chain head that a run printed.
fn head(ran: &Ran) -> String {
    let line = ran.stderr.lines().find(|line| line.contains("keep the chain head elsewhere: ")).unwrap();
    line.rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn a_run_is_recorded_only_when_that_is_asked_for() {
    let plain = Optout::new("verify --organization acme.json --evidence none").acme().run();
    assert_eq!(plain.names("."), ["acme.json"]);
    let ran = recorded();
    assert!(ran.names(".").contains(&"optout-evidence.db".to_owned()));
    assert!(head(&ran).starts_with("1:"), "{ran}");
    let named = Optout::new(RECORD).arg("other.db").acme().run();
    assert!(named.names(".").contains(&"other.db".to_owned()));
}

#[test]
fn an_intent_says_that_every_run_is_recorded_beside_it() {
    let intent = "organization = \"o-acmeexample\"\n[evidence]\nrecord = true\nstore = \"kept.db\"\n";
    let verify = "verify --organization acme.json --evidence none --intent in/optout.toml";
    let ran = Optout::new(verify).acme().file("in/optout.toml", intent).run();
    assert!(ran.names("in").contains(&"kept.db".to_owned()), "{ran}");
    let not = Optout::new(&format!("{verify} --no-record")).acme().file("in/optout.toml", intent).run();
    assert_eq!(not.names("in"), ["optout.toml"]);
}

#[test]
fn the_report_is_handed_out_even_where_it_cannot_be_recorded() {
    let ran = Optout::new(RECORD).arg("acme.json").acme().run();
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.starts_with("OPTED-IN") && ran.stderr.contains("no database at all"), "{ran}");
    let nowhere = Optout::new(RECORD).arg("no/such/folder/e.db").acme().run();
    assert!(nowhere.code == 1 && nowhere.stderr.contains("no such file"), "{nowhere}");
}

#[test]
fn the_history_is_told_and_checked() {
    let first = recorded();
    let anchor = head(&first);
    let told = first.then("history --account 210000000001 --service lex").run();
    assert_eq!(told.code, 0, "{told}");
    assert!(
        told.stdout.starts_with("OPTED-OUT  lex at account 210000000001 of o-acmeexample: since 2026-11-24"),
        "{told}"
    );
    let gaps = told.then("history --gaps --at 2026-12-24 --format json").run();
    assert_eq!((gaps.code, &gaps.json()["format"]), (2, &"optout.history/1".into()));
    let open = gaps.then("history verify --format json").run();
    assert_eq!((open.code, &open.json()["decision"]), (3, &"undetermined".into()));
    let whole = open.then(&format!("history verify --head {anchor}")).run();
    assert!(whole.code == 0 && whole.stdout.starts_with("UNCHANGED  records 1 to 1 of 1"), "{whole}");
    let connection = rusqlite::Connection::open(whole.folder().join("optout-evidence.db")).unwrap();
    connection.execute("UPDATE part SET body = replace(body, 'shop', 'shoq')", []).unwrap();
    drop(connection);
    let changed = whole.then(&format!("history verify --head {anchor}")).run();
    assert!(changed.code == 2 && changed.stdout.contains("record 1, accounts: the part "), "{changed}");
    changed.assert_harmless();
    let nothing = changed.then("history --store none.db").run();
    assert_eq!((nothing.code, nothing.names(".").contains(&"none.db".to_owned())), (1, false));
}

#[test]
fn an_auditor_can_recompute_the_chain_with_common_tools() {
    let tools = ["jq", "sha256sum", "sh"];
    let there = |tool: &&str| std::process::Command::new(tool).arg("--help").output().is_ok();
    if let Some(missing) = tools.iter().find(|tool| !there(tool)) {
        assert!(std::env::var_os("CI").is_none(), "needs {missing}");
        eprintln!("skipped: needs {missing}");
        return;
    }
    let exported = recorded().then(RECORD).run().then("history export --output chain.jsonl").run();
    let document = include_str!("../../../../docs/evidence.md");
    let script =
        document.split("```sh\n").find_map(|it| it.split_once("```").filter(|it| it.0.contains("chain.jsonl")));
    let check = |ran: &Ran| {
        let script = script.unwrap().0;
        let output =
            std::process::Command::new("sh").args(["-euc", script]).current_dir(ran.folder()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let checked = check(&exported);
    let last = exported.read("chain.jsonl").lines().last().unwrap().to_owned();
    let last: serde_json::Value = serde_json::from_str(&last).unwrap();
    assert_eq!(checked, format!("head {}\n", last["sha256"].as_str().unwrap()));
    for (old, new) in [("shop", "shoq"), ("previous\\\":\\\"0", "previous\\\":\\\"1")] {
        let tampered = exported.read("chain.jsonl").replacen(old, new, 1);
        std::fs::write(exported.folder().join("chain.jsonl"), tampered).unwrap();
        assert!(check(&exported).contains("differs"), "{old}");
    }
}

#[test]
fn two_readings_are_compared() {
    let first = recorded();
    let other = first.read("acme.json").replace("\"name\": \"shop\"", "\"name\": \"store\"");
    let changed = first.then("diff latest b.json --format json").file("b.json", other).run();
    assert_eq!((changed.code, &changed.json()["changes"][0]["kind"]), (2, &"account-renamed".into()), "{changed}");
    let text = changed.then("diff acme.json b.json").run();
    assert!(text.stdout.contains("account 210000000001 renamed: `shop` → `store`"), "{text}");
    let same = text.then("diff 1 acme.json").run();
    assert!(same.code != 2 && same.stdout.starts_with("NO CHANGES  record 1 ("), "{same}");
    assert_eq!(same.then("diff 7 latest").run().code, 1);
}

#[test]
fn records_of_many_processes_are_all_in_one_chain() {
    let start = Optout::new(RECORD).acme();
    let mut heads = Vec::new();
    for _ in 0..4 {
        let children: Vec<_> =
            (0..6).map(|_| start.command().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()).collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(2));
            let told = String::from_utf8(output.stderr).unwrap();
            heads.push(told.trim_end().rsplit(' ').next().unwrap().to_owned());
        }
    }
    let anchors: String = heads.iter().map(|head| format!(" --head {head}")).collect();
    let checked = start.run().then(&format!("history verify --format json{anchors}")).run();
    assert_eq!((checked.code, &checked.json()["records"]), (0, &25.into()), "{checked}");
}

#[cfg(unix)]
#[test]
fn a_killed_process_loses_nothing_that_was_acknowledged() {
    let start = Optout::new(RECORD).acme();
    let (mut heads, mut killed) = (Vec::new(), 0);
    for turn in 0..60_u64 {
        let mut child = start.command().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // Any moment will do: what holds must hold whenever it dies.
        std::thread::sleep(Duration::from_millis(turn * 5 % 150));
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        match told.trim_end().rsplit_once("elsewhere: ") {
            Some((_, head)) => heads.push(head.to_owned()),
            None => killed += 1,
        }
    }
    let anchors: String = heads.iter().map(|head| format!(" --head {head}")).collect();
    let last = start.run();
    let anchors = format!("{anchors} --head {}", head(&last));
    let checked = last.then(&format!("history verify --format json{anchors}")).run();
    assert_eq!(checked.code, 0, "{killed} killed: {checked}");
    // Who is killed while making a new store leaves what it was making; the store itself has nothing left to do.
    let left = checked.names(".");
    assert!(!left.contains(&"optout-evidence.db-journal".to_owned()), "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow_loses_nothing_that_was_acknowledged() {
    let first = recorded();
    let anchor = head(&first);
    let next = first.then(RECORD);
    let mut shell = std::process::Command::new("sh");
    // The signal is ignored, so that writing fails, as on a full disk. 512 or 1024 bytes a block: below one page of the log.
    shell.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]);
    let command = next.command();
    shell.arg(command.get_program()).args(command.get_args()).current_dir(next.folder());
    let output = shell.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("what was recorded before is whole"), "{output:?}");
    let again = next.run();
    assert!(head(&again).starts_with("2:"), "{again}");
    let checked = again.then(&format!("history verify --head {anchor}")).run();
    assert_eq!(checked.code, 0, "{checked}");
}
