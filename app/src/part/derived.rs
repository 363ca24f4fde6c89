//! What follows signals: values and effects. The code around the one closure that differs is compiled once for each kind of
//! value, and not once for each place that has one (ADR 14).

use leptos::prelude::*;

/// A value that is worked out anew when a signal it was worked out from changes, and tells those who use it only when it is
/// another.
pub fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    worked_out(Box::new(value))
}

/// Runs when the page has been drawn, and again when a signal that it used changes.
pub fn effect(run: impl FnMut() + 'static) {
    running(Box::new(run));
}

fn worked_out<T: PartialEq + Send + Sync + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| value())
}

fn running(run: Box<dyn FnMut()>) {
    Effect::new(run);
}
