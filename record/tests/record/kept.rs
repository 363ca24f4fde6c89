//! What the database holds: nothing that a thief could read, and nothing that could be changed unseen.

use baton_core::device_api::{CREATE_PATH, Create, SpaceGrant};
use baton_core::op::space::SpaceKind;
use baton_record::log::snapshot;
use baton_record::log::verify::{self, Fault};

use crate::place::{Place, append, append_one, posted};

#[tokio::test(flavor = "multi_thread")]
async fn no_name_title_or_text_is_kept_in_plain() {
    let Some(place) = Place::open("kept_sealed").await else {
        return;
    };
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let asked = Create {
        kind: SpaceKind::Group,
        title: "Zanzibar planning".into(),
        members: vec![tom.user],
        request: place.cx.make_op_id(),
        about: None,
    };
    let group: SpaceGrant = amina.get(&place, CREATE_PATH, &asked).await;
    place.team("Zanzibar ward", &["amina"], &["tom"]).await;
    let mut ring = amina.keys(&place, group.space).await;
    append_one(
        &place.cx,
        group.space,
        amina.seal(&place, &mut ring, posted("Quetzalcoatl is better")),
    )
    .await;
    snapshot::make(&place.cx, group.space).await.unwrap();

    let tables: Vec<(String,)> =
        sqlx::query_as("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            .fetch_all(&place.cx.pool)
            .await
            .unwrap();
    assert!(tables.len() > 12);
    let planted = [
        "Zanzibar",
        "Quetzalcoatl",
        "KHAN",
        "Amina",
        "FLETCHER",
        "Tom",
        "BYRNE",
        "Siobh",
        "Ward manager",
        "Registrar",
        "Organisation RX",
        "amina",
        "siobhan",
    ];
    for (table,) in &tables {
        for word in planted {
            let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
            let sql = sqlx::AssertSqlSafe(format!(
                "SELECT count(*) FROM {table} AS row WHERE row::text ILIKE $1 OR row::text ILIKE $2"
            ));
            let (found,): (i64,) = sqlx::query_as(sql)
                .bind(format!("%{word}%"))
                .bind(format!("%{hex}%"))
                .fetch_one(&place.cx.pool)
                .await
                .unwrap();
            assert_eq!(found, 0, "{word} in {table}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_finds_what_was_changed() {
    let Some(place) = Place::open("kept_verify").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let amina = place.device("amina").await;
    let mut ring = amina.keys(&place, space).await;
    let ops = (0..10)
        .map(|n| amina.seal(&place, &mut ring, posted(&format!("{n}"))))
        .collect();
    append(&place.cx, space, ops).await;
    snapshot::make(&place.cx, space).await.unwrap();
    assert_eq!(place.assert_verified(space).await, 13);
    assert_eq!(verify::all(&place.cx).await.unwrap(), [space]);
    assert!(
        verify::space(&place.cx, place.cx.make_space_id())
            .await
            .unwrap()
            .is_none()
    );

    let faults = async |change: &'static str| {
        sqlx::query(change).execute(&place.cx.pool).await.unwrap();
        verify::space(&place.cx, space).await.unwrap().unwrap().faults
    };
    let changed =
        faults("UPDATE log SET sealed = set_byte(sealed, 200, 255 - get_byte(sealed, 200)) WHERE seq = 5")
            .await;
    assert_eq!(
        changed,
        [Fault::Chain(5), Fault::Envelope(5), Fault::Snapshot(13)]
    );
    faults("UPDATE log SET sealed = set_byte(sealed, 200, 255 - get_byte(sealed, 200)) WHERE seq = 5").await;
    place.assert_verified(space).await;

    let later = faults("UPDATE log SET at = at + 1 WHERE seq = 6").await;
    assert_eq!(later, [Fault::Chain(6), Fault::Time(7), Fault::Snapshot(13)]);
    faults("UPDATE log SET at = at - 1 WHERE seq = 6").await;

    let admin = faults("UPDATE member SET admin = NOT admin").await;
    assert_eq!(admin, [Fault::Members]);
    faults("UPDATE member SET admin = NOT admin").await;

    let head = faults("UPDATE space SET head_seq = head_seq + 1").await;
    assert_eq!(head, [Fault::Head]);
    faults("UPDATE space SET head_seq = head_seq - 1").await;

    let snapshot =
        faults("UPDATE snapshot SET sealed = set_byte(sealed, 300, 255 - get_byte(sealed, 300))").await;
    assert_eq!(snapshot, [Fault::Snapshot(13)]);
    faults("UPDATE snapshot SET sealed = set_byte(sealed, 300, 255 - get_byte(sealed, 300))").await;

    let moved = faults("UPDATE log SET seq = 14 WHERE seq = 13").await;
    assert!(moved.contains(&Fault::Chain(14)), "{moved:?}");
    faults("UPDATE log SET seq = 13 WHERE seq = 14").await;

    let cut = faults("DELETE FROM log WHERE seq = 13").await;
    assert_eq!(cut, [Fault::Head, Fault::Checkpoint(13)]);
    let key =
        faults("UPDATE space_key SET wrapped = set_byte(wrapped, 20, 255 - get_byte(wrapped, 20))").await;
    assert_eq!(key, [Fault::Key]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_is_only_added_to() {
    let Some(place) = Place::open("kept_audit").await else {
        return;
    };
    assert!(place.count("audit").await > 0);
    for change in ["UPDATE audit SET at = 0", "DELETE FROM audit"] {
        assert!(sqlx::query(change).execute(&place.cx.pool).await.is_err());
    }
}
