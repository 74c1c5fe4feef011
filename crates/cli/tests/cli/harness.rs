//! One run of the program in a folder of its own, with nothing of this machine's environment.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// A run to be.
pub(crate) struct Optout {
    folder: TempDir,
    arguments: Vec<String>,
    input: Vec<u8>,
    environment: Vec<(String, String)>,
}

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    folder: TempDir,
}

impl Optout {
    /// A run with these arguments, parted at spaces.
    pub(crate) fn new(arguments: &str) -> Self {
        let arguments = arguments.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let folder = tempfile::Builder::new().prefix("optout-test").tempdir().unwrap();
        Self { folder, arguments, input: Vec::new(), environment: Vec::new() }
    }

    /// One more argument, as it is.
    pub(crate) fn arg(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// A file in the folder.
    pub(crate) fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// The example organization, as `acme.json`.
    pub(crate) fn acme(self) -> Self {
        self.file("acme.json", include_str!("../../../../examples/acme/organization.json"))
    }

    /// What stands on standard input.
    pub(crate) fn input(mut self, text: impl AsRef<[u8]>) -> Self {
        self.input = text.as_ref().to_vec();
        self
    }

    /// A variable of the environment.
    pub(crate) fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The folder it runs in.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The command, for tests that need more than its end.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(cargo_bin("optout"));
        command.args(&self.arguments).current_dir(self.folder.path()).env_clear();
        command.env("HOME", self.folder.path()).env("AWS_EC2_METADATA_DISABLED", "true");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(self) -> Ran {
        let output = assert_cmd::Command::from_std(self.command()).write_stdin(self.input.clone()).output().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            folder: self.folder,
        }
    }
}

impl Ran {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The text of a file in the folder.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// The folder it ran in.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where something in the folder is.
    pub(crate) fn folder_path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The names in the folder, or in one below.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join(folder)).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The same folder for a second run.
    pub(crate) fn then(self, arguments: &str) -> Optout {
        let next = Optout::new(arguments);
        Optout { folder: self.folder, ..next }
    }

    /// Both outputs hold nothing that a terminal would obey.
    pub(crate) fn assert_harmless(&self) {
        for text in [&self.stdout, &self.stderr] {
            let steers = |character: char| {
                (character.is_control() && character != '\n') || matches!(character, '\u{202a}'..='\u{202e}')
            };
            assert!(!text.contains(steers), "{text:?}");
        }
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder: PathBuf = self.folder.path().canonicalize().unwrap();
        let without_folder = |text: &str| {
            text.replace(&*folder.to_string_lossy(), "[FOLDER]")
                .replace(&*self.folder.path().to_string_lossy(), "[FOLDER]")
        };
        writeln!(f, "exit {}", self.code)?;
        writeln!(f, "--- stdout\n{}", without_folder(&self.stdout).trim_end())?;
        write!(f, "--- stderr\n{}", without_folder(&self.stderr).trim_end())
    }
}
