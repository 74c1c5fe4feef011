//! What the decision depends on: facts, each with its evidence.

use crate::source::shown;
use crate::words::words;

/// Something that is known or not, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<T> {
    /// What it is; `None` where it is not known.
    pub value: Option<T>,
    /// What it was concluded from, or why it is not known.
    pub evidence: String,
    /// The IAM action that would have told, where one was denied.
    pub permission: Option<String>,
}

impl<T> Fact<T> {
    /// Known, from this.
    pub fn known(value: T, evidence: impl Into<String>) -> Self {
        Self { value: Some(value), evidence: evidence.into(), permission: None }
    }

    /// Not known, for this reason.
    pub fn unknown(evidence: impl Into<String>) -> Self {
        Self { value: None, evidence: evidence.into(), permission: None }
    }

    /// Not known, and this action would have told.
    pub fn denied(evidence: impl Into<String>, permission: Option<String>) -> Self {
        Self { value: None, evidence: evidence.into(), permission }
    }
}

words! {
    /// Whether there is an organization that can have policies.
    Belonging {
        /// The account is in none.
        Nowhere = "none",
        /// It has consolidated billing only.
        Billing = "consolidated-billing",
        /// It has all features.
        AllFeatures = "all",
    }
}

words! {
    /// As whom the caller speaks.
    Role {
        /// The management account.
        Management = "management",
        /// A member account that the resource policy lets write opt-out policies.
        Writer = "writer",
        /// A delegated administrator, who may read.
        Delegate = "delegate",
        /// An ordinary member account.
        Member = "member",
    }
}

words! {
    /// What the organization's policies are kept in.
    Infrastructure {
        /// Terraform or OpenTofu.
        Terraform = "terraform",
        /// CloudFormation.
        CloudFormation = "cloudformation",
        /// The Cloud Development Kit.
        Cdk = "cdk",
        /// An intent of this program.
        Optout = "optout",
        /// Nothing of the kind.
        None = "none",
    }
}

words! {
    /// What may be used to change AWS.
    Tools {
        /// This program.
        Optout = "optout",
        /// The `aws` command line only: nothing may be installed.
        AwsCli = "aws-cli",
        /// The console only: nothing is changed by program.
        Console = "console",
    }
}

/// Everything that the decision depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// Whether the partition has opt-out policies.
    pub partition: Fact<bool>,
    /// Whether there is an organization, and which features it has.
    pub organization: Fact<Belonging>,
    /// As whom the caller speaks.
    pub role: Fact<Role>,
    /// Who beside the management account may write opt-out policies: principals of the resource policy.
    pub writers: Fact<Vec<String>>,
    /// How many accounts count.
    pub accounts: Fact<usize>,
    /// Whether AWS Control Tower governs it.
    pub control_tower: Fact<bool>,
    /// Whether Landing Zone Accelerator built it.
    pub landing_zone_accelerator: Fact<bool>,
    /// What its policies are kept in.
    pub infrastructure: Fact<Infrastructure>,
    /// What may be used to change it.
    pub tools: Fact<Tools>,
}

impl Situation {
    /// Nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        let open = "nobody was asked";
        Self {
            partition: Fact::unknown(open),
            organization: Fact::unknown(open),
            role: Fact::unknown(open),
            writers: Fact::unknown(open),
            accounts: Fact::unknown(open),
            control_tower: Fact::unknown(open),
            landing_zone_accelerator: Fact::unknown(open),
            infrastructure: Fact::unknown(open),
            tools: Fact::known(Tools::Optout, "unless --tools says otherwise"),
        }
    }

    /// Every fact: its name, its value in a word, its evidence, the permission that would have told.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, Option<String>, &str, Option<&str>)> {
        fn row<'a, T>(
            name: &'static str,
            fact: &'a Fact<T>,
            word: impl Fn(&T) -> String,
        ) -> (&'static str, Option<String>, &'a str, Option<&'a str>) {
            (name, fact.value.as_ref().map(word), &fact.evidence, fact.permission.as_deref())
        }
        let yes = |value: &bool| if *value { "yes" } else { "no" }.to_owned();
        vec![
            row("opt-out policies in this partition", &self.partition, yes),
            row("organization", &self.organization, |it| it.as_str().to_owned()),
            row("caller", &self.role, |it| it.as_str().to_owned()),
            row("may write beside the management account", &self.writers, |it| principals(it)),
            row("accounts", &self.accounts, ToString::to_string),
            row("Control Tower", &self.control_tower, yes),
            row("Landing Zone Accelerator", &self.landing_zone_accelerator, yes),
            row("policies kept in", &self.infrastructure, |it| it.as_str().to_owned()),
            row("tools", &self.tools, |it| it.as_str().to_owned()),
        ]
    }
}

/// Principals in a word or a list: other people's text, made safe.
fn principals(writers: &[String]) -> String {
    match writers {
        [] => "nobody".to_owned(),
        some => some.iter().map(|writer| shown(writer)).collect::<Vec<_>>().join(", "),
    }
}
