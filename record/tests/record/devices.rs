//! Seeing and ending devices: who may, and what becomes of a device that was taken.

use std::time::Duration;

use baton_core::cbor;
use baton_core::device::Revocation;
use baton_core::device_api::{
    DEVICES_PATH, Devices, DevicesAnswer, ORDERS_PATH, Orders, OrdersAnswer, REVOKE_PATH, RevokeDevice,
    SESSION_PATH, SIGN_OUT_PATH, Session, VAULT_PATH, Vault, VaultAnswer,
};
use baton_core::id::{DeviceId, SpaceId, UserId, VaultId};
use baton_core::seal::Epoch;
use baton_core::service::{REVOKE_PATH as EDGE_REVOKE_PATH, Revoke};
use baton_record::people::{device, import};

use crate::place::{Audited, Place, TestDevice, reason};

async fn listed(place: &Place, device: &TestDevice, user: Option<UserId>) -> Vec<DeviceId> {
    let answer: DevicesAnswer = device.get(place, DEVICES_PATH, &Devices { user }).await;
    answer.devices.iter().map(|line| line.device).collect()
}

async fn lend(place: &Place, device: &TestDevice, vault: u8, kept: bool) -> VaultAnswer {
    let vault = VaultId::from_bytes([vault; 16]);
    device.get(place, VAULT_PATH, &Vault { vault, kept }).await
}

async fn orders(place: &Place, devices: &[DeviceId]) -> Vec<(DeviceId, Vec<u8>)> {
    let asked = Orders {
        devices: devices.to_vec(),
    };
    let (status, body) = place.oblivious(ORDERS_PATH, &[], &cbor::to_bytes(&asked)).await;
    assert_eq!(status, 200);
    let answer: OrdersAnswer = cbor::from_bytes(&body).unwrap();
    let plain = answer
        .orders
        .into_iter()
        .map(|(id, order)| (id, order.into_vec()));
    plain.collect()
}

async fn newest_epoch(place: &Place, space: SpaceId) -> Epoch {
    let (epoch,): (i32,) = sqlx::query_as("SELECT epoch FROM space WHERE id = $1")
        .bind(space.uuid())
        .fetch_one(&place.cx.pool)
        .await
        .unwrap();
    Epoch::new(u32::try_from(epoch).unwrap())
}

fn not_yours() -> (u16, String) {
    (403, "not-your-device".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_listed_while_it_is_signed_in_or_keeps_something() {
    let Some(place) = Place::open("devices_listed").await else {
        return;
    };
    let begun = place.cx.now();
    let (kept, unkept, bare) = (
        place.device("amina").await,
        place.device("amina").await,
        place.device("amina").await,
    );
    place.device("tom").await;
    let lease_until = lend(&place, &kept, 1, true).await.lease_until;
    lend(&place, &unkept, 2, false).await;
    place.clock.pass(Duration::from_hours(1));
    assert_eq!(kept.ask(&place, SESSION_PATH, &()).await.0, 200);
    let answer: DevicesAnswer = kept.get(&place, DEVICES_PATH, &Devices { user: None }).await;
    assert_eq!(answer.devices.len(), 3);
    let line = answer.devices[0];
    assert_eq!(line.device, kept.id, "the one used last comes first");
    assert_eq!((line.made_at, line.seen_at), (begun, place.cx.now()));
    assert_eq!(line.session_until, begun.plus(Duration::from_hours(12)));
    assert_eq!(line.kept_until, Some(lease_until));
    assert!(answer.devices[1..].iter().all(|line| line.kept_until.is_none()));
    assert_eq!(bare.ask(&place, SIGN_OUT_PATH, &()).await.0, 204);
    assert_eq!(listed(&place, &kept, None).await.len(), 2);
    // Its session is over; what it keeps is not.
    place.clock.pass(Duration::from_hours(20));
    let later = place.device("amina").await;
    let mut ids = listed(&place, &later, None).await;
    ids.sort();
    assert_eq!(ids, [kept.id, later.id]);
    place.clock.pass(Duration::from_hours(60));
    let last = place.device("amina").await;
    assert_eq!(listed(&place, &last, None).await, [last.id], "the lease is over");
}

/// Who asks, whose devices, whether it is allowed.
const MATRIX: [(&str, &str, bool); 12] = [
    ("amina", "amina", true),
    ("amina", "tom", false),
    ("amina", "siobhan", false),
    ("amina", "liam", false),
    ("tom", "amina", false),
    ("tom", "liam", false),
    ("siobhan", "siobhan", true),
    ("siobhan", "amina", true),
    ("siobhan", "tom", true),
    ("siobhan", "liam", false),
    ("liam", "liam", true),
    ("liam", "amina", false),
];

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_devices_and_those_of_the_organisation_one_administrates_are_seen_and_ended() {
    let Some(place) = Place::open("devices_matrix").await else {
        return;
    };
    let nobody = DeviceId::from_bytes([9; 16]);
    for (asking, owner, is_allowed) in MATRIX {
        let (device, other) = (place.device(asking).await, place.device(owner).await);
        let case = format!("{asking} → {owner}");
        let list = Devices {
            user: Some(other.user),
        };
        let revoke = RevokeDevice { device: other.id };
        if is_allowed {
            let seen = place.audit("devices.seen").await.len();
            assert!(
                listed(&place, &device, list.user).await.contains(&other.id),
                "{case}"
            );
            let seen = place.audit("devices.seen").await.split_off(seen);
            let expected: Vec<Audited> = (asking != owner)
                .then(|| audited(&place, Some(&device), device.id, other.user.uuid()))
                .into_iter()
                .collect();
            assert_eq!(seen, expected, "{case}");
            for _ in 0..2 {
                assert_eq!(device.ask(&place, REVOKE_PATH, &revoke).await.0, 204, "{case}");
            }
            let told = place.audit("device.revoked").await;
            let expected = audited(&place, Some(&device), other.id, other.user.uuid());
            assert_eq!(told.last(), Some(&expected), "{case}");
            assert_eq!(
                told.iter().filter(|row| **row == expected).count(),
                1,
                "{case}: once"
            );
            let ended = other.refused(&place, SESSION_PATH, &()).await;
            assert_eq!(ended, (401, "revoked".to_owned()), "{case}");
        } else {
            assert_eq!(
                device.refused(&place, DEVICES_PATH, &list).await,
                not_yours(),
                "{case}"
            );
            assert_eq!(
                device.refused(&place, REVOKE_PATH, &revoke).await,
                not_yours(),
                "{case}"
            );
            assert_eq!(other.ask(&place, SESSION_PATH, &()).await.0, 200, "{case}");
        }
    }
    // Who or what is not there is refused alike, whoever asks.
    for asking in ["amina", "siobhan"] {
        let device = place.device(asking).await;
        let unknown = RevokeDevice { device: nobody };
        assert_eq!(device.refused(&place, REVOKE_PATH, &unknown).await, not_yours());
        let list = Devices {
            user: Some(UserId::from_bytes([9; 16])),
        };
        assert_eq!(device.refused(&place, DEVICES_PATH, &list).await, not_yours());
    }
    // A device that has ended, however it did, ends no other.
    let (revoked, signed_out, other) = (
        place.device("siobhan").await,
        place.device("siobhan").await,
        place.device("siobhan").await,
    );
    let revoke = RevokeDevice { device: revoked.id };
    assert_eq!(other.ask(&place, REVOKE_PATH, &revoke).await.0, 204);
    assert_eq!(signed_out.ask(&place, SIGN_OUT_PATH, &()).await.0, 204);
    for ended in [revoked, signed_out] {
        let revoke = RevokeDevice { device: other.id };
        let answer = ended.refused(&place, REVOKE_PATH, &revoke).await;
        assert_eq!(answer, (401, "revoked".to_owned()));
        let answer = ended.refused(&place, DEVICES_PATH, &Devices { user: None }).await;
        assert_eq!(answer, (401, "revoked".to_owned()));
    }
    for (path, malformed) in [
        (REVOKE_PATH, b"\xa1\x66device\x41\x01" as &[u8]),
        (REVOKE_PATH, b"\xf6"),
        (DEVICES_PATH, b"\xa1\x64user\x41\x01"),
        (DEVICES_PATH, b"\xff"),
    ] {
        let headers = other.headers(&place, path, malformed);
        let (status, body) = place.oblivious(path, &headers, malformed).await;
        assert_eq!((status, reason(&body).as_str()), (400, "malformed"), "{path}");
    }
}

fn audited(place: &Place, by: Option<&TestDevice>, device: DeviceId, subject: uuid::Uuid) -> Audited {
    Audited {
        at: i64::try_from(place.cx.now().millis()).unwrap(),
        user_id: by.map(|by| by.user.uuid()),
        device: Some(device.uuid()),
        subject: Some(subject),
        device_at: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_somebody_administrates_is_theirs_to_know_and_a_newer_file_takes_it_away() {
    let Some(place) = Place::open("devices_administrator").await else {
        return;
    };
    let (siobhan, tom) = (place.device("siobhan").await, place.device("tom").await);
    let session: Session = siobhan.get(&place, SESSION_PATH, &()).await;
    assert!(session.administrates);
    let shown = serde_json::to_string(&session.me).unwrap();
    assert!(!shown.contains("admin"), "it shows in the directory");
    let json = r#"[{"subject": "siobhan", "name": {"family": "BYRNE", "given": "Siobhán"},
        "job_title": "Ward manager", "organisation": {"ods": "RX1", "name": "Organisation RX1"}}]"#;
    let people: Vec<import::Imported> = serde_json::from_str(json).unwrap();
    import::people(&place.cx, people).await.unwrap();
    let session: Session = siobhan.get(&place, SESSION_PATH, &()).await;
    assert!(!session.administrates);
    let revoke = RevokeDevice { device: tom.id };
    assert_eq!(siobhan.refused(&place, REVOKE_PATH, &revoke).await, not_yours());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_taken_loses_its_vault_its_keys_and_its_connection() {
    let Some(place) = Place::open("devices_taken").await else {
        return;
    };
    let (ward, other) = (
        place.team("Ward", &["amina"], &["tom"]).await,
        place.team("Not hers", &["siobhan"], &[]).await,
    );
    let group = place.team("Group", &["tom"], &["amina"]).await;
    let (lost, here) = (place.device("amina").await, place.device("amina").await);
    lend(&place, &lost, 1, true).await;
    let kept = lend(&place, &here, 2, true).await.share;
    let before = place.count("edge_notice").await;
    let revoke = RevokeDevice { device: lost.id };
    assert_eq!(here.ask(&place, REVOKE_PATH, &revoke).await.0, 204);

    // The edge is told with the signed order before it hears of anything else.
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT path, body FROM edge_notice ORDER BY id OFFSET $1")
            .bind(before)
            .fetch_all(&place.cx.pool)
            .await
            .unwrap();
    assert_eq!(rows.len(), 3, "the order, and two new epochs");
    assert_eq!(rows[0].0, EDGE_REVOKE_PATH);
    let told: Revoke = cbor::from_bytes(&rows[0].1).unwrap();
    assert_eq!((told.user, told.device), (lost.user, lost.id));
    let order = Revocation::open(lost.id, &told.signed, &place.cx.verifying_key()).unwrap();
    assert_eq!(order.at, place.cx.now());

    assert_eq!(newest_epoch(&place, ward).await, Epoch::new(2));
    assert_eq!(newest_epoch(&place, group).await, Epoch::new(2));
    assert_eq!(newest_epoch(&place, other).await, Epoch::FIRST);
    let (shares,): (i64,) = sqlx::query_as("SELECT count(*) FROM vault WHERE share IS NOT NULL")
        .fetch_one(&place.cx.pool)
        .await
        .unwrap();
    assert_eq!(shares, 1);
    assert_eq!(lend(&place, &here, 2, true).await.share, kept);
    let vault = VaultId::from_bytes([1; 16]);
    let ask = Vault { vault, kept: true };
    assert_eq!(
        here.refused(&place, VAULT_PATH, &ask).await,
        (403, "not-your-vault".to_owned())
    );
    // Again it changes nothing.
    assert_eq!(here.ask(&place, REVOKE_PATH, &revoke).await.0, 204);
    assert_eq!(newest_epoch(&place, ward).await, Epoch::new(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn epochs_that_a_crash_left_due_are_begun_later() {
    let Some(place) = Place::open("devices_due").await else {
        return;
    };
    let ward = place.team("Ward", &["amina"], &["tom"]).await;
    let (lost, here) = (place.device("amina").await, place.device("amina").await);
    // Somebody holds the ward's row longer than the record waits for it.
    let mut blocker = place.cx.pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM space FOR UPDATE")
        .execute(&mut *blocker)
        .await
        .unwrap();
    let revoke = RevokeDevice { device: lost.id };
    let refused = here.refused(&place, REVOKE_PATH, &revoke).await;
    assert_eq!(refused, (503, "unavailable".to_owned()));
    blocker.rollback().await.unwrap();
    // The device has ended all the same; that the epochs are due was not forgotten.
    let ended = lost.refused(&place, SESSION_PATH, &()).await;
    assert_eq!(ended, (401, "revoked".to_owned()));
    assert_eq!(newest_epoch(&place, ward).await, Epoch::FIRST);
    device::begin_due_epochs(&place.replica(4)).await.unwrap();
    assert_eq!(newest_epoch(&place, ward).await, Epoch::new(2));
    device::begin_due_epochs(&place.cx).await.unwrap();
    assert_eq!(newest_epoch(&place, ward).await, Epoch::new(2), "due no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_device_finds_the_order_that_is_for_it_without_signing() {
    let Some(place) = Place::open("devices_orders").await else {
        return;
    };
    let (lost, here, signed_out, tom) = (
        place.device("amina").await,
        place.device("amina").await,
        place.device("amina").await,
        place.device("tom").await,
    );
    let unknown = DeviceId::from_bytes([9; 16]);
    let all = [lost.id, here.id, signed_out.id, tom.id, unknown];
    assert_eq!(orders(&place, &all).await, []);
    assert_eq!(orders(&place, &[]).await, []);
    let revoke = RevokeDevice { device: lost.id };
    assert_eq!(here.ask(&place, REVOKE_PATH, &revoke).await.0, 204);
    assert_eq!(signed_out.ask(&place, SIGN_OUT_PATH, &()).await.0, 204);
    let revoked_at = place.cx.now();
    place.clock.pass(Duration::from_hours(30));
    let given = orders(&place, &all).await;
    let mut ids: Vec<DeviceId> = given.iter().map(|(id, _)| *id).collect();
    ids.sort();
    assert_eq!(ids, [lost.id, signed_out.id]);
    for (id, signed) in &given {
        let order = Revocation::open(*id, signed, &place.cx.verifying_key()).unwrap();
        assert_eq!((order.device, order.at), (*id, revoked_at));
    }

    let many = cbor::to_bytes(&Orders {
        devices: vec![lost.id; 17],
    });
    for malformed in [many.as_slice(), b"\xff", b"", b"\xf6"] {
        let (status, body) = place.oblivious(ORDERS_PATH, &[], malformed).await;
        assert_eq!((status, reason(&body).as_str()), (400, "malformed"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_ends_a_device_with_all_that_it_keeps() {
    let Some(place) = Place::open("devices_operator").await else {
        return;
    };
    let (lost, here) = (place.device("amina").await, place.device("amina").await);
    lend(&place, &lost, 1, true).await;
    assert!(
        device::revoke(&place.cx, lost.id, device::By::Operator)
            .await
            .unwrap()
    );
    let told = place.audit("device.revoked").await;
    assert_eq!(told, [audited(&place, None, lost.id, lost.user.uuid())]);
    assert_eq!(orders(&place, &[lost.id, here.id]).await.len(), 1);
    assert_eq!(listed(&place, &here, None).await, [here.id]);
    let unknown = DeviceId::from_bytes([9; 16]);
    assert!(
        !device::revoke(&place.cx, unknown, device::By::Operator)
            .await
            .unwrap()
    );
}
