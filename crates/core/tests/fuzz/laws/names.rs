//! Ids and other short texts with a form of their own: what is accepted is printed as it was, or as something that means the same.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use optout_core::catalogue::{PartialDate, ServiceKey};
use optout_core::evidence::{Anchor, Hash};
use optout_core::org::{AccountId, OrganizationId, PolicyId, PolicyType, RootId, TargetId, UnitId};
use optout_core::usage::Amount;

use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    for line in source.text.lines().take(100) {
        is_printed_as_it_was::<AccountId>(line);
        is_printed_as_it_was::<OrganizationId>(line);
        is_printed_as_it_was::<PolicyId>(line);
        is_printed_as_it_was::<RootId>(line);
        is_printed_as_it_was::<TargetId>(line);
        is_printed_as_it_was::<UnitId>(line);
        is_printed_as_it_was::<ServiceKey>(line);
        means_the_same::<Amount>(line);
        means_the_same::<Anchor>(line);
        means_the_same::<Hash>(line);
        means_the_same::<PartialDate>(line);
        means_the_same::<PolicyType>(line);
    }
}

fn means_the_same<T: FromStr + Display + PartialEq + Debug>(text: &str) -> Option<String> {
    let value: T = text.parse().ok()?;
    let printed = value.to_string();
    assert_eq!(printed.parse().ok().as_ref(), Some(&value), "{text} is printed as {printed}");
    Some(printed)
}

fn is_printed_as_it_was<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Some(printed) = means_the_same::<T>(text) {
        assert_eq!(printed, text);
    }
}
