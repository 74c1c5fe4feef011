//! One service control policy: which of its statements deny other Regions, for what and for whom.
//!
//! The grammar is that of IAM policies: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>
//! and <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html>, read
//! 2026-11-24. What is not surely a control for everything is shown and not counted.

use std::fmt;

use serde_json::{Map, Value};

use crate::audit::evaluate::few;

const REGION_KEY: &str = "aws:requestedregion";

/// A statement that denies by Region.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct RegionControl {
    /// The Regions that it leaves open.
    regions: Vec<String>,
    /// The actions that it does not deny anywhere.
    except: Vec<String>,
    /// The principals that it does not bind.
    principals: Vec<String>,
    /// Why it does not count as a control for everything.
    narrow: Option<String>,
}

impl RegionControl {
    /// Whether it denies other Regions for everything but what it names.
    pub(super) const fn binds(&self) -> bool {
        self.narrow.is_none()
    }
}

impl fmt::Display for RegionControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(why) = &self.narrow {
            return write!(f, "does not count, {why}");
        }
        write!(f, "only {}", few(&self.regions))?;
        if !self.except.is_empty() {
            write!(f, "; anywhere: {}", few(&self.except))?;
        }
        if !self.principals.is_empty() {
            write!(f, "; does not bind {}", few(&self.principals))?;
        }
        Ok(())
    }
}

/// The statements of a document that deny by Region.
///
/// # Errors
/// Why the document cannot be understood.
pub(super) fn region_controls(document: &str) -> Result<Vec<RegionControl>, &'static str> {
    let document: Value = serde_json::from_str(document).map_err(|_| "it is not JSON")?;
    let statements = document.get("Statement").ok_or("it has no statement")?;
    let list = match statements {
        Value::Array(list) => list.as_slice(),
        Value::Object(_) => std::slice::from_ref(statements),
        _ => return Err("its statement is none"),
    };
    let objects: Option<Vec<&Map<String, Value>>> = list.iter().map(Value::as_object).collect();
    Ok(objects.ok_or("one of its statements is none")?.into_iter().filter_map(control).collect())
}

fn control(statement: &Map<String, Value>) -> Option<RegionControl> {
    if statement.get("Effect").and_then(Value::as_str) != Some("Deny") {
        return None;
    }
    let conditions = conditions(statement.get("Condition")?)?;
    if !conditions.iter().any(|condition| condition.is_region()) {
        return None;
    }
    let mut control = RegionControl::default();
    conditions.iter().for_each(|condition| control.limit(condition));
    control.act(statement);
    control.on(statement);
    Some(control)
}

/// One line of a condition block.
struct Condition {
    operator: String,
    key: String,
    values: Vec<String>,
}

impl Condition {
    fn is_region(&self) -> bool {
        self.key == REGION_KEY
    }

    /// Whether the operator, `IfExists` or not, is one of `names`.
    fn is(&self, names: &[&str]) -> bool {
        let bare = self.operator.strip_suffix("ifexists").unwrap_or(&self.operator);
        names.contains(&bare)
    }
}

/// Names of operators and keys are compared without regard to case, as IAM does for keys.
fn conditions(block: &Value) -> Option<Vec<Condition>> {
    let lines = block.as_object()?.iter().flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(|(key, values)| Condition {
            operator: operator.to_ascii_lowercase(),
            key: key.to_ascii_lowercase(),
            values: texts(values),
        })
    });
    Some(lines.collect())
}

fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match value {
        Value::Array(list) => list.iter().map(text).collect(),
        one => vec![text(one)],
    }
}

impl RegionControl {
    fn narrow(&mut self, why: impl Into<String>) {
        self.narrow.get_or_insert_with(|| why.into());
    }

    /// All lines of a condition must hold for the statement to deny: each narrows it.
    fn limit(&mut self, condition: &Condition) {
        if condition.is_region() {
            return self.limit_regions(condition);
        }
        let exempts = condition.is(&["arnnotlike", "arnnotequals", "stringnotlike", "stringnotequals"]);
        let by_service = ["aws:principalisawsservice", "aws:viaawsservice"].contains(&condition.key.as_str());
        if condition.key == "aws:principalarn" && exempts {
            self.principals.extend(condition.values.iter().cloned());
        } else if by_service && condition.is(&["bool"]) && condition.values == ["false"] {
            self.principals.push("calls that AWS services make".to_owned());
        } else {
            self.narrow(format!("it applies only under a condition on `{}`", condition.key));
        }
    }

    fn limit_regions(&mut self, condition: &Condition) {
        let exact = condition.is(&["stringnotequals", "stringnotequalsignorecase"]);
        let pattern = condition.is(&["stringnotlike"]);
        if !exact && !pattern {
            return self.narrow(format!("`{}` does not close every other Region", condition.operator));
        }
        if condition.values.is_empty() || (pattern && condition.values.iter().any(|value| value == "*")) {
            return self.narrow("it leaves every Region open, or names none");
        }
        if !self.regions.is_empty() {
            return self.narrow("it names Regions twice");
        }
        self.regions.clone_from(&condition.values);
    }

    /// What it denies: everything, or everything but a list.
    fn act(&mut self, statement: &Map<String, Value>) {
        let everything = |actions: &[String]| actions.iter().any(|action| action == "*" || action == "*:*");
        match (statement.get("Action").map(texts), statement.get("NotAction").map(texts)) {
            (Some(actions), None) if everything(&actions) => {}
            (Some(actions), None) => self.narrow(format!("it denies only {}", few(&actions))),
            (None, Some(except)) if everything(&except) => self.narrow("it denies nothing"),
            (None, Some(except)) => self.except = except,
            (Some(_), Some(_)) | (None, None) => self.narrow("what it denies is unclear"),
        }
    }

    fn on(&mut self, statement: &Map<String, Value>) {
        let resources = statement.get("Resource").map(texts).unwrap_or_default();
        if !resources.iter().any(|resource| resource == "*") {
            self.narrow("it does not concern every resource");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn controls(statement: &str) -> Vec<String> {
        let document = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
        region_controls(&document).unwrap().iter().map(ToString::to_string).collect()
    }

    fn one(rest: &str) -> String {
        let found = controls(&format!(r#"{{"Effect":"Deny","Resource":"*",{rest}}}"#));
        assert_eq!(found.len(), 1, "{found:?}");
        found.concat()
    }

    const ONLY: &str = r#""Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1","eu-west-1"]}}"#;

    #[test]
    fn denying_everything_elsewhere_binds_and_says_what_it_leaves_open() {
        assert_eq!(one(&format!(r#""Action":"*",{ONLY}"#)), "only eu-central-1, eu-west-1");
        assert_eq!(
            one(&format!(r#""NotAction":["iam:*","support:*"],{ONLY}"#)),
            "only eu-central-1, eu-west-1; anywhere: iam:*, support:*"
        );
        let like = r#""Action":["*"],"Condition":{"stringNotLikeIfExists":{"AWS:REQUESTEDREGION":"eu-*"}}"#;
        assert_eq!(one(like), "only eu-*");
    }

    #[test]
    fn principals_that_are_left_out_are_named() {
        let condition = r#""Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"},
            "ArnNotLike":{"aws:PrincipalARN":["arn:aws:iam::*:role/AWSControlTowerExecution"]},
            "BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}"#;
        assert_eq!(
            one(&format!(r#""Action":"*",{condition}"#)),
            "only eu-west-1; does not bind arn:aws:iam::*:role/AWSControlTowerExecution, calls that AWS services make"
        );
    }

    #[test]
    fn what_denies_less_than_everything_does_not_count() {
        let cases = [
            (format!(r#""Action":["bedrock:*","lex:*"],{ONLY}"#), "it denies only bedrock:*, lex:*"),
            (format!(r#""NotAction":"*",{ONLY}"#), "it denies nothing"),
            (ONLY.to_owned(), "what it denies is unclear"),
            (
                r#""Action":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}"#.to_owned(),
                "`stringequals` does not close every other Region",
            ),
            (
                r#""Action":"*","Condition":{"ForAnyValue:StringNotEquals":{"aws:RequestedRegion":"a"}}"#.to_owned(),
                "`foranyvalue:stringnotequals` does not close every other Region",
            ),
            (
                r#""Action":"*","Condition":{"StringNotLike":{"aws:RequestedRegion":["eu-*","*"]}}"#.to_owned(),
                "it leaves every Region open, or names none",
            ),
            (
                r#""Action":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"a","aws:SourceVpc":"b"}}"#
                    .to_owned(),
                "it applies only under a condition on `aws:sourcevpc`",
            ),
        ];
        for (rest, why) in cases {
            assert_eq!(one(&rest), format!("does not count, {why}"), "{rest}");
        }
        let some = format!(r#"[{{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::a",{ONLY}}}]"#);
        assert_eq!(controls(&some), ["does not count, it does not concern every resource"]);
    }

    #[test]
    fn statements_that_do_not_deny_by_region_are_none() {
        let allow = format!(r#"{{"Effect":"Allow","Action":"*","Resource":"*",{ONLY}}}"#);
        let plain = r#"{"Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"*"}"#;
        let other =
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#;
        assert_eq!(controls(&format!("[{allow},{plain},{other}]")), [""; 0]);
    }

    #[test]
    fn documents_of_any_shape_end_in_an_answer() {
        for document in ["", "null", "[]", "{}", r#"{"Statement":1}"#, r#"{"Statement":[1]}"#, &"[".repeat(100_000)] {
            assert!(region_controls(document).is_err(), "{document:.20}");
        }
        let odd = r#"[{"Effect":"Deny","Condition":[]},{"Effect":1},{"Effect":"Deny","Condition":{"x":1}}]"#;
        assert_eq!(controls(odd), [""; 0]);
    }
}
