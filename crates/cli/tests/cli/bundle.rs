//! `optout evidence`: bundles as an auditor gets them, with every kind of change that somebody could make to one.

#![expect(clippy::indexing_slicing, reason = "what is not there ends a test; clippy spares tests, not what they call")]

use std::process::{Command, Stdio};

use jiff::Timestamp;
use optout_core::evidence::bundle::{Files, pack, sums, unpack};
use ssh_key::private::Ed25519Keypair;
use ssh_key::{LineEnding, PrivateKey};

use crate::harness::{Optout, Ran};
use crate::sandbox::Sandbox;

/// The key of nobody, the same on every run.
fn key(seed: u8) -> PrivateKey {
    PrivateKey::from(Ed25519Keypair::from_seed(&[seed; 32]))
}

fn private(seed: u8) -> String {
    key(seed).to_openssh(LineEnding::LF).unwrap().to_string()
}

fn public(seed: u8) -> String {
    key(seed).public_key().to_openssh().unwrap() + "\n"
}

/// A signed bundle of the example organization, read from the simulator, with two records.
fn bundled() -> Ran {
    let sandbox = Sandbox::start("--organization acme.json");
    let intent = "organization = \"o-acmeexample\"\n";
    let record = sandbox.run("verify --time-scale 1000 --record").file("optout.toml", intent);
    let again = sandbox.serve(record.run().then("verify --time-scale 1000 --record")).run();
    let bundle = "evidence bundle --time-scale 1000 --intent optout.toml --store optout-evidence.db --sign key --output b.tar.gz";
    let ran = sandbox.serve(again.then(bundle)).file("key", private(7)).file("key.pub", public(7)).run();
    assert_eq!(ran.code, 2, "{ran}");
    ran
}

fn files(ran: &Ran) -> Files {
    unpack(std::fs::read(ran.folder_path("b.tar.gz")).unwrap().as_slice()).unwrap()
}

/// What `evidence verify` says of other files, as `outcome what: details` by check.
fn verified(files: &Files, options: &str) -> (i32, String) {
    let archive = pack("bundle", files, Timestamp::UNIX_EPOCH);
    let run = Optout::new(&format!("evidence verify b.tar.gz --format json {options}"));
    let ran = run.file("b.tar.gz", archive).file("key.pub", public(7)).file("other.pub", public(8)).run();
    ran.assert_harmless();
    let checks = ran.json()["checks"].as_array().unwrap().clone();
    let line =
        |it: &serde_json::Value| format!("{} {}: {}\n", it["outcome"].as_str().unwrap(), it["what"], it["details"]);
    (ran.code, checks.iter().map(line).collect())
}

/// The same files with sums that fit: what somebody without the key could do.
fn with_sums(mut files: Files) -> Files {
    let fitting = sums(&files);
    files.insert("SHA256SUMS".to_owned(), fitting.into_bytes());
    files
}

fn replaced(files: &Files, name: &str, old: &str, new: &str) -> Files {
    let text = String::from_utf8(files[name].clone()).unwrap();
    assert!(text.contains(old), "{name} has no {old}");
    let mut files = files.clone();
    files.insert(name.to_owned(), text.replacen(old, new, 1).into_bytes());
    files
}

#[test]
fn a_bundle_holds_everything_and_fits_together() {
    let ran = bundled();
    let files = files(&ran);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "README.md",
            "SHA256SUMS",
            "SHA256SUMS.sig",
            "answers.jsonl",
            "chain.jsonl",
            "checklists.json",
            "checklists.txt",
            "manifest.json",
            "optout.toml",
            "report.html",
            "report.json",
            "results.oscal.json",
            "snapshot.json"
        ]
    );
    let (code, said) = verified(&files, "--signer key.pub");
    assert_eq!(code, 0, "{said}");
    let person = ran.then("evidence verify b.tar.gz --signer key.pub").run();
    assert!(person.code == 0 && person.stdout.contains("holds   the snapshot holds what AWS answered"), "{person}");
    let unnamed = person.then("evidence verify b.tar.gz").run();
    assert!(unnamed.code == 3 && unnamed.stdout.contains("open    somebody who is known signed it"), "{unnamed}");
}

#[test]
fn a_change_of_any_file_is_found_and_located() {
    let files = files(&bundled());
    for name in files.keys() {
        let mut changed = files.clone();
        let content = changed.get_mut(name).unwrap();
        let middle = content.len() / 2;
        content[middle] = if content[middle] == b'x' { b'y' } else { b'x' };
        let (code, said) = verified(&changed, "--signer key.pub");
        assert_eq!(code, 2, "{name} was changed: {said}");
        assert!(name.starts_with("SHA256SUMS") || said.contains(&format!("`{name}` was changed")), "{name}: {said}");
        let mut removed = files.clone();
        removed.remove(name);
        let (code, said) = verified(&removed, "--signer key.pub");
        assert!(
            code == 2 && (name.ends_with(".sig") || said.contains(&format!("`{name}` is missing"))),
            "{name}: {said}"
        );
    }
    let mut added = files;
    added.insert("zzz".to_owned(), b"more".to_vec());
    let (code, said) = verified(&added, "--signer key.pub");
    assert!(code == 2 && said.contains("`zzz` was added: it has no sum"), "{said}");
}

#[test]
fn whoever_makes_the_sums_fit_is_found_by_the_signature() {
    let files = files(&bundled());
    let forged = with_sums(replaced(&files, "report.html", "o-acmeexample", "o-acmeexamplf"));
    let (code, said) = verified(&forged, "--signer key.pub");
    assert!(code == 2 && said.contains("fails \"somebody who is known signed it\""), "{said}");
    let (code, said) = verified(&files, "--signer other.pub");
    assert!(code == 2 && said.contains("not made by any of the signers"), "{said}");
    let mut unsigned = forged;
    unsigned.remove("SHA256SUMS.sig");
    let (code, said) = verified(&unsigned, "");
    assert!(code == 3 && said.contains("a full rewrite cannot be excluded"), "{said}");
    let (code, said) = verified(&unsigned, "--signer key.pub");
    assert!(code == 2 && said.contains("it is not signed"), "{said}");
}

#[test]
fn even_without_a_signature_what_contradicts_the_answers_is_found() {
    let files = files(&bundled());
    let snapshot = String::from_utf8(files["snapshot.json"].clone()).unwrap();
    let answers = snapshot.split_once("\"answers\": {").unwrap().1;
    let answer = answers.split("\"content\": \"").find(|it| it.contains("optOut")).unwrap();
    let answer = answer.split("\",\n").next().unwrap();
    let other = answer.replacen("optOut", "optIn", 1);
    let (code, said) = verified(&with_sums(replaced(&files, "snapshot.json", answer, &other)), "");
    assert!(code == 2 && said.contains("the snapshot has another answer than AWS gave"), "{said}");
    let (code, said) = verified(&with_sums(replaced(&files, "report.json", "\"opted-in\"", "\"opted-out\"")), "");
    assert!(code == 2 && said.contains("follows otherwise from the snapshot"), "{said}");
    let (code, said) = verified(&with_sums(replaced(&files, "chain.jsonl", "210000000001", "210000000009")), "");
    assert!(code == 2 && said.contains("fails \"the records are as they were recorded\""), "{said}");
    let head = format!("--head {}", "0".repeat(64));
    let (code, said) = verified(&files, &head);
    assert!(code == 2 && said.contains("fails \"the records are as they were recorded\""), "{said}");
}

#[test]
fn other_tools_check_the_sums_and_the_signature() {
    let tools = ["tar", "sha256sum", "ssh-keygen", "jq"];
    let there = |tool: &&str| Command::new(tool).stdin(Stdio::null()).output().is_ok();
    if let Some(missing) = tools.iter().find(|tool| !there(tool)) {
        assert!(std::env::var_os("CI").is_none(), "needs {missing}");
        eprintln!("skipped: needs {missing}");
        return;
    }
    let ran = bundled().then("snapshot --help").file("allowed_signers", format!("auditor {}", public(7))).run();
    let readme = String::from_utf8(files(&ran)["README.md"].clone()).unwrap();
    let scripts: Vec<&str> = readme.split("```sh\n").skip(1).filter_map(|it| Some(it.split_once("```")?.0)).collect();
    assert_eq!(scripts.len(), 4, "{readme}");
    let unpack = "tar -xzf b.tar.gz --strip-components=1\n";
    let all = format!("{unpack}{}", scripts.concat().replace("NAME", "auditor"));
    let output = Command::new("sh").args(["-euc", &all]).current_dir(ran.folder()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    for expected in
        ["snapshot.json: OK", "opted-in", "210000000001", "optOut", "Good \"optout-evidence\" signature for auditor"]
    {
        assert!(said.contains(expected), "{expected} in {said}");
    }
}

#[test]
fn nothing_secret_and_no_address_is_in_it() {
    let ran = bundled();
    for (name, content) in files(&ran) {
        let text = String::from_utf8(content).unwrap();
        for secret in ["sandbox-secret", "AWS4-HMAC", "PRIVATE KEY", "@example.com", "@acme"] {
            assert!(!text.contains(secret), "{secret} in {name}");
        }
        assert!(name != "answers.jsonl" || text.contains("redacted"), "addresses were replaced");
    }
}

#[test]
fn a_bundle_of_a_saved_organization_says_that_the_answers_are_not_in_it() {
    let ran = Optout::new("evidence bundle --organization acme.json --output b.tar.gz").acme().run();
    assert!(ran.code == 2 && ran.stderr.contains("not signed"), "{ran}");
    let (code, said) = verified(&files(&ran), "");
    assert!(code == 3 && said.contains("AWS's answers are not in this bundle"), "{said}");
}

#[test]
fn addresses_of_a_saved_organization_are_kept_only_on_request() {
    let acme = include_str!("../../../../examples/acme/organization.json");
    let with = acme.replacen("\"name\": \"shop\"", "\"name\": \"shop\",\n      \"email\": \"ann@shop.example\"", 1);
    assert!(with.contains("ann@shop.example"), "the example has an account `shop`");
    let bundled = |options: &str| {
        let run = Optout::new(&format!("evidence bundle --organization o.json --output b.tar.gz {options}"));
        files(&run.file("o.json", &with).run())
    };
    for (options, kept, said) in
        [("", false, "\"without_email\": true"), ("--with-email", true, "\"without_email\": false")]
    {
        let files = bundled(options);
        let all: String = files.values().map(|content| String::from_utf8_lossy(content).into_owned()).collect();
        assert_eq!(all.contains("ann@shop.example"), kept, "{options}");
        assert!(String::from_utf8_lossy(&files["manifest.json"]).contains(said), "{options}");
    }
}

#[test]
fn records_that_were_tampered_with_are_no_evidence() {
    let record = "verify --organization acme.json --evidence none --record";
    let ran = Optout::new(record).acme().run();
    let connection = rusqlite::Connection::open(ran.folder_path("optout-evidence.db")).unwrap();
    connection.execute("UPDATE part SET body = replace(body, 'shop', 'shoq')", []).unwrap();
    drop(connection);
    let bundle = "evidence bundle --organization acme.json --store optout-evidence.db --output b.tar.gz";
    let ran = ran.then(bundle).run();
    assert!(ran.code == 1 && ran.stderr.contains("are not as they were recorded"), "{ran}");
    assert!(!ran.names(".").contains(&"b.tar.gz".to_owned()));
}

#[test]
fn what_cannot_sign_is_refused_before_anything_is_read() {
    for (content, why) in
        [("no key", "it is not an OpenSSH private key"), (&*public(7), "it is not an OpenSSH private key")]
    {
        let run = Optout::new("evidence bundle --organization none.json --sign key").file("key", content);
        let ran = run.run();
        assert!(ran.code == 1 && ran.stderr.contains(why) && ran.stderr.contains("ssh-keygen -t ed25519"), "{ran}");
    }
    let computed = Optout::new("evidence bundle --organization acme.json --evidence none").acme().run();
    assert!(
        computed.code == 64 && computed.stderr.contains("without AWS's own answers there is no evidence"),
        "{computed}"
    );
}

#[test]
fn what_is_no_bundle_is_refused_with_its_name() {
    let cut = pack("b", &Files::from([("README.md".to_owned(), b"x".to_vec())]), Timestamp::UNIX_EPOCH);
    for content in [b"".to_vec(), b"no archive".to_vec(), cut[..cut.len() - 9].to_vec()] {
        let ran = Optout::new("evidence verify b.tar.gz").file("b.tar.gz", content).run();
        assert!(ran.code == 1 && ran.stderr.contains("`b.tar.gz` is no bundle"), "{ran}");
    }
}
