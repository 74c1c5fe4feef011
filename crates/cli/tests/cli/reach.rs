//! Saved results about machines and sites in `verify`, `report` and `audit`.

use crate::harness::Optout;

/// A folder in which a machine and a site were looked at, about to run something else.
fn looked_at(arguments: &str) -> Optout {
    let home = "home/.kiro/settings/cli.json";
    let machine = "workstation check --user-home home --os linux --name ann-laptop --format json --output w.json";
    let ran = Optout::new(machine).acme().file(home, "{}").file("robots.txt", "").run();
    assert_eq!(ran.code, 2, "{ran}");
    let ran = ran.then("website check robots.txt --format json --output s.json").run();
    assert_eq!(ran.code, 2, "{ran}");
    ran.then(arguments)
}

const SAVED: &str = "--organization acme.json --workstation w.json --website s.json";

#[test]
fn what_was_found_of_machines_and_sites_is_shown_and_decides_nothing() {
    let plain = Optout::new("verify --organization acme.json --format json").acme().run();
    let ran = looked_at(&format!("verify {SAVED} --format json")).run();
    assert_eq!(ran.code, plain.code, "{ran}");
    let (json, plain) = (ran.json(), plain.json());
    assert_eq!((&json["decision"], &json["findings"]), (&plain["decision"], &plain["findings"]));
    assert_eq!(json["workstations"][0]["machine"], "ann-laptop");
    assert_eq!(json["workstations"][0]["tools"][0]["id"], "kiro-cli");
    assert_eq!(
        (&json["websites"][0]["name"], &json["websites"][0]["verdict"]),
        (&"robots.txt".into(), &"sharing".into())
    );
    assert_eq!(plain.get("workstations"), None);
}

#[test]
fn every_document_has_their_sections() {
    let ran = looked_at(&format!("report {SAVED} --output r.html --output r.md --output r.txt")).run();
    for name in ["r.html", "r.md", "r.txt"] {
        let text = ran.read(name);
        assert!(text.contains("ann-laptop") && text.contains("robots.txt") && text.contains("Amazonbot"), "{name}");
    }
}

#[test]
fn an_audit_names_the_machine() {
    let ran = looked_at(&format!("audit {SAVED} --all --format json")).run();
    assert!(ran.stdout.contains("ann-laptop"), "{ran}");
}

#[test]
fn another_file_is_refused_with_what_was_expected() {
    let ran = looked_at("verify --organization acme.json --workstation s.json").run();
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("s.json:1:1") && ran.stderr.contains("workstation check"), "{ran}");
}

#[test]
fn a_machine_has_the_name_it_was_given_and_otherwise_its_own() {
    let named = |arguments: &str| Optout::new(arguments).run().json()["machine"].clone();
    assert_eq!(named("workstation check --name box --format json"), "box");
    assert_eq!(named("workstation check --user-home . --format json"), serde_json::Value::Null);
    if cfg!(target_os = "linux") {
        let own = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
        assert_eq!(named("workstation check --format json"), own.trim());
    }
}
