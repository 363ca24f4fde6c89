//! Saying something at a handover: a question, an answer, a reason. What is typed is a draft until it is sent, and stays.

use crate::prelude::*;
use baton_core::id::SpaceId;
use baton_core::op::handover::HandoverOp;
use baton_core::secret::Personal;

use crate::app::baton;
use crate::part::derived::RwSignal;
use crate::part::kept::{self, kept};
use crate::part::plain::{area, dialog, error, form, words};
use crate::store::handover::texts::TextKey;

/// What is asked for.
pub struct Ask {
    /// The title of the dialog.
    pub title: String,
    /// What stands above the field.
    pub says: String,
    /// What the field is called.
    pub label: &'static str,
    /// What the button says.
    pub verb: &'static str,
    /// Where the draft is.
    pub key: TextKey,
    /// What is done with what was typed.
    pub make: Box<dyn Fn(Personal<String>) -> HandoverOp + Send + Sync>,
}

/// The dialog.
pub fn say(space: SpaceId, ask: Ask, close: Callback<()>, done: Callback<()>) -> AnyView {
    let Ask {
        title,
        says,
        label,
        verb,
        key,
        make,
    } = ask;
    let text = kept(key.clone());
    let wrong = RwSignal::new(None::<String>);
    let send = move || {
        let typed = Personal::new(text.get_untracked().trim().to_owned());
        match baton().command.hand_over(space, make(typed)) {
            Ok(_) => {
                text.set(String::new());
                kept::no_longer(key.clone());
                close.run(());
                done.run(());
            }
            Err(refusal) => wrong.set(Some(refusal.to_string())),
        }
    };
    let inside = vec![words("", says), error(wrong), area("handover-words", label, text)];
    dialog(title, close, vec![form("baton-make", inside, verb, send)])
}
