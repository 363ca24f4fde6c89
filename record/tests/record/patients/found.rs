//! Finding and opening patients through the door for devices: who is told what, and what is remembered of it.

use std::time::Duration;

use baton_core::device_api::{
    FIND_PATIENTS_PATH, FindPatients, FoundPatients, LookUp, OPEN_PATIENT_PATH, OpenPatient, OpenedPatient,
};
use baton_core::id::{PatientId, SpaceId};
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::{Address, AddressKind, Contact, ContactKind, Gender, PatientNhsNumber};
use baton_core::person::{Name, Organisation};
use baton_core::secret::Personal;
use baton_record::patients::access::{Access, open_access};
use baton_record::patients::change::{Change, Details, Subject, Update, VisitDetails, VisitEvent};
use baton_record::patients::space::{self, Named};

use super::kept::take;
use super::model;
use crate::place::{Place, TestDevice, reason};

/// Somebody with everything.
pub(crate) fn ada() -> Details {
    Details {
        identifiers: vec![model::number(4711)],
        nhs: Update::Set(PatientNhsNumber {
            number: NhsNumber::parse("9000000009").unwrap(),
            is_verified: true,
        }),
        superseded: vec![NhsNumber::parse("9000000017").unwrap()],
        name: Update::Set(Personal::new(Name {
            family: "QUILLFEATHER".to_owned(),
            given: "Ada Thistledown".to_owned(),
            title: "Mrs".to_owned(),
        })),
        preferred: Update::Set("Addie".into()),
        born: Update::Set(Personal::new("1961-02-01".parse().unwrap())),
        died: Update::Keep,
        gender: Update::Set(Gender::Female),
        restricted: Update::Keep,
        addresses: Update::Set(vec![Address {
            kind: AddressKind::Usual,
            lines: Personal::new(vec!["3 Marzipan Mews".to_owned()]),
            postcode: "LS1 4AB".into(),
        }]),
        contacts: Update::Set(vec![Contact {
            kind: ContactKind::Mobile,
            value: "07700900123".into(),
        }]),
        gp: Update::Set(Organisation {
            ods: "Y98765".to_owned(),
            name: "Mill Lane Surgery".to_owned(),
        }),
    }
}

fn subject(details: Details) -> Subject {
    Subject {
        patient: None,
        details,
    }
}

async fn index(place: &Place, at: u64, details: Details) -> PatientId {
    take(&place.cx, at, Change::Tell(subject(details), None)).await
}

pub(crate) async fn find(place: &Place, device: &TestDevice, typed: &str) -> FoundPatients {
    let question = FindPatients { text: typed.into() };
    device.get(place, FIND_PATIENTS_PATH, &question).await
}

pub(crate) async fn open(place: &Place, device: &TestDevice, patient: PatientId, why: &str) -> OpenedPatient {
    let question = OpenPatient {
        patient,
        why: LookUp::Other(why.into()),
    };
    device.get(place, OPEN_PATIENT_PATH, &question).await
}

async fn hold(place: &Place, space: SpaceId, patient: PatientId) {
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let named = Named {
        patient,
        is_held: false,
    };
    space::remember(&mut conn, space, &[named]).await.unwrap();
}

async fn sees_own_only(place: &Place, subject: &str) {
    let user = place.user(subject).await;
    sqlx::query("UPDATE person SET finds_patients = false WHERE id = $1")
        .bind(user.uuid())
        .execute(&place.cx.pool)
        .await
        .unwrap();
}

async fn accesses(place: &Place) -> Vec<(String, Access)> {
    let rows: Vec<(uuid::Uuid, String, Vec<u8>)> =
        sqlx::query_as("SELECT id, event, sealed FROM patient_access ORDER BY at, id")
            .fetch_all(&place.cx.pool)
            .await
            .unwrap();
    rows.into_iter()
        .map(|(id, event, sealed)| (event, open_access(&place.cx, id, &sealed).unwrap()))
        .collect()
}

fn ids(found: &FoundPatients) -> Vec<PatientId> {
    found.patients.iter().map(|patient| patient.id).collect()
}

#[tokio::test]
async fn a_patient_is_found_by_numbers_names_in_any_order_birth_date_and_postcode() {
    let Some(place) = Place::open("patients_find").await else {
        return;
    };
    let device = place.device("amina").await;
    let patient = index(&place, 10, ada()).await;
    for (number, family, given, born) in [
        (1, "QUILLFEATHER", "Tom", "1949-11-30"),
        (2, "BYRNE", "Ada", "1961-02-01"),
        (3, "QUIRK", "Eve", "1961-02-02"),
    ] {
        let details = Details {
            identifiers: vec![model::number(number)],
            name: Update::Set(Personal::new(Name {
                family: family.to_owned(),
                given: given.to_owned(),
                title: String::new(),
            })),
            born: Update::Set(Personal::new(born.parse().unwrap())),
            ..Details::default()
        };
        index(&place, 10, details).await;
    }
    for typed in [
        "900 000 0009",
        "9000000009",
        "900 000 0017",
        "4711",
        "quillfeather ada",
        "ada quillfeather",
        "Ada Thistledown",
        "addie quill",
        "qui 1/2/61",
        "qu 01-Feb-1961",
        "19610201 quillfeather",
        "quilfether 1/2/1961",
        "ls1 4ab",
        "ada ls1",
        "quillfeather 1961",
    ] {
        let found = find(&place, &device, typed).await;
        assert_eq!(ids(&found), [patient], "{typed}");
        assert!(!found.has_more, "{typed}");
    }
    for typed in [
        "zebedee",
        "quillfeather 2/1/61",
        "900 000 0025",
        "47112",
        "ls2 4ab",
    ] {
        assert_eq!(ids(&find(&place, &device, typed).await), [], "{typed}");
    }
}

#[tokio::test]
async fn what_a_search_tells_leaves_out_where_somebody_lives_and_where_they_are() {
    let Some(place) = Place::open("patients_told").await else {
        return;
    };
    let device = place.device("amina").await;
    let visit = VisitDetails {
        consultant: Update::Set("Dr A Khan".into()),
        ..VisitDetails::default()
    };
    let patient = take(
        &place.cx,
        10,
        Change::Visit(subject(ada()), VisitEvent::Admit, visit),
    )
    .await;
    let found = find(&place, &device, "9000000009").await;
    let told = &found.patients[0];
    assert!(told.addresses.is_empty() && told.contacts.is_empty() && told.visit.is_none());
    assert_eq!(told.name.expose().family, "QUILLFEATHER");
    let opened = open(&place, &device, patient, "On call tonight").await;
    assert_eq!(opened.patient.addresses.len(), 1);
    assert_eq!(opened.patient.contacts.len(), 1);
    assert!(opened.patient.visit.is_some());
    assert_eq!(opened.space, None);
}

#[tokio::test]
async fn of_a_restricted_patient_nothing_tells_where_they_live() {
    let Some(place) = Place::open("patients_restricted").await else {
        return;
    };
    let device = place.device("amina").await;
    let details = Details {
        restricted: Update::Set(true),
        ..ada()
    };
    let patient = index(&place, 10, details).await;
    for typed in ["LS1 4AB", "ada LS1"] {
        assert_eq!(ids(&find(&place, &device, typed).await), [], "{typed}");
    }
    let opened = open(&place, &device, patient, "On call tonight").await.patient;
    assert!(opened.restricted && opened.addresses.is_empty() && opened.contacts.is_empty());
    // What was withheld was kept, for when it is not any more.
    let details = Details {
        restricted: Update::Set(false),
        identifiers: vec![model::number(4711)],
        ..Details::default()
    };
    index(&place, 20, details).await;
    let opened = open(&place, &device, patient, "On call tonight").await.patient;
    assert_eq!(opened.addresses[0].postcode.as_str(), "LS1 4AB");
}

#[tokio::test]
async fn who_looked_for_whom_and_why_is_in_the_record() {
    let Some(place) = Place::open("patients_access").await else {
        return;
    };
    let device = place.device("amina").await;
    let patient = index(&place, 10, ada()).await;
    find(&place, &device, "quillfeather ada").await;
    open(&place, &device, patient, "On call tonight").await;
    let kept = accesses(&place).await;
    let expected = [
        ("patients.searched", "quillfeather ada"),
        ("patient.opened", "On call tonight"),
    ];
    for ((event, access), (expected, text)) in kept.iter().zip(expected) {
        assert_eq!(event, expected);
        assert_eq!(access.text, Some(text.into()));
        assert_eq!(access.shown, [patient]);
    }
    assert_eq!(kept.len(), 2);
    for (event, subject) in [
        ("patients.searched", None),
        ("patient.opened", Some(patient.uuid())),
    ] {
        let audited = place.audit(event).await;
        assert_eq!(audited.len(), 1);
        assert_eq!(audited[0].user_id, Some(device.user.uuid()));
        assert_eq!(audited[0].device, Some(device.id.uuid()));
        assert_eq!(audited[0].subject, subject);
    }
    // And stays there.
    for sql in ["DELETE FROM patient_access", "UPDATE patient_access SET at = 0"] {
        assert!(sqlx::query(sql).execute(&place.cx.pool).await.is_err());
    }
}

#[tokio::test]
async fn a_reason_is_asked_for_and_may_not_be_endless() {
    let Some(place) = Place::open("patients_reason").await else {
        return;
    };
    let device = place.device("amina").await;
    let patient = index(&place, 10, ada()).await;
    for (why, expected) in [
        (String::new(), "no-reason"),
        ("  \n ".to_owned(), "no-reason"),
        ("é".repeat(501), "reason-too-long"),
    ] {
        let question = OpenPatient {
            patient,
            why: LookUp::Other(Personal::new(why)),
        };
        let refused = device.refused(&place, OPEN_PATIENT_PATH, &question).await;
        assert_eq!(refused, (422, expected.to_owned()));
    }
    open(&place, &device, patient, &"é".repeat(500)).await;
    let nobody = OpenPatient {
        patient: PatientId::from_bytes([9; 16]),
        why: LookUp::Other("On call tonight".into()),
    };
    let refused = device.refused(&place, OPEN_PATIENT_PATH, &nobody).await;
    assert_eq!(refused, (404, "no-such-patient".to_owned()));
    for typed in [String::new(), "   ".to_owned(), "x".repeat(201)] {
        let question = FindPatients {
            text: Personal::new(typed),
        };
        let refused = device.refused(&place, FIND_PATIENTS_PATH, &question).await;
        assert_eq!(refused, (400, "malformed".to_owned()));
    }
}

#[tokio::test]
async fn in_a_space_its_members_open_its_patients_and_nobody_else_any() {
    let Some(place) = Place::open("patients_in_space").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &["amina"]).await;
    let (patient, other) = (
        index(&place, 10, ada()).await,
        index(&place, 10, model::subject(9).details).await,
    );
    hold(&place, team, patient).await;
    let question = |patient| OpenPatient {
        patient,
        why: LookUp::InSpace(team),
    };
    // Role by organisation: administrator and member of the same, a member's colleague, somebody of another organisation.
    for (who, patient, expected) in [
        ("siobhan", patient, Ok(())),
        ("amina", patient, Ok(())),
        ("amina", other, Err("not-about")),
        ("tom", patient, Err("not-member")),
        ("liam", patient, Err("not-member")),
    ] {
        let device = place.device(who).await;
        match expected {
            Ok(()) => {
                let opened: OpenedPatient = device.get(&place, OPEN_PATIENT_PATH, &question(patient)).await;
                assert_eq!(opened.patient.id, patient);
            }
            Err(reason) => {
                let refused = device
                    .refused(&place, OPEN_PATIENT_PATH, &question(patient))
                    .await;
                assert_eq!(refused, (403, reason.to_owned()), "{who}");
            }
        }
    }
    assert_eq!(place.audit("patient.opened").await.len(), 2);
    assert_eq!(place.audit("patient.open_refused").await.len(), 3);
    // Who left the team is a member no more.
    sqlx::query("UPDATE member SET until = 99 WHERE user_id = $1")
        .bind(place.user("amina").await.uuid())
        .execute(&place.cx.pool)
        .await
        .unwrap();
    let refused = place
        .device("amina")
        .await
        .refused(&place, OPEN_PATIENT_PATH, &question(patient))
        .await;
    assert_eq!(refused, (403, "not-member".to_owned()));
}

#[tokio::test]
async fn who_may_see_only_patients_of_their_own_spaces_finds_and_opens_only_those() {
    let Some(place) = Place::open("patients_own_only").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &["liam"]).await;
    let theirs = index(&place, 10, ada()).await;
    let details = Details {
        identifiers: vec![model::number(9)],
        nhs: Update::Keep,
        superseded: Vec::new(),
        ..ada()
    };
    let other = index(&place, 10, details).await;
    hold(&place, team, theirs).await;
    let everybody = place.device("tom").await;
    assert_eq!(find(&place, &everybody, "quillfeather").await.patients.len(), 2);
    for who in ["liam", "amina"] {
        sees_own_only(&place, who).await;
    }
    let (liam, amina) = (place.device("liam").await, place.device("amina").await);
    assert_eq!(ids(&find(&place, &liam, "quillfeather").await), [theirs]);
    assert_eq!(ids(&find(&place, &amina, "quillfeather").await), []);
    open(&place, &liam, theirs, "Visiting today").await;
    let unknown = PatientId::from_bytes([9; 16]);
    for (device, patient) in [(&liam, other), (&amina, theirs), (&amina, unknown)] {
        let question = OpenPatient {
            patient,
            why: LookUp::Other("Visiting today".into()),
        };
        let refused = device.refused(&place, OPEN_PATIENT_PATH, &question).await;
        assert_eq!(refused, (403, "own-patients-only".to_owned()));
    }
}

#[tokio::test]
async fn who_proves_nothing_is_told_nothing() {
    let Some(place) = Place::open("patients_unsigned").await else {
        return;
    };
    let patient = index(&place, 10, ada()).await;
    let find = baton_core::cbor::to_bytes(&FindPatients {
        text: "quillfeather".into(),
    });
    let open = baton_core::cbor::to_bytes(&OpenPatient {
        patient,
        why: LookUp::Other("On call tonight".into()),
    });
    let (device, stranger) = (place.device("amina").await, place.device("tom").await);
    for (path, body) in [(FIND_PATIENTS_PATH, &find), (OPEN_PATIENT_PATH, &open)] {
        let (status, answer) = place.oblivious(path, &[], body).await;
        assert_eq!((status, reason(&answer).as_str()), (401, "unsigned"));
        // Signed for something else.
        let headers = device.headers(&place, path, b"something else");
        let (status, answer) = place.oblivious(path, &headers, body).await;
        assert_eq!((status, reason(&answer).as_str()), (401, "signature"));
        // Twice.
        let headers = device.headers(&place, path, body);
        assert_eq!(place.oblivious(path, &headers, body).await.0, 200);
        let (status, answer) = place.oblivious(path, &headers, body).await;
        assert_eq!((status, reason(&answer).as_str()), (401, "replayed"));
    }
    let mut conn = place.cx.pool.acquire().await.unwrap();
    sqlx::query("UPDATE device SET revoked_at = 1 WHERE id = $1")
        .bind(stranger.id.uuid())
        .execute(&mut *conn)
        .await
        .unwrap();
    for (path, body) in [(FIND_PATIENTS_PATH, &find), (OPEN_PATIENT_PATH, &open)] {
        let headers = stranger.headers(&place, path, body);
        let (status, answer) = place.oblivious(path, &headers, body).await;
        assert_eq!((status, reason(&answer).as_str()), (401, "revoked"));
    }
    place.clock.pass(Duration::from_hours(13));
    for (path, body) in [(FIND_PATIENTS_PATH, &find), (OPEN_PATIENT_PATH, &open)] {
        let headers = device.headers(&place, path, body);
        let (status, answer) = place.oblivious(path, &headers, body).await;
        assert_eq!((status, reason(&answer).as_str()), (401, "session-ended"));
    }
}

#[tokio::test]
async fn who_trawls_is_stopped_and_waits_a_minute() {
    let Some(place) = Place::open("patients_trawl").await else {
        return;
    };
    let (device, other) = (place.device("amina").await, place.device("amina").await);
    let question = FindPatients {
        text: "quillfeather".into(),
    };
    for _ in 0..60 {
        find(&place, &device, "quillfeather").await;
    }
    let refused = device.refused(&place, FIND_PATIENTS_PATH, &question).await;
    assert_eq!(refused, (429, "too-many".to_owned()));
    assert_eq!(place.audit("patients.too_many").await.len(), 1);
    find(&place, &other, "quillfeather").await;
    place.clock.pass(Duration::from_secs(61));
    find(&place, &device, "quillfeather").await;
}

#[tokio::test]
async fn who_was_merged_away_is_found_as_the_one_who_stands_for_them_and_who_was_removed_is_not_found() {
    let Some(place) = Place::open("patients_find_merged").await else {
        return;
    };
    let device = place.device("amina").await;
    let named = |number: usize, family: &str| Details {
        identifiers: vec![model::number(number)],
        name: Update::Set(Personal::new(Name {
            family: family.to_owned(),
            given: "Ada".to_owned(),
            title: String::new(),
        })),
        born: Update::Set(Personal::new("1961-02-01".parse().unwrap())),
        ..Details::default()
    };
    let survivor = index(&place, 10, named(1, "QUILLFEATHER")).await;
    index(&place, 10, named(2, "THORNBACK")).await;
    let merge = Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    };
    take(&place.cx, 20, merge).await;
    for typed in ["thornback", "thornback 1/2/61", "quillfeather", "2 ada"] {
        assert_eq!(ids(&find(&place, &device, typed).await), [survivor], "{typed}");
    }
    let unmerge = Change::Unmerge {
        retired: model::subject(2),
    };
    let retired = take(&place.cx, 30, unmerge).await;
    assert_eq!(ids(&find(&place, &device, "thornback").await), [retired]);
    take(&place.cx, 40, Change::Remove(model::subject(2))).await;
    assert_eq!(ids(&find(&place, &device, "thornback").await), []);
}

#[tokio::test]
async fn keys_that_were_made_by_other_rules_are_made_again() {
    let Some(place) = Place::open("patients_reindex").await else {
        return;
    };
    let device = place.device("amina").await;
    let patient = index(&place, 10, ada()).await;
    index(&place, 10, model::subject(9).details).await;
    sqlx::query("UPDATE patient SET keys = '{1,2,3}' WHERE id = $1")
        .bind(patient.uuid())
        .execute(&place.cx.pool)
        .await
        .unwrap();
    assert_eq!(ids(&find(&place, &device, "quillfeather").await), []);
    assert_eq!(
        baton_record::patients::reindex::reindex(&place.cx).await.unwrap(),
        1
    );
    assert_eq!(ids(&find(&place, &device, "quillfeather").await), [patient]);
    assert_eq!(
        baton_record::patients::reindex::reindex(&place.cx).await.unwrap(),
        0
    );
}

#[tokio::test]
async fn of_many_with_one_name_some_are_told_and_that_there_are_more() {
    let Some(place) = Place::open("patients_many").await else {
        return;
    };
    let device = place.device("amina").await;
    let events: Vec<_> = (0..450)
        .map(|number: usize| baton_record::patients::change::Event {
            at: baton_core::time::At::from_millis(10),
            change: Change::Tell(
                subject(Details {
                    identifiers: vec![model::number(number)],
                    name: Update::Set(Personal::new(Name {
                        family: if number == 449 { "SMI" } else { "SMITH" }.to_owned(),
                        given: "Ann".to_owned(),
                        title: String::new(),
                    })),
                    born: Update::Set(Personal::new(format!("{}", 1930 + number % 80).parse().unwrap())),
                    ..Details::default()
                }),
                None,
            ),
        })
        .collect();
    super::kept::apply(&place.cx, &events).await;
    let found = find(&place, &device, "smith").await;
    assert_eq!(found.patients.len(), 25);
    assert!(found.has_more);
    // Whose name is just that comes first, whatever many begin so.
    let found = find(&place, &device, "smi").await;
    assert_eq!(found.patients[0].name.expose().family, "SMI");
    assert!(found.has_more);
    let found = find(&place, &device, "s").await;
    assert!(found.patients.is_empty() && found.has_more);
}
