//! What all commands have in common: usage, colours, quiet, closed pipes.

use std::io::Read;
use std::process::Stdio;

use crate::harness::Optout;

#[test]
fn help_and_version_are_answers() {
    for arguments in ["--help", "--version", "lint --help", "website check -h", "help verify"] {
        let ran = Optout::new(arguments).run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{arguments}");
        assert!(!ran.stdout.is_empty());
    }
    assert_eq!(Optout::new("--version").run().stdout, format!("optout {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_is_64_and_told_on_standard_error() {
    for arguments in [
        "",
        "nonsense",
        "lint",
        "resolve",
        "lint --fail-on worst a.json",
        "verify --max-age soon",
        "verify --at yesterday",
        "verify --account 12",
        "verify --organization a.json --profile p",
        "verify --external-id x",
        "services --covered --not-covered",
        "sandbox --port 70000",
        "sandbox --fault nothing",
        "services --allow-key Lex",
        "website check --block everything robots.txt",
        "website check https://user:secret@example.com/",
        "workstation check --os windows",
    ] {
        let ran = Optout::new(arguments).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{arguments}");
        assert!(!ran.stderr.is_empty(), "{arguments}");
        assert!(!ran.stderr.contains("secret"), "{}", ran.stderr);
    }
}

#[test]
fn a_hostile_argument_does_not_reach_the_terminal_as_it_is() {
    for arguments in [&["\u{1b}[2Jx"][..], &["lint", "\u{1b}[2J\u{202e}.json"], &["controls", "explain", "\u{9b}31m"]] {
        let ran = arguments.iter().fold(Optout::new(""), |run, argument| run.arg(argument)).run();
        assert!(ran.code != 0);
        ran.assert_harmless();
    }
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let coloured = |arguments: &str| Optout::new(arguments).run().stdout.contains('\u{1b}');
    assert!(!coloured("controls"));
    assert!(coloured("controls --color always"));
    let forced = Optout::new("controls --color never").environment("CLICOLOR_FORCE", "1").run();
    assert!(!forced.stdout.contains('\u{1b}'));
    let refused = Optout::new("controls").environment("NO_COLOR", "1").environment("CLICOLOR_FORCE", "1").run();
    assert!(!refused.stdout.contains('\u{1b}'));
}

#[test]
fn quiet_leaves_the_data_and_takes_the_notes() {
    let loud = Optout::new("services").run();
    let quiet = Optout::new("services --quiet").run();
    assert_eq!((loud.stdout, quiet.stderr.as_str()), (quiet.stdout, ""));
    assert!(loud.stderr.contains("service keys"));
}

#[test]
fn a_closed_pipe_is_a_quiet_success() {
    let run = Optout::new("man");
    let mut child = run.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn completions_and_manual_pages_are_made_for_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = Optout::new(&format!("completions {shell}")).run();
        assert!(ran.code == 0 && ran.stdout.contains("workstation"), "{shell}");
    }
    let ran = Optout::new("man --out .").run();
    let names = ran.names(".");
    assert!(
        names.contains(&"optout.1".to_owned()) && names.contains(&"optout-website-check.1".to_owned()),
        "{names:?}"
    );
    assert!(ran.read("optout-verify.1").contains(".TH"));
}

#[test]
fn an_output_file_is_written_whole_or_not_at_all() {
    let ran = Optout::new("services --format json --output out.json").file("out.json", "old").run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    assert!(ran.read("out.json").contains("optout.services/1"));
    assert_eq!(ran.names("."), ["out.json"]);
    let ran = Optout::new("services --output missing/out.json").run();
    assert_eq!((ran.code, ran.names(".").len()), (1, 0));
    let ran = Optout::new("lint broken.json --catalogue broken.json --output out.txt")
        .file("broken.json", "{")
        .file("out.txt", "old")
        .run();
    assert_eq!((ran.code, ran.read("out.txt").as_str()), (1, "old"));
}

#[cfg(unix)]
#[test]
fn a_new_file_is_as_private_as_the_umask_says_and_an_old_one_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |umask: &str, old: Option<u32>| {
        let run = Optout::new("services --output out.txt");
        if let Some(old) = old {
            std::fs::write(run.folder().join("out.txt"), "old").unwrap();
            let permissions = std::fs::Permissions::from_mode(old);
            std::fs::set_permissions(run.folder().join("out.txt"), permissions).unwrap();
        }
        let program = run.command();
        let mut shell = std::process::Command::new("sh");
        let script = format!("umask {umask}; exec \"$0\" \"$@\"");
        shell.args(["-c", &script]).arg(program.get_program()).args(program.get_args());
        assert!(shell.current_dir(run.folder()).status().unwrap().success());
        std::fs::metadata(run.folder().join("out.txt")).unwrap().permissions().mode() & 0o777
    };
    assert_eq!((mode("077", None), mode("022", None)), (0o600, 0o644));
    assert_eq!((mode("022", Some(0o600)), mode("077", Some(0o640))), (0o600, 0o640));
}
