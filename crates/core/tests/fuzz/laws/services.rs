//! AWS's page of services, saved as HTML or Markdown: any text is refused with a place or read; no key is there twice.

use std::collections::BTreeSet;

use optout_core::catalogue::page::Page;

use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    match Page::read(&source) {
        Ok(page) => {
            let distinct: BTreeSet<&str> = page.keys.iter().map(|key| key.as_str()).collect();
            assert_eq!(distinct.len(), page.keys.len());
        }
        Err(rejected) => reader::refused(&rejected, &source),
    }
}
