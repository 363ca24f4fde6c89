//! Where the messages stand on the screen. At the end, the newest stays in view; anywhere else, what one reads stays
//! where it is, whatever comes above or below it. What was in view counts as read.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::prelude::*;
use baton_core::chain::Seq;
use baton_core::id::{OpId, SpaceId};
use leptos::html;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};

use crate::app::Baton;
use crate::part::derived::{RwSignal, effect};
use crate::web;

/// This near the end counts as at the end, in pixels.
const NEAR_END: f64 = 64.0;

/// This near the end of what is drawn, more is drawn, in pixels.
const NEAR_EDGE: f64 = 800.0;

/// The scrolling of one open conversation.
#[derive(Clone, Copy)]
pub(super) struct Scroll {
    region: NodeRef<html::Div>,
    inside: NodeRef<html::Div>,
    is_away: RwSignal<bool>,
    state: StoredValue<Rc<State>, LocalStorage>,
}

struct State {
    space: SpaceId,
    baton: Baton,
    /// Whether the newest message is to stay in view.
    follows: Cell<bool>,
    /// Where following put the region; a scroll event that finds it there was not the person's doing, however much has been
    /// drawn below since.
    end: Cell<i32>,
    /// Whether the first place to show was found.
    is_placed: Cell<bool>,
    /// The row that stays where it is, and how far below the region's top it is.
    anchor: RefCell<Option<(String, f64)>>,
    /// A message to be brought into view as soon as it is drawn.
    target: Cell<Option<OpId>>,
    read: Cell<Seq>,
    observer: RefCell<Option<Observed>>,
}

/// Watches sizes, with what is called when one changes.
type Observed = (ResizeObserver, Closure<dyn Fn()>);

impl Scroll {
    /// Follows one conversation for as long as the current owner lives.
    pub(super) fn new(space: SpaceId, baton: Baton) -> Self {
        let this = Self {
            region: NodeRef::new(),
            inside: NodeRef::new(),
            is_away: RwSignal::new(false),
            state: StoredValue::new_local(Rc::new(State {
                space,
                baton,
                follows: Cell::new(true),
                end: Cell::new(0),
                is_placed: Cell::new(false),
                anchor: RefCell::new(None),
                target: Cell::new(None),
                read: Cell::new(Seq::ZERO),
                observer: RefCell::new(None),
            })),
        };
        effect(move || {
            if let (Some(region), Some(inside)) = (this.region.get(), this.inside.get()) {
                this.observe(&region, &inside);
            }
        });
        let visible = window_event_listener_untyped("focus", move |_| this.note_read());
        on_cleanup(move || {
            visible.remove();
            let observed = this.state.try_with_value(|state| state.observer.take()).flatten();
            if let Some((observer, _)) = observed {
                observer.disconnect();
            }
        });
        this
    }

    /// The region that scrolls.
    pub(super) fn region(self) -> NodeRef<html::Div> {
        self.region
    }

    /// What is inside it.
    pub(super) fn inside(self) -> NodeRef<html::Div> {
        self.inside
    }

    /// Whether the newest message is out of view.
    pub(super) fn is_away(self) -> bool {
        self.is_away.get()
    }

    /// The person, or this, moved the region.
    pub(super) fn moved(self) {
        let Some((state, region)) = self.parts() else {
            return;
        };
        if !state.is_placed.get() {
            return;
        }
        let below = below(&region);
        let reaches_end = untrack(|| state.baton.store.thread.reaches_end());
        let stayed = state.follows.get() && region.scroll_top() == state.end.get();
        let follows = reaches_end && (stayed || below < NEAR_END);
        state.follows.set(follows);
        if self.is_away.get_untracked() == follows {
            self.is_away.set(!follows);
        }
        remember(&state, &region);
        if f64::from(region.scroll_top()) < NEAR_EDGE {
            state.baton.command.show_older(state.space);
        } else if below < NEAR_EDGE && !reaches_end {
            state.baton.command.show_newer(state.space);
        }
        self.note_read();
    }

    /// Goes to the newest message.
    pub(super) fn to_newest(self) {
        let Some((state, region)) = self.parts() else {
            return;
        };
        state.follows.set(true);
        state.baton.command.show_newest(state.space);
        to_end(&state, &region);
        self.is_away.set(false);
        self.note_read();
    }

    /// Brings a message into view as soon as it is drawn.
    pub(super) fn to_message(self, message: OpId) {
        if let Some((state, _)) = self.parts() {
            state.target.set(Some(message));
            state.follows.set(false);
            web::next_frame(move || self.resized());
        }
    }

    fn parts(self) -> Option<(Rc<State>, HtmlElement)> {
        let state = self.state.try_with_value(Clone::clone)?;
        let region: HtmlElement = self.region.try_get_untracked().flatten()?.unchecked_into();
        Some((state, region))
    }

    fn observe(self, region: &Element, inside: &Element) {
        let changed = Closure::<dyn Fn()>::new(move || self.resized());
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(region);
        observer.observe(inside);
        self.state
            .with_value(|state| *state.observer.borrow_mut() = Some((observer, changed)));
    }

    /// What is drawn changed its size: puts everything back to where the person had it, before the browser paints.
    fn resized(self) {
        let Some((state, region)) = self.parts() else {
            return;
        };
        if !state.is_placed.get() {
            return self.place(&state, &region);
        }
        if let Some(row) = state.target.get().and_then(row_element) {
            state.target.set(None);
            let middle = f64::from(region.client_height()) / 3.0;
            scroll_by(&region, offset(&region, &row) - middle);
            remember(&state, &region);
        } else if state.follows.get() {
            to_end(&state, &region);
        } else {
            let anchor = state.anchor.borrow().clone();
            let row = anchor.and_then(|(id, top)| Some((web::document().get_element_by_id(&id)?, top)));
            if let Some((row, top)) = row {
                scroll_by(&region, offset(&region, &row) - top);
            }
        }
        self.note_read();
    }

    /// Finds the first place to show: the first unread message, else the newest.
    fn place(self, state: &State, region: &HtmlElement) {
        if untrack(|| state.baton.store.thread.keys()).is_empty() {
            return;
        }
        state.is_placed.set(true);
        to_end(state, region);
        if let Ok(Some(divider)) = region.query_selector(".baton-unread") {
            let above = offset(region, &divider) - 48.0;
            if above < 0.0 {
                scroll_by(region, above);
            }
        }
        self.moved();
    }

    /// Tells how far the conversation was on the screen, while somebody can look at it.
    fn note_read(self) {
        let Some((state, region)) = self.parts() else {
            return;
        };
        if web::document().hidden() || !state.is_placed.get() {
            return;
        }
        let bottom = f64::from(region.client_height()) + 8.0;
        let last = rows(&region)
            .into_iter()
            .rev()
            .find(|row| offset(&region, row) + row.get_bounding_client_rect().height() <= bottom);
        let seq = last
            .and_then(|row| row.get_attribute("data-seq"))
            .and_then(|seq| seq.parse().ok())
            .map(Seq::new);
        if let Some(seq) = seq.filter(|seq| *seq > state.read.get()) {
            state.read.set(seq);
            state.baton.command.read_up_to(state.space, seq);
        }
    }
}

/// Shows the end of what is drawn.
fn to_end(state: &State, region: &HtmlElement) {
    region.set_scroll_top(region.scroll_height());
    state.end.set(region.scroll_top());
}

/// Keeps the first row in view where it is.
fn remember(state: &State, region: &HtmlElement) {
    let first = rows(region).into_iter().find_map(|row| {
        let top = offset(region, &row);
        (top + row.get_bounding_client_rect().height() > 0.0).then(|| (row.id(), top))
    });
    *state.anchor.borrow_mut() = first;
}

fn rows(region: &HtmlElement) -> Vec<Element> {
    let list = region.query_selector(".baton-thread__rows").ok().flatten();
    let children = list.map(|list| list.children());
    children.map_or_else(Vec::new, |children| {
        (0..children.length())
            .filter_map(|index| children.item(index))
            .collect()
    })
}

fn row_element(message: OpId) -> Option<Element> {
    web::document().get_element_by_id(&row_id(message))
}

/// The id of a row's element.
pub(super) fn row_id(id: OpId) -> String {
    format!("m-{id}")
}

/// How far below the region's top an element is.
fn offset(region: &HtmlElement, element: &Element) -> f64 {
    element.get_bounding_client_rect().top() - region.get_bounding_client_rect().top()
}

/// How much is below what is in view.
fn below(region: &HtmlElement) -> f64 {
    f64::from(region.scroll_height() - region.scroll_top() - region.client_height())
}

fn scroll_by(region: &HtmlElement, pixels: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
    let pixels = pixels.round() as i32;
    if pixels != 0 {
        region.set_scroll_top(region.scroll_top() + pixels);
    }
}
