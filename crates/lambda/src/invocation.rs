//! What Lambda says of one invocation, as values that handlers take.

use std::time::Duration;

use jiff::Timestamp;
use optout_core::org::{AccountId, Partition};
use tokio::time::Instant;

/// How much time is kept back from the deadline, so that an answer is on its way before Lambda stops the function.
const RESERVE: Duration = Duration::from_secs(3);
/// No date of a deadline is so early: an emulator that gives less means what is left (cargo-lambda 1.9.2 does).
const NO_DATE: u64 = 24 * 60 * 60 * 1_000;

/// One invocation of the function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The id Lambda gave the request.
    pub request_id: String,
    /// Where the function is, where its ARN says it; emulators make ARNs up.
    pub place: Option<Place>,
    /// When Lambda stops the function.
    pub deadline: Instant,
}

/// Where a function is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The partition.
    pub partition: Partition,
    /// The Region.
    pub region: String,
    /// The account.
    pub account: AccountId,
}

impl Invocation {
    /// One that ends at `deadline` (milliseconds since 1970), as seen at `now`.
    ///
    /// Source: `Lambda-Runtime-Deadline-Ms` of <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>, read 2026-11-24 as
    /// public runtimes quote it.
    #[must_use]
    pub fn new(request_id: &str, function_arn: &str, deadline: u64, now: Timestamp) -> Self {
        let now = u64::try_from(now.as_millisecond()).unwrap_or_default();
        let left = Duration::from_millis(if deadline < NO_DATE { deadline } else { deadline.saturating_sub(now) });
        Self { request_id: request_id.to_owned(), place: Place::of_arn(function_arn), deadline: Instant::now() + left }
    }

    /// The time in which work must be done so that an answer can still be sent: some seconds before Lambda stops the
    /// function, or half of what is left where that is less.
    #[must_use]
    pub fn time_to_work(&self) -> Duration {
        let left = self.deadline.saturating_duration_since(Instant::now());
        left.saturating_sub(RESERVE.min(left / 2))
    }
}

impl Place {
    /// The place of a function's ARN: `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME`.
    #[must_use]
    pub fn of_arn(arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let (prefix, partition, service, region) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let account = parts.next()?.parse().ok()?;
        let is_function = prefix == "arn" && service == "lambda" && !region.is_empty();
        is_function.then(|| Self { partition: Partition::of(partition), region: region.to_owned(), account })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_of_a_function_says_where_it_is() {
        let place = Place::of_arn("arn:aws-us-gov:lambda:us-gov-west-1:111111111111:function:optout:live").unwrap();
        let expected = Place {
            partition: Partition::GovCloud,
            region: "us-gov-west-1".into(),
            account: "111111111111".parse().unwrap(),
        };
        assert_eq!(place, expected);
        for other in ["", "function-arn", "arn:aws:lambda:us-east-1:1:function:x", "arn:aws:s3:::bucket"] {
            assert_eq!(Place::of_arn(other), None, "{other}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn time_is_kept_back_for_the_answer() {
        let now = Timestamp::from_millisecond(1_000_000_000).unwrap();
        let work = |left: u64| Invocation::new("r", "", 1_000_000_000 + left, now).time_to_work();
        assert_eq!(work(60_000), Duration::from_secs(57));
        assert_eq!(work(4_000), Duration::from_secs(2));
        let late = Timestamp::from_millisecond(2_000_000_000).unwrap();
        assert_eq!(Invocation::new("r", "", 1_000_000_000, late).time_to_work(), Duration::ZERO);
        assert_eq!(Invocation::new("r", "", 600_000, now).time_to_work(), Duration::from_secs(597));
    }
}
