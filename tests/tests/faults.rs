//! The promise that an acknowledged operation is never lost, doubled or reordered, whatever is killed.
//!
//! Twenty people write in several teams while the record, the edge and PostgreSQL are killed (`kill -9`) and come back,
//! and devices are cut off in the middle, all at moments from one seed, which is printed. `BATON_SEED` repeats a run's
//! moments, `BATON_FAULTS` says how many kills.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and tells its seed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::op::Body;
use baton_core::op::message::{Corrected, MessageOp, Posted, Priority, Withdrawn};
use baton_core::refusal::Refusal;
use baton_core::secret::Personal;
use baton_core::sync::{Event, PendingState, Sync};
use baton_tests::client::Client;
use baton_tests::stage::{Cast, Stage};
use baton_tests::{clock, log};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tokio::sync::Mutex;
use xtask::record_build::Profile;

const WRITERS: usize = 20;
const TEAMS: usize = 5;

/// Everything that one person did, in order.
type Deeds = Vec<(SpaceId, OpId)>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_doubled_or_reordered_by_kills() {
    let seed = clock::seed();
    let kills = std::env::var("BATON_FAULTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(9);
    println!("BATON_SEED={seed} BATON_FAULTS={kills}");
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    // The last person is in every team and writes nothing.
    let members =
        |team: usize| (0..WRITERS).filter(move |number| number % TEAMS == team || number % 4 == team % 4);
    let teams = (0..TEAMS)
        .map(|team| (format!("Team {team}"), members(team).chain([WRITERS]).collect()))
        .collect();
    let cast = Cast {
        people: WRITERS + 1,
        teams,
        planted: "Tester".to_owned(),
    };
    let stage = Stage::open("faults", Profile::Dev, &cast).await.unwrap();
    let clients = stage.sign_in(0..WRITERS).await.unwrap();

    let is_over = Arc::new(AtomicBool::new(false));
    let writers: Vec<Writer> = clients
        .into_iter()
        .enumerate()
        .map(|(number, client)| Writer::start(client, seed ^ number as u64, is_over.clone()))
        .collect();
    for kill in 0..kills {
        between(&mut rng, 300, 2_500).await;
        kill_and_restart(&stage, kill, &mut rng).await;
        let one = usize::try_from(rng.next_u64()).unwrap_or(0) % WRITERS;
        writers[one].cut_off_and_start_again().await;
    }
    between(&mut rng, 500, 1_000).await;
    is_over.store(true, Ordering::Relaxed);

    let mut deeds = BTreeMap::new();
    let mut clients = Vec::new();
    for writer in writers {
        let (client, done) = writer.finish().await;
        deeds.insert(client.seat().device.id, done);
        clients.push(client);
    }
    let total: usize = deeds.values().map(Vec::len).sum();
    println!("{total} operations by {WRITERS} people in {TEAMS} teams, {kills} kills");
    let refused = settle(&clients).await;
    check_log(&stage, &deeds, &refused).await;
    check_states(&stage, clients).await;
    let verdict = stage.verify().await.unwrap();
    println!("{}", verdict.lines().last().unwrap_or_default());
    let fallen = stage.with(|stack| Ok(stack.fallen())).await.unwrap();
    assert_eq!(fallen, None, "a part fell by itself");
}

/// One person at work, until told that it is over.
struct Writer {
    client: Arc<Mutex<Option<Client>>>,
    task: tokio::task::JoinHandle<Deeds>,
}

impl Writer {
    fn start(client: Client, seed: u64, is_over: Arc<AtomicBool>) -> Self {
        let client = Arc::new(Mutex::new(Some(client)));
        let held = client.clone();
        let task = tokio::spawn(async move {
            let mut rng = ChaCha20Rng::seed_from_u64(seed);
            let mut done = Deeds::new();
            while !is_over.load(Ordering::Relaxed) {
                between(&mut rng, 20, 400).await;
                let held = held.lock().await;
                let client = held
                    .as_ref()
                    .expect("a client is only out while the lock is held");
                let dice = rng.next_u64();
                let deed = client.change(move |sync, now, rng| {
                    do_something(sync, dice, |sync, space, body| sync.act(space, body, now, rng))
                });
                done.extend(deed.await.unwrap());
            }
            done
        });
        Self { client, task }
    }

    /// The device dies without a word, and comes back with what it kept.
    async fn cut_off_and_start_again(&self) {
        let mut held = self.client.lock().await;
        let seat = held
            .take()
            .expect("a client is only out while the lock is held")
            .crash();
        *held = Some(Client::start(seat, None, Box::new(|_, _| {})));
    }

    async fn finish(self) -> (Client, Deeds) {
        let done = self.task.await.unwrap();
        let client = self
            .client
            .lock()
            .await
            .take()
            .expect("nobody else takes it any more");
        (client, done)
    }
}

/// A post mostly; now and then something about an earlier message.
fn do_something(
    sync: &mut Sync,
    dice: u64,
    act: impl FnOnce(&mut Sync, SpaceId, Body) -> Result<OpId, Refusal>,
) -> Option<(SpaceId, OpId)> {
    let me = sync.user();
    let spaces: Vec<SpaceId> = sync
        .spaces()
        .filter(|space| space.is_open())
        .map(baton_core::sync::Space::id)
        .collect();
    let space = *spaces.get(usize::try_from(dice >> 32).ok()? % spaces.len().max(1))?;
    let body = choose(sync, me, space, dice);
    // What the rules do not allow is not done.
    act(sync, space, body).ok().map(|op| (space, op))
}

fn choose(sync: &Sync, me: UserId, space: SpaceId, dice: u64) -> Body {
    let mine = || {
        let space = sync.space(space)?;
        space
            .shown()
            .timeline
            .messages()
            .rev()
            .find(|message| message.stamp.by == me)
            .map(baton_core::state::Message::id)
    };
    let text = Personal::new(format!("Message {dice:016x}"));
    let op = match (dice % 20, mine()) {
        (0 | 1, Some(message)) => MessageOp::Corrected(Corrected { message, text }),
        (2, Some(message)) => MessageOp::Withdrawn(Withdrawn { message }),
        (3, _) => MessageOp::Posted(Posted {
            text,
            priority: Priority::Urgent,
            reply_to: None,
            mentions: Vec::new(),
            roles: vec![],
            about: None,
            photos: vec![],
        }),
        _ => MessageOp::Posted(Posted {
            text,
            priority: Priority::Routine,
            reply_to: None,
            mentions: Vec::new(),
            roles: vec![],
            about: None,
            photos: vec![],
        }),
    };
    Body::Message(op)
}

async fn kill_and_restart(stage: &Stage, kill: usize, rng: &mut ChaCha20Rng) {
    let down = Duration::from_millis(rng.next_u64() % 1_500);
    stage
        .with(move |stack| {
            match kill % 3 {
                0 => stack.record.kill(),
                1 => stack.edge.kill(),
                _ => stack.postgres.as_mut().expect("it is our own").kill(),
            }
            std::thread::sleep(down);
            match kill % 3 {
                0 => stack.record.start(),
                1 => stack.edge.start(),
                _ => stack.postgres.as_mut().expect("it is our own").start(),
            }
        })
        .await
        .unwrap();
}

async fn between(rng: &mut ChaCha20Rng, least: u64, most: u64) {
    clock::pause(Duration::from_millis(least + rng.next_u64() % (most - least))).await;
}

/// Everybody gets rid of what waits; what the record refused is named.
async fn settle(clients: &[Client]) -> BTreeMap<OpId, Refusal> {
    let mut refused = BTreeMap::new();
    for client in clients {
        client.tell(Event::Online);
        let only_refused = |sync: &Sync| {
            let of = |state: &PendingState| match state {
                PendingState::Refused(reason) => Some(*reason),
                PendingState::Acked
                | PendingState::HeldBy(_)
                | PendingState::InFlight
                | PendingState::Waiting => None,
            };
            let mut found = Vec::new();
            for pending in sync.spaces().flat_map(baton_core::sync::Space::outbox) {
                found.push((pending.op.id, of(&pending.state)?));
            }
            sync.connection().is_live().then_some(found)
        };
        let found = client
            .until("an empty outbox", Duration::from_mins(2), only_refused)
            .await
            .unwrap();
        refused.extend(found);
    }
    println!(
        "{} were refused: {:?}",
        refused.len(),
        refused.values().collect::<BTreeSet<_>>()
    );
    refused
}

/// Each operation that left an outbox is in the log once, and each device's are in its own order.
async fn check_log(
    stage: &Stage,
    deeds: &BTreeMap<baton_core::id::DeviceId, Deeds>,
    refused: &BTreeMap<OpId, Refusal>,
) {
    let rows = log::read(&stage.database_url).await.unwrap();
    let mut places: BTreeMap<(SpaceId, OpId), Vec<i64>> = BTreeMap::new();
    let mut last: BTreeMap<SpaceId, i64> = BTreeMap::new();
    for row in &rows {
        places.entry((row.space, row.op)).or_default().push(row.seq);
        let before = last.insert(row.space, row.seq).unwrap_or(0);
        assert_eq!(row.seq, before + 1, "a gap in {}", row.space);
    }
    let mut known = 0;
    for (device, done) in deeds {
        let mut order: BTreeMap<SpaceId, i64> = BTreeMap::new();
        for deed @ (space, op) in done {
            let at = places.get(deed).map(Vec::as_slice).unwrap_or_default();
            if refused.contains_key(op) {
                assert!(at.is_empty(), "{op} was refused and is in the log");
                continue;
            }
            assert_eq!(at.len(), 1, "{op} of {device} is in the log of {space} at {at:?}");
            let before = order.insert(*space, at[0]).unwrap_or(0);
            assert!(
                at[0] > before,
                "{op} of {device} stands at {at:?}, before an earlier one at {before}"
            );
            known += 1;
        }
    }
    let by_devices = rows.iter().filter(|row| deeds.contains_key(&row.device)).count();
    assert_eq!(by_devices, known, "the log holds what nobody did");
}

/// Everybody, and a device that was never there before, folds each space to the same state.
async fn check_states(stage: &Stage, mut clients: Vec<Client>) {
    let fresh = stage.sign_in([WRITERS].into_iter()).await.unwrap();
    clients.extend(fresh);
    let mut heads: BTreeMap<SpaceId, u64> = BTreeMap::new();
    for row in log::read(&stage.database_url).await.unwrap() {
        heads.insert(row.space, row.seq.unsigned_abs());
    }
    let mut hashes: BTreeMap<SpaceId, BTreeSet<[u8; 32]>> = BTreeMap::new();
    for client in &clients {
        let heads = heads.clone();
        let found = client
            .until("the heads of all logs", Duration::from_mins(1), move |sync| {
                let all = sync
                    .spaces()
                    .all(|space| heads.get(&space.id()) == Some(&space.confirmed().head.seq.value()));
                all.then(|| {
                    sync.spaces()
                        .map(|space| (space.id(), space.confirmed().hash()))
                        .collect::<Vec<_>>()
                })
            })
            .await
            .unwrap();
        for (space, hash) in found {
            hashes.entry(space).or_default().insert(hash);
        }
        let faults = client.change(|sync, _, _| sync.take_faults()).await.unwrap();
        assert_eq!(faults, [], "an honest edge was accused");
    }
    assert_eq!(hashes.len(), TEAMS);
    for (space, hashes) in hashes {
        assert_eq!(hashes.len(), 1, "{space} has several states");
    }
}
