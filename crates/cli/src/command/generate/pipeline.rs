//! `optout generate pipeline`: the verdict, every day and on every change.

use clap::ValueEnum;
use optout_core::generate::pipeline::{Branch, Repository, RoleArn, Runner, Source, generate};

use super::design::DesignOptions;
use super::folder::FolderOptions;
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// Generate a pipeline that runs `optout verify` with a role and without a stored key
///
/// With the role's trust policy and its permissions.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate pipeline --for github --role-arn arn:aws:iam::111122223333:role/optout-verify --repository acme/policies --out pipeline
  optout generate pipeline --for codebuild --role-arn arn:aws:iam::111122223333:role/optout-verify --out pipeline")]
pub(super) struct Pipeline {
    /// What runs it
    #[arg(long = "for", value_enum, value_name = "WHAT")]
    runner: Word,

    /// The role that it takes: an ARN
    #[arg(long, value_name = "ARN")]
    role_arn: RoleArn,

    /// The only repository whose runs get the role
    #[arg(long, value_name = "OWNER/NAME", required_if_eq_any([("runner", "github"), ("runner", "gitlab")]))]
    repository: Option<Repository>,

    /// The only branch whose runs get the role
    #[arg(long, value_name = "NAME", default_value = "main")]
    branch: Branch,

    /// A command of the shell that puts `optout` on the path there
    #[arg(long, value_name = "COMMAND")]
    install: Option<String>,

    #[command(flatten)]
    design: DesignOptions,

    #[command(flatten)]
    folder: FolderOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Word {
    #[value(name = "github")]
    GitHub,
    #[value(name = "gitlab")]
    GitLab,
    #[value(name = "codebuild")]
    CodeBuild,
}

impl Pipeline {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let word = self.runner.to_possible_value();
        let word = word.as_ref().map_or("", |value| value.get_name());
        let design = self.design.quiet(&format!("pipeline --for {word}"), ui)?;
        let output = generate(&design, &self.runner()?, &self.role_arn, self.install.as_deref())?;
        self.folder.hand_out(&output, &design.provenance, ui)
    }

    fn runner(&self) -> Result<Runner, Error> {
        let source = || match &self.repository {
            Some(repository) => Ok(Source { repository: repository.clone(), branch: self.branch.clone() }),
            None => Err(Error::failed("no repository is named".to_owned(), "name it with --repository OWNER/NAME")),
        };
        Ok(match self.runner {
            Word::GitHub => Runner::GitHub(source()?),
            Word::GitLab => Runner::GitLab(source()?),
            Word::CodeBuild => Runner::CodeBuild,
        })
    }
}
