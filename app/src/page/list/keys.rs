//! The keyboard in the rows of a list, as in a grid (WAI-ARIA Authoring Practices, *Grid*): one stop of the Tab key; arrows, Home
//! and End go from cell to cell; Enter or F2 does what a tap does; Alt with an arrow moves the row.

use baton_core::id::PatientId;
use leptos::ev::{FocusEvent, KeyboardEvent};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::Here;
use crate::app::baton;
use crate::store::lists::arrange::Arrangement;
use crate::store::lists::look::Sort;
use crate::web;

const STOP: &str = "[data-stop]";

/// Of all stops one is reached by the Tab key, once the rows have been drawn.
pub(super) fn keep_one_stop() {
    web::next_frame(|| {
        let Some(table) = table() else { return };
        let has = |what: &str| table.query_selector(what).ok().flatten();
        if has("[data-stop][tabindex='0']").is_none()
            && let Some(first) = has(STOP)
        {
            _ = first.set_attribute("tabindex", "0");
        }
    });
}

/// The rows, if they are in the page.
pub(super) fn table() -> Option<Element> {
    web::document().get_element_by_id(TABLE)
}

/// The id of the rows in the page.
pub(super) const TABLE: &str = "grid";

/// The stop that got the focus is the one that the Tab key reaches from now on.
pub(super) fn on_focus(event: &FocusEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(stop) = target.and_then(|target| target.closest(STOP).ok().flatten()) else {
        return;
    };
    let table = stop.closest("table").ok().flatten();
    let before = table.and_then(|table| table.query_selector("[data-stop][tabindex='0']").ok().flatten());
    if let Some(before) = before {
        _ = before.set_attribute("tabindex", "-1");
    }
    _ = stop.set_attribute("tabindex", "0");
}

/// A key in the rows.
pub(super) fn on_key(event: &KeyboardEvent, here: Here) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    // Within a stop (somebody writes, or is on a button) the keys are its own.
    let Some(stop) = target.filter(|target| target.matches(STOP).unwrap_or_default()) else {
        return;
    };
    let key = event.key();
    if event.alt_key() && (key == "ArrowUp" || key == "ArrowDown") {
        event.prevent_default();
        if let Some(patient) = patient_of(&stop) {
            step(here, patient, key == "ArrowUp");
        }
        return;
    }
    if event.alt_key() || event.meta_key() {
        return;
    }
    let to = match key.as_str() {
        "ArrowDown" => beside(&stop, 1),
        "ArrowLeft" => along(&stop, |at, _| at.checked_sub(1)),
        "ArrowRight" => along(&stop, |at, _| Some(at + 1)),
        "ArrowUp" => beside(&stop, -1),
        "End" => along(&stop, |_, last| Some(last)),
        "Enter" | "F2" => {
            event.prevent_default();
            return act(&stop);
        }
        "Home" => along(&stop, |_, _| Some(0)),
        _ => return,
    };
    if let Some(to) = to {
        event.prevent_default();
        _ = to.focus();
    }
}

/// Does what a tap on a stop does.
pub(super) fn act(stop: &Element) {
    let within = stop.query_selector("[data-act]").ok().flatten();
    if let Some(target) = within.unwrap_or_else(|| stop.clone()).dyn_ref::<HtmlElement>() {
        target.click();
    }
}

/// The stop before or after this one in its row, from an editor on: the way of the Tab key.
pub(super) fn next_cell(inside: &Element, is_back: bool) -> Option<Element> {
    let stop = inside.closest(STOP).ok().flatten()?;
    let to = along(
        &stop,
        |at, _| if is_back { at.checked_sub(1) } else { Some(at + 1) },
    )?;
    Some(to.into())
}

/// The stop around something.
pub(super) fn stop_of(inside: &Element) -> Option<HtmlElement> {
    inside.closest(STOP).ok().flatten()?.dyn_into().ok()
}

fn along(stop: &Element, to: impl Fn(u32, u32) -> Option<u32>) -> Option<HtmlElement> {
    let stops = stop.closest("tr").ok().flatten()?.query_selector_all(STOP).ok()?;
    let last = stops.length().checked_sub(1)?;
    let at = (0..=last).find(|at| stops.get(*at).is_some_and(|other| other.is_same_node(Some(stop))))?;
    stops.get(to(at, last)?)?.dyn_into().ok()
}

/// The same column in another row that is shown.
fn beside(stop: &Element, step: i32) -> Option<HtmlElement> {
    let row = stop.closest("tr").ok().flatten()?;
    let stops = row.query_selector_all(STOP).ok()?;
    let at =
        (0..stops.length()).find(|at| stops.get(*at).is_some_and(|other| other.is_same_node(Some(stop))))?;
    let mut other = row;
    loop {
        other = if step > 0 {
            other.next_element_sibling()?
        } else {
            other.previous_element_sibling()?
        };
        if other.has_attribute("data-patient") && !other.has_attribute("hidden") {
            let stops = other.query_selector_all(STOP).ok()?;
            return stops.get(at)?.dyn_into().ok();
        }
    }
}

fn patient_of(stop: &Element) -> Option<PatientId> {
    let row = stop.closest("tr").ok().flatten()?;
    row.get_attribute("data-patient")?.parse().ok()
}

/// Moves a row before the one that is shown above it, or behind the one below. It is then in the list's own order, which is what
/// one looks at from then on.
pub(super) fn step(here: Here, patient: PatientId, is_up: bool) {
    let sheet = &baton().store.lists.sheet;
    if here.view().sort != Sort::Own {
        here.change_view(|view| view.sort = Sort::Own);
        here.error.set(Some(
            "Now in the list’s own order: move the row again.".to_owned(),
        ));
        return;
    }
    let shown: Vec<PatientId> = sheet
        .arranged()
        .with_untracked(|arranged: &Arrangement| arranged.rows().collect());
    let order = sheet.own_order();
    if let Some(Destination { after }) = destination(&order, &shown, patient, is_up) {
        here.note(baton().command.move_on_list(here.key, patient, after));
        refocus(patient);
    }
}

/// Where a row goes: behind somebody's, or to the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Destination {
    after: Option<PatientId>,
}

/// Where a row goes that moves one step among those that are shown; `None` when it is at the end already.
fn destination(
    order: &[PatientId],
    shown: &[PatientId],
    patient: PatientId,
    is_up: bool,
) -> Option<Destination> {
    let at = shown.iter().position(|other| *other == patient)?;
    let neighbour = *shown.get(if is_up { at.checked_sub(1)? } else { at + 1 })?;
    if !is_up {
        return Some(Destination {
            after: Some(neighbour),
        });
    }
    let others: Vec<PatientId> = order.iter().copied().filter(|other| *other != patient).collect();
    let place = others.iter().position(|other| *other == neighbour)?;
    let after = place
        .checked_sub(1)
        .and_then(|before| others.get(before).copied());
    Some(Destination { after })
}

/// A row that was moved keeps the focus.
fn refocus(patient: PatientId) {
    let column = web::document().active_element().and_then(|stop| {
        let stops = stop.closest("tr").ok().flatten()?.query_selector_all(STOP).ok()?;
        (0..stops.length()).find(|at| {
            stops
                .get(*at)
                .is_some_and(|other| other.is_same_node(Some(&stop)))
        })
    });
    let Some(column) = column else { return };
    web::next_frame(move || {
        let row = web::document()
            .query_selector(&format!("tr[data-patient='{patient}']"))
            .ok()
            .flatten();
        let stops = row.and_then(|row| row.query_selector_all(STOP).ok());
        let stop = stops
            .and_then(|stops| stops.get(column))
            .and_then(|stop| stop.dyn_into::<HtmlElement>().ok());
        if let Some(stop) = stop {
            _ = stop.focus();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u8]) -> Vec<PatientId> {
        numbers
            .iter()
            .map(|number| PatientId::from_bytes([*number; 16]))
            .collect()
    }

    #[test]
    fn a_row_moves_past_the_neighbour_that_is_seen_and_no_further() {
        let (order, shown) = (ids(&[1, 2, 3, 4, 5]), ids(&[1, 3, 5]));
        let to = |patient, is_up| destination(&order, &shown, ids(&[patient])[0], is_up);
        let after = |patient: u8| {
            Some(Destination {
                after: Some(ids(&[patient])[0]),
            })
        };
        assert_eq!(to(5, true), after(2), "before 3, so after 2");
        assert_eq!(to(3, true), Some(Destination { after: None }), "to the top");
        assert_eq!(to(3, false), after(5));
        assert_eq!(to(1, true), None);
        assert_eq!(to(5, false), None);
        assert_eq!(to(2, true), None, "a row that is hidden does not move");
    }
}
