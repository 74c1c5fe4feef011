//! An equal document in another text: the order of keys means nothing, and AWS's changes.

use serde_json::Value;

/// The same JSON with the keys of every object in reverse order; a text that is not JSON stays as it is.
pub(crate) fn reversed(text: &str) -> String {
    match serde_json::from_str(text) {
        Ok(value) => print(&value),
        Err(_) => text.to_owned(),
    }
}

fn print(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().rev();
            let fields: Vec<String> = fields.map(|(key, value)| format!("{}:{}", quoted(key), print(value))).collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(print).collect();
            format!("[{}]", items.join(","))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_turn_around_and_the_value_stays() {
        let text = r#"{"a":{"c":[1,{"x":null,"y":"\""}],"d":true}}"#;
        let other = reversed(text);
        assert_ne!(other, text);
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(value(&other), value(text));
        assert_eq!(reversed("not json"), "not json");
    }
}
