//! Naming somebody: `@` and the beginning of a name lists the members it fits. What is typed after `#` is found alike, for
//! the patient whom a message is about.

use crate::part::derived::{RwSignal, StoredValue};
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::UserId;
use baton_core::letter;
use baton_core::op::task::Assignee;
use baton_core::quick_add;
use leptos::html;
use wasm_bindgen::JsCast;

use super::here;
use crate::app::baton;
use crate::part::person::PersonLine;
use crate::part::plain::{block, chosen, words};
use crate::store::people::Card;
use crate::store::work::full::Target;
use crate::web;

/// At most so many people are offered at a time.
const OFFERED: usize = 6;

/// A name that is being typed after a sign: `@` or `#`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Typed {
    /// Where the sign is, in bytes.
    start: usize,
    /// Where the caret is, in bytes.
    end: usize,
    /// What is typed after the sign, in lower case.
    pub(super) name: String,
}

impl Typed {
    /// Puts something else in the place of the sign and what is typed after it.
    pub(super) fn replace(&self, text: &mut String, by: &str) {
        if text.is_char_boundary(self.start) && text.is_char_boundary(self.end) && self.start <= self.end {
            text.replace_range(self.start..self.end, by);
        }
    }
}

/// Finds the name that is being typed after a sign at the caret (given as the browser does, in UTF-16 units).
pub(super) fn typed(text: &str, caret: u32, sign: char) -> Option<Typed> {
    let mut units = 0_u32;
    let end = text
        .char_indices()
        .find_map(|(at, letter)| {
            let here = units;
            units += u32::try_from(letter.len_utf16()).unwrap_or(1);
            (here >= caret).then_some(at)
        })
        .unwrap_or(text.len());
    let before = text.get(..end)?;
    let start = before.rfind(sign)?;
    let name = before.get(start + 1..)?;
    let opens = before
        .get(..start)?
        .chars()
        .next_back()
        .is_none_or(char::is_whitespace);
    let is_name = name.chars().count() <= 30 && name.split(' ').count() <= 3 && !name.contains('\n');
    (opens && is_name).then(|| Typed {
        start,
        end,
        name: letter::lowered(name),
    })
}

fn fits(card: &Card, typed: &str) -> bool {
    let name = letter::lowered(&card.name);
    name.starts_with(typed) || name.split(' ').any(|word| word.starts_with(typed))
}

/// Moves the focus to the first who is offered; false when nobody is.
pub(super) fn go_to_offered() -> bool {
    let first = web::document()
        .query_selector(".baton-mentions button")
        .ok()
        .flatten();
    let first = first.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok());
    first.is_some_and(|first| first.focus().is_ok())
}

/// The arrow keys go through those who are offered.
pub(super) fn by_arrows(event: &leptos::ev::KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let document = web::document();
    let (Some(now), Ok(offered)) = (
        document.active_element(),
        document.query_selector_all(".baton-mentions button"),
    ) else {
        return;
    };
    let is_now = |place: &u32| {
        offered
            .get(*place)
            .is_some_and(|one| one.is_same_node(Some(&now)))
    };
    let place = (0..offered.length()).find(is_now);
    let to = place
        .and_then(|place| place.checked_add_signed(step))
        .and_then(|to| offered.get(to));
    if let Some(to) = to.and_then(|to| to.dyn_into::<web_sys::HtmlElement>().ok()) {
        event.prevent_default();
        _ = to.focus();
    }
}

/// The members whom the typed name fits.
#[component]
pub(super) fn Mentions(
    /// What is typed.
    typed: Typed,
    /// Closes this when there is nothing typed any more.
    picker: RwSignal<Option<Typed>>,
    /// Who was picked, which tells people who are called alike.
    picked: RwSignal<Vec<UserId>>,
    /// Where the text is.
    field: NodeRef<html::Textarea>,
) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let name = typed.name.clone();
    let details = untrack(|| baton.command.details(here.space));
    let cards: Vec<Card> = details
        .into_iter()
        .flat_map(|details| details.members)
        .filter(|member| !member.is_me && fits(&member.card, &name))
        .map(|member| member.card)
        .take(OFFERED)
        .collect();
    let roles: Vec<Target> = untrack(|| baton.command.targets(here.space))
        .into_iter()
        .filter(|target| matches!(target.to, Assignee::Role(_)) && quick_add::fits(&target.name, &name))
        .take(OFFERED)
        .collect();
    if cards.is_empty() && roles.is_empty() {
        return ().into_any();
    }
    let pick = move |id: Option<UserId>, name: &str| {
        baton.store.drafts.edit(here.space, |draft| {
            typed.replace(&mut draft.text, &format!("@{name} "));
        });
        picked.update(|picked| picked.extend(id));
        picker.set(None);
        if let Some(field) = field.get_untracked() {
            _ = field.focus();
        }
    };
    let pick = StoredValue::<Pick>::new(Box::new(pick));
    view! {
        <ul class="baton-mentions" aria-label="People to name" on:keydown=move |event| by_arrows(&event)>
            {cards
                .into_iter()
                .map(|card| {
                    let shown = card.clone();
                    view! {
                        <li>
                            <button
                                type="button"
                                class="baton-mentions__person"
                                on:click=move |_| pick.with_value(|pick| pick(Some(card.id), &card.name))
                            >
                                <PersonLine card=shown />
                            </button>
                        </li>
                    }
                })
                .collect_view()}
            {roles.into_iter().map(|role| view! { <li>{role_button(role, pick)}</li> }).collect_view()}
        </ul>
    }
}

type Pick = Box<dyn Fn(Option<UserId>, &str) + Send + Sync>;

/// A role: who holds it, or that it is vacant and who covers, before one writes to it.
fn role_button(role: Target, pick: StoredValue<Pick>) -> AnyView {
    let says = block(
        "baton-pick__words",
        vec![
            words("baton-pick__title", role.name.clone()),
            words("baton-hint", role.says),
        ],
    );
    let name = role.name;
    chosen("baton-mentions__person", says, move || {
        pick.with_value(|pick| pick(None, &name));
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_at_the_caret_and_nowhere_else() {
        let name = |text, caret| typed(text, caret, '@').map(|typed| typed.name);
        assert_eq!(name("Ask @Am", 7), Some("am".to_owned()));
        assert_eq!(name("Ask @Am", 3), None);
        assert_eq!(name("mail a@b.uk", 11), None);
        assert_eq!(name("Ørsted @Åb", 10), Some("åb".to_owned()));
        assert_eq!(name("@\nno", 4), None);
    }

    #[test]
    fn a_patient_is_typed_after_a_sign_of_their_own_and_gives_way_to_the_chip() {
        let mut text = "Seen #smith 2/1/61".to_owned();
        let typed = typed(&text, 18, '#').unwrap();
        assert_eq!(typed.name, "smith 2/1/61");
        typed.replace(&mut text, "");
        assert_eq!(text, "Seen ");
    }
}
