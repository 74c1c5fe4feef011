//! Catalogues and checklists that replace those compiled in: any text is refused with a place or read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use optout_core::audit::Checklists;
use optout_core::catalogue::Catalogue;
use optout_core::source::Source;
use optout_core::website::crawler::CrawlerCatalogue;
use optout_core::workstation::Clients;

fuzz_target!(|text: &str| {
    let source = Source::new("data.toml", text);
    let _ = Catalogue::parse(&source);
    let _ = CrawlerCatalogue::parse(source.clone());
    let _ = Clients::parse("data.toml", text);
    let _ = Checklists::parse(&[source]);
});
