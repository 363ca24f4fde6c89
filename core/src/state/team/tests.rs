use super::*;
use crate::chain::Seq;
use crate::id::UserId;
use crate::op::space::{AnnouncementsOnly, NotePinned, NoteUnpinned, PurposeSet};
use crate::state::Stamp;
use crate::time::At;

fn mark(n: u8) -> Mark {
    let at = At::from_millis(n.into());
    Mark {
        seq: Seq::new(n.into()),
        stamp: Stamp {
            op: OpId::from_bytes([n; 16]),
            by: UserId::from_bytes([1; 16]),
            at,
            recorded: Some(at),
        },
    }
}

fn purpose(text: &str, base: u64) -> SpaceOp {
    SpaceOp::PurposeSet(PurposeSet {
        text: text.into(),
        base: Seq::new(base),
        after: vec![],
    })
}

#[test]
fn two_purposes_that_were_written_unseen_stay_side_by_side() {
    let mut team = Team::default();
    assert!(team.is_empty());
    team.apply(mark(1), &purpose("Acute medicine", 0));
    team.apply(mark(2), &purpose("Acute medicine, nights", 1));
    team.apply(mark(3), &purpose("Acute medicine, days", 1));
    let held: Vec<&str> = team
        .purpose
        .current()
        .iter()
        .map(|version| version.text.as_str())
        .collect();
    assert_eq!(held, ["Acute medicine, nights", "Acute medicine, days"]);
    assert!(!team.is_empty());
}

#[test]
fn notes_stay_in_the_order_in_which_they_were_pinned_and_each_comes_down_by_itself() {
    let mut team = Team::default();
    let pin = |text: &str| SpaceOp::NotePinned(NotePinned { text: text.into() });
    for (n, text) in [(1, "Door code"), (2, "Bleeps"), (3, "Rounds")] {
        assert_eq!(team.apply(mark(n), &pin(text)), Some(Change::About));
    }
    assert_eq!(team.apply(mark(3), &pin("Rounds")), None, "the same once more");
    let note = OpId::from_bytes([2; 16]);
    let down = SpaceOp::NoteUnpinned(NoteUnpinned { note });
    assert_eq!(team.apply(mark(4), &down), Some(Change::About));
    assert_eq!(team.apply(mark(5), &down), None);
    let held: Vec<&str> = team.pinned().map(|note| note.text.as_str()).collect();
    assert_eq!(held, ["Door code", "Rounds"]);
}

#[test]
fn it_is_known_who_first_set_that_only_administrators_write() {
    let mut team = Team::default();
    let only = |on| SpaceOp::AnnouncementsOnly(AnnouncementsOnly { on });
    assert_eq!(team.apply(mark(1), &only(true)), Some(Change::About));
    assert_eq!(team.apply(mark(2), &only(true)), None);
    assert_eq!(team.announcements_only, Some(mark(1)));
    assert_eq!(team.apply(mark(3), &only(false)), Some(Change::About));
    assert!(team.is_empty());
}
