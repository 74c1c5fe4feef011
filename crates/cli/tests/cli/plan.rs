//! `optout init`, `plan`, `simulate` and `impact` on a saved organization: no credentials, nothing touched.

use crate::harness::Optout;

fn acme(arguments: &str) -> Optout {
    Optout::new(&format!("{arguments} --organization acme.json")).acme()
}

fn planned(arguments: &str) -> Optout {
    acme(arguments).file("optout.toml", "organization = \"o-acmeexample\"\n")
}

#[test]
fn an_intent_is_written_once_and_needs_reasons_for_what_it_takes_over() {
    let first = acme("init").run();
    assert_eq!(first.code, 0, "{first}");
    let text = first.read("optout.toml");
    assert!(text.contains("organization = \"o-acmeexample\"") && text.contains("NEEDS A REASON"), "{text}");
    let refused = first.then("plan --organization acme.json").run();
    assert_eq!(refused.code, 1, "{refused}");
    assert!(refused.stderr.contains("optout.toml:") && refused.stderr.contains("this text is blank"), "{refused}");
    let second = refused.then("init --organization acme.json").run();
    assert_eq!(second.code, 1, "{second}");
    assert!(second.stderr.contains("is there already"), "{second}");
    assert_eq!(second.read("optout.toml"), text);
}

#[test]
fn a_missing_intent_is_told_with_the_command_that_writes_one() {
    let ran = acme("plan").run();
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("optout init"), "{ran}");
}

#[test]
fn a_plan_is_shown_to_people_and_saved_for_machines() {
    let ran = planned("plan --out plan.json").run();
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stdout.starts_with("CHANGES  "), "{ran}");
    ran.assert_harmless();
    let saved: serde_json::Value = serde_json::from_str(&ran.read("plan.json")).unwrap();
    assert_eq!(saved["format"], "optout.plan/1");
    let json = ran.then("plan --organization acme.json --format json").run();
    assert_eq!(json.json()["steps"], saved["steps"]);
}

#[test]
fn an_intent_for_another_organization_is_refused() {
    let ran = acme("plan").file("optout.toml", "organization = \"o-anotherorgid\"\n").run();
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("nothing is ever done to another one"), "{ran}");
}

#[test]
fn a_loss_can_be_accepted_for_services_that_exist_only() {
    let ran = planned("plan --accept-data-loss trnscribe").run();
    assert_eq!(ran.code, 64, "{ran}");
    assert!(ran.stderr.contains("`trnscribe` is not the key of a service"), "{ran}");
}

#[test]
fn what_if_says_what_would_change_and_what_would_not() {
    let detach = acme("simulate detach p-acmeoptout1 r-acme").run();
    assert_eq!(detach.code, 2, "{detach}");
    assert!(detach.stdout.contains("opt-out → unset"), "{detach}");
    detach.assert_harmless();
    let join = acme("simulate new-account r-acme --format json").run();
    assert_eq!(join.code, 2, "{join}");
    assert_eq!(join.json()["format"], "optout.simulation/1");
    let nowhere = acme("simulate move-account 210000000001 ou-none-00000000").run();
    assert_eq!(nowhere.code, 1, "{nowhere}");
    assert!(nowhere.stderr.contains("is not in this organization"), "{nowhere}");
}

#[test]
fn the_impact_names_accounts_and_the_commands_that_save_data() {
    let ran = planned("impact").run();
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stdout.contains("aws transcribe list-transcription-jobs"), "{ran}");
    let json = planned("impact --format json").run().json();
    let services = json["services"].as_array().unwrap();
    assert!(services.iter().any(|it| it["service"] == "transcribe" && !it["accounts"].as_array().unwrap().is_empty()));
}
