//! What goes into definitions and trust policies: closed sets of characters, so that nothing in them can be markup, a variable or a
//! wildcard there.

use std::str::FromStr;

/// The ARN of a role, like `arn:aws:iam::111122223333:role/optout-verify`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArn(String);

/// A repository, like `acme/policies`; on GitLab groups may be nested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository(String);

/// A branch, like `main`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch(String);

/// A text that is none of these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}")]
pub struct InputError {
    text: String,
    what: &'static str,
}

fn refused(text: &str, what: &'static str) -> InputError {
    InputError { text: text.chars().take(80).collect(), what }
}

/// Whether it is words of letters, digits and `._-` between slashes.
fn is_path(text: &str) -> bool {
    let allowed = |word: &str| word.chars().all(|it| it.is_ascii_alphanumeric() || "._-".contains(it));
    let word =
        |word: &str| allowed(word) && word.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_' || it == '.');
    text.len() <= 255 && text.split('/').all(|it| word(it) && it != "." && it != "..")
}

impl FromStr for RoleArn {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || refused(text, "the ARN of a role (like arn:aws:iam::111122223333:role/optout-verify)");
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, role] = parts.as_slice() else { return Err(refused()) };
        let name = role.strip_prefix("role/").ok_or_else(refused)?;
        let allowed = |it: char| it.is_ascii_alphanumeric() || "+=,.@_-/".contains(it);
        let account_fits = account.len() == 12 && account.chars().all(|it| it.is_ascii_digit());
        let partition_fits =
            partition.starts_with("aws") && partition.chars().all(|it| it.is_ascii_lowercase() || it == '-');
        let name_fits = !name.is_empty() && text.len() <= 600 && name.chars().all(allowed);
        if account_fits && partition_fits && name_fits { Ok(Self(text.to_owned())) } else { Err(refused()) }
    }
}

impl RoleArn {
    /// The whole of it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account's id.
    pub(super) fn account(&self) -> &str {
        self.0.split(':').nth(4).unwrap_or_default()
    }

    /// The partition.
    pub(super) fn partition(&self) -> &str {
        self.0.split(':').nth(1).unwrap_or_default()
    }
}

impl FromStr for Repository {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = is_path(text) && text.contains('/');
        if fits { Ok(Self(text.to_owned())) } else { Err(refused(text, "a repository (like acme/policies)")) }
    }
}

impl Repository {
    /// The whole of it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Branch {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_path(text) { Ok(Self(text.to_owned())) } else { Err(refused(text, "a branch (like main)")) }
    }
}

impl Branch {
    /// The whole of it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The path of a file of the repository, where it can stand in a definition without any quotation.
pub(super) fn plain_path(text: &str) -> Option<&str> {
    is_path(text).then_some(text)
}
