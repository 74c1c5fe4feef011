//! Which AI services are known.

use std::borrow::Cow;

use clap::Args;
use optout_core::catalogue::{Catalogue, InvalidServiceKeyError};

use crate::error::Error;
use crate::file;

/// The catalogue of AI services.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Catalogue")]
pub(crate) struct CatalogueOptions {
    /// Use this catalogue of AI services in place of the one compiled in
    #[arg(long, value_name = "FILE")]
    catalogue: Option<String>,

    /// Accept this service key too, for a service newer than the catalogue; may be given several times
    #[arg(long = "allow-key", value_name = "KEY")]
    allow_keys: Vec<String>,
}

impl CatalogueOptions {
    /// The catalogue meant.
    pub(crate) fn load(&self) -> Result<Cow<'static, Catalogue>, Error> {
        let catalogue = match &self.catalogue {
            None => Cow::Borrowed(Catalogue::embedded()),
            Some(path) => Cow::Owned(Catalogue::parse(&file::source(path, file::LARGEST_TEXT)?)?),
        };
        if self.allow_keys.is_empty() {
            return Ok(catalogue);
        }
        let usage = |error: InvalidServiceKeyError| Error::usage(error.to_string(), InvalidServiceKeyError::HELP);
        catalogue.with_allowed_keys(&self.allow_keys).map(Cow::Owned).map_err(usage)
    }
}
