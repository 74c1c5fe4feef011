//! The properties of the resources, each read with its name in the error. CloudFormation hands every scalar over as a text.

use std::collections::{BTreeMap, BTreeSet};

use optout_core::org::{PolicyType, RootId, TargetId};
use optout_core::policy::parse_json;
use optout_core::source::{nearest, shown};
use serde_json::Value;

use super::Failed;

/// What CloudFormation itself reads of the properties.
const FOR_CLOUDFORMATION: [&str; 2] = ["ServiceToken", "ServiceTimeout"];
const OF_TYPE: [&str; 2] = ["RootId", "PolicyType"];
const OF_POLICY: [&str; 6] = ["Name", "Description", "Content", "TargetIds", "Tags", "Type"];
/// Tags with this prefix say whose a policy is; a template cannot set them.
const RESERVED: &str = optout_core::intent::RESERVED_TAG_PREFIX;

/// A policy as a template wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) description: String,
    /// The document, minified.
    pub(super) content: String,
    pub(super) targets: BTreeSet<TargetId>,
    pub(super) tags: BTreeMap<String, String>,
}

/// The root whose policy type is to be enabled.
pub(super) fn root(properties: &Value) -> Result<RootId, Failed> {
    only(properties, &OF_TYPE)?;
    opt_out_type(properties, "PolicyType")?;
    text(properties, "RootId")?.parse().map_err(|error| wrong("RootId", &format!("{error}")))
}

/// The policy.
pub(super) fn policy(properties: &Value) -> Result<Wanted, Failed> {
    only(properties, &OF_POLICY)?;
    if properties.get("Type").is_some() {
        opt_out_type(properties, "Type")?;
    }
    Ok(Wanted {
        name: text(properties, "Name")?.to_owned(),
        description: properties.get("Description").map_or(Ok(""), |_| text(properties, "Description"))?.to_owned(),
        content: content(properties)?,
        targets: targets(properties)?,
        tags: tags(properties)?,
    })
}

/// The targets, each once.
pub(super) fn targets(properties: &Value) -> Result<BTreeSet<TargetId>, Failed> {
    let Some(value) = properties.get("TargetIds") else { return Ok(BTreeSet::new()) };
    let list = value.as_array().ok_or_else(|| wrong("TargetIds", "it is not a list"))?;
    let target = |value: &Value| {
        let text = value.as_str().ok_or_else(|| wrong("TargetIds", "one of them is not a text"))?;
        text.parse().map_err(|error| wrong("TargetIds", &format!("{error}")))
    };
    list.iter().map(target).collect()
}

/// The tags: a list of `Key` and `Value`, as CloudFormation's own resources have them.
pub(super) fn tags(properties: &Value) -> Result<BTreeMap<String, String>, Failed> {
    let Some(value) = properties.get("Tags") else { return Ok(BTreeMap::new()) };
    let list = value.as_array().ok_or_else(|| wrong("Tags", "it is not a list"))?;
    let tag = |value: &Value| {
        let (key, value) = (value.get("Key").and_then(Value::as_str), value.get("Value").and_then(Value::as_str));
        let (Some(key), Some(value)) = (key, value) else { return Err(wrong("Tags", "each needs a Key and a Value")) };
        if key.starts_with(RESERVED) {
            return Err(wrong("Tags", "keys that begin with `optout:` are set by this function"));
        }
        Ok((key.to_owned(), value.to_owned()))
    };
    list.iter().map(tag).collect()
}

fn content(properties: &Value) -> Result<String, Failed> {
    match properties.get("Content") {
        Some(document @ Value::Object(_)) => Ok(document.to_string()),
        // AWS counts white space, so it goes.
        Some(Value::String(text)) => match parse_json(text) {
            (Some(json), problems) if problems.is_empty() && json.as_object().is_some() => Ok(json.minified()),
            (_, problems) => {
                let what = problems.first().map_or("it is not an object", |problem| problem.message.as_str());
                Err(wrong("Content", &format!("the document is no JSON object: {what}")))
            }
        },
        Some(_) => Err(wrong("Content", "it is neither an object nor a text")),
        None => Err(missing("Content")),
    }
}

fn opt_out_type(properties: &Value, name: &str) -> Result<(), Failed> {
    let wanted = PolicyType::AiOptOut;
    match text(properties, name)? {
        found if found == wanted.as_str() => Ok(()),
        _ => Err(wrong(name, &format!("it must be {}", wanted.as_str()))),
    }
}

fn text<'p>(properties: &'p Value, name: &str) -> Result<&'p str, Failed> {
    let value = properties.get(name).ok_or_else(|| missing(name))?;
    value.as_str().ok_or_else(|| wrong(name, "it is not a text"))
}

fn only(properties: &Value, names: &[&str]) -> Result<(), Failed> {
    let properties = properties.as_object().ok_or_else(|| Failed::new("the request has no `ResourceProperties`"))?;
    let known = |name: &str| names.contains(&name) || FOR_CLOUDFORMATION.contains(&name);
    let Some(unknown) = properties.keys().find(|name| !known(name)) else { return Ok(()) };
    let near =
        nearest(unknown, names.iter().copied()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let unknown: String = unknown.chars().take(60).collect();
    Err(Failed::new(format!("the property `{}` is not known{near}", shown(&unknown))))
}

fn missing(name: &str) -> Failed {
    Failed::new(format!("the property `{name}` is missing"))
}

fn wrong(name: &str, what: &str) -> Failed {
    Failed::new(format!("the property `{name}` cannot be used: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(properties: &Value) -> String {
        policy(properties).unwrap_err().reason
    }

    #[test]
    fn a_policy_is_read_as_cloudformation_hands_it_over() {
        let read = policy(&json!({
            "ServiceToken": "arn:aws:lambda:us-east-1:111111111111:function:optout",
            "Name": "opt-out",
            "Content": {"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}},
            "TargetIds": ["r-exam", "111111111111", "r-exam"],
            "Tags": [{"Key": "team", "Value": "privacy"}],
        }))
        .unwrap();
        assert_eq!(read.content, r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#);
        assert_eq!((read.targets.len(), read.description.as_str()), (2, ""));
        assert_eq!(read.tags, BTreeMap::from([("team".to_owned(), "privacy".to_owned())]));
    }

    #[test]
    fn each_mistake_names_its_property() {
        let good = json!({"Name": "n", "Content": "{}", "TargetIds": ["r-exam"]});
        assert!(policy(&good).is_ok());
        let cases = [
            ("Name", json!(null)),
            ("Content", json!("{")),
            ("Content", json!("[]")),
            ("Content", json!(["x"])),
            ("TargetIds", json!("r-exam")),
            ("TargetIds", json!(["everywhere"])),
            ("Tags", json!([{"Key": "a"}])),
            ("Tags", json!([{"Key": "optout:managed", "Value": "true"}])),
            ("Type", json!("TAG_POLICY")),
        ];
        for (name, value) in cases {
            let mut properties = good.clone();
            properties[name] = value;
            assert!(said(&properties).contains(&format!("`{name}`")), "{}", said(&properties));
        }
        assert_eq!(said(&json!({"Nmae": "n"})), "the property `Nmae` is not known; did you mean `Name`?");
        assert_eq!(said(&json!("x")), "the request has no `ResourceProperties`");
    }

    #[test]
    fn the_policy_type_is_this_one_and_no_other() {
        let read = |kind: &str, id: &str| root(&json!({"RootId": id, "PolicyType": kind}));
        assert_eq!(read("AISERVICES_OPT_OUT_POLICY", "r-exam").unwrap().as_str(), "r-exam");
        assert!(read("SERVICE_CONTROL_POLICY", "r-exam").unwrap_err().reason.contains("`PolicyType`"));
        assert!(read("AISERVICES_OPT_OUT_POLICY", "ou-exam-12345678").unwrap_err().reason.contains("`RootId`"));
    }
}
