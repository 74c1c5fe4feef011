//! What a user may say about the output, the same for every command.

use clap::{Args, ValueEnum};

/// How much to tell, and in which colours.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct UiOptions {
    /// Print results, warnings and errors only
    #[arg(long, short, global = true, conflicts_with = "verbose", display_order = 900)]
    quiet: bool,

    /// Tell more on standard error: what is read, which calls are made
    #[arg(long, short, global = true, display_order = 901)]
    verbose: bool,

    /// When to use colours; `auto` means on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Colour::Auto, display_order = 902)]
    color: Colour,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

/// How much to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Quiet,
    Normal,
    Verbose,
}

impl Default for UiOptions {
    fn default() -> Self {
        Self { quiet: false, verbose: false, color: Colour::Auto }
    }
}

impl UiOptions {
    pub(super) const fn colour(&self) -> Colour {
        self.color
    }

    pub(super) const fn level(&self) -> Level {
        match (self.quiet, self.verbose) {
            (true, _) => Level::Quiet,
            (_, true) => Level::Verbose,
            (false, false) => Level::Normal,
        }
    }

    /// Whether everything is to be told.
    pub(crate) const fn is_verbose(&self) -> bool {
        self.verbose
    }
}
