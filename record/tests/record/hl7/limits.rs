//! Those who send too much, too slowly, or something else.

use super::{ADA, Door, Sender, adt, code, framed};

#[tokio::test(flavor = "multi_thread")]
async fn a_giant_message_is_rejected_and_the_next_is_taken() {
    let Some(door) = Door::open("giant", &[("BATON_HL7_MAX_MESSAGE_BYTES", "4096")]).await else {
        return;
    };
    let mut pas = door.dial().await;
    let notes = format!("NTE|1||{}", "x".repeat(20_000));
    let giant = adt("A28", "1", 570, &[ADA, &notes]);
    let answer = pas.send(&giant).await;
    assert_eq!(answer.code(), code("AR", "1"));
    // Two in one go, the first of them too long.
    let both = [
        framed(giant.as_bytes()),
        framed(adt("A28", "2", 570, &[ADA]).as_bytes()),
    ]
    .concat();
    pas.write(&both).await;
    assert_eq!(pas.read().await.unwrap().code(), code("AR", "1"));
    assert_eq!(pas.read().await.unwrap().code(), code("AA", "2"));
    assert_eq!(
        door.counted("baton_hl7_messages_total{answer=\"refused\",reason=\"too-long\"}"),
        2
    );
    assert_eq!(door.place.count("hl7_quarantine").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_never_ends_is_cut_off_and_counted() {
    let Some(door) = Door::open("endless", &[("BATON_HL7_MAX_MESSAGE_BYTES", "1024")]).await else {
        return;
    };
    let mut pas = door.dial().await;
    pas.write(b"\x0bMSH|^~\\&|PAS|RX1|||202601150930||ADT^A28|1|P|2.5.1\r")
        .await;
    // Until the record has had enough, writing works.
    let chunk = [b'x'; 512];
    let stream = pas.line.get_mut();
    while tokio::io::AsyncWriteExt::write_all(stream, &chunk).await.is_ok() {}
    door.until_counted("baton_hl7_connections_total{end=\"endless\"}", 1)
        .await;
    let mut other = door.dial().await;
    assert_eq!(
        other.send(&adt("A28", "2", 570, &[ADA])).await.code(),
        code("AA", "2")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_trickles_in_is_cut_off_and_counted() {
    let Some(door) = Door::open("slow", &[("BATON_HL7_MESSAGE_SECONDS", "1")]).await else {
        return;
    };
    let mut pas = door.dial().await;
    let trickle = tokio::spawn(async move {
        let message = framed(adt("A28", "1", 570, &[ADA]).as_bytes());
        let mut every = tokio::time::interval(std::time::Duration::from_millis(50));
        for byte in message {
            every.tick().await;
            let written = tokio::io::AsyncWriteExt::write_all(pas.line.get_mut(), &[byte]).await;
            if written.is_err() {
                return true;
            }
        }
        false
    });
    door.until_counted("baton_hl7_connections_total{end=\"slow\"}", 1)
        .await;
    assert!(trickle.await.unwrap(), "the connection is closed");
    assert_eq!(door.place.count("hl7_seen").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_or_speaks_something_else_is_let_go() {
    let settings = [
        ("BATON_HL7_IDLE_SECONDS", "1"),
        ("BATON_HL7_MAX_MESSAGE_BYTES", "1024"),
    ];
    let Some(door) = Door::open("idle", &settings).await else {
        return;
    };
    let mut silent = door.dial().await;
    assert_eq!(silent.read().await, None);
    assert_eq!(door.counted("baton_hl7_connections_total{end=\"idle\"}"), 1);
    let mut browser = door.dial().await;
    browser
        .write(&b"GET / HTTP/1.1\r\nHost: record\r\n".repeat(50))
        .await;
    door.until_counted("baton_hl7_connections_total{end=\"no-blocks\"}", 1)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_connections_than_there_may_be_are_closed_at_once() {
    let Some(door) = Door::open("many", &[("BATON_HL7_CONNECTIONS", "2")]).await else {
        return;
    };
    let mut first = door.dial().await;
    let mut second = door.dial().await;
    assert_eq!(
        first.send(&adt("A28", "1", 570, &[ADA])).await.code(),
        code("AA", "1")
    );
    assert_eq!(
        second.send(&adt("A28", "2", 571, &[ADA])).await.code(),
        code("AA", "2")
    );
    let mut third = door.dial().await;
    assert_eq!(third.read().await, None);
    assert_eq!(door.counted("baton_hl7_connections_total{end=\"too-many\"}"), 1);
    drop(second);
    door.until_counted("baton_hl7_connections_total{end=\"closed\"}", 1)
        .await;
    // The place is given back a moment after it is counted.
    let answer = loop {
        let mut again = door.dial().await;
        again
            .write(&framed(adt("A28", "3", 572, &[ADA]).as_bytes()))
            .await;
        if let Some(answer) = again.read().await {
            break answer;
        }
    };
    assert_eq!(answer.code(), code("AA", "3"));
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_are_taken_however_the_network_cuts_them() {
    let Some(door) = Door::open("pieces", &[]).await else {
        return;
    };
    let (mut ours, theirs) = (door.dial().await, adt("A28", "1", 570, &[ADA]));
    for byte in [b"junk".as_slice(), &framed(b""), &framed(theirs.as_bytes())].concat() {
        ours.write(&[byte]).await;
    }
    assert_eq!(ours.read().await.unwrap().code(), code("AA", "1"));
    // A block that begins in another: the first was never finished.
    let half = [
        b"\x0bMSH|^~\\&|half".as_slice(),
        &framed(adt("A28", "2", 571, &[ADA]).as_bytes()),
    ]
    .concat();
    ours.write(&half).await;
    assert_eq!(ours.read().await.unwrap().code(), code("AA", "2"));
    // Many at once are answered one by one, in order; the last without the return after it.
    let many: Vec<u8> = (3..20)
        .flat_map(|number| framed(adt("A28", &number.to_string(), 570 + number, &[ADA]).as_bytes()))
        .collect();
    ours.write(many.strip_suffix(b"\r").unwrap()).await;
    for number in 3..20 {
        assert_eq!(ours.read().await.unwrap().code(), code("AA", &number.to_string()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_was_begun_and_lets_nobody_in() {
    let Some(door) = Door::open("stop", &[]).await else {
        return;
    };
    let mut begun = door.dial().await;
    let mut waiting = door.dial().await;
    assert_eq!(
        begun.send(&adt("A28", "1", 570, &[ADA])).await.code(),
        code("AA", "1")
    );
    assert_eq!(
        waiting.send(&adt("A28", "2", 570, &[ADA])).await.code(),
        code("AA", "2")
    );
    let message = framed(adt("A28", "3", 571, &[ADA]).as_bytes());
    let (half, rest) = message.split_at(60);
    begun.write(half).await;
    until_read(&door, &mut begun).await;
    door.begin_to_close();
    assert_eq!(waiting.read().await, None);
    begun.write(rest).await;
    assert_eq!(begun.read().await.unwrap().code(), code("AA", "3"));
    assert_eq!(begun.read().await, None);
    let address = door.address;
    let place = door.closed().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    assert_eq!(place.count("hl7_seen").await, 3);
}

/// Waits until what was sent was read: by the kernel's own table, nothing of it waits at either end.
async fn until_read(door: &Door, sender: &mut Sender<tokio::net::TcpStream>) {
    let ours = sender.line.get_ref().local_addr().unwrap().port();
    let theirs = door.address.port();
    loop {
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let queues = |from: u16, to: u16| {
            let (from, to) = (format!(":{from:04X}"), format!(":{to:04X}"));
            let mut rows = table
                .lines()
                .map(|line| line.split_whitespace().collect::<Vec<_>>());
            let row = rows.find(|row| row.len() > 4 && row[1].ends_with(&from) && row[2].ends_with(&to));
            row.map(|row| row[4].to_owned())
        };
        let is_sent = queues(ours, theirs).is_some_and(|queues| queues.starts_with("00000000:"));
        if is_sent && queues(theirs, ours).is_some_and(|queues| queues.ends_with(":00000000")) {
            return;
        }
        tokio::task::yield_now().await;
    }
}
