//! The ways to opt out, and what speaks against each.

use super::{Infrastructure, Situation, Tools};
use crate::words::words;

words! {
    /// A way to bring an opt-out about.
    Method {
        /// This program: an intent, a plan, single calls, a confirmation.
        Apply = "apply",
        /// Terraform or OpenTofu.
        Terraform = "terraform",
        /// One CloudFormation stack.
        CloudFormation = "cloudformation",
        /// A program of the Cloud Development Kit.
        Cdk = "cdk",
        /// A customization of Landing Zone Accelerator.
        Lza = "lza",
        /// Customizations for Control Tower.
        ControlTower = "control-tower",
        /// A shell script on the `aws` command line.
        Script = "script",
        /// The console, step by step.
        Runbook = "runbook",
    }
}

impl Method {
    /// The method in a few words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Apply => "optout: intent, plan, apply",
            Self::Terraform => "Terraform for an organization that exists",
            Self::CloudFormation => "one CloudFormation stack in the management account",
            Self::Cdk => "a CDK program for the management account",
            Self::Lza => "a customization of Landing Zone Accelerator",
            Self::ControlTower => "Customizations for Control Tower",
            Self::Script => "a shell script on the aws command line",
            Self::Runbook => "the console, step by step",
        }
    }

    /// What speaks against it here.
    #[must_use]
    pub fn against(self, situation: &Situation) -> &'static str {
        let owner = situation.infrastructure.value;
        match self {
            Self::Apply => against_apply(situation),
            Self::Terraform if owner == Some(Infrastructure::Terraform) => {
                "it enables a policy type only by owning the organization: enable the type once beforehand"
            }
            Self::Terraform => {
                "it needs a state and a role in the management account, and enables a policy type only by owning the organization"
            }
            Self::CloudFormation => {
                "it cannot enable a policy type: a step beforehand; a StackSet never reaches the management account"
            }
            Self::Cdk => {
                "it needs Node.js and a bootstrapped management account, and what CloudFormation cannot do it cannot either"
            }
            Self::Lza if situation.landing_zone_accelerator.value == Some(true) => {
                "its own configuration has no place for this policy type: only a custom stack, in the management account, does it"
            }
            Self::Lza => "nothing here says that Landing Zone Accelerator built this organization",
            Self::ControlTower if situation.control_tower.value == Some(true) => {
                "it reaches the management account only where the role AWSControlTowerExecution was created there"
            }
            Self::ControlTower => "nothing here says that Control Tower governs this organization",
            Self::Script => "no plan to review, no undo, and no look at AWS's own answers afterwards",
            Self::Runbook => {
                "nothing is recorded or repeatable, and a lock that is forgotten shows nowhere: verify afterwards"
            }
        }
    }
}

fn against_apply(situation: &Situation) -> &'static str {
    match (situation.tools.value, situation.infrastructure.value) {
        (Some(Tools::AwsCli | Tools::Console), _) => "this program may not be used to change AWS here",
        (_, Some(Infrastructure::Terraform | Infrastructure::CloudFormation | Infrastructure::Cdk)) => {
            "the policies have an owner already: two owners undo each other's changes"
        }
        (_, Some(Infrastructure::Optout | Infrastructure::None) | None) => {
            "it runs where it is started: from a pipeline, somebody has to give it a role"
        }
    }
}
