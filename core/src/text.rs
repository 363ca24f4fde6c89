//! A text field in which text never loses to text.
//!
//! An edit names the version that its author had before them ([`Basis`]). If the field has moved on, both versions stay
//! side by side until somebody who has seen both writes a new one.
//!
//! What is only on a device has no place in the log yet, only one that the device guesses. So `base` is never taken from
//! it: what its author wrote there themselves and had not sent is named by operation ([`Basis::after`]). Two own edits in
//! a row therefore follow each other when they settle, wherever they land, and neither takes the place of what somebody
//! else wrote in between.

use serde::{Deserialize, Serialize};

use crate::chain::Seq;
use crate::id::OpId;
use crate::state::Stamp;

/// One version of a text field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextVersion {
    /// The text.
    #[serde(rename = "t")]
    pub text: crate::secret::Personal<String>,
    /// Its place in the log.
    #[serde(rename = "q")]
    pub seq: Seq,
    /// Who wrote it, when.
    #[serde(rename = "s")]
    pub stamp: Stamp,
}

/// What the author of an edit had before them, when they began it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// The last place in the log of what was there; zero when nothing of it was in the log.
    pub base: Seq,
    /// What was there and only on their device.
    pub after: Vec<OpId>,
}

impl Basis {
    /// Whether it includes a version.
    fn includes(&self, version: &TextVersion) -> bool {
        version.seq <= self.base || self.after.contains(&version.stamp.op)
    }
}

impl From<Seq> for Basis {
    fn from(base: Seq) -> Self {
        Self {
            base,
            after: Vec::new(),
        }
    }
}

/// A text field with what was in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextField {
    /// What holds now: one version; more when they conflict and nobody has settled it; none when never written.
    #[serde(rename = "c")]
    current: Vec<TextVersion>,
    /// What held before, oldest first.
    #[serde(rename = "e", default)]
    earlier: Vec<TextVersion>,
}

impl TextField {
    /// Takes an edit that was made on what `basis` names.
    pub fn edit(&mut self, version: TextVersion, basis: &Basis) {
        if self.versions().any(|known| known.stamp.op == version.stamp.op) {
            return;
        }
        let (seen, unseen) = self
            .current
            .drain(..)
            .partition(|current| basis.includes(current));
        self.earlier.extend::<Vec<_>>(seen);
        self.current = unseen;
        self.current.push(version);
    }

    /// Drops the oldest of the earlier versions but for `keep`, which is at least one: the log keeps them all. What is only
    /// on this device is never dropped.
    pub fn forget(&mut self, keep: usize) {
        let is_kept = |version: &&TextVersion| version.stamp.recorded.is_some();
        let mut excess = self
            .earlier
            .iter()
            .filter(is_kept)
            .count()
            .saturating_sub(keep.max(1));
        self.earlier.retain(|version| {
            let goes = excess > 0 && is_kept(&version);
            excess -= usize::from(goes);
            !goes
        });
    }

    /// What holds now.
    pub fn current(&self) -> &[TextVersion] {
        &self.current
    }

    /// What held before, oldest first; of a field of a list, the newest few ([`crate::state::EARLIER`]).
    pub fn earlier(&self) -> &[TextVersion] {
        &self.earlier
    }

    /// The newest text; empty when never written.
    pub fn newest(&self) -> &str {
        self.current.last().map_or("", |version| version.text.as_str())
    }

    /// What to name in an edit that begins now, on what is shown.
    pub fn basis(&self) -> Basis {
        let recorded = |version: &&TextVersion| version.stamp.recorded.is_some();
        let base = self.versions().filter(recorded).map(|version| version.seq).max();
        let mut after: Vec<OpId> = self
            .current
            .iter()
            .rev()
            .chain(self.earlier.iter().rev())
            .filter(|version| !recorded(version))
            .map(|version| version.stamp.op)
            .take(AFTER)
            .collect();
        after.reverse();
        Basis {
            base: base.unwrap_or(Seq::ZERO),
            after,
        }
    }

    /// How many versions would stay beside an edit that was made on what `basis` names.
    pub fn unseen(&self, basis: &Basis) -> usize {
        let unseen = |version: &&TextVersion| !basis.includes(version);
        self.current.iter().filter(unseen).count()
    }

    /// True when several versions wait for somebody to settle them.
    pub fn is_in_conflict(&self) -> bool {
        self.current.len() > 1
    }

    /// Everything that is held of what was in the field.
    pub fn versions(&self) -> impl Iterator<Item = &TextVersion> {
        self.earlier.iter().chain(&self.current)
    }
}

/// An edit names at most so many that were only on its author's device.
pub const AFTER: usize = 16;

/// At most so many versions wait for somebody to settle them; one more is refused.
pub const UNSETTLED: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::UserId;
    use crate::time::At;

    fn version(text: &str, seq: u64) -> TextVersion {
        let id = OpId::make(At::from_millis(seq), [0; 10]);
        let at = At::from_millis(seq);
        let stamp = Stamp {
            op: id,
            by: UserId::from_bytes([1; 16]),
            at,
            recorded: Some(at),
        };
        TextVersion {
            text: text.into(),
            seq: Seq::new(seq),
            stamp,
        }
    }

    /// A version that is only on this device, at a place that is a guess.
    fn waiting(text: &str, guess: u64) -> TextVersion {
        let mut waiting = version(text, guess);
        waiting.stamp.op = OpId::make(At::from_millis(guess), [7; 10]);
        waiting.stamp.recorded = None;
        waiting
    }

    /// The same, once it has its place.
    fn landed(waiting: &TextVersion, seq: u64) -> TextVersion {
        let mut landed = waiting.clone();
        landed.seq = Seq::new(seq);
        landed.stamp.recorded = Some(At::from_millis(seq));
        landed
    }

    fn on(seq: u64) -> Basis {
        Seq::new(seq).into()
    }

    fn shown(field: &TextField) -> Vec<&str> {
        field
            .current()
            .iter()
            .map(|version| version.text.as_str())
            .collect()
    }

    #[test]
    fn an_edit_made_on_what_holds_replaces_it_and_keeps_it() {
        let mut field = TextField::default();
        field.edit(version("a", 1), &on(0));
        field.edit(version("b", 2), &on(1));
        assert_eq!(shown(&field), ["b"]);
        assert_eq!(field.earlier().len(), 1);
    }

    #[test]
    fn an_edit_made_on_something_older_stays_beside_until_settled() {
        let mut field = TextField::default();
        field.edit(version("a", 1), &on(0));
        field.edit(version("b", 2), &on(1));
        field.edit(version("c", 3), &on(1));
        assert_eq!(shown(&field), ["b", "c"]);
        assert!(field.is_in_conflict());
        let basis = field.basis();
        field.edit(version("b and c", 4), &basis);
        assert_eq!(shown(&field), ["b and c"]);
        assert_eq!(field.versions().count(), 4);
    }

    #[test]
    fn the_same_edit_twice_is_one() {
        let mut field = TextField::default();
        field.edit(version("a", 1), &on(0));
        field.edit(version("a", 1), &on(0));
        assert_eq!(field.versions().count(), 1);
    }

    #[test]
    fn own_edits_in_a_row_without_a_network_follow_each_other_wherever_they_land() {
        let mut field = TextField::default();
        field.edit(version("start", 5), &on(0));
        let mut device = field.clone();
        let mut sent = Vec::new();
        for (guess, text) in [(6, "one"), (7, "two"), (8, "three")] {
            let (basis, own) = (device.basis(), waiting(text, guess));
            device.edit(own.clone(), &basis);
            sent.push((own, basis));
        }
        assert_eq!(shown(&device), ["three"]);
        for (place, (own, basis)) in [(20, &sent[0]), (21, &sent[1]), (40, &sent[2])] {
            field.edit(landed(own, place), basis);
        }
        assert_eq!(shown(&field), ["three"]);
        assert_eq!(field.versions().count(), 4);
    }

    #[test]
    fn what_somebody_else_wrote_in_between_is_not_taken_for_seen_by_a_guessed_place() {
        let mut field = TextField::default();
        field.edit(version("start", 5), &on(0));
        let mut device = field.clone();
        let (first, first_on) = (waiting("mine", 6), device.basis());
        device.edit(first.clone(), &first_on);
        let (second, second_on) = (waiting("mine, better", 7), device.basis());
        // Theirs gets the place that the first of ours was guessed to get.
        field.edit(version("theirs", 6), &on(5));
        field.edit(landed(&first, 7), &first_on);
        field.edit(landed(&second, 8), &second_on);
        assert_eq!(shown(&field), ["theirs", "mine, better"]);
    }

    #[test]
    fn of_what_held_before_the_newest_are_kept_and_the_basis_stays_the_same() {
        let mut field = TextField::default();
        for seq in 1..=9 {
            let basis = field.basis();
            field.edit(version(&seq.to_string(), seq), &basis);
        }
        let basis = field.basis();
        field.edit(waiting("mine", 10), &basis);
        field.forget(2);
        let earlier: Vec<&str> = field.earlier().iter().map(|held| held.text.as_str()).collect();
        assert_eq!(earlier, ["8", "9"]);
        assert_eq!(field.basis().base, Seq::new(9));
        for guess in 11..=30 {
            let basis = field.basis();
            field.edit(waiting("mine again", guess), &basis);
            field.forget(2);
        }
        assert_eq!(field.basis().base, Seq::new(9));
        assert_eq!(field.basis().after.len(), AFTER);
        assert_eq!(field.basis().after.last(), Some(&field.current()[0].stamp.op));
    }
}
