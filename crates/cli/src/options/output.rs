//! Where results go.

use std::path::{Path, PathBuf};

use clap::Args;
use optout_core::report::Styled;

use crate::error::Error;
use crate::file;
use crate::ui::Ui;

/// Where results go.
#[derive(Debug, Clone, Args)]
pub(crate) struct OutputOptions {
    /// Write to this file in place of standard output; an old file stays until the new one is complete
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

impl OutputOptions {
    /// The path, where one was given.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.output.as_deref()
    }

    /// Hands out JSON.
    pub(crate) fn json(&self, ui: &mut Ui, text: &str) -> Result<(), Error> {
        match &self.output {
            None => ui.json(text),
            Some(path) => file::write(path, text.as_bytes()),
        }
    }

    /// Hands out text with tones, which a file gets without colours.
    pub(crate) fn styled(&self, ui: &mut Ui, text: &Styled) -> Result<(), Error> {
        match &self.output {
            None => ui.styled(text),
            Some(path) => file::write(path, text.to_string().as_bytes()),
        }
    }

    /// Hands out plain text that is this program's own.
    pub(crate) fn text(&self, ui: &mut Ui, text: &str) -> Result<(), Error> {
        match &self.output {
            None => ui.data(text),
            Some(path) => file::write(path, text.as_bytes()),
        }
    }
}
