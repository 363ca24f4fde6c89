//! Names of databases, tables and indexes, and all keys: nothing in them tells who or what it is about.

use baton_app::vault::db::{Db, Missing, Write};
use baton_app::vault::registry::Registry;
use baton_core::chain::Seq;
use baton_core::id::SpaceId;
use baton_core::secret::Personal;
use baton_core::sync::{Row, Store};
use baton_core::vault::Table;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::erase::listed;
use crate::page;
use crate::stage::{Kit, came, draft, entries, folded, looked_up, person, segment, written};

#[wasm_bindgen_test]
async fn nothing_that_the_browser_keeps_tells_a_name_a_number_or_a_space() {
    let (name, number) = (page::planted("name").await, page::planted("number").await);
    let id: SpaceId = page::planted("space").await.parse().unwrap();
    let kit = Kit::new();
    let registry = Registry::open().await.unwrap();
    registry.list(&listed(&kit, true)).await.unwrap();
    let vault = kit.open().await;
    let text = format!("{name}, NHS {number}");
    let mut batch = vault.batch();
    batch.put_me(text.as_bytes());
    let mut somebody = person(1, &name);
    somebody.registration = Some(Personal::new(number.clone()));
    batch.put_person(&somebody);
    let patient = looked_up(2, &text);
    batch.put_patient(patient.patient.id, Some(&patient));
    batch.put_draft(id, Some(&draft(&text)));
    batch.put_segment(segment(1), Some(text.as_bytes()));
    let about = Store::Entries {
        space: id,
        entries: entries(5, 6),
        about: vec![(Seq::new(6), crate::stage::op_of(5))],
    };
    let cursors = Store::Cursors {
        space: id,
        row: Row::new(text.clone().into_bytes()),
    };
    for stored in [
        folded(id, 4),
        cursors,
        about,
        came(id, 1, 4),
        Store::Put(written(id, 1, &text)),
    ] {
        batch.store(&stored);
    }
    vault.write(batch).await.unwrap();
    // What is not sealed is found: by this test, and in the profile by what runs it.
    let control = page::planted("control").await.into_bytes();
    let unsealed = Write::Put(Table::Search.name(), b"control".to_vec(), control.clone());
    kit.write(&[unsealed]).await;

    let plain = id.uuid().simple().to_string();
    let mut needles: Vec<Vec<u8>> = vec![id.as_bytes().to_vec()];
    for word in [name.clone(), number, id.to_string(), plain] {
        needles.push(word.to_lowercase().into_bytes());
        needles.push(word.encode_utf16().flat_map(u16::to_le_bytes).collect());
        needles.push(word.into_bytes());
    }
    let everything = page::everything().await;
    assert!(everything.contains(&control), "all rows are looked through");
    for found in everything {
        for needle in &needles {
            let is_in = found.windows(needle.len()).any(|part| part == needle);
            assert!(!is_in, "{} bytes hold what was planted", found.len());
        }
    }
    // What was looked through is what the vault reads.
    let found = vault.restore(&[]).await.unwrap();
    assert_eq!(found.people[0].name.expose().family, name);
    assert_eq!(found.patients, [patient]);
    assert_eq!(found.unreadable.len(), 0);
    // The list is as it was; the vault stays on the disk, where it is looked for again.
    let below = Db::open("baton", 1, &["vaults"], Missing::Make).await.unwrap();
    let key = kit.keys.vault.as_bytes().to_vec();
    below.write(&[Write::Remove("vaults", key)], true).await.unwrap();
}
