//! Where a monitor publishes, by its settings.

use std::io::Write;

use optout_aws::publish::{Bucket, Delivery, Destination, Destinations, publish, send_event};
use optout_aws::session::Session;
use optout_aws::state::Wish;
use optout_core::publish::{Publication, full_read_event};

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
    async fn ask(&self, organization: Option<&str>, wish: &Wish) -> Result<(), String> {
        let Some(bus) = &self.destinations.event_bus else { return Ok(()) };
        let event = full_read_event(organization, &wish.why, &wish.by, wish.begun);
        let delivery = Box::pin(send_event(self.session, bus, event, wish.begun)).await;
        lost(Destination::EventBus, &delivery).map_or(Ok(()), Err)
    }

    async fn send(&self, publication: &Publication) -> Sent {
        let published = Box::pin(publish(self.session, &self.destinations, publication, &to_log)).await;
        let lost = published.deliveries().into_iter().filter_map(|(destination, delivery)| lost(destination, delivery));
        let lost = lost.collect();
        Sent { standing: published.standing, lost }
    }
}

/// What did not arrive, in a sentence.
fn lost(destination: Destination, delivery: &Delivery) -> Option<String> {
    match delivery {
        Delivery::NotAsked | Delivery::Nothing | Delivery::Done { .. } | Delivery::Already => None,
        Delivery::Lost { sent, lost, remedy } => {
            let first = lost.first().map(|lost| lost.message.clone()).unwrap_or_default();
            Some(format!("{destination}: {sent} arrived, {} did not: {first} ({remedy})", lost.len()))
        }
    }
}

/// Metrics are lines of the log.
fn to_log(line: &str) -> std::io::Result<()> {
    std::io::stdout().write_all(line.as_bytes())
}
