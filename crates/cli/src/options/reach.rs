//! Saved results about machines and sites, which no organization policy reaches.

use clap::Args;
use optout_core::audit::Observations;
use optout_core::reach::{Sites, Workstation};

use crate::error::Error;
use crate::file;

/// Which machines and sites were looked at.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Machines and sites")]
pub(crate) struct ReachOptions {
    /// What `optout workstation check --format json` wrote; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1..)]
    workstation: Vec<String>,

    /// What `optout website check --format json` wrote; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1..)]
    website: Vec<String>,
}

impl ReachOptions {
    /// Whether none was given.
    pub(crate) const fn is_empty(&self) -> bool {
        self.workstation.is_empty() && self.website.is_empty()
    }

    /// What the files say.
    ///
    /// # Errors
    /// Where one cannot be read or is something else, with its place.
    pub(crate) fn read(&self) -> Result<Observations, Error> {
        let mut observations = Observations::default();
        for path in &self.workstation {
            observations.workstations.push(Workstation::parse(&file::source(path, file::LARGEST_TEXT)?)?);
        }
        for path in &self.website {
            observations.websites.push(Sites::parse(&file::source(path, file::LARGEST_TEXT)?)?);
        }
        Ok(observations)
    }
}
