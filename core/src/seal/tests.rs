use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::key::make_space_key;
use super::*;
use crate::id::UserId;
use crate::op::Body;
use crate::op::message::{MessageOp, Posted, Priority};
use crate::time::At;

const SPACE: SpaceId = SpaceId::from_bytes([1; 16]);
const DEVICE: DeviceId = DeviceId::from_bytes([2; 16]);

struct Scene {
    rng: ChaCha20Rng,
    keys: Keyring,
    signer: SigningKey,
}

impl Scene {
    fn new() -> Self {
        let mut rng = ChaCha20Rng::from_seed([7; 32]);
        let mut keys = Keyring::new(SPACE);
        keys.insert(Epoch::FIRST, make_space_key(&mut rng));
        let signer = SigningKey::from_bytes(&[5; 32]);
        Self { rng, keys, signer }
    }

    fn seal(&mut self, op: &Op) -> Vec<u8> {
        self.keys
            .seal_op(op, DEVICE, &self.signer, &mut self.rng)
            .unwrap()
    }
}

fn op(text: &str) -> Op {
    let posted = Posted {
        text: text.into(),
        priority: Priority::Routine,
        reply_to: None,
        mentions: vec![],
        roles: vec![],
        about: None,
        photos: vec![],
    };
    let body = Body::Message(MessageOp::Posted(posted));
    Op {
        id: OpId::from_bytes([3; 16]),
        by: UserId::from_bytes([4; 16]),
        at: At::from_millis(5),
        body,
    }
}

#[test]
fn what_was_sealed_opens_and_verifies() {
    let mut scene = Scene::new();
    let op = op("Bed 4 is ready");
    let sealed = scene.seal(&op);
    let opened = scene.keys.open_op(op.id, DEVICE, &sealed).unwrap();
    assert_eq!(opened.op, op);
    assert_eq!(opened.verify(&scene.signer.verifying_key()), Ok(()));
    let other = SigningKey::from_bytes(&[6; 32]).verifying_key();
    assert_eq!(opened.verify(&other), Err(OpenError::BadSignature));
}

#[test]
fn a_sealed_operation_shows_nothing_and_little_by_its_length() {
    let mut scene = Scene::new();
    let short = scene.seal(&op("yes"));
    let longer = scene.seal(&op("no, not yet"));
    assert_eq!(short.len(), longer.len());
    let text = op("a very particular sentence");
    let sealed = scene.seal(&text);
    assert!(!sealed.windows(10).any(|window| window == b"particular"));
}

#[test]
fn every_changed_bit_is_noticed() {
    let mut scene = Scene::new();
    let op = op("x");
    let sealed = scene.seal(&op);
    for at in 0..sealed.len() {
        let mut forged = sealed.clone();
        forged[at] ^= 1;
        assert!(scene.keys.open_op(op.id, DEVICE, &forged).is_err(), "byte {at}");
    }
}

#[test]
fn moved_replayed_or_relabelled_it_does_not_open() {
    let mut scene = Scene::new();
    let op = op("x");
    let sealed = scene.seal(&op);
    let elsewhere = OpId::from_bytes([99; 16]);
    assert_eq!(
        scene.keys.open_op(elsewhere, DEVICE, &sealed).unwrap_err(),
        OpenError::Relabelled
    );
    let device = DeviceId::from_bytes([98; 16]);
    assert_eq!(
        scene.keys.open_op(op.id, device, &sealed).unwrap_err(),
        OpenError::Relabelled
    );
    let mut other = Keyring::new(SpaceId::from_bytes([97; 16]));
    for (epoch, key) in scene.keys.iter() {
        other.insert(epoch, key.clone());
    }
    assert_eq!(
        other.open_op(op.id, DEVICE, &sealed).unwrap_err(),
        OpenError::Relabelled
    );
    let as_cursor = scene
        .keys
        .open(Content::Cursor, Some(op.id), Some(DEVICE), &sealed);
    assert_eq!(as_cursor.unwrap_err(), OpenError::Relabelled);
}

#[test]
fn an_operation_under_another_id_than_its_envelope_does_not_open() {
    let mut scene = Scene::new();
    let inner = op("x");
    let outer = OpId::from_bytes([50; 16]);
    let label = Label {
        content: Content::Op,
        space: SPACE,
        epoch: Epoch::FIRST,
        device: DEVICE,
        id: outer,
    };
    let signed = sign::sign(Content::Op, &inner.to_bytes(), &label.external(), &scene.signer);
    let sealed = scene
        .keys
        .seal(Content::Op, outer, DEVICE, &signed, &mut scene.rng)
        .unwrap();
    assert_eq!(
        scene.keys.open_op(outer, DEVICE, &sealed).unwrap_err(),
        OpenError::Relabelled
    );
}

#[test]
fn a_signature_counts_for_its_place_only() {
    let mut scene = Scene::new();
    let op = op("x");
    let label = Label {
        content: Content::Op,
        space: SPACE,
        epoch: Epoch::FIRST,
        device: DEVICE,
        id: op.id,
    };
    let elsewhere = Label {
        space: SpaceId::from_bytes([60; 16]),
        ..label
    };
    let signed = sign::sign(Content::Op, &op.to_bytes(), &elsewhere.external(), &scene.signer);
    let sealed = scene
        .keys
        .seal(Content::Op, op.id, DEVICE, &signed, &mut scene.rng)
        .unwrap();
    let opened = scene.keys.open_op(op.id, DEVICE, &sealed).unwrap();
    assert_eq!(
        opened.verify(&scene.signer.verifying_key()),
        Err(OpenError::BadSignature)
    );
}

#[test]
fn an_older_epoch_stays_readable_and_a_newer_one_is_asked_for() {
    let mut scene = Scene::new();
    let op = op("x");
    let old = scene.seal(&op);
    let mut newcomer = Keyring::new(SPACE);
    for (epoch, key) in scene.keys.iter() {
        newcomer.insert(epoch, key.clone());
    }
    let second = make_space_key(&mut scene.rng);
    scene.keys.insert(Epoch::new(2), second);
    let new = scene.seal(&op);
    assert!(scene.keys.open_op(op.id, DEVICE, &old).is_ok());
    let missing = newcomer.open_op(op.id, DEVICE, &new).unwrap_err();
    assert_eq!(missing, OpenError::NoKey { epoch: Epoch::new(2) });
}

#[test]
fn hostile_bytes_are_refused_with_a_reason() {
    let mut scene = Scene::new();
    let id = OpId::from_bytes([3; 16]);
    for bytes in [&b""[..], b"\xff", b"not cbor", &[0x83], &[0x81; 4096], &[0; 64]] {
        assert!(scene.keys.open_op(id, DEVICE, bytes).is_err());
    }
    let giant = vec![0; SEALED_BYTES + 1];
    assert_eq!(
        scene.keys.open_op(id, DEVICE, &giant).unwrap_err(),
        OpenError::TooLarge
    );
    let no_keys = Keyring::new(SPACE).seal(Content::Cursor, id, DEVICE, b"x", &mut scene.rng);
    assert_eq!(no_keys, Err(SealError::NoKey));
}
