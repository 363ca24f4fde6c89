//! The promise that no message of a hospital's feed is lost or doubled, whatever is killed: a feed is played while the record and
//! PostgreSQL are killed (`kill -9`) and come back, and afterwards the index says of everybody what the messages said.
//! `BATON_SEED` repeats a run's moments, `BATON_FAULTS` says how many kills.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and tells its seed"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use baton_core::id::PatientId;
use baton_core::patient::{Patient, VisitStatus};
use baton_core::time::At;
use baton_tests::hospital::Hospital;
use baton_tests::hospital::mllp::{self, Answer};
use baton_tests::hospital::player::{Score, play};
use baton_tests::hospital::replay::{Replay, Status, Visit};
use baton_tests::stage::{Cast, Stage};
use baton_tests::{clock, index, scan};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tokio::io::{AsyncWriteExt, BufReader};
use xtask::record_build::Profile;

const PATIENTS: u32 = 300;
const LIVING: u64 = 600;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_of_a_feed_is_lost_or_doubled_by_kills() {
    let seed = clock::seed();
    let kills: usize = std::env::var("BATON_FAULTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(8);
    println!("BATON_SEED={seed} BATON_FAULTS={kills}");
    let stage = Arc::new(open("feed").await);
    let hospital = Hospital {
        seed,
        patients: PATIENTS,
        opened: At::from_millis(clock::now().millis() - 100 * 24 * 60 * 60 * 1000),
        pace: Duration::from_mins(20),
    };
    let score = Score {
        to: stage.hl7_address.clone(),
        every: Duration::ZERO,
        kept: None,
        patience: Duration::from_mins(2),
        most: Some(LIVING),
    };
    let is_over = Arc::new(AtomicBool::new(false));
    let (killed, over) = (stage.clone(), is_over.clone());
    let killer = tokio::spawn(async move {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let mut done = 0;
        while done < kills && !over.load(Ordering::Relaxed) {
            clock::pause(Duration::from_millis(200 + rng.next_u64() % 1_000)).await;
            kill_and_restart(&killed, done, Duration::from_millis(rng.next_u64() % 1_000)).await;
            done += 1;
        }
        done
    });
    let mut replay = Replay::default();
    let mut sent = 0_i64;
    let played = play(hospital, &score, |_, message| {
        replay.take(message).unwrap();
        sent += 1;
    });
    played.await.unwrap();
    is_over.store(true, Ordering::Relaxed);
    let done = killer.await.unwrap();
    println!("{sent} messages, {done} kills");
    assert!(done >= kills.min(3), "the feed was over before it was disturbed");

    compare(&stage, &replay).await;
    let seen = "SELECT count(*) FROM hl7_seen WHERE outcome = 'accepted'";
    assert_eq!(index::count(&stage.database_url, seen).await.unwrap(), sent);
    let kept = "SELECT count(*) FROM hl7_quarantine";
    assert_eq!(index::count(&stage.database_url, kept).await.unwrap(), 0);

    // All of it once more, by a sender that has forgotten where it was: nothing changes.
    let before = index::read(&stage.database_url, &stage.state).await.unwrap();
    play(hospital, &score, |_, _| {}).await.unwrap();
    index::settled(&stage.database_url).await.unwrap();
    let after = index::read(&stage.database_url, &stage.state).await.unwrap();
    assert!(before == after, "what came again changed something");
    tells_nothing(&stage, &after).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_lists_shows_corrects_and_replays_what_was_refused() {
    let stage = open("feed-quarantine").await;
    let wrong = "MSH|^~\\&|PAS|RX1|BATON|RX1|20260115093000||ADT^A01|Q1|T|2.4\rEVN|A01|20260115093000\r\
        PID|1||QF1^^^RX1^MR||Quillfeather^Zebedee||19450714|M\r";
    assert_eq!(send(&stage, wrong).await.code, "AE");
    let listed = run(&stage, &["hl7", "quarantine", "list"]).await;
    assert!(
        listed.contains("missing-segment  PAS|RX1") && !listed.contains("Quillfeather"),
        "{listed}"
    );
    let id = listed.split_whitespace().next().unwrap().to_owned();
    let shown = run(&stage, &["hl7", "quarantine", "show", &id]).await;
    assert_eq!(shown.trim_end().replace('\n', "\r"), wrong.trim_end());
    let file = stage.state.join("corrected.txt");
    std::fs::write(&file, format!("{shown}PV1|1|I|W7^B2^3^RX1\n")).unwrap();
    let file = file.to_str().unwrap();
    let replayed = run(&stage, &["hl7", "quarantine", "replay", &id, "--as", file]).await;
    assert!(replayed.contains("is replayed: 1 events"), "{replayed}");
    let patients = index::read(&stage.database_url, &stage.state).await.unwrap();
    assert_eq!(
        patients[0].visit.as_ref().unwrap().place.as_ref().unwrap().ward,
        "W7"
    );
    assert_eq!(send(&stage, wrong).await.code, "AA");

    assert_eq!(
        send(&stage, &wrong.replace("|Q1|", "|Q2|").replace("QF1", "QF2"))
            .await
            .code,
        "AE"
    );
    let listed = run(&stage, &["hl7", "quarantine", "list"]).await;
    let id = listed.split_whitespace().next().unwrap().to_owned();
    run(
        &stage,
        &[
            "hl7",
            "quarantine",
            "discard",
            &id,
            "--why",
            "not of this hospital",
        ],
    )
    .await;
    assert!(
        run(&stage, &["hl7", "quarantine", "list"])
            .await
            .contains("0 messages")
    );
    std::fs::remove_file(file).unwrap();
    tells_nothing(&stage, &patients).await;
}

async fn open(name: &str) -> Stage {
    let cast = Cast {
        people: 1,
        teams: Vec::new(),
        planted: "Tester".to_owned(),
    };
    Stage::open(name, Profile::Dev, &cast).await.unwrap()
}

async fn kill_and_restart(stage: &Stage, kill: usize, down: Duration) {
    let act = stage.with(move |stack| {
        if kill.is_multiple_of(2) {
            stack.record.kill();
            std::thread::sleep(down);
            stack.record.start()
        } else {
            stack.postgres.as_mut().expect("it is our own").kill();
            std::thread::sleep(down);
            stack.postgres.as_mut().expect("it is our own").start()
        }
    });
    act.await.unwrap();
}

async fn run(stage: &Stage, args: &[&str]) -> String {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    let run = stage.with(move |stack| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        stack.record.command(&args)
    });
    run.await.unwrap()
}

async fn send(stage: &Stage, message: &str) -> Answer {
    let stream = tokio::net::TcpStream::connect(&stage.hl7_address).await.unwrap();
    let mut line = BufReader::new(stream);
    line.get_mut()
        .write_all(&mllp::frame(message.as_bytes()))
        .await
        .unwrap();
    Answer::parse(&mllp::read(&mut line).await.unwrap().unwrap()).unwrap()
}

/// Everybody is in the index once, and as the messages said.
async fn compare(stage: &Stage, replay: &Replay) {
    index::settled(&stage.database_url).await.unwrap();
    let patients = index::read(&stage.database_url, &stage.state).await.unwrap();
    let mut by_number: BTreeMap<&str, &Patient> = BTreeMap::new();
    let mut numbers: BTreeMap<PatientId, &str> = BTreeMap::new();
    let own = |patient: &Patient| -> Vec<String> {
        let of_hospital = patient.identifiers.iter().filter(|known| known.assigner == "RX1");
        of_hospital.map(|known| known.value.as_str().to_owned()).collect()
    };
    let people: BTreeMap<&str, _> = replay.people().collect();
    let all: Vec<(Vec<String>, &Patient)> = patients.iter().map(|patient| (own(patient), patient)).collect();
    for (number, known) in &people {
        let mut found: Vec<_> = all
            .iter()
            .filter(|(own, patient)| {
                own.iter().any(|own| own == number)
                    && (patient.merged_into.is_some() == known.merged_into.is_some())
            })
            .collect();
        // Who took somebody in has their numbers too, and may have been merged in their turn.
        found.sort_by_key(|(own, _)| own.len());
        let (own, patient) = found
            .first()
            .unwrap_or_else(|| panic!("{number} is not in the index"));
        let is_once = found.iter().skip(1).all(|(other, _)| other.len() > own.len());
        assert!(is_once, "{number} is in the index twice");
        by_number.insert(number, patient);
        numbers.insert(patient.id, number);
    }
    assert_eq!(
        patients.len(),
        people.len(),
        "somebody is there who was never told of"
    );
    let mut here = 0;
    for (number, known) in &people {
        let patient = by_number[number];
        let merged_into = patient.merged_into.map(|into| numbers[&into].to_owned());
        assert_eq!(merged_into, known.merged_into, "{number}");
        let name = patient.name.expose();
        assert_eq!(name.family, known.name.split('^').next().unwrap(), "{number}");
        let nhs = patient.nhs.map(|nhs| nhs.number.digits()).unwrap_or_default();
        assert_eq!(nhs, known.nhs, "{number}");
        assert_eq!(patient.died.is_some(), known.died, "{number}");
        if known.merged_into.is_none() {
            here += usize::from(compare_visit(number, patient, replay));
        }
    }
    println!(
        "{} patients, {here} in care, as the messages said",
        patients.len()
    );
    assert!(here > 20, "{here}");
}

/// Says whether somebody is in care.
fn compare_visit(number: &str, patient: &Patient, replay: &Replay) -> bool {
    let told: Vec<&Visit> = replay
        .visits()
        .filter(|visit| visit.patient == number && matches!(visit.status, Status::Here | Status::OnLeave))
        .collect();
    let visit = patient.visit.as_ref().filter(|visit| {
        matches!(
            visit.status,
            VisitStatus::Admitted | VisitStatus::Attending | VisitStatus::OnLeave
        )
    });
    let Some(visit) = visit else {
        assert!(told.is_empty(), "{number} should be at {told:?}");
        return false;
    };
    let place = visit.place.clone().unwrap_or_default();
    let place = (place.facility, place.ward, place.room, place.bed);
    let is_on_leave = visit.status == VisitStatus::OnLeave;
    let is_told = told
        .iter()
        .any(|told| told.place == place && (told.status == Status::OnLeave) == is_on_leave);
    assert!(
        is_told,
        "{number} is at {place:?} ({:?}) and not at {told:?}",
        visit.status
    );
    true
}

/// Neither the logs nor the database's files name anybody.
async fn tells_nothing(stage: &Stage, patients: &[Patient]) {
    let database = baton_tests::log::connect(&stage.database_url).await.unwrap();
    database.batch_execute("CHECKPOINT").await.unwrap();
    let mut planted = Vec::new();
    for patient in patients.iter().take(40) {
        let name = patient.name.expose();
        planted.push(format!("{}^{}", name.family, name.given));
        planted.push(format!("{} {}", name.given, name.family));
        planted.extend(patient.nhs.map(|nhs| nhs.number.digits()));
        planted.extend(
            patient
                .identifiers
                .iter()
                .map(|known| known.value.as_str().to_owned())
                .filter(|value| value.len() > 5),
        );
    }
    planted.push("Quillfeather".to_owned());
    assert!(planted.len() > 2, "nothing to look for");
    for folder in ["log", "postgres"] {
        let scan = scan::search(&stage.state.join(folder), &planted).unwrap();
        assert_eq!(scan.found, [], "{folder} tells");
        assert!(scan.files > 0, "{folder} was not there");
    }
}
