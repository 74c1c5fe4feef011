//! `docs/doctor.md` is made from the table of diagnoses and must be as new as it.

use std::path::{Path, PathBuf};

use optout_core::doctor::{diagnoses, page};

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/doctor.md")
}

#[test]
fn docs_doctor_is_as_new_as_the_table() {
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        std::fs::write(path(), page()).unwrap();
    }
    let written = std::fs::read_to_string(path()).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == page(), "docs/doctor.md is stale; `UPDATE_GENERATED=1 cargo test -p optout-core --test doctor`");
}

#[test]
fn every_file_of_a_diagnosis_is_in_the_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/doctor/diagnoses");
    let files = std::fs::read_dir(folder).unwrap().flatten();
    let stems = files.filter_map(|file| Some(file.path().file_stem()?.to_string_lossy().replace('_', "-")));
    let mut stems: Vec<String> = stems.filter(|stem| stem != "mod").collect();
    let mut ids: Vec<String> = diagnoses::ALL.iter().map(|diagnosis| diagnosis.id.to_owned()).collect();
    stems.sort();
    ids.sort();
    assert_eq!(stems, ids);
}
