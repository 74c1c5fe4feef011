//! Alarms on the monitor itself: one that stopped is a finding.
//!
//! Only the age of the last full read has data that must be there: for it missing data is as bad as bad data. A count of errors
//! has no data where nothing ran, and then the age says so.
//!
//! Source: botocore 1.44.5, cloudwatch model, `PutMetricAlarm`, read 2026-11-24 (periods of an hour may be looked at for seven
//! days, shorter ones for one day); <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html>, its beginning read
//! 2026-11-24 in a stored copy (`Errors` and its statistic `Sum`). Believed and not read: the other names of metrics, and dimensions,
//! as the CDK's own lists have them (aws-cdk-lib 2.211.0, `StatesMetrics`, `SQSMetrics`),
//! <https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html>,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>, and
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html>.

use serde_json::{Value, json};

use super::function::NAMESPACE;
use super::machine::WHOLE;
use super::template::{Template, attribute, reference};

/// The metric with the age of the last full read, in seconds.
const AGE: &str = "LastFullReadAge";

/// Every alarm.
pub(super) fn add(template: &mut Template) {
    let function = || ("FunctionName", reference("Function"));
    let machine = || ("StateMachineArn", reference("Reading"));
    let counted = [
        ("FunctionErrors", "the function failed", "AWS/Lambda", "Errors", function()),
        ("FunctionThrottles", "the function was not allowed to run", "AWS/Lambda", "Throttles", function()),
        ("ReadingFailed", "the organization could not be read", "AWS/States", "ExecutionsFailed", machine()),
        ("ReadingTimedOut", "reading the organization took too long", "AWS/States", "ExecutionsTimedOut", machine()),
        ("ReadingAborted", "somebody stopped a reading", "AWS/States", "ExecutionsAborted", machine()),
    ];
    for (name, what, namespace, metric, dimension) in counted {
        let alarm = count(what, namespace, metric, &dimension);
        template.resource(&format!("{name}Alarm"), "AWS::CloudWatch::Alarm", alarm);
    }
    template.resource("FailuresAlarm", "AWS::CloudWatch::Alarm", queue_alarm("Failures", &reference("Topic")));
    template.resource("AgeAlarm", "AWS::CloudWatch::Alarm", age());
}

fn description(what: &str) -> String {
    format!("optout: {what}; until that is mended nobody knows whether everybody is opted out")
}

fn count(what: &str, namespace: &str, metric: &str, (dimension, value): &(&str, Value)) -> Value {
    json!({
        "AlarmDescription": description(what),
        "AlarmActions": [reference("Topic")],
        "OKActions": [reference("Topic")],
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{ "Name": dimension, "Value": value }],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    })
}

/// The machine over many organizations came to nothing, or could not read some.
pub(super) fn fleet_alarm(metric: &str) -> Value {
    let mut alarm = count(
        "organizations of the fleet could not be read",
        "AWS/States",
        metric,
        &("StateMachineArn", reference("Fleet")),
    );
    if let Some(alarm) = alarm.as_object_mut() {
        alarm.insert("AlarmActions".to_owned(), json!([reference("TopicArn")]));
        alarm.insert("OKActions".to_owned(), json!([reference("TopicArn")]));
    }
    alarm
}

/// Something waits in a queue of what failed.
pub(super) fn queue_alarm(queue: &str, topic: &Value) -> Value {
    json!({
        "AlarmDescription": description("events could not be handled and wait in the queue"),
        "AlarmActions": [topic],
        "OKActions": [topic],
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateNumberOfMessagesVisible",
        "Dimensions": [{ "Name": "QueueName", "Value": attribute(queue, "QueueName") }],
        "Statistic": "Maximum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    })
}

/// In no hour of the last ones was a full read over: its age, counted from its beginning, is at most what one may take. An hour
/// without data is one without a read.
fn age() -> Value {
    json!({
        "AlarmDescription": description("the organization has not been read as a whole for too long"),
        "AlarmActions": [reference("Topic")],
        "OKActions": [reference("Topic")],
        "Namespace": NAMESPACE,
        "MetricName": AGE,
        "Dimensions": [{ "Name": "OrganizationId", "Value": reference("OrganizationId") }],
        "Statistic": "Minimum",
        "Period": 3600,
        "EvaluationPeriods": reference("OldestReadHours"),
        "DatapointsToAlarm": reference("OldestReadHours"),
        "Threshold": WHOLE,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "breaching",
    })
}
