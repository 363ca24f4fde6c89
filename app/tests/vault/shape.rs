//! Databases that another version of the app made.

use baton_app::vault::db::{Db, DbError, Missing, Read, Write};
use baton_app::vault::{TABLES, VERSION, Vault};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page;
use crate::stage::Kit;

const OLDER: [&str; 2] = ["draft", "me"];

fn row(table: &'static str) -> Write {
    Write::Put(table, b"key".to_vec(), table.as_bytes().to_vec())
}

#[wasm_bindgen_test]
async fn tables_that_an_older_version_lacks_are_made_and_its_rows_stay() {
    let name = Kit::new().database();
    {
        let older = Db::open(&name, VERSION, &OLDER, Missing::Make).await.unwrap();
        older.write(&OLDER.map(row), true).await.unwrap();
    }
    let newer = Db::open(&name, VERSION + 1, &TABLES, Missing::Fail)
        .await
        .unwrap();
    newer.write(&[row("outbox")], true).await.unwrap();
    let read = newer.read(&TABLES.map(Read::All)).await.unwrap();
    for (table, rows) in TABLES.into_iter().zip(read) {
        let is_there = OLDER.contains(&table) || table == "outbox";
        let expected = is_there.then(|| (b"key".to_vec(), table.as_bytes().to_vec()));
        assert_eq!(rows, Vec::from_iter(expected), "{table}");
    }
}

#[wasm_bindgen_test]
async fn a_vault_of_a_newer_version_is_refused_and_left_as_it_is() {
    let kit = Kit::new();
    {
        let newer = Db::open(&kit.database(), VERSION + 1, &OLDER, Missing::Make)
            .await
            .unwrap();
        newer.write(&[row("me")], true).await.unwrap();
    }
    assert_eq!(Vault::open(&kit.keys).await.err(), Some(DbError::Newer));
    let newer = Db::open(&kit.database(), VERSION + 1, &OLDER, Missing::Fail)
        .await
        .unwrap();
    let read = newer.read(&[Read::All("me")]).await.unwrap();
    assert_eq!(read, [vec![(b"key".to_vec(), b"me".to_vec())]]);
}

#[wasm_bindgen_test]
async fn a_tab_of_an_older_version_gives_way_to_a_newer_one_and_says_so() {
    let kit = Kit::new();
    let vault = kit.open().await;
    let newer = Db::open(&kit.database(), VERSION + 1, &TABLES, Missing::Fail).await;
    assert!(newer.is_ok());
    let mut batch = vault.batch();
    batch.put_me(b"who I am");
    assert_eq!(vault.write(batch).await, Err(DbError::Newer));
    assert_eq!(vault.restore(&[]).await.err(), Some(DbError::Newer));
}

#[wasm_bindgen_test]
async fn a_tab_that_does_not_give_way_is_told_of_and_once_it_does_nothing_is_left_in_the_way() {
    let kit = Kit::new();
    let clinging = page::cling_to(&kit.database(), VERSION).await;
    let newer = Db::open(&kit.database(), VERSION + 1, &TABLES, Missing::Fail).await;
    assert_eq!(newer.err(), Some(DbError::Blocked));
    page::let_go(clinging).await;
    // Had the opening that was given up left a connection, this would be blocked.
    assert_eq!(Vault::delete(kit.keys.vault).await, Ok(()));
    assert!(!page::databases().await.contains(&kit.database()));
}
