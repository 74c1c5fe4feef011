//! From the SDK's accounts to ours: state, place, date.

use aws_sdk_organizations::primitives::DateTime;
use aws_sdk_organizations::types;
use jiff::Timestamp;
use optout_core::org::{Account, AccountId, AccountState, RootId, TargetId};

/// The account, with the root its path names; `None` for one whose id is none.
pub(super) fn account(listed: &types::Account, emails: bool) -> Option<Account> {
    let id: AccountId = listed.id()?.parse().ok()?;
    Some(Account {
        id,
        name: listed.name().unwrap_or_default().to_owned(),
        email: listed.email().filter(|_| emails).map(str::to_owned),
        state: state(listed),
        parent: parent(listed, id),
        joined: listed.joined_timestamp().and_then(timestamp),
    })
}

/// `State`; the retired `Status` only where `State` is absent.
fn state(listed: &types::Account) -> AccountState {
    let text = listed.state().map(types::AccountState::as_str);
    let text = text.or_else(|| listed.status().map(types::AccountStatus::as_str));
    text.map_or_else(|| AccountState::Other(String::new()), AccountState::of)
}

/// The target that holds the account, where `Paths` names exactly one.
fn parent(listed: &types::Account, id: AccountId) -> Option<TargetId> {
    let mut parents = listed.paths().iter().map(|path| Path::of(path).filter(|path| path.holds(id)));
    let first = parents.next()??.parent;
    parents.all(|other| other.is_some_and(|other| other.parent == first)).then_some(first)
}

/// The root that the account's path begins at.
pub(super) fn root(listed: &types::Account) -> Option<RootId> {
    listed.paths().first().and_then(|path| Path::of(path)).map(|path| path.root)
}

/// The containers on the account's path, from the root down; empty where `Paths` does not name exactly one.
pub(super) fn containers(listed: &types::Account) -> Vec<TargetId> {
    match listed.paths() {
        [path] => Path::of(path).map(|path| path.containers).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// A path of an account, like `o-exampleorgid/r-exam/ou-exam-exampleou1/111111111111/`.
///
/// Form: botocore 1.44.5, organizations model, `Path` (`^(o-…/r-…(/ou-…)*(/\d{12})*)/`), read 2026-11-23.
struct Path {
    root: RootId,
    parent: TargetId,
    containers: Vec<TargetId>,
    account: Option<AccountId>,
}

impl Path {
    fn of(text: &str) -> Option<Self> {
        let mut segments = text.trim_end_matches('/').split('/').skip(1);
        let root: RootId = segments.next()?.parse().ok()?;
        let top = TargetId::Root(root.clone());
        let mut path = Self { root, parent: top.clone(), containers: vec![top], account: None };
        for segment in segments {
            match segment.parse().ok()? {
                TargetId::Account(account) => path.account = Some(account),
                unit @ TargetId::Unit(_) if path.account.is_none() => {
                    path.containers.push(unit.clone());
                    path.parent = unit;
                }
                TargetId::Unit(_) | TargetId::Root(_) => return None,
            }
        }
        Some(path)
    }

    fn holds(&self, id: AccountId) -> bool {
        self.account.is_none_or(|account| account == id)
    }
}

/// A time of the SDK; `None` where it is out of range.
pub(crate) fn timestamp(time: &DateTime) -> Option<Timestamp> {
    let nanoseconds = i32::try_from(time.subsec_nanos()).ok()?;
    Timestamp::new(time.secs(), nanoseconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(paths: &[&str]) -> types::Account {
        let account = types::Account::builder().id("111111111111");
        paths.iter().fold(account, |account, path| account.paths(*path)).build()
    }

    fn place(paths: &[&str]) -> Option<String> {
        account(&listed(paths), false).unwrap().parent.map(|parent| parent.to_string())
    }

    #[test]
    fn the_last_container_of_the_path_is_the_parent() {
        let deep = "o-exampleorgid/r-exam/ou-exam-12345678/ou-exam-87654321/111111111111/";
        assert_eq!(place(&[deep]).as_deref(), Some("ou-exam-87654321"));
        assert_eq!(place(&["o-exampleorgid/r-exam/111111111111/"]).as_deref(), Some("r-exam"));
        assert_eq!(place(&["o-exampleorgid/r-exam/ou-exam-12345678/"]).as_deref(), Some("ou-exam-12345678"));
    }

    #[test]
    fn paths_that_do_not_say_one_place_are_no_place() {
        assert_eq!(place(&[]), None);
        let other_account = "o-exampleorgid/r-exam/222222222222/";
        let two = ["o-exampleorgid/r-exam/111111111111/", "o-exampleorgid/r-exam/ou-exam-12345678/111111111111/"];
        for paths in [&[other_account] as &[_], &two, &["nonsense"], &["o-x/r-exam/x/111111111111/"]] {
            assert_eq!(place(paths), None, "{paths:?}");
        }
    }

    #[test]
    fn state_goes_before_the_retired_status() {
        let both = types::Account::builder().id("111111111111").status("SUSPENDED".into()).state("CLOSED".into());
        assert_eq!(account(&both.build(), false).unwrap().state, AccountState::Closed);
        let status = types::Account::builder().id("111111111111").status("SUSPENDED".into());
        assert_eq!(account(&status.build(), false).unwrap().state, AccountState::Suspended);
        let neither = types::Account::builder().id("111111111111");
        assert_eq!(account(&neither.build(), false).unwrap().state, AccountState::Other(String::new()));
    }

    #[test]
    fn the_address_is_kept_only_when_asked_for() {
        let listed = types::Account::builder().id("111111111111").email("a@example.com").build();
        assert_eq!(account(&listed, false).unwrap().email, None);
        assert_eq!(account(&listed, true).unwrap().email.as_deref(), Some("a@example.com"));
        assert_eq!(account(&types::Account::builder().id("1").build(), true), None);
    }
}
