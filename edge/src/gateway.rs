//! The Gateway object: holds the hibernating WebSockets of a shard of the users.
//!
//! **Survives hibernation**: each socket's attachment ([`attachment`]) and tag (its name here). Everything in memory is
//! rebuilt from those. **Kept on disk** (SQLite): the devices revoked in the last minutes, by id, so that a relay token
//! that has not run out yet opens nothing; and the alarm, which closes sockets that never said `Hello` or have lived
//! long enough.
//!
//! Keep-alive is answered by the runtime, without waking the object.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use baton_core::cbor;
use baton_core::frame::{PING, PONG};
use baton_core::id::{DeviceId, SpaceId};
use baton_core::service::derive_gateway;
use baton_core::time::At;
use serde_bytes::ByteBuf;
use worker::worker_sys::WebSocketRequestResponsePair;
use worker::{
    DurableObject, Env, Method, Request, Response, SqlStorageValue, State, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, console_error, durable_object,
};

use crate::limit::{SILENT_PER_ADDRESS, SOCKETS};
use crate::refuse::{Refusal, count};
use crate::runtime::{Peers, empty, jitter, now, refuse, settings};
use crate::settings::Settings;
use crate::space::command::{Answer, Command, Listening, ToGateway};

mod attachment;
mod connection;
mod fan_out;
mod socket;
mod socket_frames;

use attachment::Attachment;
use connection::Connection;
use fan_out::{ConnectionId, Roll, Socket as _};
use socket::Wire;
use socket_frames::{Asked, Door, Step, busy};

/// The Durable Object.
#[durable_object]
pub struct Gateway {
    /// `Err`: it was not set up, and answers nothing else.
    hall: Result<Rc<Hall>, Refusal>,
}

/// A gateway at work. Its parts are borrowed only between two `await`s.
struct Hall {
    state: State,
    settings: Rc<Settings>,
    spaces: Peers,
    roll: RefCell<Roll<Wire>>,
    /// Until when each is remembered.
    revoked: RefCell<BTreeMap<DeviceId, At>>,
    /// When the alarm is set for, if that is known.
    alarm: Cell<Option<At>>,
}

impl DurableObject for Gateway {
    fn new(state: State, env: Env) -> Self {
        Self {
            hall: Hall::open(state, &env).map(Rc::new),
        }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let hall = match &self.hall {
            Ok(hall) => hall,
            Err(refusal) => return Ok(refuse(*refusal, None)),
        };
        if request.method() == Method::Get {
            return hall.accept(&request).await;
        }
        match cbor::from_bytes::<ToGateway>(&request.bytes().await?) {
            Ok(call) => Ok(hall.obey(call)),
            Err(_) => Ok(refuse(Refusal::BodyMalformed, None)),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        if let Ok(hall) = &self.hall {
            hall.alarm.set(None);
            hall.close_overdue();
            hall.arm().await;
        }
        Ok(empty(204))
    }

    async fn websocket_message(
        &self,
        socket: WebSocket,
        message: WebSocketIncomingMessage,
    ) -> worker::Result<()> {
        let Ok(hall) = &self.hall else {
            Wire(socket).close(Refusal::Settings);
            return Ok(());
        };
        let Some(id) = hall.name_of(&socket) else {
            Wire(socket).close(Refusal::Fault);
            return Ok(());
        };
        match message {
            WebSocketIncomingMessage::Binary(frame) => hall.receive(id, frame).await,
            // The keep-alive never comes here: the runtime answers it.
            WebSocketIncomingMessage::String(_) => hall.close(id, Refusal::TextFrame),
        }
        Ok(())
    }

    async fn websocket_close(&self, socket: WebSocket, _: usize, _: String, _: bool) -> worker::Result<()> {
        self.forget(&socket);
        Ok(())
    }

    async fn websocket_error(&self, socket: WebSocket, _: worker::Error) -> worker::Result<()> {
        self.forget(&socket);
        Ok(())
    }
}

impl Gateway {
    fn forget(&self, socket: &WebSocket) {
        if let Ok(hall) = &self.hall
            && let Some(id) = hall.name_of(socket)
        {
            hall.roll.borrow_mut().remove(id);
        }
    }
}

impl Hall {
    fn open(state: State, env: &Env) -> Result<Self, Refusal> {
        let settings = settings(env)?;
        let fault = |error: worker::Error| {
            console_error!("A gateway cannot start: {error}");
            Refusal::Fault
        };
        let pair = WebSocketRequestResponsePair::new(PING, PONG).map_err(|error| fault(error.into()))?;
        state.set_websocket_auto_response(&pair);
        let revoked = restore(&state).map_err(fault)?;
        let hall = Self {
            spaces: Peers::new(env, "SPACE")?,
            settings,
            state,
            roll: RefCell::default(),
            revoked: RefCell::new(revoked),
            alarm: Cell::new(None),
        };
        hall.wake();
        Ok(hall)
    }

    /// Finds again the sockets that slept.
    fn wake(&self) {
        let mut roll = self.roll.borrow_mut();
        for socket in self.state.get_websockets() {
            let kept = socket.deserialize_attachment::<ByteBuf>().ok().flatten();
            let attachment = kept.and_then(|bytes| Attachment::parse(&bytes));
            match (self.name_of(&socket), attachment) {
                (Some(id), Some(attachment)) => {
                    roll.insert(id, Connection::new(Wire(socket), attachment, now()));
                }
                _ => Wire(socket).close(Refusal::Fault),
            }
        }
    }

    /// Takes a new socket. The router has checked where it comes from.
    async fn accept(&self, request: &Request) -> worker::Result<Response> {
        let Some((gateway, address)) = parse_entry(&request.path()) else {
            return Ok(refuse(Refusal::GatewayNumber, None));
        };
        let full = {
            let roll = self.roll.borrow();
            roll.len() >= SOCKETS || roll.silent(address) >= SILENT_PER_ADDRESS
        };
        if full {
            return Ok(refuse(Refusal::TooManySockets, Some(5_000 + jitter(5_000))));
        }
        let pair = WebSocketPair::new()?;
        let id = ConnectionId::from(jitter(u32::MAX)) << 32 | ConnectionId::from(jitter(u32::MAX));
        self.state
            .accept_websocket_with_tags(&pair.server, &[&format!("{id:016x}")]);
        let attachment = Attachment {
            gateway,
            address,
            opened: now(),
            identity: None,
            spaces: Vec::new(),
        };
        let wire = Wire(pair.server);
        wire.attach(&attachment.to_bytes());
        self.roll
            .borrow_mut()
            .insert(id, Connection::new(wire, attachment, now()));
        self.arm().await;
        Response::from_websocket(pair.client)
    }

    async fn receive(&self, id: ConnectionId, frame: Vec<u8>) {
        let now = now();
        let revoked = |device| {
            self.revoked
                .borrow()
                .get(&device)
                .is_some_and(|until| now < *until)
        };
        let door = Door {
            key: &self.settings.record_key,
            is_revoked: &revoked,
        };
        let step = self.roll.borrow_mut().receive(id, &frame, now, &door);
        match step {
            Step::Ask { space, asked } => self.ask(id, space, asked, frame).await,
            Step::Close(refusal) => self.close(id, refusal),
            Step::Done => {}
            Step::Reply(reply) => self.write(id, &reply),
            Step::Welcome(welcome) => {
                if let Some(connection) = self.roll.borrow_mut().one(id) {
                    connection.socket.attach(&connection.attachment().to_bytes());
                }
                self.write(id, &welcome);
                self.arm().await;
            }
        }
    }

    /// Asks the space, and writes what it answers.
    async fn ask(&self, id: ConnectionId, space: SpaceId, asked: Asked, frame: Vec<u8>) {
        let identity = self
            .roll
            .borrow_mut()
            .one(id)
            .and_then(|connection| connection.identity);
        let Some(identity) = identity else { return };
        let gateway = self.settings.shard(derive_gateway(identity.user));
        let command = Command::Frame {
            device: identity.device,
            user: identity.user,
            gateway,
            frame,
        };
        let called = self
            .spaces
            .call(&space.to_string(), &cbor::to_bytes(&command))
            .await;
        let answer = match called {
            Ok((200, body)) => cbor::from_bytes::<Answer>(&body).ok(),
            Ok(_) | Err(_) => None,
        };
        let answer = answer.unwrap_or_else(|| {
            count("space-unreachable");
            Answer {
                listening: Some(Listening::No),
                ..Answer::default()
            }
            .with(busy(Some(space), SPACE_UNREACHABLE + jitter(SPACE_UNREACHABLE)))
        });
        let mut roll = self.roll.borrow_mut();
        let ticket = match asked {
            Asked::Append => {
                if let Some(connection) = roll.one(id) {
                    connection.appending.remove(&space);
                }
                None
            }
            Asked::Signal => None,
            Asked::Subscribe { ticket } => Some(ticket),
        };
        roll.answer(id, space, ticket, answer);
    }

    fn obey(&self, call: ToGateway) -> Response {
        match call {
            ToGateway::Deliver { space, items } => {
                let listens = self.roll.borrow_mut().deliver(space, items);
                self.close_unheard(space);
                empty(if listens { 204 } else { 410 })
            }
            ToGateway::Revoke { user, device, signed } => {
                self.remember_revoked(device);
                self.roll.borrow_mut().revoke(user, device, signed);
                empty(204)
            }
        }
    }

    fn write(&self, id: ConnectionId, frame: &[u8]) {
        if let Some(connection) = self.roll.borrow_mut().one(id) {
            connection.write(&Wire::pack(frame));
        }
    }

    fn close(&self, id: ConnectionId, refusal: Refusal) {
        self.roll.borrow_mut().close(id, refusal);
    }

    fn close_overdue(&self) {
        let overdue = self.roll.borrow().overdue(now());
        for (id, refusal) in overdue {
            self.close(id, refusal);
        }
    }

    /// Closes those that neither read nor say anything. Their keep-alives do not come here, but the runtime knows when
    /// the last one came.
    fn close_unheard(&self, space: SpaceId) {
        let unheard = self.roll.borrow().unheard(space);
        for id in unheard {
            let mut roll = self.roll.borrow_mut();
            let Some(connection) = roll.one(id) else { continue };
            let heard = socket::last_keep_alive(&self.state, &connection.socket);
            if heard.is_some_and(|heard| now().since(heard) < KEEP_ALIVE_WITHIN) {
                connection.unheard = 0;
            } else {
                roll.close(id, Refusal::FellBehind);
            }
        }
    }

    /// Sets the alarm for whoever's time is over first.
    async fn arm(&self) {
        let Some(due) = self.roll.borrow().next_due() else {
            return;
        };
        if self.alarm.get().is_some_and(|set| set <= due) {
            return;
        }
        self.alarm.set(Some(due));
        let offset = i64::try_from(due.since(now()).as_millis())
            .unwrap_or(i64::MAX)
            .max(1_000);
        if let Err(error) = self.state.storage().set_alarm(offset).await {
            console_error!("A gateway cannot set its alarm: {error}");
            self.alarm.set(None);
        }
    }

    fn name_of(&self, socket: &WebSocket) -> Option<ConnectionId> {
        self.state
            .get_tags(socket)
            .first()
            .and_then(|tag| ConnectionId::from_str_radix(tag, 16).ok())
    }

    fn remember_revoked(&self, device: DeviceId) {
        let (now, until) = (now(), now().plus(REVOKED_FOR));
        self.revoked.borrow_mut().retain(|_, until| now < *until);
        self.revoked.borrow_mut().insert(device, until);
        let written = || {
            let number = |at: At| i64::try_from(at.millis()).map(SqlStorageValue::Integer);
            let (Ok(now), Ok(until)) = (number(now), number(until)) else {
                return Ok(());
            };
            let sql = self.state.storage().sql();
            sql.exec("DELETE FROM revoked WHERE until < ?", vec![now])?;
            let row = vec![SqlStorageValue::Blob(device.as_bytes().to_vec()), until];
            sql.exec(
                "INSERT OR REPLACE INTO revoked (device, until) VALUES (?, ?)",
                row,
            )
            .map(|_| ())
        };
        if let Err(error) = written() {
            console_error!("A gateway cannot write down a revocation: {error}");
            count("storage-failed");
        }
    }
}

/// What the router tells a gateway about a new socket, as a path.
pub(crate) fn entry(gateway: u8, address: u64) -> String {
    format!("/{gateway}/{address}")
}

fn parse_entry(path: &str) -> Option<(u8, u64)> {
    let (gateway, address) = path.strip_prefix('/')?.split_once('/')?;
    Some((gateway.parse().ok()?, address.parse().ok()?))
}

fn restore(state: &State) -> worker::Result<BTreeMap<DeviceId, At>> {
    let sql = state.storage().sql();
    sql.exec(
        "CREATE TABLE IF NOT EXISTS revoked (device BLOB PRIMARY KEY, until INTEGER NOT NULL) STRICT",
        None,
    )?;
    let mut revoked = BTreeMap::new();
    for row in sql.exec("SELECT device, until FROM revoked", None)?.raw() {
        if let [SqlStorageValue::Blob(device), SqlStorageValue::Integer(until)] = row?.as_slice()
            && let (Ok(device), Ok(until)) = (<[u8; 16]>::try_from(device.as_slice()), u64::try_from(*until))
        {
            revoked.insert(DeviceId::from_bytes(device), At::from_millis(until));
        }
    }
    Ok(revoked)
}

/// Longer than any relay token lives.
const REVOKED_FOR: Duration = Duration::from_mins(15);

/// A device that is there has sent a keep-alive within this time.
const KEEP_ALIVE_WITHIN: Duration = Duration::from_mins(1);

/// How long a device waits when a space object cannot be reached, in milliseconds.
const SPACE_UNREACHABLE: u32 = 500;
