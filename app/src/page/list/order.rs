//! The order in which rows are drawn. After another order was chosen, those in view stand right at once, and the others a moment
//! later: moving all rows of a long list takes longer than a tap may.

use baton_core::ordered::SortedMap;
use wasm_bindgen_futures::spawn_local;

use super::keys;
use crate::app::baton;
use crate::part::derived::{RwSignal, StoredValue, effect};
use crate::store::lists::sheet::{Sheet, Slot};
use crate::web;

/// Places in order, of what was opened the n-th time.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) opening: u32,
    pub(super) slots: Vec<Slot>,
}

/// What is to be drawn, in order.
pub(super) fn drawn_order() -> RwSignal<Order> {
    let sheet = &baton().store.lists.sheet;
    let order = RwSignal::new(Order::default());
    let turn = StoredValue::new(0_u32);
    effect(move || {
        let slots = sheet.slots().get();
        let opening = sheet.opening();
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let in_view = order.with_untracked(|before| {
            let is_same = before.opening == opening;
            is_same.then(|| first_in_place(&before.slots, &slots)).flatten()
        });
        // Where the table is, the browser has to work out: it is asked last.
        match in_view.filter(|_| is_at_the_top()) {
            Some(slots) => {
                order.set(Order { opening, slots });
                spawn_local(put_the_rest_in_place(sheet, order, turn));
            }
            None => order.set(Order { opening, slots }),
        }
    });
    order
}

/// Puts the others in place, unless another order was asked for meanwhile.
async fn put_the_rest_in_place(sheet: &'static Sheet, order: RwSignal<Order>, turn: StoredValue<u32>) {
    let begun = turn.try_get_value();
    web::wait(PAUSE).await;
    // The page may be gone.
    if begun.is_some() && turn.try_get_value() == begun {
        let slots = sheet.slots().get_untracked();
        let opening = sheet.opening();
        order.set(Order { opening, slots });
    }
}

fn is_at_the_top() -> bool {
    keys::table().is_some_and(|table| table.get_bounding_client_rect().top() >= 0.)
}

/// The first places of `after`, each having changed places with who stood there; `None` where that would spare nothing, or others
/// are there than before.
fn first_in_place(before: &[Slot], after: &[Slot]) -> Option<Vec<Slot>> {
    let moved = before.iter().zip(after).filter(|(one, other)| one != other);
    if before.len() != after.len() || after.len() <= 2 * PART || moved.count() <= 2 * PART {
        return None;
    }
    let mut places: SortedMap<&Slot, usize> = before.iter().zip(0..).collect();
    let mut drawn: Vec<&Slot> = before.iter().collect();
    for (to, slot) in after.iter().enumerate().take(PART) {
        let from = *places.get(&slot)?;
        let other = *drawn.get(to)?;
        drawn.swap(from, to);
        places.insert(other, from);
    }
    let are_the_same = after.iter().all(|slot| places.contains_key(&slot));
    are_the_same.then(|| drawn.into_iter().cloned().collect())
}

/// Before the others move, in milliseconds: what was tapped for is on the screen by then, and who goes through the orders by keys
/// has gone on.
const PAUSE: i32 = 250;

/// Rows that move at once: more than a tall screen shows.
const PART: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::id::PatientId;

    fn slots(numbers: impl IntoIterator<Item = u8>) -> Vec<Slot> {
        let slot = |number| Slot::Row(PatientId::from_bytes([number; 16]));
        numbers.into_iter().map(slot).collect()
    }

    #[test]
    fn those_in_view_stand_right_and_few_others_move() {
        let (before, after) = (slots(0..200), slots((0..200).rev()));
        let drawn = first_in_place(&before, &after).unwrap();
        assert_eq!(drawn[..PART], after[..PART]);
        let moved = drawn.iter().zip(&before).filter(|(one, other)| one != other);
        assert_eq!(moved.count(), 2 * PART);
        let sorted = |mut all: Vec<Slot>| {
            all.sort();
            all
        };
        assert_eq!(sorted(drawn), sorted(after));
    }

    #[test]
    fn where_somebody_comes_or_goes_all_are_put_in_place() {
        assert_eq!(first_in_place(&slots(0..200), &slots((1..201).rev())), None);
        assert_eq!(first_in_place(&slots(0..200), &slots((0..199).rev())), None);
    }

    #[test]
    fn a_short_list_and_a_small_change_are_drawn_as_they_are() {
        assert_eq!(first_in_place(&slots(0..60), &slots((0..60).rev())), None);
        let moved = slots([1, 0].into_iter().chain(2..200));
        assert_eq!(first_in_place(&slots(0..200), &moved), None);
    }
}
