//! For people or for machines.

use clap::{Args, ValueEnum};
use optout_core::report::Styled;

use super::OutputOptions;
use crate::error::Error;
use crate::ui::Ui;

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For machines: versioned, with a schema in docs/schemas
    Json,
}

/// The form of an answer, and where it goes.
#[derive(Debug, Clone, Args)]
pub(crate) struct AnswerOptions {
    /// The form of the output
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,

    #[command(flatten)]
    output: OutputOptions,
}

impl AnswerOptions {
    /// Whether the answer is for people.
    pub(crate) fn is_text(&self) -> bool {
        self.format == Format::Text
    }

    /// Hands out the answer in the form that was asked for, the only one that is made.
    pub(crate) fn hand_out(
        &self,
        text: impl FnOnce() -> Styled,
        json: impl FnOnce() -> String,
        ui: &mut Ui,
    ) -> Result<(), Error> {
        match self.format {
            Format::Text => self.output.styled(ui, &text()),
            Format::Json => self.output.json(ui, &json()),
        }
    }
}
