//! The socket: greetings, frames, operations, floods.

use baton_core::cbor;
use baton_core::chain::Seq;
use baton_core::device_api::{
    EpochKeys, ORDERS_PATH, Orders, OrdersAnswer, REVOKE_PATH, RevokeDevice, Session,
};
use baton_core::frame::{FromEdge, SealedOp, ToEdge, VERSION, encode, limit};
use baton_core::id::{OpId, SpaceId};
use baton_core::op::Op;
use baton_core::seal::Keyring;
use baton_core::service::derive_gateway;
use baton_tests::client::record::{self, AskError};
use baton_tests::client::{Device, message};
use baton_tests::clock;
use baton_tests::door::{Heard, Raw, Token};
use baton_tests::stage::Cast;
use ed25519_dalek::SigningKey;

use crate::Street;

/// What is sent, and the close code and reason that it leads to.
type Case = (&'static str, Vec<u8>, u16, &'static str);

pub(crate) async fn greetings(street: &Street) {
    let (device, session) = &street.insider;
    let gateway = derive_gateway(device.user);
    let mut late = Raw::dial(&street.deployment, gateway).await.unwrap();
    let now = clock::now().millis() / 1000;
    let relay = |key: &SigningKey, change: &dyn Fn(Token) -> Token| {
        let token = Token::service("baton-record", "baton-relay")
            .claim("sub", serde_json::to_value(device.id).unwrap())
            .claim("user", serde_json::to_value(device.user).unwrap());
        change(token).sign(key)
    };
    let key = &street.record_key;
    let hello = |token: String| {
        encode(&ToEdge::Hello {
            token,
            version: VERSION,
        })
    };
    let good = session.relay_token.expose().clone();
    let unsigned = Token {
        header: serde_json::json!({"alg": "none"}),
        ..Token::service("baton-record", "baton-relay")
    };
    let mut bent = good.clone().into_bytes();
    let middle = bent.len() / 2;
    bent[middle] = if bent[middle] == b'A' { b'B' } else { b'A' };
    let subscribe = encode(&ToEdge::Subscribe {
        space: session.spaces[0].space,
        after: Seq::ZERO,
    });
    let whole = hello(good.clone());
    let longer = [whole.clone(), vec![0]].concat();
    let cases: Vec<Case> = vec![
        ("nothing", vec![], 4400, "frame-malformed"),
        ("garbage", vec![0xff; 40], 4400, "frame-malformed"),
        ("deep", vec![0x81; 100_000], 4400, "frame-malformed"),
        (
            "a promise of much",
            vec![0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            4400,
            "frame-malformed",
        ),
        (
            "cut short",
            whole[..whole.len() - 2].to_vec(),
            4400,
            "frame-malformed",
        ),
        ("followed by something", longer, 4400, "frame-malformed"),
        (
            "an unknown kind",
            cbor::to_bytes(&serde_json::json!({"zz": {"a": 1}})),
            4400,
            "frame-malformed",
        ),
        (
            "too large",
            vec![0; limit::FRAME_BYTES + 1],
            4413,
            "frame-too-large",
        ),
        (
            "a token that is too large",
            hello("x".repeat(limit::TOKEN_BYTES + 1)),
            4413,
            "frame-too-large",
        ),
        ("no greeting", subscribe, 4402, "hello-expected"),
        (
            "another version",
            encode(&ToEdge::Hello {
                token: good.clone(),
                version: VERSION + 1,
            }),
            4427,
            "version",
        ),
        ("no token", hello(String::new()), 4401, "token-refused"),
        (
            "bent",
            hello(String::from_utf8(bent).unwrap()),
            4401,
            "token-refused",
        ),
        ("unsigned", hello(unsigned.unsigned()), 4401, "token-refused"),
        (
            "a stranger's",
            hello(relay(&SigningKey::from_bytes(&[9; 32]), &|token| token)),
            4401,
            "token-refused",
        ),
        (
            "the edge's",
            hello(relay(&street.edge_key, &|token| token)),
            4401,
            "token-refused",
        ),
        (
            "none by name",
            hello(relay(key, &|token| token.algorithm("none"))),
            4401,
            "token-refused",
        ),
        (
            "another algorithm",
            hello(relay(key, &|token| token.algorithm("HS256"))),
            4401,
            "token-refused",
        ),
        (
            "a service token",
            hello(relay(key, &|token| token.claim("aud", "baton-edge"))),
            4401,
            "token-refused",
        ),
        (
            "another issuer",
            hello(relay(key, &|token| token.claim("iss", "baton-edge"))),
            4401,
            "token-refused",
        ),
        (
            "nobody's",
            hello(relay(key, &|token| token.claim("sub", ""))),
            4401,
            "token-refused",
        ),
        (
            "from the future",
            hello(relay(key, &|token| {
                token.claim("iat", now + 3600).claim("exp", now + 7200)
            })),
            4401,
            "token-refused",
        ),
        (
            "without an end",
            hello(relay(key, &|token| token.claim("exp", serde_json::Value::Null))),
            4401,
            "token-refused",
        ),
        (
            "expired",
            hello(relay(key, &|token| {
                token.claim("iat", now - 900).claim("exp", now - 300)
            })),
            4411,
            "token-expired",
        ),
    ];
    closes(street, cases, None).await;

    let mut text = Raw::dial(&street.deployment, gateway).await.unwrap();
    text.send_text("hello").await.unwrap();
    assert_eq!(text.hear_end().await.unwrap(), (4415, "text-frame".to_owned()));
    let mut elsewhere = Raw::dial(&street.deployment, gateway.wrapping_add(1))
        .await
        .unwrap();
    elsewhere.send_bytes(whole).await.unwrap();
    assert_eq!(
        elsewhere.hear_end().await.unwrap(),
        (4421, "wrong-gateway".to_owned())
    );
    assert_eq!(late.hear_end().await.unwrap(), (4408, "hello-late".to_owned()));
}

pub(crate) async fn frames(street: &Street) {
    let (device, session) = &street.insider;
    let space = session.spaces[0].space;
    let op = |bytes: usize| SealedOp {
        op_id: OpId::make(clock::now(), clock::random()),
        sealed: vec![0; bytes],
    };
    let append = |ops: Vec<SealedOp>| encode(&ToEdge::Append { space, ops });
    let large = vec![0; limit::SIGNAL_BYTES + 1];
    let colleague = Token::service("baton-record", "baton-relay")
        .claim("sub", serde_json::to_value(street.colleague.0.id).unwrap())
        .claim("user", serde_json::to_value(device.user).unwrap())
        .sign(&street.record_key);
    let cases: Vec<Case> = vec![
        ("no operations", append(vec![]), 4414, "too-many-items"),
        (
            "too many operations",
            append((0..=limit::OPS_PER_APPEND).map(|_| op(8)).collect()),
            4414,
            "too-many-items",
        ),
        (
            "too large an operation",
            append(vec![op(limit::SEALED_BYTES + 1)]),
            4413,
            "frame-too-large",
        ),
        (
            "too large a cursor",
            encode(&ToEdge::Seen {
                space,
                sealed: large.clone(),
            }),
            4413,
            "frame-too-large",
        ),
        (
            "too large a notice",
            encode(&ToEdge::Typing { space, sealed: large }),
            4413,
            "frame-too-large",
        ),
        (
            "cut short",
            append(vec![op(64)])[..40].to_vec(),
            4400,
            "frame-malformed",
        ),
        (
            "another device's greeting",
            encode(&ToEdge::Hello {
                token: colleague,
                version: VERSION,
            }),
            4401,
            "token-refused",
        ),
    ];
    closes(street, cases, Some(session)).await;
}

/// Sends each on a socket of its own, and checks how that is closed and that it was counted.
async fn closes(street: &Street, cases: Vec<Case>, welcomed: Option<&Session>) {
    let gateway = derive_gateway(street.insider.0.user);
    for (what, bytes, code, reason) in cases {
        let before = street.edge_metrics().await;
        let mut socket = match welcomed {
            Some(session) => welcome(street, &street.insider.0, session).await,
            None => Raw::dial(&street.deployment, gateway).await.unwrap(),
        };
        socket.send_bytes(bytes).await.unwrap();
        assert_eq!(
            socket.hear_end().await.unwrap(),
            (code, reason.to_owned()),
            "{what}"
        );
        let name = format!("baton_edge_events_total{{name=\"{reason}\"}}");
        let after = street.edge_metrics().await;
        assert!(
            after.get(&name) > before.get(&name),
            "{what}: {reason} is not counted"
        );
    }
}

async fn welcome(street: &Street, device: &Device, session: &Session) -> Raw {
    let mut socket = Raw::dial(&street.deployment, derive_gateway(device.user))
        .await
        .unwrap();
    let token = session.relay_token.expose().clone();
    socket
        .send(&ToEdge::Hello {
            token,
            version: VERSION,
        })
        .await
        .unwrap();
    let heard = socket.hear().await.unwrap();
    assert!(
        matches!(heard, Heard::Frame(FromEdge::Welcome { .. })),
        "{heard:?}"
    );
    socket
}

/// Whose operation may stand where.
pub(crate) async fn operations(street: &Street) {
    let (device, session) = &street.insider;
    let (first, second) = (session.spaces[0].space, session.spaces[1].space);
    let foreign = street.outsider.1.spaces[0].space;
    let mut socket = welcome(street, device, session).await;
    let mut others = welcome(street, &street.colleague.0, &street.colleague.1).await;
    let op = |device: &Device| Op {
        id: OpId::make(clock::now(), clock::random()),
        by: device.user,
        at: clock::now(),
        body: message("What everybody may read here"),
    };
    let before = street.stage.metrics().await.unwrap();

    let listen = ToEdge::Subscribe {
        space: foreign,
        after: Seq::ZERO,
    };
    socket.send(&listen).await.unwrap();
    assert_eq!(
        socket.hear().await.unwrap(),
        Heard::Frame(FromEdge::NotAllowed { space: foreign })
    );
    // What is sealed without the key of the space does not open there, whoever sent it.
    let answer = ask(&mut socket, foreign, seal(device, session, first, &op(device))).await;
    assert!(
        matches!(answer, FromEdge::NotAllowed { .. } | FromEdge::Refused { .. }),
        "{answer:?}"
    );
    let mine = seal(device, session, first, &op(device));
    let appended = ask(&mut socket, first, mine.clone()).await;
    let again = ask(&mut socket, first, mine.clone()).await;
    assert!(
        matches!(appended, FromEdge::Appended { .. }) && appended == again,
        "{appended:?}, then {again:?}"
    );

    let theirs = seal(
        &street.colleague.0,
        &street.colleague.1,
        first,
        &op(&street.colleague.0),
    );
    let posing = seal(device, session, first, &op(&street.colleague.0));
    let mut forged = seal(device, session, first, &op(device));
    let last = forged.sealed.len() - 1;
    forged.sealed[last] ^= 1;
    let mut renamed = seal(device, session, first, &op(device));
    renamed.op_id = OpId::make(clock::now(), clock::random());
    let garbage = SealedOp {
        op_id: OpId::make(clock::now(), clock::random()),
        sealed: vec![0x41; 200],
    };
    let moved = seal(device, session, second, &op(device));
    for (what, op) in [
        ("another device's", theirs),
        ("in another's name", posing),
        ("changed", forged),
        ("under another id", renamed),
        ("garbage", garbage),
        ("moved from another space", moved),
    ] {
        let answer = ask(&mut socket, first, op).await;
        assert!(matches!(answer, FromEdge::Refused { .. }), "{what}: {answer:?}");
    }
    // What a member sent, replayed by another member, gets them nothing.
    let replayed = ask(&mut others, first, mine).await;
    assert!(
        matches!(replayed, FromEdge::Refused { .. } | FromEdge::NotAllowed { .. }),
        "replayed by a colleague: {replayed:?}"
    );
    let after = street.stage.metrics().await.unwrap();
    for reason in ["relabelled", "forged", "malformed"] {
        let name = format!("baton_ops_refused_total{{reason=\"{reason}\"}}");
        assert!(
            after.get(&name) > before.get(&name),
            "{reason} is not counted: {after:?}"
        );
    }
    let appended = after["baton_ops_appended_total"] - before["baton_ops_appended_total"];
    assert!((0.5..1.5).contains(&appended), "{appended} were appended");
}

async fn ask(socket: &mut Raw, space: SpaceId, op: SealedOp) -> FromEdge {
    socket
        .send(&ToEdge::Append { space, ops: vec![op] })
        .await
        .unwrap();
    match socket.hear().await.unwrap() {
        Heard::Frame(frame) => frame,
        other @ (Heard::Closed(..) | Heard::Text(_)) => panic!("{other:?}"),
    }
}

fn seal(device: &Device, session: &Session, space: SpaceId, op: &Op) -> SealedOp {
    let grant = session.spaces.iter().find(|grant| grant.space == space).unwrap();
    let opened = device.secret.open(&grant.keys).unwrap();
    let keys: EpochKeys = cbor::from_bytes(&opened).unwrap();
    let mut ring = Keyring::new(space);
    for (epoch, key) in keys.keys {
        ring.insert(epoch, key);
    }
    let sealed = ring
        .seal_op(op, device.id, &device.secret.signing_key(), &mut clock::rng())
        .unwrap();
    SealedOp { op_id: op.id, sealed }
}

/// A device that sends without a pause is told to wait, and then closed.
pub(crate) async fn floods(street: &Street) {
    let (device, session) = &street.insider;
    let mut socket = welcome(street, device, session).await;
    let frame = encode(&ToEdge::Unsubscribe {
        space: session.spaces[0].space,
    });
    for _ in 0..8_000 {
        // Once it is closed, sending fails.
        if socket.send_bytes(frame.clone()).await.is_err() {
            break;
        }
    }
    let first = socket.hear().await.unwrap();
    assert!(
        matches!(
            first,
            Heard::Frame(FromEdge::Busy {
                space: None,
                wait: 1..
            })
        ),
        "{first:?}"
    );
    assert_eq!(socket.hear_end().await.unwrap(), (4429, "too-fast".to_owned()));
}

/// A device that the record ended hears so, by the record's signature, and its token opens nothing any more: ended by the
/// operator, and by an administrator of its person's organisation.
pub(crate) async fn ended_devices(street: &Street) {
    let by_operator = async |device: &Device| {
        let id = device.id.to_string();
        let revoke = street
            .stage
            .with(move |stack| stack.record.command(&["device", "revoke", &id]));
        revoke.await.unwrap();
    };
    hears_its_end(street, &street.colleague, by_operator).await;

    let another = street.deployment.sign_in(&Cast::subject(1)).await.unwrap();
    let revoke = RevokeDevice { device: another.0.id };
    let by_outsider = record::tell(&street.deployment, &street.outsider.0, REVOKE_PATH, &revoke).await;
    let not_yours = AskError::Refused {
        status: 403,
        reason: "not-your-device".to_owned(),
    };
    assert_eq!(by_outsider, Err(not_yours));
    let by_administrator = async |_: &Device| {
        let revoked = record::tell(&street.deployment, &street.insider.0, REVOKE_PATH, &revoke);
        revoked.await.unwrap();
    };
    hears_its_end(street, &another, by_administrator).await;
}

async fn hears_its_end(
    street: &Street,
    (device, session): &(Device, Session),
    end: impl AsyncFnOnce(&Device),
) {
    let orders = async || {
        let question = Orders {
            devices: vec![device.id, street.insider.0.id],
        };
        let asked = record::ask_unsigned(&street.deployment, ORDERS_PATH, &question);
        let answer: OrdersAnswer = asked.await.unwrap();
        answer.orders
    };
    assert_eq!(orders().await, []);
    let mut socket = welcome(street, device, session).await;
    end(device).await;
    let signed = loop {
        match socket.hear().await.unwrap() {
            Heard::Frame(FromEdge::Revoked { signed }) => break signed,
            Heard::Frame(FromEdge::MembersChanged { .. }) => {}
            other @ (Heard::Frame(_) | Heard::Closed(..) | Heard::Text(_)) => panic!("{other:?}"),
        }
    };
    let order = baton_core::device::Revocation::open(device.id, &signed, &street.deployment.verify_key);
    assert_eq!(order.map(|order| order.device), Ok(device.id));
    assert_eq!(socket.hear_end().await.unwrap(), (4403, "revoked".to_owned()));

    let mut again = Raw::dial(&street.deployment, derive_gateway(device.user))
        .await
        .unwrap();
    let token = session.relay_token.expose().clone();
    again
        .send(&ToEdge::Hello {
            token,
            version: VERSION,
        })
        .await
        .unwrap();
    assert_eq!(again.hear_end().await.unwrap(), (4403, "revoked".to_owned()));
    let asked = record::session(&street.deployment, device).await;
    let refused = asked.map(|session| session.device).unwrap_err();
    assert_eq!(
        refused,
        AskError::Refused {
            status: 401,
            reason: "revoked".to_owned()
        }
    );
    // Where it is locked, and cannot sign, it finds the same order.
    let [(ordered, found)] = orders().await.try_into().unwrap();
    assert_eq!((ordered, found.as_slice()), (device.id, signed.as_slice()));
}
