//! The device API, each route through Oblivious HTTP: taken, not allowed, not found, malformed, twice.

use std::collections::BTreeSet;
use std::time::Duration;

use baton_core::cbor;
use baton_core::chain::Seq;
use baton_core::device::Certificate;
use baton_core::device_api::{
    AT_HEADER, CERTIFICATES_PATH, CREATE_PATH, Certificates, CertificatesAnswer, Create, DEVICES_PATH,
    DIRECTORY_PATH, Directory, HISTORY_OF_PATH, HISTORY_PATH, History, HistoryAnswer, INVITE_PATH, Invite,
    InviteAnswer, InviteDeed, JOIN_PATH, Join, JoinAnswer, KEYS_PATH, Keys, NONCE_HEADER, PEOPLE_PATH,
    People, PeopleAnswer, REVOKE_PATH, SESSION_PATH, SIGN_OUT_PATH, SIGNATURE_HEADER, SNAPSHOTS_PATH,
    Session, Snapshots, SnapshotsAnswer, SpaceGrant, USE_PATH, VAULT_END_PATH, VAULT_PATH,
};
use baton_core::id::{OpId, UserId};
use baton_core::op::Body;
use baton_core::op::member::{Added, MemberOp, Removed};
use baton_core::op::message::{Corrected, MessageOp};
use baton_core::op::space::{PurposeSet, SpaceKind, SpaceOp};
use baton_core::refusal::Refusal;

use crate::place::{Place, append, append_one, new_seq, posted, reason, refusal};

fn create(kind: SpaceKind, title: &str, members: &[UserId], request: OpId) -> Create {
    Create {
        kind,
        title: title.into(),
        members: members.to_vec(),
        request,
        about: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_not_its_devices_own_is_refused_on_every_route() {
    let Some(place) = Place::open("device_signed").await else {
        return;
    };
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let paths = [
        SESSION_PATH,
        SIGN_OUT_PATH,
        KEYS_PATH,
        SNAPSHOTS_PATH,
        HISTORY_PATH,
        HISTORY_OF_PATH,
        CREATE_PATH,
        INVITE_PATH,
        JOIN_PATH,
        DIRECTORY_PATH,
        PEOPLE_PATH,
        CERTIFICATES_PATH,
        VAULT_PATH,
        VAULT_END_PATH,
        USE_PATH,
        DEVICES_PATH,
        REVOKE_PATH,
    ];
    let body = cbor::to_bytes(&());
    for path in paths {
        let told = async |headers: &[(&str, String)], body: &[u8]| {
            let (status, body) = place.oblivious(path, headers, body).await;
            assert_eq!(status, 401, "{path}");
            reason(&body)
        };
        assert_eq!(told(&[], &body).await, "unsigned");
        let good = amina.headers(&place, path, &body);
        assert_eq!(told(&good[..3], &body).await, "unsigned");
        for (header, value) in [
            (AT_HEADER, "soon"),
            (NONCE_HEADER, "!"),
            (SIGNATURE_HEADER, "AAAA"),
        ] {
            let mut broken = good.clone();
            broken.iter_mut().find(|(name, _)| *name == header).unwrap().1 = value.to_owned();
            assert_eq!(told(&broken, &body).await, "unsigned");
        }
        // Another body, another path, another device, another time, a device that nobody knows.
        assert_eq!(told(&good, b"\xf5").await, "signature");
        assert_eq!(
            told(&amina.headers(&place, "/device/elsewhere", &body), &body).await,
            "signature"
        );
        let mut swapped = good.clone();
        swapped[0].1 = tom.id.to_string();
        assert_eq!(told(&swapped, &body).await, "signature");
        let mut later = good.clone();
        later[1].1 = (place.cx.now().millis() + 1).to_string();
        assert_eq!(told(&later, &body).await, "signature");
        let mut unknown = good.clone();
        unknown[0].1 = place.cx.make_device_id().to_string();
        assert_eq!(told(&unknown, &body).await, "unknown-device");
        // Too old.
        let old = amina.headers(&place, path, &body);
        place.clock.pass(Duration::from_secs(301));
        assert_eq!(told(&old, &body).await, "clock");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_taken_once_by_whichever_replica() {
    let Some(mut place) = Place::open("device_replay").await else {
        return;
    };
    let amina = place.device("amina").await;
    let body = cbor::to_bytes(&Directory { text: "tom".into() });
    let headers = amina.headers(&place, DIRECTORY_PATH, &body);
    assert_eq!(place.oblivious(DIRECTORY_PATH, &headers, &body).await.0, 200);
    let (status, answer) = place.oblivious(DIRECTORY_PATH, &headers, &body).await;
    assert_eq!((status, reason(&answer).as_str()), (401, "replayed"));
    place.cx = place.replica(2);
    let (status, answer) = place.oblivious(DIRECTORY_PATH, &headers, &body).await;
    assert_eq!((status, reason(&answer).as_str()), (401, "replayed"));
    // A replayed malformed request is refused, too, and a malformed one is told so.
    let malformed = b"\xff".to_vec();
    let headers = amina.headers(&place, DIRECTORY_PATH, &malformed);
    let (status, answer) = place.oblivious(DIRECTORY_PATH, &headers, &malformed).await;
    assert_eq!((status, reason(&answer).as_str()), (400, "malformed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_says_who_where_and_with_which_keys() {
    let Some(place) = Place::open("device_session").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    place.team("Not hers", &["siobhan"], &[]).await;
    let amina = place.device("amina").await;
    let session: Session = amina.get(&place, SESSION_PATH, &()).await;
    assert_eq!(session.device, amina.id);
    assert_eq!(session.me.id, amina.user);
    assert_eq!(session.me.spoken_name(), "Dr Amina Khan");
    assert_eq!(
        session.spaces.iter().map(|grant| grant.space).collect::<Vec<_>>(),
        [space]
    );
    assert_eq!(session.spaces[0].head.seq, Seq::new(3));
    assert_eq!(session.spaces[0].kind, SpaceKind::Team);
    assert!(amina.secret.open(&session.spaces[0].keys).is_ok());
    let tom = place.user("tom").await;
    let people: BTreeSet<UserId> = session.people.iter().map(|person| person.id).collect();
    assert_eq!(people, BTreeSet::from([amina.user, tom]));
    let certificate = Certificate::open(&session.certificate, &place.cx.verifying_key()).unwrap();
    assert_eq!((certificate.device, certificate.user), (amina.id, amina.user));
    assert_eq!(session.relay_until.since(session.now), Duration::from_mins(10));
    // Used or not, it ends half a day after signing in; the token ends with it.
    place.clock.pass(Duration::from_mins(12 * 60 - 5));
    let last: Session = amina.get(&place, SESSION_PATH, &()).await;
    assert_eq!(last.relay_until, last.session_until);
    place.clock.pass(Duration::from_mins(5));
    let (status, answer) = amina.ask(&place, SESSION_PATH, &()).await;
    assert_eq!((status, reason(&answer).as_str()), (401, "session-ended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_device() {
    let Some(place) = Place::open("device_sign_out").await else {
        return;
    };
    let (amina, other) = (place.device("amina").await, place.device("amina").await);
    assert_eq!(amina.ask(&place, SIGN_OUT_PATH, &()).await.0, 204);
    let (status, answer) = amina.ask(&place, SESSION_PATH, &()).await;
    assert_eq!((status, reason(&answer).as_str()), (401, "revoked"));
    assert_eq!(other.ask(&place, SESSION_PATH, &()).await.0, 200);
    assert_eq!(place.count("edge_notice").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_snapshots_and_history_are_for_members() {
    let Some(place) = Place::open("device_members").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let nowhere = place.cx.make_space_id();
    let (amina, liam) = (place.device("amina").await, place.device("liam").await);
    let mut ring = amina.keys(&place, space).await;
    let message = amina.seal(&place, &mut ring, posted("first"));
    let id = message.op.op_id;
    append_one(&place.cx, space, message).await;
    let ops = (0..150)
        .map(|n| amina.seal(&place, &mut ring, posted(&format!("{n}"))))
        .collect();
    append(&place.cx, space, ops).await;
    let correction = Body::Message(MessageOp::Corrected(Corrected {
        message: id,
        text: "better".into(),
    }));
    let correction = amina.seal(&place, &mut ring, correction);
    let seq = new_seq(&append_one(&place.cx, space, correction).await);

    for (device, asked) in [(&liam, space), (&amina, nowhere)] {
        let (status, body) = device.ask(&place, KEYS_PATH, &Keys { space: asked }).await;
        assert_eq!((status, reason(&body).as_str()), (403, "not-member"));
        let history = History {
            space: asked,
            before: Seq::new(9),
            limit: 5,
        };
        assert_eq!(device.ask(&place, HISTORY_PATH, &history).await.0, 403);
        let answer: SnapshotsAnswer = device
            .get(&place, SNAPSHOTS_PATH, &Snapshots { spaces: vec![asked] })
            .await;
        assert!(answer.snapshots.is_empty());
    }

    // More than 100 entries and no snapshot: it is made now.
    let answer: SnapshotsAnswer = amina
        .get(
            &place,
            SNAPSHOTS_PATH,
            &Snapshots {
                spaces: vec![space, nowhere],
            },
        )
        .await;
    let [snapshot] = answer.snapshots.as_slice() else {
        panic!("one snapshot")
    };
    let record = place.cx.verifying_key();
    let state =
        baton_core::snapshot::open(&snapshot.sealed, &snapshot.checkpoint, &mut ring, &record).unwrap();
    assert_eq!(state.head.seq.value(), seq);
    assert_eq!(state.members.len(), 2);
    let many = Snapshots {
        spaces: vec![space; 101],
    };
    assert_eq!(amina.ask(&place, SNAPSHOTS_PATH, &many).await.0, 400);

    let page = History {
        space,
        before: Seq::new(8),
        limit: 4,
    };
    let page: HistoryAnswer = amina.get(&place, HISTORY_PATH, &page).await;
    assert_eq!(
        page.entries
            .iter()
            .map(|entry| entry.seq.value())
            .collect::<Vec<_>>(),
        [4, 5, 6, 7]
    );
    assert_eq!(
        page.later
            .iter()
            .map(|entry| entry.seq.value())
            .collect::<Vec<_>>(),
        [seq]
    );
    assert!(!page.is_start);
    let start: HistoryAnswer = amina
        .get(
            &place,
            HISTORY_PATH,
            &History {
                space,
                before: Seq::new(4),
                limit: 500,
            },
        )
        .await;
    assert_eq!((start.entries.len(), start.is_start), (3, true));
    place.assert_verified(space).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_are_made_once() {
    let Some(place) = Place::open("device_create").await else {
        return;
    };
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let siobhan = place.user("siobhan").await;
    let request = || place.cx.make_op_id();
    let direct: SpaceGrant = amina
        .get(
            &place,
            CREATE_PATH,
            &create(SpaceKind::Direct, "", &[tom.user], request()),
        )
        .await;
    let same: SpaceGrant = tom
        .get(
            &place,
            CREATE_PATH,
            &create(SpaceKind::Direct, "", &[amina.user], request()),
        )
        .await;
    assert_eq!(direct.space, same.space);
    let asked = create(
        SpaceKind::Group,
        "Discharge planning",
        &[tom.user, siobhan],
        request(),
    );
    let group: SpaceGrant = amina.get(&place, CREATE_PATH, &asked).await;
    let again: SpaceGrant = amina.get(&place, CREATE_PATH, &asked).await;
    assert_eq!(group.space, again.space);
    assert_ne!(group.space, direct.space);
    // The same request id of somebody else is another request.
    let toms: SpaceGrant = tom
        .get(
            &place,
            CREATE_PATH,
            &create(SpaceKind::Group, "Mine", &[siobhan], asked.request),
        )
        .await;
    assert_ne!(toms.space, group.space);
    assert_eq!(place.assert_verified(group.space).await, 4);
    let mut ring = tom.keys(&place, group.space).await;
    new_seq(
        &append_one(
            &place.cx,
            group.space,
            tom.seal(&place, &mut ring, posted("hello")),
        )
        .await,
    );
    // At once, by both.
    let liam = place.device("liam").await;
    let (there, back) = (
        create(SpaceKind::Direct, "", &[liam.user], request()),
        create(SpaceKind::Direct, "", &[tom.user], request()),
    );
    let (one, other): (SpaceGrant, SpaceGrant) = tokio::join!(
        tom.get(&place, CREATE_PATH, &there),
        liam.get(&place, CREATE_PATH, &back)
    );
    assert_eq!(one.space, other.space);

    place.team("Ward 7", &["siobhan"], &[]).await;
    let nobody = UserId::from_bytes([9; 16]);
    let long = "x".repeat(121);
    let refused = [
        (
            create(SpaceKind::Team, " Ward 7 ", &[tom.user], request()),
            409,
            "team",
        ),
        (create(SpaceKind::Team, " ", &[tom.user], request()), 422, "title"),
        (create(SpaceKind::Direct, "", &[], request()), 422, "members"),
        (
            create(SpaceKind::Direct, "", &[amina.user], request()),
            422,
            "members",
        ),
        (
            create(SpaceKind::Direct, "", &[tom.user, siobhan], request()),
            422,
            "members",
        ),
        (
            create(SpaceKind::Direct, "title", &[tom.user], request()),
            422,
            "title",
        ),
        (
            create(SpaceKind::Direct, "", &[nobody], request()),
            422,
            "no-such-person",
        ),
        (create(SpaceKind::Group, "Group", &[], request()), 422, "members"),
        (
            create(SpaceKind::Group, " ", &[tom.user], request()),
            422,
            "title",
        ),
        (
            create(SpaceKind::Group, &long, &[tom.user], request()),
            422,
            "title",
        ),
        (
            create(SpaceKind::Group, "Group", &[tom.user, nobody], request()),
            422,
            "no-such-person",
        ),
    ];
    let before = place.count("space").await;
    for (asked, status, expected) in refused {
        let (got, body) = amina.ask(&place, CREATE_PATH, &asked).await;
        assert_eq!((got, reason(&body).as_str()), (status, expected));
    }
    assert_eq!(place.count("space").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_started_by_who_then_looks_after_it_and_no_file_adds_to_it() {
    let Some(place) = Place::open("device_team").await else {
        return;
    };
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let asked = create(
        SpaceKind::Team,
        "Falls service",
        &[tom.user],
        place.cx.make_op_id(),
    );
    let team: SpaceGrant = amina.get(&place, CREATE_PATH, &asked).await;
    assert_eq!(place.assert_verified(team.space).await, 3);
    let asked = create(SpaceKind::Team, "Alone for now", &[], place.cx.make_op_id());
    let alone: SpaceGrant = amina.get(&place, CREATE_PATH, &asked).await;
    assert_ne!(alone.space, team.space);
    let purpose = || {
        Body::Space(SpaceOp::PurposeSet(PurposeSet {
            text: "Falls, at home".into(),
            base: Seq::ZERO,
            after: Vec::new(),
        }))
    };
    let mut ring = tom.keys(&place, team.space).await;
    let op = tom.seal(&place, &mut ring, purpose());
    let id = op.op.op_id;
    let result = append_one(&place.cx, team.space, op).await;
    assert_eq!(refusal(&mut ring, id, &result), Refusal::NotAdmin);
    let mut ring = amina.keys(&place, team.space).await;
    let op = amina.seal(&place, &mut ring, purpose());
    new_seq(&append_one(&place.cx, team.space, op).await);
    // The organisation’s own team of the same name is another.
    let theirs = place.team("Falls service", &["siobhan"], &["liam"]).await;
    assert_ne!(theirs, team.space);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_joins_by_an_invitation_alone_and_it_ends() {
    let Some(place) = Place::open("device_invite").await else {
        return;
    };
    let space = place.team("Ward 7", &["amina"], &["tom"]).await;
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let liam = place.device("liam").await;
    let invite = |deed| Invite { space, deed };
    let (got, body) = tom.ask(&place, INVITE_PATH, &invite(InviteDeed::Make)).await;
    assert_eq!((got, reason(&body).as_str()), (403, "not-admin"));
    let (got, body) = liam.ask(&place, INVITE_PATH, &invite(InviteDeed::See)).await;
    assert_eq!((got, reason(&body).as_str()), (403, "not-member"));

    let make = || invite(InviteDeed::Make);
    let first: InviteAnswer = amina.get(&place, INVITE_PATH, &make()).await;
    let second: InviteAnswer = amina.get(&place, INVITE_PATH, &make()).await;
    let join = |answer: &InviteAnswer| Join {
        invitation: answer.made.unwrap(),
    };
    let (got, body) = liam.ask(&place, JOIN_PATH, &join(&first)).await;
    assert_eq!((got, reason(&body).as_str()), (404, "no-invitation"));
    for _ in 0..2 {
        let asked: JoinAnswer = liam.get(&place, JOIN_PATH, &join(&second)).await;
        assert_eq!(asked.by.id, amina.user);
    }
    let members = async || {
        let (many,): (i64,) =
            sqlx::query_as("SELECT count(*) FROM member WHERE space = $1 AND until IS NULL")
                .bind(space.uuid())
                .fetch_one(&place.cx.pool)
                .await
                .unwrap();
        many
    };
    assert_eq!(members().await, 2, "who asks is no member");
    let see = || invite(InviteDeed::See);
    let seen: InviteAnswer = amina.get(&place, INVITE_PATH, &see()).await;
    let ids: Vec<UserId> = seen.asking.iter().map(|person| person.id).collect();
    assert_eq!((seen.made, ids), (None, vec![liam.user]));
    assert!(seen.until.is_some());
    let declined: InviteAnswer = amina
        .get(&place, INVITE_PATH, &invite(InviteDeed::Decline(liam.user)))
        .await;
    assert!(declined.asking.is_empty());

    let _: JoinAnswer = liam.get(&place, JOIN_PATH, &join(&second)).await;
    let mut ring = amina.keys(&place, space).await;
    let body = Body::Member(MemberOp::Added(Added {
        user: liam.user,
        admin: false,
    }));
    new_seq(&append_one(&place.cx, space, amina.seal(&place, &mut ring, body)).await);
    assert_eq!(members().await, 3);
    let body = Body::Member(MemberOp::Removed(Removed { user: liam.user }));
    new_seq(&append_one(&place.cx, space, amina.seal(&place, &mut ring, body)).await);
    let seen: InviteAnswer = amina.get(&place, INVITE_PATH, &see()).await;
    assert!(seen.asking.is_empty(), "whoever was removed has to ask again");

    let ended: InviteAnswer = amina.get(&place, INVITE_PATH, &invite(InviteDeed::End)).await;
    assert_eq!(ended.until, None);
    assert_eq!(liam.ask(&place, JOIN_PATH, &join(&second)).await.0, 404);
    let third: InviteAnswer = amina.get(&place, INVITE_PATH, &make()).await;
    place.clock.pass(Duration::from_hours(72));
    let (amina, liam) = (place.device("amina").await, place.device("liam").await);
    assert_eq!(liam.ask(&place, JOIN_PATH, &join(&third)).await.0, 404);
    let seen: InviteAnswer = amina.get(&place, INVITE_PATH, &see()).await;
    assert_eq!(seen.until, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_certificates_are_found() {
    let Some(place) = Place::open("device_people").await else {
        return;
    };
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let find = async |text: &str| {
        let answer: PeopleAnswer = amina
            .get(&place, DIRECTORY_PATH, &Directory { text: text.into() })
            .await;
        answer
            .people
            .iter()
            .map(baton_core::person::Person::initials)
            .collect::<Vec<_>>()
    };
    assert_eq!(find("").await, ["SB", "TF"]);
    assert_eq!(find("SIOB").await, ["SB"]);
    assert_eq!(find("community o'neill").await, ["LO"]);
    assert_eq!(find("organisation").await, ["SB", "TF", "LO"]);
    assert!(find("zz").await.is_empty());
    let long = Directory {
        text: "x".repeat(201).as_str().into(),
    };
    assert_eq!(amina.ask(&place, DIRECTORY_PATH, &long).await.0, 400);

    let users = vec![tom.user, UserId::from_bytes([9; 16])];
    let answer: PeopleAnswer = amina.get(&place, PEOPLE_PATH, &People { users }).await;
    assert_eq!(answer.people.len(), 1);
    let many = People {
        users: vec![tom.user; 501],
    };
    assert_eq!(amina.ask(&place, PEOPLE_PATH, &many).await.0, 400);

    let devices = vec![tom.id, place.cx.make_device_id()];
    let answer: CertificatesAnswer = amina
        .get(&place, CERTIFICATES_PATH, &Certificates { devices })
        .await;
    let [certificate] = answer.certificates.as_slice() else {
        panic!("one certificate")
    };
    let certificate = Certificate::open(certificate, &place.cx.verifying_key()).unwrap();
    assert_eq!(
        (certificate.user, certificate.keys),
        (tom.user, tom.secret.public())
    );
    let many = Certificates {
        devices: vec![tom.id; 501],
    };
    assert_eq!(amina.ask(&place, CERTIFICATES_PATH, &many).await.0, 400);
}
