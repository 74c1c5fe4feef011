//! The dashboard as a Terraform file: the body as a value that `jsonencode` writes, so that a review shows what changes.
//!
//! Source: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_dashboard>, read 2026-11-24 in the
//! provider's repository: `dashboard_name` and `dashboard_body` are all that it requires.

use serde_json::Value;

use super::super::hcl::{Expression, Item, file};
use super::super::terraform::versions;
use super::{Dashboard, REGION, body};

/// The file; `region` is what the variable for the metrics' Region is where nobody says otherwise.
pub(super) fn configuration(dashboard: &Dashboard<'_>, name: &str, region: &str) -> String {
    let made_by = format!("Made by optout {}: optout generate dashboard --with terraform", dashboard.tool_version);
    let locals = vec![Item::Attribute("dashboard", expression(&body::body(dashboard, REGION)))];
    let resource = vec![
        Item::code("dashboard_name", "var.dashboard_name"),
        Item::code("dashboard_body", "jsonencode(local.dashboard)"),
    ];
    let items = [
        Item::Comment(made_by),
        Item::Empty,
        versions(),
        Item::Empty,
        variable("dashboard_name", "The name of the dashboard", name),
        Item::Empty,
        variable("metrics_region", "The Region whose metrics are shown", region),
        Item::Empty,
        Item::block("locals", &[], locals),
        Item::Empty,
        Item::block("resource", &["aws_cloudwatch_dashboard", "optout"], resource),
    ];
    file(&items)
}

fn variable(name: &'static str, description: &str, default: &str) -> Item {
    let body =
        vec![Item::text("description", description), Item::code("type", "string"), Item::text("default", default)];
    Item::block("variable", &[name], body)
}

/// A value of the body; the Region is the variable's.
fn expression(value: &Value) -> Expression {
    match value {
        Value::String(text) if text == REGION => Expression::code("var.metrics_region"),
        Value::Array(values) => Expression::List(values.iter().map(expression).collect()),
        Value::Object(entries) => {
            Expression::Object(entries.iter().map(|(key, it)| (key.clone(), expression(it))).collect())
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => Expression::of(value),
    }
}
