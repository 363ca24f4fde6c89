use super::*;
use crate::id::{PatientId, UserId};
use crate::op::Body;
use crate::op::list::{Created, Field, FieldSet, ListOp, PatientAdded};
use crate::op::message::{MessageOp, Posted, Priority};
use crate::photo::{Consent, Photo};

const LIST: OpId = OpId::from_bytes([1; 16]);

fn push(outbox: &mut Outbox, id: u8, body: Body) -> OpId {
    let op = Op {
        id: OpId::from_bytes([id; 16]),
        by: UserId::from_bytes([9; 16]),
        at: At::default(),
        body,
    };
    let id = op.id;
    outbox.push(Kept {
        space: SpaceId::from_bytes([8; 16]),
        order: id.as_bytes()[0].into(),
        op: Arc::new(op),
        refused: None,
    });
    id
}

/// A list, a patient on it, and something written about them, all done without a network.
fn a_new_list() -> (Outbox, OpId, OpId) {
    let mut outbox = Outbox::default();
    let (list, patient) = (LIST, PatientId::from_bytes([7; 16]));
    let created = Created {
        title: "Outliers".into(),
        source: None,
    };
    push(&mut outbox, 1, Body::List(ListOp::Created(created)));
    let added = push(
        &mut outbox,
        2,
        Body::List(ListOp::PatientAdded(PatientAdded { list, patient })),
    );
    let set = FieldSet {
        list,
        patient,
        field: Field::Jobs,
        text: "chase bloods".into(),
        base: Seq::ZERO,
        after: vec![],
    };
    let written = push(&mut outbox, 3, Body::List(ListOp::FieldSet(set)));
    (outbox, added, written)
}

/// A message that shows these.
fn show(outbox: &mut Outbox, id: u8, photos: &[u8]) -> OpId {
    let photo = |id: &u8| Photo {
        id: photo_id(*id),
        key: crate::secret::Secret::new([*id; 32]),
        width: 4,
        height: 3,
        consent: Consent::Agreed,
    };
    let posted = Posted {
        text: "The wound today".into(),
        priority: Priority::Routine,
        reply_to: None,
        mentions: vec![],
        roles: vec![],
        about: None,
        photos: photos.iter().map(photo).collect(),
    };
    push(outbox, id, Body::Message(MessageOp::Posted(posted)))
}

fn photo_id(id: u8) -> PhotoId {
    PhotoId::from_bytes([id; 32])
}

fn cut(outbox: &mut Outbox) -> Vec<OpId> {
    outbox.cut_frame(At::default()).iter().map(|op| op.id).collect()
}

#[test]
fn what_shows_photos_waits_for_them_and_what_came_after_waits_too() {
    let mut outbox = Outbox::default();
    let first = show(&mut outbox, 1, &[]);
    let second = show(&mut outbox, 2, &[1, 2]);
    let third = show(&mut outbox, 3, &[3]);
    assert_eq!(outbox.next_photo(), Some(photo_id(1)), "before anything is sent");
    assert_eq!(cut(&mut outbox), [first]);
    outbox.deposited(photo_id(1));
    assert_eq!(outbox.next_photo(), Some(photo_id(2)));
    outbox.settle(first);
    assert_eq!(cut(&mut outbox), []);
    outbox.deposited(photo_id(2));
    assert_eq!(cut(&mut outbox), [second]);
    assert_eq!(
        outbox.next_photo(),
        Some(photo_id(3)),
        "of the next one, meanwhile"
    );
    outbox.settle(second);
    outbox.deposited(photo_id(3));
    assert_eq!(cut(&mut outbox), [third]);
    assert_eq!(outbox.next_photo(), None);
}

#[test]
fn a_photo_that_is_nowhere_holds_nothing_else_up() {
    let mut outbox = Outbox::default();
    let lost = show(&mut outbox, 1, &[1]);
    let after = show(&mut outbox, 2, &[]);
    assert_eq!(cut(&mut outbox), []);
    let showing = outbox.showing(photo_id(1));
    assert_eq!(showing.iter().map(|(_, op)| op.id).collect::<Vec<_>>(), [lost]);
    outbox.refuse(lost, Refusal::NoPhoto);
    assert_eq!(outbox.next_photo(), None, "what was refused needs none");
    assert_eq!(cut(&mut outbox), [after]);
}

#[test]
fn a_photo_that_the_record_does_not_have_after_all_is_given_to_it_anew() {
    let mut outbox = Outbox::default();
    outbox.deposited(photo_id(1));
    outbox.lost(photo_id(1));
    show(&mut outbox, 1, &[1]);
    assert_eq!(outbox.next_photo(), Some(photo_id(1)));
}

fn state(outbox: &Outbox, op: OpId) -> Option<PendingState> {
    outbox.find(op).map(|pending| pending.state)
}

#[test]
fn what_is_done_on_a_new_list_goes_when_the_list_is_there() {
    let (mut outbox, added, written) = a_new_list();
    let sent = |outbox: &mut Outbox| -> Vec<OpId> {
        outbox.cut_frame(At::default()).iter().map(|op| op.id).collect()
    };
    assert_eq!(sent(&mut outbox), [LIST]);
    assert_eq!(outbox.seen(LIST, Seq::new(5)), Seen::Left);
    assert_eq!(sent(&mut outbox), [added, written]);
}

#[test]
fn a_list_that_was_refused_holds_its_rows_and_takes_them_with_it_but_for_what_was_written() {
    let (mut outbox, added, written) = a_new_list();
    assert!(outbox.refuse(LIST, Refusal::TooManyLists));
    assert_eq!(state(&outbox, added), Some(PendingState::HeldBy(LIST)));
    assert_eq!(state(&outbox, written), Some(PendingState::HeldBy(LIST)));
    let gone = outbox.discard(LIST).unwrap();
    let gone: Vec<_> = gone.iter().map(|(_, op, refused)| (op.id, *refused)).collect();
    assert_eq!(
        gone,
        [(LIST, None), (added, None), (written, Some(Refusal::NoList))]
    );
    assert_eq!(state(&outbox, added), None);
    assert_eq!(
        state(&outbox, written),
        Some(PendingState::Refused(Refusal::NoList))
    );
}
