//! Inheritance: paths of policies made from the input, resolved by the engine and by the second resolver.
//!
//! The first byte chooses the policy type and whether the order of attachment is known. The paths have up to four levels with up to
//! three policies each, every list of child controls at every place, values and lists with every operator, alone or together,
//! operators at the root where they mean nothing, keys that are named and empty, and keys in another case.

use optout_core::policy::resolve;
use serde_json::{Map, Value, json};

use super::resolvers::{Engine, Path, agree, agree_in_every_order};

const CONTROLS: &str = "@@operators_allowed_for_child_policies";

/// Of more orders than this the second resolver is too slow to be asked for all.
const MOST_ORDERS: usize = 24;

pub(crate) fn holds(bytes: &[u8]) {
    if let Err(difference) = compared(resolve, bytes) {
        panic!("{difference}");
    }
}

/// The engine and the second resolver on what the input says; where they differ, how.
pub(crate) fn compared(engine: Engine, bytes: &[u8]) -> Result<(), String> {
    let mut choices = Choices(bytes);
    let kind = choices.of(8);
    let policy_type = ["AISERVICES_OPT_OUT_POLICY", "TAG_POLICY", "BACKUP_POLICY"][usize::from(kind % 4).min(2)];
    let path: Path = (0..=choices.of(4)).map(|_| choices.level(policy_type)).collect();
    let compared = if kind < 4 {
        agree(engine, policy_type, &path)
    } else if orders_of(&path) <= MOST_ORDERS {
        agree_in_every_order(engine, policy_type, &path)
    } else {
        Ok(())
    };
    compared.map_err(|difference| format!("{difference}\n{policy_type} {}", json!(path)))
}

fn orders_of(path: &Path) -> usize {
    path.iter().map(|level| (1..=level.len()).product::<usize>()).product()
}

/// A key, and what makes its value.
type Key<'k, 'c> = (&'k str, fn(&mut Choices<'c>) -> Value);

/// Choices drawn from the input, nought where it has ended.
struct Choices<'a>(&'a [u8]);

impl<'c> Choices<'c> {
    fn of(&mut self, count: u8) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first % count
    }

    fn level(&mut self, policy_type: &str) -> Vec<Value> {
        let count = self.of(4);
        (0..count).map(|_| self.document(policy_type)).collect()
    }

    fn document(&mut self, policy_type: &str) -> Value {
        let document = match policy_type {
            // A key in two cases within one document is nothing that the rules speak of.
            "TAG_POLICY" if self.of(2) == 0 => self.keys("tags", &["cost", "team"], Self::tag),
            "TAG_POLICY" => self.keys("tags", &["Cost", "TEAM"], Self::tag),
            "BACKUP_POLICY" => self.keys("plans", &["daily", "weekly"], Self::backup_plan),
            _ => self.keys("services", &["default", "lex", "polly", "LEX"], Self::service),
        };
        Value::Object(document)
    }

    /// A document with one container of keys, each perhaps there.
    fn keys(&mut self, container: &str, keys: &[&str], value: fn(&mut Self) -> Value) -> Map<String, Value> {
        let (mut root, mut inner) = (Map::new(), Map::new());
        for key in keys {
            if self.of(2) == 1 {
                inner.insert((*key).to_owned(), value(self));
            }
        }
        self.controls(&mut inner);
        root.insert(container.to_owned(), Value::Object(inner));
        self.controls(&mut root);
        if self.of(8) == 7 {
            root.insert("@@assign".to_owned(), json!("optOut"));
        }
        root
    }

    fn service(&mut self) -> Value {
        let setting = |choices: &mut Self| {
            let mut setting = Map::new();
            match choices.of(4) {
                1 | 2 => drop(setting.insert("@@assign".to_owned(), json!("optOut"))),
                3 => drop(setting.insert("@@assign".to_owned(), json!("optIn"))),
                _ => {}
            }
            choices.controls(&mut setting);
            Value::Object(setting)
        };
        self.place(&[("opt_out_policy", setting)])
    }

    fn tag(&mut self) -> Value {
        self.place(&[("tag_key", Self::word), ("tag_value", Self::list), ("enforced_for", Self::list)])
    }

    fn backup_plan(&mut self) -> Value {
        let rules = |choices: &mut Self| choices.place(&[("schedule", Self::word), ("advanced", Self::list)]);
        self.place(&[("regions", Self::list), ("rules", rules)])
    }

    /// An object with some of the keys, and perhaps controls.
    fn place(&mut self, keys: &[Key<'_, 'c>]) -> Value {
        let mut place = Map::new();
        for (key, value) in keys {
            if self.of(4) > 0 {
                place.insert((*key).to_owned(), value(self));
            }
        }
        self.controls(&mut place);
        Value::Object(place)
    }

    /// A setting of one text.
    fn word(&mut self) -> Value {
        let mut setting = Map::new();
        let word = ["cost", "Cost", "*"][usize::from(self.of(3))];
        if self.of(3) > 0 {
            setting.insert("@@assign".to_owned(), json!(word));
        }
        self.controls(&mut setting);
        Value::Object(setting)
    }

    /// A setting of several texts: each operator, alone or with others.
    fn list(&mut self) -> Value {
        let mut setting = Map::new();
        for operator in ["@@assign", "@@append", "@@remove"] {
            if self.of(2) == 1 {
                setting.insert(operator.to_owned(), self.texts());
            }
        }
        self.controls(&mut setting);
        Value::Object(setting)
    }

    fn texts(&mut self) -> Value {
        let chosen = self.of(32);
        let texts = ["red", "blue", "*", "ec2:*", "Red"].into_iter().enumerate();
        texts.filter(|(at, _)| chosen & (1 << at) != 0).map(|(_, text)| Value::from(text)).collect()
    }

    fn controls(&mut self, into: &mut Map<String, Value>) {
        let list = match self.of(16) {
            8 | 9 => json!(["@@none"]),
            10 => json!(["@@all"]),
            11 => json!(["@@assign"]),
            12 => json!(["@@append", "@@remove"]),
            13 => json!(["@@append"]),
            14 => json!(["@@remove", "@@assign"]),
            15 => json!(["@@remove"]),
            _ => return,
        };
        into.insert(CONTROLS.to_owned(), list);
    }
}
