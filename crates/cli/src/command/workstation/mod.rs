//! `optout workstation`: what AWS developer tools on a machine share.

mod check;
mod fix;
mod text;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use optout_core::source::Source;
use optout_core::workstation::{Clients, Facts, Kind, Machine, Os, Report, Severity, Verdict, check as judge, gather};

use crate::disk::Disk;
use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::ui::Ui;

/// Find out what AWS developer tools on this machine share, and end it
///
/// Editors, IDEs and command lines send code and usage data under settings of their own, which no organization policy
/// reaches.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout workstation check
  optout workstation fix --dry-run")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Check(check::Args),
    Fix(fix::Args),
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    match &args.action {
        Action::Check(args) => check::run(args, ui),
        Action::Fix(args) => fix::run(args, ui),
    }
}

/// Whose files are looked at.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Machine")]
struct MachineOptions {
    /// Look at this home directory, such as one in a backup, in place of one's own; the environment is not known then
    #[arg(long, value_name = "DIR")]
    user_home: Option<PathBuf>,

    /// The operating system whose paths apply, if not this one
    #[arg(long, value_enum, requires = "user_home")]
    os: Option<System>,

    /// What the machine is called in results; its host name, unless given or another machine's files are looked at
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// Use this catalogue of tools in place of the one compiled in
    #[arg(long, value_name = "FILE")]
    clients: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum System {
    Linux,
    Macos,
    Windows,
}

impl From<System> for Os {
    fn from(system: System) -> Self {
        match system {
            System::Linux => Self::Linux,
            System::Macos => Self::MacOs,
            System::Windows => Self::Windows,
        }
    }
}

/// A machine with everything needed to judge it.
struct Subject {
    /// What the machine is called, where that is known.
    name: Option<String>,
    clients: Clients,
    machine: Machine,
    disk: Disk,
}

impl MachineOptions {
    fn subject(&self) -> Result<Subject, Error> {
        let clients = match &self.clients {
            None => Clients::built_in()?,
            Some(path) => {
                let Source { name, text } = file::source(path, file::LARGEST_TEXT)?;
                Clients::parse(&name, &text)?
            }
        };
        let (home, own) = match &self.user_home {
            Some(home) => (home.clone(), false),
            None => (own_home()?, true),
        };
        let home = absolute(&home)?;
        let environment = own.then(|| std::env::vars_os().filter_map(readable).collect());
        let machine = Machine { os: self.os.map_or_else(here, Os::from), home: home.clone(), environment };
        let disk = Disk::new(Path::new(&home), own).map_err(|error| Error::read(&home, &error))?;
        let name = self.name.clone().or_else(|| own.then(host_name).flatten());
        Ok(Subject { name, clients, machine, disk })
    }
}

impl Subject {
    /// What is on the machine, and what it means.
    fn look(&self) -> (Facts, Report) {
        let facts = self.disk.look(|reach| gather(&self.clients, &self.machine, reach));
        let report = judge(&self.clients, &self.machine, &facts);
        (facts, report)
    }
}

fn readable((name, value): (std::ffi::OsString, std::ffi::OsString)) -> Option<(String, String)> {
    Some((name.into_string().ok()?, value.into_string().ok()?))
}

/// What this machine calls itself; `None` where it does not say, or says nothing that is text.
fn host_name() -> Option<String> {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_str().ok().map(str::to_owned);
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").ok();
    name.filter(|name| !name.is_empty())
}

fn own_home() -> Result<PathBuf, Error> {
    let missing = || Error::failed("the home directory is not known", "name it with --user-home");
    std::env::home_dir().filter(|home| !home.as_os_str().is_empty()).ok_or_else(missing)
}

fn absolute(home: &Path) -> Result<String, Error> {
    let shown = home.to_string_lossy();
    let home = std::path::absolute(home).map_err(|error| Error::read(&shown, &error))?;
    if home.is_file() {
        return Err(Error::failed(format!("`{shown}` is not a directory"), "name the home directory"));
    }
    let text = home.into_os_string().into_string();
    text.map_err(|_| Error::failed(format!("the path `{shown}` is not UTF-8"), "reach it by a link with another name"))
}

const fn here() -> Os {
    if cfg!(windows) {
        Os::Windows
    } else if cfg!(target_os = "macos") {
        Os::MacOs
    } else {
        Os::Linux
    }
}

/// From which weight on a setting that shares fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Line {
    /// Usage data is sent
    Low,
    /// Content is shared
    High,
}

/// Whether it fails, and otherwise whether it is known: content decides, usage data where `line` says so.
fn exit(report: &Report, line: Line) -> Exit {
    let counts = |kind: Kind| match kind {
        Kind::Content => true,
        Kind::Telemetry => line == Line::Low,
    };
    let findings = || report.products.iter().flat_map(|product| &product.findings).filter(|it| counts(it.kind));
    let shares =
        findings().any(|finding| finding.verdict == Verdict::Sharing && finding.severity > Some(Severity::Info));
    let telemetry_open = line == Line::Low && report.telemetry == Verdict::Unknown;
    match report.content {
        _ if shares => Exit::Fails,
        Verdict::Sharing => Exit::Fails,
        Verdict::Unknown => Exit::Undetermined,
        Verdict::OptedOut | Verdict::NotInstalled if telemetry_open => Exit::Undetermined,
        Verdict::OptedOut | Verdict::NotInstalled => Exit::Holds,
    }
}
