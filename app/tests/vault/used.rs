//! What happened to vaults is kept until the record was told, and no longer than the vault.

use baton_app::vault::registry::Registry;
use baton_core::device_api::UseKind;
use baton_core::time::At;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::erase::listed;
use crate::stage::Kit;

#[wasm_bindgen_test]
async fn what_happened_is_kept_until_it_is_told_and_goes_with_its_vault() {
    let registry = Registry::open().await.unwrap();
    let kit = Kit::new();
    let vault = kit.keys.vault;
    let at = At::from_millis;
    registry.note_use(vault, at(1), UseKind::Failed).await.unwrap();
    assert!(
        registry.used(vault).await.unwrap().events.is_empty(),
        "it is not listed"
    );

    registry.list(&listed(&kit, true)).await.unwrap();
    registry.note_use(vault, at(2), UseKind::Failed).await.unwrap();
    for late in [3, 4] {
        registry
            .note_use(vault, at(late), UseKind::LeaseExpired)
            .await
            .unwrap();
    }
    let again = Registry::open().await.unwrap();
    let told = again.used(vault).await.unwrap();
    assert_eq!(
        told.events,
        [(at(2), UseKind::Failed), (at(3), UseKind::LeaseExpired)]
    );
    let all = registry.all().await.unwrap();
    assert_eq!(all.iter().filter(|one| one.vault() == vault).count(), 1);

    registry.note_use(vault, at(5), UseKind::Unlocked).await.unwrap();
    again.forget_used(vault, &told).await.unwrap();
    assert_eq!(
        registry.used(vault).await.unwrap().events,
        [(at(5), UseKind::Unlocked)]
    );

    for millis in 0..250 {
        registry
            .note_use(vault, at(100 + millis), UseKind::Failed)
            .await
            .unwrap();
    }
    let full = registry.used(vault).await.unwrap();
    assert_eq!(full.events.len(), 200, "as many as the record takes");
    assert_eq!(
        full.events.first(),
        Some(&(at(5), UseKind::Unlocked)),
        "what came first stays"
    );

    registry.erase(vault).await.unwrap();
    assert!(registry.used(vault).await.unwrap().events.is_empty());
}
