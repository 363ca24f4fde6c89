//! A simulated device: the real machine, a vault that keeps what it says, and a person who acts on what is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use baton_core::device::DeviceSecret;
use baton_core::id::{DeviceId, OpId, SpaceId, UserId};
use baton_core::op::list::{FieldSet, ListOp};
use baton_core::op::member::{Added, MemberOp, Removed};
use baton_core::op::message::{Acknowledged, Corrected, MessageOp, Posted, Priority, Withdrawn};
use baton_core::op::space::{Renamed, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::photo::{Consent, Photo, PhotoId};
use baton_core::secret::Secret;
use baton_core::state::{Message, SpaceState};
use baton_core::sync::{Action, Connection, Fault, PendingState, Setup, Store, Sync};
use baton_core::text::Basis;
use baton_core::time::At;
use ed25519_dalek::VerifyingKey;
use rand_chacha::ChaCha8Rng;
use rand_core::Rng;

use super::lists::PATIENTS;
use super::net::{ConnId, chance, pick};
use super::vault::Vault;
use super::work::{self, Actor};
use super::world::Acts;

/// Keys of a device, made once for all schedules.
#[derive(Clone)]
pub struct Identity {
    pub id: DeviceId,
    pub user: UserId,
    pub secret: DeviceSecret,
}

/// A device, through all its lives.
pub struct Device {
    /// The first is the one that it has now; a device without a vault takes the next at each start.
    pub identities: Vec<Identity>,
    pub sync: Option<Sync>,
    /// What is kept over a restart; `None` for a device that keeps nothing past the tab.
    pub vault: Option<Vault>,
    /// A tab that follows, where everything is kept.
    pub other_tab: Option<Sync>,
    pub incarnation: u32,
    pub conn: Option<ConnId>,
    pub timer: u64,
    /// By how much its clock is ahead, in milliseconds.
    pub skew: i64,
    pub faults: Vec<Fault>,
    /// What was done, in its order, by space and by life (a device with a vault has one).
    pub acted: BTreeMap<(SpaceId, u32), Vec<OpId>>,
    pub acked: BTreeSet<OpId>,
    pub discarded: BTreeSet<OpId>,
    /// What was refused or held at some time: what was done later may have gone before it.
    pub gave_way: BTreeSet<OpId>,
    /// What was written on lists, and which texts were on the screen there when that was begun.
    pub wrote: BTreeMap<OpId, (FieldSet, BTreeSet<OpId>)>,
    /// What somebody has begun to write on a list.
    pub editing: Option<(SpaceId, FieldSet, BTreeSet<OpId>)>,
    pub forgot: BTreeSet<SpaceId>,
}

impl Device {
    pub fn new(identities: Vec<Identity>, has_vault: bool, keeps_all: bool) -> Self {
        Self {
            identities,
            sync: None,
            vault: has_vault.then(|| Vault::new(keeps_all)),
            other_tab: None,
            incarnation: 0,
            conn: None,
            timer: 0,
            skew: 0,
            faults: Vec::new(),
            acted: BTreeMap::new(),
            acked: BTreeSet::new(),
            discarded: BTreeSet::new(),
            gave_way: BTreeSet::new(),
            wrote: BTreeMap::new(),
            editing: None,
            forgot: BTreeSet::new(),
        }
    }

    pub fn me(&self) -> &Identity {
        &self.identities[0]
    }

    /// What the device's clock shows.
    pub fn time(&self, now: At) -> At {
        At::from_millis(now.millis().saturating_add_signed(self.skew))
    }

    /// Starts anew. Gives whether somebody has to sign in first: what kept everything goes on by itself.
    pub fn start(&mut self, record: VerifyingKey, now: At, rng: &mut ChaCha8Rng) -> bool {
        self.incarnation += 1;
        if self.vault.is_none() && self.incarnation > 1 && self.identities.len() > 1 {
            self.identities.remove(0);
        }
        let time = self.time(now);
        let machine = |me: &Identity| {
            Sync::new(Setup {
                device: me.id,
                user: me.user,
                secret: me.secret.clone(),
                record,
            })
        };
        let mut sync = machine(self.me());
        let mut must_sign_in = true;
        if let Some(vault) = &self.vault {
            assert_eq!(
                sync.restore(vault.restored(), time),
                0,
                "what was kept is read back"
            );
            if vault.keeps_all {
                sync.keep_all();
                if self.incarnation > 1 {
                    must_sign_in = false;
                    sync.resume(time, rng);
                }
                let mut other = machine(self.me());
                assert_eq!(other.restore(vault.restored(), time), 0);
                self.other_tab = Some(other);
            }
        }
        self.sync = Some(sync);
        self.conn = None;
        must_sign_in
    }

    /// The tab that led is gone; every other time, all tabs are.
    pub fn crash(&mut self) {
        self.sync = None;
        if self.incarnation.is_multiple_of(2) {
            self.other_tab = None;
        }
        self.conn = None;
    }

    /// Keeps something, and tells the other tab.
    pub fn keep(&mut self, store: Store, now: At, rng: &mut ChaCha8Rng) {
        let time = self.time(now);
        if let Store::Forget(space) = &store {
            self.forgot.insert(*space);
        }
        let Some(vault) = &mut self.vault else { return };
        vault.keep(store.clone());
        let Some(tab) = &mut self.other_tab else { return };
        let space = match &store {
            Store::Cursors { space, .. }
            | Store::Entries { space, .. }
            | Store::Forget(space)
            | Store::Remove { space, .. }
            | Store::Space { space, .. } => *space,
            Store::Put(kept) => kept.space,
        };
        if !tab.take_stored(store, time, rng)
            && let Some(kept) = vault.space(space)
        {
            tab.restore_space(&kept, time);
        }
        while tab.poll_action().is_some() {}
    }

    /// Keeps what the machine wants kept anew.
    pub fn keep_unkept(&mut self, now: At, rng: &mut ChaCha8Rng) {
        let unkept = self.sync.as_mut().map(Sync::take_unkept).unwrap_or_default();
        for store in unkept {
            self.keep(store, now, rng);
        }
    }

    pub fn is_settled(&self) -> bool {
        self.sync
            .as_ref()
            .is_some_and(|sync| matches!(sync.connection(), Connection::Live { .. }))
    }

    /// The life in which something that is done now is done.
    pub fn life(&self) -> u32 {
        if self.vault.is_some() { 0 } else { self.incarnation }
    }

    /// The person does something, or reads, or gives something up.
    pub fn act(&mut self, now: At, users: &[UserId], acts: Acts, rng: &mut ChaCha8Rng) {
        let time = self.time(now);
        let life = self.life();
        let Some(sync) = &mut self.sync else { return };
        let spaces: Vec<SpaceId> = sync
            .spaces()
            .filter(|space| space.is_open() && space.shown().kind.is_some())
            .map(baton_core::sync::Space::id)
            .collect();
        if spaces.is_empty() {
            return;
        }
        let id = spaces[pick(rng, spaces.len())];
        let space = sync.space(id).expect("just listed");
        let refused: Vec<OpId> = space
            .outbox()
            .filter(|pending| matches!(pending.state, PendingState::Refused(_)))
            .map(|pending| pending.op.id)
            .collect();
        if let Some(first) = refused.first().filter(|_| chance(rng, 300)) {
            let goes = |op: &Op| op.id == *first || (op.target() == Some(*first) && !op.body.has_text());
            let gone = space.outbox().map(|pending| &pending.op).filter(|op| goes(op));
            self.discarded.extend(gone.map(|op| op.id));
            assert!(sync.discard_refused(id, *first));
            return;
        }
        if chance(rng, 300) {
            let head = space.confirmed().head.seq;
            sync.read_up_to(id, head, time);
            sync.typing(id, time, rng);
            if chance(rng, 200) {
                sync.load_older(id);
            }
            return;
        }
        let on_lists = match acts {
            Acts::Contended => 700,
            Acts::All | Acts::Lists | Acts::Messages => 450,
            Acts::Handover => 150,
        };
        if acts != Acts::Messages && chance(rng, on_lists) {
            self.act_on_lists(id, time, acts, rng);
            return;
        }
        let on_work = match acts {
            Acts::All | Acts::Contended => 500,
            Acts::Handover => 250,
            Acts::Lists | Acts::Messages => 0,
        };
        if on_work > 0 && chance(rng, on_work) {
            self.act_on_work(id, time, users, acts, rng);
            return;
        }
        let body = if acts == Acts::Handover && chance(rng, 700) {
            super::handover::body(space.shown(), sync.user(), users, rng)
        } else {
            body(space.shown(), sync.user(), users, rng)
        };
        if let (Some(tab), Some(vault), true) = (&mut self.other_tab, &mut self.vault, chance(rng, 400)) {
            if let Ok(op) = tab.act(id, body, time, rng) {
                self.acted.entry((id, life)).or_default().push(op);
            }
            while let Some(action) = tab.poll_action() {
                if let Action::Store(store) = action {
                    vault.keep(store.clone());
                    sync.take_stored(store, time, rng);
                }
            }
            return;
        }
        // A burst: some at once, as after pasting or when a list is ticked off.
        let burst = if chance(rng, 100) { 40 } else { 1 };
        for _ in 0..burst {
            if let Ok(op) = sync.act(id, body.clone(), time, rng) {
                self.acted.entry((id, life)).or_default().push(op);
            }
        }
    }

    /// Somebody does something with lists: often one thing, now and then many, sometimes in the other tab.
    fn act_on_lists(&mut self, id: SpaceId, time: At, acts: Acts, rng: &mut ChaCha8Rng) {
        let life = self.life();
        let burst = if chance(rng, 150) { 12 } else { 1 };
        let in_other_tab = self.other_tab.is_some() && chance(rng, 300);
        for _ in 0..burst {
            let Some(sync) = &mut self.sync else { return };
            let Some(space) = sync.space(id) else { return };
            let contended = if acts == Acts::Contended {
                super::lists::contended(space.shown(), rng)
            } else {
                None
            };
            let (body, had) = match self.editing.take_if(|_| chance(rng, 500)) {
                Some((begun_in, set, had)) if begun_in == id => (Body::List(ListOp::FieldSet(set)), had),
                Some(_) | None => match contended {
                    Some(body) => (body, BTreeSet::new()),
                    None => super::lists::body(space.shown(), rng),
                },
            };
            if let Body::List(ListOp::FieldSet(set)) = &body
                && self.editing.is_none()
                && chance(rng, 300)
            {
                self.editing = Some((id, set.clone(), had));
                continue;
            }
            let acting = match &mut self.other_tab {
                Some(tab) if in_other_tab => tab,
                Some(_) | None => &mut *sync,
            };
            let made = acting.act(id, body.clone(), time, rng);
            if let Ok(op) = made {
                self.acted.entry((id, life)).or_default().push(op);
                if let Body::List(ListOp::FieldSet(set)) = body {
                    self.wrote.insert(op, (set, had));
                }
            }
            if in_other_tab {
                self.tell_first_tab(time, rng);
            }
        }
    }

    /// Somebody does something with roles or tasks: now and then many, sometimes in the other tab.
    fn act_on_work(&mut self, id: SpaceId, time: At, users: &[UserId], acts: Acts, rng: &mut ChaCha8Rng) {
        let life = self.life();
        let burst = if chance(rng, 150) { 12 } else { 1 };
        let in_other_tab = self.other_tab.is_some() && chance(rng, 300);
        for _ in 0..burst {
            let Some(sync) = &mut self.sync else { return };
            let Some(space) = sync.space(id) else { return };
            let actor = Actor {
                users,
                patients: &PATIENTS,
            };
            let contended = (acts == Acts::Contended && chance(rng, 700))
                .then(|| work::contended(space.shown(), actor, rng))
                .flatten();
            let body = contended.unwrap_or_else(|| work::body(space.shown(), actor, rng));
            let acting = match &mut self.other_tab {
                Some(tab) if in_other_tab => tab,
                Some(_) | None => &mut *sync,
            };
            if let Ok(op) = acting.act(id, body, time, rng) {
                self.acted.entry((id, life)).or_default().push(op);
            }
            if in_other_tab {
                self.tell_first_tab(time, rng);
            }
        }
    }

    /// The tab that leads hears of what the other one keeps.
    fn tell_first_tab(&mut self, time: At, rng: &mut ChaCha8Rng) {
        let (Some(sync), Some(tab), Some(vault)) = (&mut self.sync, &mut self.other_tab, &mut self.vault)
        else {
            return;
        };
        while let Some(action) = tab.poll_action() {
            if let Action::Store(store) = action {
                vault.keep(store.clone());
                sync.take_stored(store, time, rng);
            }
        }
    }

    /// Notes what is acknowledged, and looks at everything that screens look at.
    pub fn look(&mut self, now: At) {
        let time = self.time(now);
        let Some(sync) = &mut self.sync else { return };
        self.faults.extend(sync.take_faults());
        for space in sync.spaces() {
            for pending in space.outbox() {
                match pending.state {
                    PendingState::Acked => _ = self.acked.insert(pending.op.id),
                    PendingState::HeldBy(_) | PendingState::Refused(_) => {
                        self.gave_way.insert(pending.op.id);
                    }
                    PendingState::InFlight | PendingState::Waiting => {}
                }
            }
            if space.outbox().next().is_none() {
                assert_eq!(
                    space.shown(),
                    space.confirmed(),
                    "with an empty outbox the confirmed state is shown"
                );
            }
            if let Some(message) = space.shown().timeline.messages().next_back() {
                let _ = (space.status(message), space.readers(message.seq));
            }
            let _ = (
                space.unread(),
                space.first_unread(),
                space.typing(time),
                space.history(),
            );
        }
    }
}

fn body(shown: &SpaceState, me: UserId, users: &[UserId], rng: &mut ChaCha8Rng) -> Body {
    let messages: Vec<&Message> = shown.timeline.messages().collect();
    let any = messages
        .get(pick(rng, messages.len()))
        .map(|message| message.id());
    let mine: Vec<&&Message> = messages.iter().filter(|message| message.stamp.by == me).collect();
    let own = mine
        .get(pick(rng, mine.len()))
        .map(|message| message.id())
        .or(any);
    let user = users[pick(rng, users.len())];
    let message = match (pick(rng, 20), own, any) {
        (0 | 1, Some(message), _) => MessageOp::Corrected(Corrected {
            message,
            text: "0.5 mg".into(),
        }),
        (2, Some(message), _) => MessageOp::Withdrawn(Withdrawn { message }),
        (3 | 4, _, Some(message)) => MessageOp::Acknowledged(Acknowledged { message }),
        (5, ..) => {
            let Basis { base, after } = shown.title.basis();
            let renamed = Renamed {
                title: "Ward 8".into(),
                base,
                after,
            };
            return Body::Space(SpaceOp::Renamed(renamed));
        }
        (6, ..) => return Body::Member(MemberOp::Added(Added { user, admin: false })),
        (7, ..) if chance(rng, 500) => return Body::Member(MemberOp::Removed(Removed { user })),
        (n, ..) => {
            let priority = if n < 10 {
                Priority::Urgent
            } else {
                Priority::Routine
            };
            let posted = Posted {
                text: "5 mg, please".into(),
                priority,
                reply_to: None,
                mentions: vec![],
                roles: vec![],
                about: None,
                photos: some_photo(rng),
            };
            MessageOp::Posted(posted)
        }
    };
    Body::Message(message)
}

/// Now and then a photo, which the record has to have first.
fn some_photo(rng: &mut ChaCha8Rng) -> Vec<Photo> {
    let mut id = [0; 32];
    rng.fill_bytes(&mut id);
    let photo = Photo {
        id: PhotoId::from_bytes(id),
        key: Secret::new(id),
        width: 4,
        height: 3,
        consent: Consent::Agreed,
    };
    chance(rng, 150).then_some(photo).into_iter().collect()
}

/// By how much a clock is ahead: up to a second either way, rarely up to three hours.
pub fn skew(rng: &mut ChaCha8Rng) -> i64 {
    let most = Duration::from_secs(if chance(rng, 200) { 3 * 60 * 60 } else { 1 });
    let millis = |span: Duration| i64::try_from(span.as_millis()).expect("hours");
    millis(super::net::below(rng, most * 2)) - millis(most)
}
