//! `optout workstation` and `optout generate workstation` on a home directory made for the test.

use crate::harness::Optout;

const SETTINGS: &str = "home/.config/Code/User/settings.json";
const EXTENSION: &str = "home/.vscode/extensions/amazonwebservices.amazon-q-vscode-1.108.0/package.json";

fn home(arguments: &str) -> Optout {
    Optout::new(arguments).file(EXTENSION, "{}")
}

#[test]
fn fixing_shows_the_change_writes_it_and_is_done_once() {
    let old = "{\n  // mine\n  \"editor.tabSize\": 2,\n}\n";
    let ran = home("workstation fix --yes --user-home home --os linux").file(SETTINGS, old).run();
    insta::assert_snapshot!(ran, @r#"
    exit 0
    --- stdout
    --- a[FOLDER]/home/.config/Code/User/settings.json
    +++ b[FOLDER]/home/.config/Code/User/settings.json
    @@ -1,4 +1,5 @@
     {
       // mine
       "editor.tabSize": 2,
    +  "amazonQ.shareContentWithAWS": false,
     }
    --- stderr
    note: [FOLDER]/home/.config/Code/User/settings.json is written
    "#);
    assert_eq!(ran.read(&format!("{SETTINGS}.bak")), old);
    let again = ran.then("workstation fix --yes --user-home home --os linux").run();
    assert_eq!((again.code, again.stdout.as_str()), (0, ""), "{again}");
    assert_eq!(again.then("workstation check --user-home home --os linux").run().code, 0);
}

#[test]
fn sharing_is_2_and_nothing_installed_is_0() {
    let ran = home("workstation check --user-home home --os linux --format json").run();
    assert_eq!((ran.code, &ran.json()["content"]), (2, &"sharing".into()));
    let ran = Optout::new("workstation check --user-home . --os linux --format json").run();
    assert_eq!((ran.code, &ran.json()["content"]), (0, &"not-installed".into()));
}

#[test]
fn a_file_that_cannot_be_understood_is_left_alone() {
    for text in ["{ \"a\": ", "\u{0}", "[[[[[["] {
        let ran = home("workstation fix --yes --user-home home --os linux").file(SETTINGS, text).run();
        assert!(ran.code == 3 || ran.code == 1, "{ran}");
        assert_eq!(ran.read(SETTINGS), text);
    }
}

#[cfg(unix)]
#[test]
fn links_out_of_the_home_directory_are_not_followed() {
    use std::os::unix::fs::symlink;
    let run = home("workstation fix --yes --user-home home --os linux").file("outside/User/settings.json", "{}\n");
    std::fs::create_dir_all(run.folder().join("home/.config")).unwrap();
    symlink(run.folder().join("outside"), run.folder().join("home/.config/Code")).unwrap();
    let ran = run.run();
    assert!(ran.code != 0, "{ran}");
    assert_eq!((ran.read("outside/User/settings.json").as_str(), ran.names("outside/User").len()), ("{}\n", 1));
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_a_link_out_of_the_home_directory_gets_no_new_file() {
    use std::os::unix::fs::symlink;
    let run = home("workstation fix --yes --user-home home --os linux").file("outside/keep", "");
    std::fs::create_dir_all(run.folder().join("home/.config")).unwrap();
    symlink(run.folder().join("outside"), run.folder().join("home/.config/Code")).unwrap();
    let ran = run.run();
    assert_eq!((ran.code, ran.names("outside")), (1, vec!["keep".to_owned()]), "{ran}");
}

#[cfg(unix)]
#[test]
fn the_permissions_of_a_file_stay() {
    use std::os::unix::fs::PermissionsExt;
    let run = home("workstation fix --yes --user-home home --os linux").file(SETTINGS, "{}\n");
    let path = run.folder().join(SETTINGS);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let ran = run.run();
    assert_eq!(ran.code, 0, "{ran}");
    let folder = ran.then("--version");
    let mode = std::fs::metadata(folder.folder().join(SETTINGS)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_no_vendor_documents_is_refused_with_the_reason() {
    let ran = Optout::new("generate workstation --for intune").run();
    assert!(ran.code == 1 && ran.stderr.contains("https://"), "{ran}");
    let ran = Optout::new("generate workstation --for ansible --out files").run();
    assert!(ran.code == 0 && !ran.names("files").is_empty(), "{ran}");
}
