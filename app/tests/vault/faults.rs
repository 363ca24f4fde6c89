//! A browser that cuts connections, a device that is full.

use baton_app::vault::db::DbError;
use baton_app::vault::registry::Registry;
use baton_core::sync::Store;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page;
use crate::stage::{Kit, came, draft, folded, keep, places, segment, space, written};

#[wasm_bindgen_test]
async fn after_a_cut_everything_goes_on_as_if_nothing_had_been() {
    let kit = Kit::new();
    let (vault, registry) = (kit.open().await, Registry::open().await.unwrap());
    keep(&vault, &[folded(space(1), 1), came(space(1), 2, 3)]).await;
    for round in 1..=3 {
        page::cut_connections().await;
        if round == 2 {
            assert_eq!(vault.restore(&[]).await.unwrap().restored.spaces.len(), 1);
        }
        keep(&vault, &[Store::Put(written(space(1), round, "text"))]).await;
        assert_eq!(registry.find(kit.keys.vault).await.unwrap().map(|_| ()), None);
    }
    let found = vault.restore(&[]).await.unwrap();
    assert_eq!(found.restored.outbox.len(), 3);
    assert_eq!(places(&found.restored.spaces[0].tail), [2, 3]);
}

#[wasm_bindgen_test]
async fn what_is_being_written_when_the_connection_is_cut_is_written_in_its_order() {
    let kit = Kit::new();
    let vault = std::rc::Rc::new(kit.open().await);
    let (count, lanes) = (60, 4);
    let mut writing = Vec::new();
    for lane in 0..lanes {
        let vault = vault.clone();
        writing.push(async move {
            for order in 0..count {
                let mut batch = vault.batch();
                let order = u64::from(order * lanes + lane);
                batch.store(&Store::Put(written(space(1), order, "text")));
                batch.put_draft(
                    space(u8::try_from(lane).unwrap()),
                    Some(&draft(&order.to_string())),
                );
                vault.write(batch).await.unwrap();
            }
        });
    }
    let (done, told) = futures_of(writing);
    for _ in 0..3 {
        page::cut_connections().await;
    }
    done.await;
    assert_eq!(told.get(), lanes);
    let found = vault.restore(&[]).await.unwrap();
    assert_eq!(
        found.restored.outbox.len(),
        usize::try_from(count * lanes).unwrap()
    );
    for lane in 0..lanes {
        let last = found
            .drafts
            .get(&space(u8::try_from(lane).unwrap()))
            .unwrap()
            .text
            .clone();
        assert_eq!(last, ((count - 1) * lanes + lane).to_string());
    }
}

/// Runs futures beside this test; gives their common end, and how many have ended.
fn futures_of(
    futures: Vec<impl Future<Output = ()> + 'static>,
) -> (impl Future<Output = ()>, std::rc::Rc<std::cell::Cell<u32>>) {
    let told = std::rc::Rc::new(std::cell::Cell::new(0));
    let all: js_sys::Array = futures
        .into_iter()
        .map(|future| {
            let told = told.clone();
            wasm_bindgen_futures::future_to_promise(async move {
                future.await;
                told.set(told.get() + 1);
                Ok(wasm_bindgen::JsValue::UNDEFINED)
            })
        })
        .collect();
    let end = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::all(&all));
    (async move { _ = end.await }, told)
}

/// The page may keep 24 MiB in all (`tests/browser/vault.test.mjs`).
const TOO_MUCH: usize = 32 * 1024 * 1024;

#[wasm_bindgen_test]
async fn of_a_batch_for_which_there_is_no_room_nothing_is_written_and_smaller_ones_go_on() {
    let kit = Kit::new();
    let vault = kit.open().await;
    let mut batch = vault.batch();
    batch.put_me(b"before");
    batch.store(&Store::Put(written(space(1), 1, "before")));
    batch.put_segment(segment(1), Some(b"before"));
    vault.write(batch).await.unwrap();

    let mut batch = vault.batch();
    batch.put_me(b"after");
    batch.store(&Store::Put(written(space(1), 2, "after")));
    batch.store(&Store::Remove {
        space: space(1),
        op: written(space(1), 1, "before").op.id,
    });
    batch.put_segment(segment(1), Some(&vec![7; TOO_MUCH]));
    batch.put_draft(space(1), Some(&draft("after")));
    assert_eq!(vault.write(batch).await, Err(DbError::Full));

    for vault in [vault, kit.open().await] {
        let found = vault.restore(&[]).await.unwrap();
        assert_eq!(found.me.as_deref(), Some(b"before".as_slice()));
        assert_eq!(found.restored.outbox, [written(space(1), 1, "before")]);
        assert!(found.drafts.is_empty());
        assert_eq!(
            vault.segments().await.unwrap(),
            [(segment(1), b"before".to_vec())]
        );
    }
    let vault = kit.open().await;
    keep(&vault, &[Store::Put(written(space(1), 2, "after"))]).await;
    assert_eq!(vault.restore(&[]).await.unwrap().restored.outbox.len(), 2);
}

#[wasm_bindgen_test]
async fn what_could_not_be_written_is_read_over_what_was_and_written_later_without_a_key() {
    let kit = Kit::new();
    let vault = kit.open().await;
    keep(
        &vault,
        &[
            folded(space(1), 1),
            came(space(1), 2, 3),
            Store::Put(written(space(1), 1, "one")),
        ],
    )
    .await;
    let mut batch = vault.batch();
    for stored in [
        came(space(1), 4, 4),
        Store::Put(written(space(1), 2, "two")),
        Store::Remove {
            space: space(1),
            op: written(space(1), 1, "one").op.id,
        },
    ] {
        batch.store(&stored);
    }
    batch.put_draft(space(1), Some(&draft("half a thought")));
    let (rest, _) = batch.finish();
    let is_whole = |found: baton_app::vault::Found| {
        assert_eq!(found.restored.outbox, [written(space(1), 2, "two")]);
        assert_eq!(places(&found.restored.spaces[0].tail), [2, 3, 4]);
        assert_eq!(found.drafts.get(&space(1)).unwrap().text, "half a thought");
    };
    is_whole(vault.restore(&rest).await.unwrap());
    assert!(
        vault.restore(&[]).await.unwrap().drafts.is_empty(),
        "nothing is written by that"
    );
    drop(vault);
    baton_app::vault::rest::write(kit.keys.vault, &rest)
        .await
        .unwrap();
    is_whole(kit.open().await.restore(&[]).await.unwrap());
    // What was erased meanwhile is not made again.
    baton_app::vault::Vault::delete(kit.keys.vault).await.unwrap();
    let written = baton_app::vault::rest::write(kit.keys.vault, &rest).await;
    assert_eq!(written, Err(DbError::Erased));
    assert!(!page::databases().await.contains(&kit.database()));
}
