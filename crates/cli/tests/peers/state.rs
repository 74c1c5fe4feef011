//! What a monitor remembers, in an S3 that nobody here wrote: moto's, with its own reading of conditions and ETags.

use std::io::{Read, Write};
use std::net::TcpStream;

use jiff::Timestamp;
use optout_aws::session::{Keys, Session, SessionOptions};
use optout_aws::state::{Saved, State, Store, StoreError, Version};
use optout_core::org::{Partition, Snapshot};

use crate::moto::Moto;

const BUCKET: &str = "optout-monitor";

/// One request without credentials, for which moto wants a bucket that everybody may write to: its status line.
fn request(endpoint: &str, method: &str, path: &str, body: &str) -> String {
    let host = endpoint.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\nx-amz-acl: public-read-write\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

async fn store(endpoint: &str) -> Store {
    let keys = Keys { access_key_id: "AKIAIOSFODNN7EXAMPLE".into(), secret_access_key: "a secret of the tests".into() };
    let options =
        SessionOptions { keys: Some(keys), endpoint_url: Some(endpoint.to_owned()), ..SessionOptions::default() };
    Store::new(&Session::open(&options).await.unwrap(), BUCKET, "monitor/")
}

fn state(wanted: &str) -> State {
    let snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH, "0", Partition::Aws);
    let mut state = State { snapshot: Some(snapshot), ..State::default() };
    state.want("event", wanted.to_owned(), Timestamp::UNIX_EPOCH);
    state
}

#[test]
fn the_state_of_a_monitor_is_written_only_over_what_was_read() {
    let Some(moto) = Moto::start("none") else { return };
    let endpoint = moto.endpoint().to_owned();
    assert!(request(&endpoint, "PUT", &format!("/{BUCKET}"), "").contains("200"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = store(&endpoint).await;
        let loaded = store.state().await.unwrap();
        assert_eq!((&loaded.value, &loaded.version), (&State::default(), &Version::Absent));
        let Saved::Written(first) = store.save_state(&state("one"), &Version::Absent).await.unwrap() else {
            panic!("nobody else writes")
        };
        assert_eq!(store.save_state(&state("late"), &Version::Absent).await.unwrap(), Saved::Overtaken);
        let loaded = store.state().await.unwrap();
        assert_eq!((&loaded.value, &loaded.version), (&state("one"), &first));
        let second = store.save_state(&state("two"), &first).await.unwrap();
        assert_ne!(second, Saved::Overtaken);
        assert_eq!(store.save_state(&state("late"), &first).await.unwrap(), Saved::Overtaken);
        assert_eq!(store.state().await.unwrap().value, state("two"));

        assert!(request(&endpoint, "PUT", &format!("/{BUCKET}/monitor/state.gz"), "nonsense").contains("200"));
        let Err(StoreError::Foreign { key, version, .. }) = store.state().await else { panic!("it is none of ours") };
        assert_eq!(key, format!("{BUCKET}/monitor/state.gz"));
        assert_ne!(store.save_state(&state("healed"), &version).await.unwrap(), Saved::Overtaken);
        assert_eq!(store.state().await.unwrap().value, state("healed"));
    });
}

/// A state is looked for, written, read and written over.
pub(crate) async fn written_and_read(endpoint: &str) {
    let store = store(endpoint).await;
    let loaded = store.state().await.unwrap();
    let Saved::Written(first) = store.save_state(&state("one"), &loaded.version).await.unwrap() else {
        panic!("nobody else writes")
    };
    assert_eq!(store.state().await.unwrap().value, state("one"));
    assert_ne!(store.save_state(&state("two"), &first).await.unwrap(), Saved::Overtaken);
}
