//! What infrastructure code and scripts declare, in one form for all languages: policies, attachments, organizations.

pub(super) mod api;
pub(super) mod classify;
pub(super) mod cloudformation;
pub(super) mod code;
pub(super) mod request;
pub(super) mod shell;
pub(super) mod terraform;
pub(super) mod terraform_json;

use super::read::value::{Text, Value, ValueKind};
use crate::policy::Json;
use crate::source::Span;

/// The name of the policy type.
pub(super) const AI_TYPE: &str = "AISERVICES_OPT_OUT_POLICY";

/// A place in a file of the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub file: usize,
    pub span: Span,
}

/// How keys and lists are written where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Json,
    Hcl,
    Yaml,
    /// In a place where nothing can be put in safely.
    Fixed,
}

/// A policy document that was found.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub at: At,
    pub style: Style,
    pub body: Body,
}

/// What of a document is known.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// A value that is sent with so many characters.
    Tree(Json, usize),
    /// A text that is sent as it is.
    Text(Text),
    /// A whole file that is sent as it is.
    File,
}

/// The type a policy is declared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    Named(String, Span),
    /// None is said, and this language has no default or another one.
    Missing,
    Open,
}

/// A declared policy.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    pub at: At,
    /// What belongs together: the folder of a Terraform module, a template, a script.
    pub unit: String,
    /// What other places of the unit call it.
    pub address: String,
    pub kind: Type,
    pub document: Option<Document>,
    /// The content where it is no document that can be read.
    pub content: Option<Value>,
    pub name: Option<Value>,
    /// Whether something but an attachment uses it: an output, a module.
    pub used: bool,
    pub language: Origin,
    /// Whether the content is a text where an object would do (CloudFormation).
    pub as_text: Option<Span>,
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    Terraform,
    CloudFormation,
    Code,
    Cdk,
    Shell,
}

/// What a policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Root,
    Unit,
    /// One account, by its number.
    Account,
    /// Accounts, one by one.
    EachAccount,
    /// The account the code runs in.
    OwnAccount,
    Unknown,
}

/// A declared attachment.
#[derive(Debug, Clone)]
pub(super) struct Attachment {
    pub at: At,
    pub unit: String,
    /// The address of the policy; `None` where it cannot be told.
    pub policy: Option<String>,
    pub target: Target,
    pub language: Origin,
}

/// An organization that code creates and owns.
#[derive(Debug, Clone)]
pub(super) struct Organization {
    pub at: At,
    pub unit: String,
    /// Whether losing the code does not lose the organization.
    pub protected: bool,
    /// The policy types it enables, where that is known; `None` where they are only known at run time.
    pub types: Option<Vec<String>>,
    pub types_span: Option<Span>,
    pub language: Origin,
}

/// A template that goes out by a StackSet, or by a landing zone.
#[derive(Debug, Clone)]
pub(super) struct Rollout {
    pub at: At,
    /// The file that is rolled out, as it is named there; else its text.
    pub path: Option<String>,
    pub text: Option<String>,
    pub how: How,
}

/// How a template is rolled out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum How {
    StackSet,
    /// A StackSet of a landing zone, which reaches what its targets say and nothing else, and what is wrong with them.
    Targeted {
        wrong: String,
    },
    /// A custom stack of Landing Zone Accelerator, and what is wrong with its targets.
    Lza {
        wrong: String,
    },
}

/// Everything that was found.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub policies: Vec<Policy>,
    pub documents: Vec<Document>,
    pub attachments: Vec<Attachment>,
    pub organizations: Vec<Organization>,
    pub rollouts: Vec<Rollout>,
    /// Findings that need no other file.
    pub findings: Vec<(usize, super::Finding)>,
    /// Texts in other languages that stand inside: the file, the text, whether it is Python or a shell script.
    pub embedded: Vec<(usize, Text, Span, Inside)>,
    /// Files that another one names as content, and whether their value and not their text is sent.
    pub content_files: Vec<(String, usize, bool)>,
}

/// The language of a text that stands in another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Python,
    Shell,
}

impl Type {
    /// The type that a value names, in a language without references across files.
    pub(super) fn of(value: Option<&Value>) -> Self {
        match value.map(|value| (&value.kind, value.span)) {
            Some((ValueKind::Text(text), span)) => Self::Named(text.value.clone(), span),
            Some(_) => Self::Open,
            None => Self::Missing,
        }
    }

    /// Whether it is said to be that of AI services opt-out policies.
    pub(super) fn is_ai(&self) -> bool {
        matches!(self, Self::Named(name, _) if name == AI_TYPE)
    }
}

impl Policy {
    /// Whether it is an AI services opt-out policy, by its type or by its content.
    pub(super) fn is_ai(&self) -> bool {
        self.kind.is_ai() || self.document.is_some()
    }
}

/// Python or shell that stands in a text of another language.
pub(super) fn inside(text: &str) -> Option<Inside> {
    if text.contains("aws organizations ") {
        Some(Inside::Shell)
    } else if text.contains("boto3") && text.contains("import ") {
        Some(Inside::Python)
    } else {
        None
    }
}
