//! `optout doctor`: why an opt-out does not do what somebody expects.

use clap::ValueEnum;
use optout_core::catalogue::NotCovered;
use optout_core::check::{Assessment, assess};
use optout_core::doctor::{self, Asked, Complaint, Symptom, examine};

use super::explain::{find, key};
use crate::error::Error;
use crate::exit::Exit;
use crate::judgement::{Judgement, JudgementOptions};
use crate::options::{AnswerOptions, SelectionOptions};
use crate::ui::Ui;

/// Find out why an opt-out has no effect, why the policy type is not enabled, or what made a service behave differently
///
/// Says for every possible cause whether it applies, with the observation that it rests on; which ones are excluded; and
/// what could not be told, with the permission that is missing. It changes nothing. Exit code 2 when a diagnosis
/// applies, 3 when none is known to and something could not be told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout doctor
  optout doctor --account 111111111111 --service lex
  optout doctor --account payments --service transcribe --symptom behaves-differently --intent optout.toml
  optout doctor --organization snapshot.json --format json")]
pub(crate) struct Args {
    /// Only about this account: its id, or its name where only one account has it
    #[arg(long, value_name = "ACCOUNT", help_heading = "Complaint")]
    account: Option<String>,

    /// Only about this service: a key of `optout services`, `default`, or a service that the policy does not reach
    #[arg(long, value_name = "SERVICE", help_heading = "Complaint")]
    service: Option<String>,

    /// Only about this symptom
    #[arg(long, value_enum, value_name = "SYMPTOM", help_heading = "Complaint")]
    symptom: Option<SymptomWord>,

    #[command(flatten)]
    judgement: JudgementOptions,

    #[command(flatten)]
    answer: AnswerOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SymptomWord {
    /// The policy type is not enabled
    TypeNotEnabled,
    /// The policy is not taking effect
    NoEffect,
    /// A service behaves differently since the opt-out
    BehavesDifferently,
}

impl From<SymptomWord> for Symptom {
    fn from(word: SymptomWord) -> Self {
        match word {
            SymptomWord::TypeNotEnabled => Self::TypeNotEnabled,
            SymptomWord::NoEffect => Self::NoEffect,
            SymptomWord::BehavesDifferently => Self::BehavesDifferently,
        }
    }
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    // What lies beside the account explains it too: everything is read.
    let judgement = Judgement::gather(&args.judgement, &SelectionOptions::default(), None, ui)?;
    let assessment = assess(&judgement.question());
    let complaint = Complaint {
        account: args.account.as_deref().map(|text| find(&assessment, text)).transpose()?,
        service: args.service.as_deref().map(|text| asked(&assessment, text)).transpose()?,
        symptom: args.symptom.map(Symptom::from),
        places: args.judgement.places(),
    };
    let examination = examine(&assessment, complaint);
    args.answer.hand_out(|| doctor::text(&examination), || doctor::json(&examination), ui)?;
    Ok(examination.decision.into())
}

/// A key of the policy, or a service that it does not reach by its name.
fn asked<'a>(assessment: &'a Assessment<'_>, text: &str) -> Result<Asked<'a>, Error> {
    if let Some(key) = assessment.keys.get(text) {
        return Ok(Asked::Key(key));
    }
    let same = |service: &&NotCovered| service.id == text || service.name.eq_ignore_ascii_case(text);
    match assessment.catalogue.not_covered().iter().find(same) {
        Some(service) => Ok(Asked::NotReached(service)),
        None => key(assessment, text).map(Asked::Key),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};
    use optout_core::doctor::{PLACEHOLDERS, diagnoses};

    use crate::command::Cli;

    /// A template with examples in place of the words that are filled in.
    fn example(template: &str) -> Vec<String> {
        let filled = template.split(' ').map(|word| {
            let known = PLACEHOLDERS.iter().find(|(name, _)| *name == word);
            known.map_or(word, |(_, example)| *example).to_owned()
        });
        filled.filter(|word| !word.is_empty()).collect()
    }

    #[test]
    fn every_command_that_a_diagnosis_names_exists() {
        Cli::command().debug_assert();
        for diagnosis in diagnoses::ALL {
            for template in diagnosis.next.iter().filter(|template| template.starts_with("optout ")) {
                let parsed = Cli::try_parse_from(example(template));
                assert!(parsed.is_ok(), "{}: {template}: {}", diagnosis.id, parsed.unwrap_err());
            }
        }
    }
}
