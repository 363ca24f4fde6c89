//! A model of the record, in memory. What it does to an operation is the real thing: opens, verifies, asks the rules,
//! orders, chains, folds; what it lacks is a database and HTTP.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use baton_core::cbor;
use baton_core::chain::{Entry, Head, Seq, derive_chain};
use baton_core::device::{Certificate, DevicePublic, SealedToDevice};
use baton_core::device_api::{
    EpochKeys, HistoryAnswer, KeysAnswer, SealedSnapshot, Session, SnapshotsAnswer, SpaceGrant,
};
use baton_core::frame::{Appended, SealedOp};
use baton_core::id::{DeviceId, OpId, PatientId, SpaceId, UserId};
use baton_core::op::list::{FieldSet, ListOp};
use baton_core::op::member::MemberOp;
use baton_core::op::space::SpaceKind;
use baton_core::op::{Body, Op};
use baton_core::person::{Name, Organisation, Person};
use baton_core::photo::PhotoId;
use baton_core::refusal::Refusal;
use baton_core::rule::{self, Author};
use baton_core::seal::key::make_space_key;
use baton_core::seal::{Epoch, Keyring, OpenError};
use baton_core::secret::Personal;
use baton_core::signal::{Cursor, seal_refusal};
use baton_core::snapshot::{self, Checkpoint};
use baton_core::state::SpaceState;
use baton_core::time::At;
use ed25519_dalek::{SigningKey, VerifyingKey};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

/// The model record.
pub struct Record {
    pub signer: SigningKey,
    pub rng: ChaCha8Rng,
    pub devices: BTreeMap<DeviceId, Registered>,
    pub rooms: BTreeMap<SpaceId, Room>,
    /// Everything that was ever refused, since a late copy of it may be taken later.
    pub refused: BTreeSet<OpId>,
    /// Photos that were given to it.
    pub photos: BTreeSet<PhotoId>,
    /// The index: at which version it has each patient.
    pub patients: BTreeMap<PatientId, u64>,
}

/// A device that the record knows.
#[derive(Clone)]
pub struct Registered {
    pub user: UserId,
    pub public: DevicePublic,
    pub key: VerifyingKey,
}

/// A space at the record.
pub struct Room {
    pub kind: SpaceKind,
    pub keys: Keyring,
    pub log: Vec<Entry>,
    pub state: SpaceState,
    pub places: BTreeMap<OpId, Seq>,
    pub cursors: BTreeMap<UserId, (Cursor, Vec<u8>)>,
    /// What was written on lists.
    pub edits: Vec<(Seq, OpId, FieldSet)>,
    /// What each entry is about, if about another.
    targets: BTreeMap<Seq, OpId>,
    ended: BTreeMap<Epoch, At>,
    snapshot: Option<SealedSnapshot>,
    sealed_keys: BTreeMap<DeviceId, (Epoch, SealedToDevice)>,
}

/// What became of an operation.
pub enum Outcome {
    Appended(Appended),
    NotAllowed,
    Refused(Vec<u8>),
    StaleEpoch,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Appended(appended) => write!(f, "is at {}", appended.seq.value()),
            Self::NotAllowed => f.write_str("not allowed"),
            Self::Refused(_) => f.write_str("refused"),
            Self::StaleEpoch => f.write_str("of an epoch that ended"),
        }
    }
}

/// What the edge has to tell whom.
#[derive(Default)]
pub struct Changed {
    pub spaces_of: Vec<UserId>,
    pub removed: Vec<UserId>,
    pub new_epoch: bool,
}

impl Clone for Room {
    fn clone(&self) -> Self {
        let mut keys = Keyring::new(self.state.space);
        for (epoch, key) in self.keys.iter() {
            keys.insert(epoch, key.clone());
        }
        Self {
            kind: self.kind,
            keys,
            log: self.log.clone(),
            state: self.state.clone(),
            places: self.places.clone(),
            cursors: self.cursors.clone(),
            edits: self.edits.clone(),
            targets: self.targets.clone(),
            ended: self.ended.clone(),
            snapshot: self.snapshot.clone(),
            sealed_keys: self.sealed_keys.clone(),
        }
    }
}

impl Record {
    pub fn new(seed: u64) -> Self {
        Self {
            signer: SigningKey::from_bytes(&[77; 32]),
            rng: ChaCha8Rng::seed_from_u64(seed),
            devices: BTreeMap::new(),
            rooms: BTreeMap::new(),
            refused: BTreeSet::new(),
            photos: BTreeSet::new(),
            patients: super::lists::PATIENTS
                .iter()
                .map(|patient| (*patient, 1))
                .collect(),
        }
    }

    /// The same record with other randomness.
    pub fn copy(&self, seed: u64) -> Self {
        Self {
            signer: self.signer.clone(),
            rng: ChaCha8Rng::seed_from_u64(seed),
            devices: self.devices.clone(),
            rooms: self.rooms.clone(),
            refused: self.refused.clone(),
            photos: self.photos.clone(),
            patients: self.patients.clone(),
        }
    }

    pub fn register(&mut self, device: DeviceId, user: UserId, public: DevicePublic) {
        let key = public.verifying_key().expect("a real key");
        self.devices.insert(device, Registered { user, public, key });
    }

    pub fn user_of(&self, device: DeviceId) -> UserId {
        self.devices[&device].user
    }

    /// Makes a space; the first of `members` is its administrator.
    pub fn create(&mut self, space: SpaceId, kind: SpaceKind, members: &[UserId], at: At) {
        use baton_core::op::member::Added;
        use baton_core::op::space::{Created, SpaceOp};
        let mut keys = Keyring::new(space);
        keys.insert(Epoch::FIRST, make_space_key(&mut self.rng));
        let room = Room {
            kind,
            keys,
            log: Vec::new(),
            state: SpaceState::new(space),
            places: BTreeMap::new(),
            cursors: BTreeMap::new(),
            edits: Vec::new(),
            targets: BTreeMap::new(),
            ended: BTreeMap::new(),
            snapshot: None,
            sealed_keys: BTreeMap::new(),
        };
        self.rooms.insert(space, room);
        let created = Body::Space(SpaceOp::Created(Created {
            kind,
            title: "Ward 7".into(),
            about: None,
        }));
        self.make(space, created, at);
        for (n, user) in members.iter().enumerate() {
            self.make(
                space,
                Body::Member(MemberOp::Added(Added {
                    user: *user,
                    admin: n == 0,
                })),
                at,
            );
        }
    }

    /// Something that the record does itself.
    pub fn make(&mut self, space: SpaceId, body: Body, at: At) -> Changed {
        use rand_core::Rng as _;
        let mut random = [0; 10];
        self.rng.fill_bytes(&mut random);
        let op = Op {
            id: OpId::make(at, random),
            by: UserId::RECORD,
            at,
            body,
        };
        let room = self.rooms.get_mut(&space).expect("a known space");
        let sealed = room
            .keys
            .seal_op(&op, DeviceId::RECORD, &self.signer, &mut self.rng)
            .expect("a key is held");
        room.append(DeviceId::RECORD, &op, sealed, at);
        self.follow(space, &op, at)
    }

    /// Takes an operation of a device into the log, or says why not. `later` came behind it in the same frame.
    pub fn append(
        &mut self,
        device: DeviceId,
        space: SpaceId,
        sent: &SealedOp,
        later: &[SealedOp],
        now: At,
    ) -> (Outcome, Changed) {
        let none = Changed::default();
        let Some(registered) = self.devices.get(&device).cloned() else {
            return (Outcome::NotAllowed, none);
        };
        let Some(room) = self.rooms.get_mut(&space) else {
            return (Outcome::NotAllowed, none);
        };
        if let Some(seq) = room.places.get(&sent.op_id) {
            let entry = &room.log[usize::try_from(seq.value() - 1).expect("small")];
            return (
                Outcome::Appended(Appended {
                    op_id: sent.op_id,
                    seq: *seq,
                    at: entry.at,
                }),
                none,
            );
        }
        if !room.state.members.contains(registered.user) {
            return (Outcome::NotAllowed, none);
        }
        let opened = match room.keys.open_op(sent.op_id, device, &sent.sealed) {
            Ok(opened) => opened,
            Err(OpenError::NoKey { .. }) => return (Outcome::StaleEpoch, none),
            Err(_) => return (self.refuse(space, sent.op_id, Refusal::Malformed), none),
        };
        if room
            .ended
            .get(&opened.label.epoch)
            .is_some_and(|ended| ended.plus(GRACE) < now)
        {
            return (Outcome::StaleEpoch, none);
        }
        if opened.verify(&registered.key).is_err() {
            return (self.refuse(space, sent.op_id, Refusal::Malformed), none);
        }
        if later.iter().any(|later| room.places.contains_key(&later.op_id)) {
            return (self.refuse(space, sent.op_id, Refusal::Overtaken), none);
        }
        if let Err(refusal) = rule::may(Author::Person(registered.user), &opened.op, &room.state) {
            return (self.refuse(space, sent.op_id, refusal), none);
        }
        let photos = opened.op.photos().iter();
        assert!(
            photos.into_iter().all(|photo| self.photos.contains(&photo.id)),
            "a message came before its photo"
        );
        let mut named = opened.op.patients_named();
        if named.any(|patient| !self.patients.contains_key(&patient)) {
            return (self.refuse(space, sent.op_id, Refusal::NoSuchPatient), none);
        }
        let appended = room.append(device, &opened.op, sent.sealed.clone(), now);
        let changed = self.follow(space, &opened.op, now);
        for patient in opened.op.patients_named() {
            if self.rooms[&space].state.patients.find(patient).is_none() {
                self.tell(space, patient, now);
            }
        }
        (Outcome::Appended(appended), changed)
    }

    /// Tells a space of a patient.
    fn tell(&mut self, space: SpaceId, patient: PatientId, now: At) {
        let body = super::lists::refreshed(patient, self.patients[&patient]);
        self.make(space, body, now);
    }

    /// Something happens to a patient in the index; gives the spaces that are told of it.
    pub fn change_patient(&mut self, patient: PatientId, now: At) -> Vec<(SpaceId, Seq)> {
        *self.patients.get_mut(&patient).expect("a known patient") += 1;
        let holds = |room: &&Room| room.state.patients.find(patient).is_some();
        let spaces: Vec<(SpaceId, Seq)> = self
            .rooms
            .values()
            .filter(holds)
            .map(|room| (room.state.space, room.state.head.seq))
            .collect();
        for (space, _) in &spaces {
            self.tell(*space, patient, now);
        }
        spaces
    }

    fn refuse(&mut self, space: SpaceId, op: OpId, refusal: Refusal) -> Outcome {
        self.refused.insert(op);
        let room = self.rooms.get_mut(&space).expect("a known space");
        Outcome::Refused(seal_refusal(refusal, op, &mut room.keys, &mut self.rng).expect("a key is held"))
    }

    fn follow(&mut self, space: SpaceId, op: &Op, now: At) -> Changed {
        let mut changed = Changed::default();
        match &op.body {
            Body::Member(MemberOp::Added(added)) => changed.spaces_of.push(added.user),
            Body::Member(MemberOp::Removed(removed)) => {
                changed.spaces_of.push(removed.user);
                changed.removed.push(removed.user);
                changed.new_epoch = true;
                self.new_epoch(space, now);
            }
            Body::Member(MemberOp::Left(_)) => {
                changed.spaces_of.push(op.by);
                changed.removed.push(op.by);
                changed.new_epoch = true;
                self.new_epoch(space, now);
            }
            Body::Member(MemberOp::CameOnDuty(_) | MemberOp::MadeAdmin(_) | MemberOp::WentOffDuty(_))
            | Body::Handover(_)
            | Body::Message(_)
            | Body::Space(_)
            | Body::List(_)
            | Body::Patient(_)
            | Body::Role(_)
            | Body::Task(_)
            | Body::Unknown { .. } => {}
        }
        let room = self.rooms.get_mut(&space).expect("a known space");
        if room.log.len().is_multiple_of(SNAPSHOT_EVERY) {
            let sealed = snapshot::seal(&room.state, &mut room.keys, &mut self.rng).expect("a key is held");
            let checkpoint = Checkpoint {
                space,
                head: room.state.head,
                at: now,
            }
            .sign(&self.signer);
            room.snapshot = Some(SealedSnapshot {
                space,
                sealed,
                checkpoint,
            });
        }
        changed
    }

    pub fn new_epoch(&mut self, space: SpaceId, now: At) {
        let room = self.rooms.get_mut(&space).expect("a known space");
        let newest = room.keys.newest().expect("a key is held");
        room.ended.insert(newest, now);
        room.keys.insert(newest.next(), make_space_key(&mut self.rng));
        room.sealed_keys.clear();
    }

    /// Keeps a cursor of a member, if it is theirs; true when it is news.
    pub fn seen(&mut self, device: DeviceId, space: SpaceId, sealed: &[u8]) -> bool {
        let user = self.user_of(device);
        let Some(room) = self.rooms.get_mut(&space) else {
            return false;
        };
        let Ok((cursor, by)) = Cursor::open(&mut room.keys, sealed) else {
            return false;
        };
        if by != device || cursor.user != user || !room.state.members.contains(user) {
            return false;
        }
        // Nobody has read what is not there yet.
        if cursor.delivered.max(cursor.read) > room.state.head.seq {
            return false;
        }
        let Some(kept) = room.cursors.get_mut(&user) else {
            room.cursors.insert(user, (cursor, sealed.to_vec()));
            return true;
        };
        let mut merged = kept.0;
        let is_news = merged.advance(&cursor);
        if is_news {
            // Where two devices of one person are each ahead in one, the record says so itself.
            let is_all = (merged.delivered, merged.read) == (cursor.delivered, cursor.read);
            let sealed = if is_all {
                sealed.to_vec()
            } else {
                merged
                    .seal(&mut room.keys, DeviceId::RECORD, &mut self.rng)
                    .expect("a key is held")
            };
            *kept = (merged, sealed);
        }
        is_news
    }

    pub fn may_listen(&self, device: DeviceId, space: SpaceId) -> bool {
        let registered = &self.devices[&device];
        self.rooms
            .get(&space)
            .is_some_and(|room| room.state.members.contains(registered.user))
    }

    /// Keys of a space; `None` when the device may not have them.
    pub fn keys(&mut self, device: DeviceId, space: SpaceId) -> Option<KeysAnswer> {
        if !self.may_listen(device, space) {
            return None;
        }
        let public = self.devices[&device].public;
        let room = self.rooms.get_mut(&space)?;
        let newest = room.keys.newest()?;
        if let Some((_, keys)) = room
            .sealed_keys
            .get(&device)
            .filter(|(epoch, _)| *epoch == newest)
        {
            return Some(KeysAnswer { keys: keys.clone() });
        }
        let keys = room
            .keys
            .iter()
            .map(|(epoch, key)| (epoch, key.clone()))
            .collect();
        let keys = public
            .seal(&cbor::to_bytes(&EpochKeys { space, keys }), &mut self.rng)
            .ok()?;
        room.sealed_keys.insert(device, (newest, keys.clone()));
        Some(KeysAnswer { keys })
    }

    pub fn session(&mut self, device: DeviceId, now: At) -> Session {
        let registered = self.devices[&device].clone();
        let mut spaces: Vec<SpaceId> = self
            .rooms
            .keys()
            .copied()
            .filter(|space| self.may_listen(device, *space))
            .collect();
        spaces.sort_by_key(|space| std::cmp::Reverse(self.rooms[space].log.last().map(|entry| entry.at)));
        let spaces = spaces
            .into_iter()
            .map(|space| {
                let keys = self.keys(device, space).expect("a member").keys;
                let room = &self.rooms[&space];
                SpaceGrant {
                    space,
                    kind: room.kind,
                    head: room.state.head,
                    keys,
                }
            })
            .collect();
        let certificate = Certificate {
            device,
            user: registered.user,
            keys: registered.public,
            at: now,
        };
        Session {
            device,
            me: person(registered.user),
            now,
            relay_token: Personal::new(format!("{device} {}", now.plus(TOKEN).millis())),
            relay_until: now.plus(TOKEN),
            session_until: now.plus(Duration::from_hours(12)),
            certificate: cbor::to_bytes(&certificate),
            spaces,
            people: Vec::new(),
            policy: baton_core::device_api::Policy::default(),
            administrates: false,
        }
    }

    pub fn snapshots(&self, device: DeviceId, spaces: &[SpaceId]) -> SnapshotsAnswer {
        let allowed = spaces.iter().filter(|space| self.may_listen(device, **space));
        SnapshotsAnswer {
            snapshots: allowed
                .filter_map(|space| self.rooms[space].snapshot.clone())
                .collect(),
        }
    }

    pub fn history(
        &self,
        device: DeviceId,
        space: SpaceId,
        before: Seq,
        limit: u16,
    ) -> Option<HistoryAnswer> {
        self.may_listen(device, space)
            .then(|| self.rooms[&space].history(before, limit))
    }
}

impl Room {
    fn append(&mut self, device: DeviceId, op: &Op, sealed: Vec<u8>, at: At) -> Appended {
        let seq = self.state.head.seq.next();
        let chain = derive_chain(self.state.head.chain, seq, op.id, device, at, &sealed);
        self.log.push(Entry {
            seq,
            op_id: op.id,
            device,
            at,
            sealed,
            chain,
        });
        self.state.fold(Head { seq, chain }, at, op);
        self.places.insert(op.id, seq);
        if let Some(target) = op.amends() {
            self.targets.insert(seq, target);
        }
        if let Body::List(ListOp::FieldSet(set)) = &op.body {
            self.edits.push((seq, op.id, set.clone()));
        }
        Appended {
            op_id: op.id,
            seq,
            at,
        }
    }

    pub fn after(&self, after: Seq, limit: usize) -> (Vec<Entry>, bool) {
        let from = usize::try_from(after.value())
            .unwrap_or(usize::MAX)
            .min(self.log.len());
        let entries: Vec<Entry> = self.log[from..].iter().take(limit).cloned().collect();
        let more = from + entries.len() < self.log.len();
        (entries, more)
    }

    fn history(&self, before: Seq, limit: u16) -> HistoryAnswer {
        let to = usize::try_from(before.value() - 1)
            .unwrap_or(usize::MAX)
            .min(self.log.len());
        let from = to.saturating_sub(usize::from(limit));
        let entries = self.log[from..to].to_vec();
        let ids: BTreeSet<OpId> = entries.iter().map(|entry| entry.op_id).collect();
        let later = self
            .targets
            .range(before..)
            .filter(|(_, target)| ids.contains(target))
            .map(|(seq, _)| self.log[usize::try_from(seq.value() - 1).expect("small")].clone())
            .collect();
        HistoryAnswer {
            entries,
            later,
            is_start: from == 0,
        }
    }
}

pub fn person(id: UserId) -> Person {
    Person {
        id,
        name: Personal::new(Name {
            family: "KHAN".into(),
            given: "Amina".into(),
            title: String::new(),
        }),
        job_title: "Nurse".into(),
        organisation: Organisation {
            ods: "RX1".into(),
            name: "Northbridge Hospital".into(),
        },
        registration: None,
        telephone: None,
        bleep: None,
    }
}

const GRACE: Duration = Duration::from_mins(1);
const TOKEN: Duration = Duration::from_mins(10);
const SNAPSHOT_EVERY: usize = 40;
