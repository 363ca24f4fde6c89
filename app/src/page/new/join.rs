//! Asking to join a team by an invitation.

use crate::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::part::derived::RwSignal;
use crate::part::plain::{field, follows, form, told};
use crate::session::AskError;

/// Where one asks to join a team. Which one it is, and that one may, is for its administrators to say.
pub(super) fn join() -> AnyView {
    let code = RwSignal::new(String::new());
    let said = RwSignal::new((false, String::new()));
    let ask = move || {
        let Ok(invitation) = code.with_untracked(|code| code.trim().parse()) else {
            return said.set((true, "This is no invitation. Paste the whole of it.".to_owned()));
        };
        let command = baton().command;
        spawn_local(async move {
            said.try_set(match command.join(invitation).await {
                Ok(by) => (
                    false,
                    format!(
                        "You asked to join. {}, or another administrator, lets you in. Then the team is in your inbox.",
                        by.name
                    ),
                ),
                Err(AskError::Refused { status: 404, .. }) => (
                    true,
                    "This invitation is not open any more. Ask for a new one.".to_owned(),
                ),
                Err(AskError::Malformed | AskError::Refused { .. } | AskError::Unreachable) => (
                    true,
                    "You could not ask. Check the connection, then try again.".to_owned(),
                ),
            });
        });
    };
    let told = follows(move || match said.get() {
        (true, words) => told("baton-error", "alert", words),
        (false, words) => told("baton-done", "status", words),
    });
    let hint = "Its administrators see your name, job title and organisation, and let you in.";
    let inside = vec![field("invitation", "Invitation", hint, code), told];
    form("baton-make", inside, "Ask to join", ask)
}
