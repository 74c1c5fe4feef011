//! Files that other programs remove, replace or change between being read and being written, and what is no file at all: a
//! clear message, and nothing of theirs lost.
//!
//! The program shows a change before it writes it. A change that is larger than a pipe holds stops it there until somebody
//! reads: what is done then comes after the reading and before the writing, every time.

use std::fs;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::Optout;

const CODE: &str = "home/.config/Code/User/settings.json";
const EXTENSION: &str = "home/.vscode/extensions/amazonwebservices.amazon-q-vscode-1.108.0/package.json";
const FIX: &str = "workstation fix --yes --user-home home --os linux";
const WRITE: &str = "website write --yes robots.txt";
const LINT: &str = "lint --fix --yes policies";
/// More files than a pipe holds changes of.
const POLICIES: usize = 600;
const LAST: &str = "policies/p599.json";
const POLICY: &str = r#"{"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}"#;

/// Something that another program does to a file.
type Deed = fn(&Path);

fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}

fn change(path: &Path) {
    fs::write(path, "theirs\n").unwrap();
}

/// As most editors save: the same name, another file.
fn replace(path: &Path) {
    let new = path.with_extension("new");
    fs::write(&new, "theirs\n").unwrap();
    fs::rename(new, path).unwrap();
}

fn put_a_folder(path: &Path) {
    fs::remove_file(path).unwrap();
    fs::create_dir(path).unwrap();
}

fn put_a_pipe(path: &Path) {
    fs::remove_file(path).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn put_a_link_to_nothing(path: &Path) {
    fs::remove_file(path).unwrap();
    symlink("nothing", path).unwrap();
}

const DEEDS: [(&str, Deed, &str); 6] = [
    ("removed", remove, "it was removed in the meantime"),
    ("changed", change, "it changed in the meantime"),
    ("replaced", replace, "it changed in the meantime"),
    ("a folder", put_a_folder, "something else took its place in the meantime"),
    ("a pipe", put_a_pipe, "something else took its place in the meantime"),
    ("a link to nothing", put_a_link_to_nothing, "it was removed in the meantime"),
];

/// What stands at a path: its kind, its number on the disk, when it was changed and what it says.
fn standing(path: &Path) -> Option<(u32, u64, i64, Vec<u8>)> {
    let data = fs::symlink_metadata(path).ok()?;
    let text = if data.is_file() { fs::read(path).unwrap() } else { Vec::new() };
    Some((data.mode(), data.ino(), data.mtime_nsec(), text))
}

/// Runs it until it shows its change, does something to the file, and lets it go on: how it ended and what it said.
fn with_deed(run: &Optout, file: &str, deed: Deed) -> (i32, String) {
    with_deed_under(run.command(), run, file, deed)
}

fn with_deed_under(mut command: Command, run: &Optout, file: &str, deed: Deed) -> (i32, String) {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut shown = child.stdout.take().unwrap();
    shown.read_exact(&mut [0]).unwrap();
    let path = run.folder().join(file);
    deed(&path);
    let theirs = standing(&path);
    shown.read_to_end(&mut Vec::new()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(standing(&path), theirs, "{file} is no longer what the other program left there");
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// Root, as which tests may run, may read everything: then the program runs as somebody else.
#[test]
fn a_settings_file_that_became_unreadable_is_left_alone() {
    let run = fixable();
    let folders = [".", "home", "home/.config", "home/.config/Code", "home/.config/Code/User"];
    for folder in folders {
        fs::set_permissions(run.folder().join(folder), fs::Permissions::from_mode(0o777)).unwrap();
    }
    fs::set_permissions(run.folder().join(CODE), fs::Permissions::from_mode(0o666)).unwrap();
    let mut command = run.command();
    if fs::metadata(run.folder()).unwrap().uid() == 0 {
        command.uid(65_534).gid(65_534);
    }
    let close: Deed = |path| fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    let (code, said) = with_deed_under(command, &run, CODE, close);
    assert!(code == 1 && said.contains("it became unreadable") && said.contains(CODE), "{code} {said}");
}

/// A line that alone fills any pipe.
fn long() -> String {
    "x".repeat(400_000)
}

fn fixable() -> Optout {
    Optout::new(FIX).file(EXTENSION, "{}").file(CODE, format!("{{\n  // {}\n}}\n", long()))
}

fn writable() -> Optout {
    Optout::new(WRITE).file("robots.txt", format!("User-agent: *\nDisallow: /private\n# {}\n", long()))
}

fn lintable() -> Optout {
    (0..POLICIES).fold(Optout::new(LINT), |run, number| run.file(&format!("policies/p{number:03}.json"), POLICY))
}

fn assert_left_alone(make: fn() -> Optout, file: &str) {
    for (what, deed, words) in DEEDS {
        let run = make();
        let (code, said) = with_deed(&run, file, deed);
        assert!(code == 1 && said.contains(words) && said.contains(file), "{what}: {code} {said}");
        let beside = run.folder().join(file).parent().unwrap().to_owned();
        let names = fs::read_dir(beside).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let strays: Vec<String> = names.filter(|name| name.starts_with(".optout-")).collect();
        assert_eq!(strays, Vec::<String>::new(), "{what}");
    }
}

#[test]
fn a_settings_file_that_is_not_what_was_read_any_more_is_left_alone() {
    assert_left_alone(fixable, CODE);
}

#[test]
fn a_robots_file_that_is_not_what_was_read_any_more_is_left_alone() {
    assert_left_alone(writable, "robots.txt");
}

#[test]
fn a_policy_that_is_not_what_was_read_any_more_is_left_alone() {
    for (what, deed, words) in [DEEDS[0], DEEDS[1], DEEDS[4]] {
        let (code, said) = with_deed(&lintable(), LAST, deed);
        assert!(code == 1 && said.contains(words) && said.contains(LAST), "{what}: {code} {said}");
    }
}

/// The same runs without another program write: the tests above do not pass because nothing is ever written.
#[test]
fn without_another_program_each_is_written() {
    for (run, file) in [(fixable(), CODE), (writable(), "robots.txt"), (lintable(), LAST)] {
        let path = run.folder().join(file);
        let before = fs::read(&path).unwrap();
        let mut command = run.command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut shown = child.stdout.take().unwrap();
        shown.read_exact(&mut [0]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), before, "{file} is written before its change is read");
        shown.read_to_end(&mut Vec::new()).unwrap();
        child.wait().unwrap();
        assert_ne!(fs::read(&path).unwrap(), before, "{file}");
    }
}

/// A file that came while there was none to begin with is somebody else's.
#[test]
fn a_settings_file_that_came_in_the_meantime_is_left_alone() {
    let second = "home/.kiro/settings/cli.json";
    let run = Optout::new(FIX)
        .file(EXTENSION, "{}")
        .file("home/.local/bin/kiro-cli", "")
        .file(CODE, format!("{{\n  // {}\n}}\n", long()));
    let come: Deed = |path| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "theirs\n").unwrap();
    };
    let (code, said) = with_deed(&run, second, come);
    assert!(code == 1 && said.contains(second), "{code} {said}");
}

/// What is no file is named at once: a pipe would be waited for, a device never ends.
#[test]
fn a_pipe_or_a_device_is_not_waited_for_where_a_file_is_to_be_written() {
    for (arguments, name) in [(WRITE, "robots.txt"), ("lint --fix --yes policy.json", "policy.json")] {
        for device in [false, true] {
            let run = Optout::new(arguments);
            let path = run.folder().join(name);
            if device {
                symlink("/dev/zero", &path).unwrap();
            } else {
                assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            }
            let ran = run.run();
            assert_eq!(ran.code, 1, "{ran}");
            assert!(ran.stderr.contains("no regular file") && ran.stderr.contains(name), "{ran}");
        }
    }
}

#[test]
fn a_settings_file_that_is_a_device_is_unknown() {
    let run = Optout::new(FIX).file(EXTENSION, "{}").file("home/.config/Code/User/other", "");
    assert!(Command::new("mkfifo").arg(run.folder().join(CODE)).status().unwrap().success());
    let ran = run.run();
    assert!(ran.code == 3 && ran.stderr.contains("settings.json") && ran.stderr.contains("left alone"), "{ran}");
}

/// A robots.txt behind a link is written where it is; the link stays one.
#[test]
fn a_link_to_a_robots_file_stays_a_link() {
    let run = Optout::new(WRITE).file("real/robots.txt", "User-agent: *\nDisallow: /private\n");
    symlink("real/robots.txt", run.folder().join("robots.txt")).unwrap();
    let ran = run.run();
    assert_eq!(ran.code, 0, "{ran}");
    assert!(fs::symlink_metadata(ran.folder_path("robots.txt")).unwrap().is_symlink());
    assert!(
        ran.read("real/robots.txt").contains("Amazonbot") || ran.read("real/robots.txt").contains("amazon"),
        "{ran}"
    );
}
