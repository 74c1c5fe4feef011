//! What each part of a reading is for: so also what a gap in it leaves open.

use crate::org::Part;

/// What a part of a reading is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Verdicts: what AWS answers, or what is needed to work it out.
    Verdict,
    /// Whether an answer for one account is that of another one too.
    Basis,
    /// What else a report speaks of: locks, who may write policies, who asked.
    Report,
    /// Audits and advice alone, which say themselves what they lack.
    Elsewhere,
}

impl Need {
    /// What `part` is for; the first that applies.
    #[must_use]
    pub const fn of(part: Part) -> Self {
        match part {
            Part::Organization | Part::Root | Part::Units | Part::Accounts => Self::Verdict,
            Part::Policies | Part::PolicyContent | Part::Attachments | Part::EffectivePolicy => Self::Verdict,
            Part::InvalidPolicies => Self::Basis,
            Part::Caller | Part::PolicyTags | Part::Delegates | Part::ResourcePolicy => Self::Report,
            Part::TrustedServices | Part::ControlPolicies | Part::ServiceControlPolicies => Self::Elsewhere,
        }
    }
}
