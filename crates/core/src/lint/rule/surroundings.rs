//! Rules about what else guides recommend around opt-out policies.

use super::Rule;
use crate::check::Severity;

/// In the order of the page.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "unknown-metric",
        title: "The metric does not exist",
        severity: Severity::Low,
        why: "The graph stays empty. It cannot say that a service still works, nor that opting out broke it.",
        remedy: "Use the service's documented metrics: `SuccessfulRequestCount`.",
        sources: &[
            "https://docs.aws.amazon.com/rekognition/latest/dg/cloudwatch-metricsdim.html (read 2026-11-24)",
            "https://docs.aws.amazon.com/transcribe/latest/dg/monitoring-cloudwatch.html (read 2026-11-24)",
        ],
        fix: None,
        wrong: r#"["AWS/Rekognition", "SuccessfulImageCount"]"#,
        right: r#"["AWS/Rekognition", "SuccessfulRequestCount", "Operation", "DetectLabels"]"#,
    },
    Rule {
        id: "unknown-ide-setting",
        title: "No tool reads this setting",
        severity: Severity::Medium,
        why: "The setting looks right and does nothing: the extension shares content as before.",
        remedy: "Write `amazonQ.shareContentWithAWS`.",
        sources: &[
            "https://github.com/aws/aws-toolkit-vscode, packages/amazonq/package.json, v1.108.0 (read 2026-11-23)",
        ],
        fix: Some("writes the key"),
        wrong: r#""aws.q.shareContentWithAWS": false"#,
        right: r#""amazonQ.shareContentWithAWS": false"#,
    },
    Rule {
        id: "obsolete-crawler",
        title: "A crawler is blocked that does not exist any more",
        severity: Severity::Low,
        why: "`anthropic-ai` and `Claude-Web` are no crawlers of Amazon Bedrock, and their vendor does not name them any more.",
        remedy: "Name the crawlers that there are: `optout website check`.",
        sources: &[
            "https://support.claude.com/en/articles/8896518 (read 2026-11-24)",
            "https://developer.amazon.com/amazonbot (read 2026-11-23)",
        ],
        fix: None,
        wrong: "User-agent: anthropic-ai\nDisallow: /",
        right: "User-agent: Amazonbot\nDisallow: /",
    },
];
