//! What a press is meant for. What is done takes a row away or draws another button, and the next comes to stand under the finger:
//! a second press that was begun before anybody could read that meets what it was not aimed at. It is not taken.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent};

use crate::web;

/// The last press.
struct Press {
    /// Milliseconds, by the browser's own clock, which nobody sets.
    at: f64,
    x: i32,
    y: i32,
    thing: Element,
    /// What it was called: a button that says something else by now is another.
    name: String,
}

/// From now on, and for as long as the page, lets through what is meant.
pub fn guard() {
    let last = Rc::new(RefCell::new(None::<Press>));
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let is_meant = match event.dyn_ref::<KeyboardEvent>() {
            // A key that is held down goes on pressing wherever the focus goes.
            Some(key) => !(key.repeat() && key.key() == "Enter" && thing(&event).is_some()),
            None => is_meant(&event, &last),
        };
        if !is_meant {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    });
    for name in ["click", "keydown"] {
        let listener = listener.as_ref().unchecked_ref();
        _ = web::document().add_event_listener_with_callback_and_bool(name, listener, true);
    }
    listener.forget();
}

fn is_meant(event: &Event, last: &RefCell<Option<Press>>) -> bool {
    // What a key or a screen reader presses has no place, and counts no presses.
    let mouse = event.dyn_ref::<MouseEvent>().filter(|mouse| mouse.detail() > 0);
    let Some((mouse, thing)) = mouse.zip(thing(event)) else {
        return true;
    };
    let label = thing.get_attribute("aria-label").unwrap_or_default();
    let press = Press {
        at: event.time_stamp(),
        x: mouse.client_x(),
        y: mouse.client_y(),
        name: label + &thing.text_content().unwrap_or_default(),
        thing,
    };
    let is_meant = match &*last.borrow() {
        Some(last) => {
            let is_same = last.thing.is_same_node(Some(&press.thing)) && last.name == press.name;
            let is_near = last.x.abs_diff(press.x) < NEAR && last.y.abs_diff(press.y) < NEAR;
            is_same || !is_near || press.at - last.at > SOON
        }
        None => true,
    };
    if is_meant {
        *last.borrow_mut() = Some(press);
    }
    is_meant
}

/// What is pressed.
fn thing(event: &Event) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("a, button, label, summary").ok()?
}

/// A finger presses twice at one place when the presses are nearer than so many pixels.
const NEAR: u32 = 24;

/// Nobody reads what is new in fewer milliseconds.
const SOON: f64 = 500.0;
