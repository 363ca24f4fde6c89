//! What a part is given to show, however it is worked out.

use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::{ArcRwSignal, Get, GetValue};

use super::{Memo, RwSignal, Value, of};

/// A value that is worked out whenever it is read.
pub struct Signal<T> {
    value: leptos::prelude::StoredValue<Value>,
    kind: PhantomData<fn() -> T>,
}

type Worked<T> = Box<dyn Fn() -> T + Send + Sync>;

impl<T: 'static> Signal<T> {
    /// What follows signals.
    pub fn derive(value: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let worked: Worked<T> = Box::new(value);
        Self {
            value: leptos::prelude::StoredValue::new(Arc::new(worked)),
            kind: PhantomData,
        }
    }

    /// What stays as it is.
    pub fn stored(value: T) -> Self
    where
        T: Clone + Send + Sync,
    {
        Self::derive(move || value.clone())
    }

    /// The value. Follows what it is worked out from.
    pub fn get(self) -> T {
        of::<Worked<T>>(&self.value.get_value())()
    }

    /// Reads the value. Follows what it is worked out from.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.get())
    }
}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

impl<T: Clone + Send + Sync + 'static> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::derive(move || memo.get())
    }
}

impl<T: Clone + Send + Sync + 'static> From<RwSignal<T>> for Signal<T> {
    fn from(value: RwSignal<T>) -> Self {
        Self::derive(move || value.get())
    }
}

impl<T: Clone + Send + Sync + 'static> From<ArcRwSignal<T>> for Signal<T> {
    fn from(value: ArcRwSignal<T>) -> Self {
        Self::derive(move || value.get())
    }
}

impl From<&str> for Signal<String> {
    fn from(words: &str) -> Self {
        Self::stored(words.to_owned())
    }
}

impl From<String> for Signal<String> {
    fn from(words: String) -> Self {
        Self::stored(words)
    }
}

impl From<bool> for Signal<bool> {
    fn from(is: bool) -> Self {
        Self::stored(is)
    }
}

impl<T: Clone + Send + Sync + Default + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::stored(T::default())
    }
}
