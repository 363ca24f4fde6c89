//! However a log comes to the index, forwards and backwards and in parts of any length, what is found is what stands.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use super::*;
use crate::chain::{Head, derive_chain};
use crate::device::DeviceSecret;
use crate::id::{DeviceId, UserId};
use crate::op::member::{Added, MemberOp};
use crate::op::message::{Corrected, Posted, Priority, Withdrawn};
use crate::op::space::SpaceKind;
use crate::seal::Epoch;
use crate::search::Query;
use crate::secret::Secret;
use crate::state::Place;
use crate::sync::Setup;
use crate::time::At;

const SPACE: SpaceId = SpaceId::from_bytes([1; 16]);
const DEVICE: DeviceId = DeviceId::from_bytes([2; 16]);
const USER: UserId = UserId::from_bytes([3; 16]);
const ENTRIES: usize = 60;

/// A log, the machine that holds its newest items folded, and what stands of it.
struct Story {
    sync: Sync,
    log: Vec<Entry>,
    /// What each entry is about.
    targets: Vec<OpId>,
    stands: BTreeMap<OpId, String>,
}

fn below(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    usize::try_from(rng.next_u32()).unwrap() % bound
}

impl Story {
    fn tell(rng: &mut ChaCha8Rng) -> Self {
        let signer = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
        let setup = Setup {
            device: DEVICE,
            user: USER,
            secret: DeviceSecret::make(rng),
            record: signer.verifying_key(),
        };
        let mut space = Space::new(SPACE, SpaceKind::Team, USER);
        space.keys.insert(Epoch::FIRST, Secret::new([4; 32]));
        let mut story = Self {
            sync: Sync::new(setup),
            log: Vec::new(),
            targets: Vec::new(),
            stands: BTreeMap::new(),
        };
        let me = Op {
            id: OpId::from_bytes([9; 16]),
            by: USER,
            at: At::default(),
            body: Body::Member(MemberOp::Added(Added {
                user: USER,
                admin: true,
            })),
        };
        let nowhere = Place {
            seq: Seq::ZERO,
            recorded: Some(me.at),
        };
        space.confirmed.apply(nowhere, &me);
        let mut posted = Vec::new();
        let mut head = Head::default();
        for number in 0..ENTRIES {
            let at = At::from_millis(u64::try_from(number).unwrap());
            let mut random = [0; 10];
            rng.fill_bytes(&mut random);
            let id = OpId::make(at, random);
            let text = format!("said {number}");
            let about = posted.get(below(rng, posted.len().max(1))).copied();
            let body = match (below(rng, 5), about) {
                (0 | 1, Some(message)) => {
                    if let Some(stands) = story.stands.get_mut(&message) {
                        stands.clone_from(&text);
                    }
                    MessageOp::Corrected(Corrected {
                        message,
                        text: text.as_str().into(),
                    })
                }
                (2, Some(message)) => {
                    story.stands.remove(&message);
                    MessageOp::Withdrawn(Withdrawn { message })
                }
                _ => {
                    posted.push(id);
                    story.stands.insert(id, text.clone());
                    MessageOp::Posted(Posted {
                        text: text.as_str().into(),
                        priority: Priority::Routine,
                        reply_to: None,
                        mentions: Vec::new(),
                        roles: vec![],
                        about: None,
                        photos: vec![],
                    })
                }
            };
            story.targets.push(body.target().unwrap_or(id));
            let op = Op {
                id,
                by: USER,
                at,
                body: Body::Message(body),
            };
            let sealed = space.keys.seal_op(&op, DEVICE, &signer, rng).unwrap();
            let seq = head.seq.next();
            head = Head {
                seq,
                chain: derive_chain(head.chain, seq, id, DEVICE, at, &sealed),
            };
            space.confirmed.fold(head, at, &op);
            story.log.push(Entry {
                seq,
                op_id: id,
                device: DEVICE,
                at,
                sealed,
                chain: head.chain,
            });
        }
        space.confirmed.trim(below(rng, ENTRIES));
        story.sync.spaces.insert(SPACE, space);
        story
    }

    /// Feeds the log from a place on: from somewhere forwards, and what is before that backwards, by turns.
    fn feed(&mut self, from: usize, index: &mut Index, rng: &mut ChaCha8Rng) {
        let middle = from + below(rng, ENTRIES - from);
        let (mut older, mut newer) = (middle, middle);
        while older > from || newer < ENTRIES {
            let many = 1 + below(rng, 9);
            if newer == middle || older == from || (newer < ENTRIES && below(rng, 2) == 0) {
                let upto = (newer + many).min(ENTRIES);
                self.sync.index_newer(SPACE, &self.log[newer..upto], index);
                newer = upto;
            } else {
                let first = older.saturating_sub(many).max(from);
                let entries = self.log[first..older].to_vec();
                let later = (older..ENTRIES).filter(|place| {
                    let target = self.targets[*place];
                    entries.iter().any(|entry| entry.op_id == target)
                });
                let page = HistoryAnswer {
                    later: later.map(|place| self.log[place].clone()).collect(),
                    entries,
                    is_start: first == 0,
                };
                self.sync.index_older(SPACE, &page, index);
                older = first;
            }
        }
        let all = (
            Seq::new(u64::try_from(from).unwrap()),
            Seq::new(u64::try_from(ENTRIES).unwrap()),
        );
        assert_eq!(index.fed(SPACE), Some(all));
    }
}

fn found(index: &mut Index) -> BTreeMap<OpId, String> {
    let query = Query {
        limit: usize::MAX,
        ..Query::new("")
    };
    let hits = index.find(&query).hits.into_iter();
    hits.map(|hit| (hit.op, hit.text.as_str().to_owned())).collect()
}

#[test]
fn what_is_found_is_what_stands_however_a_log_is_fed() {
    for seed in 0..300 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut story = Story::tell(&mut rng);
        let mut index = Index::new();
        let held_first = below(&mut rng, 2) == 0;
        if held_first {
            story.sync.index_held(SPACE, &mut index);
        }
        story.feed(0, &mut index, &mut rng);
        assert_eq!(found(&mut index), story.stands, "seed {seed}");
    }
}

#[test]
fn of_a_log_that_goes_on_from_a_snapshot_what_is_found_stands() {
    for seed in 0..300 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut story = Story::tell(&mut rng);
        let mut index = Index::new();
        story.sync.index_held(SPACE, &mut index);
        let from = 1 + below(&mut rng, ENTRIES - 1);
        story.feed(from, &mut index, &mut rng);
        let found = found(&mut index);
        for (op, text) in &found {
            assert_eq!(story.stands.get(op), Some(text), "seed {seed}");
        }
        for entry in &story.log[from..] {
            let stands = story.stands.get(&entry.op_id);
            assert!(
                stands.is_none_or(|stands| found.get(&entry.op_id) == Some(stands)),
                "seed {seed}"
            );
        }
    }
}

#[test]
fn a_change_of_what_is_held_is_found_at_once() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let story = Story::tell(&mut rng);
    let mut index = Index::new();
    let space = story.sync.space(SPACE).unwrap();
    let changes: Vec<Change> = space
        .confirmed
        .timeline
        .items()
        .map(|item| Change::Added(item.seq()))
        .collect();
    story.sync.index_changes(SPACE, &changes, &mut index);
    let mut held = Index::new();
    story.sync.index_held(SPACE, &mut held);
    assert!(!held.is_empty());
    assert_eq!(found(&mut index), found(&mut held));
}

#[test]
fn what_is_only_on_this_device_is_found_as_it_is_shown() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let mut story = Story::tell(&mut rng);
    let mut index = Index::new();
    story.feed(0, &mut index, &mut rng);
    let space = story.sync.spaces.get_mut(&SPACE).unwrap();
    let held: Vec<OpId> = space
        .confirmed
        .timeline
        .messages()
        .filter(|message| message.withdrawn.is_none())
        .map(state::Message::id)
        .collect();
    let [corrected, withdrawn, ..] = held.as_slice() else {
        panic!("{held:?}")
    };
    let (corrected, withdrawn) = (*corrected, *withdrawn);
    let mut stands = story.stands.clone();
    let mut act = |body: MessageOp| {
        let at = At::from_millis(1_000_000);
        let body = Body::Message(body);
        story.sync.act(SPACE, body, at, &mut rng).unwrap()
    };
    let posted = act(MessageOp::Posted(Posted {
        text: "waits".into(),
        priority: Priority::Routine,
        reply_to: None,
        mentions: Vec::new(),
        roles: vec![],
        about: None,
        photos: vec![],
    }));
    act(MessageOp::Corrected(Corrected {
        message: corrected,
        text: "corrected here".into(),
    }));
    act(MessageOp::Withdrawn(Withdrawn { message: withdrawn }));
    stands.insert(posted, "waits".to_owned());
    stands.insert(corrected, "corrected here".to_owned());
    stands.remove(&withdrawn);
    let query = Query {
        limit: usize::MAX,
        ..Query::new("")
    };
    let found = story.sync.find(&mut index, &query);
    assert_eq!(found.total, stands.len());
    let hits = found.hits.into_iter();
    let found: BTreeMap<OpId, String> = hits.map(|hit| (hit.op, hit.text.as_str().to_owned())).collect();
    assert_eq!(found, stands);
    assert_eq!(story.sync.find(&mut index, &Query::new("waits")).as_typed, 1);
}
