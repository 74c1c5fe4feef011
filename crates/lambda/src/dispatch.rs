//! From an event to its handler: the one place that knows which kind is answered by whom.
//!
//! An error fails the invocation: Lambda tries again and then hands the event to the dead-letter queue, so that no event
//! is lost and alarms see it.
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>, read 2026-11-24.

use lambda_runtime::Diagnostic;
use optout_aws::read::ReadError;
use optout_aws::session::{Session, SessionError, SessionOptions};
use optout_aws::state::Store;
use optout_core::intent::Intent;
use optout_core::org::Snapshot;
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::answer::fit;
use crate::event::{Kind, UnknownEvent, kind_of};
use crate::fleet::{Member, NoMember, member_of};
use crate::invocation::Invocation;
use crate::monitor::{self, IntentError, Monitor, PAUSES};
use crate::organizations::{self, OrganizationsError};
use crate::publishing::Everywhere;
use crate::resource::{self, ResourceError};
use crate::rule::{self, Clients, Known, RuleError};
use crate::scheduled::{self, ScheduledError};
use crate::settings::{SettingError, Settings};

/// What stays from one invocation to the next.
#[derive(Debug)]
pub struct Function {
    settings: Result<Settings, SettingError>,
    options: SessionOptions,
    session: OnceCell<Session>,
}

/// Why an invocation failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HandlerError {
    /// No handler for such an event.
    #[error("{0}; {help}", help = .0.help())]
    UnknownEvent(#[from] UnknownEvent),
    /// A setting that cannot be.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// No credentials.
    #[error("{0}; {help}", help = .0.help())]
    Session(#[from] SessionError),
    /// The organization could not be read.
    #[error("{0}; {help}", help = .0.help())]
    Read(#[from] ReadError),
    /// The intent could not be used.
    #[error(transparent)]
    Intent(#[from] IntentError),
    /// An event of AWS Organizations could not be dealt with.
    #[error(transparent)]
    Organizations(#[from] OrganizationsError),
    /// A scheduled run failed.
    #[error(transparent)]
    Scheduled(#[from] ScheduledError),
    /// An organization of a fleet that is none.
    #[error(transparent)]
    Fleet(#[from] NoMember),
    /// AWS Config got no answer, or one that says `unknown`.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// CloudFormation got no answer.
    #[error(transparent)]
    Resource(#[from] ResourceError),
}

impl HandlerError {
    /// A word for the kind of failure, as Lambda shows it beside the message.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::UnknownEvent(_) => "UnknownEvent",
            Self::Setting(_) => "Setting",
            Self::Session(_) => "Session",
            Self::Read(_) => "Read",
            Self::Intent(_) => "Intent",
            Self::Organizations(_) => "Organizations",
            Self::Scheduled(_) => "Scheduled",
            Self::Fleet(_) => "Fleet",
            Self::Rule(_) => "ConfigRule",
            Self::Resource(_) => "CustomResource",
        }
    }
}

impl From<HandlerError> for Diagnostic {
    fn from(error: HandlerError) -> Self {
        Self { error_type: error.kind().to_owned(), error_message: error.to_string() }
    }
}

impl Function {
    /// The function with these settings; `options` say how AWS is reached.
    #[must_use]
    pub const fn new(settings: Result<Settings, SettingError>, options: SessionOptions) -> Self {
        Self { settings, options, session: OnceCell::const_new() }
    }

    /// The session; opened anew where that failed before.
    ///
    /// # Errors
    /// Where there are no credentials.
    pub async fn session(&self) -> Result<&Session, SessionError> {
        self.session.get_or_try_init(|| Session::open(&self.options)).await
    }

    /// Hands `payload` to the handler of its kind and returns the answer.
    ///
    /// # Errors
    /// What the handler came to, where that is no answer.
    pub async fn handle(&self, payload: &Value, invocation: &Invocation) -> Result<Value, HandlerError> {
        match kind_of(payload)? {
            Kind::ConfigRule => self.rule(payload, invocation).await,
            // CloudFormation is told whatever goes wrong, and no setting is needed for it.
            Kind::CustomResource => Ok(resource::handle(self.session(), payload, invocation).await?),
            kind @ (Kind::Scheduled | Kind::Organizations) => Ok(fit(self.monitor(kind, payload, invocation).await?)),
        }
    }

    async fn monitor(&self, kind: Kind, payload: &Value, invocation: &Invocation) -> Result<Value, HandlerError> {
        let settings = self.settings()?;
        if let Some(member) = member_of(payload)? {
            return self.member(&member, settings, invocation).await;
        }
        let session = self.session().await?;
        let Some(store) = store(session, settings) else {
            // Whatever happened there, a full read finds what it came to.
            return Ok(Box::pin(scheduled::handle(session, payload)).await?);
        };
        let intent = intent(&store, settings).await?;
        let publish = Everywhere::new(session, settings);
        let monitor = watch(session, &store, &publish, intent.as_ref(), settings);
        let time = invocation.time_to_work();
        if kind == Kind::Organizations {
            return Ok(Box::pin(organizations::handle(&monitor, payload, time)).await?);
        }
        Ok(Box::pin(scheduled::run(&monitor, time)).await?)
    }

    /// One organization of a fleet: read by its role, remembered and published by the function's own, below its own prefix.
    async fn member(&self, member: &Member, own: &Settings, invocation: &Invocation) -> Result<Value, HandlerError> {
        let theirs = Box::pin(Session::open(&member.session_options(&self.options))).await?;
        let (session, settings) = (self.session().await?, member.settings(own));
        let mut answer = if let Some(store) = store(session, &settings) {
            let publish = Everywhere::new(session, &settings);
            let monitor = watch(&theirs, &store, &publish, None, &settings);
            Box::pin(scheduled::run(&monitor, invocation.time_to_work())).await?
        } else {
            Box::pin(scheduled::handle(&theirs, &Value::Null)).await?
        };
        if let Some(fields) = answer.as_object_mut() {
            fields.insert("name".to_owned(), member.name.clone().into());
        }
        Ok(answer)
    }

    async fn rule(&self, payload: &Value, invocation: &Invocation) -> Result<Value, HandlerError> {
        let (settings, session) = (self.settings()?, self.session().await?);
        let store = store(session, settings);
        let (snapshot, intent) = match &store {
            Some(store) => (remembered(store).await, intent(store, settings).await?),
            None => (None, None),
        };
        let clients = Clients { session, options: &self.options, settings };
        let known = Known { snapshot: snapshot.as_ref(), intent: intent.as_ref() };
        Ok(Box::pin(rule::handle(clients, payload, invocation, known)).await?)
    }

    fn settings(&self) -> Result<&Settings, SettingError> {
        self.settings.as_ref().map_err(Clone::clone)
    }
}

/// Where the monitor remembers, if it does.
fn store(session: &Session, settings: &Settings) -> Option<Store> {
    settings.bucket.as_ref().map(|bucket| Store::new(session, bucket, &settings.prefix))
}

async fn intent(store: &Store, settings: &Settings) -> Result<Option<Intent>, IntentError> {
    match &settings.intent_key {
        Some(key) => Ok(Some(monitor::intent(store, key).await?)),
        None => Ok(None),
    }
}

fn watch<'m>(
    session: &'m Session,
    store: &'m Store,
    publish: &'m Everywhere<'m>,
    intent: Option<&'m Intent>,
    settings: &Settings,
) -> Monitor<'m, Everywhere<'m>> {
    Monitor { session, store, publish, intent, fail_on: settings.fail_on, pauses: &PAUSES }
}

/// The organization as the monitor last read it. Where that cannot be had, AWS is asked instead.
async fn remembered(store: &Store) -> Option<Snapshot> {
    let state = store.state().await.inspect_err(|error| tracing::warn!(%error, "the state is not used"));
    state.ok()?.value.snapshot
}
