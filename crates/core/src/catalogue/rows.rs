//! The catalogue as rows: what `optout services` filters, sorts and prints.

use jiff::civil::Date;

use super::{Catalogue, NotCovered, Origin, PartialDate, Service, Severity, Use};

/// Which services are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coverage {
    /// All.
    #[default]
    Any,
    /// Those with a key, `default` included.
    Covered,
    /// Those the policy does not reach.
    NotCovered,
}

/// What a row must be to be shown; the default shows everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// A part of the key or of the name; capitals do not count.
    pub text: Option<String>,
    /// With a key, without one, or both.
    pub coverage: Coverage,
    /// Only those where opting out does something of its own that cannot be undone.
    pub irreversible: bool,
}

/// The order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As in the file: `default`, the keys as AWS prints them, then what the policy does not reach.
    #[default]
    File,
    /// By key or id.
    Key,
    /// By name; the order of the file among equals.
    Name,
    /// Newest first; unknown dates last.
    FirstSeen,
    /// Worst impact of its own first; without impact last.
    Severity,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'c> {
    /// A key of the policy.
    Covered(&'c Service),
    /// A service without one.
    NotCovered(&'c NotCovered),
}

/// One line of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'c> {
    /// What it is about, with everything that is known.
    pub subject: Subject<'c>,
}

impl<'c> Row<'c> {
    /// The key, or the id of a service without one.
    #[must_use]
    pub fn key(&self) -> &'c str {
        match self.subject {
            Subject::Covered(service) => service.key.as_str(),
            Subject::NotCovered(service) => &service.id,
        }
    }

    /// The name people know.
    #[must_use]
    pub fn name(&self) -> &'c str {
        match self.subject {
            Subject::Covered(service) => &service.name,
            Subject::NotCovered(service) => &service.name,
        }
    }

    /// Whether the policy reaches it.
    #[must_use]
    pub const fn covered(&self) -> bool {
        matches!(self.subject, Subject::Covered(_))
    }

    /// Whether AWS says it uses the content; `None` where no statement was found.
    #[must_use]
    pub fn uses(&self) -> Option<Use> {
        match self.subject {
            Subject::Covered(service) => service.statement.as_ref().map(|statement| statement.uses),
            Subject::NotCovered(service) => service.uses,
        }
    }

    /// The section of the Service Terms, where known.
    #[must_use]
    pub fn terms(&self) -> Option<&'c str> {
        let terms = match self.subject {
            Subject::Covered(service) => service.terms.as_ref(),
            Subject::NotCovered(service) => service.terms.as_ref(),
        };
        terms.map(|terms| terms.section.as_str())
    }

    /// The date of the oldest list that has the key, where known.
    #[must_use]
    pub fn first_seen(&self) -> Option<PartialDate> {
        match self.subject {
            Subject::Covered(service) => service.first_seen.as_ref().map(|first| first.date),
            Subject::NotCovered(_) => None,
        }
    }

    /// The worst that opting out does of its own.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        match self.subject {
            Subject::Covered(service) => service.impacts.iter().map(|impact| impact.severity).max(),
            Subject::NotCovered(_) => None,
        }
    }

    /// Whether opting out does something of its own that cannot be undone.
    #[must_use]
    pub fn irreversible(&self) -> bool {
        match self.subject {
            Subject::Covered(service) => service.has_irreversible_impact(),
            Subject::NotCovered(_) => false,
        }
    }

    /// The day the entry was read; `None` for a key the user allowed.
    #[must_use]
    pub fn read(&self) -> Option<Date> {
        match self.subject {
            Subject::Covered(Service { origin: Origin::Listed(reference), .. }) => Some(reference.read),
            Subject::Covered(Service { origin: Origin::Allowed, .. }) => None,
            Subject::NotCovered(service) => Some(service.reference.read),
        }
    }

    fn passes(&self, filter: &Filter) -> bool {
        let coverage = match filter.coverage {
            Coverage::Any => true,
            Coverage::Covered => self.covered(),
            Coverage::NotCovered => !self.covered(),
        };
        let has = |part: &str| {
            let part = part.trim().to_lowercase();
            [self.key(), self.name()].iter().any(|text| text.to_lowercase().contains(&part))
        };
        coverage && (!filter.irreversible || self.irreversible()) && filter.text.as_deref().is_none_or(has)
    }
}

/// The rows that pass, in order. Sorting is stable, so equal rows stay in the order of the file.
pub(super) fn rows<'c>(catalogue: &'c Catalogue, filter: &Filter, order: Order) -> Vec<Row<'c>> {
    let covered = catalogue.entries().map(|(_, service)| Subject::Covered(service));
    let all = covered.chain(catalogue.not_covered().iter().map(Subject::NotCovered));
    let mut rows: Vec<Row<'c>> = all.map(|subject| Row { subject }).filter(|row| row.passes(filter)).collect();
    match order {
        Order::File => {}
        Order::Key => rows.sort_by_key(Row::key),
        Order::Name => rows.sort_by_key(|row| row.name().to_lowercase()),
        Order::FirstSeen => rows.sort_by_key(|row| std::cmp::Reverse(row.first_seen())),
        Order::Severity => rows.sort_by_key(|row| std::cmp::Reverse(row.severity())),
    }
    rows
}
