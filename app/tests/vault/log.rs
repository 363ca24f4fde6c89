//! Logs against a model: a set of places.

use std::collections::BTreeSet;

use baton_core::chain::Seq;
use baton_core::sync::Store;
use baton_core::vault::Table;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use crate::stage::{Kit, came, entries, entry, folded, keep, op_of, places, space};

/// A number from `from` to `to`.
fn between(rng: &mut ChaCha20Rng, from: u64, to: u64) -> u64 {
    from + rng.next_u64() % (to - from + 1)
}

#[wasm_bindgen_test]
async fn whatever_chunks_a_log_comes_in_it_reads_as_a_set_of_places() {
    for seed in 1..=6 {
        console_log!("seed {seed}");
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let kit = Kit::new();
        let vault = kit.open().await;
        let mut model = BTreeSet::new();
        let head = 1_500;
        keep(&vault, &[folded(space(1), 0), came(space(2), 1, head)]).await;
        for _ in 0..12 {
            let from = between(&mut rng, 1, head);
            let longest = if rng.next_u32().is_multiple_of(2) { 3 } else { 700 };
            let to = (from + between(&mut rng, 0, longest)).min(head);
            model.extend(from..=to);
            keep(&vault, &[came(space(1), from, to)]).await;
        }
        for _ in 0..20 {
            let from = between(&mut rng, 0, head);
            let to = from + between(&mut rng, 0, 600);
            let here = vault
                .entries(space(1), Seq::new(from), Seq::new(to))
                .await
                .unwrap();
            let expected: Vec<u64> = model.range(from..=to).copied().collect();
            assert_eq!(places(&here), expected, "{from} to {to}");
            assert!(here.iter().all(|here| *here == entry(here.seq.value())));

            let (before, limit) = (between(&mut rng, 1, head), between(&mut rng, 1, 200));
            let page = vault
                .page(space(1), Seq::new(before), usize::try_from(limit).unwrap())
                .await
                .unwrap();
            let first = before.saturating_sub(limit).max(1);
            let is_whole = (first..before).all(|place| model.contains(&place));
            assert_eq!(page.is_some(), is_whole, "{limit} before {before}");
            if let Some(page) = page {
                assert_eq!(places(&page.entries), (first..before).collect::<Vec<_>>());
                assert_eq!(page.is_start, first == 1);
            }

            let place = between(&mut rng, 1, head);
            let reached = (1..=place).rev().take_while(|place| model.contains(place)).last();
            assert_eq!(
                vault.reaches_back_to(space(1), Seq::new(place)).await.unwrap(),
                reached.map(Seq::new),
                "back from {place}"
            );
        }
        let folded_to = between(&mut rng, 0, head);
        keep(&vault, &[folded(space(1), folded_to)]).await;
        let kept = vault.space(space(1)).await.unwrap().unwrap();
        assert_eq!(
            places(&kept.tail),
            model.range(folded_to + 1..).copied().collect::<Vec<_>>()
        );
    }
}

#[wasm_bindgen_test]
async fn a_short_run_takes_nothing_away_from_a_longer_one_that_begins_or_ends_with_it() {
    let vault = Kit::new().open().await;
    keep(&vault, &[came(space(1), 10, 200)]).await;
    keep(&vault, &[came(space(1), 10, 12), came(space(1), 199, 200)]).await;
    let here = vault
        .entries(space(1), Seq::new(10), Seq::new(200))
        .await
        .unwrap();
    assert_eq!(here, entries(10, 200));
}

#[wasm_bindgen_test]
async fn a_start_reads_nothing_of_what_is_folded_already() {
    let kit = Kit::new();
    let vault = kit.open().await;
    keep(&vault, &[folded(space(1), 1_000), came(space(1), 1, 1_000)]).await;
    kit.change(Table::Log, |_, chunk| chunk.truncate(3)).await;
    keep(&vault, &[came(space(1), 1_001, 1_001)]).await;
    keep(&vault, &[came(space(1), 1_002, 1_003)]).await;
    let found = vault.restore(&[]).await.unwrap();
    assert_eq!(places(&found.restored.spaces[0].tail), [1_001, 1_002, 1_003]);
    assert_eq!(
        found.unreadable,
        [],
        "what cannot be read would have been told, had it been read"
    );
}

#[wasm_bindgen_test]
async fn a_page_comes_with_what_was_done_later_to_what_is_on_it_or_not_at_all() {
    let vault = Kit::new().open().await;
    let older = Store::Entries {
        space: space(1),
        entries: entries(1, 100),
        about: vec![(Seq::new(60), op_of(5))],
    };
    let newer = Store::Entries {
        space: space(1),
        entries: entries(900, 910),
        about: vec![
            (Seq::new(903), op_of(5)),
            (Seq::new(905), op_of(5)),
            (Seq::new(906), op_of(80)),
        ],
    };
    keep(&vault, &[older, newer]).await;
    let page = vault.page(space(1), Seq::new(50), 49).await.unwrap().unwrap();
    assert_eq!(places(&page.entries), (1..50).collect::<Vec<_>>());
    assert_eq!(places(&page.later), [60, 903, 905]);
    let missing = Store::Entries {
        space: space(1),
        entries: Vec::new(),
        about: vec![(Seq::new(700), op_of(5))],
    };
    keep(&vault, &[missing]).await;
    assert!(vault.page(space(1), Seq::new(50), 49).await.unwrap().is_none());
    assert!(vault.page(space(1), Seq::new(50), 20).await.unwrap().is_some());
}

#[wasm_bindgen_test]
async fn places_that_cannot_be_are_no_error() {
    let vault = Kit::new().open().await;
    keep(&vault, &[came(space(1), 1, 10)]).await;
    let backwards = vault.entries(space(1), Seq::new(900), Seq::new(3)).await;
    assert_eq!(backwards, Ok(Vec::new()));
    let last = Seq::new(u64::MAX);
    assert_eq!(vault.entries(space(1), last, last).await, Ok(Vec::new()));
    assert_eq!(vault.reaches_back_to(space(1), Seq::ZERO).await, Ok(None));
    assert!(vault.page(space(1), Seq::ZERO, 10).await.unwrap().is_none());
}
