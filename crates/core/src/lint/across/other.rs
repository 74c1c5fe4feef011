//! What the guides around opt-out policies also get wrong: metrics, editor settings, robots.txt.

use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::fix::Seed;
use crate::lint::read::value::{Entry, Value};
use crate::source::Span;
use crate::website::crawler::CrawlerCatalogue;

/// Namespaces whose documents name `SuccessfulRequestCount` and no other metric that begins so.
///
/// <https://docs.aws.amazon.com/rekognition/latest/dg/cloudwatch-metricsdim.html>,
/// <https://docs.aws.amazon.com/transcribe/latest/dg/monitoring-cloudwatch.html>,
/// <https://docs.aws.amazon.com/textract/latest/dg/cloudwatch-metricsdim.html>,
/// <https://docs.aws.amazon.com/translate/latest/dg/translate-cloudwatch.html>; read 2026-11-24.
const NAMESPACES: [&str; 4] = ["AWS/Rekognition", "AWS/Transcribe", "AWS/Textract", "AWS/Translate"];

/// Metrics that do not exist, in lists (`["AWS/Rekognition", "…"]`) and maps (`Namespace`, `MetricName`).
pub(in crate::lint) fn metrics(value: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    value.visit(&mut |value| {
        let pair = match value.elements() {
            [namespace, metric, ..] => Some((namespace, metric)),
            _ => {
                let get = |names: [&str; 2]| names.iter().find_map(|name| value.get(name));
                get(["Namespace", "namespace"]).zip(get(["MetricName", "metric_name"]))
            }
        };
        let Some((Some(namespace), Some(metric), span)) = pair.map(|(one, two)| (one.text(), two.text(), two.span))
        else {
            return;
        };
        let invented = metric.starts_with("Successful") && metric != "SuccessfulRequestCount";
        if NAMESPACES.contains(&namespace) && invented {
            let message = format!(
                "`{namespace}` has no metric `{metric}`: the graph stays empty, and says nothing about opting out"
            );
            let help = "its documented metric is `SuccessfulRequestCount`, with the dimension `Operation`";
            found.push(Finding::new("unknown-metric", Severity::Low, span, message, help));
        }
    });
    found
}

/// Settings of Amazon Q in VS Code that no version has read, with what is read.
const SETTINGS: [(&str, &str); 3] = [
    ("aws.q.shareContentWithAWS", "amazonQ.shareContentWithAWS"),
    ("aws.q.telemetry", "amazonQ.telemetry"),
    ("amazonq.shareContentWithAWS", "amazonQ.shareContentWithAWS"),
];

/// Keys of editor settings that no tool reads.
pub(in crate::lint) fn settings(value: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    value.visit(&mut |value| found.extend(value.entries().iter().filter_map(setting)));
    found
}

fn setting(entry: &Entry) -> Option<Finding> {
    let known = SETTINGS.iter().find(|(wrong, _)| *wrong == entry.key);
    if known.is_none() && !entry.key.starts_with("aws.q.") {
        return None;
    }
    let message = format!("no AWS tool reads the setting `{}`: content is shared as before", entry.key);
    let Some((wrong, right)) = known else {
        return Some(Finding::new(
            "unknown-ide-setting",
            Severity::Medium,
            entry.key_span,
            message,
            "the settings are `amazonQ.shareContentWithAWS` and `amazonQ.telemetry`",
        ));
    };
    let finding =
        Finding::new("unknown-ide-setting", Severity::Medium, entry.key_span, message, format!("write `{right}`"));
    Some(finding.fixed_by(Seed::Word { span: entry.key_span, from: (*wrong).to_owned(), to: (*right).to_owned() }))
}

/// User-agent lines of robots.txt with tokens that their operator no longer knows.
pub(in crate::lint) fn crawlers(text: &str) -> Vec<Finding> {
    let catalogue = CrawlerCatalogue::embedded();
    let (mut at, mut found) = (0, Vec::new());
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.split('#').next().unwrap_or_default();
        let Some((field, token)) =
            bare.split_once(':').filter(|(field, _)| field.trim().eq_ignore_ascii_case("user-agent"))
        else {
            continue;
        };
        let crawler = catalogue.crawlers.iter().find(|it| it.token.eq_ignore_ascii_case(token.trim()));
        let Some((crawler, obsolete)) = crawler.and_then(|it| it.obsolete.as_ref().map(|obsolete| (it, obsolete)))
        else {
            continue;
        };
        let begin = start + field.len() + 1 + (token.len() - token.trim_start().len());
        let span = Span::new(begin, begin + token.trim().len());
        let replaced = &obsolete.replaced_by;
        let message =
            format!("{} no longer names the crawler `{}`: blocking it keeps nobody out", crawler.vendor, crawler.token);
        let help = format!(
            "its crawlers are {}; Amazon's are `Amazonbot`, `Amzn-SearchBot` and `Amzn-User`",
            replaced.join(", ")
        );
        found.push(Finding::new("obsolete-crawler", Severity::Low, span, message, help));
    }
    found
}
