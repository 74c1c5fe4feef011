//! A fleet: organizations by name, each with the way to it.

use std::fmt;

use crate::source::{Found, Source, Span};

/// The organizations of a file, in its order. There is at least one; names, the files named after them and the ways to
/// them differ.
#[derive(Debug, Clone)]
pub struct Fleet {
    /// The text it was read from.
    pub source: Source,
    /// The organizations.
    pub members: Vec<Member>,
}

/// One organization.
#[derive(Debug, Clone)]
pub struct Member {
    /// Where it stands in the text.
    pub span: Span,
    /// What it is called; other people's text.
    pub name: String,
    /// What files about it are called, without an end; see [`super::file_name`].
    pub file_name: String,
    /// How it is read.
    pub reach: Reach,
    /// The path of its intent, as it was written: relative to the file of the fleet.
    pub intent: Option<Found<String>>,
}

/// How an organization is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// From a saved one: the path as it was written, relative to the file of the fleet.
    Saved(String),
    /// From AWS.
    Live(Access),
}

/// How to reach an organization in AWS; without any of these as the `aws` command line would.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// The profile of the shared AWS configuration.
    pub profile: Option<String>,
    /// The role to assume.
    pub role_arn: Option<String>,
    /// The external id that the role asks for. Not shown by `Debug`.
    pub external_id: Option<String>,
    /// A region of the partition that is meant.
    pub region: Option<String>,
    /// An endpoint in place of AWS's own.
    pub endpoint_url: Option<String>,
}

impl Access {
    /// Where it is read from, in words; without the external id.
    #[must_use]
    pub fn origin(&self) -> String {
        let parts = [
            self.role_arn.as_ref().map(|role| format!("role {role}")),
            self.profile.as_ref().map(|profile| format!("profile {profile}")),
            self.endpoint_url.as_ref().map(|url| format!("at {url}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        match parts.is_empty() {
            true => "AWS Organizations".to_owned(),
            false => format!("AWS Organizations ({})", parts.join(", ")),
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("profile", &self.profile)
            .field("role_arn", &self.role_arn)
            .field("region", &self.region)
            .field("endpoint_url", &self.endpoint_url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Access;

    #[test]
    fn the_external_id_is_in_no_text_about_the_access() {
        let access = Access {
            role_arn: Some("arn:aws:iam::111111111111:role/read".to_owned()),
            external_id: Some("between-us".to_owned()),
            ..Access::default()
        };
        assert!(!format!("{access:?} {}", access.origin()).contains("between-us"));
        assert_eq!(access.origin(), "AWS Organizations (role arn:aws:iam::111111111111:role/read)");
        assert_eq!(Access::default().origin(), "AWS Organizations");
    }
}
