//! Saved results about machines and sites: any text is refused with places or read, and can be told.

use optout_core::reach::{Sites, Workstation};

use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    match Workstation::parse(&source) {
        Ok(machine) => {
            let shares = machine.installed().any(|tool| tool.content.is_some_and(|it| it.shares() == Some(true)));
            assert!(!machine.describe().is_empty());
            // A machine on which nothing shares is not said to share.
            let telemetry = machine.tools.iter().any(|tool| tool.telemetry.is_some_and(|it| it.shares() == Some(true)));
            assert!(shares || telemetry || machine.shares() != Some(true));
        }
        Err(rejected) => reader::refused(&rejected, &source),
    }
    match Sites::parse(&source) {
        Ok(sites) => {
            for site in &sites.sites {
                assert!(site.describe(sites.at).contains(&site.name));
                assert!(site.let_in().all(|crawler| crawler.in_preset));
                assert!(site.shares() != Some(false) || site.verdict.shares() == Some(false));
            }
        }
        Err(rejected) => reader::refused(&rejected, &source),
    }
}
