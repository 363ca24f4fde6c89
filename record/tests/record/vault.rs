//! Vaults at the record: shares and leases, and who used a device when.

use std::time::Duration;

use baton_core::device_api::{
    DEVICES_PATH, Devices, DevicesAnswer, Policy, SESSION_PATH, SIGN_OUT_PATH, Session, USE_PATH, Use,
    UseKind, VAULT_END_PATH, VAULT_PATH, Vault, VaultAnswer, VaultEnd,
};
use baton_core::id::VaultId;
use baton_core::secret::Secret;
use baton_core::time::At;
use rand_core::Rng;

use crate::place::{Audited, Place, TestDevice};

fn make_vault(place: &Place) -> VaultId {
    let mut id = [0; 16];
    place.cx.rng().fill_bytes(&mut id);
    VaultId::from_bytes(id)
}

async fn lend(place: &Place, device: &TestDevice, vault: VaultId, kept: bool) -> VaultAnswer {
    device.get(place, VAULT_PATH, &Vault { vault, kept }).await
}

async fn own_devices(place: &Place, device: &TestDevice) -> DevicesAnswer {
    device.get(place, DEVICES_PATH, &Devices { user: None }).await
}

fn refused(status: u16, reason: &str) -> (u16, String) {
    (status, reason.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vaults_share_is_the_same_for_every_device_of_its_person_and_each_asking_renews_the_lease() {
    let Some(mut place) = Place::open("vault_lent").await else {
        return;
    };
    let amina = place.device("amina").await;
    let vault = make_vault(&place);
    let made = lend(&place, &amina, vault, false).await;
    assert_eq!(made.lease_until, place.cx.now().plus(Duration::from_hours(72)));
    assert_ne!(made.share, Secret::new([0; 32]));
    assert_ne!(
        lend(&place, &place.device("amina").await, make_vault(&place), false)
            .await
            .share,
        made.share
    );
    place.clock.pass(Duration::from_hours(3));
    let again = lend(&place, &amina, vault, true).await;
    assert_eq!(again.share, made.share);
    assert_eq!(again.lease_until, made.lease_until.plus(Duration::from_hours(3)));
    // After a full sign-in on the same device, at another replica, and after the lease: what was not sent is still in it.
    place.clock.pass(Duration::from_hours(80));
    place.cx = place.replica(3);
    let later = place.device("amina").await;
    assert_eq!(lend(&place, &later, vault, true).await.share, made.share);
    let row = |device: &TestDevice, at| Audited {
        at,
        user_id: Some(device.user.uuid()),
        device: Some(device.id.uuid()),
        subject: Some(vault.uuid()),
        device_at: None,
    };
    let made = place.audit("vault.made").await;
    assert_eq!((made.len(), &made[0]), (2, &row(&amina, 1_800_000_000_000)));
    let lent = place.audit("vault.lent").await;
    let hour = 60 * 60 * 1000;
    assert_eq!(
        lent,
        [
            row(&amina, 1_800_000_000_000 + 3 * hour),
            row(&later, 1_800_000_000_000 + 83 * hour)
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_vault_and_one_that_ended_are_refused_alike() {
    let Some(place) = Place::open("vault_refused").await else {
        return;
    };
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let vault = make_vault(&place);
    let made = lend(&place, &amina, vault, true).await;
    let not_yours = refused(403, "not-your-vault");
    let ask = Vault { vault, kept: true };
    assert_eq!(tom.refused(&place, VAULT_PATH, &ask).await, not_yours);
    // Nobody ends somebody else's, or is told that it is there.
    let end = VaultEnd { vault };
    let unknown = VaultEnd {
        vault: make_vault(&place),
    };
    for end in [end, unknown] {
        assert_eq!(tom.ask(&place, VAULT_END_PATH, &end).await.0, 204);
    }
    assert_eq!(place.audit("vault.erased").await, []);
    assert_eq!(lend(&place, &amina, vault, true).await.share, made.share);

    for _ in 0..2 {
        assert_eq!(amina.ask(&place, VAULT_END_PATH, &end).await.0, 204);
    }
    assert_eq!(amina.refused(&place, VAULT_PATH, &ask).await, not_yours);
    assert_eq!(tom.refused(&place, VAULT_PATH, &ask).await, not_yours);
    let (left,): (i64,) = sqlx::query_as("SELECT count(*) FROM vault WHERE share IS NOT NULL")
        .fetch_one(&place.cx.pool)
        .await
        .unwrap();
    assert_eq!(left, 0, "the share is destroyed");
    let erased = place.audit("vault.erased").await;
    assert_eq!(erased.len(), 1, "{erased:?}");
    assert_eq!(erased[0].user_id, Some(amina.user.uuid()));
    assert_eq!(erased[0].subject, Some(vault.uuid()));

    for malformed in [&[0xff_u8] as &[u8], b"\xa1\x65vault\x41\x01", b"\xf6"] {
        for path in [VAULT_PATH, VAULT_END_PATH, USE_PATH] {
            let headers = amina.headers(&place, path, malformed);
            let (status, body) = place.oblivious(path, &headers, malformed).await;
            assert_eq!(
                (status, crate::place::reason(&body)),
                refused(400, "malformed"),
                "{path}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_a_vault_takes_the_place_of_the_device_that_had_it() {
    let Some(place) = Place::open("vault_replaced").await else {
        return;
    };
    let (before, elsewhere) = (place.device("amina").await, place.device("amina").await);
    let (vault, other) = (make_vault(&place), make_vault(&place));
    lend(&place, &before, vault, true).await;
    lend(&place, &elsewhere, other, true).await;
    assert_eq!(own_devices(&place, &before).await.devices.len(), 2);
    let after = place.device("amina").await;
    lend(&place, &after, vault, true).await;
    let listed = own_devices(&place, &after).await.devices;
    let mut ids: Vec<_> = listed.iter().map(|line| line.device).collect();
    ids.sort();
    assert_eq!(ids, [elsewhere.id, after.id], "one line for each vault");
    // It is not revoked: nothing tells that vault to erase itself.
    let ended = before.refused(&place, SESSION_PATH, &()).await;
    assert_eq!(ended, refused(401, "session-ended"));
    let told = place.audit("device.revoked").await;
    assert_eq!(told, []);
    assert_eq!(elsewhere.ask(&place, SESSION_PATH, &()).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_vault_of_that_device_alone() {
    let Some(place) = Place::open("vault_sign_out").await else {
        return;
    };
    let (here, there) = (place.device("amina").await, place.device("amina").await);
    let (vault, other) = (make_vault(&place), make_vault(&place));
    lend(&place, &here, vault, false).await;
    let share = lend(&place, &there, other, true).await.share;
    assert_eq!(here.ask(&place, SIGN_OUT_PATH, &()).await.0, 204);
    let ask = Vault { vault, kept: false };
    assert_eq!(
        there.refused(&place, VAULT_PATH, &ask).await,
        refused(403, "not-your-vault")
    );
    assert_eq!(lend(&place, &there, other, true).await.share, share);
    // Somebody who is signed out is lent nothing.
    let ask = Vault {
        vault: make_vault(&place),
        kept: false,
    };
    assert_eq!(
        here.refused(&place, VAULT_PATH, &ask).await,
        refused(401, "revoked")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_told_how_to_behave_and_keep_nothing_where_that_is_not_allowed() {
    let Some(place) = Place::open_with(
        "vault_policy",
        &[
            ("BATON_OFFLINE_LEASE_HOURS", "10"),
            ("BATON_IDLE_LOCK_SECONDS", "45"),
            ("BATON_LOCK_ON_HIDE", "yes"),
            ("BATON_KEEP_ALLOWED", "no"),
        ],
    )
    .await
    else {
        return;
    };
    let (amina, siobhan) = (place.device("amina").await, place.device("siobhan").await);
    let session: Session = amina.get(&place, SESSION_PATH, &()).await;
    let policy = Policy {
        offline_lease: 36_000_000,
        idle_lock: 45_000,
        lock_on_hide: true,
        keep_allowed: false,
    };
    assert_eq!((session.policy, session.administrates), (policy, false));
    let session: Session = siobhan.get(&place, SESSION_PATH, &()).await;
    assert!(session.administrates);
    let vault = make_vault(&place);
    let kept = amina
        .refused(&place, VAULT_PATH, &Vault { vault, kept: true })
        .await;
    assert_eq!(kept, refused(403, "keeping-not-allowed"));
    assert_eq!(place.count("vault").await, 0);
    let lent = lend(&place, &amina, vault, false).await;
    assert_eq!(lent.lease_until, place.cx.now().plus(Duration::from_hours(10)));
    // What was kept before it was forbidden is not lost; it is lent until its person no longer keeps it.
    sqlx::query("UPDATE vault SET kept = true")
        .execute(&place.cx.pool)
        .await
        .unwrap();
    assert_eq!(lend(&place, &amina, vault, true).await.share, lent.share);
    let another = place.device("tom").await;
    let ask = Vault { vault, kept: true };
    assert_eq!(
        another.refused(&place, VAULT_PATH, &ask).await,
        refused(403, "keeping-not-allowed")
    );
    lend(&place, &amina, vault, false).await;
    assert_eq!(
        amina.refused(&place, VAULT_PATH, &ask).await,
        refused(403, "keeping-not-allowed")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_share_is_kept_in_plain_or_opens_in_another_vaults_place() {
    let Some(place) = Place::open("vault_sealed").await else {
        return;
    };
    let amina = place.device("amina").await;
    let (vault, other) = (make_vault(&place), make_vault(&place));
    let share = lend(&place, &amina, vault, true).await.share;
    lend(&place, &amina, other, true).await;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let tables: Vec<(String,)> =
        sqlx::query_as("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            .fetch_all(&place.cx.pool)
            .await
            .unwrap();
    for (table,) in &tables {
        for part in share.expose().chunks(8).map(hex) {
            let sql = sqlx::AssertSqlSafe(format!(
                "SELECT count(*) FROM {table} AS row WHERE row::text ILIKE $1"
            ));
            let (found,): (i64,) = sqlx::query_as(sql)
                .bind(format!("%{part}%"))
                .fetch_one(&place.cx.pool)
                .await
                .unwrap();
            assert_eq!(found, 0, "a share in {table}");
        }
    }
    // Whoever writes to the database moves no share to a vault of their own.
    sqlx::query("UPDATE vault SET share = (SELECT share FROM vault WHERE id = $1) WHERE id = $2")
        .bind(vault.uuid())
        .bind(other.uuid())
        .execute(&place.cx.pool)
        .await
        .unwrap();
    let ask = Vault {
        vault: other,
        kept: true,
    };
    assert_eq!(
        amina.refused(&place, VAULT_PATH, &ask).await,
        refused(503, "unavailable")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_used_a_device_when_is_audited_once_with_both_times() {
    let Some(place) = Place::open("vault_use").await else {
        return;
    };
    let amina = place.device("amina").await;
    let now = place.cx.now();
    let ago = |minutes: u64| At::from_millis(now.millis() - minutes * 60_000);
    let told = Use {
        events: vec![
            (ago(9), UseKind::TakenOffline),
            (ago(8), UseKind::Locked),
            (ago(7), UseKind::Failed),
            (ago(6), UseKind::Failed),
            (ago(5), UseKind::Unlocked),
            (ago(4), UseKind::LeaseExpired),
            (ago(3), UseKind::Erased),
        ],
    };
    assert_eq!(amina.ask(&place, USE_PATH, &told).await.0, 204);
    // The answer was lost, so it is told again, with something new; by then a clock was wrong.
    place.clock.pass(Duration::from_secs(20));
    let mut again = told.clone();
    again.events.push((At::from_millis(u64::MAX), UseKind::Locked));
    assert_eq!(amina.ask(&place, USE_PATH, &again).await.0, 204);
    let row = |at: At, device_at| Audited {
        at: i64::try_from(at.millis()).unwrap(),
        user_id: Some(amina.user.uuid()),
        device: Some(amina.id.uuid()),
        subject: None,
        device_at: Some(device_at),
    };
    let minute = |ago: i64| i64::try_from(now.millis()).unwrap() - ago * 60_000;
    for (event, minutes) in [
        ("device.taken_offline", [9].as_slice()),
        ("device.unlock_failed", &[7, 6]),
        ("device.unlocked", &[5]),
        ("device.lease_expired", &[4]),
        ("device.erased", &[3]),
    ] {
        let expected: Vec<Audited> = minutes.iter().map(|ago| row(now, minute(*ago))).collect();
        assert_eq!(place.audit(event).await, expected, "{event}");
    }
    let locked = place.audit("device.locked").await;
    assert_eq!(locked, [row(now, minute(8)), row(place.cx.now(), i64::MAX)]);

    let event = (now, UseKind::Locked);
    let many = Use {
        events: vec![event; 201],
    };
    assert_eq!(
        amina.refused(&place, USE_PATH, &many).await,
        refused(400, "malformed")
    );
    let full = Use {
        events: (0..200)
            .map(|n| (At::from_millis(n), UseKind::Unlocked))
            .collect(),
    };
    assert_eq!(amina.ask(&place, USE_PATH, &full).await.0, 204);
    assert_eq!(place.audit("device.unlocked").await.len(), 201);
    // Another device's same moment is another event.
    let tom = place.device("tom").await;
    let one = Use {
        events: vec![(ago(5), UseKind::Unlocked)],
    };
    assert_eq!(tom.ask(&place, USE_PATH, &one).await.0, 204);
    assert_eq!(place.audit("device.unlocked").await.len(), 202);
    assert_eq!(tom.ask(&place, SIGN_OUT_PATH, &()).await.0, 204);
    assert_eq!(tom.refused(&place, USE_PATH, &one).await, refused(401, "revoked"));
}
