//! What goes to CloudWatch Logs: our own lines and warnings of others. The libraries below log whole requests at their
//! finest levels, and a request may hold a secret (the pre-signed URL of a custom resource): those levels cannot be turned on.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Our own crates, which log no secret at any level.
const OURS: [&str; 3] = ["optout_lambda", "optout_aws", "optout_core"];

/// Begins logging to standard error; `level` is the value of `AWS_LAMBDA_LOG_LEVEL`, where Lambda sets one.
///
/// That Lambda sets it, where the log format is JSON, public programs agree on; the page was not read:
/// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>.
pub fn begin(level: Option<&str>) {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).without_time();
    // Another subscriber can only be there in tests.
    let _ = tracing_subscriber::registry().with(lines).with(targets(level)).try_init();
}

fn targets(level: Option<&str>) -> Targets {
    let own = match level.unwrap_or_default() {
        "TRACE" => LevelFilter::TRACE,
        "DEBUG" => LevelFilter::DEBUG,
        "WARN" => LevelFilter::WARN,
        "ERROR" | "FATAL" => LevelFilter::ERROR,
        _ => LevelFilter::INFO,
    };
    Targets::new().with_default(LevelFilter::WARN).with_targets(OURS.map(|name| (name, own)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn the_finest_levels_are_only_for_our_own_lines() {
        let targets = targets(Some("TRACE"));
        assert!(targets.would_enable("optout_aws::request", &Level::TRACE));
        for other in ["lambda_runtime", "aws_smithy_runtime", "hyper_util::client", "h2"] {
            assert!(!targets.would_enable(other, &Level::INFO), "{other}");
            assert!(targets.would_enable(other, &Level::WARN), "{other}");
        }
    }
}
