//! The door for hospital systems, by TCP as they use it.

use std::net::SocketAddr;

use baton_core::nhs_number::NhsNumber;
use baton_core::patient::{Identifier, Patient, VisitStatus};
use baton_record::context::Context;
use baton_record::patients::change::{Change, Details, Event, Subject};
use baton_record::{hl7, patients};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::place::Place;

#[path = "hl7/answers.rs"]
mod answers;
#[path = "hl7/limits.rs"]
mod limits;
#[path = "hl7/operator.rs"]
mod operator;
#[path = "hl7/order.rs"]
mod order;
#[path = "hl7/published.rs"]
mod published;
#[path = "hl7/python.rs"]
mod python;
#[path = "hl7/results.rs"]
mod results;
#[path = "hl7/tls.rs"]
mod tls;

/// A record whose door is open.
pub(crate) struct Door {
    pub(crate) place: Place,
    pub(crate) address: SocketAddr,
    stop: watch::Sender<bool>,
    served: JoinHandle<()>,
}

impl Door {
    pub(crate) async fn open(name: &str, more: &[(&str, &str)]) -> Option<Self> {
        let mut settings = vec![("BATON_HL7_LISTEN", "127.0.0.1:0")];
        settings.extend_from_slice(more);
        let place = Place::open_with(&format!("hl7_{name}"), &settings).await?;
        let (stop, address, served) = serve(&place.cx).await;
        Some(Self {
            place,
            address,
            stop,
            served,
        })
    }

    pub(crate) async fn dial(&self) -> Sender<TcpStream> {
        Sender::new(TcpStream::connect(self.address).await.unwrap())
    }

    /// As SIGTERM closes it.
    pub(crate) fn begin_to_close(&self) {
        self.stop.send_replace(true);
    }

    pub(crate) async fn closed(self) -> Place {
        self.begin_to_close();
        self.served.await.unwrap();
        self.place
    }

    pub(crate) fn counted(&self, line: &str) -> u64 {
        counted(&self.place.cx, line)
    }

    /// Waits until something is counted so often.
    pub(crate) async fn until_counted(&self, line: &str, count: u64) {
        while self.counted(line) < count {
            tokio::task::yield_now().await;
        }
    }

    /// The patient with a number of RX1, as the index shows them once it has heard of all that was answered.
    pub(crate) async fn patient(&self, number: &str) -> Option<Patient> {
        patient(&self.place.cx, "RX1", number).await
    }
}

/// Opens a door of a record.
pub(crate) async fn serve(cx: &Context) -> (watch::Sender<bool>, SocketAddr, JoinHandle<()>) {
    let (stop, stopped) = watch::channel(false);
    let listener = hl7::listener::bind(cx).await.unwrap().unwrap();
    let address = listener.address().unwrap();
    (stop, address, tokio::spawn(listener.serve(cx.clone(), stopped)))
}

pub(crate) fn counted(cx: &Context, line: &str) -> u64 {
    let text = String::from_utf8(cx.metrics.text()).unwrap();
    let found = text.lines().find_map(|known| known.strip_prefix(line));
    found.map_or(0, |value| value.trim().parse().unwrap())
}

/// Whom the index finds by a number: asked by an event that says nothing else, in a transaction that is rolled back.
pub(crate) async fn patient(cx: &Context, assigner: &str, number: &str) -> Option<Patient> {
    hl7::waiting::drain(cx).await.unwrap();
    let mut transaction = cx.pool.begin().await.unwrap();
    let subject = Subject {
        patient: None,
        details: Details {
            identifiers: vec![Identifier {
                assigner: assigner.to_owned(),
                value: number.into(),
            }],
            ..Details::default()
        },
    };
    let event = Event {
        at: baton_core::time::At::default(),
        change: Change::Remove(subject),
    };
    let applied = patients::apply(cx, &mut transaction, &[event]).await.unwrap();
    transaction.rollback().await.unwrap();
    let id = applied.outcomes[0].as_ref().unwrap().patient?;
    let mut conn = cx.pool.acquire().await.unwrap();
    let read = patients::read(cx, &mut conn, &[id]).await.unwrap();
    Some(read[0].patient.clone())
}

/// A hospital system at its end of a connection.
pub(crate) struct Sender<S> {
    line: BufReader<S>,
}

impl<S: AsyncReadExt + AsyncWriteExt + Unpin> Sender<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            line: BufReader::new(stream),
        }
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.line.get_mut().write_all(bytes).await.unwrap();
        self.line.get_mut().flush().await.unwrap();
    }

    /// The next block; `None` when the other side has closed the connection.
    pub(crate) async fn read(&mut self) -> Option<Answer> {
        let mut block = Vec::new();
        let count = self.line.read_until(0x1c, &mut block).await.unwrap_or(0);
        if count == 0 {
            return None;
        }
        let text = String::from_utf8(block).unwrap();
        let text = text.trim_start_matches('\r');
        if text.is_empty() {
            // The return after the last block.
            return None;
        }
        let text = text.strip_prefix('\u{b}').unwrap();
        Some(Answer(text.strip_suffix('\u{1c}').unwrap().to_owned()))
    }

    /// Sends a message and gives its answer.
    pub(crate) async fn send(&mut self, message: &str) -> Answer {
        self.write(&framed(message.as_bytes())).await;
        self.read().await.expect("an answer")
    }
}

pub(crate) fn framed(message: &[u8]) -> Vec<u8> {
    [b"\x0b", message, b"\x1c\r"].concat()
}

/// An acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer(pub(crate) String);

impl Answer {
    pub(crate) fn field(&self, segment: &str, number: usize) -> String {
        let found = self
            .0
            .split('\r')
            .find(|line| line.split('|').next() == Some(segment));
        let field = found.and_then(|line| line.split('|').nth(number));
        field.unwrap_or_default().to_owned()
    }

    /// MSA-1 and MSA-2.
    pub(crate) fn code(&self) -> (String, String) {
        (self.field("MSA", 1), self.field("MSA", 2))
    }

    /// The code of table 0357 in ERR-3.
    pub(crate) fn condition(&self) -> String {
        let field = self.field("ERR", 3);
        field.split('^').next().unwrap_or_default().to_owned()
    }
}

pub(crate) fn code(answer: &str, control: &str) -> (String, String) {
    (answer.to_owned(), control.to_owned())
}

/// A message of the hospital RX1, at a minute of 15 January 2026.
pub(crate) fn adt(event: &str, control: &str, minute: u32, segments: &[&str]) -> String {
    let at = format!("20260115{:02}{:02}", minute / 60, minute % 60);
    let mut message =
        format!("MSH|^~\\&|PAS|RX1|BATON|RX1|{at}||ADT^{event}|{control}|P|2.5.1\rEVN|{event}|{at}\r");
    for segment in segments {
        message.push_str(segment);
        message.push('\r');
    }
    message
}

pub(crate) const ADA: &str = "PID|1||A1^^^RX1^MR~9990000018^^^NHS^NH||Thistlewood^Ada^^^Mrs^^L||19450714|F|||5 Mill Lane^^Eastmere^^EM1 2AB";
pub(crate) const TOM: &str = "PID|1||B2^^^RX1^MR||Fenn^Tom^^^Mr^^L||19500301|M";
pub(crate) const WARD_7: &str = "PV1|1|I|W7^B2^3^RX1||||||||||||||||V1^^^RX1";
pub(crate) const WARD_8: &str = "PV1|1|I|W8^B1^1^RX1||||||||||||||||V1^^^RX1";

#[tokio::test(flavor = "multi_thread")]
async fn an_admission_is_in_the_index_when_it_is_answered() {
    let Some(door) = Door::open("admission", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    let answer = pas.send(&adt("A01", "42", 570, &[ADA, WARD_7])).await;
    assert_eq!(answer.code(), code("AA", "42"));
    assert_eq!(answer.field("MSH", 2), "BATON");
    let ada = door.patient("A1").await.unwrap();
    assert_eq!(ada.name.expose().family, "Thistlewood");
    assert_eq!(ada.nhs.unwrap().number, NhsNumber::parse("9990000018").unwrap());
    let visit = ada.visit.unwrap();
    assert_eq!(visit.status, VisitStatus::Admitted);
    assert_eq!(visit.place.unwrap().ward, "W7");
    assert_eq!(
        door.counted("baton_hl7_messages_total{answer=\"accepted\",reason=\"\"}"),
        1
    );
    assert!(door.counted("baton_hl7_last_message_timestamp_seconds{feed=\"any\"}") > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_in_hospital_ends_where_the_messages_say() {
    let Some(door) = Door::open("day", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    let left =
        "PV1|1|I|W8^B1^1^RX1||||||||||||||||V1^^^RX1|||||||||||||||||||||||||202601150900|202601151200";
    for (number, (event, segments)) in [
        ("A28", vec![ADA]),
        ("A05", vec![ADA, WARD_7]),
        ("A01", vec![ADA, WARD_7]),
        ("A02", vec![ADA, WARD_8]),
        ("A21", vec![ADA, WARD_8]),
        ("A22", vec![ADA, WARD_8]),
        ("A03", vec![ADA, left]),
        ("A13", vec![ADA, WARD_8]),
        ("A12", vec![ADA, WARD_7]),
    ]
    .into_iter()
    .enumerate()
    {
        let control = number.to_string();
        let minute = u32::try_from(number).unwrap() + 500;
        let answer = pas.send(&adt(event, &control, minute, &segments)).await;
        assert_eq!(answer.code(), code("AA", &control), "{event}: {answer:?}");
    }
    let visit = door.patient("A1").await.unwrap().visit.unwrap();
    assert_eq!(visit.status, VisitStatus::Admitted);
    assert_eq!(visit.place.unwrap().ward, "W7");
    assert_eq!(door.place.count("patient").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_were_merged_are_one_and_apart_again() {
    let Some(door) = Door::open("merge", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    for (control, event, segments) in [
        ("1", "A28", vec![ADA]),
        ("2", "A28", vec![TOM]),
        ("3", "A40", vec![ADA, "MRG|B2^^^RX1^MR"]),
    ] {
        let answer = pas.send(&adt(event, control, 500, &segments)).await;
        assert_eq!(answer.code(), code("AA", control), "{answer:?}");
    }
    let survivor = door.patient("A1").await.unwrap().id;
    assert_eq!(door.patient("B2").await.unwrap().merged_into, Some(survivor));
    let answer = pas.send(&adt("A37", "4", 501, &[ADA, TOM])).await;
    assert_eq!(answer.code(), code("AA", "4"));
    assert_eq!(door.patient("B2").await.unwrap().merged_into, None);
    assert_eq!(door.place.audit("patient.merged").await.len(), 1);
    assert_eq!(door.place.audit("patient.unmerged").await.len(), 1);
}
