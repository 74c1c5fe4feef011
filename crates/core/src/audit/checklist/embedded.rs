//! The files that are compiled in.

use std::sync::LazyLock;

use super::Checklists;
use crate::source::Source;

macro_rules! files {
    ($($name:literal),*) => {
        /// Name and text of each, in the order in which items are shown.
        const FILES: &[(&str, &str)] = &[$((
            concat!("data/checklists/", $name),
            include_str!(concat!("../../../../../data/checklists/", $name)),
        )),*];
    };
}

files!(
    "references.toml",
    "general.toml",
    "healthcare.toml",
    "financial.toml",
    "gdpr.toml",
    "data-residency.toml",
    "well-architected.toml"
);

pub(super) fn checklists() -> &'static Checklists {
    #[expect(clippy::expect_used, reason = "the files are part of the program and the tests read them")]
    static EMBEDDED: LazyLock<Checklists> = LazyLock::new(|| {
        let sources: Vec<Source> = FILES.iter().map(|(name, text)| Source::new(*name, *text)).collect();
        Checklists::parse(&sources).expect("the embedded checklists are valid")
    });
    &EMBEDDED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/checklists");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| format!("data/checklists/{}", entry.unwrap().file_name().to_string_lossy()))
            .collect();
        let mut named: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        found.sort();
        named.sort_unstable();
        assert_eq!(found, named);
    }
}
