//! One thing that was found, with its place, its remedy and, where that is certain, its fix.

use super::facts::Style;
use super::fix::{Edit, Seed};
use crate::check::Severity;
use crate::source::Span;

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule: the id of one of [`super::rule::ALL`].
    pub rule: &'static str,
    /// How grave it is. What makes a document inadmissible is `high`.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What mends it; empty where that is for people to decide.
    pub edits: Vec<Edit>,
    pub(super) seed: Option<Seed>,
}

impl Finding {
    pub(super) fn new(
        rule: &'static str,
        severity: Severity,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let help = Some(help.into()).filter(|help| !help.is_empty());
        Self { rule, severity, span, message: message.into(), help, edits: Vec::new(), seed: None }
    }

    pub(super) fn fixed_by(mut self, seed: Seed) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The same finding in another text.
    pub(super) fn mapped(mut self, map: &dyn Fn(Span) -> Span) -> Self {
        self.span = map(self.span);
        self.seed = self.seed.map(|seed| seed.mapped(map));
        self
    }

    /// Works out the edits of its fix in the text it stands in.
    pub(super) fn make_edits(&mut self, text: &str, style: Style) {
        let edit = self.seed.take().and_then(|seed| seed.edit(text, style));
        self.edits.extend(edit);
    }
}
