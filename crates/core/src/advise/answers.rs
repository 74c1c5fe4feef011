//! What people answer where nothing could be read, or know better.

use super::{Belonging, Fact, Infrastructure, Role, Situation, Tools};

/// Answers by hand; an answer that is absent leaves what was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// Whether there is an organization, and which features it has.
    pub organization: Option<Belonging>,
    /// As whom the caller speaks.
    pub role: Option<Role>,
    /// How many accounts there are.
    pub accounts: Option<usize>,
    /// Whether AWS Control Tower governs it.
    pub control_tower: Option<bool>,
    /// Whether Landing Zone Accelerator built it.
    pub landing_zone_accelerator: Option<bool>,
    /// What its policies are kept in.
    pub infrastructure: Option<Infrastructure>,
    /// What may be used to change it.
    pub tools: Option<Tools>,
}

impl Answers {
    /// Whether nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is known with these answers: they count before what was observed, which stays as evidence.
    #[must_use]
    pub fn over(&self, observed: Situation) -> Situation {
        Situation {
            partition: observed.partition,
            organization: over(self.organization, observed.organization),
            role: over(self.role, observed.role),
            writers: observed.writers,
            accounts: over(self.accounts, observed.accounts),
            control_tower: over(self.control_tower, observed.control_tower),
            landing_zone_accelerator: over(self.landing_zone_accelerator, observed.landing_zone_accelerator),
            infrastructure: over(self.infrastructure, observed.infrastructure),
            tools: over(self.tools, observed.tools),
        }
    }
}

fn over<T: PartialEq>(answer: Option<T>, observed: Fact<T>) -> Fact<T> {
    match (answer, observed.value) {
        (None, value) => Fact { value, ..observed },
        (Some(answer), Some(value)) if answer != value => {
            Fact::known(answer, format!("you say so; observed was something else: {}", observed.evidence))
        }
        (Some(answer), _) => Fact::known(answer, "you say so"),
    }
}
