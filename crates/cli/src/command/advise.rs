//! `optout advise`: which way to opt this organization out.

use clap::ValueEnum;
use optout_aws::read::ReadOptions;
use optout_core::advise::{self, Answers, Belonging, Infrastructure, Role, Saved, Situation, Tools, advise, observe};
use optout_core::org::EvidenceMode;

use crate::error::Error;
use crate::exit::Exit;
use crate::options::{AnswerOptions, OrganizationOptions, SelectionOptions, read_options};
use crate::organization::Organization;
use crate::ui::Ui;

/// Say which way to opt the organization out, why, what speaks against the others, and the commands
///
/// Reads AWS, or a saved organization (`optout snapshot --with landscape` has all that is needed). Answers by option count before what
/// was observed; where nothing can be read they are all there is. It changes nothing, and the exit code is 0.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout advise
  optout advise --organization organization.json --lza no
  optout advise --offline --accounts 40 --control-tower yes --lza no --iac terraform
  optout advise --profile management --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    organization: OrganizationOptions,

    /// Read nothing: only the answers count
    #[arg(long, conflicts_with_all = ["organization", "profile", "role_arn", "region", "endpoint_url"], help_heading = "Answers")]
    offline: bool,

    /// How many accounts there are
    #[arg(long, value_name = "NUMBER", help_heading = "Answers")]
    accounts: Option<usize>,

    /// Which features the organization has; `none` where there is no organization
    #[arg(long, value_enum, value_name = "FEATURES", help_heading = "Answers")]
    features: Option<Features>,

    /// As whom you speak
    #[arg(long, value_enum, value_name = "ROLE", help_heading = "Answers")]
    caller: Option<CallerWord>,

    /// Whether AWS Control Tower governs it
    #[arg(long, value_enum, value_name = "ANSWER", help_heading = "Answers")]
    control_tower: Option<Answer>,

    /// Whether Landing Zone Accelerator built it
    #[arg(long, value_enum, value_name = "ANSWER", help_heading = "Answers")]
    lza: Option<Answer>,

    /// What the organization's policies are kept in
    #[arg(long, value_enum, value_name = "TOOL", help_heading = "Answers")]
    iac: Option<Iac>,

    /// What may be used to change AWS
    #[arg(long, value_enum, value_name = "TOOL", help_heading = "Answers")]
    tools: Option<ToolsWord>,

    #[command(flatten)]
    answer: AnswerOptions,
}

macro_rules! answer_words {
    ($($name:ident => $target:ty { $($(#[$doc:meta])* $word:ident => $value:expr,)* })*) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
        enum $name {
            $($(#[$doc])* $word,)*
        }

        impl From<$name> for $target {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$word => $value,)*
                }
            }
        }
    )*};
}

answer_words! {
    Answer => bool {
        /// It is so
        Yes => true,
        /// It is not
        No => false,
    }
    Features => Belonging {
        /// There is no organization
        None => Belonging::Nowhere,
        /// Consolidated billing only
        ConsolidatedBilling => Belonging::Billing,
        /// All features
        All => Belonging::AllFeatures,
    }
    CallerWord => Role {
        /// The management account
        Management => Role::Management,
        /// A member account that the resource policy lets write
        Writer => Role::Writer,
        /// A delegated administrator who may read
        Delegate => Role::Delegate,
        /// An ordinary member account
        Member => Role::Member,
    }
    Iac => Infrastructure {
        /// Terraform or OpenTofu
        Terraform => Infrastructure::Terraform,
        /// CloudFormation
        Cloudformation => Infrastructure::CloudFormation,
        /// The Cloud Development Kit
        Cdk => Infrastructure::Cdk,
        /// Nothing of the kind
        None => Infrastructure::None,
    }
    ToolsWord => Tools {
        /// This program
        Optout => Tools::Optout,
        /// The aws command line only
        AwsCli => Tools::AwsCli,
        /// The console only
        Console => Tools::Console,
    }
}

impl Args {
    fn answers(&self) -> Answers {
        Answers {
            organization: self.features.map(Belonging::from),
            role: self.caller.map(Role::from),
            accounts: self.accounts,
            control_tower: self.control_tower.map(bool::from),
            landing_zone_accelerator: self.lza.map(bool::from),
            infrastructure: self.iac.map(Infrastructure::from),
            tools: self.tools.map(Tools::from),
        }
    }
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let answers = args.answers();
    let saved = Saved { from: args.organization.arguments(), is_file: args.organization.organization.is_some() };
    let observed = if args.offline { Situation::unknown() } else { read_or_ask(args, &answers, ui)? };
    let advice = advise(answers.over(observed), &saved);
    args.answer.hand_out(|| advise::text(&advice), || advise::json(&advice), ui)?;
    Ok(Exit::Holds)
}

/// Reads the organization; where that cannot be, and none was named, the answers are all there is: those by option, or those
/// of whoever sits at the terminal.
fn read_or_ask(args: &Args, answers: &Answers, ui: &mut Ui) -> Result<Situation, Error> {
    match Organization::get(&args.organization, landscape(), ui) {
        Ok(organization) => Ok(observe(&organization.snapshot)),
        Err(error) if !args.organization.arguments().is_empty() => Err(error),
        Err(error) if !answers.is_empty() => {
            ui.note(&format!("nothing was read ({error}): your answers are all there is"));
            Ok(Situation::unknown())
        }
        Err(error) => match ask(ui)? {
            Some(answers) => Ok(answers.over(Situation::unknown())),
            None => Err(Error::usage(
                format!("nothing could be read: {error}"),
                "answer by options, like --accounts 40 --control-tower yes --lza no --iac terraform, or name an organization",
            )),
        },
    }
}

/// Advice needs no effective policies, and all that says who owns what.
fn landscape() -> ReadOptions {
    let everything = read_options(None, &SelectionOptions::default());
    ReadOptions { evidence: EvidenceMode::None, tags: true, strays: false, landscape: true, ..everything }
}

/// The questions of the tree, one after the other; `None` without a terminal. An empty answer leaves a question open.
fn ask(ui: &mut Ui) -> Result<Option<Answers>, Error> {
    let Some(accounts) = ui.ask("How many accounts are there? (a number, or nothing)")? else { return Ok(None) };
    let features = word::<Features>(ui, "Which features has the organization?")?;
    let tower = word::<Answer>(ui, "Does AWS Control Tower govern it?")?;
    let lza = word::<Answer>(ui, "Did Landing Zone Accelerator build it?")?;
    let iac = word::<Iac>(ui, "What are its policies kept in?")?;
    Ok(Some(Answers {
        accounts: accounts.trim().parse().ok(),
        organization: features.map(Belonging::from),
        control_tower: tower.map(bool::from),
        landing_zone_accelerator: lza.map(bool::from),
        infrastructure: iac.map(Infrastructure::from),
        ..Answers::default()
    }))
}

/// A word of a closed set; anything else is no answer.
fn word<T: ValueEnum>(ui: &mut Ui, question: &str) -> Result<Option<T>, Error> {
    let names = T::value_variants().iter().filter_map(|it| Some(it.to_possible_value()?.get_name().to_owned()));
    let question = format!("{question} ({}, or nothing)", names.collect::<Vec<_>>().join(", "));
    let answer = ui.ask(&question)?;
    Ok(answer.and_then(|answer| T::from_str(answer.trim(), true).ok()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use clap::error::ErrorKind;
    use optout_core::advise::{LEAVES, NOTES};

    use crate::command::Cli;

    fn example(template: &str) -> Vec<String> {
        let saved = template.replace("SAVED", "--organization organization.json").replace("ACCOUNT", "210000000001");
        saved.split(' ').filter(|word| *word != "FROM").map(str::to_owned).collect()
    }

    /// The commands that stand in backticks in a text.
    fn quoted(text: &str) -> Vec<&str> {
        text.split('`').skip(1).step_by(2).filter(|quoted| quoted.starts_with("optout ")).collect()
    }

    #[test]
    fn every_command_that_the_advice_names_exists() {
        let of_leaves = LEAVES.iter().flat_map(|leaf| leaf.commands.iter().map(move |command| (leaf.id, *command)));
        let of_notes = NOTES.iter().flat_map(|note| quoted(note.text)).map(|command| ("a note", command));
        let all: Vec<_> = of_leaves.chain(of_notes).filter(|(_, command)| command.starts_with("optout ")).collect();
        assert!(all.len() > LEAVES.len());
        for (place, template) in all {
            let parsed = Cli::try_parse_from(example(template));
            // A note names a command; what it needs is the command's own to say.
            let named = |error: &clap::Error| place == "a note" && error.kind() == ErrorKind::MissingRequiredArgument;
            assert!(parsed.as_ref().err().is_none_or(named), "{place}: {template}: {}", parsed.unwrap_err());
        }
    }
}
