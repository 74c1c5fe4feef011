//! Policies of another type that pretend to opt out: service and resource control policies with such a name.
//!
//! A control policy cannot opt out of anything, whatever it is called. Only names and descriptions are looked at, and only
//! the documents of those that sound like it are read.

use optout_core::org::{Part as Name, Policy, PolicyType, Unread, UnreadReason};

use super::part::{each, unread_of};
use super::policies::{content_of, list};
use crate::pace::Operation;
use crate::request::{Purpose, Requests};

/// Documents that are read of each type, at most.
const DESCRIBED: usize = 10;

/// The policies of other types that sound like an opt-out, and what could not be read of them.
pub(super) async fn read(requests: &Requests<'_>) -> (Vec<Policy>, Vec<Unread>) {
    let service = of_type(requests, PolicyType::ServiceControl, Purpose::ServiceControl);
    let resource = of_type(requests, PolicyType::ResourceControl, Purpose::ResourceControl);
    let ((mut policies, mut unread), (more, also)) = tokio::join!(service, resource);
    policies.extend(more);
    unread.extend(also);
    (policies, unread)
}

async fn of_type(requests: &Requests<'_>, policy_type: PolicyType, purpose: Purpose) -> (Vec<Policy>, Vec<Unread>) {
    let listing = list(requests, &policy_type, purpose).await;
    let subject = Some(policy_type.as_str().to_owned());
    let mut unread: Vec<Unread> = listing.failure.iter().map(|it| it.unread(Name::Policies, subject.clone())).collect();
    let pretends = |policy: &Policy| !policy.aws_managed && sounds_like_opt_out(&policy.name, &policy.description);
    let mut suspects: Vec<Policy> = listing.items.into_iter().filter(pretends).collect();
    suspects.sort_by(|left, right| left.id.cmp(&right.id));
    suspects.dedup_by(|left, right| left.id == right.id);
    let ids: Vec<_> = suspects.iter().take(DESCRIBED).map(|policy| policy.id.clone()).collect();
    requests.expect(Operation::DescribePolicy, ids.len());
    let contents = each(&ids, |id| content_of(requests, id, purpose)).await;
    let mut failures = Vec::new();
    for (policy, content) in suspects.iter_mut().zip(contents) {
        match content {
            Ok(content) => policy.content = Some(content.into()),
            Err(failure) => failures.push((policy.id.to_string(), failure)),
        }
    }
    unread.extend(unread_of(Name::PolicyContent, failures));
    unread.extend(suspects.iter().skip(DESCRIBED).map(not_described));
    (suspects, unread)
}

fn not_described(policy: &Policy) -> Unread {
    Unread {
        part: Name::PolicyContent,
        subject: Some(policy.id.to_string()),
        operation: Operation::DescribePolicy.as_str().to_owned(),
        reason: UnreadReason::NotAsked,
        permission: None,
        detail: format!("only the first {DESCRIBED} policies of another type that sound like an opt-out are read"),
    }
}

/// Whether the words of a name or description speak of AI and of opting out.
///
/// Words are runs of letters and digits, cut where a capital follows a small letter. AI is meant by a word `ai`, `aiml` or
/// `genai`, or one that begins with `aiservice`; opting out by a word that begins with `optout` or `optedout`, or by `opt`,
/// `opts`, `opted` or `opting` with `out` right behind it.
fn sounds_like_opt_out(name: &str, description: &str) -> bool {
    let words: Vec<String> = words(name).into_iter().chain(words(description)).collect();
    let ai = words.iter().any(|word| matches!(word.as_str(), "ai" | "aiml" | "genai") || word.starts_with("aiservice"));
    let joined = words.iter().any(|word| word.starts_with("optout") || word.starts_with("optedout"));
    let apart = words.windows(2).any(|pair| {
        matches!(pair, [opt, out] if matches!(opt.as_str(), "opt" | "opts" | "opted" | "opting") && out == "out")
    });
    ai && (joined || apart)
}

fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut last_was_small = false;
    for c in text.chars() {
        let begins = !c.is_alphanumeric() || (c.is_uppercase() && last_was_small);
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        last_was_small = c.is_lowercase() || c.is_numeric();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::sounds_like_opt_out;

    #[test]
    fn names_and_descriptions_that_speak_of_opting_out_of_ai() {
        for name in
            ["AI-opt-out", "ai_services_optout", "OptOutOfAiServices", "DenyAIServicesOptOut", "GenAI: opted out"]
        {
            assert!(sounds_like_opt_out(name, ""), "{name}");
        }
        assert!(sounds_like_opt_out("baseline", "Opts out of all AI services"));
        assert!(sounds_like_opt_out("AI baseline", "opt out"));
    }

    #[test]
    fn other_names_do_not() {
        for name in
            ["FullAWSAccess", "deny-ai", "opt-out-of-emails", "maintain options", "air-gap opt-out", "Option AI outage"]
        {
            assert!(!sounds_like_opt_out(name, ""), "{name}");
        }
        assert!(!sounds_like_opt_out("", ""));
    }
}
