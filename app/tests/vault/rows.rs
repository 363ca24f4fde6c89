//! What is kept comes back, as it was, after a restart.

use baton_app::vault::Vault;
use baton_core::chain::Seq;
use baton_core::photo::PhotoId;
use baton_core::refusal::Refusal;
use baton_core::sync::{Row, Store};
use baton_core::vault::Table;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{Kit, came, draft, entries, folded, keep, person, segment, space, space_row, written};

#[wasm_bindgen_test]
async fn a_vault_that_was_just_made_is_empty() {
    let found = Kit::new().open().await.restore(&[]).await.unwrap();
    assert_eq!(found.me, None);
    assert!(found.restored.spaces.is_empty() && found.restored.outbox.is_empty());
    assert!(found.drafts.is_empty() && found.people.is_empty() && found.unreadable.is_empty());
}

#[wasm_bindgen_test]
async fn everything_that_was_kept_is_there_after_a_restart() {
    let kit = Kit::new();
    {
        let vault = kit.open().await;
        let mut batch = vault.batch();
        batch.put_me(b"who I am");
        batch.put_person(&person(1, "Kowalska"));
        batch.put_person(&person(2, "Nowak"));
        batch.put_draft(space(1), Some(&draft("Bed 4 is")));
        batch.put_segment(segment(7), Some(b"words"));
        for stored in [
            folded(space(1), 3),
            Store::Cursors {
                space: space(1),
                row: Row::new(b"cursors".to_vec()),
            },
            came(space(1), 1, 5),
            folded(space(2), 0),
            Store::Put(written(space(2), 1, "On my way")),
        ] {
            batch.store(&stored);
        }
        vault.write(batch).await.unwrap();
    }
    let vault = kit.open().await;
    let mut found = vault.restore(&[]).await.unwrap();
    found.people.sort_by_key(|person| person.id);
    assert_eq!(found.me.as_deref(), Some(b"who I am".as_slice()));
    assert_eq!(found.people, [person(1, "Kowalska"), person(2, "Nowak")]);
    assert!(found.drafts.get(&space(1)) == Some(&draft("Bed 4 is")));
    assert_eq!(found.unreadable, []);
    assert_eq!(found.restored.outbox, [written(space(2), 1, "On my way")]);
    let [first, second] = found.restored.spaces.as_slice() else {
        panic!("both spaces come back")
    };
    assert_eq!(first.row, space_row(space(1), 3, b"folded"));
    assert_eq!(first.cursors, Some(Row::new(b"cursors".to_vec())));
    assert_eq!(first.tail, entries(4, 5));
    assert_eq!((&second.cursors, second.tail.len()), (&None, 0));
    assert_eq!(vault.segments().await.unwrap(), [(segment(7), b"words".to_vec())]);
    let alone = vault.space(space(1)).await.unwrap().unwrap();
    assert_eq!(
        (alone.row, alone.cursors, alone.tail),
        (first.row.clone(), first.cursors.clone(), first.tail.clone())
    );
    assert!(vault.space(space(9)).await.unwrap().is_none());
}

#[wasm_bindgen_test]
async fn what_is_kept_again_takes_the_place_of_what_was_and_what_is_gone_is_gone() {
    let kit = Kit::new();
    let vault = kit.open().await;
    let mut batch = vault.batch();
    batch.put_me(b"one");
    batch.put_person(&person(1, "Kowalska"));
    batch.put_draft(space(1), Some(&draft("Bed")));
    batch.put_draft(space(2), Some(&draft("Nothing")));
    batch.put_segment(segment(1), Some(b"a"));
    batch.put_segment(segment(2), Some(b"b"));
    vault.write(batch).await.unwrap();
    let mut batch = vault.batch();
    batch.put_me(b"two");
    batch.put_person(&person(1, "Nowak"));
    batch.put_draft(space(1), Some(&draft("Bed 4")));
    batch.put_draft(space(2), None);
    batch.put_segment(segment(1), None);
    vault.write(batch).await.unwrap();
    let found = vault.restore(&[]).await.unwrap();
    assert_eq!(found.me.as_deref(), Some(b"two".as_slice()));
    assert_eq!(found.people, [person(1, "Nowak")]);
    assert!(found.drafts.into_iter().eq([(space(1), draft("Bed 4"))]));
    assert_eq!(vault.segments().await.unwrap(), [(segment(2), b"b".to_vec())]);
}

#[wasm_bindgen_test]
async fn the_outbox_keeps_its_order_over_restarts_whatever_leaves_it_or_is_refused() {
    let kit = Kit::new();
    let all: Vec<_> = (1..=40)
        .map(|order| written(space(u8::try_from(order % 3).unwrap()), order, "text"))
        .collect();
    for part in all.chunks(7) {
        let part: Vec<Store> = part.iter().cloned().map(Store::Put).collect();
        keep(&kit.open().await, &part).await;
    }
    let refused = |mut kept: baton_core::sync::Kept| {
        kept.refused = Some(Refusal::Empty);
        kept
    };
    let changes = [
        Store::Remove {
            space: all[0].space,
            op: all[0].op.id,
        },
        Store::Put(refused(all[4].clone())),
    ];
    keep(&kit.open().await, &changes).await;
    let mut outbox = kit.open().await.restore(&[]).await.unwrap().restored.outbox;
    outbox.sort_by_key(|kept| kept.order);
    let expected: Vec<_> = all
        .into_iter()
        .skip(1)
        .map(|kept| if kept.order == 5 { refused(kept) } else { kept })
        .collect();
    assert_eq!(outbox, expected);
}

#[wasm_bindgen_test]
async fn a_space_that_is_forgotten_leaves_what_was_written_in_it_and_all_others() {
    let kit = Kit::new();
    let vault = kit.open().await;
    let cursors = |number| Store::Cursors {
        space: space(number),
        row: Row::new(vec![number]),
    };
    for number in [1, 2] {
        let about = Store::Entries {
            space: space(number),
            entries: entries(1, 300),
            about: vec![(Seq::new(300), crate::stage::op_of(1))],
        };
        let put = Store::Put(written(space(number), u64::from(number), "unsent"));
        keep(&vault, &[folded(space(number), 290), cursors(number), about, put]).await;
    }
    keep(&vault, &[Store::Forget(space(1))]).await;
    let found = vault.restore(&[]).await.unwrap();
    assert_eq!(found.restored.outbox.len(), 2);
    assert_eq!(found.restored.spaces.len(), 1);
    assert_eq!(found.restored.spaces[0].tail, entries(291, 300));
    assert!(vault.space(space(1)).await.unwrap().is_none());
    assert!(
        vault
            .entries(space(1), Seq::new(1), Seq::new(300))
            .await
            .unwrap()
            .is_empty()
    );
    let of_the_other = (2 + 1, 2);
    assert_eq!(
        (
            kit.rows(Table::Log).await.len(),
            kit.rows(Table::Space).await.len()
        ),
        of_the_other
    );
}

#[wasm_bindgen_test]
async fn when_the_lease_has_ended_only_what_was_not_sent_stays() {
    let kit = Kit::new();
    let vault = kit.open().await;
    let mut batch = vault.batch();
    batch.put_me(b"who I am");
    batch.put_person(&person(1, "Kowalska"));
    batch.put_draft(space(1), Some(&draft("Bed 4")));
    batch.put_segment(segment(1), Some(b"words"));
    batch.put_photo(space(1), PhotoId::of(b"seen"), b"seen".to_vec());
    batch.put_taken(PhotoId::of(b"taken"), b"taken".to_vec());
    for stored in [
        folded(space(1), 1),
        came(space(1), 1, 9),
        Store::Put(written(space(1), 1, "unsent")),
    ] {
        batch.store(&stored);
    }
    vault.write(batch).await.unwrap();
    assert_eq!(Vault::keep_the_unsent_alone(kit.keys.vault).await, Ok(true));
    for table in Table::ALL {
        let stays = [Table::Draft, Table::Me, Table::Outbox, Table::Taken].contains(&table);
        assert_eq!(kit.rows(table).await.len(), usize::from(stays), "{table:?}");
    }
    let mut batch = vault.batch();
    batch.put_draft(space(1), None);
    batch.store(&Store::Remove {
        space: space(1),
        op: written(space(1), 1, "unsent").op.id,
    });
    vault.write(batch).await.unwrap();
    assert_eq!(Vault::keep_the_unsent_alone(kit.keys.vault).await, Ok(false));
}
