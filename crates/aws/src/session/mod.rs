//! A session: credentials, endpoints, the identity behind them, and the pace at which this account may call.
//!
//! Credentials come from the standard chain of the AWS SDK: environment, profiles of every kind, web identity, container
//! and instance metadata. Endpoints of `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_ORGANIZATIONS`, `AWS_ENDPOINT_URL_STS` and of a
//! profile (`endpoint_url`, `services`) are honoured by the SDK; one given in the options goes before them, for every
//! service. `AWS_CA_BUNDLE` and `ca_bundle`, which the SDK does not read, are honoured here; `mfa_serial` is refused with
//! what to do instead.

mod credentials;
mod error;
mod identity;
mod options;
mod profile;
mod recorder;
mod region;
mod trust;

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_organizations::config::timeout::TimeoutConfig;
use aws_sdk_organizations::config::{SharedHttpClient, retry::RetryConfig};

pub use error::SessionError;
pub use identity::Identity;
pub use options::{Keys, Patience, SessionOptions};
pub(crate) use profile::error_chain;
pub use recorder::Recorder;
pub use region::partition_of;

use crate::pace::Pacer;
use crate::progress::{CallCounts, Calls};
use optout_core::org::Partition;
use profile::Profiles;

/// Everything that is needed to call AWS; cheap to clone.
#[derive(Debug, Clone)]
pub struct Session {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    organizations: aws_sdk_organizations::Client,
    cloudtrail: aws_sdk_cloudtrail::Client,
    home: String,
    config: SdkConfig,
    region: String,
    sts: aws_sdk_sts::Client,
    partition: Partition,
    endpoint: Option<String>,
    patience: Patience,
    time_scale: f64,
    pacer: Pacer,
    counts: CallCounts,
}

impl Session {
    /// Finds credentials and loads them.
    ///
    /// # Errors
    /// Where there are none or they cannot be loaded; nothing was asked of Organizations then.
    pub async fn open(options: &SessionOptions) -> Result<Self, SessionError> {
        if options.external_id.is_some() && options.role_arn.is_none() {
            return Err(SessionError::ExternalIdWithoutRole);
        }
        let profiles = Profiles::load(options.profile.as_deref()).await?;
        if credentials::come_from_profile(options) {
            profiles.check_multi_factor()?;
        }
        let region = region::configured(options.region.as_deref(), &profiles);
        let bundle = trust::bundle(options.ca_bundle.as_deref(), profiles.get("ca_bundle"));
        let client = bundle.map(|path| trust::client(&path)).transpose()?;
        let config = configuration(options, &region, client).await;
        let config = with_credentials(config, options, &profiles).await?;
        Ok(Self::of_config(&config, &region, options))
    }

    fn of_config(config: &SdkConfig, region: &str, options: &SessionOptions) -> Self {
        let home = region::of_organizations(region);
        // The retries are ours (`request`): the SDK's would multiply with them, and spend tokens of the buckets unseen.
        let at_home = Region::new(home.clone());
        let organizations = aws_sdk_organizations::config::Builder::from(config)
            .region(at_home.clone())
            .retry_config(RetryConfig::disabled());
        // The events of Organizations are recorded where its endpoint is.
        let cloudtrail = aws_sdk_cloudtrail::config::Builder::from(config)
            .region(at_home)
            .retry_config(RetryConfig::disabled())
            .build();
        let sts = aws_sdk_sts::config::Builder::from(config).retry_config(RetryConfig::disabled());
        let (organizations, sts) = match &options.recorder {
            Some(recorder) => (organizations.interceptor(recorder.clone()), sts.interceptor(recorder.clone())),
            None => (organizations, sts),
        };
        let inner = Inner {
            organizations: aws_sdk_organizations::Client::from_conf(organizations.build()),
            cloudtrail: aws_sdk_cloudtrail::Client::from_conf(cloudtrail),
            home,
            config: config.clone(),
            region: region.to_owned(),
            sts: aws_sdk_sts::Client::from_conf(sts.build()),
            partition: partition_of(region),
            endpoint: options.endpoint_url.clone().or_else(|| config.endpoint_url().map(str::to_owned)),
            patience: options.patience,
            time_scale: options.time_scale,
            pacer: Pacer::new(options.time_scale),
            counts: CallCounts::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The partition of the configured region; the identity's own one is surer.
    #[must_use]
    pub fn partition(&self) -> &Partition {
        &self.inner.partition
    }

    /// How many calls were sent so far, by operation; those repeated count again.
    #[must_use]
    pub fn calls(&self) -> Calls {
        self.inner.counts.get()
    }

    /// The endpoint that replaces AWS's own, where one does.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.inner.endpoint.as_deref()
    }

    pub(crate) fn organizations(&self) -> &aws_sdk_organizations::Client {
        &self.inner.organizations
    }

    pub(crate) fn cloudtrail(&self) -> &aws_sdk_cloudtrail::Client {
        &self.inner.cloudtrail
    }

    /// What clients of the configured Region are made of.
    pub(crate) fn config(&self) -> &SdkConfig {
        &self.inner.config
    }

    /// The configured Region: where findings, events, notices and evidence are published.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.inner.region
    }

    /// The Region in which Organizations, and with it CloudTrail's record of it, lives.
    pub(crate) fn home(&self) -> &str {
        &self.inner.home
    }

    pub(crate) fn sts(&self) -> &aws_sdk_sts::Client {
        &self.inner.sts
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.inner.patience
    }

    pub(crate) fn time_scale(&self) -> f64 {
        self.inner.time_scale
    }

    pub(crate) fn pacer(&self) -> &Pacer {
        &self.inner.pacer
    }

    pub(crate) fn counts(&self) -> &CallCounts {
        &self.inner.counts
    }
}

async fn configuration(options: &SessionOptions, region: &str, client: Option<SharedHttpClient>) -> SdkConfig {
    let region = Region::new(region.to_owned());
    let timeouts = TimeoutConfig::builder().connect_timeout(options.patience.connect).build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).region(region.clone()).timeout_config(timeouts);
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(provider) = credentials::named_source(options, &region, client.as_ref()) {
        loader = loader.credentials_provider(provider);
    }
    if let Some(client) = client {
        loader = loader.http_client(client);
    }
    if let Some(endpoint) = &options.endpoint_url {
        loader = loader.endpoint_url(endpoint);
    }
    loader.load().await
}

async fn with_credentials(
    config: SdkConfig,
    options: &SessionOptions,
    profiles: &Profiles,
) -> Result<SdkConfig, SessionError> {
    let provider = match &options.role_arn {
        Some(role_arn) => Some(credentials::role(options, role_arn, &config).await),
        None => config.credentials_provider(),
    };
    let provider =
        provider.ok_or_else(|| SessionError::NoCredentials { detail: "no source is configured".to_owned() })?;
    let provider = credentials::load(provider, options, profiles).await?;
    Ok(config.into_builder().credentials_provider(provider).build())
}
