//! Taking conversations on a visit: all entries of their logs come to the vault, page by page, and then it is said whether
//! anything is missing to go where there is no network. What this device has not heard of it cannot miss, so nobody is told
//! that they are ready without a connection, and before everything has come on it.

use baton_core::chain::Seq;
use baton_core::device_api::{HISTORY_PATH, History, HistoryAnswer, UseKind};
use baton_core::id::SpaceId;
use baton_core::sync::{Space, Store as Stored, Sync};
use wasm_bindgen_futures::spawn_local;

use crate::app::Baton;
use crate::session::AskError;
use crate::store::connection::Mood;
use crate::store::lists::head::MINE;
use crate::vault::DbError;
use crate::{clock, moment, web};

/// How far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is being taken.
    #[default]
    Idle,
    /// Conversations are on their way.
    Taking {
        /// So many are here.
        done: usize,
        /// Of so many.
        of: usize,
    },
    /// Whether one can go.
    Taken(Check),
}

/// Whether one is ready to go where there is no network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Chosen conversations of which something is not here.
    pub incomplete: Vec<String>,
    /// Something stopped it.
    pub failed: Option<Failed>,
    /// Whether it stays when the tab is closed.
    pub kept: bool,
    /// Whether the app itself is here.
    pub has_shell: bool,
    /// Whether the browser promised not to give it up.
    pub persists: bool,
    /// Items that the record does not have yet.
    pub waiting: usize,
    /// Items that it did not take.
    pub refused: usize,
    /// Until when it may be held, in words.
    pub until: Option<String>,
}

/// Why not everything came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// Nothing is chosen.
    Empty,
    /// The device is full.
    Full,
    /// The record could not be reached.
    Offline,
    /// The browser did not read or write what is here.
    Storage,
}

impl Check {
    /// What is missing, each with what to do.
    pub fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        match self.failed {
            Some(Failed::Empty) => missing.push("Nothing is chosen.".to_owned()),
            Some(Failed::Full) => {
                missing.push("This device is full. Free some space, or take fewer conversations.".to_owned());
            }
            Some(Failed::Offline) => {
                missing
                    .push("The record could not be reached. Try again when you have a network.".to_owned());
            }
            Some(Failed::Storage) => missing.push(
                "This browser could not keep it. Close other tabs of Baton, then try again.".to_owned(),
            ),
            None => {}
        }
        match self.incomplete.as_slice() {
            [] => {}
            titles => missing.push(format!(
                "Not all of {} is here. Choose Take with me.",
                titles.join(", ")
            )),
        }
        if !self.has_shell {
            missing.push("Baton itself is not on this device yet. Reload this page, leave it open for a moment, then check again.".to_owned());
        }
        if !self.kept {
            missing.push(
                "It would be erased when this tab is closed or the battery ends. Choose Keep on this device."
                    .to_owned(),
            );
        }
        if !self.persists {
            missing.push("This browser may erase what is here when the device is full. Add Baton to the home screen, then choose Take with me again.".to_owned());
        }
        match self.waiting {
            0 => {}
            1 => missing.push("1 item waits to be sent.".to_owned()),
            count => missing.push(format!("{count} items wait to be sent.")),
        }
        if self.refused > 0 {
            missing.push(format!(
                "Not taken by the record: {}. Correct or discard it where you wrote it.",
                self.refused
            ));
        }
        missing
    }

    /// Whether nothing is missing.
    pub fn is_ready(&self) -> bool {
        self.missing().is_empty()
    }
}

impl Baton {
    /// Brings everything of some conversations to this device.
    pub fn take(self, spaces: Vec<SpaceId>) {
        let taking = self.store.device.taking;
        if matches!(taking.get_untracked(), Progress::Taking { .. }) {
            return;
        }
        let vault = self.visit().keys().map(|keys| keys.vault);
        self.note_use(vault, UseKind::TakenOffline);
        let is_over = self.is_over();
        spawn_local(async move {
            let of = spaces.len();
            let mut failed = None;
            for (done, space) in spaces.iter().enumerate() {
                if is_over() {
                    return;
                }
                taking.set(Progress::Taking { done, of });
                failed = self.take_one(*space).await;
                if failed.is_some() {
                    break;
                }
            }
            web::persist().await;
            let check = self.look_over(&spaces, failed).await;
            if !is_over() {
                taking.set(Progress::Taken(check));
            }
        });
    }

    /// Looks whether everything of some conversations is here, and whatever else one needs without a network.
    pub fn check_ready(self, spaces: Vec<SpaceId>) {
        let is_over = self.is_over();
        spawn_local(async move {
            let check = self.look_over(&spaces, None).await;
            if !is_over() {
                self.store.device.taking.set(Progress::Taken(check));
            }
        });
    }

    /// Tells whether what is open now is no longer what was.
    fn is_over(self) -> impl Fn() -> bool {
        let open = move || self.visit().keys().map(|keys| keys.vault);
        let was = open();
        move || open() != was
    }

    async fn take_one(self, space: SpaceId) -> Option<Failed> {
        loop {
            let live = self.command.live()?;
            live.keeper.settle().await;
            let head = live.driver.look(|sync| head_of(sync, space))?;
            let vault = live.keeper.vault();
            let reached = match vault.reaches_back_to(space, head).await {
                Ok(reached) => reached,
                Err(error) => return Some(failed_by(&error)),
            };
            let before = reached.unwrap_or(head.next());
            if before <= Seq::new(1) {
                return None;
            }
            let question = History {
                space,
                before,
                limit: PAGE,
            };
            let answer: Result<HistoryAnswer, AskError> =
                live.record().ask(&live.device(), HISTORY_PATH, &question).await;
            let Ok(answer) = answer else {
                return Some(Failed::Offline);
            };
            let about = live.driver.change(|sync, _| sync.read_older(space, &answer));
            let Some(about) = about.filter(|_| !answer.entries.is_empty()) else {
                return Some(Failed::Offline);
            };
            let stored = Stored::Entries {
                space,
                entries: answer.entries,
                about,
            };
            let mut batch = vault.batch();
            batch.store(&stored);
            match vault.write(batch).await {
                Ok(()) => live.indexer.more_is_kept(space),
                Err(error) => return Some(failed_by(&error)),
            }
        }
    }

    async fn look_over(self, spaces: &[SpaceId], failed: Option<Failed>) -> Check {
        let Some(live) = self.command.live() else {
            return Check::default();
        };
        live.keeper.settle().await;
        let vault = live.keeper.vault();
        let line = self.store.connection.get_untracked();
        let is_live = line.mood == Mood::Live && web::is_online();
        let mut incomplete = Vec::new();
        for space in spaces {
            // A tab that follows knows from the one that leads.
            let has_come = |space: &Space| {
                if live.is_leading() {
                    space.is_caught_up() || !space.is_open()
                } else {
                    line.is_caught_up
                }
            };
            let look = |sync: &Sync| {
                let space = sync.space(*space)?;
                Some((space.confirmed().head.seq, !is_live || has_come(space)))
            };
            let Some((head, has_come)) = live.driver.look(look) else {
                continue;
            };
            let reached = vault.reaches_back_to(*space, head).await;
            let is_whole = has_come && (head == Seq::ZERO || reached == Ok(Some(Seq::new(1))));
            if !is_whole {
                let title = self.store.inbox.row(*space).map(|row| row.title);
                // One's own lists are in no inbox.
                incomplete.push(title.unwrap_or_else(|| MINE.to_owned()));
            }
        }
        let now = clock::now();
        let device = &self.store.device;
        let trouble = device
            .trouble
            .with_untracked(|error| error.as_ref().map(failed_by));
        Check {
            incomplete,
            failed: (failed.or(trouble))
                .or((!is_live).then_some(Failed::Offline))
                .or(spaces.is_empty().then_some(Failed::Empty)),
            kept: device.kept.get_untracked(),
            has_shell: crate::shell_worker::is_installed().await,
            persists: web::persists().await,
            waiting: live.driver.look(Sync::unsent),
            refused: live.driver.look(Sync::refused),
            until: device
                .lease_until
                .get_untracked()
                .map(|until| moment::full(until, now, clock::zone)),
        }
    }
}

fn failed_by(error: &DbError) -> Failed {
    if *error == DbError::Full {
        Failed::Full
    } else {
        Failed::Storage
    }
}

fn head_of(sync: &Sync, space: SpaceId) -> Option<Seq> {
    sync.space(space).map(|space| space.confirmed().head.seq)
}

/// Entries that are asked for at one time; the record gives at most 200.
const PAGE: u16 = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_missing_is_said_with_what_to_do() {
        let ready = Check {
            kept: true,
            has_shell: true,
            persists: true,
            ..Check::default()
        };
        assert!(ready.is_ready());
        let not = Check {
            incomplete: vec!["Ward 7".to_owned()],
            failed: Some(Failed::Offline),
            waiting: 2,
            ..Check::default()
        };
        assert_eq!(not.missing().len(), 6, "{:?}", not.missing());
        assert!(not.missing().iter().any(|words| words.contains("Ward 7")));
    }
}
