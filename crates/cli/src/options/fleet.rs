//! Many organizations in place of one.

use clap::Args;

/// Which organizations, and how many at once.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Many organizations")]
pub(crate) struct FleetOptions {
    /// Do it for every organization that this file names, and report on all of them together; see docs/fleet.md
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profile", "role_arn", "external_id", "region", "endpoint_url"])]
    pub(crate) fleet: Option<String>,

    /// Read this many organizations at once; each has its own rate limits
    #[arg(long, value_name = "N", default_value_t = 4, requires = "fleet", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) at_once: u8,
}
