//! Endpoints and trusted certificates.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::child::Child;
use crate::fake::Fake;

const TLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls");
const NOWHERE: &str = "http://127.0.0.1:1";

fn with_keys() -> Child {
    Child::new().with("AWS_ACCESS_KEY_ID", "ENVKEY").with("AWS_SECRET_ACCESS_KEY", "s")
}

#[tokio::test]
async fn the_endpoint_of_one_service_goes_before_the_general_one() {
    let fake = Fake::start().await;
    let child = with_keys().with("AWS_ENDPOINT_URL", NOWHERE).with("AWS_ENDPOINT_URL_ORGANIZATIONS", &fake.url);
    assert!(child.run().await.get("snapshot").is_some());
    assert_eq!(fake.organizations_key(), "ENVKEY");
}

#[tokio::test]
async fn a_profile_may_name_the_endpoint() {
    let fake = Fake::start().await;
    let child = with_keys().config(&format!("[default]\nendpoint_url = {}\n", fake.url));
    assert!(child.run().await.get("snapshot").is_some());
    let fake = Fake::start().await;
    let services = format!(
        "[default]\nservices = here\n[services here]\norganizations =\n  endpoint_url = {0}\nsts =\n  endpoint_url = {0}\n",
        fake.url
    );
    assert!(with_keys().config(&services).run().await.get("snapshot").is_some());
}

#[tokio::test]
async fn the_endpoint_of_the_options_goes_before_all_others() {
    let fake = Fake::start().await;
    let child = with_keys().with("AWS_ENDPOINT_URL", NOWHERE).with("AWS_ENDPOINT_URL_ORGANIZATIONS", NOWHERE);
    let child = child.with("AWS_ENDPOINT_URL_STS", NOWHERE).option("endpoint_url", &fake.url);
    assert!(child.run().await.get("snapshot").is_some());
    assert_eq!(fake.asked().len(), 2);
}

#[tokio::test]
async fn one_silent_service_does_not_end_the_reading() {
    let fake = Fake::start().await;
    let child = with_keys().with("AWS_ENDPOINT_URL_STS", NOWHERE).with("AWS_ENDPOINT_URL_ORGANIZATIONS", &fake.url);
    let outcome = child.run().await;
    let snapshot = outcome["snapshot"].as_str().unwrap();
    assert!(snapshot.contains(r#""operation": "GetCallerIdentity""#), "{snapshot}");
}

/// A server that ends TLS with a certificate of the tests' own authority and answers that there is no organization.
async fn tls_server() -> u16 {
    let certificates = CertificateDer::pem_file_iter(format!("{TLS}/server.pem")).unwrap();
    let certificates = certificates.collect::<Result<Vec<_>, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(format!("{TLS}/server-key-of-tests.pem")).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(certificates, key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(acceptor.clone(), stream));
        }
    });
    port
}

async fn serve(acceptor: TlsAcceptor, stream: tokio::net::TcpStream) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let mut request = [0; 16_384];
    let _ = stream.read(&mut request).await;
    let body = r#"{"__type":"AWSOrganizationsNotInUseException","Message":"none"}"#;
    let head = format!("HTTP/1.1 400 Bad Request\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[tokio::test]
async fn aws_ca_bundle_is_trusted_and_without_it_the_server_is_not() {
    let endpoint = format!("https://localhost:{}", tls_server().await);
    let bundle = format!("{TLS}/ca.pem");
    let trusting = with_keys().option("endpoint_url", &endpoint).with("AWS_CA_BUNDLE", &bundle).run().await;
    assert!(trusting.get("snapshot").is_some(), "{trusting}");
    let of_profile = with_keys().config(&format!("[default]\nca_bundle = {bundle}\n"));
    let trusting = of_profile.option("endpoint_url", &endpoint).run().await;
    assert!(trusting.get("snapshot").is_some(), "{trusting}");
    let outcome = with_keys().option("endpoint_url", &endpoint).run().await;
    let error = outcome["read"].as_str().unwrap_or_default();
    assert!(error.contains("certificate"), "{outcome}");
}

#[tokio::test]
async fn a_bundle_that_cannot_be_used_is_named() {
    let child = with_keys();
    let path = child.path("empty.pem").display().to_string();
    let missing = with_keys().with("AWS_CA_BUNDLE", "/nowhere/ca.pem").run().await;
    assert!(missing["session"].as_str().unwrap().starts_with("the certificates of `/nowhere/ca.pem` cannot be used"));
    let empty = child.file("empty.pem", "").with("AWS_CA_BUNDLE", &path).run().await;
    assert!(empty["session"].as_str().unwrap().ends_with("it holds no certificate"), "{empty}");
}
