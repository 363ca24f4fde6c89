//! Opening the app.

use baton_core::vault::slot::{Keys, Way};
use wasm_bindgen_futures::spawn_local;

use super::Locked;
use crate::app::{Baton, Phase};
use crate::clock;
use crate::config::{Config, ConfigError};
use crate::page::problem::Problem;
use crate::route::Route;
use crate::session::hold::Carried;
use crate::session::lend::{self, LendError};
use crate::session::sign_in::Returned;
use crate::session::{Me, Record, hold};
use crate::vault::DbError;
use crate::vault::registry::Listed;
use crate::web;

impl Baton {
    /// Begins, or begins anew after a problem.
    pub fn begin(self) {
        let returned = Returned::take();
        self.phase.set(Phase::Wait("Starting"));
        spawn_local(async move {
            match Config::load().await {
                Ok(config) => self.config.set(Some(config.clone())),
                Err(ConfigError::Malformed) => return self.fail(Problem::Deployment),
                Err(ConfigError::Unreachable) => return self.fail(Problem::Unreachable),
            }
            for vault in hold::mine() {
                self.visit().live_with(vault).await;
            }
            let began = match returned {
                Some(returned) => self.come_back(returned).await,
                None => self.carry_on().await,
            };
            if let Err(problem) = began {
                self.fail(problem);
            }
            self.tidy();
        });
    }

    /// Somebody comes back from the identity provider.
    async fn come_back(self, returned: Returned) -> Result<(), Problem> {
        let config = self.config_now()?;
        let record = Record::named_by(&config);
        let was = web::kept(WHERE).unwrap_or_default();
        web::forget(WHERE);
        self.router.replace(Route::Inbox);
        self.phase.set(Phase::Wait("Signing you in"));
        let signed_in = returned.finish(&record).await;
        let (device, session) = signed_in.map_err(|error| Problem::from_sign_in(&error))?;
        let registry = self
            .visit()
            .registry()
            .await
            .map_err(|error| problem_of_db(&error))?;
        let keys = match lend::find_mine(&record, &device, &registry)
            .await
            .map_err(problem_of)?
        {
            Some(keys) => keys,
            None => lend::make(&record, &device, &registry)
                .await
                .map_err(problem_of)?,
        };
        let (whose, place) = was.split_once(' ').unwrap_or_default();
        if whose.is_empty() || whose == keys.vault.to_string() {
            self.router.replace(Route::parse(place));
        }
        let me = Me::new(device, &session);
        self.enter(keys, Some((me, session)))
            .await
            .map_err(|error| problem_of_db(&error))
    }

    /// Somebody opens the app: after a reload, beside another tab, or anew.
    async fn carry_on(self) -> Result<(), Problem> {
        let carried = match hold::take().await {
            Some(carried) => Some(carried),
            None => hold::ask_tabs().await,
        };
        if let Some(carried) = carried {
            self.enter_with(carried)
                .await
                .map_err(|error| problem_of_db(&error))
        } else {
            self.show_locked(None).await;
            Ok(())
        }
    }

    /// Opens what is open in another tab, or was in this one: unless somebody locks it meanwhile.
    pub(super) async fn enter_with(self, carried: Carried) -> Result<(), DbError> {
        let entered = self.enter(carried.keys.clone(), None).await;
        match entered {
            // Signing out erased it, or an order did, which is no loss.
            Err(DbError::Erased) if carried.is_over() => {
                self.close();
                self.show_locked(None).await;
                return Ok(());
            }
            Ok(()) if carried.is_over() => self.lock_here(false).await,
            Ok(()) | Err(_) => {}
        }
        entered
    }

    /// Shows what is locked here and how it opens, or invites to sign in where nothing is.
    pub(super) async fn show_locked(self, wrong: Option<super::Wrong>) {
        let mut read = self.locked().await;
        if read == Err(DbError::Newer) {
            return self.fail(Problem::Version);
        }
        if matches!(&read, Err(error) if *error != DbError::Unavailable) {
            // A browser that has just been started again may still be busy with what it keeps.
            web::wait(READ_AGAIN).await;
            read = self.locked().await;
        }
        let wrong = match &read {
            Ok(_) | Err(DbError::Unavailable) => wrong,
            Err(_) => Some(super::Wrong::Database),
        };
        if self.visit().keys().is_some() {
            // Somebody was let in while that was read.
            return;
        }
        let locked = read.unwrap_or_default();
        if locked.vaults == 0 && wrong == Some(super::Wrong::Database) {
            self.phase.set(Phase::Locked(Locked { wrong, ..locked }));
            return;
        }
        if locked.vaults == 0 {
            self.visit().forget_empty_registry().await;
        }
        self.phase.set(if locked.vaults == 0 {
            Phase::SignIn
        } else {
            Phase::Locked(Locked { wrong, ..locked })
        });
    }

    async fn locked(self) -> Result<Locked, DbError> {
        let visit = self.visit();
        let mine = hold::mine();
        let registry = visit.registry().await?;
        if registry.erase_the_unreadable().await? {
            self.store.device.lost.set(true);
        }
        let all = registry.all().await?;
        let here: Vec<_> = all
            .into_iter()
            .filter(|listed| listed.kept || mine.contains(&listed.vault()))
            .collect();
        let has = |is: fn(&Way) -> bool| {
            here.iter()
                .any(|listed| listed.kept && listed.lock.ways().any(is))
        };
        let now = clock::now();
        let pin = visit.pin_lock.borrow();
        Ok(Locked {
            vaults: here.len(),
            pin_tries: pin
                .as_ref()
                .filter(|pin| pin.is_open_to_tries(now))
                .map(baton_core::vault::pin::PinLock::tries),
            by_passphrase: has(|way| matches!(way, Way::Passphrase { .. })),
            by_passkey: has(|way| matches!(way, Way::Passkey { .. })),
            wrong: None,
            is_busy: false,
        })
    }

    /// Goes to the identity provider. What is open or locked here waits until somebody comes back.
    pub fn sign_in(self) {
        let Some(config) = self.config.get_untracked() else {
            return self.begin();
        };
        self.phase.set(Phase::Wait("Taking you to sign in"));
        self.visit().give_no_more();
        spawn_local(async move {
            self.settle().await;
            let whose = hold::last().map_or_else(String::new, |vault| vault.to_string());
            self.close();
            self.be_away().await;
            web::keep(WHERE, &format!("{whose} {}", self.router.route_now().path()));
            if let Err(error) = crate::session::sign_in::leave(&config) {
                return self.fail(Problem::from_sign_in(&error));
            }
            // The browser asks first where something would be lost, and who stays is shown what is locked.
            web::wait(STAYS_AFTER).await;
            if self.store.device.unkept.get_untracked() {
                self.show_locked(None).await;
            }
        });
    }

    /// The vaults of this tab are not given up for dead while it is at the identity provider.
    async fn be_away(self) {
        let Ok(registry) = self.visit().registry().await else {
            return;
        };
        for vault in hold::mine() {
            let away = |listed: &mut Listed| listed.away_until = clock::now().plus(AWAY);
            _ = registry.change(vault, away).await;
        }
    }

    /// Erases what was to last no longer than a tab that is gone, once tabs that reload at this moment are back.
    fn tidy(self) {
        spawn_local(async move {
            web::wait(TIDY_AFTER).await;
            // There is no list where nobody keeps anything.
            let registry = self.visit().registry.borrow().clone();
            if let Some(registry) = registry {
                let open = self.visit().keys().map(|keys: Keys| keys.vault);
                _ = registry.erase_the_dead(open, clock::now()).await;
                self.lapse_the_locked().await;
            }
        });
    }

    pub(super) fn config_now(self) -> Result<Config, Problem> {
        self.config.get_untracked().ok_or(Problem::Unreachable)
    }
}

fn problem_of(error: LendError) -> Problem {
    match error {
        LendError::Ask(ask) => Problem::from_session(&ask),
        LendError::Db(db) => problem_of_db(&db),
    }
}

pub(super) fn problem_of_db(error: &DbError) -> Problem {
    match error {
        DbError::Erased => Problem::Lost,
        DbError::Full => Problem::Full,
        DbError::Newer => Problem::Version,
        DbError::Blocked | DbError::Cut | DbError::Other(_) => Problem::Busy,
        DbError::Unavailable => Problem::NoStorage,
    }
}

/// Where somebody was when they went to sign in: whose vault was open last, a space, and the place.
const WHERE: &str = "baton.where";

/// A sign-in takes no longer than this.
const AWAY: std::time::Duration = std::time::Duration::from_mins(15);

/// What could not be read is tried once more after so many milliseconds.
const READ_AGAIN: i32 = 1_000;

/// Who was asked whether to leave this page has gone within so many milliseconds, or stays.
const STAYS_AFTER: i32 = 2_000;

/// A page that reloads is back within so many milliseconds.
const TIDY_AFTER: i32 = 5_000;
