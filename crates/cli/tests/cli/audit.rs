//! `optout audit` on saved organizations.

use optout_core::audit::Checklists;

use crate::harness::Optout;
use crate::sandbox::Sandbox;

const INTENT: &str = "organization = \"o-acmeexample\"\n";

fn acme(arguments: &str) -> Optout {
    Optout::new(&format!("audit --organization acme.json --at 2026-11-24 {arguments}")).acme()
}

fn attested(item: &str, on: &str, until: &str) -> String {
    format!(
        "{INTENT}[[attestations]]\nitem = \"{item}\"\nby = \"Dana\"\non = {on}\nevidence = \"review.pdf\"\nuntil = {until}\n"
    )
}

fn status(json: &serde_json::Value, id: &str) -> String {
    let items = json["items"].as_array().unwrap();
    items.iter().find(|item| item["id"] == id).unwrap()["status"].as_str().unwrap().to_owned()
}

#[test]
fn the_general_checklist_is_answered_and_a_failure_beats_what_is_open() {
    let ran = acme("").run();
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stdout.starts_with("AUDIT  "), "{ran}");
    assert!(ran.stdout.contains("\nNOT MET (") && ran.stdout.contains("\nNOT ASSESSED ("), "{ran}");
    ran.assert_harmless();
}

#[test]
fn what_only_people_can_know_is_open_until_it_is_attested_and_fails_when_that_is_over() {
    let run = |intent: &str| {
        let ran = acme("--profile gdpr --format json --intent optout.toml").file("optout.toml", intent).run();
        (ran.code, status(&ran.json(), "records-include-it"))
    };
    assert_eq!(run(INTENT).1, "not-assessed");
    assert_eq!(run(&attested("records-include-it", "2026-10-01", "2026-12-31")).1, "attested");
    let (code, status) = run(&attested("records-include-it", "2026-01-01", "2026-06-30"));
    assert_eq!((code, status.as_str()), (2, "attestation-expired"));
}

#[test]
fn open_items_alone_end_with_3() {
    let ran = acme("--checklist all --checklists lists --format json")
        .file(
            "lists/one.toml",
            "schema = 'optout.checklist/1'\ndate = 2026-11-24\n[[item]]\nid = 'ours'\ntitle = 'Ours'\n\
             profiles = ['general']\n[item.attest]\nmode = 'alone'\nstatement = 'S'\n",
        )
        .run();
    assert_eq!((ran.code, status(&ran.json(), "ours").as_str()), (3, "not-assessed"), "{ran}");
}

#[test]
fn what_holds_ends_with_0() {
    let ran = acme("--checklists lists --format json")
        .file(
            "lists/one.toml",
            "schema = 'optout.checklist/1'\ndate = 2026-11-24\n[[item]]\nid = 'ours'\ntitle = 'Ours'\n\
             profiles = ['general']\ncontrols = ['policy-type-enabled']\n",
        )
        .run();
    assert_eq!((ran.code, status(&ran.json(), "ours").as_str()), (0, "met"), "{ran}");
}

#[test]
fn checklists_of_one_s_own_are_read_strictly() {
    let run = |text: &str| acme("--checklists lists").file("lists/one.toml", text).run();
    let text = "schema = 'optout.checklist/1'\ndate = 2026-11-24\n[[item]]\nid = 'ours'\ntitle = 'Ours'\n\
        profiles = ['general']\ncontrols = ['root-coverd']\n";
    insta::assert_snapshot!(run(text), @"
    exit 1
    --- stdout

    --- stderr
    error: nothing here is called `root-coverd`
     --> lists/one.toml:7:13
      |
    7 | controls = ['root-coverd']
      |             ^^^^^^^^^^^^^
      help: did you mean `root-covered`?
    ");
    let none = acme("--checklists lists").file("lists/readme.md", "").run();
    assert_eq!(none.code, 1, "{none}");
    assert!(none.stderr.contains("there is no checklist (*.toml) in `lists`"), "{none}");
}

#[test]
fn an_attestation_of_an_item_that_is_none_is_refused_with_the_nearest() {
    let intent = attested("quaterly-review", "2026-10-01", "2026-12-31");
    let ran = acme("--intent optout.toml").file("optout.toml", intent).run();
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("did you mean `quarterly-review`?"), "{ran}");
}

#[test]
fn reports_of_machines_and_sites_are_taken_as_the_other_commands_write_them() {
    let machine = Optout::new("workstation check --user-home . --os linux --format json").run();
    assert_eq!(machine.code, 0, "{machine}");
    let site =
        Optout::new("website check robots.txt --format json").file("robots.txt", "User-agent: *\nDisallow: /\n").run();
    assert_eq!(site.code, 0, "{site}");
    // Judged now: the reports are of now too.
    let ran = Optout::new("audit --organization acme.json --format json --workstation w.json --website s.json")
        .acme()
        .file("w.json", &machine.stdout)
        .file("s.json", &site.stdout)
        .run();
    let json = ran.json();
    assert_eq!(status(&json, "assistants-opted-out"), "met", "{ran}");
    assert_eq!(status(&json, "crawlers-kept-out"), "met", "{ran}");
    let swapped =
        Optout::new("audit --organization acme.json --workstation s.json").acme().file("s.json", &site.stdout);
    let swapped = swapped.run();
    assert_eq!(swapped.code, 1);
    assert!(swapped.stderr.contains("its format is `optout.website/1`"), "{swapped}");
}

#[test]
fn the_items_are_listed_without_an_organization() {
    let ran = Optout::new("audit --list --profile all --format json").run();
    let listed = ran.json()["items"].as_array().unwrap().len();
    assert_eq!((ran.code, listed), (0, Checklists::embedded().items().len()));
    let ran = Optout::new("audit --list --profile data-residency").run();
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("region-controls") && ran.stdout.contains("residency-documented"), "{ran}");
    ran.assert_harmless();
}

#[test]
fn hostile_names_stay_text() {
    let evil = "\\u001b[31m\\u202e<script>alert(1)</script>";
    let organization = include_str!("../../../../examples/acme/organization.json");
    let text = organization.trim_end().trim_end_matches('}').trim_end();
    let policy = format!(
        "{text}, \"service_control_policies\": [{{\"policy\": {{\"id\": \"p-regions01\", \"name\": \"{evil}\", \"type\": \
         \"SERVICE_CONTROL_POLICY\", \"content\": \"{{\\\"Statement\\\": {{\\\"Effect\\\": \\\"Deny\\\", \\\"Action\\\": \
         \\\"*\\\", \\\"Resource\\\": \\\"*\\\", \\\"Condition\\\": {{\\\"StringNotEquals\\\": \
         {{\\\"aws:RequestedRegion\\\": \\\"eu-west-1\\\\u001b[32m\\\"}}}}}}}}\"}}, \"targets\": [\"r-acme\"]}}]}}"
    );
    let run = |arguments: &str| {
        Optout::new(&format!("audit --organization evil.json --at 2026-11-24 --profile data-residency {arguments}"))
            .file("evil.json", &policy)
            .run()
    };
    let (shown, json) = (run("--all"), run("--format json"));
    assert!(shown.stdout.contains("only eu-west-1"), "{shown}");
    shown.assert_harmless();
    json.assert_harmless();
    assert_eq!(status(&json.json(), "region-controls"), "met");
}

#[test]
fn live_an_audit_reads_service_control_policies_where_an_item_asks_for_them() {
    let sandbox = Sandbox::start("--organization acme.json");
    let live = sandbox.run("audit --checklist data-residency --time-scale 1000 --format json").run();
    let json = live.json();
    assert_eq!(status(&json, "region-controls"), "not-met", "the example has none: {live}");
    let saved = sandbox.run("snapshot --with service-control-policies --time-scale 1000 --output s.json").run();
    assert!(saved.read("s.json").contains("\"service_control_policies\": ["), "{saved}");
    let again = saved.then("audit --checklist data-residency --organization s.json --format json").run();
    assert_eq!(status(&again.json(), "region-controls"), "not-met", "{again}");
    let without = sandbox.run("snapshot --time-scale 1000 --output s.json").run();
    assert!(!without.read("s.json").contains("service_control_policies"), "{without}");
    let open = without.then("audit --profile data-residency --organization s.json --format json").run();
    assert_eq!(status(&open.json(), "region-controls"), "not-assessed", "{open}");
}
