//! A part of an organization as it was read: its value, and what of it could not be read.

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use optout_core::org::{Part as Name, Unread};

use crate::request::{Failure, FailureKind};

/// Calls of one operation under way at the same time: enough to keep any documented rate at two seconds an answer.
pub(crate) const SIDE_BY_SIDE: usize = 16;

/// A part and what is missing in it.
#[derive(Debug)]
pub(crate) struct Part<T> {
    /// What was read; `None` where it makes no sense without what is missing.
    pub(crate) value: Option<T>,
    /// What is missing.
    pub(crate) unread: Vec<Unread>,
}

impl<T> Part<T> {
    pub(crate) fn whole(value: T) -> Self {
        Self { value: Some(value), unread: Vec::new() }
    }

    pub(crate) fn missing(name: Name, failure: &Failure) -> Self {
        Self { value: None, unread: vec![failure.unread(name, None)] }
    }

    pub(crate) fn of(name: Name, result: Result<T, Failure>) -> Self {
        match result {
            Ok(value) => Self::whole(value),
            Err(failure) => Self::missing(name, &failure),
        }
    }

    /// The value, its gaps added to `unread`.
    pub(crate) fn note(mut self, unread: &mut Vec<Unread>) -> Option<T> {
        unread.append(&mut self.unread);
        self.value
    }
}

/// Subjects that are named one by one where AWS said the same about each; more are one entry without a subject.
const NAMED: usize = 20;

/// The entries for what could not be read of several subjects: what was found out once, or said about very many, is said
/// once.
pub(crate) fn unread_of(name: Name, failures: Vec<(String, Failure)>) -> Vec<Unread> {
    let mut groups: Vec<Vec<(String, Failure)>> = Vec::new();
    for (subject, failure) in failures {
        let same = |group: &&mut Vec<(String, Failure)>| group.iter().any(|(_, it)| it.says_the_same(&failure));
        match groups.iter_mut().find(same) {
            Some(group) => group.push((subject, failure)),
            None => groups.push(vec![(subject, failure)]),
        }
    }
    groups.into_iter().flat_map(|group| entries(name, group)).collect()
}

fn entries(name: Name, group: Vec<(String, Failure)>) -> Vec<Unread> {
    let Some((_, first)) = group.first() else { return Vec::new() };
    let found_out_once = group.len() > 1 && group.iter().all(|(_, failure)| failure == first);
    let of_the_operation = matches!(first.kind, FailureKind::NotImplemented | FailureKind::Stopped);
    if found_out_once || of_the_operation || group.len() > NAMED {
        return vec![first.unread(name, None)];
    }
    group.into_iter().map(|(subject, failure)| failure.unread(name, Some(subject))).collect()
}

/// Does `work` for each item, some side by side; results in the order of the items.
pub(crate) async fn each<I, T, Fut>(items: impl IntoIterator<Item = I>, work: impl Fn(I) -> Fut) -> Vec<T>
where
    Fut: Future<Output = T>,
{
    let mut waiting = items.into_iter().enumerate();
    let mut running = FuturesUnordered::new();
    let mut done: Vec<(usize, T)> = Vec::new();
    loop {
        while running.len() < SIDE_BY_SIDE {
            let Some((at, item)) = waiting.next() else { break };
            let work = work(item);
            running.push(async move { (at, work.await) });
        }
        match running.next().await {
            Some(result) => done.push(result),
            None => break,
        }
    }
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pace::Operation;

    #[tokio::test]
    async fn results_come_in_the_order_of_the_items() {
        let results = each(0..100_u32, |number| async move {
            for _ in 0..(number % 7) {
                tokio::task::yield_now().await;
            }
            number * 2
        });
        assert_eq!(results.await, (0..100).map(|number| number * 2).collect::<Vec<_>>());
    }

    #[test]
    fn equal_failures_are_said_once_and_single_ones_name_their_subject() {
        let denied = Failure::new(Operation::DescribePolicy, FailureKind::Denied, "no");
        let failed = Failure::new(Operation::DescribePolicy, FailureKind::Failed, "broken");
        let failures = vec![("p-1".into(), denied.clone()), ("p-2".into(), failed), ("p-3".into(), denied)];
        let unread = unread_of(Name::PolicyContent, failures);
        let subjects: Vec<Option<&str>> = unread.iter().map(|entry| entry.subject.as_deref()).collect();
        assert_eq!(subjects, [None, Some("p-2")]);
    }

    #[test]
    fn equal_words_about_different_requests_name_a_few_subjects_and_not_thousands() {
        let about = |number: usize| {
            let failure = Failure::new(Operation::DescribeEffectivePolicy, FailureKind::Denied, "no");
            (number.to_string(), Failure { request_id: Some(number.to_string()), ..failure })
        };
        assert_eq!(unread_of(Name::EffectivePolicy, (0..20).map(about).collect()).len(), 20);
        let many = unread_of(Name::EffectivePolicy, (0..5_000).map(about).collect());
        assert_eq!(many.iter().map(|entry| entry.subject.clone()).collect::<Vec<_>>(), [None]);
    }
}
