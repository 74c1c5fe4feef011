//! `docs/workstation.md` says what the data says. `UPDATE_GENERATED=1` writes it anew.

use std::{env, fs};

use optout_core::workstation::{Clients, document};

#[test]
fn the_page_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/workstation.md");
    let page = document(&Clients::built_in().unwrap());
    if env::var_os("UPDATE_GENERATED").is_some() {
        fs::write(path, &page).unwrap();
    }
    let stored = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(stored, page, "run this test with UPDATE_GENERATED=1 and look at what changed");
}
