//! Says that a new release is ready, and lets the person choose the moment.

use crate::part::drawn::view;
use crate::part::plain::button;
use crate::prelude::*;

use crate::part::icon::Icon;
use crate::shell_worker::ShellWorker;

/// The notice: nothing until there is something to say. It takes no focus and changes nothing by itself.
#[component]
pub(super) fn UpdateNotice() -> impl IntoView {
    let worker: ShellWorker = expect_context();
    let notice = move || {
        worker.update_ready.get().then(|| {
            view! {
                <p class="baton-update">
                    {Icon::Info.draw()} <span>"A new version of Baton is ready."</span>
                    {button("baton-update__button", "Update now", "", move || worker.update_now())}
                </p>
            }
        })
    };
    view! { <div class="baton-bar__update" role="status">{notice}</div> }
}
