//! What a user may say about how to reach AWS.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::Recorder;

/// How to reach AWS. The default is what the `aws` command line would do.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// A profile of the shared configuration files; it goes before keys in the environment, as with `aws --profile`.
    pub profile: Option<String>,
    /// The region whose partition is meant; Organizations itself is global.
    pub region: Option<String>,
    /// A role to assume with the credentials that were found.
    pub role_arn: Option<String>,
    /// The external id that role asks for.
    pub external_id: Option<String>,
    /// The name of the role session, as CloudTrail shows it; `optout` where not given.
    pub role_session_name: Option<String>,
    /// An endpoint for every service in place of AWS's own.
    pub endpoint_url: Option<String>,
    /// A PEM file of certificates to trust besides the system's own; `AWS_CA_BUNDLE` and `ca_bundle` where not given.
    pub ca_bundle: Option<PathBuf>,
    /// Keys to use in place of any that could be found: for a simulator.
    pub keys: Option<Keys>,
    /// How long to wait for what.
    pub patience: Patience,
    /// How many times faster than AWS the endpoint's clock runs; 1 for AWS, more for a simulator. Every documented rate is
    /// multiplied by it, every pause divided.
    pub time_scale: f64,
    /// Who keeps every call with its answer.
    pub recorder: Option<Recorder>,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            profile: None,
            region: None,
            role_arn: None,
            external_id: None,
            role_session_name: None,
            endpoint_url: None,
            ca_bundle: None,
            keys: None,
            patience: Patience::default(),
            time_scale: 1.0,
            recorder: None,
        }
    }
}

/// An access key. Never printed.
#[derive(Clone)]
pub struct Keys {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// How long to wait for what. No call waits longer, so nothing hangs.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For one answer.
    pub attempt: Duration,
    /// How often one call is repeated after a server error or a broken connection; after no answer in time, once.
    pub retries: u32,
    /// For one call that is throttled again and again.
    pub throttled: Duration,
    /// For one call that writes, whatever may pass goes wrong: throttling, server errors, changes of somebody else.
    pub writing: Duration,
    /// For credentials, a sign-in helper included.
    pub credentials: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            attempt: Duration::from_secs(20),
            retries: 4,
            throttled: Duration::from_mins(3),
            writing: Duration::from_mins(5),
            credentials: Duration::from_mins(2),
        }
    }
}
