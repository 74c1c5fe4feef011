//! Why files cannot be generated.

use crate::intent::ResolveError;
use crate::plan::PlanError;

/// Why files cannot be generated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GenerateError {
    /// The intent does not fit the organization.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// The organization was not read completely, or is none.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Exceptions without an organization.
    #[error("the intent has exceptions: the policies they need depend on the organization's units and accounts")]
    NeedsOrganization,
    /// A policy with more targets than the tool allows.
    #[error("the policy `{name}` is needed at {count} targets, and CloudFormation allows {limit} a policy")]
    TooManyTargets {
        /// The policy's name.
        name: String,
        /// How many targets.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A text that the tool would take for an instruction, with no way to write it otherwise.
    #[error("{tool} would replace `{found}` in {what} by something else")]
    Replaced {
        /// The tool.
        tool: &'static str,
        /// What it would act on.
        found: &'static str,
        /// Where it stands.
        what: String,
    },
    /// Something that only an organization or an option can tell.
    #[error("{what} is not known")]
    Missing {
        /// What is missing.
        what: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// A resource policy that cannot be added to.
    #[error("the organization's resource policy cannot be added to: {0}")]
    ResourcePolicy(String),
}

impl GenerateError {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Resolve(error) => error.help(),
            Self::Plan(error) => error.help(),
            Self::NeedsOrganization => {
                "name a saved organization with --organization FILE; `optout snapshot --output FILE` writes one"
            }
            Self::TooManyTargets { .. } => {
                "write `guard = \"units\"` in the intent, move the accounts into a unit, or use Terraform or `optout apply`"
            }
            Self::Replaced { .. } => "write the name, the description or the tag in the intent without it",
            Self::Missing { help, .. } => help,
            Self::ResourcePolicy(_) => "add the statements by hand: generate without --organization shows them",
        }
    }
}
