//! What a recorder keeps of a reading: every call as often as it was sent, AWS's own answers, nothing secret.

use std::collections::BTreeMap;

use optout_aws::cancel::Cancel;
use optout_aws::read::read;
use optout_aws::session::{Recorder, Session};
use optout_core::evidence::Exchange;
use optout_core::org::{AnswerContent, Snapshot};
use optout_simulator::{Effect, When};
use serde_json::Value;

use crate::organization::MANAGEMENT;
use crate::reader::Reader;

/// A reading with a call that is throttled once and repeated.
async fn recorded() -> (Vec<Exchange>, BTreeMap<String, u64>, Snapshot) {
    let reader = Reader::start().await;
    reader.fault("ListRoots", When::Nth { call: 1 }, Effect::Throttle);
    let recorder = Recorder::new();
    let options = optout_aws::session::SessionOptions { recorder: Some(recorder.clone()), ..reader.session_options() };
    let session = Session::open(&options).await.unwrap();
    let snapshot = read(&session, &reader.options, &|_| {}, &Cancel::new()).await.unwrap();
    let sent = session.calls().iter().map(|(operation, count)| (operation.to_string(), count)).collect();
    (recorder.exchanges(), sent, snapshot)
}

#[tokio::test]
async fn every_call_is_kept_as_often_as_it_was_sent() {
    let (exchanges, sent, _) = recorded().await;
    let mut kept = BTreeMap::<String, u64>::new();
    for exchange in &exchanges {
        *kept.entry(exchange.operation.clone()).or_default() += 1;
    }
    assert_eq!(kept, sent);
    let roots: Vec<_> = exchanges.iter().filter(|it| it.operation == "ListRoots").collect();
    assert_eq!(roots.iter().map(|it| it.status).collect::<Vec<_>>(), [Some(400), Some(200)]);
    assert!(roots[0].answer.contains("TooManyRequestsException"), "{}", roots[0].answer);
    assert!(exchanges.iter().all(|it| it.request_id.is_some()));
}

#[tokio::test]
async fn the_kept_answers_are_those_that_the_snapshot_rests_on() {
    let (exchanges, _, snapshot) = recorded().await;
    let mut answers = BTreeMap::new();
    for it in exchanges.iter().filter(|it| it.operation == "DescribeEffectivePolicy" && it.status == Some(200)) {
        let answer: Value = serde_json::from_str(&it.answer).unwrap();
        let policy = &answer["EffectivePolicy"];
        answers.insert(
            policy["TargetId"].as_str().unwrap().to_owned(),
            policy["PolicyContent"].as_str().unwrap().to_owned(),
        );
    }
    let documents = snapshot.answers.iter().filter_map(|(account, answer)| match &answer.content {
        AnswerContent::Document(text) => Some((account.to_string(), text.to_string())),
        AnswerContent::NotFound => None,
    });
    assert_eq!(answers, documents.collect());
    assert!(answers.len() > 3);
}

#[tokio::test]
async fn nothing_secret_is_kept() {
    let (exchanges, ..) = recorded().await;
    let all = serde_json::to_string(&exchanges).unwrap();
    assert!(all.contains(&crate::organization::account_id(MANAGEMENT).to_string()));
    for secret in ["a secret of the tests", "AWS4-HMAC-SHA256", "Signature", "X-Amz-Security-Token"] {
        assert!(!all.contains(secret), "{secret} is kept");
    }
}
