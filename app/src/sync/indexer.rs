//! Keeps the index of local search up with what this device holds: in memory in each tab that searches, and in the vault by
//! the tab that leads. It works in the background, a page of entries at a time.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use baton_core::chain::Seq;
use baton_core::id::SpaceId;
use baton_core::ordered::SortedSet;
use baton_core::search::{Found, Index, Query, Sealed, Segment};
use baton_core::sync::{Shown, Space, Sync};
use wasm_bindgen_futures::spawn_local;

use super::Driver;
use super::keeper::Keeper;
use super::timer::Timer;
use crate::store::Store;
use crate::vault::DbError;
use crate::web;

/// The index of one open vault.
pub(crate) struct Indexer {
    keeper: Rc<Keeper>,
    store: &'static Store,
    driver: RefCell<Weak<Driver>>,
    index: RefCell<Index>,
    /// Spaces whose logs are to be looked through.
    to_do: RefCell<SortedSet<SpaceId>>,
    /// Segments that the vault does not have yet, in their order.
    unwritten: RefCell<Vec<Sealed>>,
    stage: Cell<Stage>,
    /// Counts what was begun, so that it ends when it is begun anew.
    turn: Cell<u32>,
    is_working: Cell<bool>,
    wakes: Timer,
    works: Timer,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nobody has searched yet, or this tab has just come to lead.
    Asleep,
    /// The vault is being read.
    Loading,
    /// Whatever changes is indexed.
    Ready,
}

impl Indexer {
    pub(super) fn new(keeper: Rc<Keeper>, store: &'static Store) -> Rc<Self> {
        Rc::new(Self {
            keeper,
            store,
            driver: RefCell::new(Weak::new()),
            index: RefCell::default(),
            to_do: RefCell::default(),
            unwritten: RefCell::default(),
            stage: Cell::new(Stage::Asleep),
            turn: Cell::new(0),
            is_working: Cell::new(false),
            wakes: Timer::default(),
            works: Timer::default(),
        })
    }

    pub(super) fn attach(&self, driver: &Rc<Driver>) {
        *self.driver.borrow_mut() = Rc::downgrade(driver);
    }

    /// Somebody is about to search.
    pub(crate) fn wake(self: &Rc<Self>) {
        if self.stage.get() == Stage::Asleep {
            self.begin();
        }
    }

    /// This tab leads from now on: what another tab has kept meanwhile is read anew, once there is time.
    pub(super) fn lead(self: &Rc<Self>) {
        self.stage.set(Stage::Asleep);
        self.after(&self.wakes, BEGUN_AFTER, Self::wake);
    }

    /// Nothing more is done.
    pub(super) fn end(&self) {
        self.turn.set(self.turn.get().wrapping_add(1));
        self.wakes.stop();
        self.works.stop();
    }

    /// Finds messages.
    pub(crate) fn find(&self, query: &Query) -> Found {
        let index = &mut *self.index.borrow_mut();
        self.look(|sync| sync.find(index, query)).unwrap_or_default()
    }

    /// The machine shows something else than before.
    pub(super) fn show(self: &Rc<Self>, sync: &Sync, shown: &[Shown]) {
        if self.stage.get() != Stage::Ready {
            return;
        }
        let mut any = false;
        for change in shown {
            match change {
                Shown::History(space) => self.add([*space]),
                Shown::Space(space, changes) => {
                    sync.index_changes(*space, changes, &mut self.index.borrow_mut());
                    self.add([*space]);
                }
                Shown::Spaces => self.add(sync.spaces().map(Space::id)),
                Shown::Outbox(_) => {}
                Shown::Connection | Shown::Cursors(_) | Shown::Typing(_) => continue,
            }
            any = true;
        }
        if any {
            self.store.search.renew();
            self.after(&self.works, RESTED, Self::work);
        }
    }

    /// More of a log was kept than the machine knows of.
    pub(crate) fn more_is_kept(self: &Rc<Self>, space: SpaceId) {
        if self.stage.get() == Stage::Ready {
            self.add([space]);
            self.work();
        }
    }

    fn add(&self, spaces: impl IntoIterator<Item = SpaceId>) {
        self.to_do.borrow_mut().extend(spaces);
    }

    fn after(self: &Rc<Self>, timer: &Timer, millis: u64, then: fn(&Rc<Self>)) {
        let indexer = Rc::downgrade(self);
        timer.set(millis, move || {
            if let Some(indexer) = indexer.upgrade() {
                then(&indexer);
            }
        });
    }

    /// Reads what the vault has of the index, and brings it up to date.
    fn begin(self: &Rc<Self>) {
        self.stage.set(Stage::Loading);
        self.store.search.is_reading.set(true);
        let turn = self.turn.get().wrapping_add(1);
        self.turn.set(turn);
        self.is_working.set(false);
        self.unwritten.borrow_mut().clear();
        let indexer = self.clone();
        spawn_local(async move {
            let index = indexer.load().await.unwrap_or_default();
            if indexer.turn.get() != turn {
                return;
            }
            *indexer.index.borrow_mut() = index;
            indexer.stage.set(Stage::Ready);
            indexer.look(|sync| {
                for space in sync.spaces() {
                    sync.index_held(space.id(), &mut indexer.index.borrow_mut());
                    indexer.add([space.id()]);
                }
            });
            indexer.work();
        });
    }

    /// Reads the segments. An index of which one is lost is made anew: that one may have told that something was withdrawn.
    async fn load(&self) -> Result<Index, DbError> {
        let rows = self.keeper.vault().segments().await?;
        let segments = rows
            .iter()
            .filter_map(|(id, bytes)| Segment::parse(bytes).ok().filter(|segment| segment.id() == *id));
        let (index, superseded) = Index::load(segments.collect());
        if !self.leads() {
            return Ok(if index.has_gap() { Index::new() } else { index });
        }
        let vault = self.keeper.vault();
        let mut batch = vault.batch();
        if index.has_gap() {
            batch.clear_segments();
            vault.write(batch).await?;
            return Ok(Index::new());
        }
        for id in superseded {
            batch.put_segment(id, None);
        }
        if !batch.is_empty() {
            vault.write(batch).await?;
        }
        Ok(index)
    }

    /// Looks through the logs that may have something new, one after the other.
    fn work(self: &Rc<Self>) {
        if self.is_working.replace(true) {
            return;
        }
        let (indexer, turn) = (self.clone(), self.turn.get());
        spawn_local(async move {
            indexer.forget_the_lost().await;
            loop {
                let next = indexer.to_do.borrow_mut().pop_first();
                let Some(space) = next else { break };
                // What cannot be read now is looked for again with the next change.
                _ = indexer.look_through(space, turn).await;
                if indexer.turn.get() != turn {
                    return;
                }
            }
            indexer.is_working.set(false);
            indexer.store.search.is_reading.set(false);
            indexer.note_incomplete();
            indexer.store.search.renew();
        });
    }

    /// Takes out of the index, and of the vault, what this device no longer holds.
    async fn forget_the_lost(&self) {
        let open: SortedSet<SpaceId> = self
            .look(|sync| {
                let open = sync.spaces().filter(|space| space.is_open());
                open.map(Space::id).collect()
            })
            .unwrap_or_default();
        let lost: Vec<SpaceId> = {
            let mut index = self.index.borrow_mut();
            let lost = index.spaces().into_iter().filter(|space| !open.contains(space));
            let lost: Vec<SpaceId> = lost.collect();
            for space in &lost {
                index.forget(*space);
            }
            lost
        };
        if !lost.is_empty() {
            self.keep().await;
        }
    }

    /// Feeds the index with what is kept of a space's log and was not fed: first what is newer, then what is older.
    async fn look_through(&self, space: SpaceId, turn: u32) -> Result<(), DbError> {
        self.keeper.settle().await;
        let vault = self.keeper.vault();
        let head = self.look(|sync| {
            let space = sync.space(space).filter(|space| space.is_open())?;
            Some(space.confirmed().head.seq)
        });
        let Some(head) = head.flatten() else { return Ok(()) };
        let fed = self.index.borrow().fed(space);
        let (mut after, mut upto) = match fed {
            Some((after, upto)) if upto <= head => (after, upto),
            Some(_) | None => self.feed_anew(space, head),
        };
        while upto < head && self.turn.get() == turn {
            let to = Seq::new(head.value().min(upto.value() + PAGE));
            let mut entries = vault.entries(space, upto.next(), to).await?;
            let mut next = upto;
            let gap = entries.iter().position(|entry| {
                let follows = entry.seq == next.next();
                next = entry.seq;
                !follows
            });
            entries.truncate(gap.unwrap_or(entries.len()));
            let Some(last) = entries.last().map(|entry| entry.seq) else {
                if vault.entries_before(space, head.next(), 1).await?.is_none() {
                    // The newest are not kept yet.
                    return Ok(());
                }
                // It goes on from a snapshot.
                (after, _) = self.feed_anew(space, head);
                break;
            };
            self.change(|sync, index| sync.index_newer(space, &entries, index));
            upto = last;
            self.rest().await;
        }
        while after > Seq::ZERO && self.turn.get() == turn {
            let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
            let Some(page) = vault.entries_before(space, after.next(), most).await? else {
                break;
            };
            self.change(|sync, index| sync.index_older(space, &page, index));
            after = page
                .entries
                .first()
                .map_or(Seq::ZERO, |first| Seq::new(first.seq.value().saturating_sub(1)));
            self.rest().await;
        }
        Ok(())
    }

    /// Forgets what was fed of a space, for it to be fed from its head backwards.
    fn feed_anew(&self, space: SpaceId, head: Seq) -> (Seq, Seq) {
        let mut index = self.index.borrow_mut();
        index.forget(space);
        self.look(|sync| sync.index_held(space, &mut index));
        (head, head)
    }

    /// Lets the screen have its turn, and keeps what there is to keep.
    async fn rest(&self) {
        if self.index.borrow().is_full() {
            self.keep().await;
        }
        web::wait(0).await;
    }

    /// Seals off what is new and keeps it.
    async fn keep(&self) {
        let sealed = self.index.borrow_mut().seal_off();
        if !self.leads() {
            return;
        }
        self.unwritten.borrow_mut().extend(sealed);
        let vault = self.keeper.vault();
        let mut batch = vault.batch();
        let many = {
            let unwritten = self.unwritten.borrow();
            for sealed in unwritten.iter() {
                for id in &sealed.replaces {
                    batch.put_segment(*id, None);
                }
                batch.put_segment(sealed.id, Some(&sealed.bytes));
            }
            unwritten.len()
        };
        if many > 0 && vault.write(batch).await.is_ok() {
            self.unwritten.borrow_mut().drain(..many);
        }
    }

    /// Counts the conversations of which not everything is here.
    fn note_incomplete(&self) {
        let index = self.index.borrow();
        let is_incomplete = |space: &&Space| {
            let is_whole = index.fed(space.id()).is_some_and(|(after, _)| after == Seq::ZERO);
            space.is_open() && space.confirmed().head.seq > Seq::ZERO && !is_whole
        };
        let incomplete = self.look(|sync| sync.spaces().filter(is_incomplete).count());
        self.store.search.incomplete.set(incomplete.unwrap_or(0));
    }

    fn leads(&self) -> bool {
        self.store.device.leads.get_untracked()
    }

    fn look<R>(&self, look: impl FnOnce(&Sync) -> R) -> Option<R> {
        let driver = self.driver.borrow().upgrade()?;
        Some(driver.look(look))
    }

    fn change(&self, change: impl FnOnce(&mut Sync, &mut Index)) {
        if let Some(driver) = self.driver.borrow().upgrade() {
            driver.change(|sync, _| change(sync, &mut self.index.borrow_mut()));
        }
    }
}

/// Entries that are indexed at a time: a few milliseconds of work.
const PAGE: u64 = 200;

/// Indexing begins so many milliseconds after this tab has come to lead, when the screen is there.
const BEGUN_AFTER: u64 = 2_000;

/// What came is looked for in the log after so many milliseconds without anything new.
const RESTED: u64 = 300;
