//! Sorting of any type by the one sort of places that is compiled.

use core::cmp::Ordering;

/// Sorts; what is equal stays as it was.
pub fn sort<T: Ord>(all: &mut [T]) {
    sort_by(all, T::cmp);
}

/// Sorts by a key; what is equal stays as it was.
pub fn sort_by_key<T, K: Ord>(all: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(all, |one, other| key(one).cmp(&key(other)));
}

/// Sorts by a comparison; what is equal stays as it was.
pub fn sort_by<T>(all: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut places = order(all.len(), &|one, other| match (all.get(one), all.get(other)) {
        (Some(one), Some(other)) => compare(one, other),
        (None, _) | (_, None) => Ordering::Equal,
    });
    arrange(&mut places, &mut |one, other| all.swap(one, other));
}

/// The places of what is to be sorted, in order.
fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_by(|one, other| compare(*one, *other));
    places
}

/// Swaps until at each place is what belongs there, ring by ring of what takes the place of what.
fn arrange(places: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..places.len() {
        let mut here = start;
        while let Some(place) = places.get_mut(here) {
            let from = core::mem::replace(place, here);
            if from == start || from == here {
                break;
            }
            swap(here, from);
            here = from;
        }
    }
}
