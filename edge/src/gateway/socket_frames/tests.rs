use std::collections::BTreeSet;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use baton_core::chain::Seq;
use baton_core::frame::SealedOp;
use baton_core::id::{OpId, UserId};
use baton_core::service::{RECORD, RELAY};
use ed25519_dalek::{Signer as _, SigningKey};

use super::*;
use crate::gateway::attachment::Attachment;
use crate::gateway::fan_out::tests::Paper;

const NOW: At = At::from_millis(1_800_000_000_000);

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn token(device: u8, user: u8, exp: u64) -> String {
    let claims = serde_json::json!({
        "iss": RECORD, "aud": RELAY, "iat": NOW.millis() / 1000, "exp": exp / 1000,
        "sub": DeviceId::from_bytes([device; 16]), "user": UserId::from_bytes([user; 16]),
    });
    let part = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    let signed = format!("{}.{}", part(r#"{"alg":"EdDSA"}"#), part(&claims.to_string()));
    format!(
        "{signed}.{}",
        Base64UrlUnpadded::encode_string(&key().sign(signed.as_bytes()).to_bytes())
    )
}

fn hello(device: u8, user: u8) -> ToEdge {
    ToEdge::Hello {
        token: token(device, user, NOW.millis() + 600_000),
        version: VERSION,
    }
}

struct Tried {
    roll: Roll<Paper>,
    revoked: BTreeSet<DeviceId>,
}

impl Tried {
    fn new() -> Self {
        let mut roll = Roll::default();
        let gateway = derive_gateway(UserId::from_bytes([2; 16]));
        let attachment = Attachment {
            gateway,
            address: 1,
            opened: NOW,
            identity: None,
            spaces: vec![],
        };
        roll.insert(1, Connection::new(Paper::default(), attachment, NOW));
        Self {
            roll,
            revoked: BTreeSet::new(),
        }
    }

    fn welcomed() -> Self {
        let mut tried = Self::new();
        assert!(matches!(tried.send(&hello(1, 2)), Step::Welcome(_)));
        tried
    }

    fn send(&mut self, frame: &ToEdge) -> Step {
        self.bytes(&encode(frame), NOW)
    }

    fn bytes(&mut self, bytes: &[u8], now: At) -> Step {
        let key = key().verifying_key();
        let revoked = self.revoked.clone();
        let is_revoked = |device| revoked.contains(&device);
        self.roll.receive(
            1,
            bytes,
            now,
            &Door {
                key: &key,
                is_revoked: &is_revoked,
            },
        )
    }
}

fn space(n: u16) -> SpaceId {
    let mut id = [5; 16];
    id[..2].copy_from_slice(&n.to_be_bytes());
    SpaceId::from_bytes(id)
}

fn append() -> ToEdge {
    ToEdge::Append {
        space: space(1),
        ops: vec![SealedOp {
            op_id: OpId::from_bytes([3; 16]),
            sealed: vec![1],
        }],
    }
}

#[test]
fn hello_opens_the_door_and_is_kept() {
    let mut tried = Tried::welcomed();
    let identity = tried.roll.one(1).unwrap().identity.unwrap();
    assert_eq!(
        (identity.device, identity.user),
        (DeviceId::from_bytes([1; 16]), UserId::from_bytes([2; 16]))
    );
    assert_eq!(identity.until, NOW.plus(SESSION));
    assert!(
        matches!(tried.send(&hello(1, 2)), Step::Welcome(_)),
        "again, with a fresh token"
    );
    assert_eq!(tried.send(&hello(9, 2)), Step::Close(Refusal::TokenRefused));
}

#[test]
fn nothing_goes_before_hello() {
    for frame in [
        append(),
        ToEdge::Subscribe {
            space: space(1),
            after: Seq::ZERO,
        },
    ] {
        assert_eq!(Tried::new().send(&frame), Step::Close(Refusal::HelloExpected));
    }
}

#[test]
fn a_bad_hello_is_refused_by_name() {
    let bad = |token: String, version| Tried::new().send(&ToEdge::Hello { token, version });
    assert_eq!(bad("a.b.c".into(), VERSION), Step::Close(Refusal::TokenRefused));
    assert_eq!(
        bad(token(1, 2, NOW.millis() - 60_000), VERSION),
        Step::Close(Refusal::TokenExpired)
    );
    assert_eq!(
        bad(token(1, 2, NOW.millis() + 1_000), VERSION + 1),
        Step::Close(Refusal::Version)
    );
    assert_eq!(
        Tried::new().send(&hello(1, 77)),
        Step::Close(Refusal::WrongGateway)
    );
    let mut tried = Tried::new();
    tried.revoked.insert(DeviceId::from_bytes([1; 16]));
    assert_eq!(tried.send(&hello(1, 2)), Step::Close(Refusal::Revoked));
}

#[test]
fn hostile_bytes_are_refused_by_name() {
    let mut tried = Tried::welcomed();
    assert_eq!(tried.bytes(&[], NOW), Step::Close(Refusal::FrameMalformed));
    assert_eq!(
        tried.bytes(&[0xff; 40], NOW),
        Step::Close(Refusal::FrameMalformed)
    );
    assert_eq!(
        tried.bytes(&[0x81; 5_000], NOW),
        Step::Close(Refusal::FrameMalformed)
    );
    let large = frame::limit::FRAME_BYTES + 1;
    assert_eq!(
        tried.bytes(&vec![0; large], NOW),
        Step::Close(Refusal::FrameTooLarge)
    );
    let none = ToEdge::Append {
        space: space(1),
        ops: vec![],
    };
    assert_eq!(tried.send(&none), Step::Close(Refusal::TooManyItems));
}

#[test]
fn one_append_per_space_is_on_its_way() {
    let mut tried = Tried::welcomed();
    assert_eq!(
        tried.send(&append()),
        Step::Ask {
            space: space(1),
            asked: Asked::Append
        }
    );
    assert!(matches!(tried.send(&append()), Step::Reply(_)));
    tried.roll.one(1).unwrap().appending.remove(&space(1));
    assert_eq!(
        tried.send(&append()),
        Step::Ask {
            space: space(1),
            asked: Asked::Append
        }
    );
}

#[test]
fn typing_is_only_for_those_who_listen_and_seldom() {
    let mut tried = Tried::welcomed();
    let typing = ToEdge::Typing {
        space: space(1),
        sealed: vec![1],
    };
    assert_eq!(tried.send(&typing), Step::Done);
    assert!(matches!(
        tried.send(&ToEdge::Subscribe {
            space: space(1),
            after: Seq::ZERO
        }),
        Step::Ask { .. }
    ));
    let passed = (0..100).filter(|_| tried.send(&typing) != Step::Done).count();
    assert_eq!(passed, 5);
}

#[test]
fn a_device_listens_to_a_thousand_spaces_and_no_more() {
    let mut tried = Tried::welcomed();
    for n in 0..1_000 {
        assert!(matches!(
            tried.send(&ToEdge::Subscribe {
                space: space(n),
                after: Seq::ZERO
            }),
            Step::Ask { .. }
        ));
    }
    assert!(matches!(
        tried.send(&ToEdge::Subscribe {
            space: space(7),
            after: Seq::ZERO
        }),
        Step::Ask { .. }
    ));
    let one_more = ToEdge::Subscribe {
        space: space(1_000),
        after: Seq::ZERO,
    };
    assert_eq!(tried.send(&one_more), Step::Close(Refusal::TooManyItems));
}

#[test]
fn a_flood_is_told_to_wait_and_then_ended() {
    let mut tried = Tried::welcomed();
    let frame = encode(&ToEdge::Unsubscribe { space: space(1) });
    let steps: Vec<_> = (0..4_000).map(|_| tried.bytes(&frame, NOW)).collect();
    let told = steps.iter().filter(|step| matches!(step, Step::Reply(_))).count();
    assert_eq!(told, usize::try_from(OFFENCES).unwrap());
    assert_eq!(steps.last(), Some(&Step::Close(Refusal::TooFast)));
    let mut tried = Tried::welcomed();
    for _ in 0..2_100 {
        tried.bytes(&frame, NOW);
    }
    assert_eq!(
        tried.bytes(&frame, At::from_millis(NOW.millis() + 1_000)),
        Step::Done,
        "a pause mends it"
    );
}
