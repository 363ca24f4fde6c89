//! The one place that names IndexedDB.
//!
//! Nothing is awaited inside a transaction: all of its requests are made at once, and then its end is waited for. What is
//! written is therefore written whole or not at all, and the disk has it (`durability: strict`) where a person wrote it. A
//! browser may cut a connection at any time (Safari does, in the background): it is opened anew and what was asked is asked
//! once more.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbFactory, IdbKeyRange, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbVersionChangeEvent,
};

/// Something to be read.
pub(super) enum Read {
    /// All rows whose keys are from `from` (included) to `to` (not included).
    Between(&'static str, Vec<u8>, Vec<u8>),
    /// All rows.
    All(&'static str),
    /// Keys, without what they name.
    Keys(&'static str, Vec<u8>, Vec<u8>),
    /// One row.
    One(&'static str, Vec<u8>),
}

/// A row as it is in the database; of [`Read::Keys`] the value is empty.
pub(super) type Raw = (Vec<u8>, Vec<u8>);

/// Something to be written.
#[derive(Clone)]
pub(super) enum Write {
    /// Takes rows away, from a key (included) to another (not included).
    Between(&'static str, Vec<u8>, Vec<u8>),
    /// Takes all rows away.
    Clear(&'static str),
    /// Puts a row in place of what was there.
    Put(&'static str, Vec<u8>, Vec<u8>),
    /// Takes a row away.
    Remove(&'static str, Vec<u8>),
}

/// Why the database does not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// Another tab holds an older version open: close it.
    #[error("another tab holds the database open")]
    Blocked,
    /// The browser cut the connection, and a new one did not help.
    #[error("the browser cut the connection to its database")]
    Cut,
    /// The device's storage is full, or this site's share of it.
    #[error("storage is full")]
    Full,
    /// A newer version of the app made it.
    #[error("made by a newer version")]
    Newer,
    /// The browser has no database for this page: private browsing, or switched off.
    #[error("the browser keeps nothing for this page")]
    Unavailable,
    /// Something else, by the browser's name for it.
    #[error("the database failed: {0}")]
    Other(String),
}

/// An open database.
pub(super) struct Db {
    name: String,
    version: u32,
    tables: &'static [&'static str],
    handle: RefCell<Handle>,
}

struct Handle {
    database: IdbDatabase,
    is_cut: Rc<Cell<bool>>,
    _on_close: Closure<dyn Fn()>,
    _on_version_change: Closure<dyn Fn()>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.database.set_onclose(None);
        self.database.set_onversionchange(None);
        self.database.close();
    }
}

impl Db {
    /// Opens a database, makes it if there is none, and makes the tables that an older version lacks.
    pub(super) async fn open(
        name: &str,
        version: u32,
        tables: &'static [&'static str],
    ) -> Result<Self, DbError> {
        let handle = connect(name, version, tables).await?;
        Ok(Self {
            name: name.to_owned(),
            version,
            tables,
            handle: RefCell::new(handle),
        })
    }

    /// Writes everything, or nothing. `strict` waits for the disk.
    pub(super) async fn write(&self, writes: &[Write], strict: bool) -> Result<(), DbError> {
        let ended = match self.begin_write(writes, strict) {
            Ok(ended) => ended.await,
            Err(error) => Err(error),
        };
        match ended {
            Err(DbError::Cut) => {
                self.reconnect().await?;
                self.begin_write(writes, strict)?.await
            }
            ended => ended,
        }
    }

    fn begin_write(
        &self,
        writes: &[Write],
        strict: bool,
    ) -> Result<impl Future<Output = Result<(), DbError>> + use<>, DbError> {
        let transaction = self.begin(true, strict)?;
        let issued = writes.iter().try_for_each(|write| issue(&transaction, write));
        if let Err(error) = issued {
            // What was issued before must not be kept without the rest.
            _ = transaction.abort();
            return Err(error_of(&error));
        }
        // Without being told it would wait for another turn of the page, which may be going away.
        commit(&transaction);
        Ok(end_of(transaction))
    }

    /// Reads everything that is asked for, as it is at one moment.
    pub(super) async fn read(&self, reads: &[Read]) -> Result<Vec<Vec<Raw>>, DbError> {
        match self.read_once(reads).await {
            Err(DbError::Cut) => {
                self.reconnect().await?;
                self.read_once(reads).await
            }
            read => read,
        }
    }

    async fn read_once(&self, reads: &[Read]) -> Result<Vec<Vec<Raw>>, DbError> {
        let transaction = self.begin(false, false)?;
        let mut requests = Vec::with_capacity(reads.len());
        for read in reads {
            requests.push(ask(&transaction, read).map_err(|error| error_of(&error))?);
        }
        end_of(transaction).await?;
        requests
            .iter()
            .map(|(keys, values)| rows(keys.as_ref(), values.as_ref()).map_err(|error| error_of(&error)))
            .collect()
    }

    fn begin(&self, writes: bool, strict: bool) -> Result<IdbTransaction, DbError> {
        let handle = self.handle.borrow();
        if handle.is_cut.get() {
            return Err(DbError::Cut);
        }
        let tables: Array = self.tables.iter().map(|table| JsValue::from_str(table)).collect();
        transaction(&handle.database, &tables, writes, strict).map_err(|error| error_of(&error))
    }

    async fn reconnect(&self) -> Result<(), DbError> {
        let handle = connect(&self.name, self.version, self.tables).await?;
        let before = self.handle.replace(handle);
        drop(before);
        Ok(())
    }
}

/// Begins a transaction. `web-sys` has its durability only behind a flag for unstable interfaces, so it is reached by name.
fn transaction(
    database: &IdbDatabase,
    tables: &Array,
    writes: bool,
    strict: bool,
) -> Result<IdbTransaction, JsValue> {
    let options = Object::new();
    let durability = if strict { "strict" } else { "relaxed" };
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    let mode = if writes { "readwrite" } else { "readonly" };
    let begin: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
    begin.call3(database, tables, &mode.into(), &options)?.dyn_into()
}

/// Asks for the end at once, where the browser knows how; else it ends by itself. `web-sys` knows it under an old name.
fn commit(transaction: &IdbTransaction) {
    let commit = Reflect::get(transaction, &"commit".into()).and_then(JsCast::dyn_into::<Function>);
    if let Ok(commit) = commit {
        _ = commit.call0(transaction);
    }
}

/// Deletes a database. Connections of other tabs close themselves when they are told; [`DbError::Blocked`] when one does not.
pub(super) async fn delete(name: &str) -> Result<(), DbError> {
    let request = factory()?
        .delete_database(name)
        .map_err(|error| error_of(&error))?;
    opened(&request).await.map(|_| ())
}

fn factory() -> Result<IdbFactory, DbError> {
    crate::web::window()
        .indexed_db()
        .ok()
        .flatten()
        .ok_or(DbError::Unavailable)
}

async fn connect(name: &str, version: u32, tables: &'static [&'static str]) -> Result<Handle, DbError> {
    let request = factory()?
        .open_with_u32(name, version)
        .map_err(|error| error_of(&error))?;
    let on_upgrade = {
        let request = request.clone();
        Closure::once_into_js(move |_event: IdbVersionChangeEvent| {
            let Some(database) = database_of(&request) else {
                return;
            };
            let there = database.object_store_names();
            for table in tables.iter().filter(|table| !there.contains(table)) {
                _ = database.create_object_store(table);
            }
        })
    };
    request.set_onupgradeneeded(Some(on_upgrade.unchecked_ref()));
    opened(&request).await?;
    let database = database_of(&request).ok_or(DbError::Unavailable)?;
    let is_cut = Rc::new(Cell::new(false));
    let on_close = {
        let is_cut = is_cut.clone();
        Closure::<dyn Fn()>::new(move || is_cut.set(true))
    };
    let on_version_change = {
        let (is_cut, database) = (is_cut.clone(), database.clone());
        // Another tab deletes it, or a newer app changes it: nobody is kept waiting.
        Closure::<dyn Fn()>::new(move || {
            is_cut.set(true);
            database.close();
        })
    };
    database.set_onclose(Some(on_close.as_ref().unchecked_ref()));
    database.set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
    Ok(Handle {
        database,
        is_cut,
        _on_close: on_close,
        _on_version_change: on_version_change,
    })
}

fn database_of(request: &IdbOpenDbRequest) -> Option<IdbDatabase> {
    request.result().ok()?.dyn_into().ok()
}

/// Waits for an opening or a deletion.
async fn opened(request: &IdbOpenDbRequest) -> Result<JsValue, DbError> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        let blocked = Closure::once_into_js(move || reject.call1(&JsValue::UNDEFINED, &"blocked".into()));
        request.set_onblocked(Some(blocked.unchecked_ref()));
    });
    JsFuture::from(promise).await.map_err(|reason| {
        if reason.as_string().as_deref() == Some("blocked") {
            return DbError::Blocked;
        }
        request
            .error()
            .ok()
            .flatten()
            .map_or(DbError::Unavailable, |error| named(&error.name()))
    })
}

/// Waits for a transaction's end.
fn end_of(transaction: IdbTransaction) -> impl Future<Output = Result<(), DbError>> + use<> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    async move {
        let ended = JsFuture::from(promise).await;
        transaction.set_oncomplete(None);
        transaction.set_onabort(None);
        ended.map(|_| ()).map_err(|_| {
            transaction
                .error()
                .map_or(DbError::Cut, |error| named(&error.name()))
        })
    }
}

fn issue(transaction: &IdbTransaction, write: &Write) -> Result<(), JsValue> {
    let request = match write {
        Write::Between(table, from, to) => transaction.object_store(table)?.delete(&range(from, to)?)?,
        Write::Clear(table) => transaction.object_store(table)?.clear()?,
        Write::Put(table, key, value) => transaction
            .object_store(table)?
            .put_with_key(&js(value), &js(key))?,
        Write::Remove(table, key) => transaction.object_store(table)?.delete(&js(key))?,
    };
    drop(request);
    Ok(())
}

type Asked = (Option<IdbRequest>, Option<IdbRequest>);

fn ask(transaction: &IdbTransaction, read: &Read) -> Result<Asked, JsValue> {
    Ok(match read {
        Read::Between(table, from, to) => {
            let (store, range) = (transaction.object_store(table)?, range(from, to)?);
            (
                Some(store.get_all_keys_with_key(&range)?),
                Some(store.get_all_with_key(&range)?),
            )
        }
        Read::All(table) => {
            let store = transaction.object_store(table)?;
            (Some(store.get_all_keys()?), Some(store.get_all()?))
        }
        Read::Keys(table, from, to) => {
            let store = transaction.object_store(table)?;
            (Some(store.get_all_keys_with_key(&range(from, to)?)?), None)
        }
        Read::One(table, key) => {
            let store = transaction.object_store(table)?;
            (
                Some(store.get_all_keys_with_key(&js(key))?),
                Some(store.get_all_with_key(&js(key))?),
            )
        }
    })
}

fn rows(keys: Option<&IdbRequest>, values: Option<&IdbRequest>) -> Result<Vec<Raw>, JsValue> {
    let list = |request: Option<&IdbRequest>| -> Result<Array, JsValue> {
        request.map_or_else(
            || Ok(Array::new()),
            |request| Ok(request.result()?.unchecked_into()),
        )
    };
    let (keys, values) = (list(keys)?, list(values)?);
    let bytes = |value: JsValue| Uint8Array::new(&value).to_vec();
    Ok((0..keys.length())
        .map(|index| {
            let value = values.get(index);
            let value = if value.is_undefined() {
                Vec::new()
            } else {
                bytes(value)
            };
            (bytes(keys.get(index)), value)
        })
        .collect())
}

fn range(from: &[u8], to: &[u8]) -> Result<JsValue, JsValue> {
    IdbKeyRange::bound_with_lower_open_and_upper_open(&js(from), &js(to), false, true).map(Into::into)
}

fn js(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn error_of(error: &JsValue) -> DbError {
    if let Some(exception) = error.dyn_ref::<DomException>() {
        named(&exception.name())
    } else {
        let name = Reflect::get(error, &"name".into())
            .ok()
            .and_then(|name| name.as_string());
        DbError::Other(name.unwrap_or_default())
    }
}

fn named(name: &str) -> DbError {
    match name {
        "QuotaExceededError" => DbError::Full,
        "VersionError" => DbError::Newer,
        "AbortError" | "InvalidStateError" => DbError::Cut,
        "SecurityError" => DbError::Unavailable,
        other => DbError::Other(other.to_owned()),
    }
}
