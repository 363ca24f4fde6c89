//! The task of one client: carries out what its machine wants done, and tells it what happened.

use std::future::pending;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use anyhow::Result;
use baton_core::device_api::Session;
use baton_core::frame::{PING, limit};
use baton_core::sync::{Action, Ask, CloseReason, Event, Setup, Shown, Store, Sync};
use baton_core::time::At;
use futures_util::{SinkExt, StreamExt};
use rand_chacha::ChaCha20Rng;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::{Deployment, Listener, Seat, record};
use crate::clock;

/// A socket to the edge.
pub(crate) type Socket = WebSocketStream<TcpStream>;

type Change = Box<dyn FnOnce(&mut Sync, At, &mut ChaCha20Rng) + Send>;

/// What the task is told.
pub(super) enum Told {
    /// Do this with the machine.
    Change(Change),
    /// A socket that was dialled, by the number of its dialling.
    Dialled(u64, Option<Box<Socket>>),
    /// Something happened; with a number: only if that is still the socket of this dialling.
    Event(Option<u64>, Box<Event>),
}

/// One client at work.
pub(super) struct Driver {
    sync: Sync,
    rng: ChaCha20Rng,
    seat: Seat,
    socket: Option<Box<Socket>>,
    dialling: u64,
    tell: mpsc::UnboundedSender<Told>,
    change: watch::Sender<u64>,
    listener: Listener,
}

impl Driver {
    pub(super) fn new(
        seat: &Seat,
        tell: mpsc::UnboundedSender<Told>,
        change: watch::Sender<u64>,
        listener: Listener,
    ) -> Self {
        let setup = Setup {
            device: seat.device.id,
            user: seat.device.user,
            secret: seat.device.secret.clone(),
            record: seat.deployment.verify_key,
        };
        let mut sync = Sync::new(setup);
        sync.restore(seat.kept().into(), clock::now());
        Self {
            sync,
            rng: clock::rng(),
            seat: seat.clone(),
            socket: None,
            dialling: 0,
            tell,
            change,
            listener,
        }
    }

    /// Works until the task is aborted or its handle is gone.
    pub(super) async fn run(mut self, mut told: mpsc::UnboundedReceiver<Told>, session: Option<Session>) {
        match session {
            Some(session) => self.feed(Event::Session(Box::new(session))).await,
            None => self.find_session(),
        }
        loop {
            let due = self.sync.poll_timeout(clock::now()).map(|(wait, _)| wait);
            let wake = async {
                match due {
                    Some(due) => tokio::time::sleep(due).await,
                    None => pending().await,
                }
            };
            let heard = async {
                match &mut self.socket {
                    Some(socket) => socket.next().await,
                    None => pending().await,
                }
            };
            tokio::select! {
                biased;
                message = told.recv() => match message {
                    None => return,
                    Some(Told::Change(change)) => {
                        change(&mut self.sync, clock::now(), &mut self.rng);
                        self.settle().await;
                    }
                    Some(Told::Dialled(dialling, socket)) => self.dialled(dialling, socket).await,
                    Some(Told::Event(of, event)) => {
                        if of.is_none_or(|of| of == self.dialling) {
                            self.feed(*event).await;
                        }
                    }
                },
                message = heard => self.hear(message).await,
                () = wake => self.feed(Event::TimeReached).await,
            }
        }
    }

    /// A device that starts again knows no session, and asks until it has one.
    fn find_session(&self) {
        let (deployment, device, tell) = (
            self.seat.deployment.clone(),
            self.seat.device.clone(),
            self.tell.clone(),
        );
        tokio::spawn(async move {
            while !tell.is_closed() {
                if let Ok(session) = record::session(&deployment, &device).await {
                    let _ended = tell.send(Told::Event(None, Box::new(Event::Session(Box::new(session)))));
                    return;
                }
                clock::pause(Duration::from_millis(200)).await;
            }
        });
    }

    async fn hear(&mut self, message: Option<Result<Message, tokio_tungstenite::tungstenite::Error>>) {
        match message {
            Some(Ok(Message::Binary(frame))) => self.feed(Event::Frame(frame.into())).await,
            Some(Ok(Message::Text(_))) => self.feed(Event::Pong).await,
            Some(Ok(Message::Close(why))) => {
                let code = why.map_or(1005, |why| why.code.into());
                self.lost(code).await;
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            Some(Err(_)) | None => self.lost(1006).await,
        }
    }

    async fn lost(&mut self, code: u16) {
        if self.socket.take().is_some() {
            self.feed(Event::SocketClosed(CloseReason { code })).await;
        }
    }

    async fn dialled(&mut self, dialling: u64, socket: Option<Box<Socket>>) {
        if dialling != self.dialling {
            return;
        }
        self.socket = socket;
        let event = match &self.socket {
            Some(_) => Event::SocketOpened,
            None => Event::SocketClosed(CloseReason { code: 1006 }),
        };
        self.feed(event).await;
    }

    async fn feed(&mut self, event: Event) {
        self.sync.handle_event(event, clock::now(), &mut self.rng);
        self.settle().await;
    }

    /// Carries out what the machine wants done.
    async fn settle(&mut self) {
        let mut has_changed = false;
        let mut must_flush = false;
        while let Some(action) = self.sync.poll_action() {
            match action {
                Action::Ask(ask) => self.ask(ask),
                Action::Dial { gateway } => self.dial(gateway),
                Action::Erase
                | Action::Store(
                    Store::Cursors { .. } | Store::Entries { .. } | Store::Forget(_) | Store::Space { .. },
                ) => {}
                Action::HangUp => {
                    self.dialling += 1;
                    self.socket = None;
                }
                Action::Ping => must_flush |= self.write(Message::text(PING)).await,
                Action::Send(frame) => {
                    self.seat.sent.fetch_add(1, Ordering::Relaxed);
                    must_flush |= self.write(Message::binary(frame)).await;
                }
                Action::Show(shown) => {
                    has_changed = true;
                    self.show(&shown);
                }
                Action::Store(Store::Put(kept)) => self.seat.keep(kept),
                Action::Store(Store::Remove { space, op }) => self.seat.no_longer_keep(space, op),
            }
        }
        if must_flush && let Some(socket) = &mut self.socket {
            // An end of the socket is heard when it is read.
            let _ended = socket.flush().await;
        }
        if has_changed {
            self.change.send_modify(|count| *count += 1);
        }
    }

    fn show(&mut self, shown: &Shown) {
        (self.listener)(&self.sync, shown);
    }

    async fn write(&mut self, message: Message) -> bool {
        match &mut self.socket {
            Some(socket) => socket.feed(message).await.is_ok(),
            None => false,
        }
    }

    fn ask(&self, ask: Ask) {
        let (deployment, device, tell) = (
            self.seat.deployment.clone(),
            self.seat.device.clone(),
            self.tell.clone(),
        );
        tokio::spawn(async move {
            let event = record::answer(&deployment, &device, ask).await;
            let _ended = tell.send(Told::Event(None, Box::new(event)));
        });
    }

    fn dial(&mut self, gateway: u8) {
        self.dialling += 1;
        self.socket = None;
        *self.seat.dialled.lock().unwrap_or_else(PoisonError::into_inner) = Some(clock::tick());
        let (dialling, deployment, tell) = (self.dialling, self.seat.deployment.clone(), self.tell.clone());
        tokio::spawn(async move {
            let socket = dial(&deployment, gateway).await.ok().map(Box::new);
            let _ended = tell.send(Told::Dialled(dialling, socket));
        });
    }
}

/// Opens a socket at the edge.
pub(crate) async fn dial(deployment: &Arc<Deployment>, gateway: u8) -> Result<Socket> {
    let authority = deployment.authority();
    let stream = TcpStream::connect(authority).await?;
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(limit::FRAME_BYTES_FROM_EDGE))
        .max_frame_size(Some(limit::FRAME_BYTES_FROM_EDGE))
        .read_buffer_size(16 * 1024)
        .write_buffer_size(0);
    let url = format!("ws://{authority}/socket?g={gateway}");
    let (socket, _) = tokio_tungstenite::client_async_with_config(url, stream, Some(config)).await?;
    Ok(socket)
}
