//! A CloudWatch dashboard: the metrics that the services really publish, the monitor's own, the day of the opt-out.
//!
//! Sources, read 2026-11-24:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html> (widgets, annotations),
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html> (a search names the exact set of
//! dimensions), <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html> (500 widgets; 500 metrics a
//! widget and 2,500 a dashboard).

mod body;
mod monitor;
mod terraform;
#[cfg(test)]
mod tests;
mod widget;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::json::pretty;
use crate::catalogue::Catalogue;
use crate::usage::MetricCatalogue;

/// What stands for the Region in a template, which CloudFormation replaces.
const REGION: &str = "${Region}";

/// What shall be shown.
#[derive(Debug, Clone)]
pub struct Dashboard<'a> {
    /// The names of the services.
    pub catalogue: &'a Catalogue,
    /// Their metrics.
    pub metrics: &'a MetricCatalogue,
    /// The keys of the services; all where `None`.
    pub services: Option<BTreeSet<String>>,
    /// The day of the opt-out, which graphs mark.
    pub opted_out: Option<Date>,
    /// Whether the monitor's own metrics are shown.
    pub monitor: bool,
    /// The version of the program.
    pub tool_version: String,
}

impl Dashboard<'_> {
    /// The body as `PutDashboard` takes it, with the metrics of a Region.
    #[must_use]
    pub fn body(&self, region: &str) -> String {
        pretty(&body::body(self, region))
    }

    /// A CloudFormation template that creates it; the Region whose metrics are shown is a parameter.
    #[must_use]
    pub fn template(&self, name: &str) -> String {
        let body = body::body(self, REGION).to_string();
        let region = json!({ "Fn::If": ["HasRegion", { "Ref": "MetricsRegion" }, { "Ref": "AWS::Region" }] });
        pretty(&json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "Usage of the services that an AI services opt-out policy reaches, and of its monitor.",
            "Metadata": { "Optout": { "MadeBy": "optout generate dashboard", "Version": self.tool_version } },
            "Parameters": {
                "DashboardName": {
                    "Type": "String",
                    "Default": name,
                    "AllowedPattern": "^[A-Za-z0-9_-]{1,255}$",
                    "Description": "The name of the dashboard",
                },
                "MetricsRegion": {
                    "Type": "String",
                    "Default": "",
                    "AllowedPattern": "^$|^[a-z]{2,4}(-[a-z]+)+-[0-9]$",
                    "Description": "The Region whose metrics are shown; empty for the stack's own",
                },
            },
            "Conditions": { "HasRegion": { "Fn::Not": [{ "Fn::Equals": [{ "Ref": "MetricsRegion" }, ""] }] } },
            "Resources": {
                "Dashboard": {
                    "Type": "AWS::CloudWatch::Dashboard",
                    "Properties": {
                        "DashboardName": { "Ref": "DashboardName" },
                        "DashboardBody": { "Fn::Sub": [body, { "Region": region }] },
                    },
                },
            },
            "Outputs": {
                "Name": { "Description": "The name of the dashboard", "Value": { "Ref": "Dashboard" } },
            },
        }))
    }

    /// A Terraform file that creates it; the Region whose metrics are shown is a variable, `region` unless somebody says otherwise.
    #[must_use]
    pub fn terraform(&self, name: &str, region: &str) -> String {
        terraform::configuration(self, name, region)
    }

    /// Whether a service is to be shown.
    fn wants(&self, key: &str) -> bool {
        self.services.as_ref().is_none_or(|services| services.contains(key))
    }

    /// The mark of the opt-out in a graph.
    fn annotations(&self) -> Option<Value> {
        let day = self.opted_out?;
        Some(json!({ "vertical": [{ "label": "opted out", "value": format!("{day}T00:00:00.000Z") }] }))
    }
}
