//! One HTTP PUT to a pre-signed URL: how a custom resource answers CloudFormation.
//!
//! The URL is a secret: who has it can answer in our place. It is never displayed, and nothing that a connection says of
//! it is repeated.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html>,
//! read 2026-11-24: a PUT with an empty `content-type` and a `content-length`.

use std::fmt;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use tokio::time::Instant;

/// How long one try may take.
const ATTEMPT: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// A pre-signed URL.
#[derive(Clone, PartialEq, Eq)]
pub struct PresignedUrl(String);

impl fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresignedUrl(..)")
    }
}

/// A text that is no URL to send an answer to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pre-signed URL is none: it must begin with https://")]
pub struct InvalidUrl;

/// An answer that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer could not be delivered after {tries} tries: {why}")]
pub struct Undelivered {
    /// How often it was tried.
    pub tries: usize,
    /// What the last try came to, without the URL.
    pub why: String,
}

impl PresignedUrl {
    /// Takes `text` for one. What is not encrypted is only sent to this machine.
    ///
    /// # Errors
    /// Where it is no URL, or one to send in the clear.
    pub fn new(text: &str) -> Result<Self, InvalidUrl> {
        let loopback = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
        let is_safe = text.starts_with("https://") || loopback.iter().any(|prefix| text.starts_with(prefix));
        let is_url = is_safe && request(&Self(text.to_owned()), &[]).is_some();
        is_url.then(|| Self(text.to_owned())).ok_or(InvalidUrl)
    }

    /// Sends `body`, again and again until it was taken, will never be, or `within` is over.
    ///
    /// # Errors
    /// Where it did not arrive.
    pub async fn put(&self, body: &[u8], within: Duration) -> Result<(), Undelivered> {
        let connector = connector();
        let end = Instant::now() + within;
        let (mut pause, mut tries) = (FIRST_PAUSE, 0);
        loop {
            tries += 1;
            let wait = ATTEMPT.min(end.saturating_duration_since(Instant::now()));
            let sent = tokio::time::timeout(wait, once(&connector, self, body)).await;
            let (why, again) = match sent.unwrap_or_else(|_| Err(("no answer in time".to_owned(), true))) {
                Ok(()) => return Ok(()),
                Err(failed) => failed,
            };
            if !again || Instant::now() + pause >= end {
                return Err(Undelivered { tries, why });
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

/// One try: what it came to where it failed, and whether another one may help.
async fn once(connector: &Connector, url: &PresignedUrl, body: &[u8]) -> Result<(), (String, bool)> {
    let request = request(url, body).ok_or_else(|| ("the URL is none".to_owned(), false))?;
    let answer = connector.call(request).await.map_err(|error| (of_connection(&error).to_owned(), true))?;
    match answer.status().as_u16() {
        200..300 => Ok(()),
        status => Err((format!("HTTP status {status}"), status >= 500 || status == 429 || status == 408)),
    }
}

/// What the error says may hold the URL: only its kind is repeated.
fn of_connection(error: &ConnectorError) -> &'static str {
    match (error.is_timeout(), error.is_io()) {
        (true, _) => "no connection in time",
        (false, true) => "the connection failed",
        (false, false) => "the request could not be sent",
    }
}

fn request(url: &PresignedUrl, body: &[u8]) -> Option<HttpRequest> {
    let mut request = HttpRequest::new(SdkBody::from(body.to_vec()));
    request.set_uri(url.0.as_str()).ok()?;
    request.set_method("PUT").ok()?;
    request.headers_mut().insert("content-type", "");
    Some(request)
}

fn connector() -> Connector {
    let mut builder = Connector::builder();
    builder.set_proxy_config(Some(ProxyConfig::from_env()));
    builder.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_that_are_encrypted_or_stay_here_are_taken() {
        for good in ["https://example.s3.amazonaws.com/a?X-Amz-Signature=b", "http://127.0.0.1:1/x", "http://[::1]:1/"]
        {
            assert!(PresignedUrl::new(good).is_ok(), "{good}");
        }
        for bad in ["", "http://example.com/", "http://127.0.0.1.example.com/", "ftp://x", "https://", "https://a b/"] {
            assert_eq!(PresignedUrl::new(bad), Err(InvalidUrl), "{bad}");
        }
    }

    #[tokio::test]
    async fn neither_the_url_nor_what_failed_shows_the_secret() {
        let url = PresignedUrl::new("http://127.0.0.1:9/secret?X-Amz-Signature=secret").unwrap();
        let error = url.put(b"{}", Duration::from_millis(300)).await.unwrap_err();
        let shown = format!("{url:?} {error} {error:?}");
        assert!(!shown.contains("secret") && !shown.contains("127.0.0.1"), "{shown}");
        assert!(error.tries >= 1);
    }
}
