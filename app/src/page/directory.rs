//! The directory: find somebody, and write to them.

use crate::part::derived::RwSignal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::OpId;
use baton_core::op::space::SpaceKind;
use wasm_bindgen_futures::spawn_local;

use crate::app::{Baton, baton};
use crate::clock;
use crate::page::new::PaneHead;
use crate::page::roles::roles_link;
use crate::part::find_people::FindPeople;
use crate::part::plain::{follows, told};
use crate::route::Route;
use crate::store::people::Card;

/// The directory page.
#[component]
pub fn DirectoryPage() -> impl IntoView {
    let baton = baton();
    let failed = RwSignal::new(false);
    let choose = move |card: Card| message_to(baton, &card, failed);
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="Directory" />
            <div class="baton-pane__inside">
                {not_started(failed)}
                {roles_link()}
                <FindPeople label="Find people" verb="Message" offers=|_| true choose />
            </div>
        </section>
    }
}

/// That a conversation could not be started, when it could not.
pub(super) fn not_started(failed: RwSignal<bool>) -> AnyView {
    follows(move || {
        let says = if failed.get() {
            "The conversation could not be started. Check the connection, then try again."
        } else {
            ""
        };
        told("baton-error", "alert", says)
    })
}

/// Opens the conversation with one person, which the record makes if there is none.
pub(super) fn message_to(baton: Baton, card: &Card, failed: RwSignal<bool>) {
    let user = card.id;
    let request = OpId::make(clock::now(), clock::random());
    failed.set(false);
    spawn_local(async move {
        match baton
            .command
            .start(SpaceKind::Direct, String::new(), vec![user], request)
            .await
        {
            Ok(space) => baton.router.go(Route::Thread(space)),
            Err(_) => {
                failed.try_set(true);
            }
        }
    });
}
