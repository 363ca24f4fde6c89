use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::hospital;
use crate::clock;
use crate::hospital::mllp::{self, Answer, control_id, frame};
use crate::hospital::player::{Score, play};

/// What a listener does with a message that it has read: answers so, or closes the line.
type Manner = fn(times: usize, message: &[u8]) -> Option<&'static str>;

/// A listener of one's own, and the control ids that it has read.
async fn listener(manner: Manner) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut line = BufReader::new(stream);
            while let Ok(Some(message)) = mllp::read(&mut line).await {
                let control = control_id(&message);
                let times = {
                    let mut hears = hears.lock().unwrap();
                    hears.push(control.clone());
                    hears.len()
                };
                let Some(code) = manner(times, &message) else {
                    break;
                };
                let answer =
                    format!("MSH|^~\\&|BATON|RX1|||20260112||ACK|1|P|2.4\rMSA|{code}|{control}|a reason\r");
                line.get_mut().write_all(&frame(answer.as_bytes())).await.unwrap();
            }
        }
    });
    (address, heard)
}

/// As a record answers: in the mode that the message asks for.
fn as_asked(message: &[u8]) -> &'static str {
    let header = String::from_utf8_lossy(message).into_owned();
    let is_enhanced = header.split('|').nth(14) == Some("AL");
    if is_enhanced { "CA" } else { "AA" }
}

fn score(to: SocketAddr, kept: Option<PathBuf>, most: u64) -> Score {
    Score {
        to: to.to_string(),
        every: Duration::ZERO,
        kept,
        patience: Duration::from_secs(20),
        most: Some(most),
    }
}

fn file(name: &str) -> PathBuf {
    let [number, ..] = clock::random::<4>();
    std::env::temp_dir().join(format!("baton-play-{name}-{}-{number}.json", std::process::id()))
}

#[tokio::test]
async fn a_play_loads_all_and_goes_on_where_it_ended() {
    let (to, heard) = listener(|_, message| Some(as_asked(message))).await;
    let kept = file("goes-on");
    let hospital = hospital(4, 60);
    play(hospital, &score(to, Some(kept.clone()), 5), |_, _| {})
        .await
        .unwrap();
    let first = heard.lock().unwrap().clone();
    // Another day on which it is started is not another hospital.
    let another = super::hospital(5, 70);
    play(another, &score(to, Some(kept.clone()), 5), |_, _| {})
        .await
        .unwrap();
    std::fs::remove_file(kept).unwrap();
    let all = heard.lock().unwrap().clone();
    let expected: Vec<String> = hospital
        .stream()
        .take(all.len())
        .map(|(_, message)| control_id(&message))
        .collect();
    assert_eq!(all, expected);
    assert_eq!(all.len(), first.len() + 5);
    assert!(first.len() > 65);
}

#[tokio::test]
async fn a_play_does_not_go_on_with_a_hospital_of_another_release() {
    let (to, heard) = listener(|_, message| Some(as_asked(message))).await;
    let kept = file("release");
    let score = score(to, Some(kept.clone()), 1);
    play(hospital(4, 10), &score, |_, _| {}).await.unwrap();
    let heard_before = heard.lock().unwrap().len();
    let text = std::fs::read_to_string(&kept).unwrap();
    // As if another release had made other people of that seed.
    std::fs::write(&kept, text.replace("\"seed\":4", "\"seed\":5")).unwrap();
    let why = play(hospital(4, 10), &score, |_, _| {})
        .await
        .unwrap_err()
        .to_string();
    std::fs::remove_file(kept).unwrap();
    assert!(why.contains("another release"), "{why}");
    assert_eq!(heard.lock().unwrap().len(), heard_before);
}

#[tokio::test]
async fn a_message_is_sent_again_until_it_is_answered() {
    let (to, heard) = listener(|times, message| (times != 3).then(|| as_asked(message))).await;
    play(hospital(4, 10), &score(to, None, 1), |_, _| {})
        .await
        .unwrap();
    let heard = heard.lock().unwrap();
    assert_eq!(heard[2], heard[3]);
    assert_ne!(heard[3], heard[4]);
}

#[tokio::test]
async fn a_refusal_ends_the_play_and_is_told_with_its_reason() {
    let (to, heard) = listener(|times, _| Some(if times == 4 { "AE" } else { "AA" })).await;
    let why = play(hospital(4, 10), &score(to, None, 1), |_, _| {})
        .await
        .unwrap_err()
        .to_string();
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 4);
    assert!(
        why.contains("AE") && why.contains(&heard[3]) && why.contains("a reason"),
        "{why}"
    );
    assert!(why.contains("ADT^A28"), "{why}");
}

#[tokio::test]
async fn when_nobody_listens_that_is_said() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = free.local_addr().unwrap();
    drop(free);
    let score = Score {
        patience: Duration::ZERO,
        ..score(to, None, 1)
    };
    let why = play(hospital(4, 10), &score, |_, _| {})
        .await
        .unwrap_err()
        .to_string();
    assert!(
        why.contains("nobody answers HL7 messages") && why.contains(&to.to_string()),
        "{why}"
    );
}

#[test]
fn an_answer_is_read_with_the_separators_that_it_uses() {
    let answer = Answer::parse(b"MSH#^~\\&#BATON\rMSA#AE#RX1000000001\rERR###207##E###not known\r").unwrap();
    assert_eq!(
        (answer.code.as_str(), answer.control.as_str()),
        ("AE", "RX1000000001")
    );
    assert_eq!(answer.words, "not known; 207");
    assert!(!answer.is_taken());
    assert_eq!(Answer::parse(b"HTTP/1.1 400 Bad Request"), None);
}
