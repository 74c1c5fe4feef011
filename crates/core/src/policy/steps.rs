//! The steps of a setting, from the root down: a list that a level below continues without copying it.
//!
//! States of thousands of units share their beginnings; only what a level adds takes room.

use std::fmt;
use std::sync::Arc;

use super::Step;

/// Steps, the last one first.
#[derive(Clone, Default)]
pub(super) struct Steps(Option<Arc<Link>>);

struct Link {
    step: Step,
    before: Steps,
}

impl Steps {
    /// Adds a step after all others.
    pub(super) fn push(&mut self, step: Step) {
        let before = Self(self.0.take());
        self.0 = Some(Arc::new(Link { step, before }));
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The steps, the last one first.
    pub(super) fn backwards(&self) -> impl Iterator<Item = &Step> {
        std::iter::successors(self.0.as_deref(), |link| link.before.0.as_deref()).map(|link| &link.step)
    }
}

impl Drop for Steps {
    /// One after the other: dropped from inside out, a long list would exhaust the stack.
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(link) = next {
            next = Arc::into_inner(link).and_then(|mut link| link.before.0.take());
        }
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.backwards()).finish()
    }
}
