//! `docs/doctor.md`: each complaint with its diagnoses, made from the table, so that a test can tell when it is stale.

use std::fmt::Write as _;

use super::diagnoses::ALL;
use super::{Diagnosis, PLACEHOLDERS, Symptom};

const HEAD: &str = "\
<!-- Made from crates/core/src/doctor by a test; change the diagnosis, then run it with UPDATE_GENERATED=1. -->

# Troubleshooting

`optout doctor` looks for the causes below, on AWS or on a saved organization, and says for each one whether it applies, with the
observation that it rests on; which ones are excluded, and by what; and what could not be told, with the permission that is missing.
It changes nothing.

```
optout doctor                                                   # every account
optout doctor --account 111111111111 --service lex              # one account, one service
optout doctor --account 111111111111 --service lex --symptom behaves-differently
optout doctor --organization organization.json --intent optout.toml --format json
```

Exit codes: 2 where a diagnosis applies, 3 where none is known to and something could not be told, 0 where every one is excluded. The
form for programs is `optout.doctor/1` (docs/schemas/doctor-1.json).

| what people say | ask |
| --- | --- |
";

const HOW: &str = "
How sure a conclusion is: *certain* (the observation leaves no other), *likely*, *possible* (it fits, and so may others). How a service
behaves is looked into where `--service` names one, or `--symptom behaves-differently` asks for all. Words in capitals in a command are
filled in.
";

/// The page, Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for symptom in Symptom::ALL {
        let _ = writeln!(page, "| {} | `{}` |", symptom.title(), command(symptom));
    }
    page.push_str(HOW);
    for symptom in Symptom::ALL {
        let _ = write!(page, "\n## {}\n", symptom.title());
        let of = ALL.iter().filter(|diagnosis| diagnosis.symptom == symptom);
        of.for_each(|diagnosis| section(&mut page, diagnosis));
    }
    page
}

fn command(symptom: Symptom) -> String {
    let service = match symptom {
        Symptom::TypeNotEnabled | Symptom::NoEffect => "",
        Symptom::BehavesDifferently => " --service SERVICE",
    };
    format!("optout doctor{service} --symptom {}", symptom.as_str())
}

fn section(page: &mut String, diagnosis: &Diagnosis) {
    let _ = write!(
        page,
        "\n### {}\n\n**{}**\n\nObserved: {}\n\n{}\n\n```\n{}\n```\n\n",
        diagnosis.id,
        diagnosis.question,
        diagnosis.rests_on,
        diagnosis.conclusion,
        diagnosis.next.iter().map(|template| bare(template)).collect::<Vec<_>>().join("\n")
    );
    for source in diagnosis.sources {
        let _ = writeln!(page, "- {}", linked(source));
    }
}

/// A template without the words that stand for options.
fn bare(template: &str) -> String {
    let is_option = |word: &&str| PLACEHOLDERS.iter().any(|(name, example)| name == word && example.is_empty());
    template.split(' ').filter(|word| !is_option(word)).collect::<Vec<_>>().join(" ")
}

/// The address at the start of a source as a link; what follows it stays text.
fn linked(source: &str) -> String {
    match source.split_once(' ') {
        Some((address, rest)) if address.starts_with("https://") => format!("<{address}> {rest}"),
        None if source.starts_with("https://") => format!("<{source}>"),
        Some(_) | None => source.to_owned(),
    }
}
