//! How large an answer may be: Step Functions takes 262,144 bytes as the result of a task, Lambda itself 6 MB. A larger one fails an
//! invocation whose work is done, so lists are cut here; what is whole is in the report that was published.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_TaskSucceededEventDetails.html> and
//! <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>, read 2026-11-24.

use serde_json::{Map, Value};

/// How many bytes of JSON a list of an answer may have. Answers have five lists at most, and little besides.
const LIST: usize = 32 * 1024;
/// The field that says how much of which list was left out.
const LEFT_OUT: &str = "left_out";

/// `answer` with each of its lists cut to what fits; `left_out` then has the number of the entries that are missing, by list.
#[must_use]
pub fn fit(mut answer: Value) -> Value {
    let Some(fields) = answer.as_object_mut() else { return answer };
    let mut left_out = Map::new();
    for (name, value) in fields.iter_mut() {
        let Some(list) = value.as_array_mut() else { continue };
        let missing = cut(list);
        if missing > 0 {
            left_out.insert(name.clone(), missing.into());
        }
    }
    if !left_out.is_empty() {
        fields.insert(LEFT_OUT.to_owned(), left_out.into());
    }
    answer
}

/// Keeps the first entries; how many went.
fn cut(list: &mut Vec<Value>) -> usize {
    let mut size = 0;
    let kept = list.iter().take_while(|entry| {
        size += entry.to_string().len() + 1;
        size <= LIST
    });
    let kept = kept.count();
    let missing = list.len() - kept;
    list.truncate(kept);
    missing
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What Step Functions takes.
    const MOST: usize = 262_144;

    #[test]
    fn an_answer_that_fits_stays_as_it_is() {
        let answer = json!({"status": "done", "findings": [1, 2], "healed": []});
        assert_eq!(fit(answer.clone()), answer);
        assert_eq!(fit(json!("text")), json!("text"));
    }

    #[test]
    fn long_lists_are_cut_and_what_went_is_counted() {
        let finding = |number: usize| json!({"number": number, "message": "a".repeat(1000)});
        let findings: Vec<Value> = (0..10_000).map(finding).collect();
        let ids: Vec<Value> = (0..100_000).map(|number| json!(format!("id {number}"))).collect();
        let answer = fit(json!({
            "findings": findings, "unknowns": findings, "healed": ids, "monitor_findings": ids, "raised": ids, "verdict": "unknown",
        }));
        assert!(answer.to_string().len() < MOST);
        assert_eq!(answer["verdict"], "unknown");
        for (name, had) in [("findings", 10_000), ("healed", 100_000)] {
            let kept = answer[name].as_array().unwrap();
            assert!(!kept.is_empty());
            assert_eq!(answer["left_out"][name], had - kept.len());
        }
        assert_eq!(answer["findings"][0]["number"], 0);
    }

    #[test]
    fn one_entry_that_is_too_large_goes_too() {
        let answer = fit(json!({"unknowns": ["a".repeat(LIST)]}));
        assert_eq!(answer, json!({"unknowns": [], "left_out": {"unknowns": 1}}));
    }
}
