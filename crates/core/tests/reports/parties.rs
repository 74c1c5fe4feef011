//! Organizations whose every name is somebody's attack.

use optout_core::org::{PolicyType, Snapshot};
use optout_core::report::Origin;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::acme;

/// What means something to some format or to some program that shows it.
const NASTY: &[&str] = &[
    "=",
    "+",
    "-",
    "@",
    "＝",
    "\t",
    "\r",
    "\n",
    ";",
    ",",
    "\"",
    "'",
    "|",
    "\\",
    "\\|",
    "`",
    "``",
    "```",
    "*",
    "_",
    "~",
    "#",
    "<",
    ">",
    "&",
    "[",
    "]",
    "(",
    ")",
    "!",
    "{",
    "}",
    "<b>",
    "<script>",
    "</testcase>",
    "]]>",
    "<!--",
    "&#64;",
    "&amp;",
    "@me",
    "#12",
    "[x](http://y)",
    "![x](y)",
    "https://z.example",
    "www.z.example",
    "---",
    "\n\n# h\n",
    "\n| a | b |",
    "${x}",
    "$(x)",
    "{{",
    "}}",
    "\u{0}",
    "\u{1b}[31m",
    "\u{85}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "%0a",
    "\u{7f}",
    "\u{2028}",
    "\u{e0041}",
    " ",
    "=cmd|' /C calc'!A0",
    "日本",
    "é",
];

/// Hostile texts.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => select(NASTY).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

/// One name for each kind of text that a report shows.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) account: String,
    pub(crate) unit: String,
    pub(crate) policy: String,
    pub(crate) service: String,
    pub(crate) reason: String,
    pub(crate) place: String,
}

pub(crate) fn names() -> impl Strategy<Value = Names> {
    let all = (hostile(), hostile(), hostile(), hostile(), hostile(), hostile());
    all.prop_map(|(account, unit, policy, service, reason, place)| Names {
        account,
        unit,
        policy,
        service,
        reason,
        place,
    })
}

impl Names {
    /// The example organization with these names in place of its own.
    pub(crate) fn organization(&self) -> Snapshot {
        let mut snapshot = acme();
        snapshot.accounts.iter_mut().flatten().for_each(|it| it.name = self.account.clone());
        snapshot.units.iter_mut().flatten().for_each(|it| it.name = self.unit.clone());
        snapshot.policies.iter_mut().flatten().for_each(|it| it.name = self.policy.clone());
        snapshot.root.as_mut().unwrap().name = self.unit.clone();
        snapshot.caller.as_mut().unwrap().principal = self.place.clone();
        let opted_in = serde_json::json!({"services": {
            "lex": {"opt_out_policy": {"@@assign": "optIn"}},
            (format!("x{}", self.service)): {"opt_out_policy": {"@@assign": "optIn"}},
        }});
        let own = |it: &&mut optout_core::org::Policy| it.policy_type == PolicyType::AiOptOut;
        for policy in snapshot.policies.iter_mut().flatten().filter(own).take(2) {
            policy.content = Some(opted_in.to_string().into());
        }
        snapshot
    }

    pub(crate) fn origin(&self) -> Origin {
        let named = (self.place.clone(), "f".repeat(64));
        Origin {
            organization: self.place.clone(),
            intent: Some(named.clone()),
            baseline: Some(named),
            tool_version: "0.1.0".to_owned(),
        }
    }
}
