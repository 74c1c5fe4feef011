//! An HTTP client that trusts more certificates than the system does: `AWS_CA_BUNDLE`, which the SDK does not read.

use std::path::{Path, PathBuf};

use aws_sdk_organizations::config::SharedHttpClient;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::SessionError;

/// A client that trusts the system's certificates and those of the PEM file `path`, and honours proxy variables.
///
/// # Errors
/// Where the file cannot be read or holds no usable certificate.
pub(super) fn client(path: &Path) -> Result<SharedHttpClient, SessionError> {
    let unusable = |detail: String| SessionError::CaBundle { path: path.to_owned(), detail };
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    check(&pem).map_err(unusable)?;
    let store = TrustStore::default().with_pem_certificate(pem);
    let context = TlsContext::builder().with_trust_store(store).build();
    let context = context.map_err(|error| unusable(error.to_string()))?;
    Ok(Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.set_proxy_config(Some(ProxyConfig::from_env()));
        connector.tls_context(context.clone()).build()
    }))
}

/// The file that is named by the user, else by `AWS_CA_BUNDLE`, else by the profile.
pub(super) fn bundle(given: Option<&Path>, of_profile: Option<&str>) -> Option<PathBuf> {
    let from_environment = || super::profile::set_variable("AWS_CA_BUNDLE").map(PathBuf::from);
    given.map(Path::to_owned).or_else(from_environment).or_else(|| of_profile.map(PathBuf::from))
}

/// The client would panic on a broken certificate at its first connection: found here instead.
fn check(pem: &[u8]) -> Result<(), String> {
    let mut store = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| format!("not PEM: {error:?}"))?;
        store.add(certificate).map_err(|error| error.to_string())?;
    }
    if store.is_empty() { Err("it holds no certificate".to_owned()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn texts_without_a_usable_certificate_are_refused() {
        assert_eq!(check(b""), Err("it holds no certificate".to_owned()));
        let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(check(broken).is_err());
        assert!(check(b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n").is_err());
    }
}
