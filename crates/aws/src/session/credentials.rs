//! Where credentials come from: given keys, a named profile, or the SDK's standard chain; then, if asked, a role.

use std::sync::Mutex;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_organizations::config::SharedHttpClient;

use super::profile::{Profiles, SignIn, error_chain, set_variable};
use super::{SessionError, SessionOptions};

/// The name CloudTrail shows for a role session of ours, where the user gives none.
const SESSION_NAME: &str = "optout";

/// The credentials of the options, before any role; `None` for the standard chain.
///
/// A profile that was named goes before keys in the environment, as with the `aws` command line; the SDK's own chain would
/// have it the other way round.
pub(super) fn named_source(
    options: &SessionOptions,
    region: &Region,
    client: Option<&SharedHttpClient>,
) -> Option<SharedCredentialsProvider> {
    if let Some(keys) = &options.keys {
        let keys = Credentials::new(&keys.access_key_id, &keys.secret_access_key, None, None, "given");
        return Some(SharedCredentialsProvider::new(keys));
    }
    let profile = options.profile.as_ref()?;
    let mut config = ProviderConfig::without_region().with_region(Some(region.clone()));
    if let Some(client) = client {
        config = config.with_http_client(client.clone());
    }
    let provider = ProfileFileCredentialsProvider::builder().configure(&config).profile_name(profile);
    Some(SharedCredentialsProvider::new(provider.build()))
}

/// Whether the profile is what the credentials come from, and not keys that were given or are in the environment.
pub(super) fn come_from_profile(options: &SessionOptions) -> bool {
    let in_environment = set_variable("AWS_ACCESS_KEY_ID").is_some() && set_variable("AWS_SECRET_ACCESS_KEY").is_some();
    options.keys.is_none() && (options.profile.is_some() || !in_environment)
}

/// The role of the options, assumed with the credentials of `config`.
pub(super) async fn role(options: &SessionOptions, role_arn: &str, config: &SdkConfig) -> SharedCredentialsProvider {
    let name = options.role_session_name.as_deref().unwrap_or(SESSION_NAME);
    let mut role = AssumeRoleProvider::builder(role_arn).session_name(name).configure(config);
    if let Some(external_id) = &options.external_id {
        role = role.external_id(external_id);
    }
    SharedCredentialsProvider::new(role.build().await)
}

/// Loads credentials now, so that what is wrong with them is said before anything else; they are used for the first call.
///
/// # Errors
/// Where there are none, or their source fails or takes too long.
pub(super) async fn load(
    provider: SharedCredentialsProvider,
    options: &SessionOptions,
    profiles: &Profiles,
) -> Result<SharedCredentialsProvider, SessionError> {
    let wait = options.patience.credentials;
    let loaded = tokio::time::timeout(wait, provider.provide_credentials()).await;
    let loaded = loaded.map_err(|_| SessionError::CredentialsTimeout { seconds: wait.as_secs() })?;
    let first = loaded.map_err(|error| explain(&error, options, profiles))?;
    Ok(SharedCredentialsProvider::new(Loaded { first: Mutex::new(Some(first)), then: provider }))
}

fn explain(error: &CredentialsError, options: &SessionOptions, profiles: &Profiles) -> SessionError {
    let detail = crate::request::without_session_names(&error_chain(error));
    let sign_in = profiles.sign_in().filter(|_| come_from_profile(options));
    match (error, sign_in) {
        (CredentialsError::CredentialsNotLoaded(_), None) => SessionError::NoCredentials { detail },
        (_, Some(sign_in)) if is_signed_out(&detail) => signed_out(&sign_in, detail),
        (_, _) => match &options.role_arn {
            Some(role_arn) if detail.contains("AssumeRole") || detail.contains("AccessDenied") => {
                SessionError::AssumeRole { role_arn: role_arn.clone(), detail }
            }
            Some(_) | None => SessionError::Credentials { detail },
        },
    }
}

/// Whether the SDK's words are about a token that has expired, was refused or is not there, and not about the network.
fn is_signed_out(detail: &str) -> bool {
    ["token", "Token", "Unauthorized", "/login/cache/"].iter().any(|word| detail.contains(word))
}

fn signed_out(sign_in: &SignIn, detail: String) -> SessionError {
    SessionError::SignIn { profile: sign_in.profile().to_owned(), command: sign_in.command(), detail }
}

/// Credentials that were loaded already, then whatever their source says.
#[derive(Debug)]
struct Loaded {
    first: Mutex<Option<Credentials>>,
    then: SharedCredentialsProvider,
}

impl ProvideCredentials for Loaded {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let first = self.first.lock().ok().and_then(|mut first| first.take());
        match first {
            Some(credentials) => future::ProvideCredentials::ready(Ok(credentials)),
            None => self.then.provide_credentials(),
        }
    }
}
