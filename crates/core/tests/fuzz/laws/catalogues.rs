//! Catalogues and checklists that replace those compiled in: any text is refused with places or read.

use optout_core::audit::Checklists;
use optout_core::catalogue::Catalogue;
use optout_core::source::Rejected;
use optout_core::usage::{BillingNames, MetricCatalogue};
use optout_core::website::crawler::CrawlerCatalogue;
use optout_core::workstation::Clients;

use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    let refusals: [Option<Rejected>; 6] = [
        Catalogue::parse(&source).err(),
        CrawlerCatalogue::parse(source.clone()).err(),
        Clients::parse(&source.name, &source.text).err(),
        Checklists::parse(std::slice::from_ref(&source)).err(),
        BillingNames::parse(&source).err(),
        MetricCatalogue::parse(&source).err(),
    ];
    refusals.iter().flatten().for_each(|rejected| reader::refused(rejected, &source));
}
