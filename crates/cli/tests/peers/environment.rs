//! Peers at pinned versions: each a Python environment under `target/peers`, made once and used by all tests.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

/// Packages that are on PyPI as sources alone.
const SOURCES_ALONE: &str = "amazon-codewhisperer-jupyterlab-ext,amazon-q-developer-jupyterlab-ext";

/// A peer that is installed.
pub(crate) struct Environment {
    folder: PathBuf,
}

/// Why a peer cannot be had.
pub(crate) struct Missing {
    pub(crate) needs: String,
    pub(crate) why: String,
}

/// What was wanted; `None`, which is said, where it cannot be had.
///
/// # Panics
/// Where it cannot be had though `CI` is `true`.
pub(crate) fn or_skip<T>(wanted: Result<T, Missing>) -> Option<T> {
    let Missing { needs, why } = match wanted {
        Ok(had) => return Some(had),
        Err(missing) => missing,
    };
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "needs {needs}: {why}");
    // Past the harness, which keeps what a passing test prints to itself.
    io::stderr().write_all(format!("skipped: needs {needs} ({why})\n").as_bytes()).unwrap();
    None
}

impl Environment {
    /// The environment of `tests/peers/requirements/NAME.txt`; `None`, which is said, where it cannot be had.
    ///
    /// # Panics
    /// Where it cannot be had though `CI` is `true`.
    pub(crate) fn of(name: &str) -> Option<Self> {
        or_skip(install(name))
    }

    /// The Node modules of `tests/peers/npm/NAME`, as [`Environment::of`].
    ///
    /// # Panics
    /// As [`Environment::of`].
    pub(crate) fn node(name: &str) -> Option<Self> {
        or_skip(node(name))
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// One of its programs, to which those of `others` come next.
    pub(crate) fn program_with(&self, name: &str, others: &[&Self]) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = std::iter::once(self).chain(others.iter().copied()).map(Self::bin);
        let mut command = Command::new("env");
        command.arg(name).env_clear().env("HOME", self.folder.join("home"));
        command.env("PATH", std::env::join_paths(own.chain(std::env::split_paths(&path))).unwrap());
        command
    }

    /// Its Python, about to run a script of `tests/peers`.
    pub(crate) fn script(&self, name: &str) -> Command {
        self.command(self.bin().join("python"), name)
    }

    /// A program that came with the environment.
    pub(crate) fn program(&self, name: &str) -> Command {
        self.before(Command::new(self.bin().join(name)))
    }

    /// A shell about to run a script of `tests/peers`, to which the peer's programs come first.
    pub(crate) fn shell_script(&self, name: &str) -> Command {
        self.command(PathBuf::from("sh"), name)
    }

    /// It sees nothing of the environment it is started from but where programs are.
    fn command(&self, program: PathBuf, script: &str) -> Command {
        let mut command = self.before(Command::new(program));
        command.arg(sources().join(script));
        command
    }

    fn before(&self, mut command: Command) -> Command {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(self.bin()).chain(std::env::split_paths(&paths));
        command.env_clear();
        command.env("PATH", std::env::join_paths(paths).unwrap()).env("HOME", self.folder.join("home"));
        command
    }

    fn bin(&self) -> PathBuf {
        let modules = self.folder.join("node_modules/.bin");
        if modules.is_dir() { modules } else { self.folder.join("bin") }
    }
}

/// The schema of SARIF 2.1.0; `None` where it cannot be had.
pub(crate) fn sarif_schema() -> Option<PathBuf> {
    npm_file(
        "@microsoft/sarif-multitool-linux",
        "5.7.0",
        "sarif-2.1.0.json",
        "1c49a0f2b60444c71bb14878e21e0d882198eff4c539861b133093ad89ed798c",
    )
}

/// A file of an npm package, which is looked into and never run; `None`, which is said, where it cannot be had.
///
/// # Panics
/// Where it is not the file of this SHA-256, or cannot be had though `CI` is `true`.
pub(crate) fn npm_file(package: &str, version: &str, file: &str, sha256: &str) -> Option<PathBuf> {
    let wanted = format!("{package}@{version}");
    let name = package.trim_start_matches('@').replace('/', "-");
    let folder = or_skip(made(&name, &format!("{wanted} {file}"), |folder| {
        fs::create_dir_all(folder).unwrap();
        let mut pack = Command::new("npm");
        pack.args(["pack", "--silent", "--ignore-scripts", &wanted, "--pack-destination"]).arg(folder);
        let archive = run_for_output(&mut pack, &format!("npm, and {wanted} from its registry"))?;
        let mut unpack = Command::new("tar");
        unpack.arg("-xzf").arg(folder.join(archive.trim())).arg("-C").arg(folder).arg(format!("package/{file}"));
        run(&mut unpack, "tar")?;
        fs::remove_file(folder.join(archive.trim())).unwrap();
        Ok(())
    }))?;
    let path = folder.join("package").join(file);
    let hash: String = Sha256::digest(fs::read(&path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, sha256, "{wanted} {file}");
    Some(path)
}

/// Gives a command what AWS clients read of the environment: an endpoint on loopback, and keys of nobody.
pub(crate) fn aws<'a>(command: &'a mut Command, endpoint: &str) -> &'a mut Command {
    command
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

fn install(name: &str) -> Result<Environment, Missing> {
    let requirements = sources().join("requirements").join(format!("{name}.txt"));
    let wanted = fs::read_to_string(&requirements).unwrap();
    let first = wanted.lines().find(|line| line.starts_with(name)).unwrap_or(name);
    let version = run_for_output(python().arg("--version"), "python3")?;
    let with_pip = |folder: &Path| run(python().args(["-m", "venv"]).arg(folder), "python3-venv");
    let installer = Environment { folder: made("installer", &version, with_pip)? };
    let folder = made(name, &format!("{version}{wanted}"), |folder| {
        // Of pip there is one, in the environment above: making another takes longer than most installations.
        run(python().args(["-m", "venv", "--without-pip"]).arg(folder), "python3-venv")?;
        let mut pip = Command::new(installer.bin().join("python"));
        pip.args(["-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check", "--python"]).arg(folder);
        // The file names all there is to install, and Python compiles what is used of it.
        pip.args(["install", "--no-deps", "--no-compile", "--only-binary", ":all:", "--no-binary", SOURCES_ALONE]);
        pip.arg("--requirement").arg(&requirements);
        run(&mut pip, &format!("{first} from PyPI"))
    })?;
    Ok(Environment { folder })
}

fn node(name: &str) -> Result<Environment, Missing> {
    let sources = sources().join("npm").join(name);
    let wanted = fs::read_to_string(sources.join("package-lock.json")).unwrap();
    let folder = made(&format!("{name}-npm"), &wanted, |folder| {
        fs::create_dir_all(folder).unwrap();
        for file in ["package.json", "package-lock.json"] {
            fs::copy(sources.join(file), folder.join(file)).unwrap();
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(folder);
        run(&mut npm, &format!("{name} from npm"))
    })?;
    Ok(Environment { folder })
}

/// The folder `target/peers/NAME`, made where it is not there as wanted. Only one process at a time looks and makes.
pub(crate) fn made(
    name: &str,
    wanted: &str,
    make: impl FnOnce(&Path) -> Result<(), Missing>,
) -> Result<PathBuf, Missing> {
    let folder = peers().join(name);
    fs::create_dir_all(peers()).unwrap();
    let lock = File::create(peers().join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    // An environment knows its own absolute path and its Python: it is of no use elsewhere.
    let stamp = format!("{}\n{wanted}", folder.display());
    let stamp_file = folder.join("made-from");
    if fs::read_to_string(&stamp_file).is_ok_and(|found| found == stamp) {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    make(&folder)?;
    fs::create_dir_all(folder.join("home")).unwrap();
    fs::write(stamp_file, stamp).unwrap();
    Ok(folder)
}

pub(crate) fn run(command: &mut Command, needs: &str) -> Result<(), Missing> {
    run_for_output(command, needs).map(drop)
}

pub(crate) fn run_for_output(command: &mut Command, needs: &str) -> Result<String, Missing> {
    let missing = |why: String| Missing { needs: needs.to_owned(), why };
    let output = command.stdin(Stdio::null()).output().map_err(|error| missing(error.to_string()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let said = text(&output.stderr) + &text(&output.stdout);
    Err(missing(format!("{}: {}", output.status, said.lines().last().unwrap_or_default())))
}

fn python() -> Command {
    Command::new("python3")
}

fn peers() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("peers")
}

/// Where the peers' files are.
pub(crate) fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers")
}
