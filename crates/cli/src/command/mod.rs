//! The commands, one file each: `Args`, whose doc comment is the help, and `run`.

pub(crate) mod advise;
pub(crate) mod apply;
pub(crate) mod audit;
pub(crate) mod completions;
pub(crate) mod controls;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod evidence;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod history;
pub(crate) mod impact;
pub(crate) mod init;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod plan;
pub(crate) mod publish;
pub(crate) mod report;
pub(crate) mod resolve;
pub(crate) mod sandbox;
pub(crate) mod services;
mod services_check;
pub(crate) mod simulate;
pub(crate) mod snapshot;
pub(crate) mod trail;
pub(crate) mod verify;
pub(crate) mod website;
pub(crate) mod workstation;

use clap::{Parser, Subcommand};

use crate::ui::UiOptions;

/// Find out which accounts of an AWS organization AWS may use content of to improve its AI services, and end it
///
/// Every command only reads, unless its name says otherwise. Exit codes: 0 it holds, 1 something went wrong, 2 it does
/// not hold, 3 it could not be determined, 64 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "optout", version, max_term_width = 120, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) ui: UiOptions,
}

const EXAMPLES: &str = "\
Examples:
  optout demo
  optout verify --profile management
  optout doctor
  optout advise
  optout init
  optout plan
  optout apply
  optout lint policy.json
  optout services --filter transcribe";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Verify(verify::Args),
    Report(report::Args),
    Publish(publish::Args),
    Explain(explain::Args),
    Doctor(doctor::Args),
    Audit(audit::Args),
    Snapshot(snapshot::Args),
    Trail(trail::Args),
    Advise(advise::Args),
    Init(init::Args),
    Plan(plan::Args),
    Apply(apply::Args),
    Simulate(simulate::Args),
    Impact(impact::Args),
    History(history::Args),
    Diff(diff::Args),
    Evidence(evidence::Args),
    Demo(demo::Args),
    Lint(lint::Args),
    Resolve(resolve::Args),
    Services(services::Args),
    Controls(controls::Args),
    Generate(generate::Args),
    Workstation(workstation::Args),
    Website(website::Args),
    Sandbox(sandbox::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// A value of ours as indented JSON, with a line feed at the end.
pub(crate) fn pretty(value: &impl serde::Serialize) -> String {
    // INVARIANT: our own structs have texts as keys, which is all that could make this fail.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::Cli;

    /// Every command below `command`, itself included, with its words.
    fn all(command: &clap::Command, words: &str) -> Vec<(String, clap::Command)> {
        let below = command.get_subcommands().filter(|below| below.get_name() != "help");
        let below = below.flat_map(|below| all(below, &format!("{words} {}", below.get_name())));
        std::iter::once((words.to_owned(), command.clone())).chain(below).collect()
    }

    fn commands() -> Vec<(String, clap::Command)> {
        let mut root = Cli::command();
        root.build();
        all(&root, "optout")
    }

    fn examples(command: &clap::Command) -> Vec<String> {
        let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let lines = text.strip_prefix("Examples:\n").unwrap_or_default().lines();
        lines.map(str::trim).filter(|line| line.starts_with("optout ")).map(str::to_owned).collect()
    }

    /// The words of a line as a shell would part them, up to a pipe or a redirection.
    fn words(line: &str) -> Vec<String> {
        let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
        for character in line.chars() {
            match (quote, character) {
                (None, '\'' | '"') => (quote, word) = (Some(character), Some(word.unwrap_or_default())),
                (Some(open), _) if open == character => quote = None,
                (None, ' ') => words.extend(word.take()),
                (None, '|' | '>') => return words,
                _ => word.get_or_insert_default().push(character),
            }
        }
        words.extend(word);
        words
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples_of_its_own_and_they_parse() {
        for (name, command) in commands() {
            let examples = examples(&command);
            assert!(!examples.is_empty(), "`{name}` has no examples");
            assert!(examples.iter().any(|line| line.starts_with(&name)), "`{name}` has no example of itself");
            for line in examples {
                let parsed = Cli::try_parse_from(words(&line));
                assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
            }
        }
    }

    #[test]
    fn the_first_line_of_every_help_has_no_full_stop() {
        for (name, command) in commands() {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && !about.ends_with('.'), "{name}: {about}");
            for argument in command.get_arguments() {
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_empty() && !help.ends_with('.'), "{name} {}: {help}", argument.get_id());
            }
        }
    }
}
