//! Where an organization comes from: a saved one, or AWS. Named the same everywhere.

use clap::{Args, ValueEnum};
use optout_aws::read::{ReadOptions, Selection};
use optout_aws::session::SessionOptions;
use optout_core::org::{AccountId, EvidenceMode, UnitId};

/// The organization.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Organization")]
pub(crate) struct OrganizationOptions {
    /// Read a saved organization, as `optout snapshot` writes it, in place of AWS; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profile", "role_arn", "region", "endpoint_url"])]
    pub(crate) organization: Option<String>,

    #[command(flatten)]
    pub(crate) aws: AwsOptions,
}

impl OrganizationOptions {
    /// The same options for a command that somebody is told to go on with.
    pub(crate) fn arguments(&self) -> String {
        let aws = &self.aws;
        let given = [
            ("--organization", &self.organization),
            ("--profile", &aws.profile),
            ("--role-arn", &aws.role_arn),
            ("--external-id", &aws.external_id),
            ("--region", &aws.region),
            ("--endpoint-url", &aws.endpoint_url),
        ];
        joined(&given)
    }

    /// Those of them that the `aws` command line has too.
    pub(crate) fn aws_arguments(&self) -> String {
        let aws = &self.aws;
        joined(&[("--profile", &aws.profile), ("--region", &aws.region), ("--endpoint-url", &aws.endpoint_url)])
    }
}

fn joined(given: &[(&str, &Option<String>)]) -> String {
    let given = given.iter().filter_map(|(name, value)| Some(argument(name, value.as_deref()?)));
    given.collect::<Vec<_>>().join(" ")
}

/// An option with its value as a POSIX shell takes it.
pub(crate) fn argument(name: &str, value: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_./:@=,+-".contains(character);
    match !value.is_empty() && value.chars().all(plain) {
        true => format!("{name} {value}"),
        false => format!("{name} '{}'", value.replace('\'', "'\\''")),
    }
}

/// How to reach AWS; without any of these as the `aws` command line does.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "AWS")]
pub(crate) struct AwsOptions {
    /// The profile of the shared AWS configuration to use
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// A role to assume with the credentials that were found
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,

    /// The external id that the role asks for
    #[arg(long, value_name = "ID", requires = "role_arn")]
    external_id: Option<String>,

    /// A region of the partition that is meant
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// An endpoint in place of AWS's own, such as the one of `optout sandbox`
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,

    /// How many times faster than AWS the endpoint's clock runs, for `optout sandbox --time-scale`
    #[arg(long, value_name = "NUMBER", hide = true, default_value_t = 1.0)]
    time_scale: f64,
}

impl AwsOptions {
    /// The options of a session.
    pub(crate) fn session(&self) -> SessionOptions {
        SessionOptions {
            profile: self.profile.clone(),
            region: self.region.clone(),
            role_arn: self.role_arn.clone(),
            external_id: self.external_id.clone(),
            endpoint_url: self.endpoint_url.clone(),
            time_scale: self.time_scale,
            ..SessionOptions::default()
        }
    }

    /// Where it is read from, in words.
    pub(crate) fn origin(&self) -> String {
        match (&self.endpoint_url, &self.profile) {
            (Some(url), _) => format!("AWS Organizations at {url}"),
            (None, Some(profile)) => format!("AWS Organizations (profile {profile})"),
            (None, None) => "AWS Organizations".to_owned(),
        }
    }
}

/// Which accounts are wanted.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Organization")]
pub(crate) struct SelectionOptions {
    /// Only this account; may be given several times
    #[arg(long = "account", value_name = "ID")]
    pub(crate) accounts: Vec<AccountId>,

    /// Only the accounts in this organizational unit, however deep; may be given several times
    #[arg(long = "ou", value_name = "ID")]
    pub(crate) units: Vec<UnitId>,
}

impl SelectionOptions {
    /// Whether everything is wanted.
    pub(crate) fn is_everything(&self) -> bool {
        self.accounts.is_empty() && self.units.is_empty()
    }

    /// As the reader of AWS wants it.
    pub(crate) fn selection(&self) -> Selection {
        Selection { accounts: self.accounts.iter().copied().collect(), units: self.units.iter().cloned().collect() }
    }
}

/// How AWS is asked for its own answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Evidence {
    /// Ask AWS for the effective policy of every account
    All,
    /// Ask for one account of each group with the same policies
    Chain,
    /// Do not ask; compute from the attached policies
    None,
}

impl From<Evidence> for EvidenceMode {
    fn from(evidence: Evidence) -> Self {
        match evidence {
            Evidence::All => Self::All,
            Evidence::Chain => Self::Chain,
            Evidence::None => Self::None,
        }
    }
}

/// What to read of an organization.
pub(crate) fn read_options(evidence: Option<Evidence>, only: &SelectionOptions) -> ReadOptions {
    ReadOptions {
        evidence: evidence.map_or(EvidenceMode::Chain, EvidenceMode::from),
        only: only.selection(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..ReadOptions::default()
    }
}

#[cfg(test)]
mod tests {
    use super::argument;

    #[test]
    fn a_value_that_a_shell_would_part_or_obey_is_quoted() {
        assert_eq!(argument("--profile", "management"), "--profile management");
        assert_eq!(argument("--intent", "my file; rm x"), "--intent 'my file; rm x'");
        assert_eq!(argument("--intent", "it's"), "--intent 'it'\\''s'");
        assert_eq!(argument("--intent", ""), "--intent ''");
    }
}
