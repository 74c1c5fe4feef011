//! `docs/controls` is made from the table of controls and must be as new as it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use optout_core::check::controls;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/controls")
}

fn expected() -> BTreeMap<String, String> {
    let pages = controls::ALL.iter().map(|control| (format!("{}.md", control.id), controls::page(control)));
    pages.chain([("README.md".to_owned(), controls::index())]).collect()
}

fn found() -> BTreeMap<String, String> {
    let files = std::fs::read_dir(folder()).into_iter().flatten().flatten();
    let name = |file: &std::fs::DirEntry| file.file_name().to_string_lossy().into_owned();
    let text = |file: &std::fs::DirEntry| std::fs::read_to_string(file.path()).unwrap_or_default();
    files.map(|file| (name(&file), text(&file).replace("\r\n", "\n"))).collect()
}

#[test]
fn docs_controls_is_as_new_as_the_table() {
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        let _ = std::fs::remove_dir_all(folder());
        std::fs::create_dir_all(folder()).unwrap();
        expected().iter().for_each(|(name, text)| std::fs::write(folder().join(name), text).unwrap());
    }
    assert!(
        found() == expected(),
        "docs/controls is stale; write it anew with `UPDATE_GENERATED=1 cargo test -p optout-core --test controls`"
    );
}

#[test]
fn every_file_of_a_control_is_in_the_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/controls");
    let files = std::fs::read_dir(folder).unwrap().flatten();
    let stems = files.filter_map(|file| Some(file.path().file_stem()?.to_string_lossy().replace('_', "-")));
    let mut stems: Vec<String> = stems.filter(|stem| stem != "mod" && stem != "page").collect();
    let mut ids: Vec<String> = controls::ALL.iter().map(|control| control.id.to_owned()).collect();
    stems.sort();
    ids.sort();
    assert_eq!(stems, ids);
}
