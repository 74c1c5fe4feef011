//! The id of a finding in other systems: readable, and the same on every run for the same control and subject.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::cut::cut;
use super::subject::About;
use super::{Report, stable};
use crate::check::{Control, Subject};

/// The longest id that Security Hub takes.
const MOST: usize = 512;
/// A slash and a UUID without hyphens.
const SUFFIX: usize = 33;

/// The ids of one report.
#[derive(Debug)]
pub(super) struct Ids<'r> {
    organization: String,
    /// Subjects of which one control says several things.
    several: BTreeSet<(&'static str, &'r Subject)>,
}

impl<'r> Ids<'r> {
    /// The ids of the findings of `organization`.
    pub(super) fn of(report: &'r Report<'_>, organization: &About) -> Self {
        let mut counts: BTreeMap<(&'static str, &'r Subject), usize> = BTreeMap::new();
        report.findings().for_each(|finding| *counts.entry((finding.control, &finding.subject)).or_default() += 1);
        let several = counts.into_iter().filter(|(_, count)| *count > 1).map(|(same, _)| same).collect();
        Self { organization: organization.id.clone(), several }
    }

    /// The id of a case. What holds and what is open is said of all; several findings of one control and one subject
    /// differ by what is wrong.
    pub(super) fn id(&self, control: &'static Control, case: &Case<'_>, about: &About) -> String {
        match case {
            Case::Holds | Case::Open(_) => self.short(control, "all", &about.id, None),
            Case::Fails(finding, _) => {
                let several = self.several.contains(&(control.id, &finding.subject));
                self.short(control, about.kind, &about.id, several.then_some(finding.message.as_ref()))
            }
        }
    }

    fn short(&self, control: &Control, kind: &str, subject: &str, message: Option<&str>) -> String {
        named(&self.organization, control.id, kind, subject, message)
    }
}

/// The id of what a control says of a subject; with the message where it says several things.
pub(crate) fn named(organization: &str, control: &str, kind: &str, subject: &str, message: Option<&str>) -> String {
    let id = format!("optout/{organization}/{control}/{kind}/{subject}");
    if id.len() <= MOST && message.is_none() {
        return id;
    }
    let rest = stable::id(&[&id, message.unwrap_or_default()]).simple();
    format!("{}/{rest}", cut(&id, MOST - SUFFIX))
}
