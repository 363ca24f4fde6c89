//! One connection: blocks in, answers out, the next message only when the one before is answered.

use baton_hl7::mllp::{Decoder, Head, MllpError};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{Duration, Instant, timeout, timeout_at};

use super::{answer, take};
use crate::context::Context;

/// Why a connection ended, for counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The other side closed it.
    Closed,
    /// The other side went in the middle of a message.
    CutOff,
    /// A message that was too long went on for many times what is allowed.
    Endless,
    /// Nothing came for too long.
    Idle,
    /// As many bytes as a message may have, and no message began.
    NoBlocks,
    /// A message took too long to arrive.
    Slow,
    /// The record stops.
    Stopped,
    /// The database could not take a message: it is for the sender to send it again.
    Unanswered,
    /// The other side does not take its answers.
    Unread,
}

impl End {
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::CutOff => "cut-off",
            Self::Endless => "endless",
            Self::Idle => "idle",
            Self::NoBlocks => "no-blocks",
            Self::Slow => "slow",
            Self::Stopped => "stopped",
            Self::Unanswered => "unanswered",
            Self::Unread => "unread",
        }
    }
}

/// Serves a connection to its end. When `stop` turns true it ends between two messages; one that has begun to arrive is
/// still taken and answered.
pub(super) async fn serve<S>(cx: &Context, stream: S, stop: watch::Receiver<bool>) -> End
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut connection = Connection {
        cx,
        stream,
        decoder: Decoder::new(cx.config.hl7.max_message_bytes),
        too_long: None,
        stop,
    };
    let end = connection.run().await.unwrap_or_else(|end| end);
    let counts = connection.decoder.counts();
    let messages = &cx.metrics.hl7.messages;
    messages
        .with_label_values(&["none", "restarted"])
        .inc_by(counts.restarted);
    // What is left to be written goes out; the other side may be gone.
    let _ = timeout(WRITE, connection.stream.shutdown()).await;
    end
}

struct Connection<'a, S> {
    cx: &'a Context,
    stream: S,
    decoder: Decoder,
    /// The head of a message that was too long and has not ended, and how much had been skipped before it.
    too_long: Option<(Head, u64)>,
    stop: watch::Receiver<bool>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<'_, S> {
    async fn run(&mut self) -> Result<End, End> {
        let config = &self.cx.config.hl7;
        let mut buffer = vec![0; BUFFER];
        let mut heard = Instant::now();
        let mut began = None;
        loop {
            let (until, late) = match began {
                Some(began) => (began + config.arrival, End::Slow),
                // What is no message does not keep a connection alive.
                None => (heard + config.idle, End::Idle),
            };
            let is_inside = self.decoder.is_inside();
            let read = tokio::select! {
                biased;
                _ = self.stop.wait_for(|stop| *stop), if !is_inside => return Ok(End::Stopped),
                read = timeout_at(until, self.stream.read(&mut buffer)) => read.map_err(|_| late)?,
            };
            let gone = if is_inside { End::CutOff } else { End::Closed };
            let count = read.map_err(|_| gone)?;
            if count == 0 {
                return Ok(gone);
            }
            let mut input = buffer.get(..count).unwrap_or_default();
            if self.take_all(&mut input).await? {
                heard = Instant::now();
                began = None;
            }
            if self.decoder.is_inside() {
                began = began.or_else(|| Some(Instant::now()));
            } else {
                began = None;
            }
        }
    }

    /// Takes the messages that end in `input`. Says whether there was one.
    async fn take_all(&mut self, input: &mut &[u8]) -> Result<bool, End> {
        let mut was_one = false;
        while let Some(step) = self.decoder.take(input) {
            match step {
                Ok(message) => {
                    self.answer_too_long().await?;
                    self.answer(&message).await?;
                    was_one = true;
                    if *self.stop.borrow() {
                        return Err(End::Stopped);
                    }
                }
                Err(MllpError::TooLong { head }) => {
                    self.too_long = Some((head, self.decoder.counts().skipped));
                }
                Err(MllpError::NoBlocks) => return Err(End::NoBlocks),
                Err(MllpError::Restarted) => self.answer_too_long().await?,
                // It is said of what is sent only.
                Err(MllpError::Content) => {}
            }
        }
        if !self.decoder.is_inside() && self.too_long.is_some() {
            self.answer_too_long().await?;
            was_one = true;
        }
        self.demand_an_end()?;
        Ok(was_one)
    }

    async fn answer(&mut self, message: &[u8]) -> Result<(), End> {
        let began = Instant::now();
        let taken = take(self.cx, message).await.map_err(|_| End::Unanswered)?;
        let blocks = answer::blocks(self.cx, message, &taken.verdict);
        self.cx.metrics.hl7.seconds.observe(began.elapsed().as_secs_f64());
        self.write(&blocks).await
    }

    async fn answer_too_long(&mut self) -> Result<(), End> {
        let Some((head, _)) = self.too_long.take() else {
            return Ok(());
        };
        self.cx
            .metrics
            .hl7
            .messages
            .with_label_values(&["refused", "too-long"])
            .inc();
        let blocks = answer::too_long(self.cx, head.as_bytes());
        self.write(&blocks).await
    }

    /// A message that is too long is skipped up to its end, so that its sender hears of it and goes on, but not for ever.
    fn demand_an_end(&self) -> Result<(), End> {
        let most = u64::try_from(self.cx.config.hl7.max_message_bytes).unwrap_or(u64::MAX);
        match &self.too_long {
            Some((_, before)) if self.decoder.counts().skipped - before > most.saturating_mul(SKIPPED) => {
                self.cx
                    .metrics
                    .hl7
                    .messages
                    .with_label_values(&["none", "endless"])
                    .inc();
                Err(End::Endless)
            }
            Some(_) | None => Ok(()),
        }
    }

    async fn write(&mut self, blocks: &[u8]) -> Result<(), End> {
        let written = timeout(WRITE, async {
            self.stream.write_all(blocks).await?;
            self.stream.flush().await
        });
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Unread),
        }
    }
}

const BUFFER: usize = 16 * 1024;

/// An answer is some hundred bytes.
const WRITE: Duration = Duration::from_secs(10);

/// How many times the longest message is skipped at most.
const SKIPPED: u64 = 16;
