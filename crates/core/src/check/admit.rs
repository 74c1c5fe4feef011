//! Admission with a catalogue: the services that may be named are the ones it knows.

use crate::catalogue::Catalogue;
use crate::policy::{Admission, Json, admit_ai_opt_out, admit_ai_opt_out_value};
use crate::source::Problem;

/// Judges a text as CreatePolicy would, as far as the catalogue knows the services.
#[must_use]
pub fn admit(catalogue: &Catalogue, text: &str) -> Admission {
    admit_ai_opt_out(text, &|name| refusal(catalogue, name))
}

/// Judges a document that code writes from a value, and sends with so many characters.
#[must_use]
pub fn admit_value(catalogue: &Catalogue, json: &Json, characters: usize) -> Vec<Problem> {
    admit_ai_opt_out_value(json, characters, &|name| refusal(catalogue, name))
}

fn refusal(catalogue: &Catalogue, name: &str) -> Option<(String, String)> {
    if name == "default" || catalogue.contains(name) {
        return None;
    }
    let message = format!("the service `{name}` is unknown to the catalogue of {}", catalogue.date());
    let help = match catalogue.nearest(name) {
        Some(near) => format!(
            "did you mean `{near}`? For a service newer than the catalogue pass --allow-key {name:?} or --catalogue FILE"
        ),
        None => format!("for a service newer than the catalogue pass --allow-key {name:?} or --catalogue FILE"),
    };
    Some((message, help))
}
