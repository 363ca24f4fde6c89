//! What figures are measured against: bare WebSockets through `workerd`, rows into the same PostgreSQL.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use xtask::project;
use xtask::stack::ports::free_port;
use xtask::stack::process::{Plan, Process, bound_to_us};
use xtask::stack::{http, workerd};

use crate::clock;
use crate::log;

/// A `workerd` that broadcasts and does nothing else. Dropping it kills it.
#[derive(Debug)]
pub struct Broadcast {
    process: Process,
    port: u16,
}

impl Broadcast {
    /// Starts it.
    pub async fn start(state: &Path) -> Result<Self> {
        let state = state.to_path_buf();
        tokio::task::spawn_blocking(move || {
            let port = free_port()?;
            let config = project::root().join("xtask/src/bench/broadcast.capnp");
            let mut command: Command = bound_to_us(&workerd::program()?, "KILL");
            command
                .arg("serve")
                .arg(config)
                .arg(format!("--socket-addr=http=127.0.0.1:{port}"));
            let plan = Plan {
                name: "broadcast",
                command,
                state,
                stop_with: rustix::process::Signal::TERM,
            };
            let mut process = Process::start(plan)?;
            process.wait_ready(Duration::from_secs(20), || {
                // Any answer will do: the room answers a plain request with an upgrade that it does not expect.
                let _refused = http::answers_ok(&format!("http://127.0.0.1:{port}/ready"));
                std::net::TcpStream::connect(("127.0.0.1", port))
                    .map(|_| ())
                    .map_err(Into::into)
            })?;
            Ok(Self { process, port })
        })
        .await?
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Opens a socket in a room.
    pub async fn dial(&self, room: &str) -> Result<WebSocketStream<TcpStream>> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.set_nodelay(true)?;
        let url = format!("ws://127.0.0.1:{}/{room}", self.port);
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await?;
        Ok(socket)
    }

    /// One sends so many messages of so many bytes at a pace; gives how long each took to each of the others.
    pub async fn live(
        &self,
        members: usize,
        messages: u32,
        bytes: usize,
        pace: Duration,
    ) -> Result<Vec<Duration>> {
        let started = clock::tick();
        let mut listeners = Vec::new();
        for _ in 1..members {
            let mut socket = self.dial("live").await?;
            listeners.push(tokio::spawn(async move {
                let mut times = Vec::new();
                while times.len() < usize::try_from(messages).unwrap_or(0) {
                    match socket.next().await {
                        Some(Ok(Message::Binary(message))) => {
                            times.push((sent_at(&message), started.elapsed()));
                        }
                        Some(Ok(_)) => {}
                        Some(Err(_)) | None => break,
                    }
                }
                times
            }));
        }
        let (mut sender, mut echo) = self.dial("live").await?.split();
        let echo = tokio::spawn(async move { while let Some(Ok(_)) = echo.next().await {} });
        let mut clock = tokio::time::interval(pace);
        for _ in 0..messages {
            clock.tick().await;
            let mut message = vec![0; bytes];
            let now = u64::try_from(started.elapsed().as_nanos())
                .unwrap_or(0)
                .to_le_bytes();
            message
                .get_mut(..8)
                .context("a message has at least 8 bytes")?
                .copy_from_slice(&now);
            sender.send(Message::binary(message)).await?;
        }
        let mut times = Vec::new();
        for listener in listeners {
            times.extend(
                listener
                    .await?
                    .into_iter()
                    .map(|(sent, heard)| heard.saturating_sub(sent)),
            );
        }
        echo.abort();
        Ok(times)
    }
}

fn sent_at(message: &[u8]) -> Duration {
    let bytes = message
        .get(..8)
        .and_then(|bytes| bytes.try_into().ok())
        .unwrap_or_default();
    Duration::from_nanos(u64::from_le_bytes(bytes))
}

/// Inserts rows one by one at a pace, each durable; gives how long each took.
pub async fn paced_inserts(url: &str, rows: u32, bytes: usize, pace: Duration) -> Result<Vec<Duration>> {
    let database = log::connect(url).await?;
    database.batch_execute(TABLE).await?;
    let insert = database.prepare(INSERT).await?;
    let payload = vec![7_u8; bytes];
    let mut clock = tokio::time::interval(pace);
    let mut times = Vec::new();
    for _ in 0..rows {
        clock.tick().await;
        let started = clock::tick();
        database.execute(&insert, &[&payload]).await?;
        times.push(started.elapsed());
    }
    Ok(times)
}

/// Durable single-row inserts a second on so many connections, each waiting for its own.
pub async fn insert_rate(url: &str, connections: usize, bytes: usize, load: Duration) -> Result<f64> {
    log::connect(url).await?.batch_execute(TABLE).await?;
    let done = Arc::new(AtomicU64::new(0));
    let mut workers = Vec::new();
    for _ in 0..connections {
        let database = log::connect(url).await?;
        let insert = database.prepare(INSERT).await?;
        let (done, payload) = (done.clone(), vec![7_u8; bytes]);
        workers.push(tokio::spawn(async move {
            while database.execute(&insert, &[&payload]).await.is_ok() {
                done.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    clock::pause(Duration::from_secs(1)).await;
    let (before, started) = (done.load(Ordering::Relaxed), clock::tick());
    clock::pause(load).await;
    let rate = per_second(done.load(Ordering::Relaxed) - before, started.elapsed());
    for worker in workers {
        worker.abort();
    }
    Ok(rate)
}

/// A count as a rate.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// Resident memory of a process and its children's, in bytes.
pub fn resident(id: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|line| line.split_whitespace().next())
        .and_then(|kib| kib.parse::<u64>().ok())
        .context("the kernel does not say how much memory a process has")?;
    Ok(kib * 1024)
}

/// Processor time that a process has used, in milliseconds (the kernel counts in hundredths of a second).
pub fn processor(id: u32) -> Result<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    let (_, fields) = stat
        .rsplit_once(')')
        .context("the kernel's line names the program in brackets")?;
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Ok(ticks * 10)
}

/// Processor time that the threads of a process have used which are there now, in microseconds, as the kernel's scheduler counts.
pub fn processor_micros(id: u32) -> Result<u64> {
    let mut nanos = 0;
    for thread in std::fs::read_dir(format!("/proc/{id}/task"))? {
        // One that has just ended is not there any more.
        let stat = std::fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        nanos += stat
            .split(' ')
            .next()
            .and_then(|run| run.parse::<u64>().ok())
            .unwrap_or(0);
    }
    Ok(nanos / 1_000)
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS bench (id bigserial PRIMARY KEY, payload bytea NOT NULL)";
const INSERT: &str = "INSERT INTO bench (payload) VALUES ($1)";
