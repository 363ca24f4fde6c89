//! Attributes, classes, properties and listeners as one type, so that what an element takes is compiled once for all of a kind
//! (ADR 14). Each stands in the place of leptos' trait of the same name, which gives a type for each name and each event. A view
//! that is drawn anew in the place of another of the same tag is to have the same attributes: leptos takes none away.

use std::borrow::Cow;

use leptos::attr::AttributeValue;
use leptos::attr::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::attr::custom::custom_attribute;
use leptos::ev::{Custom, Event};
use leptos::prelude::AddAnyAttr;
use leptos::tachys::html::class::{IntoClass, class};
use leptos::tachys::html::element::HasElementType;
use leptos::tachys::html::event::{EventDescriptor, Targeted, capture, on};
use leptos::tachys::html::property::{IntoProperty, prop};
use wasm_bindgen::JsCast;

/// An element with one attribute more.
type With<T> = <T as AddAnyAttr>::Output<AnyAttribute>;

fn named<V: AttributeValue>(name: &'static str, value: V) -> AnyAttribute {
    custom_attribute(name, value).into_any_attr()
}

macro_rules! attributes {
    ($(#[$doc:meta])* $group:ident: $($method:ident = $name:literal,)*) => {
        $(#[$doc])*
        pub trait $group: AddAnyAttr + Sized {
            $(
                #[doc = concat!("`", $name, "`.")]
                fn $method<V: AttributeValue>(self, value: V) -> With<Self> {
                    self.add_any_attr(named($name, value))
                }
            )*
        }

        impl<T: AddAnyAttr> $group for T {}
    };
}

attributes! {
    /// Attributes for screen readers (WAI-ARIA 1.2); those that the app uses.
    AriaAttributes:
    aria_controls = "aria-controls",
    aria_current = "aria-current",
    aria_describedby = "aria-describedby",
    aria_expanded = "aria-expanded",
    aria_haspopup = "aria-haspopup",
    aria_hidden = "aria-hidden",
    aria_invalid = "aria-invalid",
    aria_label = "aria-label",
    aria_labelledby = "aria-labelledby",
    aria_live = "aria-live",
    aria_pressed = "aria-pressed",
    aria_rowcount = "aria-rowcount",
    aria_selected = "aria-selected",
}

attributes! {
    /// Attributes that any element may have; those that the app uses.
    GlobalAttributes:
    autocapitalize = "autocapitalize",
    draggable = "draggable",
    enterkeyhint = "enterkeyhint",
    hidden = "hidden",
    id = "id",
    inputmode = "inputmode",
    popover = "popover",
    role = "role",
    spellcheck = "spellcheck",
    tabindex = "tabindex",
    title = "title",
}

/// Classes.
pub trait ClassAttribute: AddAnyAttr + Sized {
    /// `class`.
    fn class<C: IntoClass>(self, value: C) -> With<Self> {
        self.add_any_attr(class(value).into_any_attr())
    }
}

impl<T: AddAnyAttr> ClassAttribute for T {}

/// Properties of elements in the page.
pub trait PropAttribute: AddAnyAttr + Sized {
    /// One by its name.
    fn prop<P: IntoProperty>(self, name: &'static str, value: P) -> With<Self> {
        self.add_any_attr(prop(name, value).into_any_attr())
    }
}

impl<T: AddAnyAttr> PropAttribute for T {}

/// What is done when something happens.
pub trait OnAttribute: AddAnyAttr + Sized {
    /// When this event comes.
    fn on<E, F>(self, event: E, mut act: F) -> With<Self>
    where
        E: EventDescriptor<EventType: JsCast>,
        F: FnMut(E::EventType) + 'static,
    {
        let act = Box::new(move |event: Event| act(event.unchecked_into()));
        self.add_any_attr(hears(event.name(), E::CAPTURE, act))
    }
}

impl<T: AddAnyAttr> OnAttribute for T {}

/// What is done when something happens to an element that it is to be known of which kind it is.
pub trait OnTargetAttribute: AddAnyAttr + HasElementType + Sized {
    /// When this event comes.
    fn on_target<E, F>(self, event: E, mut act: F) -> With<Self>
    where
        E: EventDescriptor<EventType: JsCast>,
        F: FnMut(Targeted<E::EventType, Self::ElementType>) + 'static,
        Self::ElementType: 'static,
    {
        self.on(event, move |event| act(Targeted::from(event)))
    }
}

impl<T: AddAnyAttr + HasElementType> OnTargetAttribute for T {}

fn hears(name: Cow<'static, str>, is_first: bool, act: Box<dyn FnMut(Event)>) -> AnyAttribute {
    if is_first {
        on(capture(Custom::new(name)), act).into_any_attr()
    } else {
        on(Custom::new(name), act).into_any_attr()
    }
}
