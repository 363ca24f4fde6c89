//! A text field in which text never loses to text.
//!
//! An edit names the version that its author had before them (`base`). If the field has moved on, both versions stay
//! side by side until somebody who has seen both writes a new one.

use serde::{Deserialize, Serialize};

use crate::chain::Seq;
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

/// A text field with everything that was ever in it.
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
    /// Takes an edit that was made on the version at `base`.
    pub fn edit(&mut self, version: TextVersion, base: Seq) {
        if self.versions().any(|known| known.stamp.op == version.stamp.op) {
            return;
        }
        let (seen, unseen) = self.current.drain(..).partition(|current| current.seq <= base);
        self.earlier.extend::<Vec<_>>(seen);
        self.current = unseen;
        self.current.push(version);
    }

    /// What holds now.
    pub fn current(&self) -> &[TextVersion] {
        &self.current
    }

    /// What held before, oldest first.
    pub fn earlier(&self) -> &[TextVersion] {
        &self.earlier
    }

    /// The newest text; empty when never written.
    pub fn newest(&self) -> &str {
        self.current.last().map_or("", |version| version.text.as_str())
    }

    /// The place to name as `base` of an edit made on what is shown now.
    pub fn base(&self) -> Seq {
        self.current.last().map_or(Seq::ZERO, |version| version.seq)
    }

    /// True when several versions wait for somebody to settle them.
    pub fn is_in_conflict(&self) -> bool {
        self.current.len() > 1
    }

    /// Everything that was ever in the field.
    pub fn versions(&self) -> impl Iterator<Item = &TextVersion> {
        self.earlier.iter().chain(&self.current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{OpId, UserId};
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
        field.edit(version("a", 1), Seq::ZERO);
        field.edit(version("b", 2), Seq::new(1));
        assert_eq!(shown(&field), ["b"]);
        assert_eq!(field.earlier().len(), 1);
    }

    #[test]
    fn an_edit_made_on_something_older_stays_beside_until_settled() {
        let mut field = TextField::default();
        field.edit(version("a", 1), Seq::ZERO);
        field.edit(version("b", 2), Seq::new(1));
        field.edit(version("c", 3), Seq::new(1));
        assert_eq!(shown(&field), ["b", "c"]);
        assert!(field.is_in_conflict());
        field.edit(version("b and c", 4), field.base());
        assert_eq!(shown(&field), ["b and c"]);
        assert_eq!(field.versions().count(), 4);
    }

    #[test]
    fn the_same_edit_twice_is_one() {
        let mut field = TextField::default();
        field.edit(version("a", 1), Seq::ZERO);
        field.edit(version("a", 1), Seq::ZERO);
        assert_eq!(field.versions().count(), 1);
    }
}
