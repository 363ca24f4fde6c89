use super::*;
use crate::id::UserId;
use crate::op::list::{
    Archived, ColumnAdded, ColumnRemoved, Field, FieldSet, Moved, PatientAdded, PatientLeft, PatientRemoved,
    Renamed, Restored,
};
use crate::state::{EARLIER, Stamp};
use crate::time::At;

const LIST: OpId = OpId::from_bytes([1; 16]);

fn patient(n: u8) -> PatientId {
    PatientId::from_bytes([n; 16])
}

/// Lists as one log leads to them.
struct Log {
    lists: Lists,
    next: u64,
}

impl Log {
    fn new() -> Self {
        let mut log = Self {
            lists: Lists::default(),
            next: 1,
        };
        let created = ListOp::Created(Created {
            title: "Ward 7".into(),
            source: None,
        });
        log.lists.apply(log.mark(LIST), &created);
        log
    }

    fn mark(&self, op: OpId) -> Mark {
        let at = At::from_millis(self.next);
        Mark {
            seq: Seq::new(self.next),
            stamp: Stamp {
                op,
                by: UserId::from_bytes([9; 16]),
                at,
                recorded: Some(at),
            },
        }
    }

    /// Does something; gives its id, and whether anything changed.
    fn act(&mut self, op: &ListOp) -> (OpId, bool) {
        self.next += 1;
        let id = OpId::make(At::from_millis(self.next), [0; 10]);
        let changed = self.lists.apply(self.mark(id), op);
        (id, changed.is_some())
    }

    fn add(&mut self, n: u8) -> bool {
        let (list, patient) = (LIST, patient(n));
        self.act(&ListOp::PatientAdded(PatientAdded { list, patient })).1
    }

    fn remove(&mut self, n: u8) -> bool {
        let (list, patient) = (LIST, patient(n));
        self.act(&ListOp::PatientRemoved(PatientRemoved { list, patient }))
            .1
    }

    fn leave(&mut self, n: u8) -> bool {
        let (list, patient) = (LIST, patient(n));
        self.act(&ListOp::PatientLeft(PatientLeft { list, patient })).1
    }

    fn move_row(&mut self, n: u8, after: Option<u8>) -> bool {
        let moved = Moved {
            list: LIST,
            patient: patient(n),
            after: after.map(patient),
        };
        self.act(&ListOp::Moved(moved)).1
    }

    fn write(&mut self, n: u8, field: Field, text: &str) -> bool {
        let basis = self.list().row(patient(n)).map(|row| row.basis(field));
        let Basis { base, after } = basis.unwrap_or_default();
        let set = FieldSet {
            list: LIST,
            patient: patient(n),
            field,
            text: text.into(),
            base,
            after,
        };
        self.act(&ListOp::FieldSet(set)).1
    }

    fn list(&self) -> &List {
        self.lists.find(LIST).expect("made at the start")
    }

    fn order(&self) -> Vec<u8> {
        let first = |row: &Row| row.patient.as_bytes()[0];
        self.list().rows().map(first).collect()
    }

    fn text(&self, n: u8, field: Field) -> &str {
        self.list().row(patient(n)).expect("on the list").text(field)
    }
}

fn with(patients: &[u8]) -> Log {
    let mut log = Log::new();
    for n in patients {
        assert!(log.add(*n));
    }
    log
}

#[test]
fn who_is_added_comes_at_the_end_and_once() {
    let mut log = with(&[1, 2, 3]);
    assert!(!log.add(2));
    assert_eq!(log.order(), [1, 2, 3]);
}

#[test]
fn a_row_moves_to_its_neighbour_wherever_that_one_went() {
    let mut log = with(&[1, 2, 3, 4]);
    assert!(log.move_row(4, Some(1)));
    assert_eq!(log.order(), [1, 4, 2, 3]);
    assert!(log.move_row(1, Some(3)));
    assert_eq!(log.order(), [4, 2, 3, 1]);
    assert!(log.move_row(3, None));
    assert_eq!(log.order(), [3, 4, 2, 1]);
    assert!(!log.move_row(4, Some(3)), "it is there already");
    assert!(!log.move_row(4, Some(4)), "nobody is behind themselves");
}

#[test]
fn a_row_whose_neighbour_is_gone_moves_to_the_end() {
    let mut log = with(&[1, 2, 3]);
    log.remove(3);
    assert!(log.move_row(1, Some(3)));
    assert_eq!(log.order(), [2, 1]);
    assert!(!log.move_row(3, None), "who is not on the list is not moved");
}

#[test]
fn two_who_move_different_rows_do_not_undo_each_other() {
    let mut log = with(&[1, 2, 3, 4]);
    log.move_row(4, None);
    log.move_row(1, Some(3));
    assert_eq!(log.order(), [4, 2, 3, 1]);
}

#[test]
fn who_is_put_back_comes_with_what_was_written() {
    let mut log = with(&[1, 2]);
    log.write(1, Field::Jobs, "bloods");
    log.write(1, Field::Jobs, "bloods, CXR");
    assert!(log.remove(1));
    assert!(!log.remove(1));
    assert_eq!(log.order(), [2]);
    let removed = log.list().removed().next().expect("remembered");
    assert_eq!(removed.row.text(Field::Jobs), "bloods, CXR");
    assert!(log.add(1));
    assert_eq!(log.order(), [2, 1]);
    assert_eq!(log.text(1, Field::Jobs), "bloods, CXR");
    let field = log.list().row(patient(1)).unwrap().field(Field::Jobs).unwrap();
    assert_eq!(field.earlier().len(), 1);
    assert_eq!(log.list().removed().count(), 0);
}

#[test]
fn what_is_written_about_one_who_was_taken_off_meanwhile_is_kept_in_their_row() {
    let mut log = with(&[1]);
    log.remove(1);
    assert!(log.write(1, Field::Summary, "chest pain"));
    log.add(1);
    assert_eq!(log.text(1, Field::Summary), "chest pain");
    assert!(
        !log.write(2, Field::Summary, "nobody"),
        "who was never on it has no row"
    );
}

#[test]
fn who_left_stays_marked_until_taken_off_or_back() {
    let mut log = with(&[1, 2]);
    assert!(log.leave(1));
    assert!(!log.leave(1));
    assert!(log.list().row(patient(1)).unwrap().left.is_some());
    assert_eq!(log.order(), [1, 2]);
    assert!(log.add(1), "is here again");
    assert!(log.list().row(patient(1)).unwrap().left.is_none());
    log.leave(1);
    log.remove(1);
    log.add(1);
    assert!(
        log.list().row(patient(1)).unwrap().left.is_none(),
        "put back by hand, they are here"
    );
}

#[test]
fn two_texts_written_at_once_both_stay_until_settled() {
    let mut log = with(&[1]);
    log.write(1, Field::Summary, "fall");
    let base = log.list().row(patient(1)).unwrap().basis(Field::Summary).base;
    for text in ["fall, hip fracture", "fall, on apixaban"] {
        let set = FieldSet {
            list: LIST,
            patient: patient(1),
            field: Field::Summary,
            text: text.into(),
            base,
            after: vec![],
        };
        log.act(&ListOp::FieldSet(set));
    }
    let held = log.list().row(patient(1)).unwrap().field(Field::Summary).unwrap();
    assert!(held.is_in_conflict());
    log.write(1, Field::Summary, "fall, hip fracture, on apixaban");
    let held = log.list().row(patient(1)).unwrap().field(Field::Summary).unwrap();
    assert!(!held.is_in_conflict());
    assert_eq!(held.earlier().len(), EARLIER, "the oldest is in the log alone");
}

#[test]
fn a_column_that_was_removed_keeps_what_was_written_in_it() {
    let mut log = with(&[1]);
    let added = ColumnAdded {
        list: LIST,
        title: "Diet".into(),
    };
    let (column, _) = log.act(&ListOp::ColumnAdded(added));
    log.write(1, Field::Column(column), "soft");
    let removed = ListOp::ColumnRemoved(ColumnRemoved { list: LIST, column });
    assert!(log.act(&removed).1);
    assert!(!log.act(&removed).1);
    assert_eq!(log.list().columns().count(), 0);
    assert!(log.list().column(column).unwrap().removed.is_some());
    assert_eq!(log.text(1, Field::Column(column)), "soft");
}

#[test]
fn a_list_goes_into_the_archive_and_out_of_it() {
    let mut log = with(&[1]);
    let archived = ListOp::Archived(Archived { list: LIST });
    assert!(log.act(&archived).1);
    assert!(!log.act(&archived).1);
    assert!(log.list().archived.is_some());
    assert!(
        !log.lists.include(patient(1)),
        "nobody is on a list that is put away"
    );
    let restored = ListOp::Restored(Restored { list: LIST });
    assert!(log.act(&restored).1);
    assert!(!log.act(&restored).1);
    assert_eq!(log.order(), [1]);
    assert!(log.lists.include(patient(1)));
}

#[test]
fn a_title_given_twice_at_once_is_in_conflict() {
    let mut log = Log::new();
    let base = log.list().title.basis().base;
    for title in ["Ward 7 nights", "Ward 7 and 8"] {
        let renamed = Renamed {
            list: LIST,
            title: title.into(),
            base,
            after: vec![],
        };
        assert!(log.act(&ListOp::Renamed(renamed)).1);
    }
    assert!(log.list().title.is_in_conflict());
}

#[test]
fn a_row_says_when_it_last_changed_and_a_list_too() {
    let mut log = with(&[1, 2]);
    let changed = |log: &Log, n| log.list().row(patient(n)).unwrap().changed;
    let (first, second) = (changed(&log, 1), changed(&log, 2));
    assert!(first < second);
    log.write(1, Field::Flags, "falls");
    assert!(changed(&log, 1) > second);
    assert_eq!(changed(&log, 2), second);
    assert_eq!(log.list().changed, changed(&log, 1));
    log.move_row(2, None);
    assert_eq!(changed(&log, 2), second, "where a row stands is not news of it");
    assert_eq!(log.list().changed, Seq::new(log.next));
}

#[test]
fn of_rows_that_were_taken_off_the_newest_are_remembered() {
    let mut log = Log::new();
    let most = u8::try_from(REMOVED).unwrap() + 5;
    for n in 0..most {
        log.add(n);
        log.write(n, Field::Jobs, "x");
        log.remove(n);
    }
    assert_eq!(log.list().removed().count(), REMOVED);
    assert!(!log.list().knows(patient(4)));
    assert!(log.list().knows(patient(5)));
}

#[test]
fn what_is_about_a_list_that_is_not_there_changes_nothing() {
    let mut log = Log::new();
    let before = log.lists.clone();
    let nowhere = OpId::from_bytes([77; 16]);
    let op = ListOp::PatientAdded(PatientAdded {
        list: nowhere,
        patient: patient(1),
    });
    assert!(!log.act(&op).1);
    assert_eq!(log.lists, before);
}

/// Of the 2 MB of a first open ([`EARLIER`]).
#[test]
fn a_list_of_500_patients_that_is_much_written_on_is_less_than_half_a_megabyte() {
    let mut log = Log::new();
    for n in 0..500_u16 {
        let [high, low] = n.to_be_bytes();
        let mut bytes = [high; 16];
        bytes[15] = low;
        let patient = PatientId::from_bytes(bytes);
        log.act(&ListOp::PatientAdded(PatientAdded { list: LIST, patient }));
        for field in [Field::Summary, Field::Jobs, Field::Flags] {
            for text in [
                "admitted with a fall",
                "hip fracture",
                "theatre on Tuesday",
                "home",
            ] {
                let row = log.list().row(patient).expect("just added");
                let Basis { base, after } = row.basis(field);
                let set = FieldSet {
                    list: LIST,
                    patient,
                    field,
                    text: text.into(),
                    base,
                    after,
                };
                log.act(&ListOp::FieldSet(set));
            }
        }
    }
    let bytes = crate::cbor::to_bytes(&log.lists);
    assert!(bytes.len() < 500_000, "{} bytes", bytes.len());
    assert_eq!(crate::cbor::from_bytes::<Lists>(&bytes).unwrap(), log.lists);
}
