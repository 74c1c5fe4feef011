//! The closed sets of an audit: profiles, kinds of observations, answers, statuses.

use crate::words::words;

words! {
    /// Whose checklist.
    Profile {
        /// What every organization has to answer.
        General = "general",
        /// Protected health information: HIPAA and HITECH.
        Healthcare = "healthcare",
        /// Cardholder data and financial reporting: PCI DSS and SOX.
        Financial = "financial",
        /// Personal data of people in the European Union: GDPR.
        Gdpr = "gdpr",
        /// In which Regions data is kept and processed.
        DataResidency = "data-residency",
        /// Reviews by the AWS Well-Architected Framework.
        WellArchitected = "well-architected",
    }
}

impl Profile {
    /// The profiles whose items one asks for by naming this one: the industries' lists come on top of the general one.
    #[must_use]
    pub const fn included(self) -> &'static [Self] {
        match self {
            Self::General => &[Self::General],
            Self::Healthcare => &[Self::General, Self::Healthcare],
            Self::Financial => &[Self::General, Self::Financial],
            Self::Gdpr => &[Self::General, Self::Gdpr],
            Self::DataResidency => &[Self::DataResidency],
            Self::WellArchitected => &[Self::WellArchitected],
        }
    }
}

words! {
    /// What is looked at beside the controls of `optout verify`.
    Observation {
        /// What `optout verify` decides.
        Verification = "verification",
        /// AWS's own answers for every account.
        EffectivePolicies = "effective-policies",
        /// Service control policies that deny other Regions.
        RegionControls = "region-controls",
        /// The AI services in use, against AWS's reference of HIPAA eligible services.
        HipaaEligibleServices = "hipaa-eligible-services",
        /// Reports of `optout workstation check`.
        Workstations = "workstations",
        /// Reports of `optout website check`.
        Websites = "websites",
        /// Since when every account is opted out, by recorded runs.
        OptOutDate = "opt-out-date",
        /// What the monitor wrote into its bucket.
        MonitorState = "monitor-state",
        /// What `optout usage --save` wrote.
        UsageReview = "usage-review",
    }
}

words! {
    /// What one piece of evidence says.
    Answer {
        /// It holds.
        Holds = "holds",
        /// It does not hold.
        Fails = "fails",
        /// It could not be determined.
        Unknown = "unknown",
    }
}

words! {
    /// How an item stands.
    Status {
        /// Evidence that was read says that it holds.
        Met = "met",
        /// Evidence that was read says that it does not.
        NotMet = "not-met",
        /// Somebody vouches for it, and that is valid today.
        Attested = "attested",
        /// Somebody vouched for it, and that is over.
        AttestationExpired = "attestation-expired",
        /// It cannot be said; the reason is given.
        NotAssessed = "not-assessed",
    }
}
