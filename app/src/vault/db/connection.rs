//! A connection to a database: how it is had, and how it ends.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use baton_core::ordered::SortedMap;
use js_sys::{Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbVersionChangeEvent};

use super::DbError;
use super::transaction::{Transaction, error_of, named};

/// What to do when there is no database of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It was erased, and that is respected: [`DbError::Erased`].
    Fail,
    /// Make it.
    Make,
}

/// An open connection, closed when this is dropped or when another tab wants to delete or to change the database.
pub(super) struct Connection {
    database: IdbDatabase,
    life: Rc<Life>,
    _on_close: Closure<dyn Fn()>,
    _on_version_change: Closure<dyn Fn()>,
}

/// Whether a connection still is one, and who waits for what it was asked.
#[derive(Default)]
pub(super) struct Life {
    is_over: Cell<bool>,
    waiting: RefCell<SortedMap<u64, Function>>,
    last: Cell<u64>,
}

impl Life {
    /// Has something called should the browser cut the connection; gives a number to [`Self::forget`] it by.
    pub(super) fn tell(&self, cut: Function) -> u64 {
        let number = self.last.get() + 1;
        self.last.set(number);
        self.waiting.borrow_mut().insert(number, cut);
        number
    }

    /// That has come to its end.
    pub(super) fn forget(&self, number: u64) {
        self.waiting.borrow_mut().remove(&number);
    }

    fn cut(&self) {
        self.is_over.set(true);
        for cut in self.waiting.take().into_values() {
            _ = cut.call0(&JsValue::UNDEFINED);
        }
    }
}

impl Connection {
    fn watch(database: IdbDatabase) -> Self {
        let life = Rc::new(Life::default());
        let on_close = {
            let life = life.clone();
            Closure::<dyn Fn()>::new(move || life.cut())
        };
        let on_version_change = {
            let (life, database) = (life.clone(), database.clone());
            // Another tab deletes it, or a newer app changes it: nobody is kept waiting, and what has begun is finished.
            Closure::<dyn Fn()>::new(move || {
                life.is_over.set(true);
                database.close();
            })
        };
        database.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        database.set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
        Self {
            database,
            life,
            _on_close: on_close,
            _on_version_change: on_version_change,
        }
    }

    /// Begins a transaction over some tables: to read, or to write with strict durability or without.
    pub(super) fn begin(&self, tables: &[&str], strict: Option<bool>) -> Result<Transaction, DbError> {
        if self.life.is_over.get() {
            return Err(DbError::Cut);
        }
        Transaction::begin(&self.database, self.life.clone(), tables, strict)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.set_onclose(None);
        self.database.set_onversionchange(None);
        self.database.close();
    }
}

/// Opens a database. What it makes it makes whole: a crash in between leaves what was there before.
pub(super) async fn connect(
    name: &str,
    version: u32,
    tables: &'static [&'static str],
    missing: Missing,
) -> Result<Connection, DbError> {
    let request = factory()?
        .open_with_u32(name, version)
        .map_err(|error| error_of(&error))?;
    let is_missing = Rc::new(Cell::new(false));
    let on_upgrade = {
        let is_missing = is_missing.clone();
        Closure::once_into_js(move |event: IdbVersionChangeEvent| {
            let Some(request) = request_of(&event) else { return };
            is_missing.set(event.old_version() < 1.0 && missing == Missing::Fail);
            if (is_missing.get() || make_tables(&request, tables).is_none())
                && let Some(upgrade) = request.transaction()
            {
                _ = upgrade.abort();
            }
        })
    };
    request.set_onupgradeneeded(Some(on_upgrade.unchecked_ref()));
    let opened = ended(&request).await;
    if is_missing.get() {
        return Err(DbError::Erased);
    }
    opened?;
    database_of(&request)
        .map(Connection::watch)
        .ok_or(DbError::Unavailable)
}

/// Deletes a database. Connections of other tabs close themselves when they are told; [`DbError::Blocked`] when one does
/// not, and then it is deleted as soon as that one is closed.
pub(in crate::vault) async fn delete(name: &str) -> Result<(), DbError> {
    let request = factory()?
        .delete_database(name)
        .map_err(|error| error_of(&error))?;
    ended(&request).await
}

fn factory() -> Result<IdbFactory, DbError> {
    crate::web::window()
        .indexed_db()
        .ok()
        .flatten()
        .ok_or(DbError::Unavailable)
}

fn make_tables(request: &IdbOpenDbRequest, tables: &[&str]) -> Option<()> {
    let database = database_of(request)?;
    let there = database.object_store_names();
    for table in tables.iter().filter(|table| !there.contains(table)) {
        database.create_object_store(table).ok()?;
    }
    Some(())
}

/// Waits for an opening or a deletion.
async fn ended(request: &IdbOpenDbRequest) -> Result<(), DbError> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        let blocked = Closure::once_into_js(move || reject.call1(&BLOCKED.into(), &BLOCKED.into()));
        request.set_onblocked(Some(blocked.unchecked_ref()));
    });
    // What queues up behind something that is blocked is told nothing at all.
    let ended = crate::web::within(PATIENCE, Box::pin(JsFuture::from(promise))).await;
    let reason = match ended {
        Some(Ok(_)) => return Ok(()),
        Some(Err(reason)) => reason,
        None => BLOCKED.into(),
    };
    if reason.as_string().as_deref() == Some(BLOCKED) {
        // It goes on once the other tab lets go, when nobody waits for it any more: a connection that nobody knew of would
        // itself keep others waiting.
        let close = Closure::once_into_js(|event: Event| {
            if let Some(late) = request_of(&event).as_ref().and_then(database_of) {
                late.close();
            }
        });
        request.set_onsuccess(Some(close.unchecked_ref()));
        return Err(DbError::Blocked);
    }
    let error = request.error().ok().flatten();
    let error = error.map_or(DbError::Unavailable, |error| named(&error.name()));
    // No connection was cut, as there was none: Firefox in a private window.
    Err(if error == DbError::Cut {
        DbError::Unavailable
    } else {
        error
    })
}

fn request_of(event: &Event) -> Option<IdbOpenDbRequest> {
    event.target()?.dyn_into().ok()
}

fn database_of(request: &IdbOpenDbRequest) -> Option<IdbDatabase> {
    request.result().ok()?.dyn_into().ok()
}

const BLOCKED: &str = "blocked";

/// An opening or a deletion that takes longer than so many milliseconds waits for another tab.
const PATIENCE: i32 = 5_000;
