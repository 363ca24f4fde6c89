//! A browser that is killed while it writes. Two halves, between which it was killed and started again.

use baton_core::id::VaultId;
use baton_core::secret::Secret;
use baton_core::sync::Store;
use baton_core::vault::slot::Keys;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page;
use crate::stage::{Kit, draft, segment, space, written};

/// A vault whose keys are the same in both halves of a case.
pub(crate) fn same_after_a_restart(number: u8) -> Kit {
    Kit {
        keys: Keys {
            vault: VaultId::from_bytes([number; 16]),
            vault_key: Secret::new([number; 32]),
            lock_key: Secret::new([number; 32]),
        },
    }
}

#[wasm_bindgen_test]
#[ignore = "the first half of a case"]
async fn batches_are_written_until_the_browser_is_killed() {
    let vault = same_after_a_restart(1).open().await;
    for number in 1.. {
        let mut batch = vault.batch();
        let order = u64::from(number);
        batch.put_segment(segment(number), Some(&number.to_be_bytes().repeat(500)));
        batch.store(&Store::Put(written(space(1), order, "text")));
        batch.store(&Store::Put(written(space(2), order | 1 << 20, "text")));
        batch.put_draft(space(3), Some(&draft(&number.to_string())));
        batch.put_me(&number.to_be_bytes());
        vault.write(batch).await.unwrap();
        page::say_done(number).await;
    }
}

#[wasm_bindgen_test]
#[ignore = "the second half of a case"]
async fn each_batch_is_there_whole_or_not_at_all_and_none_that_was_done_is_missing() {
    let done: u32 = page::planted("done").await.parse().unwrap();
    let vault = same_after_a_restart(1).open().await;
    let found = vault.restore(&[]).await.unwrap();
    assert_eq!(found.unreadable, []);
    let last = u32::from_be_bytes(found.me.as_deref().unwrap().try_into().unwrap());
    assert!(
        (done..=done + 1).contains(&last),
        "{done} were done, {last} are there"
    );
    let numbers: Vec<u32> = vault
        .segments()
        .await
        .unwrap()
        .into_iter()
        .map(|(id, _)| id.first)
        .collect();
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
    assert_eq!(found.drafts.get(&space(3)).unwrap().text, last.to_string());
    let mut orders: Vec<u64> = found.restored.outbox.iter().map(|kept| kept.order).collect();
    orders.sort_unstable();
    let expected = (1..=u64::from(last)).chain((1..=u64::from(last)).map(|order| order | 1 << 20));
    assert!(orders.into_iter().eq(expected));
}
