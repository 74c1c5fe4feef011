//! One GET, bounded, to addresses that were looked at first.

use std::fmt;
use std::io::Read;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use optout_core::source::shown;
use rustls::crypto::aws_lc_rs;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};
use url::Url;

use super::address::is_private;

/// Four times what a crawler must read of a robots.txt; what is longer is cut off.
const MOST_BYTES: u64 = 2 * 1024 * 1024;

/// Sends requests.
pub(super) struct Client {
    agent: Agent,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client(..)")
    }
}

/// An answer of whatever status.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) x_robots_tag: Vec<String>,
    pub(super) body: Vec<u8>,
}

/// Why there is no answer.
pub(super) enum Refusal {
    /// None came, in words.
    NoAnswer(String),
    /// The request was not sent, in words.
    NotAsked(String),
    /// The answer could not be unpacked, in words.
    Packed(String),
}

impl Client {
    pub(super) fn new(private: bool) -> Self {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .max_response_header_size(64 * 1024)
            .user_agent(concat!("optout/", env!("CARGO_PKG_VERSION"), " (looks at robots.txt)"))
            .tls_config(tls())
            .build();
        Self {
            agent: Agent::with_parts(
                config,
                DefaultConnector::default(),
                Guard { private, inner: DefaultResolver::default() },
            ),
        }
    }

    /// The answer to a GET, however it redirects.
    pub(super) fn get(&self, url: &Url, patience: Duration) -> Result<Answer, Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::NotAsked(format!("`{}` is neither http nor https", url.scheme())));
        }
        if patience.is_zero() {
            return Err(Refusal::NoAnswer("it took too long".to_owned()));
        }
        let request = self.agent.get(url.as_str()).config().timeout_global(Some(patience)).build();
        let answer = request.call().map_err(refusal)?;
        let text = |name| answer.headers().get_all(name).iter();
        let word = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Ok(Answer {
            status: answer.status().as_u16(),
            location: text("location").next().map(word),
            x_robots_tag: text("x-robots-tag").map(word).collect(),
            body: {
                let codings = text("content-encoding").map(word).collect::<Vec<_>>().join(", ");
                body(answer.into_body(), &codings)?
            },
        })
    }
}

/// As much of the body as counts, unpacked: some servers compress though nobody asked them to, and the packed bytes say nothing.
fn body(mut body: Body, codings: &str) -> Result<Vec<u8>, Refusal> {
    let packed = body.as_reader();
    let mut bytes = Vec::new();
    let unpacked = match codings.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => {
            let read = packed.take(MOST_BYTES).read_to_end(&mut bytes);
            return read.map(|_| bytes).map_err(|error| Refusal::NoAnswer(error.to_string()));
        }
        "gzip" | "x-gzip" => MultiGzDecoder::new(packed).take(MOST_BYTES).read_to_end(&mut bytes),
        other => return Err(Refusal::Packed(format!("the server packed it by `{}`, unasked", shown(other)))),
    };
    unpacked.map(|_| bytes).map_err(|error| Refusal::Packed(format!("what the server packed is damaged: {error}")))
}

fn refusal(error: ureq::Error) -> Refusal {
    match error {
        ureq::Error::Other(cause) if cause.is::<PrivateAddressError>() => Refusal::NotAsked(cause.to_string()),
        ureq::Error::Timeout(_) => Refusal::NoAnswer("it took too long".to_owned()),
        ureq::Error::HostNotFound => Refusal::NoAnswer("there is no such host".to_owned()),
        other => Refusal::NoAnswer(other.to_string()),
    }
}

/// The provider and the roots that the AWS SDK uses as well.
fn tls() -> TlsConfig {
    let roots = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
        .root_certs(RootCerts::new_with_certs(&roots))
        .build()
}

/// A host that is on this machine or its network.
#[derive(Debug, thiserror::Error)]
#[error("`{host}` is at the private address {address}; --allow-private asks it all the same")]
struct PrivateAddressError {
    host: String,
    address: IpAddr,
}

/// Looks addresses up and refuses private ones. What it returns is what is connected to, so nothing can change between.
#[derive(Debug)]
struct Guard {
    private: bool,
    inner: DefaultResolver,
}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let addresses = self.inner.resolve(uri, config, timeout)?;
        let private = addresses.iter().map(|address| address.ip()).find(|address| is_private(*address));
        match private.filter(|_| !self.private) {
            None => Ok(addresses),
            Some(address) => {
                let host = uri.host().unwrap_or_default().to_owned();
                Err(ureq::Error::Other(Box::new(PrivateAddressError { host, address })))
            }
        }
    }
}
