//! The baseline: findings that somebody accepted for a time, so that only new ones stand out. A file of its own.

use jiff::civil::Date;

use super::Known;
use super::read::{end, twice};
use crate::source::{Fields, Rejected, Source, Span, read_toml};

/// Accepted findings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Baseline {
    /// In the order of the file.
    pub accepted: Vec<Accepted>,
}

/// A finding that is accepted until a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// Where it stands in the file.
    pub span: Span,
    /// The control's name.
    pub control: String,
    /// What does not hold it: an account, a policy, a target, a service…, as the finding names it.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// The last day on which it is accepted, in UTC.
    pub until: Date,
}

impl Baseline {
    /// Reads a baseline: tables `[[accepted]]`.
    ///
    /// # Errors
    /// Everything that is wrong with the text, each with line and column.
    pub fn parse(source: &Source, known: &Known<'_>) -> Result<Self, Rejected> {
        read_toml(source, |fields| {
            let tables = fields.tables("accepted");
            fields.finish();
            let accepted: Vec<_> = tables.into_iter().filter_map(|table| accepted(table, known)).collect();
            let said = accepted.iter().map(|it| (it.span, format!("`{}` of `{}`", it.control, it.subject)));
            twice(fields, said);
            Some(Self { accepted })
        })
    }

    /// The entry that accepts the finding of `control` for `subject` on the day `at` (UTC), if one does.
    #[must_use]
    pub fn accepts(&self, control: &str, subject: &str, at: Date) -> Option<&Accepted> {
        self.accepted.iter().find(|it| it.control == control && it.subject == subject && it.until >= at)
    }

    /// The entries whose last day is over on the day `at` (UTC).
    pub fn expired(&self, at: Date) -> impl Iterator<Item = &Accepted> {
        self.accepted.iter().filter(move |it| it.until < at)
    }
}

fn accepted(mut fields: Fields<'_>, known: &Known<'_>) -> Option<Accepted> {
    let span = fields.span();
    let control = fields.text("control").and_then(|found| known.control(&fields, found));
    let subject = fields.text("subject");
    let reason = fields.text("reason");
    let until = fields.date("until").and_then(|found| end(&fields, found));
    fields.finish();
    let (subject, reason) = (subject?.value.to_owned(), reason?.value.to_owned());
    Some(Accepted { span, control: control?, subject, reason, until: until? })
}
