//! Where a monitor publishes, by its settings.

use std::io::Write;

use optout_aws::publish::{Bucket, Delivery, Destinations, publish};
use optout_aws::session::Session;
use optout_core::publish::Publication;

use crate::monitor::{Publish, Sent};
use crate::settings::Settings;

/// Everything that the settings ask for.
#[derive(Debug)]
pub struct Everywhere<'s> {
    session: &'s Session,
    destinations: Destinations,
}

impl<'s> Everywhere<'s> {
    /// The destinations of `settings`: metrics always, since CloudWatch takes them from the log.
    #[must_use]
    pub fn new(session: &'s Session, settings: &Settings) -> Self {
        let bucket = |name: &String| Bucket {
            name: name.clone(),
            prefix: format!("{}evidence", settings.prefix),
            retention: None,
            kms_key: None,
        };
        let destinations = Destinations {
            security_hub: settings.security_hub,
            event_bus: settings.event_bus.clone(),
            topic: settings.topic_arn.clone(),
            bucket: settings.bucket.as_ref().map(bucket),
            metric_namespace: Some(settings.metric_namespace.clone()),
        };
        Self { session, destinations }
    }
}

impl Publish for Everywhere<'_> {
    async fn send(&self, publication: &Publication) -> Sent {
        let published = Box::pin(publish(self.session, &self.destinations, publication, &to_log)).await;
        let lost = published.deliveries().into_iter().filter_map(|(destination, delivery)| match delivery {
            Delivery::NotAsked | Delivery::Nothing | Delivery::Done { .. } | Delivery::Already => None,
            Delivery::Lost { sent, lost, remedy } => {
                let first = lost.first().map(|lost| lost.message.clone()).unwrap_or_default();
                Some(format!("{destination}: {sent} arrived, {} did not: {first} ({remedy})", lost.len()))
            }
        });
        let lost = lost.collect();
        Sent { standing: published.standing, lost }
    }
}

/// Metrics are lines of the log.
fn to_log(line: &str) -> std::io::Result<()> {
    std::io::stdout().write_all(line.as_bytes())
}
