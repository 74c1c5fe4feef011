//! One simulated organization and everything around it: who calls, what goes wrong, how fast it may go.
//!
//! [`Simulator`] is the whole machine without a connection: a request in, an answer out. Requests are answered one at a
//! time, each at its arrival; what is slow is only the delivery.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use optout_core::org::{AccountId, Snapshot};

use crate::buckets::Buckets;
use crate::caller::{Caller, Sessions};
use crate::calls::{Call, CallLog};
use crate::clock::{Clock, Moment};
use crate::dispatch::{self, Context};
use crate::error::{ApiError, too_many_requests};
use crate::faults::{Failure, Fault, FaultBook, Plan, unknown_operation};
use crate::input::Input;
use crate::options::Options;
use crate::rules::Rules;
use crate::sandbox;
use crate::state::{Change, ChangeError, LoadError, Mint, State};
use crate::sts;
use crate::wire::{Delivery, Face, Outcome, Reply, Request};

/// How much of an operation's name is recorded: a request may name anything.
const LONGEST_NAME: usize = 64;

/// A simulated organization; clones share it.
#[derive(Debug, Clone)]
pub struct Simulator {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    rules: Rules,
    options: Options,
    clock: Clock,
    initial: State,
    world: Mutex<World>,
}

/// What changes.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) sessions: Sessions,
    pub(crate) faults: FaultBook,
    pub(crate) calls: CallLog,
    pub(crate) ids: Mint,
    buckets: Buckets,
}

impl World {
    fn new(state: State, faults: Vec<Fault>) -> Self {
        Self {
            state,
            sessions: Sessions::new(),
            faults: FaultBook::new(faults),
            calls: CallLog::default(),
            ids: Mint::default(),
            buckets: Buckets::default(),
        }
    }
}

impl Simulator {
    /// A simulator of the organization in `snapshot`, under `rules`. Needs a tokio runtime, whose clock it uses.
    ///
    /// # Errors
    /// Where the snapshot's units and accounts are no tree, its resource policy is none AWS would have, or a change of
    /// the options cannot be made.
    pub fn new(snapshot: &Snapshot, rules: Rules, mut options: Options) -> Result<Self, LoadError> {
        if !(options.time_scale > 0.0 && options.time_scale.is_finite()) {
            options.time_scale = 1.0;
        }
        let mut initial = State::load(snapshot)?;
        for change in std::mem::take(&mut options.changes) {
            initial.apply(change, Moment::ZERO, options.starts)?;
        }
        let clock = Clock::new(options.starts, options.time_scale);
        let world = Mutex::new(World::new(initial.clone(), options.faults.clone()));
        Ok(Self { shared: Arc::new(Shared { rules, options, clock, initial, world }) })
    }

    /// The calls so far, the last 100,000 of them, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.world().calls.last()
    }

    /// How many calls of each operation there were.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.world().calls.counts()
    }

    /// Forgets the calls so far.
    pub fn forget_calls(&self) {
        self.world().calls = CallLog::default();
    }

    /// The faults that are on.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.world().faults.list()
    }

    /// Puts other faults in place of those that are on; their calls are counted from now.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.world().faults = FaultBook::new(faults);
    }

    /// The organization as it is now, without AWS's answers.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let date = self.shared.clock.date(self.shared.clock.moment());
        self.world().state.save(date)
    }

    /// Changes the organization, as somebody else would.
    ///
    /// # Errors
    /// Where it names an account, policy or target that is not there.
    pub fn change(&self, change: Change) -> Result<(), ChangeError> {
        let moment = self.shared.clock.moment();
        self.world().state.apply(change, moment, self.shared.clock.date(moment))
    }

    /// Back to the snapshot and the faults of the start, with no calls and full buckets. Time goes on.
    pub fn reset(&self) {
        *self.world() = World::new(self.shared.initial.clone(), self.shared.options.faults.clone());
    }

    /// Answers a request as the server would, after the time it would take.
    pub async fn answer(&self, request: &Request) -> Delivery {
        let outcome = self.outcome(request);
        if !outcome.wait.is_zero() {
            tokio::time::sleep(self.shared.clock.real(outcome.wait)).await;
        }
        outcome.delivery
    }

    fn world(&self) -> MutexGuard<'_, World> {
        // A panic while the lock was held cannot leave the state half changed in a way that matters to a simulation.
        self.shared.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outcome(&self, request: &Request) -> Outcome {
        match request.face() {
            Face::Sandbox(endpoint) => at_once(sandbox::answer(self, endpoint, request)),
            Face::Nobody => at_once(Reply::error(&unknown_operation())),
            Face::Organizations(operation) => self.call(operation, request, Protocol::Json),
            Face::Sts => self.call(&sts::action(request), request, Protocol::Query),
        }
    }

    fn call(&self, operation: &str, request: &Request, protocol: Protocol) -> Outcome {
        let mut world = self.world();
        let request_id = world.ids.request();
        let caller = self.caller(&world, operation, request, protocol);
        let account = caller.as_ref().ok().map(|caller| caller.account);
        let plan = account.map_or_else(Plan::default, |account| world.faults.plan(operation, account));
        let delivery = match &plan.failure {
            Some(failure) => failed(failure, protocol, &request_id),
            None => {
                let answer =
                    caller.and_then(|caller| self.run(&mut world, operation, request, protocol, &caller, &plan));
                whole(answer, protocol, &request_id, plan.cut_short)
            }
        };
        self.record(&mut world, operation, account, request_id, &delivery);
        self.change_after(&mut world, plan.after);
        Outcome { delivery, wait: self.shared.options.latency.saturating_add(plan.delay) }
    }

    fn caller(
        &self,
        world: &World,
        operation: &str,
        request: &Request,
        protocol: Protocol,
    ) -> Result<Caller, ApiError> {
        if protocol == Protocol::Query && operation == "AssumeRoleWithWebIdentity" {
            return Ok(Caller { account: world.state.management(), session: None });
        }
        Caller::of(request.authorization.as_deref(), &world.state, &world.sessions)
    }

    fn run(
        &self,
        world: &mut World,
        operation: &str,
        request: &Request,
        protocol: Protocol,
        caller: &Caller,
        plan: &Plan,
    ) -> Result<Answer, ApiError> {
        let now = self.shared.clock.moment();
        if protocol == Protocol::Query {
            let date = self.shared.clock.date(now);
            return sts::run(world, operation, request, caller, &self.shared.options.trusts, date).map(Answer::Xml);
        }
        let found = dispatch::find(operation).ok_or_else(unknown_operation)?;
        if !world.buckets.take(self.shared.options.throttling, found.name, caller.account, now) {
            return Err(too_many_requests());
        }
        let input = Input::parse(&request.body)?;
        if world.state.organization.is_none() && found.name != "CreateOrganization" {
            return Err(crate::error::not_in_use());
        }
        world.state.catch_up(now, self.shared.options.enabling);
        let mut context = Context {
            operation: found.name,
            state: &mut world.state,
            caller,
            input: &input,
            rules: self.shared.rules,
            options: &self.shared.options,
            plan,
            now,
            starts: self.shared.options.starts,
        };
        found.run(&mut context).map(Answer::Json)
    }

    fn record(
        &self,
        world: &mut World,
        operation: &str,
        caller: Option<AccountId>,
        request_id: String,
        delivery: &Delivery,
    ) {
        let (status, error) = match delivery {
            Delivery::Whole(reply) | Delivery::CutShort(reply) => (Some(reply.status), reply.error.clone()),
            Delivery::Dropped | Delivery::Never => (None, None),
        };
        let at = self.shared.clock.date(self.shared.clock.moment());
        let operation = operation.chars().take(LONGEST_NAME).collect();
        world.calls.add(Call { operation, caller, at, request_id, status, error });
    }

    /// A change that cannot be made any more, such as a second move of an account that left, is no change.
    fn change_after(&self, world: &mut World, changes: Vec<Change>) {
        let moment = self.shared.clock.moment();
        let date = self.shared.clock.date(moment);
        for change in changes {
            if let Err(error) = world.state.apply(change, moment, date) {
                tracing::warn!(%error, "a fault's change could not be made");
            }
        }
    }
}

/// Which of the two AWS protocols a call speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Json,
    Query,
}

enum Answer {
    Json(serde_json::Value),
    Xml(String),
}

fn at_once(reply: Reply) -> Outcome {
    Outcome { delivery: Delivery::Whole(reply), wait: std::time::Duration::ZERO }
}

fn failed(failure: &Failure, protocol: Protocol, request_id: &str) -> Delivery {
    match failure {
        Failure::Drop => Delivery::Dropped,
        Failure::Hang => Delivery::Never,
        Failure::Answer(reply) => Delivery::Whole(reply.clone().with_id(request_id)),
        Failure::Error(error) => Delivery::Whole(show_error(error, protocol, request_id)),
    }
}

fn whole(answer: Result<Answer, ApiError>, protocol: Protocol, request_id: &str, cut_short: bool) -> Delivery {
    let reply = match answer {
        Ok(Answer::Json(body)) => Reply::json(200, &body).with_id(request_id),
        Ok(Answer::Xml(result)) => Reply::of(200, "text/xml", sts::finish(&result, request_id)).with_id(request_id),
        Err(error) => show_error(&error, protocol, request_id),
    };
    if cut_short { Delivery::CutShort(reply) } else { Delivery::Whole(reply) }
}

fn show_error(error: &ApiError, protocol: Protocol, request_id: &str) -> Reply {
    let reply = match protocol {
        Protocol::Json => Reply::error(error),
        Protocol::Query => sts::error(error, request_id),
    };
    reply.with_id(request_id)
}
