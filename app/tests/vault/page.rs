//! What these tests ask of the page that they run in, and of what stands outside of it.

use js_sys::{Array, Function, JsString, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Cuts all connections to databases, as a browser may at any time.
pub(crate) async fn cut_connections() {
    outside("batonCut", &JsValue::UNDEFINED).await;
}

/// Says how far this test has come, for when the browser is killed.
pub(crate) async fn say_done(number: u32) {
    outside("batonDone", &number.into()).await;
}

/// A word that stands nowhere in this program: what must not be found on the disk.
pub(crate) async fn planted(name: &str) -> String {
    outside("batonPlanted", &name.into())
        .await
        .as_string()
        .expect("the page was given words")
}

/// Names of databases.
pub(crate) async fn databases() -> Vec<String> {
    let names = run(
        "return (await indexedDB.databases()).map((found) => found.name)",
        &[],
    )
    .await;
    names
        .unchecked_into::<Array>()
        .iter()
        .filter_map(|name| name.as_string())
        .collect()
}

/// Everything that all databases hold: names, keys and values, as bytes.
pub(crate) async fn everything() -> Vec<Vec<u8>> {
    let found = run(EVERYTHING, &[]).await;
    let bytes = |value: JsValue| match value.dyn_ref::<JsString>() {
        Some(text) => String::from(text).into_bytes(),
        None => Uint8Array::new(&value).to_vec(),
    };
    found.unchecked_into::<Array>().iter().map(bytes).collect()
}

/// Opens a database as another program would: it lets go of it for nobody, until [`let_go`].
pub(crate) async fn cling_to(name: &str, version: u32) -> JsValue {
    run(CLING, &[name.into(), version.into()]).await
}

/// Lets go of what [`cling_to`] opened.
pub(crate) async fn let_go(database: JsValue) {
    run("given[0].close()", &[database]).await;
}

/// Puts something that is no row under the first key of a table; the table's name and what it is are given.
pub(crate) async fn put_instead(name: &str, table: &str, value: JsValue) {
    run(PUT_INSTEAD, &[name.into(), table.into(), value]).await;
}

async fn outside(name: &str, argument: &JsValue) -> JsValue {
    let call: Function = Reflect::get(&js_sys::global(), &name.into())
        .unwrap()
        .dyn_into()
        .expect("these tests run through cargo xtask test browser");
    let promise: Promise = call
        .call1(&JsValue::UNDEFINED, argument)
        .unwrap()
        .unchecked_into();
    JsFuture::from(promise).await.unwrap()
}

async fn run(body: &str, given: &[JsValue]) -> JsValue {
    let asynchronous =
        Function::new_with_args("given", &format!("return (async () => {{ {BASE} {body} }})()"));
    let given: Array = given.iter().collect();
    let promise: Promise = asynchronous
        .call1(&JsValue::UNDEFINED, &given)
        .unwrap()
        .unchecked_into();
    JsFuture::from(promise).await.unwrap()
}

const BASE: &str = "const done = (request) => new Promise((resolve, reject) => { \
    request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });";

const EVERYTHING: &str = "
    const found = [];
    for (const { name } of await indexedDB.databases()) {
        found.push(name);
        const database = await done(indexedDB.open(name));
        for (const table of database.objectStoreNames) {
            const store = database.transaction(table).objectStore(table);
            const indexes = [...store.indexNames];
            const rows = [...(await done(store.getAllKeys())), ...(await done(store.getAll()))];
            found.push(table, ...indexes, ...rows.map((row) => (row instanceof ArrayBuffer || ArrayBuffer.isView(row) ? row : String(row))));
        }
        database.close();
    }
    return found;";

const CLING: &str = "
    const request = indexedDB.open(given[0], given[1]);
    request.onupgradeneeded = () => {
        if (!request.result.objectStoreNames.contains('me')) request.result.createObjectStore('me');
    };
    return await done(request);";

const PUT_INSTEAD: &str = "
    const database = await done(indexedDB.open(given[0]));
    const store = database.transaction(given[1], 'readwrite').objectStore(given[1]);
    const [key] = await done(store.getAllKeys());
    await done(store.put(given[2], key));
    database.close();";
