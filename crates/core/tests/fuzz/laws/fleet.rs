//! Files that name many organizations: any text is refused with places or read; no two members share a name, a file or a way.

use std::collections::BTreeSet;

use optout_core::fleet::Fleet;

use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    match Fleet::parse(&source) {
        Ok(fleet) => {
            assert!(!fleet.members.is_empty());
            let files: BTreeSet<&str> = fleet.members.iter().map(|member| member.file_name.as_str()).collect();
            assert_eq!(files.len(), fleet.members.len(), "two members would write one file");
            let is_safe = |name: &&str| !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
            assert!(files.iter().all(is_safe), "{files:?}");
        }
        Err(rejected) => reader::refused(&rejected, &source),
    }
}
