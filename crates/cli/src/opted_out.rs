//! The day of the opt-out: said, or taken from what proves it.

use std::path::Path;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use optout_core::catalogue::Catalogue;
use optout_core::evidence::Rows;
use optout_core::evidence::history::{Asked, history};
use optout_core::org::{OrganizationId, Snapshot};
use optout_core::trail::{Timeline, Trail, Wanted};
use optout_core::usage::{NoDayError, OptOutDay, by_events, by_records};

use crate::command::history::damaged;
use crate::error::Error;
use crate::store::Store;
use crate::ui::Ui;

/// Where the day comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Day {
    /// It is said.
    On(Date),
    /// The events of `--trail`.
    Trail,
    /// The records of `--store`.
    History,
}

impl FromStr for Day {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "trail" => Ok(Self::Trail),
            "history" => Ok(Self::History),
            date => date
                .parse()
                .map(Self::On)
                .map_err(|_| "expected a date like 2026-10-05, `trail` (with --trail) or `history` (with --store)"),
        }
    }
}

/// The day by events of CloudTrail; `option` is what takes a day.
pub(crate) fn from_trail(
    trail: Option<&Trail>,
    snapshot: &Snapshot,
    catalogue: &Catalogue,
    option: &str,
    ui: &mut Ui,
) -> Result<Date, Error> {
    let Some(trail) = trail else {
        let message = format!("`{option} trail` needs the events");
        return Err(Error::usage(message, "add `--trail FILE`: log files, or what `optout trail --save` wrote"));
    };
    let timeline = Timeline::new(trail, Some(snapshot), catalogue, &Wanted::default());
    told(by_events(&timeline), "the events of --trail", option, ui)
}

/// The day by the records of a store, of the one organization it speaks of or of `organization`.
pub(crate) fn from_history(
    store: &Path,
    organization: Option<&OrganizationId>,
    option: &str,
    ui: &mut Ui,
) -> Result<Date, Error> {
    let opened = Store::readable(store)?;
    let records = opened.records()?;
    let lookup = |hash: &_| opened.part(hash);
    let asked = Asked {
        organization: organization.cloned(),
        account: None,
        service: None,
        longer_than: SignedDuration::MAX,
        now: Timestamp::now(),
    };
    let history = history(&records, &Rows::new(&lookup), &asked).map_err(damaged)?;
    let found = match history.organizations.as_slice() {
        [] => Err(NoDayError::Silent),
        [only] => by_records(only),
        [..] => {
            let message = format!("`{}` has records of several organizations", store.display());
            return Err(Error::failed(message, "add `--organization FILE`, a snapshot of the one that is meant"));
        }
    };
    told(found, &format!("the records of `{}`", store.display()), option, ui)
}

fn told(found: Result<OptOutDay, NoDayError>, source: &str, option: &str, ui: &mut Ui) -> Result<Date, Error> {
    let OptOutDay { day, proof } = found.map_err(|why| {
        let help =
            format!("say the day itself: `{option} DATE`; `optout trail` and `optout history` show what there is");
        Error::failed(format!("{source} prove no single day of the opt-out: {why}"), help)
    })?;
    ui.note(&format!("the organization became opted out on {day} (UTC), {proof}"));
    Ok(day)
}
