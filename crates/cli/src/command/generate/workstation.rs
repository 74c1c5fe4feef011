//! `optout generate workstation`: settings of developers' tools for many machines.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use optout_core::workstation::fleet::{Fleet, generate};
use optout_core::workstation::{Clients, FleetTarget};

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::ui::Ui;

/// Generate files that set the same settings of developers' tools on many machines
///
/// Only for what a vendor documents to reach these settings; for everything else the documented reason why it does not.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate workstation --for ansible
  optout generate workstation --for devcontainer --out .devcontainer")]
pub(super) struct Args {
    /// What sets the machines up
    #[arg(long = "for", value_enum, value_name = "TOOL")]
    target: Target,

    /// Write the files into this folder in place of standard output
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    VscodePolicy,
    Jetbrains,
    Intune,
    Jamf,
    Ansible,
    Devcontainer,
    Dotfiles,
}

impl From<Target> for FleetTarget {
    fn from(target: Target) -> Self {
        match target {
            Target::VscodePolicy => Self::VscodePolicy,
            Target::Jetbrains => Self::JetBrains,
            Target::Intune => Self::Intune,
            Target::Jamf => Self::Jamf,
            Target::Ansible => Self::Ansible,
            Target::Devcontainer => Self::DevContainer,
            Target::Dotfiles => Self::Dotfiles,
        }
    }
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let clients = Clients::built_in()?;
    let fleet = generate(&clients, args.target.into())
        .map_err(|error| Error::failed(error.to_string(), error.help.unwrap_or_default()))?;
    match &args.out {
        None => print(&fleet, ui)?,
        Some(folder) => write(&fleet, folder, ui)?,
    }
    fleet.notes.iter().for_each(|note| ui.note(note));
    Ok(Exit::Holds)
}

/// One file as it is; several each under its name.
fn print(fleet: &Fleet, ui: &mut Ui) -> Result<(), Error> {
    for generated in &fleet.files {
        if fleet.files.len() > 1 {
            ui.note(&generated.path);
        }
        ui.data(&generated.text)?;
    }
    Ok(())
}

fn write(fleet: &Fleet, folder: &Path, ui: &mut Ui) -> Result<(), Error> {
    for generated in &fleet.files {
        let path = folder.join(&generated.path);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).map_err(|error| Error::write(&parent.to_string_lossy(), &error))?;
        file::write(&path, generated.text.as_bytes())?;
        ui.note(&format!("{} is written", path.display()));
    }
    Ok(())
}
