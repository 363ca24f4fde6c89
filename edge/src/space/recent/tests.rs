use baton_core::chain::ChainHash;
use baton_core::id::OpId;
use baton_core::time::At;

use super::*;

fn entry(seq: u64) -> Entry {
    sized(seq, 10)
}

fn sized(seq: u64, bytes: usize) -> Entry {
    Entry {
        seq: Seq::new(seq),
        op_id: OpId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([2; 16]),
        at: At::from_millis(seq),
        sealed: vec![0; bytes],
        chain: ChainHash::default(),
    }
}

fn places(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq.value()).collect()
}

fn known(from: u64, to: u64) -> Recent {
    let mut recent = Recent::default();
    recent.learn(
        Seq::new(from - 1),
        &(from..=to).map(entry).collect::<Vec<_>>(),
        Seq::new(to),
        vec![],
    );
    recent
}

#[test]
fn what_is_unknown_is_asked_of_the_record() {
    assert_eq!(Recent::default().after(Seq::ZERO), None);
    let recent = known(5, 9);
    assert_eq!(recent.after(Seq::new(3)), None);
    assert_eq!(
        places(&recent.after(Seq::new(4)).unwrap().entries),
        [5, 6, 7, 8, 9]
    );
    assert_eq!(places(&recent.after(Seq::new(8)).unwrap().entries), [9]);
    assert_eq!(
        recent.after(Seq::new(9)),
        Some(Page {
            entries: vec![],
            head: Seq::new(9),
            more: false
        })
    );
    assert_eq!(recent.after(Seq::new(99)).unwrap().entries, []);
}

#[test]
fn an_empty_log_is_known_too() {
    let mut recent = Recent::default();
    let page = recent.learn(Seq::ZERO, &[], Seq::ZERO, vec![]);
    assert_eq!(
        page,
        Page {
            entries: vec![],
            head: Seq::ZERO,
            more: false
        }
    );
    assert_eq!(recent.after(Seq::ZERO).map(|page| page.more), Some(false));
}

#[test]
fn only_what_is_new_is_passed_on_and_a_gap_is_seen() {
    let mut recent = known(1, 3);
    let fresh = recent.advance(vec![entry(5), entry(2), entry(4), entry(3)]);
    assert_eq!((places(&fresh.entries), fresh.gap), (vec![4, 5], false));
    recent.keep(fresh.entries.into_iter());
    let fresh = recent.advance(vec![entry(6), entry(8), entry(9)]);
    assert_eq!((places(&fresh.entries), fresh.gap), (vec![6], true));
    recent.keep(fresh.entries.into_iter());
    assert_eq!(recent.head(), Some(Seq::new(6)));
    assert_eq!(
        places(&recent.after(Seq::ZERO).unwrap().entries),
        [1, 2, 3, 4, 5, 6]
    );
}

#[test]
fn the_first_entries_after_waking_are_taken_as_new() {
    let mut recent = Recent::default();
    let fresh = recent.advance(vec![entry(8), entry(7)]);
    assert_eq!((places(&fresh.entries), fresh.gap), (vec![7, 8], false));
    recent.keep(fresh.entries.into_iter());
    assert_eq!(recent.after(Seq::new(6)), None, "the cursors are not known yet");
    recent.learn(Seq::new(6), &[entry(7), entry(8)], Seq::new(8), vec![]);
    assert_eq!(places(&recent.after(Seq::new(6)).unwrap().entries), [7, 8]);
}

#[test]
fn entries_that_came_while_the_record_was_asked_are_not_lost() {
    let mut recent = Recent::default();
    let fresh = recent.advance(vec![entry(4)]);
    recent.keep(fresh.entries.into_iter());
    let page = recent.learn(Seq::ZERO, &[entry(1), entry(2), entry(3)], Seq::new(3), vec![]);
    assert_eq!(
        (places(&page.entries), page.more, page.head),
        (vec![1, 2, 3], true, Seq::new(4))
    );
    assert_eq!(places(&recent.after(Seq::new(3)).unwrap().entries), [4]);
    assert_eq!(places(&recent.after(Seq::ZERO).unwrap().entries), [1, 2, 3, 4]);
}

#[test]
fn a_page_ends_at_a_frames_bounds_and_says_so() {
    let mut recent = Recent::default();
    let large: Vec<_> = (1..=60).map(|seq| sized(seq, 20 * 1024)).collect();
    let page = recent.learn(Seq::ZERO, &large, Seq::new(60), vec![]);
    assert!(page.more);
    assert_eq!(
        page.entries.len(),
        52,
        "1 MiB of 20 KiB each, and the one that crosses it"
    );
    let many: Vec<_> = (1..=4_000).map(|seq| sized(seq, 1)).collect();
    let page = Recent::default().learn(Seq::ZERO, &many, Seq::new(4_000), vec![]);
    assert_eq!((page.entries.len(), page.more), (ENTRIES_PER_FRAME, true));
}

#[test]
fn memory_is_bounded_and_the_newest_stay() {
    let mut recent = known(1, 1);
    for seq in 2..=5_000 {
        let fresh = recent.advance(vec![sized(seq, 300)]);
        recent.keep(fresh.entries.into_iter());
    }
    assert!(recent.bytes <= RECENT_BYTES);
    assert_eq!(
        places(&recent.after(Seq::new(4_998)).unwrap().entries),
        [4_999, 5_000]
    );
    assert_eq!(recent.after(Seq::ZERO), None);
    let fresh = recent.advance(vec![sized(5_001, RECENT_BYTES)]);
    recent.keep(fresh.entries.into_iter());
    assert_eq!(
        recent.after(Seq::new(5_001)).map(|page| page.entries),
        Some(vec![])
    );
    assert_eq!(recent.after(Seq::new(5_000)), None);
}

#[test]
fn a_page_that_does_not_reach_the_head_teaches_nothing() {
    let mut recent = Recent::default();
    let page = recent.learn(Seq::ZERO, &[entry(1)], Seq::new(9), vec![]);
    assert!(page.more);
    assert_eq!(recent.head(), None);
}

#[test]
fn each_devices_newest_cursor_is_told() {
    let mut recent = Recent::default();
    recent.learn(Seq::ZERO, &[], Seq::ZERO, vec![ByteBuf::from(vec![1])]);
    recent.see(DeviceId::from_bytes([1; 16]), ByteBuf::from(vec![2]));
    recent.see(DeviceId::from_bytes([1; 16]), ByteBuf::from(vec![3]));
    assert_eq!(recent.cursors(), [ByteBuf::from(vec![1]), ByteBuf::from(vec![3])]);
}
