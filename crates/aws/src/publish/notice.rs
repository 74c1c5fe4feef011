//! The message for people to SNS: one a run, none where nothing changed.

use aws_sdk_sns::Client;
use aws_sdk_sns::config::Builder;
use aws_sdk_sns::config::retry::RetryConfig;
use optout_core::evidence::Hash;
use optout_core::publish::{Changes, Publication, notice};

use super::{Delivery, Destination, Lost, remedy};
use crate::pace::Operation;
use crate::request::Requests;

/// Topics that keep an order end so, and want a group and an id: botocore 1.44.5, sns model (`CreateTopic`, `Publish`), read
/// 2026-11-24.
const FIFO: &str = ".fifo";
/// The group of our messages: all in one order.
const GROUP: &str = "optout";

/// Sends the message of a publication.
pub(super) async fn send(
    requests: &Requests<'_>,
    topic: Option<&str>,
    publication: &Publication,
    changes: &Changes,
) -> Delivery {
    let Some(topic) = topic else { return Delivery::NotAsked };
    let Some(notice) = notice(publication, changes) else { return Delivery::Nothing };
    let config = Builder::from(requests.session().config()).retry_config(RetryConfig::disabled()).build();
    let client = Client::from_conf(config);
    let fifo = topic.ends_with(FIFO);
    let send = || {
        let call = client.publish().topic_arn(topic).subject(&notice.subject).message(&notice.message);
        let id = || Hash::of(&notice.message).to_string();
        call.set_message_group_id(fifo.then(|| GROUP.to_owned())).set_message_deduplication_id(fifo.then(id)).send()
    };
    match requests.write(Operation::Publish, send).await {
        Ok(_) => Delivery::Done { sent: 1 },
        Err(failure) => {
            Delivery::lost(0, vec![Lost::of("message", &failure)], remedy::of(Destination::Topic, &failure))
        }
    }
}
