//! The examination for people: what it is, what is not known, what it is not.

use super::{Asked, Case, Confidence, Diagnosis, Examination, Standing};
use crate::check::{Decision, Subject};
use crate::report::{Styled, Tone, wrapped};

/// How many subjects of one case are named.
const NAMED: usize = 5;
/// How many cases of one diagnosis are told.
const TOLD: usize = 20;
/// How wide sentences are.
const WIDTH: usize = 105;

/// The examination as text.
#[must_use]
pub fn render(examination: &Examination<'_>) -> Styled {
    let mut out = Styled::default();
    head(&mut out, examination);
    applied(&mut out, examination);
    missing(&mut out, examination);
    excluded(&mut out, examination);
    not_examined(&mut out, examination);
    out
}

fn head(out: &mut Styled, examination: &Examination<'_>) {
    let applied = examination.with(Standing::Applies).count();
    let (tone, word, sentence) = match examination.decision {
        Decision::Fails => (Tone::Bad, "DIAGNOSED", counted(applied, "diagnosis applies", "diagnoses apply")),
        Decision::Undetermined => {
            (Tone::Doubtful, "UNDETERMINED", "no diagnosis is known to apply, and something is not known".to_owned())
        }
        Decision::Holds => (Tone::Good, "NOTHING FOUND", "every diagnosis that was looked for is excluded".to_owned()),
    };
    out.push(tone, word).plain("  ").push(Tone::Strong, sentence).line();
    out.push(Tone::Faint, format!("about: {}; read {}", about(examination), examination.patient.snapshot().taken))
        .line();
}

fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}

fn about(examination: &Examination<'_>) -> String {
    let patient = &examination.patient;
    let account =
        patient.complaint.account.map_or_else(|| "every account that counts".to_owned(), |id| format!("account {id}"));
    let service = match patient.complaint.service {
        Some(Asked::Key(key)) => format!(", service `{}`", patient.name(key)),
        Some(Asked::NotReached(service)) => format!(", {}", service.name),
        None => String::new(),
    };
    let symptom =
        patient.complaint.symptom.map(|symptom| format!(", symptom {}", symptom.as_str())).unwrap_or_default();
    format!("{account}{service}{symptom}")
}

fn applied(out: &mut Styled, examination: &Examination<'_>) {
    let mut last = None;
    for (diagnosis, opinion) in examination.with(Standing::Applies) {
        if last.replace(diagnosis.symptom) != Some(diagnosis.symptom) {
            out.line().push(Tone::Strong, diagnosis.symptom.title()).line();
        }
        let mut said = None;
        for it in opinion.cases.iter().take(TOLD) {
            let again = said.replace(&it.conclusion) == Some(&it.conclusion);
            case(out, diagnosis, it, again);
        }
        let more = opinion.cases.len().saturating_sub(TOLD);
        if more > 0 {
            out.plain(format!("  and {more} more cases of {} (--format json has all)", diagnosis.id)).line();
        }
        diagnosis.sources.iter().for_each(|source| {
            out.push(Tone::Faint, format!("    source:   {source}")).line();
        });
    }
}

/// One case; what follows from it is not said `again`.
fn case(out: &mut Styled, diagnosis: &Diagnosis, case: &Case, again: bool) {
    out.plain("  ").push(tone(case.confidence), format!("{:<9}", case.confidence.as_str()));
    out.push(Tone::Strong, diagnosis.id).plain(format!("  {}", subjects(&case.subjects))).line();
    lines(out, "observed:", &wrapped(&case.observation, WIDTH));
    if !again {
        lines(out, "so:", &wrapped(&case.conclusion, WIDTH));
    }
    lines(out, "next:", &case.next);
    if let Some(lines) = &case.intent {
        out.plain("    in the intent:").line();
        lines.lines().for_each(|line| {
            out.plain(format!("      {line}")).line();
        });
    }
}

/// Lines with a word before the first.
fn lines(out: &mut Styled, word: &str, lines: &[String]) {
    for (at, line) in lines.iter().enumerate() {
        out.plain(format!("    {:<9} ", if at == 0 { word } else { "" })).plain(line).line();
    }
}

const fn tone(confidence: Confidence) -> Tone {
    match confidence {
        Confidence::Certain => Tone::Bad,
        Confidence::Likely | Confidence::Possible => Tone::Doubtful,
    }
}

fn subjects(subjects: &[Subject]) -> String {
    let first: Vec<String> = subjects.iter().take(NAMED).map(ToString::to_string).collect();
    match subjects.len().saturating_sub(NAMED) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

fn missing(out: &mut Styled, examination: &Examination<'_>) {
    let missing = examination.missing();
    if missing.is_empty() && examination.decision != Decision::Undetermined {
        return;
    }
    out.line().push(Tone::Strong, "What is not known").line();
    if missing.is_empty() {
        out.push(Tone::Doubtful, "  AWS may use content, and no diagnosis explains why").line();
    }
    for (gap, diagnoses) in missing {
        let needs = gap.permission.as_deref().map(|permission| format!(" (needs {permission})")).unwrap_or_default();
        out.push(Tone::Doubtful, format!("  {}{needs}", gap.reason)).line();
        out.push(Tone::Faint, format!("    leaves open: {}", diagnoses.join(", "))).line();
    }
}

fn excluded(out: &mut Styled, examination: &Examination<'_>) {
    let mut any = false;
    for (diagnosis, opinion) in examination.with(Standing::Excluded) {
        if !std::mem::replace(&mut any, true) {
            out.line().push(Tone::Strong, "What it is not").line();
        }
        out.push(Tone::Good, format!("  {}", diagnosis.id)).plain(format!(": {}", opinion.excluded)).line();
    }
}

fn not_examined(out: &mut Styled, examination: &Examination<'_>) {
    let ids: Vec<&str> = examination.not_examined().map(|diagnosis| diagnosis.id).collect();
    if !ids.is_empty() {
        let text = format!("not looked for: {} (--symptom or --service asks for more)", ids.join(", "));
        out.line().push(Tone::Faint, text).line();
    }
}
