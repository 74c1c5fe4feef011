//! Settings files and robots.txt by somebody who means harm, or that nobody may read: a clear message, and the file as it was.

use crate::harness::{Optout, Ran};

const CODE: &str = "home/.config/Code/User/settings.json";
const EXTENSION: &str = "home/.vscode/extensions/amazonwebservices.amazon-q-vscode-1.108.0/package.json";
const KIRO: &str = "home/.kiro/settings/cli.json";
const JETBRAINS: &str = "home/.config/JetBrains/IntelliJIdea2025.1/options/aws.xml";
const ECLIPSE: &str =
    "home/eclipse-workspace/.metadata/.plugins/org.eclipse.core.runtime/.settings/amazon-q-eclipse.prefs";

/// Ten megabytes and more of everything that hurts.
fn texts() -> Vec<(&'static str, Vec<u8>)> {
    let many = |text: &str| text.repeat(10_000_000 / text.len()).into_bytes();
    vec![
        ("brackets", many("[")),
        ("braces", many("{\"a\":")),
        ("elements", many("<a>")),
        ("names", many("a\n")),
        ("quotes", many("\"")),
        ("NUL bytes", b"{\"a\": \"\0\"}\0".to_vec()),
        ("invalid UTF-8", b"{\"a\": \"\xff\xfe\xc3\"}".to_vec()),
        ("half a UTF-16", b"\xff\xfe{\0\"".to_vec()),
        ("deep enough", many("[").into_iter().take(100_000).collect()),
    ]
}

/// Runs it over a file and says what is wrong with how it ended: a crash, no word, a changed file, a file too many.
fn assert_untouched(command: &str, path: &str, what: &str, text: &[u8]) -> Ran {
    let run = Optout::new(command).file(EXTENSION, "{}").file(path, text);
    let ran = run.run();
    assert!([1, 2, 3].contains(&ran.code), "{what} in {path}: {}", ran.code);
    assert!(!ran.stderr.contains("panicked"), "{what} in {path}: {}", ran.stderr);
    assert!(std::fs::read(ran.folder_path(path)).unwrap() == text, "{what} in {path} was changed");
    let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
    let beside: Vec<String> = ran.names(folder).into_iter().filter(|name| name.contains("bak")).collect();
    assert!(beside.is_empty(), "{what}: {beside:?}");
    ran.assert_harmless();
    ran
}

#[test]
fn hostile_settings_files_end_in_words_and_stay_as_they_are() {
    for (what, text) in texts() {
        for path in [CODE, KIRO, JETBRAINS] {
            let checked = assert_untouched("workstation check --user-home home --os linux", path, what, &text);
            assert!(checked.stdout.contains(path), "{what} in {path}: {checked}");
            let fixed = assert_untouched("workstation fix --yes --user-home home --os linux", path, what, &text);
            assert!(fixed.stderr.contains(path), "{what} in {path}: {fixed}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_also_where_nothing_else_shows_the_extension() {
    let text = "{\"amazonQ.shareContentWithAWS\": true, ";
    let checked = Optout::new("workstation check --user-home home --os linux").file(CODE, text).run();
    assert!(checked.code == 3 && checked.stdout.contains(CODE), "{checked}");
    let fixed = Optout::new("workstation fix --yes --user-home home --os linux").file(CODE, text).run();
    assert!(fixed.code != 0 && fixed.stderr.contains(CODE), "{fixed}");
    assert_eq!(fixed.read(CODE), text);
}

#[test]
fn hostile_robots_files_end_in_words_and_stay_as_they_are() {
    for (what, text) in texts() {
        let checked = Optout::new("website check robots.txt").file("robots.txt", &text).run();
        assert!([1, 2, 3].contains(&checked.code) && !checked.stderr.contains("panicked"), "{what}: {checked}");
        if text.len() > 1_000_000 || text.contains(&0) || std::str::from_utf8(&text).is_err() {
            let ran = assert_untouched("website write --yes robots.txt", "robots.txt", what, &text);
            assert!(ran.code == 1 && ran.stderr.contains("robots.txt"), "{what}: {ran}");
        }
    }
}

#[test]
fn a_folder_in_place_of_a_file_is_named() {
    let ran = Optout::new("workstation fix --yes --user-home home --os linux")
        .file(EXTENSION, "{}")
        .file(&format!("{CODE}/inside"), "kept")
        .run();
    assert!(ran.code == 3 || ran.code == 1, "{ran}");
    assert_eq!(ran.read(&format!("{CODE}/inside")), "kept");
    let ran = Optout::new("website write --yes robots.txt").file("robots.txt/inside", "kept").run();
    assert_eq!((ran.code, ran.read("robots.txt/inside").as_str()), (1, "kept"), "{ran}");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::{Command, Output, Stdio};

    use super::{CODE, ECLIPSE, EXTENSION, Optout};

    /// Runs the program as somebody who owns nothing here; root, as which tests may run, may read and write everything.
    fn as_nobody(run: &Optout) -> Option<Output> {
        let mut command: Command = run.command();
        let me = std::fs::metadata(run.folder()).ok()?;
        if std::os::unix::fs::MetadataExt::uid(&me) == 0 {
            command.uid(65_534).gid(65_534);
        }
        command.stdin(Stdio::null()).output().ok()
    }

    fn set_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_file_that_may_not_be_read_is_unknown_and_one_that_may_not_be_written_is_named() {
        for (file_mode, word) in [(0o000, "may not be read"), (0o444, "cannot write")] {
            let run = Optout::new("workstation fix --yes --user-home home --os linux")
                .file(EXTENSION, "{}")
                .file(CODE, "{}\n");
            set_mode(run.folder(), 0o755);
            set_mode(&run.folder().join(CODE), file_mode);
            set_mode(&run.folder().join("home/.config/Code/User"), 0o555);
            // Where the program itself may not be reached by others there is nothing to see.
            let Some(output) = as_nobody(&run) else { return };
            let said = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
            set_mode(&run.folder().join(CODE), 0o600);
            set_mode(&run.folder().join("home/.config/Code/User"), 0o755);
            assert!(matches!(output.status.code(), Some(1 | 3)), "{said}");
            assert!(said.contains(word) && said.contains("settings.json"), "{said}");
            assert_eq!(std::fs::read_to_string(run.folder().join(CODE)).unwrap(), "{}\n");
            let names: Vec<_> = std::fs::read_dir(run.folder().join("home/.config/Code/User")).unwrap().collect();
            assert_eq!(names.len(), 1, "{names:?}");
        }
    }

    /// An administrator who looks after the home of somebody else: what is written there stays theirs. Only root can give files away; who is
    /// not root sees here that its own files stay its own.
    #[test]
    fn files_of_others_and_new_ones_in_their_home_are_theirs() {
        use std::os::unix::fs::{MetadataExt, lchown};
        let run = Optout::new("workstation fix --yes --telemetry --user-home home --os linux")
            .file(EXTENSION, "{}")
            .file(CODE, "{}\n")
            .file("home/.kiro/there", "");
        let own = std::fs::metadata(run.folder()).unwrap().uid();
        let theirs = if own == 0 { 54_321 } else { own };
        if own == 0 {
            give_all(&run.folder().join("home"), theirs);
            lchown(run.folder().join("home/.config/Code/User"), Some(0), Some(0)).unwrap();
        }
        set_mode(&run.folder().join(CODE), 0o640);
        let ran = run.run();
        assert!(ran.read(CODE).contains("amazonQ.shareContentWithAWS"), "{ran}");
        for path in [CODE.to_owned(), format!("{CODE}.bak")] {
            let data = std::fs::metadata(ran.folder_path(&path)).unwrap();
            assert_eq!((data.uid(), data.mode() & 0o777), (theirs, 0o640), "{path}");
        }
        for path in every_path(&ran.folder_path("home")).into_iter().filter(|it| !it.ends_with("Code/User")) {
            assert_eq!(std::fs::symlink_metadata(&path).unwrap().uid(), theirs, "{}", path.display());
        }
    }

    fn every_path(folder: &Path) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
        entries
            .flat_map(|it| if it.is_dir() { every_path(&it).into_iter().chain([it]).collect() } else { vec![it] })
            .collect()
    }

    fn give_all(folder: &Path, to: u32) {
        let all = every_path(folder).into_iter().chain([folder.to_owned()]);
        all.for_each(|it| std::os::unix::fs::lchown(it, Some(to), Some(to)).unwrap());
    }

    #[test]
    fn a_link_out_of_the_home_directory_is_neither_read_nor_written() {
        let run = Optout::new("workstation fix --yes --user-home home --os linux")
            .file(EXTENSION, "{}")
            .file("outside/settings.json", "{}\n")
            .file("home/.config/Code/User/other", "");
        symlink(run.folder().join("outside/settings.json"), run.folder().join(CODE)).unwrap();
        let ran = run.run();
        assert!(ran.code != 0, "{ran}");
        assert_eq!((ran.read("outside/settings.json").as_str(), ran.names("outside").len()), ("{}\n", 1));
        assert!(std::fs::symlink_metadata(ran.folder_path(CODE)).unwrap().is_symlink());
    }

    #[test]
    fn a_link_in_a_circle_and_a_link_to_nothing_end_in_words() {
        for target in ["settings.json", "gone"] {
            let run = Optout::new("workstation fix --yes --user-home home --os linux")
                .file(EXTENSION, "{}")
                .file("home/.config/Code/User/other", "");
            symlink(target, run.folder().join(CODE)).unwrap();
            let ran = run.run();
            assert!(ran.code == 1 || ran.code == 3, "{target}: {ran}");
            assert!(std::fs::symlink_metadata(ran.folder_path(CODE)).unwrap().is_symlink(), "{target}");
        }
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let run = Optout::new("workstation check --user-home home --os linux").file(EXTENSION, "{}").file(ECLIPSE, "");
        std::fs::create_dir_all(run.folder().join("home/.config/Code/User")).unwrap();
        let made = Command::new("mkfifo").arg(run.folder().join(CODE)).status();
        if made.is_ok_and(|status| status.success()) {
            let ran = run.run();
            assert_eq!(ran.code, 2, "{ran}");
            assert!(ran.stdout.contains("settings.json"), "{ran}");
        }
    }
}
