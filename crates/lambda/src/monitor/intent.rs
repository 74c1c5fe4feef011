//! The intent that a monitor judges by: an `optout.toml` in the bucket, read for every invocation.

use optout_aws::state::{Store, StoreError};
use optout_core::catalogue::Catalogue;
use optout_core::check::controls;
use optout_core::intent::{Intent, Known};
use optout_core::source::Source;

/// An intent that was named and cannot be used: nothing is judged without it, since exceptions would be missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntentError {
    /// The bucket did not give it.
    #[error("{0}; {help}", help = .0.help())]
    Store(#[from] StoreError),
    /// There is none.
    #[error("there is no intent at `{0}` in the bucket; put one there, or leave OPTOUT_INTENT_KEY empty")]
    Missing(String),
    /// It is none.
    #[error("the intent at `{key}` cannot be used: {why}")]
    Invalid {
        /// The key.
        key: String,
        /// What is wrong, with lines and columns.
        why: String,
    },
}

/// Reads the intent at `key`.
///
/// # Errors
/// Where there is none, or it cannot be used.
pub async fn intent(store: &Store, key: &str) -> Result<Intent, IntentError> {
    let text = store.text(key).await?.ok_or_else(|| IntentError::Missing(key.to_owned()))?;
    let services = Catalogue::embedded().services().iter().map(|service| service.key.as_str());
    let known = Known::new(services, controls::ALL.iter().map(|control| control.id));
    let invalid = |why: String| IntentError::Invalid { key: key.to_owned(), why };
    Intent::parse(&Source::new(key, text), &known).map_err(|error| invalid(error.to_string()))
}
