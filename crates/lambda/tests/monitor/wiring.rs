//! The intent that a monitor judges by, and the publishing that its settings ask for.

use optout_aws::state::Store;
use optout_core::check::Severity;
use optout_lambda::monitor::{Monitor, intent};
use optout_lambda::publishing::Everywhere;
use optout_lambda::settings::Settings;
use optout_lambda::{organizations, scheduled};
use serde_json::json;

use crate::envelopes::attached;
use crate::organization::{OPT_IN, SALES};
use crate::world::{LONG, World};

const INTENT: &str = "
organization = \"o-exampleorgid\"

[[exceptions]]
service = \"lex\"
target = \"ou-exam-sales001\"
value = \"optIn\"
reason = \"a pilot\"
approver = \"Jo Doe\"
until = 9999-12-31
";

#[tokio::test]
async fn an_opt_in_that_the_intent_allows_is_no_weakening() {
    let world = World::settled().await;
    let session = world.session().await;
    let store = Store::new(&session, "evidence", "optout/");
    world.bucket.put("/evidence/intent/optout.toml", INTENT.as_bytes());
    let intent = intent(&store, "intent/optout.toml").await.unwrap();
    let monitor = Monitor {
        session: &session,
        store: &store,
        publish: &world.told,
        intent: Some(&intent),
        fail_on: Severity::High,
        pauses: &[],
    };
    world.attach(OPT_IN, SALES);
    let answer = organizations::handle(&monitor, &attached(OPT_IN, SALES), LONG).await.unwrap();
    assert_eq!((&answer["outcome"], &answer["raised"]), (&json!("changed"), &json!([])), "{answer}");
    let own = crate::organization::account_id(5).to_string();
    world.attach(OPT_IN, &own);
    let answer = organizations::handle(&monitor, &attached(OPT_IN, &own), LONG).await.unwrap();
    assert_eq!(answer["outcome"], "weakened", "elsewhere it is one: {answer}");
}

#[tokio::test]
async fn an_intent_that_is_missing_or_none_is_an_error_that_names_it() {
    let world = World::start().await;
    let session = world.session().await;
    let store = Store::new(&session, "evidence", "optout/");
    let error = intent(&store, "intent/optout.toml").await.unwrap_err().to_string();
    assert!(error.contains("intent/optout.toml"), "{error}");
    world.bucket.put("/evidence/intent/optout.toml", INTENT.replace("lex", "lexx").as_bytes());
    let error = intent(&store, "intent/optout.toml").await.unwrap_err().to_string();
    assert!(error.contains("intent/optout.toml:5:11") && error.contains("lexx"), "{error}");
}

#[tokio::test]
async fn a_full_read_leaves_its_state_and_its_record_in_the_bucket() {
    let world = World::start().await;
    let session = world.session().await;
    let store = Store::new(&session, "evidence", "optout/");
    let settings = Settings { bucket: Some("evidence".into()), prefix: "optout/".into(), ..Settings::default() };
    let publish = Everywhere::new(&session, &settings);
    let (intent, fail_on) = (None, settings.fail_on);
    let monitor = Monitor { session: &session, store: &store, publish: &publish, intent, fail_on, pauses: &[] };
    let answer = scheduled::run(&monitor, LONG).await.unwrap();
    assert_eq!(answer["status"], "done", "{answer}");
    let keys = world.bucket.keys();
    let records: Vec<_> = keys.iter().filter(|key| key.starts_with("/evidence/optout/evidence/")).collect();
    assert_eq!(records.len(), 1, "{keys:?}");
    let record = String::from_utf8(world.bucket.get(records[0]).unwrap()).unwrap();
    assert!(record.lines().count() > 3 && record.contains("o-exampleorgid"), "{record}");
    assert!(store.state().await.unwrap().value.standing.is_some());
}
