//! Web Locks: of several tabs one holds a name, and the next gets it when that one is gone, however it went.
//!
//! `web-sys` has these only behind a flag for unstable interfaces, so they are reached by name.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A name that this tab holds until this is dropped, or the tab is gone.
pub struct Held {
    release: Rc<RefCell<Option<Function>>>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = self.release.borrow_mut().take() {
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
    let release = Rc::new(RefCell::new(None));
    let held = Held {
        release: release.clone(),
    };
    let Some(locks) = locks() else { return held };
    let granted = Promise::new(&mut |granted, _| {
        let release = release.clone();
        let on_lock = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
            _ = granted.call0(&JsValue::UNDEFINED);
            Promise::new(&mut |resolve, _| *release.borrow_mut() = Some(resolve)).into()
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
