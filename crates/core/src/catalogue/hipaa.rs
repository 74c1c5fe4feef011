//! Whether a service is in AWS's reference of HIPAA eligible services: a fact about a list, never a verdict of compliance.
//!
//! Whoever processes protected health information with a service needs it on that list and a business associate addendum
//! in force; the list says the first half only.

use jiff::civil::Date;

use super::Reference;
use super::read::reference;
use crate::source::Fields;

/// The list, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HipaaList {
    /// The day AWS's list is of.
    pub as_of: Date,
    /// The copy that was read, where AWS's page itself could not be.
    pub copy: Option<String>,
    /// AWS's page, and the day the list was read.
    pub reference: Reference,
}

/// What the list says of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hipaa {
    /// Whether it is there.
    pub eligibility: Eligibility,
    /// The name it has there.
    pub listed_as: Option<String>,
    /// What has to be known beside.
    pub note: Option<String>,
}

/// Whether the list has a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Eligibility {
    /// It does.
    Listed,
    /// It does not.
    NotListed,
    /// It has a name that may or may not be this service's.
    Unclear,
}

impl Eligibility {
    /// The word in the data file and in outputs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::NotListed => "not-listed",
            Self::Unclear => "unclear",
        }
    }
}

const ELIGIBILITIES: [(&str, Eligibility); 3] = [
    (Eligibility::Listed.word(), Eligibility::Listed),
    (Eligibility::NotListed.word(), Eligibility::NotListed),
    (Eligibility::Unclear.word(), Eligibility::Unclear),
];

/// The table `[hipaa]`.
pub(super) fn list(mut fields: Fields<'_>) -> Option<HipaaList> {
    let as_of = fields.date("as_of");
    let copy = fields.optional_address("copy");
    let reference = reference(&mut fields);
    fields.finish();
    Some(HipaaList { as_of: as_of?.value, copy, reference: reference? })
}

/// What an entry says of itself.
pub(super) fn entry(mut fields: Fields<'_>) -> Option<Hipaa> {
    let eligibility = fields.word("eligible", &ELIGIBILITIES);
    let listed_as = fields.optional_text("as").map(|found| found.value.to_owned());
    let note = fields.optional_text("note").map(|found| found.value.to_owned());
    fields.finish();
    Some(Hipaa { eligibility: eligibility?, listed_as, note })
}
