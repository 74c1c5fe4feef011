//! Why there is no session, in words a person can act on.

use std::path::PathBuf;

/// A session that could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// A shared configuration file that cannot be read.
    #[error("the AWS configuration files cannot be read: {detail}")]
    ProfileFiles {
        /// What is wrong with them.
        detail: String,
    },
    /// A profile that no file defines.
    #[error("there is no AWS profile `{name}`")]
    UnknownProfile {
        /// The name that was given.
        name: String,
        /// The most similar one that exists.
        nearest: Option<String>,
    },
    /// A profile whose role wants a code of a multi-factor device.
    #[error(
        "profile `{profile}` assumes its role with a multi-factor code (`mfa_serial`), which cannot be asked for here"
    )]
    MultiFactor {
        /// The profile with `mfa_serial`.
        profile: String,
        /// The profile that was to be used.
        used: String,
    },
    /// An external id without a role that would want it.
    #[error("an external id was given, but no role to assume with it")]
    ExternalIdWithoutRole,
    /// A file of trusted certificates that cannot be used.
    #[error("the certificates of `{}` cannot be used: {detail}", path.display())]
    CaBundle {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// Nothing that could be a credential.
    #[error("no AWS credentials were found")]
    NoCredentials {
        /// Where was looked, and what came of it.
        detail: String,
    },
    /// A sign-in to IAM Identity Center, or to the console, that has expired or never was.
    #[error("the sign-in of profile `{profile}` has expired or is missing: {detail}")]
    SignIn {
        /// The profile.
        profile: String,
        /// The command that signs in.
        command: String,
        /// What the SDK says.
        detail: String,
    },
    /// A role that could not be assumed.
    #[error("the role `{role_arn}` could not be assumed: {detail}")]
    AssumeRole {
        /// The role.
        role_arn: String,
        /// What AWS says.
        detail: String,
    },
    /// A source of credentials that failed.
    #[error("AWS credentials could not be loaded: {detail}")]
    Credentials {
        /// What the source says.
        detail: String,
    },
    /// A source of credentials that did not answer in time.
    #[error("AWS credentials did not come within {seconds} seconds")]
    CredentialsTimeout {
        /// How long was waited.
        seconds: u64,
    },
}

impl SessionError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::ProfileFiles { .. } => "correct the file, or name others with AWS_CONFIG_FILE and \
                                          AWS_SHARED_CREDENTIALS_FILE"
                .to_owned(),
            Self::UnknownProfile { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::UnknownProfile { nearest: None, .. } => {
                "`aws configure list-profiles` shows those that exist".to_owned()
            }
            Self::MultiFactor { used, .. } => format!(
                "let the aws command line ask for the code and hand its credentials over: \
                 `eval \"$(aws configure export-credentials --profile {used} --format env)\"`, then run again without a \
                 profile"
            ),
            Self::ExternalIdWithoutRole => "name the role as well, or leave the external id out".to_owned(),
            Self::CaBundle { .. } => {
                "name a PEM file with one or more certificates (AWS_CA_BUNDLE, or `ca_bundle` in the profile)"
                    .to_owned()
            }
            Self::NoCredentials { .. } => {
                "name a profile, sign in with `aws sso login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                    .to_owned()
            }
            Self::SignIn { command, .. } => format!("sign in with `{command}` and run again"),
            Self::AssumeRole { .. } => {
                "the role's trust policy must name you (and the external id, if it asks for one), \
                                        and you need sts:AssumeRole on it"
                    .to_owned()
            }
            Self::Credentials { .. } | Self::CredentialsTimeout { .. } => {
                "`aws sts get-caller-identity` with the same profile shows whether the credentials work".to_owned()
            }
        }
    }
}
