//! The engine of inheritance against the naive resolver of the tests, on documents made from the input's bytes.
#![no_main]

#[path = "../../tests/naive/mod.rs"]
mod naive;

use libfuzzer_sys::fuzz_target;
use optout_core::policy::{Attached, Dialect, Document, Level, Order, resolve};
use serde_json::{Map, Value, json};

const CONTROLS: &str = "@@operators_allowed_for_child_policies";

/// Choices drawn from the input, nought where it has ended.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn of(&mut self, count: u8) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first % count
    }

    fn controls(&mut self, into: &mut Map<String, Value>) {
        let list = match self.of(12) {
            8 => json!(["@@none"]),
            9 => json!(["@@all"]),
            10 => json!(["@@assign"]),
            11 => json!(["@@append", "@@remove"]),
            _ => return,
        };
        into.insert(CONTROLS.to_owned(), list);
    }

    fn setting(&mut self) -> Value {
        let mut setting = Map::new();
        match self.of(4) {
            1 | 2 => drop(setting.insert("@@assign".to_owned(), json!("optOut"))),
            3 => drop(setting.insert("@@assign".to_owned(), json!("optIn"))),
            _ => {}
        }
        self.controls(&mut setting);
        Value::Object(setting)
    }

    fn service(&mut self) -> Value {
        let mut service = Map::new();
        if self.of(4) > 0 {
            service.insert("opt_out_policy".to_owned(), self.setting());
        }
        self.controls(&mut service);
        Value::Object(service)
    }

    fn document(&mut self) -> Value {
        let (mut root, mut services) = (Map::new(), Map::new());
        for name in ["default", "lex", "polly"] {
            if self.of(2) == 1 {
                services.insert(name.to_owned(), self.service());
            }
        }
        self.controls(&mut services);
        root.insert("services".to_owned(), Value::Object(services));
        self.controls(&mut root);
        Value::Object(root)
    }

    fn path(&mut self) -> Vec<Vec<Value>> {
        (0..=self.of(4)).map(|_| (0..self.of(4)).map(|_| self.document()).collect()).collect()
    }
}

fuzz_target!(|bytes: &[u8]| {
    let path = Choices(bytes).path();
    let documents: Vec<Vec<Document>> = path
        .iter()
        .map(|level| level.iter().map(|it| Document::parse(Dialect::Plain, &it.to_string()).unwrap()).collect())
        .collect();
    let levels: Vec<Level<'_>> = documents
        .iter()
        .enumerate()
        .map(|(depth, level)| Level {
            target: format!("level {depth}").into(),
            documents: level
                .iter()
                .enumerate()
                .map(|(at, document)| Attached { policy: format!("{depth}.{at}").into(), document })
                .collect(),
            order: Order::Known,
        })
        .collect();
    let ours = resolve(&levels);
    let theirs = naive::resolve("AISERVICES_OPT_OUT_POLICY", &path);
    for service in ["default", "lex", "polly"] {
        let place = ["services", service, "opt_out_policy"];
        let value = theirs.unfinished.pointer(&format!("/{}", place.join("/")));
        let is_open = theirs.unknown.contains(&place.map(str::to_owned).to_vec());
        let Some(setting) = ours.setting(&place) else {
            assert!(value.is_none() && !is_open, "{service} is there for the other resolver only: {path:?}");
            continue;
        };
        if is_open {
            assert!(setting.value().all().iter().any(|it| it.as_ref() == value), "{service}: {path:?}");
        } else {
            assert!(setting.value().is_decided(), "{service}: {path:?}");
            assert_eq!(setting.value().value(), value, "{service}: {path:?}");
        }
    }
    if theirs.unknown.is_empty() {
        assert_eq!(ours.effective(Dialect::Plain).document, theirs.document, "{path:?}");
    }
});
