//! The shell: what stands around every screen of somebody who is signed in. Who I am and how the connection is are
//! always in view; the list and the open conversation stand side by side where there is room.

use crate::part::drawn::view;
use crate::part::plain::{button, words};
use crate::prelude::*;

use crate::app::baton;
use crate::page::conversation::Conversation;
use crate::page::device::DevicePage;
use crate::page::directory::DirectoryPage;
use crate::page::handover::{HandedPage, HandoverPage, OfferPage, PrintHandoverPage, SheetPage};
use crate::page::inbox::InboxPane;
use crate::page::list::{ListPage, PrintListPage};
use crate::page::members::MembersPage;
use crate::page::new::NewPage;
use crate::page::patient::PatientPage;
use crate::page::patients::PatientsPage;
use crate::page::roles::RolesPage;
use crate::page::search::SearchPage;
use crate::page::tasks::{BoardPage, TaskPage, TasksPage};
use crate::part::derived::{Memo, RwSignal, StoredValue, effect, memo};
use crate::part::icon::{Icon, Mark};
use crate::part::person::Picture;
use crate::route::Route;
use crate::store::connection::Mood;
use crate::store::device::trouble_words;
use crate::store::lists::look::ListKey;
use crate::web;

mod account;
mod duty;
mod mine;
mod update;

pub use account::loss;

use account::Account;
use mine::MyWork;
use update::UpdateNotice;

/// The shell.
#[component]
pub fn Shell() -> impl IntoView {
    let baton = baton();
    let route = memo(move || baton.router.route());
    let space = memo(move || route.get().space());
    let first = StoredValue::new(true);
    effect(move || {
        let space = space.get();
        // The first place was opened when signing in.
        if !first.try_update_value(std::mem::take).unwrap_or_default() {
            baton.command.open(space);
        }
    });
    let list = memo(move || route.get().list());
    effect(move || {
        let key = list.get().map(|(space, list)| ListKey { space, list });
        baton.command.open_list(key);
    });
    name_the_page(route);
    let in_list = move || route.get() == Route::Inbox;
    let is_wide = move || {
        let route = route.get();
        route.is_about_patients() || route.is_about_tasks() || route.is_about_handover()
    };
    let in_thread = move || matches!(route.get(), Route::Thread(_));
    let on_paper = move || matches!(route.get(), Route::PrintHandover(..) | Route::PrintList(..));
    view! {
        <a class="nhsuk-skip-link" href="#main">"Skip to main content"</a>
        <div
            class="baton-shell"
            class:baton-shell--list=in_list
            class:baton-shell--wide=is_wide
            class:baton-shell--thread=in_thread
            class:baton-shell--paper=on_paper
        >
            <Bar />
            <Rail route />
            <InboxPane open=space />
            <main class="baton-detail" id="main" tabindex="-1">
                {move || match route.get() {
                    Route::Board => view! { <BoardPage /> },
                    Route::Device => view! { <DevicePage /> },
                    Route::Directory => view! { <DirectoryPage /> },
                    Route::Handed(space, id) => view! { <HandedPage space id /> },
                    Route::Handover(space) => view! { <HandoverPage space /> },
                    Route::Inbox => view! { <NothingOpen /> },
                    Route::List(space, list) => view! { <ListPage space list /> },
                    Route::New => view! { <NewPage /> },
                    Route::Offer(space) => view! { <OfferPage space /> },
                    Route::Patient(patient) => view! { <PatientPage patient /> },
                    Route::Patients => view! { <PatientsPage /> },
                    Route::PrintHandover(space, id) => view! { <PrintHandoverPage space id /> },
                    Route::PrintList(space, list) => view! { <PrintListPage space list /> },
                    Route::Roles => view! { <RolesPage /> },
                    Route::Search => view! { <SearchPage /> },
                    Route::Sheet(space, patient) => view! { <SheetPage space patient /> },
                    Route::Task(space, task) => view! { <TaskPage space task /> },
                    Route::Tasks => view! { <TasksPage /> },
                    Route::Thread(space) => view! { <Conversation space /> },
                    Route::ThreadDetails(space) => view! { <MembersPage space /> },
                }}
            </main>
        </div>
        <ReadOut />
    }
}

/// What is always in view: the name, the connection, and who I am.
#[component]
fn Bar() -> impl IntoView {
    let baton = baton();
    let line = baton.store.connection;
    let (open, asks_duty) = (RwSignal::new(false), RwSignal::new(false));
    let mood = move || match line.get().mood {
        Mood::Live => "live",
        Mood::Connecting => "connecting",
        Mood::Offline => "offline",
        Mood::Ended => "ended",
    };
    let has_ended = move || line.with(|line| line.mood == Mood::Ended);
    view! {
        <header class="baton-bar">
            <h1 class="baton-bar__brand"><Mark /><span class="baton-bar__name">"Baton"</span></h1>
            <p class=move || format!("baton-connection baton-connection--{}", mood()) role="status">
                <span class="baton-connection__dot" aria-hidden="true"></span>
                <span class="nhsuk-u-visually-hidden">"Connection: "</span>
                {move || line.with(|line| line.words.clone())}
            </p>
            {move || {
                has_ended()
                    .then(|| {
                        button("baton-bar__sign-in", "Sign in again", "", move || baton.sign_in())
                    })
            }}
            <button type="button" class="baton-bar__lock" on:click=move |_| baton.lock()>
                {Icon::Lock.draw()}
                <span class="baton-bar__lock-word">"Lock"</span>
            </button>
            {move || {
                baton
                    .store
                    .me
                    .get()
                    .map(|me| {
                        let role = me.role(None);
                        view! {
                            <button
                                type="button"
                                class="baton-bar__me"
                                aria-haspopup="dialog"
                                on:click=move |_| open.set(true)
                            >
                                <span class="nhsuk-u-visually-hidden">"Your account: "</span>
                                <span class="baton-bar__words">
                                    <span class="baton-bar__who">{me.name}</span>
                                    <span class="baton-bar__role">{role}</span>
                                </span>
                                <Picture initials=me.initials tint=me.tint />
                            </button>
                        }
                    })
            }}
            {move || {
                baton
                    .store
                    .device
                    .locks_soon
                    .get()
                    .then(|| {
                        view! {
                            <p class="baton-bar__clock" role="status">
                                {Icon::Lock.draw()} "Locks in a few seconds. Touch the screen or press a key to stay."
                            </p>
                        }
                    })
            }}
            {move || {
                baton
                    .store
                    .device
                    .trouble
                    .get()
                    .map(|error| view! { <p class="baton-bar__clock" role="alert">{Icon::Warning.draw()}{trouble_words(&error)}</p> })
            }}
            {move || {
                baton
                    .store
                    .device
                    .warning()
                    .map(|words| view! { <p class="baton-bar__clock" role="alert">{Icon::Warning.draw()}{words}</p> })
            }}
            {move || {
                line.with(|line| line.clock.clone())
                    .map(|words| view! { <p class="baton-bar__clock" role="alert">{Icon::Warning.draw()}{words}</p> })
            }}
            <UpdateNotice />
            <MyWork asks_duty />
        </header>
        {move || open.get().then(|| view! { <Account close=move |()| open.set(false) /> })}
        {duty::asked(asks_duty)}
    }
}

/// Where one can go.
#[component]
fn Rail(
    /// Where one is.
    route: Memo<Route>,
) -> impl IntoView {
    let baton = baton();
    let unread = move || baton.store.inbox.unread();
    // What is routine interrupts nobody, and is counted here.
    let tasks = memo(move || {
        let counts = baton.command.task_counts();
        (counts.overdue, counts.new)
    });
    view! {
        <nav class="baton-rail" aria-label="Main">
            <RailLink to=Route::Inbox route icon=Icon::Inbox>
                "Inbox"
                {move || {
                    let unread = unread();
                    (!unread.is_empty())
                        .then(|| {
                            view! {
                                <span class="baton-count baton-rail__count">
                                    {unread} <span class="nhsuk-u-visually-hidden">" unread"</span>
                                </span>
                            }
                        })
                }}
            </RailLink>
            <RailLink to=Route::Patients route icon=Icon::Patient>"Patients"</RailLink>
            <RailLink to=Route::Tasks route icon=Icon::Tick>
                "Tasks"
                {move || {
                    let (count, says) = match tasks.get() {
                        (0, 0) => return None,
                        (0, new) => (new, " new".to_owned()),
                        (overdue, 0) => (overdue, " overdue".to_owned()),
                        (overdue, new) => (overdue + new, format!(", {overdue} overdue and {new} new")),
                    };
                    Some(view! {
                        <span class="baton-count baton-rail__count">
                            {count} <span class="nhsuk-u-visually-hidden">{says}</span>
                        </span>
                    })
                }}
            </RailLink>
            <RailLink to=Route::Handover(None) route icon=Icon::Handover>"Handover"</RailLink>
            <RailLink to=Route::Search route icon=Icon::Search>"Search"</RailLink>
            <RailLink to=Route::New route icon=Icon::Plus>"New"</RailLink>
            <RailLink to=Route::Directory route icon=Icon::People>"Directory"</RailLink>
            <RailLink to=Route::Device route icon=Icon::Device>"Device"</RailLink>
        </nav>
    }
}

#[component]
fn RailLink(to: Route, route: Memo<Route>, icon: Icon, children: Children) -> impl IntoView {
    let is_here = move || {
        let here = route.get();
        here == to
            || (to == Route::Inbox && here.space().is_some())
            || (to == Route::Patients && here.is_about_patients())
            || (to == Route::Tasks && here.is_about_tasks())
            || (to == Route::Handover(None) && here.is_about_handover())
            || (to == Route::Directory && here == Route::Roles)
    };
    view! {
        <a
            class="baton-rail__link"
            href=to.path()
            aria-current=move || is_here().then_some("page")
            on:click=move |event| go(&event, to)
        >
            {icon.draw()}
            <span class="baton-rail__label">{children()}</span>
        </a>
    }
}

/// Follows a link inside the app, unless the person asked the browser for another tab.
pub fn go(event: &leptos::ev::MouseEvent, to: Route) {
    if !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0) {
        event.prevent_default();
        baton_router().go(to);
    }
}

fn baton_router() -> crate::route::Router {
    baton().router
}

#[component]
fn NothingOpen() -> impl IntoView {
    view! {
        <div class="baton-nothing">
            <Mark />
            <h2 class="baton-nothing__title">"No conversation is open"</h2>
            {words("", "Choose one from the list, or start a new one.")}
        </div>
    }
}

/// What a screen reader reads out as it happens.
#[component]
fn ReadOut() -> impl IntoView {
    let announcement = baton().store.announcement;
    view! {
        <div class="nhsuk-u-visually-hidden" aria-live="polite">{move || announcement.get().polite}</div>
        <div class="nhsuk-u-visually-hidden" aria-live="assertive">{move || announcement.get().assertive}</div>
    }
}

/// Keeps the page's title true: where one is, and how much is unread. A browser writes titles to its history, on the disk, so
/// no conversation, patient or list is named in it.
fn name_the_page(route: Memo<Route>) {
    let baton = baton();
    effect(move || {
        let place = match route.get() {
            Route::Board => "Board".to_owned(),
            Route::Device => "This device".to_owned(),
            Route::Directory => "Directory".to_owned(),
            Route::Handed(..) => "Handover of patients".to_owned(),
            Route::Handover(_) => "Handover".to_owned(),
            Route::Inbox => "Inbox".to_owned(),
            Route::List(..) => "List of patients".to_owned(),
            Route::New => "New conversation".to_owned(),
            Route::Offer(_) => "Hand over".to_owned(),
            Route::Patient(_) => "Patient".to_owned(),
            Route::Patients => "Patients".to_owned(),
            Route::PrintHandover(..) => "Print a handover".to_owned(),
            Route::PrintList(..) => "Print a list".to_owned(),
            Route::Roles => "Roles".to_owned(),
            Route::Search => "Search".to_owned(),
            Route::Sheet(..) => "Handover sheet".to_owned(),
            Route::Task(..) => "Task".to_owned(),
            Route::Tasks => "Tasks".to_owned(),
            Route::Thread(_) => "Conversation".to_owned(),
            Route::ThreadDetails(_) => "Members and details".to_owned(),
        };
        let unread = baton.store.inbox.unread();
        let count = if unread.is_empty() {
            unread
        } else {
            format!("({unread}) ")
        };
        web::document().set_title(&format!("{count}{place} – Baton"));
    });
}
