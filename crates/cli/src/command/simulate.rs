//! `optout simulate`: what if. Nothing is touched.

use optout_core::org::{AccountId, PolicyId, TargetId, UnitId};
use optout_core::plan::simulate::{WhatIf, what_if};
use optout_core::report::plan;
use optout_core::report::simulation::Simulation;

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::options::{AnswerOptions, CatalogueOptions, OrganizationOptions, planning_read};
use crate::organization::Organization;
use crate::ui::Ui;

/// Show what a change would do to every account and service, and to the locks, without touching anything
///
/// From a saved organization it needs no credentials. Exit code 2 when something would change.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout simulate detach p-ab12cd34 r-ab12 --organization snapshot.json
  optout simulate opt-in transcribe 222222222222 --organization snapshot.json
  optout simulate move-account 222222222222 ou-ab12-11111111
  optout simulate new-service newai --format json")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

/// What every what-if has.
#[derive(Debug, Clone, clap::Args)]
struct Shared {
    #[command(flatten)]
    organization: OrganizationOptions,

    #[command(flatten)]
    catalogue: CatalogueOptions,

    #[command(flatten)]
    answer: AnswerOptions,
}

/// The change to try.
#[derive(Debug, clap::Subcommand)]
enum What {
    /// Attach a policy that is there
    #[command(after_help = "Examples:\n  optout simulate attach p-ab12cd34 ou-ab12-11111111")]
    Attach {
        /// The policy
        policy: PolicyId,
        /// Where: a root, unit or account
        target: TargetId,
        #[command(flatten)]
        shared: Shared,
    },
    /// Attach a new document
    #[command(after_help = "Examples:\n  optout simulate attach-document policy.json r-ab12")]
    AttachDocument {
        /// The file of the document; `-` is standard input
        file: String,
        /// Where: a root, unit or account
        target: TargetId,
        #[command(flatten)]
        shared: Shared,
    },
    /// Detach a policy
    #[command(after_help = "Examples:\n  optout simulate detach p-ab12cd34 r-ab12")]
    Detach {
        /// The policy
        policy: PolicyId,
        /// From where
        target: TargetId,
        #[command(flatten)]
        shared: Shared,
    },
    /// Give a policy another document
    #[command(after_help = "Examples:\n  optout simulate replace p-ab12cd34 policy.json")]
    Replace {
        /// The policy
        policy: PolicyId,
        /// The file of the document; `-` is standard input
        file: String,
        #[command(flatten)]
        shared: Shared,
    },
    /// Move an account
    #[command(after_help = "Examples:\n  optout simulate move-account 222222222222 ou-ab12-11111111")]
    MoveAccount {
        /// The account
        account: AccountId,
        /// The root or unit it moves to
        to: TargetId,
        #[command(flatten)]
        shared: Shared,
    },
    /// Move a unit with everything in it
    #[command(after_help = "Examples:\n  optout simulate move-unit ou-ab12-11111111 r-ab12")]
    MoveUnit {
        /// The unit
        unit: UnitId,
        /// The root or unit it moves to
        to: TargetId,
        #[command(flatten)]
        shared: Shared,
    },
    /// Create an account in a unit or at the root
    #[command(after_help = "Examples:\n  optout simulate new-account ou-ab12-11111111")]
    NewAccount {
        /// The root or unit
        parent: TargetId,
        #[command(flatten)]
        shared: Shared,
    },
    /// Let an account join from outside
    #[command(after_help = "Examples:\n  optout simulate join 999999999999")]
    Join {
        /// The account
        account: AccountId,
        #[command(flatten)]
        shared: Shared,
    },
    /// Let whoever may attach policies at a target try to opt a service in there
    #[command(after_help = "Examples:\n  optout simulate opt-in transcribe 222222222222")]
    OptIn {
        /// The service's key, or `default`
        service: String,
        /// Where: a root, unit or account
        target: TargetId,
        #[command(flatten)]
        shared: Shared,
    },
    /// Disable the policy type, which detaches every policy of it
    #[command(after_help = "Examples:\n  optout simulate disable-policy-type")]
    DisablePolicyType {
        #[command(flatten)]
        shared: Shared,
    },
    /// Let AWS add a service
    #[command(after_help = "Examples:\n  optout simulate new-service newai")]
    NewService {
        /// Its key
        service: String,
        #[command(flatten)]
        shared: Shared,
    },
}

impl What {
    fn shared(&self) -> &Shared {
        match self {
            Self::Attach { shared, .. }
            | Self::AttachDocument { shared, .. }
            | Self::Detach { shared, .. }
            | Self::Replace { shared, .. }
            | Self::MoveAccount { shared, .. }
            | Self::MoveUnit { shared, .. }
            | Self::NewAccount { shared, .. }
            | Self::Join { shared, .. }
            | Self::OptIn { shared, .. }
            | Self::DisablePolicyType { shared }
            | Self::NewService { shared, .. } => shared,
        }
    }

    /// The change, and what it is in words.
    fn change(&self) -> Result<(WhatIf, String), Error> {
        Ok(match self {
            Self::Attach { policy, target, .. } => (
                WhatIf::Attach { policy: policy.clone(), target: target.clone() },
                format!("attaching {policy} to {target}"),
            ),
            Self::AttachDocument { file, target, .. } => (
                WhatIf::AttachDocument { content: document(file)?, target: target.clone() },
                format!("attaching {} to {target}", file::name(file)),
            ),
            Self::Detach { policy, target, .. } => (
                WhatIf::Detach { policy: policy.clone(), target: target.clone() },
                format!("detaching {policy} from {target}"),
            ),
            Self::Replace { policy, file, .. } => (
                WhatIf::Replace { policy: policy.clone(), content: document(file)? },
                format!("{} as the document of {policy}", file::name(file)),
            ),
            Self::MoveAccount { account, to, .. } => {
                (WhatIf::MoveAccount { account: *account, to: to.clone() }, format!("moving {account} to {to}"))
            }
            Self::MoveUnit { unit, to, .. } => {
                (WhatIf::MoveUnit { unit: unit.clone(), to: to.clone() }, format!("moving {unit} to {to}"))
            }
            Self::NewAccount { parent, .. } => {
                (WhatIf::NewAccount { parent: parent.clone() }, format!("a new account in {parent}"))
            }
            Self::Join { account, .. } => (WhatIf::Join { account: *account }, format!("{account} joins")),
            Self::OptIn { service, target, .. } => (
                WhatIf::OptIn { service: service.clone(), target: target.clone() },
                format!("opting {service} in at {target}"),
            ),
            Self::DisablePolicyType { .. } => (WhatIf::DisablePolicyType, "disabling the policy type".to_owned()),
            Self::NewService { service, .. } => {
                (WhatIf::NewService { service: service.clone() }, format!("AWS adds the service {service}"))
            }
        })
    }
}

fn document(path: &str) -> Result<String, Error> {
    Ok(file::source(path, file::LARGEST_TEXT)?.text.to_string())
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let shared = args.what.shared();
    let catalogue = shared.catalogue.load()?;
    let (change, what) = args.what.change()?;
    let organization = Organization::get(&shared.organization, planning_read(), ui)?;
    let services: Vec<&str> = catalogue.services().iter().map(|service| service.key.as_str()).collect();
    let outcome = what_if(&organization.snapshot, &change, &services, organization.snapshot.taken)?;
    let text = || plan::what_if(&what, &outcome.changes, &outcome.after);
    shared.answer.hand_out(text, || super::pretty(&Simulation::new(&what, &outcome.changes)), ui)?;
    Ok(Exit::fails_if(!outcome.changes.is_empty()))
}
