//! The scheduled event: a full read of the organization, its verdicts, and a summary as the answer.
//!
//! The verdicts come from the same code as those of the program. A read that fails is an error of the invocation, so
//! that Lambda's own alarms and retries see it; an organization that does not hold is an answer.

use jiff::Timestamp;
use optout_aws::cancel::Cancel;
use optout_aws::read::{OrderCouldMatter, ReadError, ReadOptions, read};
use optout_aws::session::Session;
use optout_core::catalogue::Catalogue;
use optout_core::check::{Question, Severity, assess};
use optout_core::org::Snapshot;
use optout_core::policy::{Dialect, Document, could_depend_on_order};
use optout_core::report::{NothingAccepted, Origin, Report, json};
use serde_json::{Value, json};

/// Reads the organization of the function's account and answers with the verdict.
///
/// The payload is not looked at: any event asks for the whole organization. The answer has `verdict`, `decision`,
/// `summary`, `findings` and `unknowns` in the form of `optout.report/1`, without the single accounts.
///
/// # Errors
/// Where AWS Organizations cannot be spoken to at all.
pub async fn handle(session: &Session, _event: &Value) -> Result<Value, ReadError> {
    let options =
        ReadOptions { order_could_matter: OrderCouldMatter::new(order_could_matter), ..ReadOptions::default() };
    let snapshot = read(session, &options, &|_| {}, &Cancel::new()).await?;
    Ok(summary(&snapshot, Timestamp::now()))
}

fn order_could_matter(policies: &[&optout_core::org::Policy]) -> bool {
    let parse = |policy: &&optout_core::org::Policy| Document::parse(Dialect::Plain, policy.content.as_deref()?).ok();
    let documents: Option<Vec<Document>> = policies.iter().map(parse).collect();
    documents.is_none_or(|documents| could_depend_on_order(&documents.iter().collect::<Vec<_>>()))
}

fn summary(snapshot: &Snapshot, at: Timestamp) -> Value {
    let question = Question { at, ..Question::plain(snapshot, Catalogue::embedded()) };
    let assessment = assess(&question);
    let origin = Origin {
        organization: "the live organization".to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Origin::default()
    };
    let report = Report::new(&assessment, Severity::High, &NothingAccepted, origin);
    let whole: Value = serde_json::from_str(&json::render(&report, true)).unwrap_or_default();
    let part = |name: &str| whole.get(name).cloned().unwrap_or_default();
    json!({
        "format": json::FORMAT,
        "verdict": part("verdict"),
        "decision": part("decision"),
        "organization": part("organization"),
        "summary": part("summary"),
        "findings": part("findings"),
        "unknowns": part("unknowns"),
    })
}
