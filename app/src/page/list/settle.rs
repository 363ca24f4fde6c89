//! Settling a cell in which several people wrote at the same time: their versions side by side, to keep one of them or to write
//! a new one.

use crate::part::derived::StoredValue;
use crate::part::drawn::view;
use crate::prelude::*;

use super::here;
use crate::app::baton;
use crate::part::dialog::Dialog;
use crate::part::plain::{self, PRIMARY, SECONDARY, button};
use crate::store::lists::look::{CellDraft, CellKey};
use crate::store::lists::row::{Cell, Version};

/// The dialog.
#[component]
pub(super) fn SettleDialog(cell: CellKey, #[prop(into)] close: Callback<()>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let lists = &baton.store.lists;
    // What is asked is what somebody has before them: whatever comes meanwhile stays to be settled.
    let basis = StoredValue::new(baton.command.cell_basis(cell));
    let row = lists.sheet.row_now(cell.patient);
    let name = row
        .as_ref()
        .map(crate::store::lists::row::SheetRow::name)
        .unwrap_or_default();
    let line = row
        .as_ref()
        .and_then(|row| row.face.as_ref().map(|face| face.line.clone()));
    let shown = row.as_ref().and_then(|row| row.cell(cell.field).cloned());
    let title = lists.sheet.with_header_now(|header| {
        let column = header.columns.iter().find(|column| column.field == cell.field);
        column.map(|column| column.title.clone()).unwrap_or_default()
    });
    let keep = move |text: &str| {
        let basis = basis.get_value();
        if here.note(baton.command.write_cell(cell, text, basis)).is_some() {
            close.run(());
        }
    };
    let texts = shown.as_ref().map(Cell::text).unwrap_or_default();
    let write = move || {
        let basis = basis.get_value();
        let draft = CellDraft {
            text: texts.clone(),
            base: basis.base,
            after: basis.after,
        };
        lists.set_draft(cell, Some(draft));
        close.run(());
        if let Some(row) = lists.sheet.row(cell.patient) {
            row.editing.update(|editing| _ = editing.insert(cell.field));
        }
    };
    let one = move |version: Version| {
        let text = version.text.clone();
        let words = if version.text.is_empty() {
            "(cleared)".to_owned()
        } else {
            version.text
        };
        view! {
            <li class="baton-settle__one">
                {plain::words("baton-settle__text", words)}
                <p class="baton-hint">{version.by} ", " {version.at}</p>
                {button(SECONDARY, "Keep this one", "", move || keep(&text))}
            </li>
        }
    };
    view! {
        <Dialog title=format!("{title} of {name}") close>
            {line.map(|line| plain::words("", line))}
            {plain::words("", "These were written at the same time, by people who had not seen each other’s. Both stay in the history.")}
            <ul class="baton-settle">{shown.map(|cell| cell.versions.into_iter().map(one).collect_view())}</ul>
            <div class="baton-buttons">
                {button(PRIMARY, "Write a new one", "", write)}
            </div>
        </Dialog>
    }
}
