//! Peers that run on Node: the packages of one `package-lock.json`, installed under `target/peers` once and used by all tests.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::environment::{Missing, made, or_skip, run, run_for_output, sources};

/// Packages that are installed.
pub(crate) struct Packages {
    folder: PathBuf,
    sources: PathBuf,
}

/// How a peer ended, and what it said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) well: bool,
    pub(crate) text: String,
}

impl Packages {
    /// The packages of `tests/peers/NAME/package-lock.json`; `None`, which is said, where they cannot be had.
    ///
    /// # Panics
    /// Where they cannot be had though `CI` is `true`.
    pub(crate) fn of(name: &str) -> Option<Self> {
        or_skip(install(name))
    }

    /// The folder of the peer's own files.
    pub(crate) fn sources(&self) -> &Path {
        &self.sources
    }

    /// Where the packages are: programs run here, so that they find them.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Node, about to run a file: one of a package, by its path in `node_modules`, or one of the peer's own.
    pub(crate) fn node(&self, file: &str) -> Command {
        let own = self.sources.join(file);
        let package = self.folder.join("node_modules").join(file);
        let mut command = self.command("node");
        command.arg(if own.exists() { own } else { package });
        command
    }

    /// A program that sees nothing of the environment it is started from but where programs are.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env_clear().stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.folder.join("home"));
        command
    }
}

/// Runs it to its end.
pub(crate) fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { well: output.status.success(), text: text(&output.stdout) + &text(&output.stderr) }
}

/// Where a program of the system is, by the first of its names that is on the path.
pub(crate) fn program(names: &[&'static str]) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&paths).collect();
    let found =
        names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|it| it.is_file());
    or_skip(found.ok_or_else(|| Missing { needs: names[0].to_owned(), why: "it is not on the path".to_owned() }))
}

fn install(name: &str) -> Result<Packages, Missing> {
    let sources = sources().join(name);
    let version = run_for_output(Command::new("node").arg("--version"), "node")?;
    let files = ["package.json", "package-lock.json"];
    let wanted: String = files.iter().map(|file| fs::read_to_string(sources.join(file)).unwrap()).collect();
    let folder = made(&format!("node-{name}"), &format!("{version}{wanted}"), |folder| {
        fs::create_dir_all(folder).unwrap();
        for file in files {
            fs::copy(sources.join(file), folder.join(file)).unwrap();
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
        run(&mut npm, "npm and its packages")
    })?;
    Ok(Packages { folder, sources })
}
