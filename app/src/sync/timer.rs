//! One timer of the browser.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::web;

/// A timer that can be set anew; dropping it stops it.
#[derive(Default)]
pub(crate) struct Timer(RefCell<Option<Armed>>);

struct Armed {
    handle: i32,
    _callback: Closure<dyn Fn()>,
}

impl Timer {
    /// Calls `then` after so many milliseconds, in place of what was set before.
    pub(crate) fn set(&self, millis: u64, then: impl Fn() + 'static) {
        self.stop();
        let callback = Closure::<dyn Fn()>::new(then);
        let millis = i32::try_from(millis).unwrap_or(i32::MAX);
        let handle = web::window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(callback.as_ref().unchecked_ref(), millis);
        if let Ok(handle) = handle {
            *self.0.borrow_mut() = Some(Armed {
                handle,
                _callback: callback,
            });
        }
    }

    /// Stops it.
    pub(crate) fn stop(&self) {
        let armed = self.0.borrow_mut().take();
        if let Some(armed) = armed {
            web::window().clear_timeout_with_handle(armed.handle);
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.stop();
    }
}
