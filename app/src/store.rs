//! What the screens show: one store a topic, each turning the sync machine's state into signals. Everything here is made
//! once, under the root owner, so that no page's end disposes of what another still reads. Pages read stores and give
//! commands ([`crate::command`]); nothing else changes a store.

use crate::part::derived::{RwSignal, StoredValue};
use baton_core::chain::Seq;
use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::op::message::Priority;
use baton_core::op::task::Assignee;
use baton_core::ordered::SortedMap;
use baton_core::state::{Handover, Item, RoleNews, TaskNews, What};
use baton_core::sync::{Shown, Sync};
use baton_core::time::At;

use crate::moment::Zone;

pub(crate) mod changed;
pub mod connection;
pub mod device;
pub mod drafts;
pub mod duty;
pub mod event;
pub mod handover;
pub mod inbox;
pub mod lists;
pub mod members;
pub mod patients;
pub mod people;
pub mod preference;
pub mod search;
pub mod team;
pub mod thread;
pub mod work;

use changed::Changed;
use connection::ConnectionLine;
use device::DeviceState;
use drafts::Drafts;
use handover::texts::Texts;
use inbox::Inbox;
use lists::Lists;
use patients::Patients;
use people::{Card, People};
use search::Search;
use thread::Thread;
use work::Work;

/// Who looks, when and where: what turns state into words.
#[derive(Clone)]
pub struct Viewer {
    /// The reader.
    pub me: UserId,
    /// The reader's organisation.
    pub ods: String,
    /// Everybody's names.
    pub people: &'static People,
    /// All patients that this device knows of.
    pub patients: &'static Patients,
    /// The moment.
    pub now: At,
    /// The reader's time zone.
    pub zone: Zone,
}

/// Something to be read out by a screen reader as it happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Announcement {
    /// When the reader comes to a pause.
    pub polite: String,
    /// At once.
    pub assertive: String,
}

/// All stores.
#[derive(Clone, Copy)]
pub struct Store {
    /// The connection in words.
    pub connection: RwSignal<ConnectionLine>,
    /// Who is signed in.
    pub me: RwSignal<Option<Card>>,
    /// Everybody's names.
    pub people: People,
    /// All patients that this device knows of.
    pub patients: Patients,
    /// Lists of patients.
    pub lists: Lists,
    /// Tasks and roles.
    pub work: Work,
    /// The list of conversations.
    pub inbox: Inbox,
    /// The open conversation.
    pub thread: Thread,
    /// What is being written.
    pub drafts: Drafts,
    /// What is being written at a handover.
    pub texts: Texts,
    /// Handovers of long ago that were asked for, with their texts. They are not kept.
    pub past: RwSignal<SortedMap<OpId, Handover>>,
    /// What is looked for.
    pub search: Search,
    /// This device.
    pub device: DeviceState,
    /// What is to be read out.
    pub announcement: RwSignal<Announcement>,
    /// Counts up when cursors or members of the open conversation change, for what is described on demand.
    pub revision: RwSignal<u32>,
    /// Places up to which each conversation has been announced.
    announced: StoredValue<SortedMap<SpaceId, Seq>>,
}

impl Store {
    /// Makes the stores, empty. To be called once, under the root owner; they stay for as long as the page.
    pub fn empty() -> &'static Self {
        Box::leak(Box::new(Self {
            connection: RwSignal::new(ConnectionLine::default()),
            me: RwSignal::new(None),
            people: People::new(),
            patients: Patients::new(),
            lists: Lists::new(),
            work: Work::new(),
            inbox: Inbox::new(),
            thread: Thread::new(),
            drafts: Drafts::new(),
            texts: Texts::new(),
            past: RwSignal::new(SortedMap::new()),
            search: Search::new(),
            device: DeviceState::new(),
            announcement: RwSignal::new(Announcement::default()),
            revision: RwSignal::new(0),
            announced: StoredValue::new(SortedMap::new()),
        }))
    }

    /// How the connection is now.
    pub fn mood_now(&self) -> connection::Mood {
        self.connection.with_untracked(|line| line.mood)
    }

    /// The reader at a moment; `None` when nobody is signed in.
    pub fn viewer(&'static self, now: At, zone: Zone) -> Option<Viewer> {
        let me = self.me.get_untracked()?;
        Some(Viewer {
            me: me.id,
            ods: me.ods,
            people: &self.people,
            patients: &self.patients,
            now,
            zone,
        })
    }

    /// How many texts are begun and neither sent nor saved.
    pub fn begun(&self) -> usize {
        self.drafts.begun() + self.lists.begun() + self.texts.begun()
    }

    /// Brings the screens up to date with the machine.
    pub fn refresh(&'static self, sync: &Sync, shown: &[Shown], now: At, zone: Zone) {
        let Some(viewer) = self.viewer(now, zone) else {
            return;
        };
        // A tab that follows shows what the one that leads says.
        if self.device.leads.get_untracked() {
            let line = connection::describe(sync, now, zone);
            if self.connection.with_untracked(|old| *old != line) {
                self.connection.set(line);
            }
        }
        let names_changed = self.patients.refresh(sync, shown);
        if work::is_news(shown) {
            self.people.set_away(duty::gather(sync));
            self.tell(sync, &viewer);
        }
        self.work.refresh(shown);
        self.lists.refresh(sync, shown, self.mood_now(), &viewer);
        let open = self.thread.space_now();
        let changed = if names_changed {
            Changed::All
        } else {
            Changed::of(shown)
        };
        let mut open_changed = names_changed;
        let mut open_typing = false;
        for change in shown {
            match change {
                Shown::Connection => {}
                Shown::Spaces => open_changed = true,
                Shown::Cursors(space)
                | Shown::Outbox(space)
                | Shown::Space(space, _)
                | Shown::History(space) => open_changed |= Some(*space) == open,
                Shown::Typing(space) => open_typing |= Some(*space) == open,
            }
        }
        self.inbox.refresh(sync, &changed, &viewer);
        self.announce(sync, &changed, &viewer);
        if let Some(space) = open.and_then(|id| sync.space(id)) {
            if open_changed {
                self.thread.refresh(space, &viewer);
                self.revision
                    .update(|revision| *revision = revision.wrapping_add(1));
            } else if open_typing {
                self.thread.refresh_typing(space, &viewer);
            }
        } else if open_changed {
            self.thread.lose();
        }
    }

    /// Rebuilds everything that depends on the time of day or on people's names.
    pub fn refresh_all(&'static self, sync: &Sync, now: At, zone: Zone) {
        self.refresh(sync, &[Shown::Spaces], now, zone);
    }

    /// Opens a conversation (or none).
    pub fn open(&'static self, id: Option<SpaceId>, sync: &Sync, now: At, zone: Zone) {
        if let Some(viewer) = self.viewer(now, zone) {
            self.thread.open(id, id.and_then(|id| sync.space(id)), &viewer);
        }
    }

    /// Reads out what others wrote since the last time: urgent messages anywhere at once, others in the open
    /// conversation at the next pause.
    fn announce(&self, sync: &Sync, changed: &Changed, viewer: &Viewer) {
        let open = self.thread.space_now();
        let mut announcement = Announcement::default();
        self.announced.update_value(|announced| {
            for space in changed.spaces(sync) {
                let state = space.shown();
                let head = space.confirmed().head.seq;
                let Some(last) = announced.insert(space.id(), head) else {
                    continue;
                };
                if last == Seq::ZERO {
                    continue;
                }
                for item in state.timeline.after(last) {
                    let Item::Message(message) = item else { continue };
                    if message.stamp.by == viewer.me
                        || message.withdrawn.is_some()
                        || message.stamp.recorded.is_none()
                    {
                        continue;
                    }
                    let name = viewer.people.card_now(message.stamp.by).name;
                    if message.priority == Priority::Urgent {
                        let title = inbox::face(space, viewer).title;
                        announcement.assertive =
                            format!("Urgent message from {name} in {title}: {}", message.text());
                    } else if Some(space.id()) == open {
                        announcement.polite = format!("{name}: {}", message.text());
                    }
                }
            }
        });
        if announcement != Announcement::default() {
            self.announcement.set(announcement);
        }
    }

    /// Reads out what is told: of who is off duty only what is urgent.
    fn tell(&self, sync: &Sync, viewer: &Viewer) {
        let is_away = viewer.people.away_now(viewer.me).is_some();
        let new = self.work.tell(sync, viewer).into_iter();
        let said: Vec<String> = new
            .filter(|news| news.is_urgent || !is_away)
            .map(|news| news.words)
            .take(TOLD)
            .collect();
        if !said.is_empty() {
            self.announcement.set(Announcement {
                polite: said.join(". "),
                assertive: String::new(),
            });
        }
    }

    /// People who are shown somewhere in what has changed and whose names are not known; they count as asked for from now on.
    pub(crate) fn take_missing_people(&self, sync: &Sync, changed: &Changed) -> Vec<UserId> {
        let ids = changed.spaces(sync).into_iter().flat_map(|space| {
            let state = space.shown();
            let members = state.members.iter().map(|(user, _)| user);
            let authors = state
                .timeline
                .items()
                .rev()
                .take(thread::WINDOW)
                .flat_map(people_of);
            members
                .chain(authors)
                .chain(lists::authors(state))
                .collect::<Vec<_>>()
        });
        self.people.take_missing(ids)
    }

    /// Forgets everything: somebody signed out.
    pub fn clear(&self) {
        self.me.set(None);
        self.connection.set(ConnectionLine::default());
        self.people.clear();
        self.patients.clear();
        self.lists.clear();
        self.work.clear();
        self.inbox.clear();
        self.thread.clear();
        self.drafts.clear_all();
        self.texts.clear();
        self.past.set(SortedMap::new());
        self.search.clear();
        self.device.clear();
        self.announcement.set(Announcement::default());
        self.announced.set_value(SortedMap::new());
    }
}

/// So much of what is told is read out at once; all is on the screen.
const TOLD: usize = 3;

/// Whom an item names.
fn people_of(item: &Item) -> Vec<UserId> {
    let mut people = vec![item.stamp().by];
    match item {
        Item::Event(event) => match &event.what {
            What::Added(user) | What::MadeAdmin(user) | What::Removed(user) => people.push(*user),
            What::Role { news, .. } => match news {
                RoleNews::Offered(user) | RoleNews::Taken(Some(user)) => people.push(*user),
                RoleNews::Accepted
                | RoleNews::Archived
                | RoleNews::Defined(_)
                | RoleNews::OfferRefused
                | RoleNews::OfferWithdrawn
                | RoleNews::Released
                | RoleNews::Restored
                | RoleNews::Retitled(_)
                | RoleNews::Taken(None) => {}
            },
            What::Task { news, .. } => match news {
                TaskNews::Created {
                    to: Assignee::Person(user),
                    ..
                } => people.push(*user),
                TaskNews::Cancelled
                | TaskNews::Completed
                | TaskNews::Created { .. }
                | TaskNews::Declined
                | TaskNews::Reopened
                | TaskNews::Urgent => {}
            },
            What::Handover(event) => people.extend(handover::people(event)),
            What::AnnouncementsOnly(_)
            | What::Created
            | What::Newer
            | What::Patient { .. }
            | What::Pinned(_)
            | What::Purpose(_)
            | What::Renamed(_)
            | What::Unpinned => {}
        },
        Item::Message(message) => {
            people.extend(message.acknowledged.iter().map(|stamp| stamp.by));
            people.extend(&message.mentions);
        }
    }
    people
}
