//! The grammar of AI services opt-out policies once more, as small as it can be said, from the recorded answers alone.
//!
//! It judges a tree that the tests make, so that no reader of JSON is shared with the code under test.

/// JSON as it is written: keys may stand twice.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    Null,
    Bool(bool),
    Number(i32),
    Text(String),
    List(Vec<Written>),
    Object(Vec<(String, Written)>),
}

impl Written {
    pub(crate) fn print(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Null => "null".into(),
            Self::Bool(it) => it.to_string(),
            Self::Number(it) => it.to_string(),
            Self::Text(it) => quoted(it),
            Self::List(it) => format!("[{}]", it.iter().map(Self::print).collect::<Vec<_>>().join(",")),
            Self::Object(it) => {
                let member = |(key, value): &(String, Self)| format!("{}:{}", quoted(key), value.print());
                format!("{{{}}}", it.iter().map(member).collect::<Vec<_>>().join(","))
            }
        }
    }

    /// The members of an object in which no key stands twice.
    fn members(&self) -> Option<&[(String, Self)]> {
        let Self::Object(members) = self else { return None };
        let once = |at: usize, key: &str| members.iter().skip(at + 1).all(|(other, _)| other != key);
        members.iter().enumerate().all(|(at, (key, _))| once(at, key)).then_some(members)
    }

    /// Whether no key stands twice, at any depth.
    fn is_clean(&self) -> bool {
        match self {
            Self::List(elements) => elements.iter().all(Self::is_clean),
            Self::Object(members) => self.members().is_some() && members.iter().all(|(_, value)| value.is_clean()),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => true,
        }
    }
}

const CONTROLS: &str = "@@operators_allowed_for_child_policies";

/// Whether CreatePolicy would accept the document, whose services are `services`.
pub(crate) fn accepts(document: &Written, services: &[&str]) -> bool {
    document.is_clean() && document.print().chars().count() <= 2_500 && root(document, services)
}

fn all(node: &Written, allowed: impl Fn(&str, &Written) -> bool) -> bool {
    node.members().is_some_and(|members| members.iter().all(|(key, value)| allowed(key, value)))
}

fn root(node: &Written, known: &[&str]) -> bool {
    let has_services = node.members().is_some_and(|members| members.iter().any(|(key, _)| key == "services"));
    has_services
        && all(node, |key, value| match key {
            "services" => services(value, known),
            CONTROLS => controls(value),
            "@@assign" | "@@append" | "@@remove" => flat(value),
            _ => false,
        })
}

fn flat(value: &Written) -> bool {
    let scalar = |value: &Written| !matches!(value, Written::Object(_) | Written::List(_));
    match value {
        Written::List(elements) => elements.iter().all(scalar),
        other => scalar(other),
    }
}

fn services(node: &Written, known: &[&str]) -> bool {
    all(node, |key, value| if key == CONTROLS { controls(value) } else { known.contains(&key) && service(value) })
}

fn service(node: &Written) -> bool {
    all(node, |key, value| match key {
        CONTROLS => controls(value),
        "opt_out_policy" => setting(value),
        _ => false,
    })
}

fn setting(node: &Written) -> bool {
    all(node, |key, value| match (key, value) {
        (CONTROLS, value) => controls(value),
        ("@@assign", Written::Text(text)) => text == "optOut" || text == "optIn",
        _ => false,
    })
}

fn controls(value: &Written) -> bool {
    let Written::List(elements) = value else { return false };
    let word = |element: &Written| match element {
        Written::Text(text) => Some(text.clone()),
        _ => None,
    };
    let Some(words) = elements.iter().map(word).collect::<Option<Vec<String>>>() else { return false };
    let known = ["@@assign", "@@append", "@@remove", "@@all", "@@none"];
    let alone = words == ["@@none"] || !words.iter().any(|word| word == "@@none");
    let mut distinct = words.clone();
    distinct.sort();
    distinct.dedup();
    !words.is_empty()
        && alone
        && distinct.len() == words.len()
        && words.iter().all(|word| known.contains(&word.as_str()))
}
