//! Web Locks: of several tabs one holds a name, and the next gets it when that one is gone, however it went.
//!
//! `web-sys` has these only behind a flag for unstable interfaces, so they are reached by name.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A name that this tab holds until this is dropped, or the tab is gone.
pub struct Held {
    turn: Rc<RefCell<Turn>>,
}

/// How it stands with a name that was asked for.
#[derive(Default)]
enum Turn {
    /// Not had yet.
    #[default]
    Waiting,
    /// Had, until this is called.
    Had(Function),
    /// Nobody wants it any more: one that comes now is given back at once.
    Over,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Turn::Had(release) = mem::replace(&mut *self.turn.borrow_mut(), Turn::Over) {
            _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Waits until this tab holds a name. A browser without locks lets every tab think so.
pub async fn hold(name: &str) -> Held {
    request(name, "exclusive").await
}

/// Holds a name together with any other tabs that do.
pub async fn share(name: &str) -> Held {
    request(name, "shared").await
}

async fn request(name: &str, mode: &str) -> Held {
    let turn = Rc::new(RefCell::new(Turn::default()));
    let held = Held { turn: turn.clone() };
    let Some(locks) = locks() else { return held };
    let granted = Promise::new(&mut |granted, _| {
        let turn = turn.clone();
        let on_lock = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
            if matches!(*turn.borrow(), Turn::Over) {
                return JsValue::UNDEFINED;
            }
            _ = granted.call0(&JsValue::UNDEFINED);
            Promise::new(&mut |resolve, _| *turn.borrow_mut() = Turn::Had(resolve)).into()
        });
        let options = Object::new();
        _ = Reflect::set(&options, &"mode".into(), &mode.into());
        _ = call(&locks, "request", &[name.into(), options.into(), on_lock]);
    });
    _ = JsFuture::from(granted).await;
    held
}

/// The names that tabs of this browser hold now; `None` when the browser cannot tell.
pub async fn held_names() -> Option<Vec<String>> {
    let query: Promise = call(&locks()?, "query", &[]).ok()?.dyn_into().ok()?;
    let snapshot = JsFuture::from(query).await.ok()?;
    let held: Array = Reflect::get(&snapshot, &"held".into()).ok()?.dyn_into().ok()?;
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    Some(held.iter().filter_map(name).collect())
}

fn locks() -> Option<JsValue> {
    let locks = Reflect::get(&super::window().navigator(), &"locks".into()).ok()?;
    locks.is_object().then_some(locks)
}

fn call(on: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(on, &method.into())?.dyn_into()?;
    method.apply(on, &arguments.iter().collect::<Array>())
}
