//! Somebody else's client: `mllp_send` and the parser of the package `hl7`, installed into a folder of the build when the network allows.

use std::path::PathBuf;
use std::process::Command;

use super::{ADA, Door, TOM, WARD_7, WARD_8, adt, framed};

/// The folder of the programs of a Python environment with `hl7`, or none, which is said.
fn python() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hl7-0.4.5");
    let programs = folder.join("bin");
    if programs.join("mllp_send").exists() {
        return Some(programs);
    }
    let run = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let is_made = run(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        && run(Command::new(programs.join("pip")).args(["install", "--quiet", "hl7==0.4.5"]));
    if !is_made {
        eprintln!("SKIPPED: PyPI's hl7 cannot be installed here");
        return None;
    }
    Some(programs)
}

#[tokio::test(flavor = "multi_thread")]
async fn mllp_send_is_answered_in_a_way_that_its_own_parser_reads() {
    let (Some(programs), Some(door)) = (python(), Door::open("python", &[]).await) else {
        return;
    };
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("python.hl7");
    let left = "PV1|1|I|W8^B1^1^RX1||||||||||||||||V1^^^RX1";
    let messages = [
        adt("A28", "P1", 500, &[ADA]),
        adt("A01", "P2", 501, &[ADA, WARD_7]),
        adt("A02", "P3", 502, &[ADA, WARD_8]),
        adt("A02", "P3", 502, &[ADA, WARD_8]),
        adt("A01", "P4", 503, &[TOM]),
        adt("A03", "P5", 504, &[ADA, left]),
    ];
    let framed: Vec<u8> = messages
        .iter()
        .flat_map(|message| framed(message.as_bytes()))
        .collect();
    std::fs::write(&file, framed).unwrap();
    let port = door.address.port().to_string();
    let (sender, sent) = (programs.clone(), file.clone());
    let answers = tokio::task::spawn_blocking(move || {
        let output = Command::new(sender.join("mllp_send"))
            .args(["--port", &port, "--file"])
            .arg(sent)
            .arg("127.0.0.1")
            .output();
        output.unwrap()
    });
    let answers = answers.await.unwrap();
    assert!(
        answers.status.success(),
        "{}",
        String::from_utf8_lossy(&answers.stderr)
    );
    let read = "\
import sys, hl7
for block in sys.stdin.buffer.read().split(b'\\x1c'):
    text = block.decode().strip('\\x0b\\r\\n')
    if text:
        ack = hl7.parse(text)
        print(ack['MSA.F1'], ack['MSA.F2'], ack['MSH.F9'], ack['MSH.F5'])
";
    let mut reader = Command::new(programs.join("python"))
        .args(["-c", read])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut reader.stdin.take().unwrap(), &answers.stdout).unwrap();
    let read = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
    let lines: Vec<&str> = read.lines().collect();
    assert_eq!(
        lines,
        [
            "AA P1 ACK PAS",
            "AA P2 ACK PAS",
            "AA P3 ACK PAS",
            "AA P3 ACK PAS",
            "AE P4 ACK PAS",
            "AA P5 ACK PAS",
        ]
    );
    let visit = door.patient("A1").await.unwrap().visit.unwrap();
    assert_eq!(visit.status, baton_core::patient::VisitStatus::Discharged);
}
