//! The findings that events raise, in words.

use optout_aws::state::{Affected, Cause, Raised, RaisedKind};
use optout_core::org::{AccountId, Snapshot};
use optout_core::trail::{Event, told, who};

use super::record::Unknown;
use super::verdicts::{Concerned, grouped};

/// How many accounts, and how many services of them, are named in a text; all of them are in the finding itself.
const NAMED: usize = 10;

/// A finding that an event took the opt-out away, or may have.
pub(super) fn raised(kind: RaisedKind, event: &Event, concerned: &Concerned, snapshot: &Snapshot) -> Raised {
    let (actor, affected) = (who(&event.actor), grouped(concerned));
    let account = event.account.map(|account| format!(" in account {account}")).unwrap_or_default();
    let did = told(event, Some(snapshot));
    let came = match kind {
        RaisedKind::Weakened => "Since then AWS may use content of",
        _ => "It is not known whether AWS may use content since then of",
    };
    let title = format!("{} by {actor} concerns {}", event.name, count(concerned.len()));
    let description = format!(
        "{actor} {did}{account} at {time} ({name}, event {id}). {came} {whom}",
        time = event.time,
        name = event.name,
        id = event.id,
        whom = whom(&affected),
    );
    Raised {
        kind,
        title,
        description,
        since: event.time,
        cause: Some(cause(event, actor)),
        affected,
        propagating: false,
        undetermined: kind != RaisedKind::Weakened,
    }
}

fn cause(event: &Event, actor: String) -> Cause {
    Cause { event: event.id.clone(), call: event.name.clone(), time: event.time, actor, account: event.account }
}

/// An event that nobody knows, until a full read shows what it did.
pub(super) fn unknown(unknown: &Unknown) -> Raised {
    let Unknown { id, name, time, actor } = unknown;
    Raised {
        kind: RaisedKind::UnknownEvent,
        title: format!("unknown event {name}"),
        description: format!(
            "{actor} called {name} at {time} (event {id}), which this version does not know: a full read is wanted"
        ),
        since: *time,
        cause: Some(Cause { event: id.clone(), call: name.clone(), time: *time, actor: actor.clone(), account: None }),
        affected: Vec::new(),
        propagating: false,
        undetermined: true,
    }
}

fn count(accounts: usize) -> String {
    if accounts == 1 { "1 account".to_owned() } else { format!("{accounts} accounts") }
}

fn whom(affected: &[Affected]) -> String {
    let all: usize = affected.iter().map(|group| group.accounts.len()).sum();
    let groups: Vec<String> = affected.iter().take(NAMED).map(group).collect();
    format!("{}: {}", count(all), groups.join("; "))
}

fn group(group: &Affected) -> String {
    let services = match group.services.as_slice() {
        [] => "every service that is not opted out".to_owned(),
        services => some(services.iter().map(String::as_str), services.len()),
    };
    let ids: Vec<String> = group.accounts.iter().take(NAMED).map(AccountId::to_string).collect();
    format!("{} ({services})", some(ids.iter().map(String::as_str), group.accounts.len()))
}

fn some<'t>(texts: impl Iterator<Item = &'t str>, all: usize) -> String {
    let named: Vec<&str> = texts.take(NAMED).collect();
    match all.saturating_sub(named.len()) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
