//! What follows signals: values and effects, and values that a screen sets. All that leptos has around a value it compiles anew for
//! each type of value; here all values are of one type to it, so that it is there once (ADR 14).

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::prelude::*;

mod signal;

pub use signal::Signal;

/// A value that is worked out anew when a signal it was worked out from changes, and tells those who use it only when it is
/// another.
pub struct Memo<T> {
    kept: leptos::prelude::Memo<Kept>,
    kind: PhantomData<fn() -> T>,
}

/// A value that is set, and that tells those who use it.
pub struct RwSignal<T> {
    value: leptos::prelude::RwSignal<Value>,
    kind: PhantomData<fn() -> T>,
}

/// A value that is kept for as long as what made it, and that tells nobody.
pub struct StoredValue<T> {
    value: leptos::prelude::StoredValue<Value>,
    kind: PhantomData<fn() -> T>,
}

type Value = Arc<dyn Any + Send + Sync>;

/// A value of any type, and whether another is the same.
#[derive(Clone)]
struct Kept {
    value: Value,
    is_same: fn(&dyn Any, &dyn Any) -> bool,
}

impl Kept {
    fn new<T: PartialEq + Send + Sync + 'static>(value: T) -> Self {
        Self {
            value: Arc::new(value),
            is_same: same::<T>,
        }
    }

    fn of<T: 'static>(&self) -> &T {
        of(&self.value)
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        (self.is_same)(self.value.as_ref(), other.value.as_ref())
    }
}

fn same<T: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    let (one, other) = (one.downcast_ref::<T>(), other.downcast_ref::<T>());
    one.is_some() && one == other
}

/// A value that is worked out.
pub fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    Memo {
        kept: worked_out(Box::new(move || Kept::new(value()))),
        kind: PhantomData,
    }
}

impl<T: 'static> Memo<T> {
    /// The value. Follows it.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.kept.get().of::<T>().clone()
    }

    /// The value as it is now.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.kept.get_untracked().of::<T>().clone()
    }

    /// Follows it.
    pub fn track(self) {
        self.kept.track();
    }

    /// Reads the value. Follows it.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(self.kept.get().of())
    }

    /// Reads the value as it is now.
    pub fn with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(self.kept.get_untracked().of())
    }
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// Begins with a value.
    pub fn new(value: T) -> Self {
        Self {
            value: leptos::prelude::RwSignal::new(Arc::new(value)),
            kind: PhantomData,
        }
    }

    /// The value. Follows it.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        of::<T>(&self.value.get()).clone()
    }

    /// The value as it is now.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        of::<T>(&self.value.get_untracked()).clone()
    }

    /// The value as it is now, while it is there.
    pub fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        Some(of::<T>(&self.value.try_get_untracked()?).clone())
    }

    /// Reads the value. Follows it.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(of(&self.value.get()))
    }

    /// Reads the value as it is now.
    pub fn with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(of(&self.value.get_untracked()))
    }

    /// Follows it.
    pub fn track(self) {
        self.value.track();
    }

    /// Sets the value.
    pub fn set(self, value: T) {
        self.value.set(Arc::new(value));
    }

    /// Sets the value while it is there; gives something when it is gone.
    pub fn try_set(self, value: T) -> Option<()> {
        self.value.try_set(Arc::new(value)).map(drop)
    }

    /// Changes the value.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        _ = self.try_update(change);
    }

    /// Changes the value, while it is there.
    pub fn try_update<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let (mut change, mut result) = (Some(change), None);
        changed(self.value, &mut |value: &mut dyn Any| {
            result = change.take().map(|change| change(of_mut(value)));
        });
        result
    }
}

impl<T: Send + Sync + 'static> StoredValue<T> {
    /// Keeps a value.
    pub fn new(value: T) -> Self {
        Self {
            value: leptos::prelude::StoredValue::new(Arc::new(value)),
            kind: PhantomData,
        }
    }

    /// The value.
    pub fn get_value(self) -> T
    where
        T: Clone,
    {
        of::<T>(&self.value.get_value()).clone()
    }

    /// The value, while it is there.
    pub fn try_get_value(self) -> Option<T>
    where
        T: Clone,
    {
        self.try_with_value(T::clone)
    }

    /// Reads the value.
    pub fn with_value<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(of(&self.value.get_value()))
    }

    /// Reads the value, while it is there.
    pub fn try_with_value<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        Some(read(of(&self.value.try_get_value()?)))
    }

    /// Sets the value.
    pub fn set_value(self, value: T) {
        self.value.set_value(Arc::new(value));
    }

    /// Changes the value.
    pub fn update_value(self, change: impl FnOnce(&mut T)) {
        _ = self.try_update_value(change);
    }

    /// Changes the value, while it is there.
    pub fn try_update_value<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let (mut change, mut result) = (Some(change), None);
        changed_in_store(self.value, &mut |value: &mut dyn Any| {
            result = change.take().map(|change| change(of_mut(value)));
        });
        result
    }
}

/// Tells those who use it also when nothing is another, as leptos does.
fn changed(value: leptos::prelude::RwSignal<Value>, change: &mut dyn FnMut(&mut dyn Any)) {
    _ = value.try_update(|value| change(alone(value)));
}

fn changed_in_store(value: leptos::prelude::StoredValue<Value>, change: &mut dyn FnMut(&mut dyn Any)) {
    _ = value.try_update_value(|value| change(alone(value)));
}

fn alone(value: &mut Value) -> &mut dyn Any {
    Arc::get_mut(value).expect("nothing reads a value while it changes")
}

fn of_mut<T: 'static>(value: &mut dyn Any) -> &mut T {
    value
        .downcast_mut()
        .expect("a handle is made with the value that it is of")
}

fn of<T: 'static>(value: &Value) -> &T {
    value
        .downcast_ref()
        .expect("a handle is made with the value that it is of")
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T> Clone for StoredValue<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for StoredValue<T> {}

/// Runs when the page has been drawn, and again when a signal that it used changes.
pub fn effect(run: impl FnMut() + 'static) {
    running(Box::new(run));
}

fn worked_out(value: Box<dyn Fn() -> Kept + Send + Sync>) -> leptos::prelude::Memo<Kept> {
    leptos::prelude::Memo::new(move |_| value())
}

fn running(run: Box<dyn FnMut()>) {
    Effect::new(run);
}
