//! What every part of the app may reach, and which page is shown.

use std::ops::Deref;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use crate::part::derived::RwSignal;
use crate::part::drawn::view;
use crate::prelude::*;

use crate::command::Command;
use crate::config::Config;
use crate::page::problem::{Problem, ProblemPage};
use crate::page::shell::Shell;
use crate::page::sign_in::{SignInPage, WaitPage};
use crate::page::unlock::UnlockPage;
use crate::route::Router;
use crate::shell_worker::{self, ShellWorker};
use crate::store::Store;
use crate::store::preference::Preference;
use crate::visit::{Locked, Visit};
use crate::web;
use crate::web::camera::{self, Picture};

/// Where a visit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Somebody keeps work here that has to be unlocked.
    Locked(Locked),
    /// Something stands in the way.
    Problem(Problem),
    /// Nobody is signed in.
    SignIn,
    /// Somebody is signed in.
    SignedIn,
    /// On the way, with what is being done.
    Wait(&'static str),
}

/// What every part of the app may reach, given by context once. Closures have it in a word, whatever there is to reach.
#[derive(Clone, Copy)]
pub struct Baton(&'static Parts);

/// What there is to reach. It stays for as long as the page.
pub struct Parts {
    /// What the screens show.
    pub store: &'static Store,
    /// What a person can do.
    pub command: Command,
    /// Where one is.
    pub router: Router,
    /// How this person likes the app.
    pub preference: Preference,
    /// Photos that another app shared and that are in no message yet.
    pub shared: RwSignal<Vec<Picture>>,
    /// Where the visit stands.
    pub phase: RwSignal<Phase>,
    /// The deployed configuration, once it is there.
    pub(crate) config: RwSignal<Option<Config>>,
    visit: StoredValue<Rc<Visit>, LocalStorage>,
}

/// The app's parts, for a component.
pub fn baton() -> Baton {
    expect_context()
}

impl Deref for Baton {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        self.0
    }
}

impl Baton {
    fn new() -> Self {
        let store = Store::empty();
        Self(Box::leak(Box::new(Parts {
            store,
            command: Command::new(store),
            router: Router::start(),
            preference: Preference::start(),
            shared: RwSignal::new(Vec::new()),
            phase: RwSignal::new(Phase::Wait("Starting")),
            config: RwSignal::new(None),
            visit: StoredValue::new_local(Rc::default()),
        })))
    }

    /// The name of the organisation or care community; empty before the configuration is there.
    pub fn organisation(self) -> String {
        self.config
            .with(|config| config.as_ref().map(|config| config.organisation.clone()))
            .unwrap_or_default()
    }

    /// What the visit holds besides what is shown.
    pub(crate) fn visit(self) -> Rc<Visit> {
        self.visit.with_value(Clone::clone)
    }

    /// Takes what another app shared, before the worker that holds it is gone. It waits for its person for a while, and no longer:
    /// the next one at this device is to find nothing.
    fn take_shared(self) {
        if web::location().0 != "/share" {
            return;
        }
        spawn_local(async move {
            let mut pictures = Vec::new();
            for file in shell_worker::take_shared().await.unwrap_or_default() {
                pictures.extend(camera::read(&file).await);
            }
            self.shared.set(pictures);
            web::wait(SHARED_FOR).await;
            self.shared.set(Vec::new());
        });
    }

    pub(crate) fn fail(self, problem: Problem) {
        self.phase.set(Phase::Problem(problem));
    }
}

/// The app.
#[component]
pub fn App() -> impl IntoView {
    let baton = Baton::new();
    provide_context(baton);
    provide_context(ShellWorker::start());
    baton.warn_of_loss();
    baton.begin();
    baton.take_shared();
    move || match baton.phase.get() {
        Phase::Locked(locked) => view! { <UnlockPage locked /> },
        Phase::Problem(problem) => view! { <ProblemPage problem /> },
        Phase::SignIn => view! { <SignInPage /> },
        Phase::SignedIn => view! { <Shell /> },
        Phase::Wait(doing) => view! { <WaitPage doing /> },
    }
}

/// How long shared photos wait, in milliseconds.
const SHARED_FOR: i32 = 120_000;
