//! The list of vaults, and erasing: whatever comes in between, what is erased is not opened again and goes in the end.

use std::time::Duration;

use baton_app::clock;
use baton_app::vault::Vault;
use baton_app::vault::db::{Db, DbError, Missing, Read, Write};
use baton_app::vault::registry::{Listed, Registry};
use baton_app::web::lock;
use baton_core::id::{DeviceId, VaultId};
use baton_core::secret::Secret;
use baton_core::time::At;
use baton_core::vault::slot::Way;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page;
use crate::stage::{Kit, draft, space};

/// A vault as it is listed, with one way to open it.
pub(crate) fn listed(kit: &Kit, kept: bool) -> Listed {
    let mut lock = kit.keys.lock(At::from_millis(1_000), &mut clock::rng());
    lock.add(Way::Share, &secret(), &kit.keys, &mut clock::rng());
    Listed {
        lock,
        kept,
        devices: vec![DeviceId::from_bytes([4; 16])],
        ahead: 0,
        seen: At::from_millis(7),
        away_until: At::default(),
        record: Vec::new(),
    }
}

fn secret() -> Secret<32> {
    Secret::new([6; 32])
}

async fn make(registry: &Registry, kept: bool) -> Kit {
    let kit = Kit::new();
    registry.list(&listed(&kit, kept)).await.unwrap();
    let vault = kit.open().await;
    let mut batch = vault.batch();
    batch.put_draft(space(1), Some(&draft("Bed 4")));
    vault.write(batch).await.unwrap();
    kit
}

async fn is_listed(registry: &Registry, kit: &Kit) -> bool {
    let all = registry.all().await.unwrap();
    let found = registry.find(kit.keys.vault).await.unwrap();
    let is_in = all.iter().any(|listed| listed.vault() == kit.keys.vault);
    assert_eq!(is_in, found.is_some());
    is_in
}

async fn is_on_the_disk(kit: &Kit) -> bool {
    page::databases().await.contains(&kit.database())
}

#[wasm_bindgen_test]
async fn a_vault_is_listed_with_its_lock_and_what_changes_is_kept() {
    let registry = Registry::open().await.unwrap();
    let kit = make(&registry, true).await;
    let again = Registry::open().await.unwrap();
    let found = again.find(kit.keys.vault).await.unwrap().unwrap();
    let opened = found.lock.open(&Way::Share, &secret()).unwrap();
    assert!(opened.vault_key == kit.keys.vault_key);
    assert!(found.kept && found.seen == At::from_millis(7));
    assert_eq!(found.devices, [DeviceId::from_bytes([4; 16])]);
    let change = |listed: &mut Listed| {
        listed.devices.push(DeviceId::from_bytes([8; 16]));
        listed.kept = false;
    };
    registry.change(kit.keys.vault, change).await.unwrap();
    let found = registry.find(kit.keys.vault).await.unwrap().unwrap();
    assert_eq!((found.kept, found.devices.len()), (false, 2));
    registry.erase(kit.keys.vault).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_vault_that_is_erased_in_another_tab_stays_erased() {
    let registry = Registry::open().await.unwrap();
    let kit = make(&registry, true).await;
    let elsewhere = kit.open().await;
    registry.erase(kit.keys.vault).await.unwrap();
    let mut batch = elsewhere.batch();
    batch.put_draft(space(1), Some(&draft("Bed 5")));
    assert_eq!(elsewhere.write(batch).await, Err(DbError::Erased));
    assert_eq!(elsewhere.restore(&[]).await.err(), Some(DbError::Erased));
    assert!(!is_on_the_disk(&kit).await);
}

#[wasm_bindgen_test]
async fn a_lease_that_is_renewed_while_its_vault_is_erased_brings_nothing_back() {
    let registry = Registry::open().await.unwrap();
    let elsewhere = std::rc::Rc::new(Registry::open().await.unwrap());
    for _ in 0..10 {
        let kit = make(&registry, true).await;
        let (elsewhere, vault) = (elsewhere.clone(), kit.keys.vault);
        let renewals = wasm_bindgen_futures::future_to_promise(async move {
            let renew = |listed: &mut Listed| listed.seen = At::from_millis(9);
            while elsewhere.change(vault, renew).await.unwrap().is_some() {}
            Ok(wasm_bindgen::JsValue::UNDEFINED)
        });
        registry.erase(vault).await.unwrap();
        _ = wasm_bindgen_futures::JsFuture::from(renewals).await.unwrap();
        assert!(!is_listed(&registry, &kit).await);
        assert!(!is_on_the_disk(&kit).await);
    }
}

#[wasm_bindgen_test]
async fn a_vault_that_a_tab_clings_to_opens_for_nobody_and_is_erased_once_that_is_over() {
    let registry = Registry::open().await.unwrap();
    let (kit, other) = (make(&registry, true).await, make(&registry, false).await);
    let clinging = page::cling_to(&kit.database(), baton_app::vault::VERSION).await;
    assert_eq!(registry.erase(kit.keys.vault).await, Err(DbError::Blocked));
    assert!(!is_listed(&registry, &kit).await);
    let renewed = registry.change(kit.keys.vault, |listed| listed.kept = true).await;
    assert!(renewed.unwrap().is_none());
    let again = registry.erase_the_dead(None, clock::now()).await;
    assert_eq!(again, Err(DbError::Blocked));
    assert!(
        !is_on_the_disk(&other).await,
        "one that cannot be erased holds up no other"
    );
    registry.delete_if_empty().await.unwrap();
    page::let_go(clinging).await;
    // The next start.
    let registry = Registry::open().await.unwrap();
    registry.erase_the_dead(None, clock::now()).await.unwrap();
    assert!(!is_on_the_disk(&kit).await);
    registry.delete_if_empty().await.unwrap();
    assert!(!page::databases().await.contains(&"baton".to_owned()));
}

#[wasm_bindgen_test]
async fn a_vault_for_a_session_alone_is_erased_when_no_tab_of_it_lives() {
    let registry = Registry::open().await.unwrap();
    let now = At::from_millis(1_000_000);
    let (kept, dead) = (make(&registry, true).await, make(&registry, false).await);
    let (living, mine) = (make(&registry, false).await, make(&registry, false).await);
    let _living = lock::share(&living_name(living.keys.vault)).await;
    let (away, lost) = (make(&registry, false).await, make(&registry, false).await);
    for (kit, away_until) in [
        (&away, now.plus(Duration::from_mins(1))),
        (&lost, now),
        (&kept, At::default()),
    ] {
        let away = |listed: &mut Listed| listed.away_until = away_until;
        registry.change(kit.keys.vault, away).await.unwrap();
    }
    registry.erase_the_dead(Some(mine.keys.vault), now).await.unwrap();
    for (kit, stays) in [
        (&kept, true),
        (&dead, false),
        (&living, true),
        (&mine, true),
        (&away, true),
        (&lost, false),
    ] {
        assert_eq!(is_listed(&registry, kit).await, stays);
        assert_eq!(is_on_the_disk(kit).await, stays);
    }
    for kit in [kept, living, mine, away] {
        registry.erase(kit.keys.vault).await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_row_of_the_list_that_cannot_be_read_is_told_of_and_the_others_are_found() {
    let registry = Registry::open().await.unwrap();
    let (spoilt, whole) = (make(&registry, true).await, make(&registry, true).await);
    let below = Db::open("baton", 1, &["vaults"], Missing::Make).await.unwrap();
    let key = spoilt.keys.vault.as_bytes().to_vec();
    let read = below.read(&[Read::One("vaults", key.clone())]).await.unwrap();
    let cut = read[0][0].1[..30].to_vec();
    below
        .write(&[Write::Put("vaults", key, cut)], true)
        .await
        .unwrap();
    assert!(!is_listed(&registry, &spoilt).await);
    assert!(is_listed(&registry, &whole).await);
    registry.erase_the_dead(None, clock::now()).await.unwrap();
    assert!(is_on_the_disk(&spoilt).await, "not without a word");
    assert!(registry.erase_the_unreadable().await.unwrap());
    assert!(!is_on_the_disk(&spoilt).await, "nothing opens it any more");
    assert!(!registry.erase_the_unreadable().await.unwrap());
    assert!(is_listed(&registry, &whole).await && is_on_the_disk(&whole).await);
    registry.erase(whole.keys.vault).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_row_of_the_list_that_a_newer_version_made_or_the_browser_did_not_give_is_left_alone() {
    let registry = Registry::open().await.unwrap();
    let (newer, lost) = (make(&registry, true).await, make(&registry, true).await);
    let below = Db::open("baton", 1, &["vaults"], Missing::Make).await.unwrap();
    let key = |kit: &Kit| kit.keys.vault.as_bytes().to_vec();
    let read = below.read(&[Read::One("vaults", key(&newer))]).await.unwrap();
    let mut row = read[0][0].1.clone();
    // The lock's version, "v": 1.
    let version = row.windows(3).position(|part| part == [0x61, b'v', 1]).unwrap();
    row[version + 2] = 2;
    let writes = [
        Write::Put("vaults", key(&newer), row),
        Write::Put("vaults", key(&lost), Vec::new()),
    ];
    below.write(&writes, true).await.unwrap();
    for _ in 0..2 {
        assert!(
            registry.erase_the_unreadable().await.unwrap(),
            "the lost one is told of"
        );
        assert!(is_on_the_disk(&newer).await && is_on_the_disk(&lost).await);
    }
    for kit in [newer, lost] {
        registry.erase(kit.keys.vault).await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_clock_that_is_wrong_or_set_back_neither_ends_a_lease_nor_brings_one_back() {
    let registry = Registry::open().await.unwrap();
    let kit = make(&registry, true).await;
    let hours = |count: u64| At::from_millis(count * 3_600_000);
    let lend = |listed: &mut Listed| {
        listed.lock.renew(&kit.keys, hours(1_072), &mut clock::rng());
        (listed.ahead, listed.seen) = (-73 * 3_600_000, hours(1_000));
    };
    registry.change(kit.keys.vault, lend).await.unwrap();
    let found = async || registry.find(kit.keys.vault).await.unwrap().unwrap();
    // 73 hours fast.
    let listed = found().await;
    assert!(listed.is_lent(hours(1_073)) && listed.is_lent(hours(1_144)));
    assert!(listed.has_ended(hours(1_145)) && !listed.is_lent(hours(1_145)));
    // As time passes that is noted, and the clock is set back.
    registry.note_time(&listed, hours(1_143)).await;
    let listed = found().await;
    assert_eq!(listed.seen, hours(1_070));
    assert!(!listed.has_ended(hours(1_080)) && !listed.is_lent(hours(1_080)));
    registry.note_time(&listed, hours(1_145)).await;
    let listed = found().await;
    assert!(listed.has_ended(hours(1_000)) && !listed.is_lent(hours(1_000)));
    registry.note_time(&listed, hours(1_000)).await;
    assert_eq!(found().await.seen, hours(1_072), "never back");
    registry.erase(kit.keys.vault).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_vault_that_the_browser_gave_up_is_not_made_again_by_opening_it() {
    let registry = Registry::open().await.unwrap();
    let kit = make(&registry, true).await;
    Vault::delete(kit.keys.vault).await.unwrap();
    assert_eq!(Vault::open(&kit.keys).await.err(), Some(DbError::Erased));
    let unsent = Vault::keep_the_unsent_alone(kit.keys.vault).await;
    assert_eq!(unsent, Err(DbError::Erased));
    assert!(!is_on_the_disk(&kit).await);
    registry.erase(kit.keys.vault).await.unwrap();
}

#[wasm_bindgen_test]
async fn the_list_goes_only_when_nothing_is_on_it() {
    let registry = Registry::open().await.unwrap();
    let kit = make(&registry, true).await;
    registry.delete_if_empty().await.unwrap();
    assert!(is_listed(&registry, &kit).await);
    registry.erase(kit.keys.vault).await.unwrap();
    registry.delete_if_empty().await.unwrap();
    assert!(!page::databases().await.contains(&"baton".to_owned()));
    // And comes back when it is needed.
    let kit = make(&registry, true).await;
    assert!(is_listed(&registry, &kit).await);
    registry.erase(kit.keys.vault).await.unwrap();
    _ = Vault::delete(kit.keys.vault).await;
}

fn living_name(vault: VaultId) -> String {
    format!("baton-vault-{}", vault.uuid().simple())
}
