//! A transaction: its requests are made at once, and what is awaited is its end.

use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction};

use super::connection::Life;
use super::{DbError, Raw, Read, Write};

/// A transaction that has just begun.
pub(super) struct Transaction {
    handle: IdbTransaction,
    life: Rc<Life>,
}

impl Transaction {
    /// Begins it. `web-sys` has durability only behind a flag for unstable interfaces, so it is reached by name.
    pub(super) fn begin(
        database: &IdbDatabase,
        life: Rc<Life>,
        tables: &[&str],
        strict: Option<bool>,
    ) -> Result<Self, DbError> {
        let begin = || -> Result<IdbTransaction, JsValue> {
            let tables: Array = tables.iter().map(|table| JsValue::from_str(table)).collect();
            let options = Object::new();
            let durability = if strict == Some(true) { "strict" } else { "relaxed" };
            Reflect::set(&options, &"durability".into(), &durability.into())?;
            let mode = if strict.is_some() { "readwrite" } else { "readonly" };
            let begin: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
            begin.call3(database, &tables, &mode.into(), &options)?.dyn_into()
        };
        match begin() {
            Ok(handle) => Ok(Self { handle, life }),
            Err(error) => Err(error_of(&error)),
        }
    }

    /// Asks for all writes at once.
    pub(super) fn issue(
        self,
        writes: &[Write],
    ) -> Result<impl Future<Output = Result<(), DbError>> + use<>, DbError> {
        let issued = writes.iter().try_for_each(|write| issue(&self.handle, write));
        if let Err(error) = issued {
            // What was issued before must not be kept without the rest.
            _ = self.handle.abort();
            return Err(error_of(&error));
        }
        // Without being told it would wait for another turn of the page, which may be going away.
        commit(&self.handle);
        Ok(self.end())
    }

    /// Asks for all reads at once.
    pub(super) fn ask(
        self,
        reads: &[Read],
    ) -> Result<impl Future<Output = Result<Vec<Vec<Raw>>, DbError>> + use<>, DbError> {
        let asked = reads
            .iter()
            .map(|read| ask(&self.handle, read))
            .collect::<Result<Vec<Asked>, JsValue>>()
            .map_err(|error| error_of(&error))?;
        let ended = self.end();
        Ok(async move {
            ended.await?;
            let rows = asked.iter().map(Asked::rows).collect::<Result<_, JsValue>>();
            rows.map_err(|error| error_of(&error))
        })
    }

    /// Waits for its end. One that is under way when the browser cuts its connection may have none: Chromium says nothing of
    /// it any more.
    fn end(self) -> impl Future<Output = Result<(), DbError>> + use<> {
        let Self { handle, life } = self;
        let mut number = None;
        let promise = Promise::new(&mut |resolve: Function, reject: Function| {
            handle.set_oncomplete(Some(&resolve));
            handle.set_onabort(Some(&reject));
            number = Some(life.tell(reject));
        });
        async move {
            let ended = JsFuture::from(promise).await;
            handle.set_oncomplete(None);
            handle.set_onabort(None);
            if let Some(number) = number {
                life.forget(number);
            }
            ended
                .map(|_| ())
                .map_err(|_| handle.error().map_or(DbError::Cut, |error| named(&error.name())))
        }
    }
}

/// Asks for the end at once, where the browser knows how; else it ends by itself. `web-sys` knows it under an old name.
fn commit(transaction: &IdbTransaction) {
    let commit = Reflect::get(transaction, &"commit".into()).and_then(JsCast::dyn_into::<Function>);
    if let Ok(commit) = commit {
        _ = commit.call0(transaction);
    }
}

fn issue(transaction: &IdbTransaction, write: &Write) -> Result<(), JsValue> {
    let request = match write {
        Write::Between(_, from, to) if from >= to => return Ok(()),
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

/// What was asked for, in the order of keys.
#[derive(Default)]
struct Asked {
    /// `None` where there can be none.
    keys: Option<IdbRequest>,
    /// `None` where keys alone are asked for.
    values: Option<IdbRequest>,
}

impl Asked {
    fn of(store: &IdbObjectStore, range: &JsValue, with_values: bool) -> Result<Self, JsValue> {
        let values = with_values.then(|| store.get_all_with_key(range)).transpose()?;
        Ok(Self {
            keys: Some(store.get_all_keys_with_key(range)?),
            values,
        })
    }

    fn rows(&self) -> Result<Vec<Raw>, JsValue> {
        let list = |request: Option<&IdbRequest>| -> Result<Array, JsValue> {
            request.map_or_else(
                || Ok(Array::new()),
                |request| Ok(request.result()?.unchecked_into()),
            )
        };
        let (keys, values) = (list(self.keys.as_ref())?, list(self.values.as_ref())?);
        let row = |index| (bytes(keys.get(index)), bytes(values.get(index)));
        Ok((0..keys.length()).map(row).collect())
    }
}

fn ask(transaction: &IdbTransaction, read: &Read) -> Result<Asked, JsValue> {
    let store = transaction.object_store(read.table())?;
    match read {
        Read::All(_) => Asked::of(&store, &JsValue::UNDEFINED, true),
        Read::Between(_, from, to) | Read::Keys(_, from, to) if from >= to => Ok(Asked::default()),
        Read::Between(_, from, to) => Asked::of(&store, &range(from, to)?, true),
        Read::Keys(_, from, to) => Asked::of(&store, &range(from, to)?, false),
        Read::One(_, key) => Asked::of(&store, &js(key), true),
    }
}

fn range(from: &[u8], to: &[u8]) -> Result<JsValue, JsValue> {
    IdbKeyRange::bound_with_lower_open_and_upper_open(&js(from), &js(to), false, true).map(Into::into)
}

fn js(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// The bytes of a key (an `ArrayBuffer`) or a value; none of what is not bytes, which somebody else has put there.
fn bytes(value: JsValue) -> Vec<u8> {
    match value.dyn_into::<Uint8Array>() {
        Ok(bytes) => bytes.to_vec(),
        Err(value) if value.is_instance_of::<js_sys::ArrayBuffer>() => Uint8Array::new(&value).to_vec(),
        Err(_) => Vec::new(),
    }
}

/// What the browser means by what it threw.
pub(super) fn error_of(error: &JsValue) -> DbError {
    let exception = error.dyn_ref::<DomException>().map(DomException::name);
    let name = exception.or_else(|| Reflect::get(error, &"name".into()).ok()?.as_string());
    named(&name.unwrap_or_default())
}

/// What the browser means by an exception of a name.
pub(super) fn named(name: &str) -> DbError {
    match name {
        "QuotaExceededError" => DbError::Full,
        "VersionError" => DbError::Newer,
        "AbortError" | "InvalidStateError" => DbError::Cut,
        "SecurityError" => DbError::Unavailable,
        other => DbError::Other(other.to_owned()),
    }
}
