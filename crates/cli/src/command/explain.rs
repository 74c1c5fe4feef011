//! `optout explain`: how an account's verdict came about, from the root down.

use optout_core::check::{AccountResult, AccountVerdict, Assessment, Key, assess};
use optout_core::org::AccountId;
use optout_core::report::explain::{self, explain};
use optout_core::source::nearest;

use crate::error::Error;
use crate::exit::Exit;
use crate::judgement::{Judgement, JudgementOptions};
use crate::options::{AnswerOptions, SelectionOptions};
use crate::ui::Ui;

/// Derive an account's verdict from the root down, and say who can still change it
///
/// Shows `default` and every service that a policy on the way names, or one service. Exit code 2 when AWS may use
/// content of the account, 3 when that could not be determined.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout explain 111111111111
  optout explain 111111111111 lex --organization snapshot.json
  optout explain payments --profile management --format json")]
pub(crate) struct Args {
    /// The account: its id, or its name where only one account has it
    #[arg(value_name = "ACCOUNT")]
    account: String,

    /// Only this service: a key of `optout services`, or `default`
    #[arg(value_name = "SERVICE")]
    service: Option<String>,

    #[command(flatten)]
    judgement: JudgementOptions,

    #[command(flatten)]
    answer: AnswerOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let accounts = args.account.parse().ok().into_iter().collect();
    let ask_for = SelectionOptions { accounts, units: Vec::new() };
    let judgement = Judgement::gather(&args.judgement, &ask_for, None, ui)?;
    let assessment = assess(&judgement.question());
    let account = find(&assessment, &args.account)?;
    let service = args.service.as_deref().map(|name| key(&assessment, name)).transpose()?;
    let Some(explanation) = explain(&assessment, account, service) else { return Err(no_account(&args.account)) };
    args.answer.hand_out(|| explain::text(&explanation), || explain::json(&explanation), ui)?;
    Ok(exit(explanation.result))
}

/// An account that is suspended or closed is explained like any other, and fails nothing.
const fn exit(result: &AccountResult) -> Exit {
    match result.verdict {
        _ if !result.counted => Exit::Holds,
        AccountVerdict::Excepted | AccountVerdict::OptedOut | AccountVerdict::OptedOutToday => Exit::Holds,
        AccountVerdict::Unknown => Exit::Undetermined,
        AccountVerdict::NotOptedOut | AccountVerdict::OptedIn => Exit::Fails,
    }
}

/// The account of an id or a name.
pub(super) fn find(assessment: &Assessment<'_>, text: &str) -> Result<AccountId, Error> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let named = |account: &&_| assessment.account(account).is_some_and(|account| account.name == text);
    let same: Vec<AccountId> = assessment.accounts.iter().filter(named).map(|account| account.id).collect();
    match same.as_slice() {
        [one] => Ok(*one),
        [] => Err(no_account(text)),
        several => {
            let ids: Vec<String> = several.iter().take(5).map(ToString::to_string).collect();
            let message = format!("{} accounts are called `{text}`", several.len());
            Err(Error::usage(message, format!("name one by its id, like {}", ids.join(", "))))
        }
    }
}

fn no_account(text: &str) -> Error {
    Error::failed(format!("there is no account `{text}` in this organization"), "`optout verify --all` lists them")
}

pub(super) fn key(assessment: &Assessment<'_>, name: &str) -> Result<Key, Error> {
    assessment.keys.get(name).ok_or_else(|| {
        let near = nearest(name, assessment.keys.iter().map(|(_, name)| name));
        let help = near
            .map_or_else(|| "`optout services` lists the keys".to_owned(), |near| format!("did you mean `{near}`?"));
        Error::usage(format!("no service is called `{name}`"), help)
    })
}
