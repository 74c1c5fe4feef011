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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[[accepted]]\ncontrol = 'default-opted-out'\nsubject = '222222222222'\nreason = 'moves in May'\nuntil = 2027-05-31\n";

    fn parse(text: &str) -> Result<Baseline, Vec<String>> {
        let known = Known::new([], ["default-opted-out", "locked-against-children"]);
        Baseline::parse(&Source::new("b.toml", text), &known).map_err(|rejected| rejected.lines())
    }

    #[test]
    fn a_finding_is_accepted_through_its_last_day() {
        let baseline = parse(TEXT).unwrap();
        let accepts = |control, subject, day: &str| baseline.accepts(control, subject, day.parse().unwrap()).is_some();
        assert!(accepts("default-opted-out", "222222222222", "2027-05-31"));
        assert!(!accepts("default-opted-out", "222222222222", "2027-06-01"));
        assert!(!accepts("default-opted-out", "111111111111", "2027-05-31"));
        assert!(!accepts("locked-against-children", "222222222222", "2027-05-31"));
        assert_eq!(baseline.expired("2027-06-01".parse().unwrap()).count(), 1);
    }

    #[test]
    fn an_empty_file_accepts_nothing() {
        assert_eq!(parse("").unwrap(), Baseline::default());
    }

    #[test]
    fn every_problem_has_its_place() {
        let text =
            TEXT.replace("default-opted", "defalt-opted").replace("'moves in May'", "''").replace("2027-05-31", "1");
        let lines = parse(&text).unwrap_err();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(
            lines[0].starts_with("b.toml:2:11: no control is called `defalt-opted-out` (did you mean"),
            "{lines:?}"
        );
        assert!(lines[1].starts_with("b.toml:4:10: this text is blank"), "{lines:?}");
        assert!(lines[2].starts_with("b.toml:5:9: expected a date"), "{lines:?}");
    }

    #[test]
    fn the_same_finding_twice_is_refused() {
        let lines = parse(&format!("{TEXT}{TEXT}")).unwrap_err();
        assert!(
            lines[0].starts_with("b.toml:6:1: `default-opted-out` of `222222222222` is in this file twice"),
            "{lines:?}"
        );
    }
}
