//! The edge's door: service tokens, bodies, Oblivious HTTP.

use base64::Engine;
use baton_core::cbor;
use baton_core::chain::Seq;
use baton_core::service::{
    APPEND_PATH, AUTHORISE_PATH, Append, AppendAnswer, Authorise, AuthoriseAnswer, DeviceCursor,
    ENTRIES_PATH, Entries, EntriesAnswer, OHTTP_PATH, SEEN_PATH, Seen, SeenAnswer,
};
use baton_core::signal::Cursor;
use ed25519_dalek::SigningKey;

use crate::place::{Place, edge_key, new_seq, posted, reason, service_token};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_service_token_nothing_is_answered() {
    let Some(place) = Place::open("edge_token").await else {
        return;
    };
    let now = place.cx.now().millis() / 1000;
    let stranger = SigningKey::from_bytes(&[8; 32]);
    let hs256 = {
        let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::EdDSA);
        let token = service_token(&edge_key(), "baton-edge", "baton-record", now, now + 60);
        let rest = token.split_once('.').unwrap().1;
        let forged = serde_json::json!({ "alg": "HS256", "typ": header.typ });
        format!(
            "{}.{rest}",
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(forged.to_string())
        )
    };
    let tokens = [
        None,
        Some(String::new()),
        Some("a.b.c".to_owned()),
        Some(hs256),
        Some(service_token(
            &stranger,
            "baton-edge",
            "baton-record",
            now,
            now + 60,
        )),
        Some(service_token(
            &edge_key(),
            "baton-record",
            "baton-record",
            now,
            now + 60,
        )),
        Some(service_token(
            &edge_key(),
            "baton-edge",
            "baton-edge",
            now,
            now + 60,
        )),
        Some(service_token(
            &edge_key(),
            "baton-edge",
            "baton-record",
            now - 120,
            now - 60,
        )),
        Some(service_token(
            &edge_key(),
            "baton-edge",
            "baton-record",
            now,
            now + 86_400,
        )),
        Some(service_token(
            &edge_key(),
            "baton-edge",
            "baton-record",
            now + 3_600,
            now + 3_660,
        )),
    ];
    for path in [
        APPEND_PATH,
        AUTHORISE_PATH,
        ENTRIES_PATH,
        SEEN_PATH,
        OHTTP_PATH,
        "/elsewhere",
    ] {
        for token in &tokens {
            let (status, body) = place.edge(path, token.as_deref(), Vec::new()).await;
            assert_eq!((status, reason(&body).as_str()), (401, "service-token"));
        }
    }
    let metrics = String::from_utf8(place.cx.metrics.text()).unwrap();
    for reason in [
        "missing",
        "malformed",
        "signature",
        "purpose",
        "expired",
        "lifetime",
    ] {
        assert!(
            metrics.contains(&format!("{{door=\"service-token\",reason=\"{reason}\"}}")),
            "{reason}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn append_entries_authorise_and_seen_speak_cbor() {
    let Some(place) = Place::open("edge_cbor").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, liam) = (place.device("amina").await, place.device("liam").await);
    let mut ring = amina.keys(&place, space).await;
    let token = place.service_token();
    let batch = Append {
        space,
        ops: vec![amina.seal(&place, &mut ring, posted("hello"))],
    };
    let (status, body) = place
        .edge(APPEND_PATH, Some(&token), cbor::to_bytes(&batch))
        .await;
    assert_eq!(status, 200);
    let answer: AppendAnswer = cbor::from_bytes(&body).unwrap();
    assert_eq!(new_seq(&answer.results[0]), 4);

    let asked = Entries {
        space,
        after: Seq::ZERO,
        limit: 100,
    };
    let (_, body) = place
        .edge(ENTRIES_PATH, Some(&token), cbor::to_bytes(&asked))
        .await;
    let entries: EntriesAnswer = cbor::from_bytes(&body).unwrap();
    assert_eq!((entries.entries.len(), entries.head), (4, Seq::new(4)));

    for (device, allowed) in [
        (amina.id, true),
        (liam.id, false),
        (place.cx.make_device_id(), false),
    ] {
        let (_, body) = place
            .edge(
                AUTHORISE_PATH,
                Some(&token),
                cbor::to_bytes(&Authorise { space, device }),
            )
            .await;
        assert_eq!(
            cbor::from_bytes::<AuthoriseAnswer>(&body).unwrap().allowed,
            allowed
        );
    }

    // Unknown space, malformed, empty, oversized, wrong method, wrong path.
    let nowhere = Entries {
        space: place.cx.make_space_id(),
        after: Seq::ZERO,
        limit: 100,
    };
    assert_eq!(
        place
            .edge(ENTRIES_PATH, Some(&token), cbor::to_bytes(&nowhere))
            .await
            .0,
        404
    );
    for path in [APPEND_PATH, AUTHORISE_PATH, ENTRIES_PATH, SEEN_PATH] {
        for body in [
            Vec::new(),
            b"{}".to_vec(),
            vec![0xff; 100],
            cbor::to_bytes(&asked)[..20].to_vec(),
        ] {
            let (status, body) = place.edge(path, Some(&token), body).await;
            assert_eq!((status, reason(&body).as_str()), (400, "malformed"), "{path}");
        }
        assert_eq!(
            place.edge(path, Some(&token), vec![0; 5 * 1024 * 1024]).await.0,
            413
        );
    }
    let empty = Append { space, ops: vec![] };
    assert_eq!(
        place
            .edge(APPEND_PATH, Some(&token), cbor::to_bytes(&empty))
            .await
            .0,
        400
    );
    assert_eq!(place.edge("/elsewhere", Some(&token), Vec::new()).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn cursors_are_kept_sealed_and_only_move_on() {
    let Some(place) = Place::open("edge_seen").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, phone, tom) = (
        place.device("amina").await,
        place.device("amina").await,
        place.device("tom").await,
    );
    let mut ring = amina.keys(&place, space).await;
    let token = place.service_token();
    let cursor = |user, delivered, read| Cursor {
        user,
        delivered: Seq::new(delivered),
        read: Seq::new(read),
        at: place.cx.now(),
    };
    let mut send =
        async |device: &crate::place::TestDevice, sealed_by: &crate::place::TestDevice, cursor: Cursor| {
            let sealed = cursor.seal(&mut ring, sealed_by.id, &mut place.cx.rng()).unwrap();
            let seen = Seen {
                space,
                cursors: vec![DeviceCursor {
                    device: device.id,
                    sealed,
                }],
            };
            let (status, body) = place.edge(SEEN_PATH, Some(&token), cbor::to_bytes(&seen)).await;
            assert_eq!(status, 200);
            cbor::from_bytes::<SeenAnswer>(&body).unwrap().kept[0]
        };
    assert!(send(&amina, &amina, cursor(amina.user, 3, 1)).await);
    assert!(
        !send(&amina, &amina, cursor(amina.user, 3, 1)).await,
        "nothing new"
    );
    assert!(!send(&amina, &amina, cursor(amina.user, 2, 1)).await, "back");
    assert!(
        send(&phone, &phone, cursor(amina.user, 2, 2)).await,
        "ahead in one of two"
    );
    assert!(
        !send(&tom, &tom, cursor(amina.user, 3, 3)).await,
        "somebody else's"
    );
    assert!(
        !send(&tom, &amina, cursor(amina.user, 3, 3)).await,
        "another device's"
    );
    assert!(
        !send(&tom, &tom, cursor(tom.user, 99, 99)).await,
        "what is not there yet"
    );
    assert!(send(&tom, &tom, cursor(tom.user, 3, 3)).await);

    let asked = Entries {
        space,
        after: Seq::new(3),
        limit: 10,
    };
    let (_, body) = place
        .edge(ENTRIES_PATH, Some(&token), cbor::to_bytes(&asked))
        .await;
    let answer: EntriesAnswer = cbor::from_bytes(&body).unwrap();
    let mut ring = amina.keys(&place, space).await;
    let opened = answer
        .cursors
        .iter()
        .map(|sealed| Cursor::open(&mut ring, sealed).unwrap().0);
    let mut places: Vec<_> = opened
        .map(|cursor| (cursor.user, cursor.delivered.value(), cursor.read.value()))
        .collect();
    places.sort_unstable();
    let mut expected = [(amina.user, 3, 2), (tom.user, 3, 3)];
    expected.sort_unstable();
    assert_eq!(places, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_oblivious_request_is_refused_by_name() {
    let Some(place) = Place::open("edge_ohttp").await else {
        return;
    };
    let token = place.service_token();
    let config = place.cx.oblivious.config().encode().unwrap();
    let sealed = |config: &[u8], inner: &[u8]| {
        let client = ohttp::ClientRequest::from_encoded_config(config).unwrap();
        client.encapsulate(inner).unwrap().0
    };
    let good = sealed(&config, b"not binary http");
    let mut other_id = config.clone();
    other_id[0] = 99;
    let other_key =
        baton_record::edge_api::oblivious::server(&baton_core::secret::Secret::new([7; 32])).unwrap();
    let changed = {
        let mut changed = good.clone();
        *changed.last_mut().unwrap() ^= 1;
        changed
    };
    let cases = [
        (Vec::new(), "malformed"),
        (good[..10].to_vec(), "malformed"),
        (good[..good.len() - 1].to_vec(), "malformed"),
        (changed, "malformed"),
        (vec![0xff; 300], "ohttp-key"),
        (sealed(&other_id, b"x"), "ohttp-key"),
        (sealed(&other_key.config().encode().unwrap(), b"x"), "malformed"),
    ];
    for (body, expected) in cases {
        let (status, body) = place.edge(OHTTP_PATH, Some(&token), body).await;
        assert_eq!((status, reason(&body).as_str()), (400, expected));
    }
    assert_eq!(
        place.edge(OHTTP_PATH, Some(&token), vec![1; 600 * 1024]).await.0,
        413
    );
    // What opens but holds no request is answered inside: to the edge it looks like any other.
    assert_eq!(place.edge(OHTTP_PATH, Some(&token), good).await.0, 200);
    let (status, body) = place.oblivious("/device/nothing", &[], b"").await;
    assert_eq!((status, reason(&body).as_str()), (404, "not-found"));
    let (status, body) = place.oblivious("/edge/append", &[], b"").await;
    assert_eq!((status, reason(&body).as_str()), (404, "not-found"));
}
