use super::*;
use crate::fault::Condition;

const NO_PATIENT: Fault = Fault::at(Condition::RequiredFieldMissing, Location::field("PID", 3));

fn own() -> Own<'static> {
    Own {
        control_id: "B1",
        at: Timestamp::parse("20260115093000+0000").unwrap(),
    }
}

fn message(version: &str, accept: &str, application: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|PAS|RX1|BATON|RX1B|202601150929||ADT^A01^ADT_A01|42|P|{version}|||{accept}|{application}||8859/1\rPID|1\r"
    )
    .into_bytes()
}

fn answer(bytes: &[u8], stage: Stage, outcome: Outcome<'_>) -> Option<String> {
    let answer = Envelope::read(bytes).unwrap().answer(stage, outcome, own())?;
    Some(String::from_utf8(answer).unwrap().replace('\r', "\n"))
}

#[test]
fn original_mode_answers_once_when_the_message_was_acted_on() {
    let original = message("2.4", "", "");
    assert_eq!(answer(&original, Stage::Commit, Outcome::Accepted(&[])), None);
    assert_eq!(
        answer(&original, Stage::Application, Outcome::Accepted(&[])).unwrap(),
        "MSH|^~\\&|BATON|RX1B|PAS|RX1|20260115093000+0000||ACK^A01^ACK|B1|P|2.4||||||8859/1\nMSA|AA|42\n"
    );
}

#[test]
fn before_version_2_5_an_error_is_said_in_msa_and_in_err_1() {
    assert_eq!(
        answer(
            &message("2.4", "", ""),
            Stage::Application,
            Outcome::Failed(NO_PATIENT)
        )
        .unwrap(),
        "MSH|^~\\&|BATON|RX1B|PAS|RX1|20260115093000+0000||ACK^A01^ACK|B1|P|2.4||||||8859/1\n\
         MSA|AE|42|Required field missing|||101^Required field missing^HL70357\n\
         ERR|PID^1^3^101&Required field missing&HL70357\n"
    );
    let old = answer(
        &message("2.2", "", ""),
        Stage::Application,
        Outcome::Rejected(NO_PATIENT),
    )
    .unwrap();
    assert!(old.contains("||ACK|B1|P|2.2|"), "{old}");
    assert!(
        old.contains("\nMSA|AR|42|Required field missing\nERR|PID^1^3^101&"),
        "{old}"
    );
    let middle = answer(
        &message("2.3", "", ""),
        Stage::Application,
        Outcome::Accepted(&[]),
    )
    .unwrap();
    assert!(middle.contains("||ACK^A01|B1|P|2.3|"), "{middle}");
}

#[test]
fn since_version_2_5_an_error_is_said_in_err() {
    for version in ["2.5", "2.5.1", "2.6", "2.7.1", "2.8.2"] {
        let place = Location::field("PID", 3).in_occurrence(2).component(4);
        let fault = Fault {
            location: Some(place),
            ..NO_PATIENT
        };
        let text = answer(
            &message(version, "", ""),
            Stage::Application,
            Outcome::Failed(fault),
        )
        .unwrap();
        assert!(
            text.ends_with(
                "MSA|AE|42\nERR||PID^2^3^1^4|101^Required field missing^HL70357|E||||Required field missing\n"
            ),
            "{text}"
        );
    }
}

#[test]
fn notes_are_warnings_where_the_version_has_them() {
    let notes = [Fault::at(Condition::DataType, Location::field("PID", 7)); 30];
    let text = answer(
        &message("2.5.1", "", ""),
        Stage::Application,
        Outcome::Accepted(&notes),
    )
    .unwrap();
    let warning = "ERR||PID^1^7|102^Data type error^HL70357|W||||Data type error\n";
    assert!(text.contains("MSA|AA|42\n") && text.contains(warning), "{text}");
    assert_eq!(text.matches("\nERR").count(), 20);
    let old = answer(
        &message("2.4", "", ""),
        Stage::Application,
        Outcome::Accepted(&notes),
    )
    .unwrap();
    assert!(!old.contains("ERR"), "{old}");
}

#[test]
fn enhanced_mode_answers_what_msh_15_and_msh_16_ask_for() {
    let yes = Outcome::Accepted(&[]);
    let no = Outcome::Failed(NO_PATIENT);
    let asked = |accept, application| {
        let bytes = message("2.5", accept, application);
        [
            answer(&bytes, Stage::Commit, yes),
            answer(&bytes, Stage::Commit, no),
            answer(&bytes, Stage::Application, yes),
            answer(&bytes, Stage::Application, no),
        ]
        .map(|text| text.is_some())
    };
    assert_eq!(asked("AL", "NE"), [true, true, false, false]);
    assert_eq!(asked("NE", "AL"), [false, false, true, true]);
    assert_eq!(asked("ER", "SU"), [false, true, true, false]);
    assert_eq!(asked("SU", "ER"), [true, false, false, true]);
    assert_eq!(asked("NE", "NE"), [false; 4]);
    assert_eq!(asked("AL", ""), [true, true, false, false]);
    assert_eq!(asked("", "AL"), [false, false, true, true]);
    assert_eq!(asked("\"\"", "\"\""), [false, false, true, true]);
    assert_eq!(asked("USA", ""), [true, true, false, false]);
}

#[test]
fn commit_answers_have_their_own_codes_and_ask_for_nothing() {
    let bytes = message("2.5", "AL", "AL");
    let of = |outcome| answer(&bytes, Stage::Commit, outcome).unwrap();
    let accepted = of(Outcome::Accepted(&[]));
    assert!(
        accepted.contains("|P|2.5|||NE|NE||8859/1\nMSA|CA|42\n"),
        "{accepted}"
    );
    assert!(of(Outcome::Failed(NO_PATIENT)).contains("MSA|CE|42\n"));
    assert!(of(Outcome::Rejected(NO_PATIENT)).contains("MSA|CR|42\n"));
}

#[test]
fn the_senders_separators_are_used_and_its_header_is_repeated_as_it_was() {
    let bytes = b"MSH#:@*%#Ap*F*p%x#F\xe9c#Us#Here#2026##ADT:A08#4:2#T#2.4\rPID#1\r";
    let answer = Envelope::read(bytes)
        .unwrap()
        .answer(Stage::Application, Outcome::Failed(NO_PATIENT), own())
        .unwrap();
    let expected = b"MSH#:@*%#Us#Here#Ap*F*p%x#F\xe9c#20260115093000+0000##ACK:A08:ACK#B1#T#2.4\r\
        MSA#AE#4:2#Required field missing###101:Required field missing:HL70357\r\
        ERR#PID:1:3:101%Required field missing%HL70357\r";
    assert_eq!(answer, expected);
}

#[test]
fn what_cannot_be_read_beyond_its_header_is_rejected_with_what_is_known() {
    let text = answer(
        b"MSH|^~\\&|PAS\rgarbage",
        Stage::Application,
        ParseError::NotASegment.into(),
    )
    .unwrap();
    assert_eq!(
        text,
        "MSH|^~\\&|||PAS||20260115093000+0000||ACK|B1|P|2.4\n\
         MSA|AR||A line is not a segment|||100^Segment sequence error^HL70357\n\
         ERR|^^^100&Segment sequence error&HL70357\n"
    );
    let unknown = answer(
        &message("2.9999", "", ""),
        Stage::Application,
        AdtError::UnsupportedVersion.into(),
    );
    assert!(unknown.unwrap().contains("MSA|AR|42|Unsupported version id"));
}

#[test]
fn there_is_no_answer_to_an_answer_and_to_what_has_no_header() {
    let read = |text: &str| Envelope::read(text.as_bytes()).map(|_| ());
    assert_eq!(
        read("MSH|^~\\&|A|B|C|D|2026||ACK^A01|1|P|2.4\rMSA|AA|7\r"),
        Err(NoAnswer::IsAnswer)
    );
    assert_eq!(
        read("MSH|^~\\&|A|B|C|D|2026||ACK|1|P|2.4"),
        Err(NoAnswer::IsAnswer)
    );
    assert_eq!(
        read("MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.2\nMSA|CA|7\n"),
        Err(NoAnswer::IsAnswer)
    );
    assert_eq!(read("BHS|^~\\&|A"), Err(NoAnswer::NoHeader));
    assert_eq!(read("MSH|^~\\\\&|A"), Err(NoAnswer::NoHeader));
    assert_eq!(read("GET / HTTP/1.1"), Err(NoAnswer::NoHeader));
    assert_eq!(read(""), Err(NoAnswer::NoHeader));
    assert_eq!(read("\u{feff}\r\nMSH|^~\\&|A"), Ok(()));
}

#[test]
fn an_answer_says_nothing_of_the_patient() {
    let text =
        "MSH|^~\\&|PAS|RX1|B|B|2026||ADT^A01|42|P|2.5\rEVN\rPID|1||||Zebedee^Florence||19450230|F\rPV1|1|I\r";
    let message = crate::Message::parse(text.as_bytes(), crate::Limits::ADT).unwrap();
    let error = crate::adt::Adt::read(&message).unwrap_err();
    let said = answer(text.as_bytes(), Stage::Application, error.into()).unwrap();
    for name in ["Zebedee", "Florence", "1945"] {
        assert!(!said.contains(name), "{said}");
        assert!(!error.to_string().contains(name));
    }
}

#[test]
fn control_characters_of_a_header_do_not_come_back() {
    let text = answer(
        b"MSH|^~\\&|P\x1c\x0bAS|||||A\x01B||4\x002|P|2.4",
        Stage::Application,
        Outcome::Accepted(&[]),
    );
    let text = text.unwrap();
    assert!(text.contains("|PAS|") && text.contains("MSA|AA|42\n"), "{text}");
    assert!(crate::mllp::encode(text.as_bytes()).is_ok());
}

#[test]
fn an_unknown_character_set_is_not_repeated() {
    let bytes = b"MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.4||||||EBCDIC\r";
    let text = answer(bytes, Stage::Application, ParseError::UnknownCharset.into()).unwrap();
    assert!(
        text.contains("|B1|P|2.4\nMSA|AR|1|Unknown character set|||103^"),
        "{text}"
    );
    assert!(
        text.contains("ERR|MSH^1^18^103&Table value not found&HL70357"),
        "{text}"
    );
}

#[test]
fn debug_of_an_envelope_names_nobody() {
    let envelope = Envelope::read(&message("2.4", "AL", "NE")).unwrap();
    let text = format!("{envelope:?}");
    assert!(text.contains("V2_4") && !text.contains("PAS"), "{text}");
}
