//! The Space object: one per space. Orders what devices append, asks the record, and fans out what became of it.
//!
//! **Kept on disk** (SQLite): which gateway shards listen, as numbers. **In memory**: recent entries (sealed, bounded),
//! permits, what waits for the record and for gateways. Nothing sealed is ever written.
//!
//! **Order.** One batch is at the record at a time; an entry is put into the lanes of all gateways in the same step that
//! moves the head of the log, with no `await` in between; a lane delivers in order. So every gateway gets a space's
//! entries in the order of the log, whatever else runs at the same time.
//!
//! **Acknowledged** is only what the record answered as appended. If it does not answer, the device is told to wait, and
//! the object asks for the log's end afterwards, since a batch without an answer may have been kept.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use baton_core::cbor;
use baton_core::frame::{self, FromEdge, encode};
use baton_core::id::SpaceId;
use futures_channel::oneshot;
use futures_util::lock::Mutex;
use worker::{DurableObject, Env, Request, Response, State, console_error, durable_object};

use crate::record::Record;
use crate::refuse::{Refusal, count};
use crate::runtime::{Peers, bytes, empty, refuse, settings};
use crate::settings::Settings;

mod append;
mod batch;
pub(crate) mod command;
mod fan_out;
mod listen;
mod permit;
mod recent;
mod seen;
mod subscribers;

use batch::Queue;
use command::{Answer, Command};
use permit::Permits;
use recent::Recent;
use seen::Cursors;
use subscribers::Subscribers;

/// The Durable Object.
#[durable_object]
pub struct Space {
    /// `Err`: it was not set up, and answers nothing else.
    room: Result<Rc<Room>, Refusal>,
}

/// A space at work. Its parts are borrowed only between two `await`s.
struct Room {
    state: State,
    settings: Rc<Settings>,
    record: Record,
    gateways: Peers,
    recent: RefCell<Recent>,
    permits: RefCell<Permits>,
    subscribers: RefCell<Subscribers>,
    queue: RefCell<Queue<oneshot::Sender<Answer>>>,
    cursors: RefCell<Cursors>,
    /// Held while the record is asked for entries, so that a storm asks once.
    reading: Mutex<()>,
    /// True while the log's end is being asked for.
    healing: Cell<bool>,
}

impl DurableObject for Space {
    fn new(state: State, env: Env) -> Self {
        Self {
            room: Room::open(state, &env).map(Rc::new),
        }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let room = match &self.room {
            Ok(room) => room.clone(),
            Err(refusal) => return Ok(refuse(*refusal, None)),
        };
        let Ok(command) = cbor::from_bytes::<Command>(&request.bytes().await?) else {
            return Ok(refuse(Refusal::BodyMalformed, None));
        };
        Ok(room.obey(command).await)
    }

    async fn alarm(&self) -> worker::Result<Response> {
        Ok(empty(204))
    }

    async fn websocket_message(
        &self,
        _: worker::WebSocket,
        _: worker::WebSocketIncomingMessage,
    ) -> worker::Result<()> {
        Ok(())
    }

    async fn websocket_close(
        &self,
        _: worker::WebSocket,
        _: usize,
        _: String,
        _: bool,
    ) -> worker::Result<()> {
        Ok(())
    }

    async fn websocket_error(&self, _: worker::WebSocket, _: worker::Error) -> worker::Result<()> {
        Ok(())
    }
}

impl Room {
    fn open(state: State, env: &Env) -> Result<Self, Refusal> {
        let settings = settings(env)?;
        let subscribers = restore(&state).map_err(|error| {
            console_error!("A space cannot read its storage: {error}");
            Refusal::Fault
        })?;
        Ok(Self {
            record: Record::new(settings.clone()),
            gateways: Peers::new(env, "GATEWAY")?,
            settings,
            state,
            recent: RefCell::default(),
            permits: RefCell::default(),
            subscribers: RefCell::new(subscribers),
            queue: RefCell::default(),
            cursors: RefCell::default(),
            reading: Mutex::new(()),
            healing: Cell::new(false),
        })
    }

    async fn obey(self: &Rc<Self>, command: Command) -> Response {
        let (device, user, gateway, sent) = match command {
            Command::Frame {
                device,
                user,
                gateway,
                frame,
            } => (device, user, gateway, frame),
            Command::Publish(publish) => {
                self.publish(publish);
                return empty(204);
            }
        };
        // The gateway has decoded it before; a frame that it did not understand never comes here.
        let Ok(sent) = frame::decode_to_edge(&sent) else {
            return refuse(Refusal::FrameMalformed, None);
        };
        let from = From {
            device,
            user,
            gateway,
        };
        let answer = match sent {
            frame::ToEdge::Append { space, ops } => self.append(space, from, ops).await,
            frame::ToEdge::Seen { space, sealed } => self.see(space, from, sealed).await,
            frame::ToEdge::Subscribe { space, after } => self.subscribe(space, from, after).await,
            frame::ToEdge::Typing { space, sealed } => self.typing(space, from, sealed).await,
            frame::ToEdge::Hello { .. } | frame::ToEdge::Unsubscribe { .. } => Answer::default(),
        };
        bytes(cbor::to_bytes(&answer))
    }

    /// Runs something that nobody waits for.
    fn spawn(&self, work: impl Future<Output = ()> + 'static) {
        self.state.wait_until(work);
    }
}

/// Whose frame it is, and through which gateway it came.
#[derive(Clone, Copy)]
struct From {
    device: baton_core::id::DeviceId,
    user: baton_core::id::UserId,
    gateway: u16,
}

/// "Not now", for one space.
fn busy(space: SpaceId, wait: u32) -> Answer {
    count("busy");
    // Apart from each other by half as much again, so that those who wait do not all come back at once.
    let wait = wait.saturating_add(crate::runtime::jitter(wait / 2 + 1));
    Answer::default().with(encode(&FromEdge::Busy {
        space: Some(space),
        wait,
    }))
}

/// "You may not."
fn not_allowed(space: SpaceId) -> Answer {
    count("not-allowed");
    Answer::default().with(encode(&FromEdge::NotAllowed { space }))
}

/// Reads who listened before the object was last evicted.
fn restore(state: &State) -> worker::Result<Subscribers> {
    let sql = state.storage().sql();
    sql.exec(
        "CREATE TABLE IF NOT EXISTS listener (gateway INTEGER PRIMARY KEY) STRICT",
        None,
    )?;
    let rows = sql.exec("SELECT gateway FROM listener", None)?;
    let mut gateways = Vec::new();
    for row in rows.raw() {
        if let [worker::SqlStorageValue::Integer(gateway)] = row?.as_slice()
            && let Ok(gateway) = u16::try_from(*gateway)
        {
            gateways.push(gateway);
        }
    }
    Ok(Subscribers::restore(gateways))
}
