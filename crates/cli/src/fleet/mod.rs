//! Many organizations: their file, their reading side by side, their judgements.
//!
//! Whatever goes wrong with one is said of that one; the others are complete.

mod judge;
mod read;
mod table;

pub(crate) use judge::{Assessed, Judged, Wanted, entries, judge};
pub(crate) use read::{Job, Read, read_all};
pub(crate) use table::{Row, table};

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use optout_aws::session::{Recorder, SessionOptions};
use optout_core::evidence::Hash;
use optout_core::fleet::{Access, Fleet, FleetOrigin, Member, Reach, Trouble};

use crate::error::Error;
use crate::file;

/// The file of a fleet, read.
#[derive(Debug)]
pub(crate) struct Organizations {
    pub(crate) fleet: Fleet,
    folder: PathBuf,
}

impl Organizations {
    /// Reads the file.
    pub(crate) fn load(path: &str) -> Result<Self, Error> {
        let source = file::source(path, file::LARGEST_TEXT)?;
        let folder = Path::new(path).parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { fleet: Fleet::parse(&source)?, folder })
    }

    /// A path of the file: relative to it.
    pub(crate) fn beside(&self, path: &str) -> String {
        self.folder.join(path).to_string_lossy().into_owned()
    }

    /// Where a report over all of them comes from.
    pub(crate) fn origin(&self, at: Timestamp) -> FleetOrigin {
        FleetOrigin {
            path: self.fleet.source.name.clone(),
            sha256: Hash::of(&self.fleet.source.text).to_string(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            at,
        }
    }

    /// How each is read; `base` says what is not the business of the file, `recorded` whether AWS's answers are kept.
    pub(crate) fn jobs(&self, base: &SessionOptions, recorded: bool) -> Vec<Job> {
        self.fleet.members.iter().map(|member| self.job(member, base, recorded)).collect()
    }

    fn job(&self, member: &Member, base: &SessionOptions, recorded: bool) -> Job {
        match &member.reach {
            Reach::Saved(path) => Job::Saved(self.beside(path)),
            Reach::Live(access) => {
                let recorder = recorded.then(Recorder::new);
                Job::Live { session: Box::new(session(access, base, recorder)), origin: access.origin() }
            }
        }
    }
}

fn session(access: &Access, base: &SessionOptions, recorder: Option<Recorder>) -> SessionOptions {
    SessionOptions {
        profile: access.profile.clone(),
        role_arn: access.role_arn.clone(),
        external_id: access.external_id.clone(),
        region: access.region.clone(),
        endpoint_url: access.endpoint_url.clone(),
        recorder,
        ..base.clone()
    }
}

/// What went wrong with one organization, in one line.
pub(crate) fn trouble(error: &Error) -> Trouble {
    Trouble { message: error.to_string().replace('\n', "; "), help: error.help().unwrap_or_default().to_owned() }
}

/// Options that are about one organization and were given with a fleet.
pub(crate) fn alone(given: &[(&str, bool)]) -> Result<(), Error> {
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(Error::usage(
            format!("{option} is about one organization, and --fleet is about many"),
            "say it for each organization in the file of the fleet, or leave --fleet out",
        )),
        None => Ok(()),
    }
}
