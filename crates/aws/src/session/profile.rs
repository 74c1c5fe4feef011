//! What the shared configuration files say about a profile, read before the SDK does.
//!
//! The SDK skips a profile that does not exist, does not read `mfa_serial` and does not read `ca_bundle`: here they are
//! found, so that they can be served or named.

use aws_config::profile::{Profile, ProfileSet};
use aws_types::os_shim_internal::{Env, Fs};

use super::SessionError;

/// The shared configuration files, with the profile that is meant.
#[derive(Debug)]
pub(super) struct Profiles {
    set: ProfileSet,
    name: String,
}

/// How the base credentials of a profile are signed in to, where that can expire.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SignIn {
    /// IAM Identity Center.
    IdentityCenter(String),
    /// A console sign-in.
    Console(String),
}

impl SignIn {
    pub(super) fn profile(&self) -> &str {
        match self {
            Self::IdentityCenter(profile) | Self::Console(profile) => profile,
        }
    }

    pub(super) fn command(&self) -> String {
        match self {
            Self::IdentityCenter(profile) => format!("aws sso login --profile {profile}"),
            Self::Console(profile) => format!("aws login --profile {profile}"),
        }
    }
}

impl Profiles {
    /// Reads the files.
    ///
    /// # Errors
    /// Where a file is broken, or `wanted` (or `AWS_PROFILE`) is in none.
    pub(super) async fn load(wanted: Option<&str>) -> Result<Self, SessionError> {
        let broken = |error| SessionError::ProfileFiles { detail: error_chain(&error) };
        let wanted = wanted.map(str::to_owned).or_else(|| set_variable("AWS_PROFILE"));
        let files = Default::default();
        let name = wanted.clone().map(std::borrow::Cow::Owned);
        let set = aws_config::profile::load(&Fs::real(), &Env::real(), &files, name).await.map_err(broken)?;
        match wanted {
            Some(name) if set.get_profile(&name).is_none() => Err(unknown(name, &set)),
            wanted => Ok(Self { name: wanted.unwrap_or_else(|| set.selected_profile().to_owned()), set }),
        }
    }

    /// A key of the profile.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.set.get_profile(&self.name)?.get(key)
    }

    /// The profiles from this one down its `source_profile`s; each only once, should they go in a circle.
    fn chain(&self) -> Vec<&Profile> {
        let mut chain: Vec<&Profile> = Vec::new();
        let mut next = self.set.get_profile(&self.name);
        while let Some(profile) = next.filter(|next| chain.iter().all(|seen| seen.name() != next.name())) {
            chain.push(profile);
            next = profile.get("source_profile").and_then(|name| self.set.get_profile(name));
        }
        chain
    }

    /// # Errors
    /// Where a role on the way asks for a multi-factor code.
    pub(super) fn check_multi_factor(&self) -> Result<(), SessionError> {
        let wants_code = |it: &&&Profile| it.get("role_arn").is_some() && it.get("mfa_serial").is_some();
        match self.chain().iter().find(wants_code) {
            Some(profile) => {
                Err(SessionError::MultiFactor { profile: profile.name().to_owned(), used: self.name.clone() })
            }
            None => Ok(()),
        }
    }

    /// How the credentials at the end of the chain are signed in to.
    pub(super) fn sign_in(&self) -> Option<SignIn> {
        let chain = self.chain();
        let base = chain.last()?;
        let has = |key| base.get(key).is_some();
        if has("sso_session") || has("sso_start_url") {
            return Some(SignIn::IdentityCenter(base.name().to_owned()));
        }
        has("login_session").then(|| SignIn::Console(base.name().to_owned()))
    }
}

/// An environment variable that is set and not empty.
pub(super) fn set_variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The messages of an error and all its causes, each once.
pub(crate) fn error_chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut current = Some(error);
    while let Some(error) = current {
        let text = error.to_string();
        if parts.last().is_none_or(|last| !last.contains(&text)) {
            parts.push(text);
        }
        current = error.source();
    }
    parts.join(": ")
}

fn unknown(name: String, set: &ProfileSet) -> SessionError {
    let nearest = set.profiles().map(|known| (distance(&name, known), known)).min();
    let near = |(distance, _): &(usize, &str)| *distance <= 1 + name.chars().count() / 3;
    let nearest = nearest.filter(near).map(|(_, known)| known.to_owned());
    SessionError::UnknownProfile { name, nearest }
}

/// How many characters must be changed, added or removed to turn `left` into `right` (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, from) in left.chars().enumerate() {
        let mut next = vec![at + 1];
        for ((to, diagonal), above) in right.iter().zip(&row).zip(row.iter().skip(1)) {
            let beside = next.last().copied().unwrap_or_default();
            next.push((diagonal + usize::from(from != *to)).min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_single_changes() {
        assert_eq!(distance("prod", "prod"), 0);
        assert_eq!(distance("prdo", "prod"), 2);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("production", "prod"), 6);
    }
}
