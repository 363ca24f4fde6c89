//! The keys of an open vault on their way: over a reload of this tab, through the service worker's memory, and to another
//! tab of this browser that somebody opens. They are never written.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use baton_core::cbor;
use baton_core::id::VaultId;
use baton_core::vault::slot::Keys;
use serde::{Deserialize, Serialize};

use crate::sync::tab;
use crate::web::channel::Channel;
use crate::{clock, web};

/// The channel on which a tab that was just opened asks for keys.
const CHANNEL: &str = "baton-keys";

/// This tab's name, in its session storage: a reload keeps it.
const TAB: &str = "baton.tab";

/// The vaults that this tab opened or made, by id: they live as long as it does.
const MINE: &str = "baton.mine";

#[derive(Serialize, Deserialize)]
enum Said {
    /// Who has a vault open? The number tells whose question it is.
    Asked(u64),
    /// Here are its keys.
    Told(u64, Keys),
}

/// Gives keys to tabs that are opened, for as long as it is not dropped.
pub struct Giver(#[expect(dead_code, reason = "it listens until it is dropped")] Option<Channel>);

impl Giver {
    /// Begins to give the keys of an open vault.
    pub fn of(keys: Keys) -> Self {
        let channel: Rc<RefCell<Option<Rc<Channel>>>> = Rc::default();
        let answers = channel.clone();
        let heard = move |bytes: Vec<u8>| {
            if let (Ok(Said::Asked(number)), Some(channel)) =
                (cbor::from_bytes(&bytes), answers.borrow().as_ref())
            {
                let told = zeroize::Zeroizing::new(cbor::to_bytes(&Said::Told(number, keys.clone())));
                channel.say(&told);
            }
        };
        let listening = Channel::open(CHANNEL, heard);
        *channel.borrow_mut() = Channel::open(CHANNEL, |_| {}).map(Rc::new);
        Self(listening)
    }
}

/// Keys that came from elsewhere in this browser. A vault takes a moment to open with them, and what the other tabs say
/// meanwhile is heard.
pub struct Carried {
    /// The keys.
    pub keys: Keys,
    is_over: Rc<Cell<bool>>,
    _tabs: Option<Channel>,
}

impl Carried {
    /// Listens from now on.
    pub fn of(keys: Keys) -> Self {
        let is_over: Rc<Cell<bool>> = Rc::default();
        let ends = is_over.clone();
        let tabs = Channel::open(&tab::channel(keys.vault), move |bytes| {
            let said = cbor::from_bytes(&bytes);
            if matches!(said, Ok(tab::Said::Lock | tab::Said::Over(_))) {
                ends.set(true);
            }
        });
        Self {
            keys,
            is_over,
            _tabs: tabs,
        }
    }

    /// Whether the vault was locked or erased since, so that these keys open nothing any more.
    pub fn is_over(&self) -> bool {
        self.is_over.get()
    }
}

/// Asks the other tabs for the keys of a vault that one of them has open.
pub async fn ask_tabs() -> Option<Carried> {
    let number = u64::from_be_bytes(clock::random());
    let told: Rc<RefCell<Option<Carried>>> = Rc::default();
    let takes = told.clone();
    let channel = Channel::open(CHANNEL, move |bytes| {
        if let Ok(Said::Told(to, keys)) = cbor::from_bytes(&bytes)
            && to == number
        {
            takes.borrow_mut().get_or_insert_with(|| Carried::of(keys));
        }
    })?;
    channel.say(&cbor::to_bytes(&Said::Asked(number)));
    for _ in 0..TRIES {
        web::wait(EVERY).await;
        if let Some(carried) = told.borrow_mut().take() {
            return Some(carried);
        }
    }
    None
}

/// Leaves keys with the service worker, for the page that this tab loads next.
pub fn leave(keys: &Keys) {
    crate::shell_worker::hold(&tab_name(), &zeroize::Zeroizing::new(cbor::to_bytes(keys)));
}

/// Takes the keys that this tab left before it was reloaded.
pub async fn take() -> Option<Carried> {
    let bytes = zeroize::Zeroizing::new(crate::shell_worker::take(&tab_name()).await?);
    cbor::from_bytes(&bytes).ok().map(Carried::of)
}

fn tab_name() -> String {
    web::kept(TAB).unwrap_or_else(|| {
        let tab = web::to_base64url(&clock::random::<16>());
        web::keep(TAB, &tab);
        tab
    })
}

/// The vaults that live as long as this tab.
pub fn mine() -> Vec<VaultId> {
    let kept = web::kept(MINE).unwrap_or_default();
    kept.split(' ').filter_map(|id| id.parse().ok()).collect()
}

/// From now on a vault lives as long as this tab; it was opened last.
pub fn add_mine(vault: VaultId) {
    let mut all = mine();
    all.retain(|id| *id != vault);
    all.push(vault);
    keep_mine(&all);
}

/// Whose vault was opened last in this tab: where they were is for nobody else.
pub fn last() -> Option<VaultId> {
    mine().pop()
}

/// A vault is no more.
pub fn remove_mine(vault: VaultId) {
    let all: Vec<VaultId> = mine().into_iter().filter(|id| *id != vault).collect();
    keep_mine(&all);
}

fn keep_mine(all: &[VaultId]) {
    let ids: Vec<String> = all.iter().map(ToString::to_string).collect();
    web::keep(MINE, &ids.join(" "));
}

/// Other tabs answer within this many waits of so many milliseconds, or there is none.
const TRIES: usize = 12;
const EVERY: i32 = 10;
