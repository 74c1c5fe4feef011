//! The objects in S3, each written only where nobody else wrote since it was read.
//!
//! Source: conditional writes, `If-Match` and `If-None-Match`, with 412 and 409 as the answers to who comes second, and 404
//! where the object is gone: botocore 1.44.5, s3 model, `PutObject`, and
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>, read 2026-11-24 (the 404, and that
//! `s3:GetObject` is needed too, as public notes quote that page). A missing object is answered with 403 to whoever may not
//! list the bucket: botocore 1.44.5, s3 model, `GetObject`, read 2026-11-24.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;
use aws_sdk_s3::primitives::ByteStream;

use super::{Checkpoint, FormError, State};
use crate::session::{Session, error_chain};

/// The largest object that is loaded; packed, an organization of 50,000 accounts is a few MiB.
const LARGEST: i64 = 256 * 1024 * 1024;

/// Where a monitor keeps what it knows.
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    bucket: String,
    prefix: String,
}

/// Which object was read: it is replaced only where it is still that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// There was none.
    Absent,
    /// The one with this ETag.
    Tag(String),
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded<T> {
    /// The value; the default where there is no object.
    pub value: T,
    /// Which object it was.
    pub version: Version,
}

/// What came of writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It was written, and is this version now.
    Written(Version),
    /// Somebody else wrote in between: nothing was written.
    Overtaken,
}

/// An object that could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The object is damaged, or none of ours.
    #[error("`{key}` cannot be used: {why}")]
    Foreign {
        /// Bucket and key.
        key: String,
        /// What is wrong.
        why: FormError,
        /// Which object it is, so that it can be replaced.
        version: Version,
    },
    /// It may not be read or written.
    #[error("`{key}`: no permission ({permission} is needed): {detail}")]
    Denied {
        /// Bucket and key.
        key: String,
        /// The IAM actions.
        permission: &'static str,
        /// AWS's words.
        detail: String,
    },
    /// S3 failed.
    #[error("`{key}`: {detail}")]
    Failed {
        /// Bucket and key.
        key: String,
        /// AWS's words, or those of the SDK.
        detail: String,
    },
    /// Others wrote again and again.
    #[error("`{key}` was changed by others each of {tries} times it was to be written")]
    Overtaken {
        /// Bucket and key.
        key: String,
        /// How often it was tried.
        tries: u32,
    },
}

impl StoreError {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Foreign { .. } => "a scheduled run replaces it by a full read",
            Self::Denied { .. } => {
                "allow s3:GetObject and s3:PutObject on the prefix, s3:ListBucket on the bucket, and its KMS key"
            }
            Self::Failed { .. } => "check that the bucket exists in this Region; Lambda tries the event again",
            Self::Overtaken { .. } => "Lambda tries the event again",
        }
    }
}

const READ: &str = "s3:GetObject, and s3:ListBucket to tell what is missing from what is forbidden";
const WRITE: &str = "s3:PutObject, and s3:GetObject for the condition";

impl Store {
    /// The store under `prefix` (empty, or ending with `/`) of `bucket`.
    #[must_use]
    pub fn new(session: &Session, bucket: &str, prefix: &str) -> Self {
        let config = aws_sdk_s3::config::Builder::from(session.config());
        // An endpoint on loopback has no names for buckets.
        let config = config.force_path_style(session.endpoint().is_some()).build();
        Self { client: Client::from_conf(config), bucket: bucket.to_owned(), prefix: prefix.to_owned() }
    }

    /// The state; an empty one where there is none.
    ///
    /// # Errors
    /// Where it cannot be read, or is none.
    pub async fn state(&self) -> Result<Loaded<State>, StoreError> {
        self.load("state.gz", State::unpack).await
    }

    /// Writes the state, where `version` is still the last one.
    ///
    /// # Errors
    /// Where S3 does not take it.
    pub async fn save_state(&self, state: &State, version: &Version) -> Result<Saved, StoreError> {
        self.save("state.gz", state.pack(), version).await
    }

    /// The reading under way; an empty one where there is none.
    ///
    /// # Errors
    /// Where it cannot be read, or is none.
    pub async fn checkpoint(&self) -> Result<Loaded<Checkpoint>, StoreError> {
        self.load("checkpoint.gz", Checkpoint::unpack).await
    }

    /// Writes the reading under way, where `version` is still the last one.
    ///
    /// # Errors
    /// Where S3 does not take it.
    pub async fn save_checkpoint(&self, checkpoint: &Checkpoint, version: &Version) -> Result<Saved, StoreError> {
        self.save("checkpoint.gz", checkpoint.pack(), version).await
    }

    /// A text that somebody put into the bucket, by its whole key; `None` where there is none.
    ///
    /// # Errors
    /// Where it cannot be read, or is no text.
    pub async fn text(&self, key: &str) -> Result<Option<String>, StoreError> {
        let whole = Self { prefix: String::new(), ..self.clone() };
        let unpack = |_: &str, bytes: &[u8]| {
            std::str::from_utf8(bytes).map(|text| Some(text.to_owned())).map_err(|_| FormError::Encoding)
        };
        whole.load(key, unpack).await.map(|loaded| loaded.value)
    }

    /// Bucket and key of the state, for messages.
    #[must_use]
    pub fn state_key(&self) -> String {
        self.named("state.gz")
    }

    fn named(&self, name: &str) -> String {
        format!("{}/{}{name}", self.bucket, self.prefix)
    }

    async fn load<T: Default>(
        &self,
        name: &str,
        unpack: fn(&str, &[u8]) -> Result<T, FormError>,
    ) -> Result<Loaded<T>, StoreError> {
        let key = format!("{}{name}", self.prefix);
        let output = match Box::pin(self.client.get_object().bucket(&self.bucket).key(&key).send()).await {
            Ok(output) => output,
            Err(error) if error.code() == Some("NoSuchKey") => {
                return Ok(Loaded { value: T::default(), version: Version::Absent });
            }
            Err(error) => return Err(self.failure(name, READ, &error)),
        };
        let version = Version::Tag(output.e_tag.clone().unwrap_or_default());
        let foreign = |why, version| StoreError::Foreign { key: self.named(name), why, version };
        if output.content_length.is_some_and(|length| length > LARGEST) {
            return Err(foreign(FormError::TooLarge, version));
        }
        let failed = |detail: String| StoreError::Failed { key: self.named(name), detail };
        let bytes = output.body.collect().await.map_err(|error| failed(error_chain(&error)))?.into_bytes();
        match unpack(&self.named(name), &bytes) {
            Ok(value) => Ok(Loaded { value, version }),
            Err(why) => Err(foreign(why, version)),
        }
    }

    async fn save(&self, name: &str, bytes: Vec<u8>, version: &Version) -> Result<Saved, StoreError> {
        let call = self.client.put_object().bucket(&self.bucket).key(format!("{}{name}", self.prefix));
        let call = match version {
            Version::Absent => call.if_none_match("*"),
            Version::Tag(tag) => call.if_match(tag),
        };
        match Box::pin(call.content_type("application/gzip").body(ByteStream::from(bytes)).send()).await {
            Ok(output) => Ok(Saved::Written(Version::Tag(output.e_tag.unwrap_or_default()))),
            // 404: what was to be replaced is not there any more.
            Err(error) if matches!(status(&error), Some(412 | 409 | 404)) && error.code() != Some("NoSuchBucket") => {
                Ok(Saved::Overtaken)
            }
            Err(error) => Err(self.failure(name, WRITE, &error)),
        }
    }

    fn failure<E>(&self, name: &str, permission: &'static str, error: &SdkError<E>) -> StoreError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let key = self.named(name);
        let id = error.request_id().map(|id| format!(" (request id {id})")).unwrap_or_default();
        let detail = match (error.code(), error.message()) {
            (Some(code), message) => format!("{code}: {}{id}", message.unwrap_or_default()),
            (None, _) => crate::request::without_session_names(&error_chain(error)),
        };
        let denied = status(error) == Some(403);
        if denied { StoreError::Denied { key, permission, detail } } else { StoreError::Failed { key, detail } }
    }
}

fn status<E>(error: &SdkError<E>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}
