//! A part of an organization as it was read: its value, and what of it could not be read.

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use optout_core::org::{Part as Name, Unread};

use crate::request::Failure;

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

/// The entries for what could not be read of several subjects: one an equal failure, so that what was found out once is
/// said once.
pub(crate) fn unread_of(name: Name, failures: Vec<(String, Failure)>) -> Vec<Unread> {
    let mut groups: Vec<(Failure, Vec<String>)> = Vec::new();
    for (subject, failure) in failures {
        match groups.iter_mut().find(|(known, _)| *known == failure) {
            Some((_, subjects)) => subjects.push(subject),
            None => groups.push((failure, vec![subject])),
        }
    }
    groups.into_iter().map(|(failure, subjects)| failure.unread(name, only(subjects))).collect()
}

fn only(mut subjects: Vec<String>) -> Option<String> {
    let first = subjects.pop();
    first.filter(|_| subjects.is_empty())
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
    use crate::request::FailureKind;

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
}
