//! Which columns of a list are shown and printed, and its own columns.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::op::list::Field;

use super::here;
use crate::app::baton;
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::dialog::Dialog;
use crate::part::plain::{PRIMARY, SECONDARY, WARNING, button, error, words};
use crate::store::lists::row::ColumnHead;

/// The dialog.
#[component]
pub(super) fn ColumnsDialog(#[prop(into)] close: Callback<()>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let sheet = &baton.store.lists.sheet;
    let columns = memo(move || sheet.with_header(|header| header.columns.clone()));
    let may_write = memo(move || sheet.with_header(|header| header.may_write));
    let title = RwSignal::new(String::new());
    let add = move || {
        let typed = title.get_untracked();
        if !typed.trim().is_empty() && here.note(baton.command.add_column(here.key, &typed)).is_some() {
            title.set(String::new());
        }
    };
    view! {
        <Dialog title="Columns" close>
            {words("", "Shown to you on this device, and on paper. Place and patient are always there.")}
            {error(here.error)}
            <ul class="baton-columns">
                {move || columns.get().into_iter().map(|column| view! { <Line column may_write /> }).collect_view()}
            </ul>
            {move || {
                may_write
                    .get()
                    .then(|| {
                        view! {
                            <form
                                class="baton-rename"
                                on:submit=move |event| {
                                    event.prevent_default();
                                    add();
                                }
                            >
                                <label class="baton-find__label" for="column-title">"A new column, for everybody"</label>
                                <div class="baton-rename__line">
                                    <input
                                        id="column-title"
                                        class="baton-field"
                                        type="text"
                                        autocomplete="off"
                                        prop:value=move || title.get()
                                        on:input:target=move |event| title.set(event.target().value())
                                    />
                                    <button type="submit" class="nhsuk-button nhsuk-button--secondary baton-button">"Add"</button>
                                </div>
                            </form>
                        }
                    })
            }}
            {button(PRIMARY, "Done", "", move || close.run(()))}
        </Dialog>
    }
}

#[component]
fn Line(column: ColumnHead, may_write: Memo<bool>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let field = column.field;
    let is_shown = memo(move || !here.view().hidden.contains(&field));
    let own = match field {
        Field::Column(id) => Some(id),
        Field::ExpectedDischarge | Field::Flags | Field::Jobs | Field::Resuscitation | Field::Summary => None,
    };
    let is_asked = RwSignal::new(false);
    let title = column.title.clone();
    view! {
        <li class="baton-columns__line">
            <label class="baton-take__choice">
                <input
                    autocomplete="off"
                    type="checkbox"
                    prop:checked=move || is_shown.get()
                    on:change=move |_| {
                        let was_shown = is_shown.get_untracked();
                        here.change_view(|view| {
                            if was_shown {
                                view.hidden.insert(field);
                            } else {
                                view.hidden.remove(&field);
                            }
                        });
                    }
                />
                <span>{column.title}</span>
            </label>
            {move || {
                let own = own.filter(|_| may_write.get())?;
                let title = title.clone();
                Some(
                    if is_asked.get() {
                        view! {
                            <span class="baton-buttons">
                                <span>"Remove it for everybody? What was written in it stays in the history."</span>
                                {button(
                                    WARNING,
                                    "Remove",
                                    "",
                                    move || _ = here.note(baton.command.remove_column(here.key, own)),
                                )}
                                {button(SECONDARY, "Keep", "", move || is_asked.set(false))}
                            </span>
                        }
                    } else {
                        view! {
                            <button type="button" class="baton-link" on:click=move |_| is_asked.set(true)>
                                "Remove"
                                <span class="nhsuk-u-visually-hidden">" the column " {title}</span>
                            </button>
                        }
                    },
                )
            }}
        </li>
    }
}
