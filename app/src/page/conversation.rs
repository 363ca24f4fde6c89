//! A conversation: its messages, and writing.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, PatientId, SpaceId};
use wasm_bindgen_futures::spawn_local;

use crate::app::{Parts, baton};
use crate::page::shell::go;
use crate::part::banner::{PatientBanner, Watch};
use crate::part::derived::{RwSignal, memo};
use crate::part::dialog::Dialog;
use crate::part::icon::Icon;
use crate::part::person::Picture;
use crate::part::plain::{QUIET, SECONDARY, WARNING, block, button, follows, link, none, told, words};
use crate::part::rows::rows_of_ids;
use crate::route::Route;
use crate::web;

mod about;
mod actions;
mod composer;
mod mention;
mod message;
mod off_duty;
mod photo;
mod reach;
mod rows;
mod scroll;
mod task;

use composer::Composer;
use reach::ReachDialog;
use rows::RowView;
use scroll::Scroll;
use task::make_task;

/// What the parts of an open conversation share.
#[derive(Clone, Copy)]
pub struct Here {
    /// Which conversation.
    pub space: SpaceId,
    /// The message whose menu is open.
    menu: RwSignal<Option<OpId>>,
    /// The message whose readers are shown.
    details: RwSignal<Option<OpId>>,
    /// The message that is about to be withdrawn.
    withdrawing: RwSignal<Option<OpId>>,
    /// The message of which a task is to be made.
    tasking: RwSignal<Option<OpId>>,
    /// The message that somebody jumped to.
    flash: RwSignal<Option<OpId>>,
    /// Where the messages stand on the screen.
    scroll: Scroll,
    /// Asks the composer for the focus.
    focus: RwSignal<u32>,
    /// On the way to a message that is further back than what is held.
    seeking: RwSignal<Seeking>,
}

/// How it goes with finding a message of this conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Seeking {
    /// It does not come.
    Failed,
    /// Nothing is looked for, or it is here.
    #[default]
    Not,
    /// Older messages come until it is among them.
    Reading,
}

/// A button that goes to a message of a conversation.
pub fn to_message(says: impl Into<String>, space: SpaceId, message: OpId) -> AnyView {
    button(QUIET, says, "", move || {
        baton().store.thread.want(message);
        baton().router.go(Route::Thread(space));
    })
}

/// The parts that the components of a conversation share.
fn here() -> Here {
    expect_context()
}

impl Here {
    /// Brings a message onto the screen and marks it for a moment.
    fn jump_to(self, message: OpId) {
        if baton().command.show_message(self.space, message) {
            self.flash.set(Some(message));
            self.scroll.to_message(message);
        }
    }

    /// Brings a message onto the screen, however far back it is.
    fn seek(self, message: OpId) {
        let Parts { command, store, .. } = *baton();
        let is_here = move || self.seeking.try_get_untracked().is_some();
        spawn_local(async move {
            // It is opened right after this page is made.
            while is_here() && store.thread.space_now() != Some(self.space) {
                web::wait(0).await;
            }
            while is_here() && !command.show_message(self.space, message) {
                self.seeking.try_set(Seeking::Reading);
                if command.load_older(self.space).await.is_none() {
                    self.seeking.try_set(Seeking::Failed);
                    return;
                }
            }
            if self.seeking.try_set(Seeking::Not).is_none() {
                self.flash.set(Some(message));
                self.scroll.to_message(message);
            }
        });
    }

    fn focus_composer(self) {
        self.focus.update(|count| *count = count.wrapping_add(1));
    }
}

/// The page of a conversation.
#[component]
pub fn Conversation(
    /// Which.
    space: SpaceId,
) -> impl IntoView {
    let baton = baton();
    let thread = &baton.store.thread;
    let scroll = Scroll::new(space, baton);
    let here = Here {
        space,
        menu: RwSignal::new(None),
        details: RwSignal::new(None),
        withdrawing: RwSignal::new(None),
        tasking: RwSignal::new(None),
        flash: RwSignal::new(None),
        scroll,
        focus: RwSignal::new(0),
        seeking: RwSignal::new(Seeking::Not),
    };
    provide_context(here);
    if let Some(message) = thread.take_wanted() {
        here.seek(message);
    }
    let header = memo(move || thread.header());
    // Nothing else of the header may draw anew what somebody writes in or has the focus on.
    let is_open = memo(move || header.with(|header| header.is_open));
    let about = memo(move || header.with(|header| header.about));
    let keys = memo(move || thread.keys());
    let is_loading = memo(move || header.with(|header| header.is_loading));
    let region = scroll.region();
    view! {
        <section class="baton-conversation" aria-labelledby="conversation-title">
            <Head space />
            {move || about.get().map(|patient| view! { <Around patient /> })}
            <Seeker />
            <div
                class="baton-thread"
                node_ref=region
                tabindex="0"
                role="region"
                aria-label="Messages"
                on:scroll=move |_| scroll.moved()
            >
                <div class="baton-thread__inside" node_ref=scroll.inside()>
                    {move || {
                        (is_loading.get() && !keys.with(Vec::is_empty))
                            .then(|| told("baton-thread__note", "status", "Loading earlier messages…"))
                    }}
                    {move || {
                        (keys.with(Vec::is_empty) && is_open.get())
                            .then(|| {
                                view! {
                                    <p class="baton-thread__note" role="status">
                                        {if is_loading.get() || header.with(|header| header.is_empty) { "Loading messages…" } else { "No messages yet." }}
                                    </p>
                                }
                            })
                    }}
                    <ol class="baton-thread__rows">
                        {rows_of_ids(
                            move || keys.with(|keys| keys.iter().map(|id| *id.as_bytes()).collect()),
                            |id| view! { <RowView id=OpId::from_bytes(id) /> },
                        )}
                    </ol>
                </div>
            </div>
            <div class="baton-thread__foot">
                <ToNewest />
                <p class="baton-typing" aria-live="off">{move || thread.typing()}</p>
            </div>
            {move || {
                if is_open.get() {
                    writing(space)
                } else {
                    view! {
                        <p class="baton-thread__closed">
                            "You are no longer a member of this conversation, so it is no longer on this device. Ask a member to add you."
                            {move || {
                                (!keys.with(Vec::is_empty))
                                    .then_some(" What you wrote that could not be sent is still here: copy it if it is needed elsewhere.")
                            }}
                        </p>
                    }
                }
            }}
        </section>
        <Dialogs />
    }
}

/// Where one writes; or, where only administrators do, that it is so, and an answer that cannot wait.
fn writing(space: SpaceId) -> AnyView {
    let store = baton().store;
    let is_read_only = memo(move || store.thread.header().is_read_only);
    let is_answer = memo(move || {
        let draft = store.drafts.of(space);
        draft.reply_to.is_some() || draft.corrects.is_some()
    });
    let told = follows(move || {
        if is_read_only.get() {
            let says = "Only administrators write here. If it cannot wait, answer a message and mark the answer as urgent.";
            let who = link(QUIET, Route::ThreadDetails(space), "See who they are");
            block("baton-thread__closed", vec![words("", says), who])
        } else {
            none()
        }
    });
    let composer = follows(move || {
        if is_read_only.get() && !is_answer.get() {
            none()
        } else {
            view! { <Composer /> }.into_any()
        }
    });
    (told, composer).into_any()
}

#[component]
fn Head(space: SpaceId) -> impl IntoView {
    let thread = &baton().store.thread;
    // The focus follows the person to what they opened; writing starts with the next Tab or click.
    web::focus("conversation-title");
    let details = Route::ThreadDetails(space);
    let picture = memo(move || {
        let header = thread.header();
        (header.initials, header.tint, header.is_direct)
    });
    let outside = move || thread.header().outside;
    view! {
        <header class="baton-head">
            <a
                class="baton-icon-button baton-head__back"
                href="/"
                aria-label="Back to the inbox"
                on:click=move |event| go(&event, Route::Inbox)
            >
                {Icon::Back.draw()}
            </a>
            {move || {
                let (initials, tint, is_direct) = picture.get();
                view! { <Picture initials tint many=!is_direct /> }
            }}
            <div class="baton-head__words">
                <h2 class="baton-head__title" id="conversation-title" tabindex="-1">
                    {move || thread.header().title}
                </h2>
                <p class="baton-head__role">
                    {move || thread.header().role}
                    {off_duty::in_head(space)}
                    {move || {
                        let names = outside();
                        (!names.is_empty() && !thread.header().is_direct)
                            .then(|| view! { <span class="baton-outside">"With " {names.join(", ")}</span> })
                    }}
                </p>
            </div>
            <a
                class="baton-icon-button"
                href=details.path()
                aria-label="Members and details"
                on:click=move |event| go(&event, details)
            >
                {Icon::Group.draw()}
            </a>
        </header>
        {move || {
            let titles = thread.header().other_titles;
            (!titles.is_empty())
                .then(|| {
                    view! {
                        <p class="baton-notice">
                            {Icon::Info.draw()}
                            <span>
                                "Two people changed the name at the same time: "
                                {titles.join(" / ")}
                                ". Open the details to settle it."
                            </span>
                        </p>
                    }
                })
        }}
    }
}

/// Who a conversation is around: the micro banner, always in view.
#[component]
fn Around(patient: PatientId) -> impl IntoView {
    let patients = &baton().store.patients;
    let stands = memo(move || patients.resolve(patient));
    let watch = Watch::start(move || stands.get());
    let to = move || Route::Patient(stands.get());
    view! {
        <PatientBanner patient=stands watch always_micro=true />
        <p class="baton-conversation__patient">
            <a class="baton-link" href=move || to().path() on:click=move |event| go(&event, untrack(to))>"Open the patient"</a>
        </p>
    }
}

/// Says how it goes with finding a message further back.
#[component]
fn Seeker() -> impl IntoView {
    let here = here();
    move || match here.seeking.get() {
        Seeking::Failed => view! {
            <p class="baton-notice" role="alert">
                {Icon::Info.draw()}
                "That message cannot be shown now: it is further back than what is on this device. Try again when you have a network."
            </p>
        },
        Seeking::Not => ().into_any(),
        Seeking::Reading => told("baton-notice", "status", "Going back to that message…"),
    }
}

#[component]
fn ToNewest() -> impl IntoView {
    let here = here();
    move || {
        here.scroll.is_away().then(|| {
            view! {
                <button type="button" class="baton-newest" on:click=move |_| here.scroll.to_newest()>
                    {Icon::Down.draw()}
                    "Newest"
                </button>
            }
        })
    }
}

#[component]
fn Dialogs() -> impl IntoView {
    let (baton, here) = (baton(), here());
    let close = move |()| here.withdrawing.set(None);
    view! {
        {make_task(here)}
        {move || here.details.get().map(|message| view! { <ReachDialog message /> })}
        {move || {
            here.withdrawing
                .get()
                .map(|message| {
                    let withdraw = move || {
                        _ = baton.command.withdraw(here.space, message);
                        here.withdrawing.set(None);
                    };
                    view! {
                        <Dialog title="Withdraw this message?" close=close>
                            {words("", "Everyone here will see that you withdrew it, and no longer what it said. The record keeps it. Whoever has read it has read it: if it was wrong, also tell them.")}
                            <div class="baton-buttons">
                                {button(WARNING, "Withdraw message", "", withdraw)}
                                {button(SECONDARY, "Keep it", "", move || close(()))}
                            </div>
                        </Dialog>
                    }
                })
        }}
    }
}
