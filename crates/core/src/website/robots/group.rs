//! Groups of robots.txt: which crawlers a run of lines speaks to, and with which rules (RFC 9309 §2.2.1).

use std::collections::BTreeMap;

use super::line::{Content, Directive, Line, Spelling, bytes_of};
use super::pattern::Pattern;

/// Whom a user-agent line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Agent {
    /// `*`: every crawler that no group names.
    Any,
    /// A product token, as written.
    Token(String),
    /// A value without a product token at its start: names nobody.
    Nobody,
}

impl Agent {
    /// Reads a value: the product token at its start (letters, digits, `-` and `_`), or `*`.
    ///
    /// RFC 9309 allows letters, `-` and `_` only, and so reads Google's parser; vendors document tokens with digits
    /// (`AI2Bot`), which would never match there. What follows the token (`Amazonbot/0.1`) is not read.
    pub(crate) fn read(value: &[u8]) -> Self {
        if let Some((b'*', rest)) = value.split_first() {
            return if rest.first().is_none_or(u8::is_ascii_whitespace) { Self::Any } else { Self::Nobody };
        }
        let token: String =
            value.iter().take_while(|byte| is_token_byte(**byte)).map(|byte| char::from(*byte)).collect();
        if token.is_empty() { Self::Nobody } else { Self::Token(token) }
    }

    /// Whether this is the product token `name`, in any case.
    pub(crate) fn is(&self, name: &str) -> bool {
        match self {
            Self::Token(token) => token.eq_ignore_ascii_case(name),
            Self::Any | Self::Nobody => false,
        }
    }
}

/// Whether a byte may stand in a product token.
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// A user-agent line of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedAgent {
    pub(crate) agent: Agent,
    /// The index of its line.
    pub(crate) line: usize,
}

/// An Allow or Disallow line of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) allow: bool,
    pub(crate) pattern: Pattern,
    /// The index of its line.
    pub(crate) line: usize,
}

/// Consecutive user-agent lines and the rules after them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Group {
    pub(crate) agents: Vec<NamedAgent>,
    pub(crate) rules: Vec<Rule>,
}

impl Group {
    pub(crate) fn names(&self, token: &str) -> bool {
        self.agents.iter().any(|named| named.agent.is(token))
    }
}

/// A file as one kind of reader sees it: its groups, and which of them speak to whom.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    pub(crate) all: Vec<Group>,
    /// By product token in lower case, the indices of the groups that name it.
    by_token: BTreeMap<String, Vec<usize>>,
    for_any: Vec<usize>,
}

impl Groups {
    /// The groups a reader sees who accepts `spelling`; rules before the first group belong to nobody.
    pub(crate) fn read(text: &[u8], lines: &[Line], spelling: Spelling) -> Self {
        let mut all: Vec<Group> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let Content::Record(directive, spelled, value) = line.content else { continue };
            if spelled <= spelling {
                add(&mut all, directive, bytes_of(text, value), index);
            }
        }
        Self::indexed(all)
    }

    fn indexed(all: Vec<Group>) -> Self {
        let mut by_token: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut for_any = Vec::new();
        for (index, group) in all.iter().enumerate() {
            for named in &group.agents {
                let indices = match &named.agent {
                    Agent::Any => &mut for_any,
                    Agent::Token(token) => by_token.entry(token.to_ascii_lowercase()).or_default(),
                    Agent::Nobody => continue,
                };
                if indices.last() != Some(&index) {
                    indices.push(index);
                }
            }
        }
        Self { all, by_token, for_any }
    }

    /// The indices of the groups that speak to `agent`: those that name it, else those for `*` (RFC 9309 §2.2.1).
    pub(crate) fn chosen(&self, agent: &str) -> &[usize] {
        self.by_token.get(&agent.to_ascii_lowercase()).unwrap_or(&self.for_any)
    }

    /// The rules of the groups with these indices, in the order of the file.
    pub(crate) fn rules<'a>(&'a self, indices: &'a [usize]) -> impl Iterator<Item = (&'a Group, &'a Rule)> {
        let groups = indices.iter().filter_map(|index| self.all.get(*index));
        groups.flat_map(|group| group.rules.iter().map(move |rule| (group, rule)))
    }
}

fn add(found: &mut Vec<Group>, directive: Directive, value: &[u8], line: usize) {
    let allow = match directive {
        Directive::UserAgent => {
            if found.last().is_none_or(|group| !group.rules.is_empty()) {
                found.push(Group::default());
            }
            if let Some(group) = found.last_mut() {
                group.agents.push(NamedAgent { agent: Agent::read(value), line });
            }
            return;
        }
        Directive::Allow => true,
        Directive::Disallow => false,
    };
    if let Some(group) = found.last_mut() {
        group.rules.push(Rule { allow, pattern: Pattern::new(value), line });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_where_other_characters_begin() {
        assert_eq!(Agent::read(b"Amazonbot/0.1"), Agent::Token("Amazonbot".into()));
        assert_eq!(Agent::read(b"AI2Bot foo"), Agent::Token("AI2Bot".into()));
        assert_eq!(
            (Agent::read(b"*"), Agent::read(b"* x"), Agent::read(b"*x")),
            (Agent::Any, Agent::Any, Agent::Nobody)
        );
        assert_eq!((Agent::read(b""), Agent::read(b"\xff")), (Agent::Nobody, Agent::Nobody));
    }

    #[test]
    fn tokens_match_whole_and_in_any_case() {
        let agent = Agent::read(b"Applebot");
        assert!(agent.is("APPLEBOT") && !agent.is("Applebot-Extended") && !agent.is("Apple"));
    }
}
