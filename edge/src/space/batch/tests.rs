use baton_core::chain::ChainHash;
use baton_core::frame::decode_from_edge;
use baton_core::id::OpId;
use baton_core::time::At;

use super::*;

fn space() -> SpaceId {
    SpaceId::from_bytes([1; 16])
}

fn group(slot: u8, ops: usize, bytes: usize) -> Group<u8> {
    let op = |n: usize| SealedOp {
        op_id: OpId::from_bytes([u8::try_from(n % 256).unwrap(); 16]),
        sealed: vec![0; bytes],
    };
    Group {
        device: DeviceId::from_bytes([slot; 16]),
        ops: (0..ops).map(op).collect(),
        slot,
    }
}

fn appended(seq: u64, again: bool) -> AppendResult {
    AppendResult::Appended {
        seq: Seq::new(seq),
        at: At::from_millis(5),
        chain: ChainHash::default(),
        again,
    }
}

#[test]
fn the_first_starts_and_the_others_gather() {
    let mut queue = Queue::default();
    assert_eq!(queue.push(group(1, 1, 10)), Ok(true));
    let batch = queue.next(space()).unwrap();
    assert_eq!(queue.push(group(2, 2, 10)), Ok(false));
    assert_eq!(queue.push(group(3, 1, 10)), Ok(false));
    assert_eq!(batch.into_slots(), [1]);
    let batch = queue.next(space()).unwrap();
    assert_eq!(batch.request.ops.len(), 3);
    assert_eq!(batch.into_slots(), [2, 3]);
    assert!(queue.next(space()).is_none());
    assert_eq!((queue.ops, queue.bytes), (0, 0));
    assert_eq!(
        queue.push(group(4, 1, 10)),
        Ok(true),
        "whoever comes after the end starts again"
    );
}

#[test]
fn a_batch_ends_at_its_bounds_and_splits_no_frame() {
    let mut queue = Queue::default();
    for slot in 0..10 {
        queue.push(group(slot, 32, 10)).unwrap();
    }
    assert_eq!(queue.next(space()).unwrap().request.ops.len(), 256);
    assert_eq!(queue.next(space()).unwrap().request.ops.len(), 64);
    let mut queue = Queue::default();
    for slot in 0..5 {
        queue.push(group(slot, 32, 20 * 1024)).unwrap();
    }
    assert_eq!(
        queue.next(space()).unwrap().into_slots(),
        [0, 1, 2],
        "640 KiB each, 2 MiB at most"
    );
}

#[test]
fn a_full_queue_turns_away() {
    let mut queue = Queue::default();
    for slot in 0..32 {
        queue.push(group(slot, 32, 1)).unwrap();
    }
    assert_eq!(queue.push(group(99, 1, 1)), Err(99));
    queue.next(space());
    assert_eq!(queue.push(group(99, 1, 1)), Ok(false));
    let mut queue = Queue::default();
    for slot in 0..12 {
        queue.push(group(slot, 32, 20 * 1024)).unwrap();
    }
    assert_eq!(queue.push(group(99, 32, 20 * 1024)), Err(99));
}

#[test]
fn every_device_is_told_about_its_own_operations() {
    let mut queue = Queue::default();
    queue.push(group(1, 2, 10)).unwrap();
    queue.push(group(2, 4, 10)).unwrap();
    let batch = queue.next(space()).unwrap();
    let results = vec![
        appended(7, false),
        AppendResult::Refused { sealed: vec![9] },
        AppendResult::StaleEpoch,
        AppendResult::NotAllowed,
        appended(8, false),
        appended(3, true),
    ];
    let outcome = batch.settle(results).unwrap();
    assert_eq!(outcome.reaches, Seq::new(8));
    let places: Vec<_> = outcome
        .entries
        .iter()
        .map(|entry| (entry.seq.value(), entry.device))
        .collect();
    assert_eq!(
        places,
        [
            (7, DeviceId::from_bytes([1; 16])),
            (8, DeviceId::from_bytes([2; 16]))
        ]
    );
    let [(1, first, None), (2, second, Some(_))] = outcome.answers.as_slice() else {
        panic!("two answers: {:?}", outcome.answers);
    };
    let first: Vec<_> = first
        .iter()
        .map(|frame| decode_from_edge(frame).unwrap())
        .collect();
    assert!(
        matches!(first.as_slice(), [FromEdge::Appended { appended, .. }, FromEdge::Refused { .. }] if appended.len() == 1)
    );
    let second: Vec<_> = second
        .iter()
        .map(|frame| decode_from_edge(frame).unwrap())
        .collect();
    let [
        FromEdge::Appended { appended, .. },
        FromEdge::StaleEpoch { op_ids, .. },
        FromEdge::NotAllowed { .. },
    ] = second.as_slice()
    else {
        panic!("three frames: {second:?}");
    };
    assert_eq!(
        appended.iter().map(|one| one.seq.value()).collect::<Vec<_>>(),
        [8, 3]
    );
    assert_eq!(op_ids.len(), 1);
}

#[test]
fn an_answer_of_another_length_is_no_answer() {
    let mut queue = Queue::default();
    queue.push(group(1, 2, 10)).unwrap();
    let batch = queue.next(space()).unwrap();
    assert_eq!(batch.settle(vec![appended(1, false)]).unwrap_err(), [1]);
}
