//! `optout advise`: by answers, from a file, and from the simulator.

use crate::harness::{Optout, Ran};
use crate::sandbox::Sandbox;

fn leaf(ran: &Ran) -> String {
    assert_eq!(ran.code, 0, "{ran}");
    ran.json().get("leaf").and_then(serde_json::Value::as_str).unwrap_or("none").to_owned()
}

/// The example organization with something more in it.
fn acme(change: impl FnOnce(&mut serde_json::Value)) -> String {
    let mut organization = serde_json::from_str(include_str!("../../../../examples/acme/organization.json")).unwrap();
    change(&mut organization);
    organization.to_string()
}

fn serve(organization: String, arguments: &str) -> Sandbox {
    Sandbox::of(Optout::new(&format!("sandbox --organization o.json {arguments}")).file("o.json", organization))
}

#[test]
fn answers_alone_need_no_aws() {
    let ran = Optout::new("advise --accounts 40 --control-tower yes --lza no --iac terraform --format json").run();
    assert_eq!(leaf(&ran), "control-tower-with-terraform");
    let text = Optout::new("advise --offline --accounts 1 --features none").run();
    assert_eq!(text.code, 0, "{text}");
    assert!(text.stdout.starts_with("APPLY  ") && text.stdout.contains("optout apply --create-organization"), "{text}");
}

#[test]
fn without_credentials_answers_or_a_terminal_it_says_how_to_answer() {
    let ran = Optout::new("advise").run();
    assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{ran}");
    assert!(ran.stderr.contains("--control-tower yes"), "{ran}");
    let named = Optout::new("advise --organization nowhere.json --accounts 1").run();
    assert_eq!(named.code, 1, "{named}");
}

#[test]
fn a_saved_organization_is_advised_on_and_open_questions_stay_open() {
    let ran = Optout::new("advise --organization acme.json").acme().run();
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("Control Tower: unknown"), "{ran}");
    assert!(ran.stdout.contains("It would be another way, if"), "{ran}");
    ran.assert_harmless();
}

#[test]
fn control_tower_is_seen_by_its_access_and_read_live() {
    let organization = acme(|it| it["trusted_services"] = serde_json::json!(["controltower.amazonaws.com"]));
    let sandbox = serve(organization, "");
    let ran = sandbox.run("advise --time-scale 1000 --format json --lza no --iac none").run();
    assert_eq!(leaf(&ran), "control-tower", "{ran}");
    let saved = sandbox.run("snapshot --with landscape --evidence none --time-scale 1000 --output s.json").run();
    assert_eq!(saved.code, 0, "{saved}");
    let again = saved.then("advise --organization s.json --format json --lza no --iac none").run();
    assert_eq!(leaf(&again), "control-tower", "{again}");
}

#[test]
fn control_tower_is_seen_by_the_names_of_its_policies() {
    let organization = acme(|it| {
        let policy = serde_json::json!({"id":"p-guardrail1","name":"aws-guardrails-QWkHhe","type":"SERVICE_CONTROL_POLICY",
            "content":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"});
        it["policies"].as_array_mut().unwrap().push(policy);
    });
    let sandbox = serve(organization, "--fault ListAWSServiceAccessForOrganization=deny");
    let ran = sandbox.run("advise --time-scale 1000 --format json --lza no --iac none").run();
    assert_eq!(leaf(&ran), "control-tower", "{ran}");
}

#[test]
fn what_may_not_be_read_is_open_with_the_permission() {
    let sandbox =
        serve(acme(|_| {}), "--fault ListAWSServiceAccessForOrganization=deny --fault ListTagsForResource=deny");
    let ran = sandbox.run("advise --time-scale 1000").run();
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("needs organizations:ListAWSServiceAccessForOrganization"), "{ran}");
    assert!(ran.stdout.contains("needs organizations:ListTagsForResource"), "{ran}");
}

#[test]
fn a_member_account_can_do_nothing_from_here() {
    let sandbox = serve(acme(|_| {}), "");
    let ran =
        sandbox.run("advise --time-scale 1000 --format json").environment("AWS_ACCESS_KEY_ID", "210000000001").run();
    assert_eq!(leaf(&ran), "member-account-only", "{ran}");
}
