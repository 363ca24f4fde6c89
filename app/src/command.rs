//! The one way to change anything: what a person does goes from here to the machine (an operation, checked by the rules,
//! shown at once) or to the record. Pages hold a [`Command`] and nothing below it.

use std::pin::Pin;
use std::rc::Rc;

use crate::prelude::*;
use baton_core::cbor;
use baton_core::chain::Seq;
use baton_core::device_api::{
    CREATE_PATH, Create, DEVICES_PATH, DIRECTORY_PATH, DeviceLine, Devices, DevicesAnswer, Directory,
    PeopleAnswer, REVOKE_PATH, RevokeDevice, SIGN_OUT_PATH, SpaceGrant,
};
use baton_core::id::{DeviceId, OpId, SpaceId, UserId};
use baton_core::op::Body;
use baton_core::op::member::{Added, Left, MadeAdmin, MemberOp, Removed};
use baton_core::op::message::{Acknowledged, Corrected, MessageOp, Posted, Priority, Withdrawn};
use baton_core::op::space::{Renamed, SpaceKind, SpaceOp};
use baton_core::op::task::Assignee;
use baton_core::ordered::SortedSet;
use baton_core::refusal::Refusal;
use baton_core::search::{Found, Query};
use baton_core::secret::Personal;
use baton_core::sync::{Event, HistoryState, Sync};
use baton_core::text::Basis;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock;
use crate::session::{self, AskError};
use crate::store::drafts::Draft;
use crate::store::people::Card;
use crate::store::thread::Quote;
use crate::store::work::full::Target;
use crate::store::{Store, Viewer, members};
use crate::sync::live::Live;
use crate::vault::db::Write;
use crate::web;

pub mod duty;
pub mod handover;
pub mod lists;
pub mod patients;
pub mod photos;
pub mod roles;
pub mod team;
pub mod work;

/// What a person can do.
#[derive(Clone, Copy)]
pub struct Command {
    live: StoredValue<Option<Rc<Live>>, LocalStorage>,
    store: &'static Store,
}

impl Command {
    /// Makes commands that do nothing until somebody is signed in.
    pub fn new(store: &'static Store) -> Self {
        Self {
            live: StoredValue::new_local(None),
            store,
        }
    }

    /// Lets commands reach a signed-in device.
    pub fn attach(self, live: Rc<Live>) {
        self.live.set_value(Some(live));
    }

    /// Stops the device and forgets it. Gives what could not be written, sealed.
    pub fn detach(self) -> Vec<Write> {
        let live = self.live.try_update_value(Option::take).flatten();
        live.map(|live| live.stop()).unwrap_or_default()
    }

    /// Posts a message.
    pub fn post(self, space: SpaceId, posted: Posted) -> Result<OpId, Refusal> {
        self.act(space, Body::Message(MessageOp::Posted(posted)))
    }

    /// Corrects one's own message.
    pub fn correct(self, space: SpaceId, message: OpId, text: &str) -> Result<OpId, Refusal> {
        let text = Personal::from(text);
        self.act(
            space,
            Body::Message(MessageOp::Corrected(Corrected { message, text })),
        )
    }

    /// Withdraws one's own message.
    pub fn withdraw(self, space: SpaceId, message: OpId) -> Result<OpId, Refusal> {
        self.act(space, Body::Message(MessageOp::Withdrawn(Withdrawn { message })))
    }

    /// Acknowledges an urgent message.
    pub fn acknowledge(self, space: SpaceId, message: OpId) -> Result<OpId, Refusal> {
        self.act(
            space,
            Body::Message(MessageOp::Acknowledged(Acknowledged { message })),
        )
    }

    /// Adds somebody.
    pub fn add_member(self, space: SpaceId, user: UserId) -> Result<OpId, Refusal> {
        self.act(space, Body::Member(MemberOp::Added(Added { user, admin: false })))
    }

    /// Makes a member administrator.
    pub fn make_admin(self, space: SpaceId, user: UserId) -> Result<OpId, Refusal> {
        self.act(space, Body::Member(MemberOp::MadeAdmin(MadeAdmin { user })))
    }

    /// Removes somebody, or leaves.
    pub fn remove_member(self, space: SpaceId, user: UserId) -> Result<OpId, Refusal> {
        let is_me = self.look(|sync| sync.user() == user).unwrap_or(false);
        let op = if is_me {
            MemberOp::Left(Left {})
        } else {
            MemberOp::Removed(Removed { user })
        };
        self.act(space, Body::Member(op))
    }

    /// What to name in a change of a conversation's name that begins now.
    pub fn name_basis(self, space: SpaceId) -> Basis {
        self.look(|sync| sync.space(space).map(|space| space.shown().title.basis()))
            .flatten()
            .unwrap_or_default()
    }

    /// Changes the name of a conversation. `basis` is what the author had before them.
    pub fn rename(self, space: SpaceId, title: &str, basis: Basis) -> Result<OpId, Refusal> {
        let Basis { base, after } = basis;
        let title = Personal::from(title);
        let renamed = Renamed { title, base, after };
        self.act(space, Body::Space(SpaceOp::Renamed(renamed)))
    }

    fn act(self, space: SpaceId, body: Body) -> Result<OpId, Refusal> {
        self.change(|sync| sync.act(space, body, clock::now(), &mut clock::rng()))
            .unwrap_or(Err(Refusal::NotMember))
    }

    /// Gives up something that the record refused.
    pub fn discard(self, space: SpaceId, op: OpId) {
        self.change(|sync| sync.discard_refused(space, op));
    }

    /// What was on the screen up to a place.
    pub fn read_up_to(self, space: SpaceId, seq: Seq) {
        if let Some(live) = self.live() {
            live.read_up_to(space, seq);
        }
    }

    /// The person is writing.
    pub fn typing(self, space: SpaceId) {
        if let Some(live) = self.live() {
            live.typing(space);
        }
    }

    /// Opens a conversation (or none).
    pub fn open(self, space: Option<SpaceId>) {
        self.look(|sync| self.store.open(space, sync, clock::now(), clock::zone));
    }

    /// Shows older messages of the open conversation: those that are held, else a page of history.
    pub fn show_older(self, space: SpaceId) {
        let held = self.in_thread(space, |space, viewer| self.store.thread.show_older(space, viewer));
        if held == Some(false) {
            self.store.thread.want_older();
            self.change(|sync| sync.load_older(space));
        }
    }

    /// Shows newer messages after those on the screen.
    pub fn show_newer(self, space: SpaceId) {
        self.in_thread(space, |space, viewer| self.store.thread.show_newer(space, viewer));
    }

    /// Shows the newest messages.
    pub fn show_newest(self, space: SpaceId) {
        self.in_thread(space, |space, viewer| {
            self.store.thread.show_newest(space, viewer);
        });
    }

    /// Brings a message onto the screen; false when it is not held on this device.
    pub fn show_message(self, space: SpaceId, message: OpId) -> bool {
        self.in_thread(space, |space, viewer| {
            self.store.thread.show_message(message, space, viewer)
        })
        .unwrap_or(false)
    }

    fn in_thread<R>(
        self,
        id: SpaceId,
        act: impl FnOnce(&baton_core::sync::Space, &Viewer) -> R,
    ) -> Option<R> {
        let viewer = self.store.viewer(clock::now(), clock::zone)?;
        self.look(|sync| sync.space(id).map(|space| act(space, &viewer)))?
    }

    /// What a message says in one line, for the composer that answers it.
    pub fn quote(self, space: SpaceId, message: OpId) -> Option<Quote> {
        self.in_thread(space, |space, viewer| {
            crate::store::thread::quote(space, message, viewer)
        })
    }

    /// The text of a message as it is now.
    pub fn text_of(self, space: SpaceId, message: OpId) -> Option<String> {
        self.look(|sync| {
            let message = sync.space(space)?.shown().timeline.message(message)?;
            Some(message.text().to_owned())
        })?
    }

    /// A message as what could be written anew: text, urgency, answer, patient and photos.
    pub fn draft_of(self, space: SpaceId, message: OpId) -> Option<Draft> {
        self.look(|sync| {
            let message = sync.space(space)?.shown().timeline.message(message)?;
            Some(Draft {
                text: message.text().to_owned(),
                urgent: message.priority == Priority::Urgent,
                reply_to: message.reply_to,
                corrects: None,
                about: message.about,
                photos: message.photos.clone(),
            })
        })?
    }

    /// The members of a conversation and what the reader may do there. Follows changes.
    pub fn details(self, space: SpaceId) -> Option<members::Details> {
        self.store.revision.track();
        let viewer = self.store.viewer(clock::now(), clock::zone)?;
        self.look(|sync| sync.space(space).map(|space| members::details(space, &viewer)))?
    }

    /// Who has read a message. Follows changes.
    pub fn reach(self, space: SpaceId, message: OpId) -> members::Reach {
        self.store.revision.track();
        self.store
            .viewer(clock::now(), clock::zone)
            .and_then(|viewer| self.look(|sync| members::reach(sync, space, message, &viewer)))
            .unwrap_or_default()
    }

    /// Gets ready to search.
    pub fn wake_search(self) {
        if let Some(live) = self.live() {
            live.indexer.wake();
        }
    }

    /// Finds messages on this device.
    pub fn find_messages(self, query: &Query) -> Found {
        self.live()
            .map(|live| live.indexer.find(query))
            .unwrap_or_default()
    }

    /// Everybody who belongs to one of these conversations: all of them, or one.
    pub fn members_of(self, only: Option<SpaceId>) -> SortedSet<UserId> {
        let members = |sync: &Sync| {
            let spaces = sync
                .spaces()
                .filter(|space| only.is_none_or(|only| space.id() == only) && space.kind() != SpaceKind::Own);
            let members = spaces.flat_map(|space| space.shown().members.iter().map(|(user, _)| user));
            members.collect()
        };
        self.look(members).unwrap_or_default()
    }

    /// Has older messages of a conversation come, so that one may be shown that is not held; `None` once all are here, or no
    /// more are to be had.
    pub async fn load_older(self, space: SpaceId) -> Option<()> {
        let held = |sync: &Sync| {
            let space = sync.space(space)?;
            Some((space.history(), space.confirmed().timeline.len()))
        };
        let (_, before) = self.look(held)??;
        self.change(|sync| sync.load_older(space))?;
        loop {
            let (state, many) = self.look(held)??;
            match state {
                HistoryState::Loading => web::wait(10).await,
                HistoryState::Complete | HistoryState::More => return (many > before).then_some(()),
            }
        }
    }

    /// Finds people in the directory; an empty text lists colleagues.
    pub async fn find_people(self, text: String) -> Result<Vec<Card>, AskError> {
        let question = Directory {
            text: Personal::new(text),
        };
        let answer: PeopleAnswer = self.ask(DIRECTORY_PATH, &question).await?;
        self.store.people.learn(&answer.people);
        Ok(answer.people.iter().map(Card::from).collect())
    }

    /// Starts a conversation; asking twice with the same `request` starts one.
    pub async fn start(
        self,
        kind: SpaceKind,
        title: String,
        others: Vec<UserId>,
        request: OpId,
    ) -> Result<SpaceId, AskError> {
        let live = self.live().ok_or(AskError::Unreachable)?;
        let question = Create {
            kind,
            title: Personal::new(title),
            members: others,
            request,
            about: None,
        };
        let grant: SpaceGrant = self.ask(CREATE_PATH, &question).await?;
        let space = grant.space;
        live.driver.feed(Event::Granted(Box::new(grant)));
        Ok(space)
    }

    /// Whether the reader administrates the devices of their organisation.
    pub fn administrates(self) -> bool {
        self.live().is_some_and(|live| live.keeper.me().administrates)
    }

    /// The devices of somebody whose organisation the reader administrates, or one's own but for this one; the one that was used
    /// last first.
    pub async fn devices(self, user: Option<UserId>) -> Result<Vec<DeviceLine>, AskError> {
        let device = self.live().ok_or(AskError::Unreachable)?.device();
        let question = Devices { user };
        let answer: DevicesAnswer = self.ask(DEVICES_PATH, &question).await?;
        Ok(answer
            .devices
            .into_iter()
            .filter(|line| line.device != device.id)
            .collect())
    }

    /// Ends another device, which erases itself.
    pub async fn end_another(self, ended: DeviceId) -> Result<(), AskError> {
        let question = RevokeDevice { device: ended };
        self.tell(REVOKE_PATH, &question).await
    }

    /// Ends this device at the record. The caller erases what the tab keeps, whatever this answers.
    pub async fn end_device(self) -> Result<(), AskError> {
        self.tell(SIGN_OUT_PATH, &()).await
    }

    /// Asks the record something as this device, and reads the answer.
    async fn ask<Q: Serialize, A: DeserializeOwned>(
        self,
        path: &'static str,
        question: &Q,
    ) -> Result<A, AskError> {
        session::read_answer(&self.answer(path, cbor::to_bytes(question)).await?)
    }

    /// Tells the record something as this device.
    async fn tell<Q: Serialize>(self, path: &'static str, question: &Q) -> Result<(), AskError> {
        self.answer(path, cbor::to_bytes(question)).await.map(drop)
    }

    /// Boxed, so that it is compiled once and not into all that ask.
    fn answer(
        self,
        path: &'static str,
        question: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, AskError>>>> {
        Box::pin(async move {
            let live = self.live().ok_or(AskError::Unreachable)?;
            live.record().answer(&live.device(), path, question).await
        })
    }

    /// The device at work, if somebody is signed in.
    pub(crate) fn live(self) -> Option<Rc<Live>> {
        self.live.try_with_value(Clone::clone).flatten()
    }

    fn change<R>(self, change: impl FnOnce(&mut Sync) -> R) -> Option<R> {
        let live = self.live()?;
        Some(live.driver.change(|sync, _| change(sync)))
    }

    fn look<R>(self, look: impl FnOnce(&Sync) -> R) -> Option<R> {
        let live = self.live()?;
        Some(live.driver.look(look))
    }
}

/// A message as the composer makes it.
pub fn posted(draft: &Draft, named: &[&Target]) -> Posted {
    let (mut mentions, mut roles) = (Vec::new(), Vec::new());
    for target in named {
        match target.to {
            Assignee::Person(user) => mentions.push(user),
            Assignee::Role(role) => roles.push(role),
            Assignee::Team => {}
        }
    }
    Posted {
        text: Personal::from(draft.text.trim_end()),
        priority: if draft.urgent {
            Priority::Urgent
        } else {
            Priority::Routine
        },
        reply_to: draft.reply_to,
        mentions,
        roles,
        about: draft.about,
        photos: draft.photos.clone(),
    }
}
