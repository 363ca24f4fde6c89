//! What opening an entry costs under wasm32, beside AES-256-GCM alone: a figure of the budgets, for `cargo xtask bench`.

#![cfg(target_arch = "wasm32")]

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use baton_core::chain::{Entry, Head, derive_chain};
use baton_core::id::{DeviceId, OpId, SpaceId, UserId};
use baton_core::op::message::{MessageOp, Posted, Priority};
use baton_core::op::{Body, Op};
use baton_core::seal::{Epoch, Keyring};
use baton_core::secret::Secret;
use baton_core::state::SpaceState;
use baton_core::time::At;
use rand_core::SeedableRng;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

const ENTRIES: u64 = 2_000;
const ROUNDS: u32 = 9;

#[wasm_bindgen_test]
fn opening_an_entry_costs_at_most_three_times_aes_alone() {
    let space = SpaceId::from_bytes([1; 16]);
    let device = DeviceId::from_bytes([2; 16]);
    let mut rng = rand_chacha::ChaCha20Rng::from_seed([3; 32]);
    let mut keys = Keyring::new(space);
    keys.insert(Epoch::FIRST, Secret::new([4; 32]));
    let signer = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
    let mut head = Head::default();
    let mut entries = Vec::new();
    for number in 0..ENTRIES {
        let at = At::from_millis(number);
        let posted = Posted {
            text: "x".repeat(300).as_str().into(),
            priority: Priority::Routine,
            reply_to: None,
            mentions: Vec::new(),
            roles: vec![],
            about: None,
            photos: vec![],
        };
        let random = [u8::try_from(number % 251).unwrap(); 10];
        let op = Op {
            id: OpId::make(at, random),
            by: UserId::from_bytes([6; 16]),
            at,
            body: Body::Message(MessageOp::Posted(posted)),
        };
        let sealed = keys.seal_op(&op, device, &signer, &mut rng).unwrap();
        let seq = head.seq.next();
        let chain = derive_chain(head.chain, seq, op.id, device, at, &sealed);
        head = Head { seq, chain };
        entries.push(Entry {
            seq,
            op_id: op.id,
            device,
            at,
            sealed,
            chain,
        });
    }
    let key: Key<Aes256Gcm> = [7; 32].into();
    let cipher = Aes256Gcm::new(&key);
    let nonce: Nonce<_> = [8; 12].into();
    let alone = cipher.encrypt(&nonce, [9; 300].as_slice()).unwrap();

    let mut open_all = || {
        let mut state = SpaceState::new(space);
        for entry in &entries {
            let head = state.head.extend(entry).unwrap();
            let opened = keys.open_entry(entry).unwrap();
            state.fold(head, entry.at, &opened.op);
        }
        assert_eq!(state.timeline.len(), entries.len());
    };
    let mut decrypt_all = || {
        for _ in 0..ENTRIES {
            std::hint::black_box(cipher.decrypt(&nonce, alone.as_slice()).unwrap());
        }
    };
    let figure = micros(&mut open_all);
    let reference = micros(&mut decrypt_all);
    let ratio = figure / reference;
    let verdict = if ratio <= 3.0 { "holds" } else { "DOES NOT HOLD" };
    console_log!(
        "| opening an entry in WASM, 300 bytes | {figure:.1} µs | {reference:.1} µs | {ratio:.2} | ≤ 3 | {verdict} |"
    );
}

/// Median microseconds for one entry.
fn micros(work: &mut impl FnMut()) -> f64 {
    work();
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = js_sys::Date::now();
            work();
            (js_sys::Date::now() - started) * 1000.0 / f64::from(u32::try_from(ENTRIES).unwrap())
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
