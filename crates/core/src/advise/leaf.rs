//! The decision tree as a table: the first leaf that certainly fits is the advice.

use super::{Belonging, Infrastructure, Method, Role, Situation, Tools};

/// One end of the tree.
#[derive(Debug)]
pub struct Leaf {
    /// Its name, in kebab-case.
    pub id: &'static str,
    /// When it fits, in words.
    pub when: &'static str,
    /// Whether it fits; `None` where that is not known.
    pub fits: fn(&Situation) -> Option<bool>,
    /// What would settle it, where it is not known.
    pub ask: &'static str,
    /// The method; `None` where nothing can be done from here.
    pub method: Option<Method>,
    /// Why.
    pub why: &'static str,
    /// The commands, in order; `FROM` are the options that say where the organization is, `SAVED` is a saved one; `ACCOUNT` stays, for
    /// the reader to fill in.
    pub commands: &'static [&'static str],
}

/// What stands in the place of the words in capitals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saved {
    /// The options that say where the organization is read from; may be empty.
    pub from: String,
    /// Whether that is a file already, so that none needs to be saved first.
    pub is_file: bool,
}

impl Saved {
    /// The command with its words filled in; `None` for saving what is saved already.
    pub(super) fn fill(&self, command: &str) -> Option<String> {
        if self.is_file && command.starts_with("optout snapshot") {
            return None;
        }
        let saved = if self.is_file { self.from.as_str() } else { "--organization organization.json" };
        let word = |word| match word {
            "FROM" => self.from.as_str(),
            "SAVED" => saved,
            other => other,
        };
        let words: Vec<&str> = command.split(' ').map(word).filter(|word| !word.is_empty()).collect();
        Some(words.join(" "))
    }
}

/// What comes after every change, whatever made it.
const VERIFY: &str = "optout verify FROM";
const SNAPSHOT: &str = "optout snapshot FROM --output organization.json";
const INIT: &str = "optout init FROM";

/// The tree, in the order in which it is walked.
pub const LEAVES: &[Leaf] = &[
    Leaf {
        id: "partition-without-policies",
        when: "the partition has no AI services opt-out policies (GovCloud, China)",
        fits: |it| it.partition.value.map(|has| !has),
        ask: "use a region of the partition that is meant",
        method: None,
        why: "AWS documents that such policies cannot be created or used there: nothing can be opted out by one.",
        commands: &["optout services"],
    },
    Leaf {
        id: "member-account-only",
        when: "there is an organization, and these credentials are of an ordinary member account",
        fits: |it| in_organization(it, |it| it.role.value.map(|role| role == Role::Member)),
        ask: "--caller management|writer|delegate|member",
        method: None,
        why: "A member account can change no policy of its organization, and cannot opt itself out. It can see AWS's own answer for \
              itself; the management account, or a delegate whom the resource policy lets write, must act.",
        commands: &["optout verify FROM", "optout doctor FROM"],
    },
    Leaf {
        id: "delegate-without-grant",
        when: "there is an organization, and these credentials are of a delegated administrator who may only read",
        fits: |it| in_organization(it, |it| it.role.value.map(|role| role == Role::Delegate)),
        ask: "--caller management|writer|delegate|member",
        method: None,
        why: "Being a delegated administrator of a service lets an account read. To write opt-out policies it must be named in the \
              organization's resource policy, which only the management account can set.",
        commands: &[
            SNAPSHOT,
            "optout generate delegation-policy --delegate ACCOUNT SAVED --out delegation",
            "optout verify FROM",
        ],
    },
    Leaf {
        id: "no-organization",
        when: "the account is in no organization",
        fits: |it| it.organization.value.map(|belonging| belonging == Belonging::Nowhere),
        ask: "--features none|consolidated-billing|all",
        method: Some(Method::Apply),
        why: "An opt-out needs an organization, even for one account. Creating one is free and makes this account its management account \
              for ever; of several accounts choose one that runs nothing, and invite the others. A developer's tools are asked \
              about apart: no policy reaches them.",
        commands: &["optout init FROM", "optout apply --create-organization", VERIFY, "optout workstation check"],
    },
    Leaf {
        id: "consolidated-billing",
        when: "the organization has consolidated billing only",
        fits: |it| it.organization.value.map(|belonging| belonging == Belonging::Billing),
        ask: "--features none|consolidated-billing|all",
        method: None,
        why: "Without all features there are no policies. Enabling them cannot be taken back, and each account that was invited must \
              agree first. Then ask again.",
        commands: &["aws organizations enable-all-features", "optout advise FROM"],
    },
    Leaf {
        id: "console-only",
        when: "nothing is changed by program",
        fits: |it| it.tools.value.map(|tools| tools == Tools::Console),
        ask: "--tools optout|aws-cli|console",
        method: Some(Method::Runbook),
        why: "The walk-through has the ids of this organization and the document to paste. What was clicked is verified afterwards from \
              AWS's own answers.",
        commands: &[
            INIT,
            SNAPSHOT,
            "optout generate policy SAVED",
            "optout generate runbook SAVED --out runbook",
            VERIFY,
        ],
    },
    Leaf {
        id: "aws-cli-only",
        when: "nothing may be installed where AWS is changed",
        fits: |it| it.tools.value.map(|tools| tools == Tools::AwsCli),
        ask: "--tools optout|aws-cli|console",
        method: Some(Method::Script),
        why: "The script needs a shell and the aws command line, compares before it changes, and may run after every deployment of a \
              landing zone.",
        commands: &[INIT, SNAPSHOT, "optout generate script SAVED --out scripts", VERIFY],
    },
    Leaf {
        id: "landing-zone-accelerator",
        when: "Landing Zone Accelerator built the organization",
        fits: |it| it.landing_zone_accelerator.value,
        ask: "--lza yes|no",
        method: Some(Method::Lza),
        why: "Its configuration has no place for this policy type (its issue 107). A custom stack does it, deployed to the management \
              account alone, in one region; deployed to every account it would be made as often. The policy type is enabled once \
              beforehand.",
        commands: &[INIT, SNAPSHOT, "optout generate lza SAVED --out lza", VERIFY],
    },
    Leaf {
        id: "control-tower-with-terraform",
        when: "Control Tower governs the organization, and its policies are kept in Terraform",
        fits: |it| both(it.control_tower.value, is_kept_in(it, Infrastructure::Terraform)),
        ask: "--control-tower yes|no, --iac terraform|cloudformation|cdk|none",
        method: Some(Method::Terraform),
        why: "Account Factory for Terraform does not manage the management account, where the policy lives: a root module of its own \
              there, never a customization of accounts.",
        commands: &[
            INIT,
            SNAPSHOT,
            "optout generate terraform SAVED --out terraform",
            "optout generate control-tower SAVED --out control-tower",
            VERIFY,
        ],
    },
    Leaf {
        id: "control-tower",
        when: "Control Tower governs the organization",
        fits: |it| it.control_tower.value,
        ask: "--control-tower yes|no",
        method: Some(Method::ControlTower),
        why: "Control Tower has no control for this policy type. Its customizations can deploy a stack to the management account, where \
              the role AWSControlTowerExecution was created; the policy does not drift what Control Tower manages.",
        commands: &[INIT, SNAPSHOT, "optout generate control-tower SAVED --out control-tower", VERIFY],
    },
    Leaf {
        id: "kept-in-terraform",
        when: "the organization's policies are kept in Terraform",
        fits: |it| is_kept_in(it, Infrastructure::Terraform),
        ask: "--iac terraform|cloudformation|cdk|none",
        method: Some(Method::Terraform),
        why: "The policy belongs where its neighbours are, under the same review. The module refers to the organization and never owns \
              it, and imports what is there already.",
        commands: &[INIT, SNAPSHOT, "optout generate terraform SAVED --out terraform", VERIFY],
    },
    Leaf {
        id: "kept-in-cdk",
        when: "the organization's policies are kept in CDK programs",
        fits: |it| is_kept_in(it, Infrastructure::Cdk),
        ask: "--iac terraform|cloudformation|cdk|none",
        method: Some(Method::Cdk),
        why: "The construct refers to the organization that exists; the policy type is enabled by a step of its own.",
        commands: &[
            INIT,
            SNAPSHOT,
            "optout generate cdk-python SAVED --out cdk",
            "optout generate cdk-typescript SAVED --out cdk-typescript",
            VERIFY,
        ],
    },
    Leaf {
        id: "kept-in-cloudformation",
        when: "the organization's policies are kept in CloudFormation",
        fits: |it| is_kept_in(it, Infrastructure::CloudFormation),
        ask: "--iac terraform|cloudformation|cdk|none",
        method: Some(Method::CloudFormation),
        why: "One plain stack in the management account or a delegate's, never a StackSet. The policy type is enabled by a step of its \
              own, which CloudFormation has no resource for.",
        commands: &[INIT, SNAPSHOT, "optout generate cloudformation SAVED --out stack", VERIFY],
    },
    Leaf {
        id: "kept-by-optout",
        when: "the opt-out policies carry this program's tag",
        fits: |it| is_kept_in(it, Infrastructure::Optout),
        ask: "--iac terraform|cloudformation|cdk|none",
        method: Some(Method::Apply),
        why: "They have an owner: the intent they were made from. Go on with that, and let the plan show what differs.",
        commands: &["optout plan FROM", "optout apply", VERIFY],
    },
    Leaf {
        id: "one-account",
        when: "the organization has one account",
        fits: |it| it.accounts.value.map(|accounts| accounts <= 1),
        ask: "--accounts N",
        method: Some(Method::Apply),
        why: "Three commands and ten minutes. The plan says what would be lost before anything is changed, and the policy at the root \
              covers accounts that come later. A developer's tools are asked about apart: no policy reaches them.",
        commands: &[INIT, "optout plan FROM", "optout apply", VERIFY, "optout workstation check"],
    },
    Leaf {
        id: "several-accounts",
        when: "the organization has several accounts",
        fits: |it| it.accounts.value.map(|accounts| accounts > 1),
        ask: "--accounts N",
        method: Some(Method::Apply),
        why: "A reviewed plan, single calls that are safe to repeat, an undo, and AWS's own answers at the end. From a pipeline: plan on a \
              proposed change, apply after the approval.",
        commands: &[
            INIT,
            "optout plan FROM --out plan.json",
            "optout apply plan.json --yes",
            "optout verify FROM --intent optout.toml",
        ],
    },
];

fn is_kept_in(situation: &Situation, what: Infrastructure) -> Option<bool> {
    situation.infrastructure.value.map(|infrastructure| infrastructure == what)
}

/// A question about an organization does not arise where there is none.
fn in_organization(situation: &Situation, ask: impl Fn(&Situation) -> Option<bool>) -> Option<bool> {
    match situation.organization.value {
        Some(Belonging::Nowhere) => Some(false),
        Some(Belonging::Billing | Belonging::AllFeatures) | None => ask(situation),
    }
}

/// Both: a certain no beats an open question.
fn both(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        (None, _) | (_, None) => None,
    }
}
