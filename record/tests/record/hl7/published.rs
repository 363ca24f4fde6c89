//! Every message of other makers' test suites (`../shared/data/hl7`) through the door: taken or refused as the table of
//! `hl7/tests/published` says, which has a named test for each.

use baton_hl7::ack::{Envelope, Mode, NoAnswer, Outcome, When};
use baton_hl7::adt::{AdtError, Event};
use baton_hl7::oru::Oru;
use baton_hl7::{Kind, Limits, Location, Message, ParseError};

use super::{ADA, Door, adt, code, framed};

#[derive(Clone, Debug, PartialEq)]
enum Verdict {
    Unreadable(ParseError),
    Refused(AdtError),
    Reports,
    Taken(Event, &'static [&'static str]),
}

const PID: Location = Location::segment("PID", 1);
const SECOND_PID: Location = Location::segment("PID", 2);
const PID_3: Location = Location::field("PID", 3);
const PV1: Location = Location::segment("PV1", 1);
const MRG: Location = Location::segment("MRG", 1);

macro_rules! files {
    ($($name:ident: $file:literal => $verdict:expr;)*) => {
        fn rows() -> Vec<(&'static str, Verdict)> {
            use baton_hl7::adt::Level;
            use {AdtError::*, Event::*, ParseError::*, Verdict::*};
            vec![$(($file, $verdict)),*]
        }
    };
}

include!("../../../../hl7/tests/published/rows.rs");

/// Those that say whom they are for in MSH-11, and it is not a live system.
const NOT_LIVE: &[&str] = &[
    "adt-a01-adt-2947189b.hl7",
    "adt-a01-adt-68b6ed73.hl7",
    "adt-a01-adt-e3fce3c7.hl7",
    "adt-a01-adt-eddc264c.hl7",
    "oru-r01-0a8c2787.hl7",
    "oru-r01-206ae391.hl7",
    "oru-r01-435a2e63.hl7",
    "oru-r01-677957f6.hl7",
    "oru-r01-ac144801.hl7",
    "oru-r01-oru-06bf7e7d.hl7",
    "oru-r01-oru-45d135ad.hl7",
];

/// ADT messages in which no number says who it is: only an account's, say.
const NOBODY: &[&str] = &[];

#[tokio::test(flavor = "multi_thread")]
async fn every_published_message_is_taken_or_refused_as_the_standard_says() {
    let Some(door) = Door::open("published", &[]).await else {
        return;
    };
    let folder = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
        .join("../../shared/data/hl7");
    if !folder.exists() {
        eprintln!("SKIPPED: {} is not here", folder.display());
        return;
    }
    let mut odd = Vec::new();
    let (mut taken, mut kept) = (0, 0);
    for (number, (file, verdict)) in rows().into_iter().enumerate() {
        // Each stands for itself: many have the sender and the control id of another.
        sqlx::query("DELETE FROM hl7_seen")
            .execute(&door.place.cx.pool)
            .await
            .unwrap();
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let before = door.place.count("hl7_quarantine").await;
        let mut sender = door.dial().await;
        sender.write(&framed(&bytes)).await;
        // What has no answer is followed by one that has.
        let control = format!("next-{number}");
        sender
            .write(&framed(adt("A31", &control, 500, &[ADA]).as_bytes()))
            .await;
        let mut answers = Vec::new();
        loop {
            let answer = sender.read().await.unwrap();
            if answer.code() == code("AA", &control) {
                break;
            }
            answers.push(answer.field_1());
        }
        let verdict = of_reports(&bytes).unwrap_or(verdict);
        let expected = expected(file, &bytes, &verdict);
        if answers != expected {
            odd.push(format!("{file}: {answers:?} and not {expected:?}"));
        }
        let is_kept = door.place.count("hl7_quarantine").await > before;
        let should_be = !matches!(verdict, Verdict::Reports | Verdict::Taken(..))
            && verdict != Verdict::Refused(AdtError::UnsupportedType);
        if is_kept != (should_be || NOBODY.contains(&file)) {
            odd.push(format!("{file}: kept: {is_kept}"));
        }
        taken += u32::from(answers == ["AA"]);
        kept += u32::from(is_kept);
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
    println!("{taken} taken, {kept} kept for an operator");
    assert!(taken > 20 && kept > 50, "{taken} {kept}");
}

/// Of a message about results: the table says of those that they are no ADT messages, and another says what they are.
fn of_reports(bytes: &[u8]) -> Option<Verdict> {
    let message = Message::parse(bytes, Limits::ORU).ok()?;
    (Kind::of(&message) == Kind::Oru).then(|| match Oru::read(&message) {
        Ok(_) => Verdict::Reports,
        Err(error) => Verdict::Refused(error),
    })
}

/// MSA-1 of each answer, by the modes of HL7 v2.5.1 §2.9.
fn expected(file: &str, bytes: &[u8], verdict: &Verdict) -> Vec<String> {
    let envelope = match Envelope::read(bytes) {
        Ok(envelope) => envelope,
        Err(NoAnswer::IsAnswer | NoAnswer::NoHeader) => return Vec::new(),
    };
    let outcome = match verdict {
        Verdict::Unreadable(error) => Outcome::from(*error),
        Verdict::Refused(error) => Outcome::from(*error),
        Verdict::Reports | Verdict::Taken(..) => Outcome::Accepted(&[]),
    };
    let letter = match outcome {
        _ if NOT_LIVE.contains(&file) => 'R',
        _ if NOBODY.contains(&file) => 'E',
        Outcome::Accepted(_) => 'A',
        Outcome::Failed(_) => 'E',
        Outcome::Rejected(_) => 'R',
    };
    let asks = envelope.asks();
    if asks.mode == Mode::Original {
        return vec![format!("A{letter}")];
    }
    let wants = |when, letter| match when {
        When::Always => true,
        When::Never => false,
        When::OnError => letter != 'A',
        When::OnSuccess => letter == 'A',
    };
    let application = (letter != 'R' || !wants(asks.commit, letter)) && wants(asks.application, letter);
    let commit = if application && letter == 'E' { 'A' } else { letter };
    let commit = wants(asks.commit, commit).then(|| format!("C{commit}"));
    commit
        .into_iter()
        .chain(application.then(|| format!("A{letter}")))
        .collect()
}

impl super::Answer {
    /// MSA-1, whatever the separators are.
    fn field_1(&self) -> String {
        let separator = self.0.chars().nth(3).unwrap();
        let msa = self.0.split('\r').find(|line| line.starts_with("MSA")).unwrap();
        msa.split(separator).nth(1).unwrap().to_owned()
    }
}
