//! Settings files of every format (JSON with comments, JSON, XML, TOML, properties): what is not refused is set, and a second
//! fix changes nothing. The first byte chooses the setting.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use optout_core::workstation::{Clients, Setting, fix};

static CLIENTS: LazyLock<Clients> = LazyLock::new(|| Clients::built_in().unwrap());

fuzz_target!(|bytes: &[u8]| {
    let Some((first, file)) = bytes.split_first() else { return };
    let settings: Vec<&Setting> = CLIENTS.products.iter().flat_map(|product| &product.settings).collect();
    let setting = settings[usize::from(*first) % settings.len()];
    let Ok(edit) = fix("settings", file, &[setting]) else { return };
    let again = fix("settings", &edit.bytes, &[setting]).expect("what was written can be read");
    assert!(!again.changed, "a second fix changes more: {}", again.diff);
});
