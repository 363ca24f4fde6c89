//! Stored bytes of everything that is kept or sent. They are never regenerated: a change of shape is a new version
//! beside the old one. The same file runs natively and on wasm32, so both produce the same bytes.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use baton_core::chain::{ChainHash, Entry, Head, Seq, derive_chain};
use baton_core::device::{Certificate, DeviceSecret, Request, Revocation, SignInKey};
use baton_core::frame::{self, Appended, FromEdge, SealedOp, ToEdge};
use baton_core::id::{DeviceId, OpId, SpaceId, UserId};
use baton_core::op::member::{Added, MadeAdmin, MemberOp, Removed};
use baton_core::op::message::{Acknowledged, Corrected, MessageOp, Posted, Priority, Withdrawn};
use baton_core::op::space::{Created, Renamed, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::refusal::Refusal;
use baton_core::seal::{Epoch, Keyring};
use baton_core::search::{Index, Message, Query, Segment};
use baton_core::secret::{Personal, Secret};
use baton_core::signal::{Cursor, Typing, open_refusal, seal_refusal};
use baton_core::snapshot::{self, Checkpoint};
use baton_core::state::SpaceState;
use baton_core::time::At;
use baton_core::vault::slot::{Keys, Lock, Way};
use baton_core::vault::{Rows, Table};
use ed25519_dalek::SigningKey;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

#[path = "vectors/duty.rs"]
mod duty;
#[path = "vectors/handover.rs"]
mod handover;
#[path = "vectors/patients.rs"]
mod patients;
#[path = "vectors/work.rs"]
mod work;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const STORED: &str = include_str!("vectors/v1.txt");

const SPACE: SpaceId = SpaceId::from_bytes([0x51; 16]);
const DEVICE: DeviceId = DeviceId::from_bytes([0xd1; 16]);
const USER: UserId = UserId::from_bytes([0xa1; 16]);
const OP: OpId = OpId::from_bytes([0x01; 16]);
const AT: At = At::from_millis(1_795_000_000_000);

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([0x42; 32])
}

fn sign_in_key() -> SignInKey {
    SignInKey::make(&mut ChaCha20Rng::from_seed([0x77; 32]))
}

fn vault_keys() -> Keys {
    Keys::make(&mut ChaCha20Rng::from_seed([0x99; 32]))
}

fn vault_rows() -> Rows {
    Rows::derive(vault_keys().vault, &vault_keys().vault_key)
}

fn keys() -> Keyring {
    let mut keys = Keyring::new(SPACE);
    keys.insert(Epoch::FIRST, Secret::new([0x11; 32]));
    keys.insert(Epoch::new(2), Secret::new([0x22; 32]));
    keys
}

fn device_key() -> SigningKey {
    SigningKey::from_bytes(&[0x33; 32])
}

fn record_key() -> SigningKey {
    SigningKey::from_bytes(&[0x44; 32])
}

fn op(body: Body) -> Op {
    Op {
        id: OP,
        by: USER,
        at: AT,
        body,
    }
}

fn ops() -> Vec<(&'static str, Op)> {
    let posted = Posted {
        text: "Bed 4: potassium 6.1, please review".into(),
        priority: Priority::Urgent,
        reply_to: Some(OpId::from_bytes([2; 16])),
        mentions: vec![USER],
        roles: vec![],
        about: None,
        photos: vec![],
    };
    let message = OpId::from_bytes([2; 16]);
    vec![
        (
            "space.created",
            op(Body::Space(SpaceOp::Created(Created {
                kind: SpaceKind::Team,
                title: "Ward 7".into(),
                about: None,
            }))),
        ),
        (
            "space.renamed",
            op(Body::Space(SpaceOp::Renamed(Renamed {
                title: "Ward 7B".into(),
                base: Seq::new(1),
                after: vec![],
            }))),
        ),
        (
            "member.added",
            op(Body::Member(MemberOp::Added(Added {
                user: USER,
                admin: true,
            }))),
        ),
        (
            "member.made_admin",
            op(Body::Member(MemberOp::MadeAdmin(MadeAdmin { user: USER }))),
        ),
        (
            "member.removed",
            op(Body::Member(MemberOp::Removed(Removed { user: USER }))),
        ),
        ("message.posted", op(Body::Message(MessageOp::Posted(posted)))),
        (
            "message.corrected",
            op(Body::Message(MessageOp::Corrected(Corrected {
                message,
                text: "Bed 5".into(),
            }))),
        ),
        (
            "message.withdrawn",
            op(Body::Message(MessageOp::Withdrawn(Withdrawn { message }))),
        ),
        (
            "message.acknowledged",
            op(Body::Message(MessageOp::Acknowledged(Acknowledged { message }))),
        ),
    ]
}

fn entry() -> Entry {
    let (_, posted) = ops().remove(5);
    let sealed = keys()
        .seal_op(&posted, DEVICE, &device_key(), &mut rng())
        .unwrap();
    let chain = derive_chain(ChainHash::default(), Seq::new(1), OP, DEVICE, AT, &sealed);
    Entry {
        seq: Seq::new(1),
        op_id: OP,
        device: DEVICE,
        at: AT,
        sealed,
        chain,
    }
}

fn state() -> SpaceState {
    let mut state = SpaceState::new(SPACE);
    for (_, op) in ops() {
        let seq = state.head.seq.next();
        let id = OpId::make(AT, [u8::try_from(seq.value()).unwrap(); 10]);
        state.fold(
            Head {
                seq,
                chain: ChainHash::from_bytes([9; 32]),
            },
            AT,
            &Op { id, ..op },
        );
    }
    state
}

/// Operations and states, as they are before they are sealed.
fn in_the_clear() -> BTreeMap<String, Vec<u8>> {
    let mut made = BTreeMap::new();
    for (name, op) in ops()
        .into_iter()
        .chain(patients::ops())
        .chain(handover::ops())
        .chain(work::ops())
        .chain(duty::ops())
    {
        made.insert(format!("op/{name}"), op.to_bytes());
    }
    let handover = handover::state(&ops().remove(0).1);
    for (name, state) in [
        ("lists", patients::state()),
        ("handover-along", handover),
        ("work", work::state()),
        ("duty", duty::state()),
    ] {
        made.insert(format!("state/{name}"), baton_core::cbor::to_bytes(&state));
        made.insert(format!("state/{name}-hash"), state.hash().to_vec());
    }
    made
}

fn produced() -> BTreeMap<String, Vec<u8>> {
    let mut made = in_the_clear();
    let entry = entry();
    made.insert("sealed/op".into(), entry.sealed.clone());
    made.insert("chain/first".into(), entry.chain.as_bytes().to_vec());
    let at = AT;
    let cursor = Cursor {
        user: USER,
        delivered: Seq::new(9),
        read: Seq::new(7),
        at,
    };
    made.insert(
        "sealed/cursor".into(),
        cursor.seal(&mut keys(), DEVICE, &mut rng()).unwrap(),
    );
    let typing = Typing { user: USER, at };
    made.insert(
        "sealed/typing".into(),
        typing.seal(&mut keys(), DEVICE, &mut rng()).unwrap(),
    );
    made.insert(
        "sealed/refusal".into(),
        seal_refusal(Refusal::NotAuthor, OP, &mut keys(), &mut rng()).unwrap(),
    );
    let state = state();
    made.insert(
        "sealed/snapshot".into(),
        snapshot::seal(&state, &mut keys(), &mut rng()).unwrap(),
    );
    made.insert("state/hash".into(), state.hash().to_vec());
    let checkpoint = Checkpoint {
        space: SPACE,
        head: state.head,
        at,
    };
    made.insert("signed/checkpoint".into(), checkpoint.sign(&record_key()));
    let secret = DeviceSecret::make(&mut rng());
    let certificate = Certificate {
        device: DEVICE,
        user: USER,
        keys: secret.public(),
        at,
    };
    made.insert("signed/certificate".into(), certificate.sign(&record_key()));
    made.insert(
        "signed/revocation".into(),
        Revocation { device: DEVICE, at }.sign(&record_key()),
    );
    let sign_in = sign_in_key();
    made.insert(
        "device/sign-in".into(),
        sign_in.public().commitment(&[0x55; 32]).to_vec(),
    );
    made.insert(
        "signed/new-device".into(),
        sign_in.bind(&secret.public(), &[0x55; 32]),
    );
    let mut random = ChaCha20Rng::from_seed([0x66; 32]);
    made.insert(
        "vault/row".into(),
        vault_rows().seal(Table::Draft, b"place", b"row", &mut random),
    );
    made.insert(
        "vault/tag".into(),
        vault_rows().derive_tag(Table::Space, SPACE.as_bytes()).to_vec(),
    );
    let mut lock = vault_keys().lock(AT, &mut random);
    lock.add(Way::Share, &Secret::new([0x88; 32]), &vault_keys(), &mut random);
    made.insert("vault/lock".into(), lock.to_bytes());
    let request = Request {
        device: DEVICE,
        method: "POST",
        path: "/device/keys",
        body: b"body",
        at,
        nonce: [0x66; 16],
    };
    made.insert("device/request".into(), secret.sign_request(&request).to_vec());
    let sealed = secret.public().seal(b"keys", &mut rng()).unwrap();
    made.insert("device/sealed".into(), baton_core::cbor::to_bytes(&sealed));
    for (name, frame) in frames(&entry) {
        made.insert(format!("frame/{name}"), frame);
    }
    made.insert("search/segment".into(), segment());
    made
}

/// The second segment of an index: a corrected message, one that is gone, a forgotten space.
fn segment() -> Vec<u8> {
    let mut index = Index::new();
    for number in 1..=9 {
        index.put(&Message {
            space: SPACE,
            seq: Seq::new(number.into()),
            op: OpId::from_bytes([number; 16]),
            by: USER,
            at: AT,
            text: Personal::new("Bed 4: potassium 6.1"),
        });
    }
    index.seal_off();
    index.replace(SPACE, OP, Personal::new("Siân: bed 5, 900 000 0009"));
    index.remove(SPACE, OpId::from_bytes([2; 16]));
    index.forget(SpaceId::from_bytes([0x52; 16]));
    index.cover(SPACE, Seq::new(9), Seq::new(11));
    index.seal_off().unwrap().bytes
}

fn frames(entry: &Entry) -> [(&'static str, Vec<u8>); 4] {
    let ops = vec![SealedOp {
        op_id: OP,
        sealed: vec![1, 2, 3],
    }];
    let subscribe = ToEdge::Subscribe {
        space: SPACE,
        after: Seq::new(3),
    };
    let appended = FromEdge::Appended {
        space: SPACE,
        appended: vec![Appended {
            op_id: OP,
            seq: Seq::new(4),
            at: AT,
        }],
    };
    let small = Entry {
        sealed: vec![1, 2, 3],
        ..entry.clone()
    };
    let entries = FromEdge::Entries {
        space: SPACE,
        entries: vec![small],
        more: false,
    };
    [
        ("append", frame::encode(&ToEdge::Append { space: SPACE, ops })),
        ("subscribe", frame::encode(&subscribe)),
        ("appended", frame::encode(&appended)),
        ("entries", frame::encode(&entries)),
    ]
}

fn stored() -> BTreeMap<String, Vec<u8>> {
    STORED
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, hex)| (name.to_owned(), bytes(hex)))
        .collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap())
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[test]
fn what_is_produced_today_is_what_was_stored() {
    let stored = stored();
    for (name, bytes) in produced() {
        let expected = stored.get(&name).map(|bytes| hex(bytes));
        assert_eq!(
            expected,
            Some(hex(&bytes)),
            "{name}\nproduced: {name} {}",
            hex(&bytes)
        );
    }
}

#[test]
fn what_was_stored_still_opens() {
    let stored = stored();
    let opened = keys().open_op(OP, DEVICE, &stored["sealed/op"]).unwrap();
    opened.verify(&device_key().verifying_key()).unwrap();
    assert_eq!(opened.op, ops().remove(5).1);
    for (name, op) in ops()
        .into_iter()
        .chain(patients::ops())
        .chain(handover::ops())
        .chain(work::ops())
        .chain(duty::ops())
    {
        assert_eq!(
            Op::from_bytes(&stored[&format!("op/{name}")]).unwrap(),
            op,
            "{name}"
        );
    }
    assert_eq!(
        Cursor::open(&mut keys(), &stored["sealed/cursor"])
            .unwrap()
            .0
            .read,
        Seq::new(7)
    );
    assert_eq!(
        Typing::open(&mut keys(), &stored["sealed/typing"]).unwrap().user,
        USER
    );
    assert_eq!(
        open_refusal(OP, &mut keys(), &stored["sealed/refusal"]).unwrap(),
        Refusal::NotAuthor
    );
    let lists: SpaceState = baton_core::cbor::from_bytes(&stored["state/lists"]).unwrap();
    assert_eq!(lists, patients::state());
    let handover: SpaceState = baton_core::cbor::from_bytes(&stored["state/handover-along"]).unwrap();
    assert_eq!(handover, handover::state(&ops().remove(0).1));
    // From before tasks and roles went along: nothing of it is lost, and nothing is said of what became of them.
    let before: SpaceState = baton_core::cbor::from_bytes(&stored["state/handover"]).unwrap();
    let kept = baton_core::cbor::to_bytes(&before);
    assert_eq!(hex(&kept), hex(&stored["state/handover"]));
    assert_eq!(hex(&before.hash()), hex(&stored["state/handover-hash"]));
    assert!(
        before
            .handovers
            .iter()
            .all(|handover| handover.left_behind().next().is_none())
    );
    let work: SpaceState = baton_core::cbor::from_bytes(&stored["state/work"]).unwrap();
    assert_eq!(work, work::state());
    let record = record_key().verifying_key();
    let checkpoint = &stored["signed/checkpoint"];
    let opened = snapshot::open(&stored["sealed/snapshot"], checkpoint, &mut keys(), &record).unwrap();
    assert_eq!(opened, state());
    assert_eq!(
        Certificate::open(&stored["signed/certificate"], &record)
            .unwrap()
            .user,
        USER
    );
    Revocation::open(DEVICE, &stored["signed/revocation"], &record).unwrap();
    let (mut index, _) = Index::load(vec![Segment::parse(&stored["search/segment"]).unwrap()]);
    assert_eq!(index.find(&Query::new("sian 9000000009")).hits[0].op, OP);
    assert_eq!(index.covered(SPACE, Seq::new(9)), Seq::new(11));
    let secret = DeviceSecret::make(&mut rng());
    let sealed = baton_core::cbor::from_bytes(&stored["device/sealed"]).unwrap();
    assert_eq!(secret.open(&sealed).unwrap().as_slice(), b"keys");
    let bound = sign_in_key()
        .public()
        .open(&stored["signed/new-device"], &[0x55; 32]);
    assert_eq!(bound, Ok(secret.public()));
    let row = vault_rows().open(Table::Draft, b"place", &stored["vault/row"]);
    assert_eq!(row.unwrap().as_slice(), b"row");
    let lock = Lock::from_bytes(&stored["vault/lock"]).unwrap();
    let opened = lock.open(&Way::Share, &Secret::new([0x88; 32])).unwrap();
    assert_eq!(opened.vault_key, vault_keys().vault_key);
    assert_eq!(lock.lease_until(), AT);
}
