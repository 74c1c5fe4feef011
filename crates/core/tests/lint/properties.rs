//! No text makes a reader fail, and fixing is idempotent whatever a document looks like.

use optout_core::catalogue::Catalogue;
use optout_core::lint::{Input, fixed, lint_repository, references};
use optout_core::source::Source;
use proptest::prelude::*;

use crate::inputs;

const NAMES: [&str; 12] = [
    "a.json",
    "a.tf",
    "a.tfvars",
    "a.tf.json",
    "a.yaml",
    "customizations-config.yaml",
    "manifest.yaml",
    "a.sh",
    "a.py",
    "a.ts",
    "robots.txt",
    ".vscode/settings.json",
];

/// Pieces from which texts are made that get far into the readers.
const PIECES: [&str; 48] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    "`",
    "\n",
    "  ",
    ":",
    ",",
    "=",
    "#",
    "//",
    "/*",
    "*/",
    "<<EOF\n",
    "EOF\n",
    "$(",
    "${",
    "|",
    "||",
    "&&",
    ";",
    "\\",
    "- ",
    "!Ref ",
    "!Sub ",
    "&a ",
    "*a",
    "é",
    "\u{feff}",
    "services",
    "default",
    "opt_out_policy",
    "\"@@assign\"",
    "optOut",
    "AISERVICES_OPT_OUT_POLICY",
    "resource \"aws_organizations_policy\" \"p\" ",
    "content = jsonencode(",
    "aws organizations create-policy --content ",
    "aws organizations describe-effective-policy ",
    "def f():\n",
    "except Exception:\n",
    "org.list_accounts()",
    "# optout:ignore ",
];

fn check(name: &str, text: &str) {
    let input = Input { source: Source::new(name, text), named: true };
    let checked = lint_repository(std::slice::from_ref(&input), Catalogue::embedded());
    for checked in &checked {
        let lines = checked.lines();
        for finding in &checked.findings {
            assert!(finding.span.start <= finding.span.end, "{}: {finding:?}", checked.source.name);
            let _ = lines.excerpt(finding);
        }
    }
    let _ = optout_core::lint::sarif(&checked, "0");
    let _ = optout_core::lint::github(&checked);
    let _ = references(&input.source);
    let _ = fixed(&[input], Catalogue::embedded());
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_fail(text in any::<String>(), name in prop::sample::select(&NAMES[..])) {
        check(name, &text);
    }

    #[test]
    fn no_text_of_known_pieces_makes_a_reader_fail(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60),
        name in prop::sample::select(&NAMES[..]),
    ) {
        check(name, &pieces.concat());
    }

    #[test]
    fn fixing_twice_is_fixing_once(
        services in prop::collection::btree_map("[a-z]{1,6}|default|Default|lex|polly", "optOut|optIn|optout|Opt-In|no", 0..4),
        bare in any::<bool>(),
        blanks in prop::sample::select(&["", " ", "\n  ", "\n\t"][..]),
        name in prop::sample::select(&["p.json", "main.tf", "t.yaml"][..]),
    ) {
        let value = |value: &str| if bare { format!("\"{value}\"") } else { format!("{{{blanks}\"@@assign\":{blanks}\"{value}\"}}") };
        let members: Vec<String> = services
            .iter()
            .map(|(key, text)| format!("{blanks}\"{key}\": {{\"opt_out_policy\": {}}}", value(text)))
            .collect();
        let document = format!("{{\"services\": {{{}}}}}", members.join(","));
        let text = match name {
            "main.tf" => format!("resource \"aws_organizations_policy\" \"p\" {{\n  type = \"AISERVICES_OPT_OUT_POLICY\"\n  content = jsonencode({document})\n}}\n"),
            "t.yaml" => format!(
                "Resources:\n  P:\n    Type: AWS::Organizations::Policy\n    Properties:\n      Type: AISERVICES_OPT_OUT_POLICY\n      Content: {}\n",
                document.replace(['\n', '\t'], " ")
            ),
            _ => document,
        };
        if let Some(once) = fixed(&inputs(&[(name, &text)]), Catalogue::embedded()).remove(&0) {
            let again = fixed(&inputs(&[(name, &once)]), Catalogue::embedded());
            prop_assert!(again.is_empty(), "{once}\n{again:?}");
        }
    }
}

#[test]
fn deep_nesting_ends_no_reader() {
    for name in NAMES {
        for piece in ["[", "{", "(", "{\"a\":", "a: ", "- ", "$(", "!", "-", "a ? ", "f(", "${", "\"${", "`", "if "] {
            let marker = "# AISERVICES_OPT_OUT_POLICY opt_out_policy\n";
            check(name, &format!("{marker}{}", piece.repeat(3_000)));
            check(name, &format!("{marker}x = {}", piece.repeat(500)));
        }
    }
}

#[test]
fn aliases_of_yaml_do_not_explode() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..30 {
        let before = at - 1;
        text.push_str(&format!(
            "a{at}: &a{at} [*a{before}, *a{before}, *a{before}, *a{before}, *a{before}, *a{before}]\n"
        ));
    }
    check("a.yaml", &text);
}
