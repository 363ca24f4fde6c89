//! A visit from beginning to end: the configuration, signing in or carrying on, the shell, signing out.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use baton_core::device_api::Session;

use crate::command::Command;
use crate::config::{Config, ConfigError};
use crate::page::problem::{Problem, ProblemPage};
use crate::page::shell::Shell;
use crate::page::sign_in::{SignInPage, WaitPage};
use crate::route::{Route, Router};
use crate::session::sign_in::Returned;
use crate::session::{self, Device, Record};
use crate::store::Store;
use crate::store::people::Card;
use crate::store::preference::Preference;
use crate::sync::browser::Live;
use crate::{clock, web};

/// Where a visit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Something stands in the way.
    Problem(Problem),
    /// Nobody is signed in.
    SignIn,
    /// Somebody is signed in.
    SignedIn,
    /// On the way, with what is being done.
    Wait(&'static str),
}

/// What every part of the app may reach, given by context once.
#[derive(Clone, Copy)]
pub struct Baton {
    /// What the screens show.
    pub store: Store,
    /// What a person can do.
    pub command: Command,
    /// Where one is.
    pub router: Router,
    /// How this person likes the app.
    pub preference: Preference,
    /// Where the visit stands.
    pub phase: RwSignal<Phase>,
    config: RwSignal<Option<Config>>,
}

/// The app's parts, for a component.
pub fn baton() -> Baton {
    expect_context()
}

impl Baton {
    fn new() -> Self {
        let store = Store::empty();
        Self {
            store,
            command: Command::new(store),
            router: Router::start(),
            preference: Preference::start(),
            phase: RwSignal::new(Phase::Wait("Starting")),
            config: RwSignal::new(None),
        }
    }

    /// The name of the organisation or care community; empty before the configuration is there.
    pub fn organisation(self) -> String {
        self.config
            .with(|config| config.as_ref().map(|config| config.organisation.clone()))
            .unwrap_or_default()
    }

    /// Begins, or begins anew after a problem.
    pub fn begin(self) {
        let returned = Returned::take();
        self.phase.set(Phase::Wait("Starting"));
        spawn_local(async move {
            let config = match Config::load().await {
                Ok(config) => config,
                Err(ConfigError::Malformed) => return self.fail(Problem::Deployment),
                Err(ConfigError::Unreachable) => return self.fail(Problem::Unreachable),
            };
            self.config.set(Some(config.clone()));
            let record = Record::new(config.ohttp_keys.clone());
            if let Some(returned) = returned {
                self.router.replace(Route::Inbox);
                self.phase.set(Phase::Wait("Signing you in"));
                match returned.finish(&record).await {
                    Ok((device, session)) => self.enter(device, session, record, &config),
                    Err(error) => self.fail(Problem::from_sign_in(&error)),
                }
            } else if let Some(device) = Device::kept() {
                match record.session(&device).await {
                    Ok(session) => self.enter(device, session, record, &config),
                    Err(error) if error.is_passing() => self.fail(Problem::Unreachable),
                    Err(error) => {
                        session::erase();
                        self.fail(Problem::from_session(&error));
                    }
                }
            } else {
                self.phase.set(Phase::SignIn);
            }
        });
    }

    /// Goes to the identity provider.
    pub fn sign_in(self) {
        let Some(config) = self.config.get_untracked() else {
            return self.begin();
        };
        self.phase.set(Phase::Wait("Taking you to sign in"));
        if let Err(error) = session::sign_in::leave(&config) {
            self.fail(Problem::from_sign_in(&error));
        }
    }

    fn enter(self, mut device: Device, session: Session, record: Record, config: &Config) {
        device.learn_time(session.now, clock::now());
        device.keep();
        self.store.people.learn(&session.people);
        self.store.people.learn([&session.me]);
        self.store.me.set(Some(Card::from(&session.me)));
        let user = session.me.id;
        let live = Live::start(device, user, record, config.verify_key, self.store, move || {
            self.leave(Phase::Problem(Problem::Revoked));
        });
        self.command.attach(live.clone());
        live.driver
            .feed(baton_core::sync::Event::Session(Box::new(session)));
        self.command.open(self.router.route_now().space());
        self.phase.set(Phase::SignedIn);
    }

    /// Signs out: the record is told, and nothing stays in this tab whether it heard or not.
    pub fn sign_out(self) {
        let end = async move {
            _ = self.command.end_device().await;
        };
        self.phase.set(Phase::Wait("Signing you out"));
        spawn_local(async move {
            at_most(end, 4_000).await;
            self.leave(Phase::SignIn);
        });
    }

    /// Forgets everything of this person.
    pub fn leave(self, then: Phase) {
        self.command.detach();
        session::erase();
        self.store.clear();
        self.router.replace(Route::Inbox);
        self.phase.set(then);
    }

    fn fail(self, problem: Problem) {
        self.phase.set(Phase::Problem(problem));
    }
}

/// Waits for something, but no longer than so many milliseconds.
async fn at_most(what: impl Future<Output = ()>, millis: i32) {
    let (mut what, mut late) = (std::pin::pin!(what), std::pin::pin!(web::wait(millis)));
    std::future::poll_fn(|context| {
        if what.as_mut().poll(context).is_ready() {
            return std::task::Poll::Ready(());
        }
        late.as_mut().poll(context)
    })
    .await;
}

/// The app.
#[component]
pub fn App() -> impl IntoView {
    let baton = Baton::new();
    provide_context(baton);
    baton.begin();
    move || match baton.phase.get() {
        Phase::Problem(problem) => view! { <ProblemPage problem /> }.into_any(),
        Phase::SignIn => view! { <SignInPage /> }.into_any(),
        Phase::SignedIn => view! { <Shell /> }.into_any(),
        Phase::Wait(doing) => view! { <WaitPage doing /> }.into_any(),
    }
}
