//! `optout`: which AWS accounts may have their content used to improve AWS AI services, and how to end it.
//!
//! The command line is parsed, one command runs, its result becomes an exit code. Commands are in [`command`], one file
//! each; everything that can be computed is in `optout-core`.

mod applying;
mod command;
mod disk;
mod error;
mod exit;
mod fetch;
mod file;
mod fleet;
mod judgement;
mod opted_out;
mod options;
mod organization;
mod signature;
mod simulation;
mod store;
mod trail;
mod ui;
mod verdict;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use command::{Cli, Command};
use error::Error;
use exit::Exit;
use ui::{Ui, UiOptions};

fn main() -> ExitCode {
    match Cli::try_parse_from(command::audit::with_checklists(std::env::args_os())) {
        Ok(cli) => run(cli).into(),
        Err(error) => not_run(&error).into(),
    }
}

fn run(cli: Cli) -> Exit {
    if cli.ui.is_verbose() {
        tell_what_libraries_say();
    }
    let mut ui = Ui::new(&cli.ui);
    let result = dispatch(cli.command, &mut ui);
    result.unwrap_or_else(|error| {
        ui.error(&error);
        error.exit()
    })
}

/// What our own libraries log goes to standard error; what others log is theirs.
fn tell_what_libraries_say() {
    let ours = Targets::new().with_target("optout", LevelFilter::DEBUG);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).without_time();
    tracing_subscriber::registry().with(layer.with_filter(ours)).init();
}

fn dispatch(command: Command, ui: &mut Ui) -> Result<Exit, Error> {
    match command {
        Command::Verify(args) => command::verify::run(&args, ui),
        Command::Report(args) => command::report::run(&args, ui),
        Command::Publish(args) => command::publish::run(&args, ui),
        Command::Explain(args) => command::explain::run(&args, ui),
        Command::Doctor(args) => command::doctor::run(&args, ui),
        Command::Audit(args) => command::audit::run(&args, ui),
        Command::Trail(args) => command::trail::run(&args, ui),
        Command::Usage(args) => command::usage::run(&args, ui),
        Command::Snapshot(args) => command::snapshot::run(&args, ui),
        Command::Advise(args) => command::advise::run(&args, ui),
        Command::Init(args) => command::init::run(&args, ui),
        Command::Plan(args) => command::plan::run(&args, ui),
        Command::Apply(args) => command::apply::run(&args, ui),
        Command::Simulate(args) => command::simulate::run(&args, ui),
        Command::Impact(args) => command::impact::run(&args, ui),
        Command::Diff(args) => command::diff::run(&args, ui),
        Command::Evidence(args) => command::evidence::run(&args, ui),
        Command::History(args) => command::history::run(&args, ui),
        Command::Demo(args) => command::demo::run(&args, ui),
        Command::Sandbox(args) => command::sandbox::run(&args, ui),
        Command::Resolve(args) => command::resolve::run(&args, ui),
        Command::Lint(args) => command::lint::run(&args, ui),
        Command::Services(args) => command::services::run(&args, ui),
        Command::Controls(args) => command::controls::run(&args, ui),
        Command::Generate(args) => command::generate::run(&args, ui),
        Command::Workstation(args) => command::workstation::run(&args, ui),
        Command::Website(args) => command::website::run(&args, ui),
        Command::Completions(args) => command::completions::run(&args, ui),
        Command::Man(args) => command::man::run(&args, ui),
    }
}

/// Help and version are answers; everything else is wrong usage, told on standard error.
fn not_run(error: &clap::Error) -> Exit {
    let is_answer = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if is_answer {
        // Who asked for help and closed the pipe has seen enough.
        let _ = error.print();
        return Exit::Holds;
    }
    Ui::new(&UiOptions::default()).usage(&error.render().to_string());
    Exit::Usage
}
