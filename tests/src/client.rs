//! A device without a screen: core's sync machine over a real socket and real Oblivious HTTP.
//!
//! Each client is one task that owns its machine; the handle here asks it to do things and waits for what it holds. A
//! client can be cut off at any moment ([`Client::crash`]) and started again from what its device keeps, as when a
//! browser tab dies.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use baton_core::device::DeviceSecret;
use baton_core::device_api::Session;
use baton_core::id::{DeviceId, OpId, SpaceId, UserId};
use baton_core::op::Body;
use baton_core::op::message::{MessageOp, Posted, Priority};
use baton_core::refusal::Refusal;
use baton_core::secret::Personal;
use baton_core::sync::{Event, Kept, Shown, Sync};
use baton_core::time::At;
use rand_chacha::ChaCha20Rng;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

pub mod deployment;
mod driver;
pub mod http;
pub mod record;

pub use deployment::Deployment;

use driver::{Driver, Told};
pub(crate) use driver::{Socket, dial};

/// A device that is bound to a person.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Whose it is.
    pub user: UserId,
    /// Its keys.
    pub secret: DeviceSecret,
}

/// What a device keeps over a restart.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Where it belongs.
    pub deployment: Arc<Deployment>,
    /// Who it is.
    pub device: Device,
    kept: Arc<Mutex<BTreeMap<(SpaceId, OpId), Kept>>>,
    sent: Arc<AtomicU64>,
    dialled: Arc<Mutex<Option<Instant>>>,
}

/// Is told of everything that screens would show anew.
pub type Listener = Box<dyn FnMut(&Sync, &Shown) + Send>;

/// A running client. Dropping it cuts it off.
#[derive(Debug)]
pub struct Client {
    seat: Seat,
    tell: mpsc::UnboundedSender<Told>,
    changed: watch::Receiver<u64>,
    task: JoinHandle<()>,
}

impl Client {
    /// Signs somebody in on a new device and starts it.
    pub async fn sign_in(deployment: &Arc<Deployment>, subject: &str) -> Result<Self> {
        Self::sign_in_listening(deployment, subject, Box::new(|_, _| {})).await
    }

    /// The same, with a listener.
    pub async fn sign_in_listening(
        deployment: &Arc<Deployment>,
        subject: &str,
        listener: Listener,
    ) -> Result<Self> {
        let (device, session) = deployment.sign_in(subject).await?;
        let seat = Seat {
            deployment: deployment.clone(),
            device,
            kept: Arc::default(),
            sent: Arc::default(),
            dialled: Arc::default(),
        };
        Ok(Self::start(seat, Some(session), listener))
    }

    /// Starts a device; without a session it asks for one, until it has it.
    pub fn start(seat: Seat, session: Option<Session>, listener: Listener) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        let (change, changed) = watch::channel(0);
        let driver = Driver::new(&seat, tell.clone(), change, listener);
        let task = tokio::spawn(driver.run(told, session));
        Self {
            seat,
            tell,
            changed,
            task,
        }
    }

    /// Cuts the device off at once, as when a browser tab is killed. What it keeps is its seat.
    pub fn crash(self) -> Seat {
        self.seat.clone()
    }

    /// What it keeps.
    pub fn seat(&self) -> &Seat {
        &self.seat
    }

    /// How many frames it has sent.
    pub fn sent(&self) -> u64 {
        self.seat.sent.load(Ordering::Relaxed)
    }

    /// When it last began to open a socket.
    pub fn dialled(&self) -> Option<Instant> {
        *self.seat.dialled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with its machine, and carries out what follows.
    pub async fn change<R: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Sync, At, &mut ChaCha20Rng) -> R + Send + 'static,
    ) -> Result<R> {
        let (answer, answered) = oneshot::channel();
        let told = Told::Change(Box::new(move |sync, now, rng| {
            let _asker_gone = answer.send(change(sync, now, rng));
        }));
        self.tell.send(told).ok().context("the client has ended")?;
        answered.await.context("the client has ended")
    }

    /// Looks at its machine.
    pub async fn look<R: Send + 'static>(&self, look: impl FnOnce(&Sync) -> R + Send + 'static) -> Result<R> {
        self.change(|sync, _, _| look(sync)).await
    }

    /// Tells its machine something.
    pub fn tell(&self, event: Event) {
        let _ended = self.tell.send(Told::Event(None, Box::new(event)));
    }

    /// Waits until its machine holds something, looking whenever anything changed.
    pub async fn until<R: Send + 'static>(
        &self,
        what: &str,
        within: Duration,
        look: impl Fn(&Sync) -> Option<R> + Send + Clone + 'static,
    ) -> Result<R> {
        let mut changed = self.changed.clone();
        let waiting = async {
            loop {
                changed.borrow_and_update();
                if let Some(found) = self.look(look.clone()).await? {
                    return Ok(found);
                }
                changed.changed().await.context("the client has ended")?;
            }
        };
        if let Ok(found) = tokio::time::timeout(within, waiting).await {
            found
        } else {
            let held = self.look(describe).await?;
            bail!("{}: not within {within:?}: {what}; {held}", self.seat.device.id)
        }
    }

    /// Waits until the edge has welcomed it and all its spaces are caught up.
    pub async fn until_caught_up(&self, within: Duration) -> Result<()> {
        let look = |sync: &Sync| {
            let all = sync.connection().is_live() && sync.spaces().all(baton_core::sync::Space::is_caught_up);
            (all && sync.spaces().next().is_some()).then_some(())
        };
        self.until("caught up", within, look).await
    }

    /// Posts a message of routine priority.
    pub async fn post(&self, space: SpaceId, text: &str) -> Result<Result<OpId, Refusal>> {
        let body = message(text);
        self.change(move |sync, now, rng| sync.act(space, body, now, rng))
            .await
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The operation that posts a message of routine priority.
pub fn message(text: &str) -> Body {
    Body::Message(MessageOp::Posted(Posted {
        text: Personal::new(text.to_owned()),
        priority: Priority::Routine,
        reply_to: None,
        mentions: Vec::new(),
        roles: vec![],
        about: None,
        photos: vec![],
    }))
}

impl Seat {
    /// In the order in which it was done.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        let all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept: Vec<Kept> = all.values().cloned().collect();
        kept.sort_unstable_by_key(|kept| kept.order);
        kept
    }

    fn keep(&self, kept: Kept) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert((kept.space, kept.op.id), kept);
    }

    fn no_longer_keep(&self, space: SpaceId, op: OpId) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&(space, op));
    }
}

/// What a machine holds, for a test that failed. Says nothing that is personal.
fn describe(sync: &Sync) -> String {
    let spaces: Vec<String> = sync
        .spaces()
        .map(|space| {
            let pending: Vec<_> = space
                .outbox()
                .map(|pending| format!("{:?}", pending.state))
                .take(4)
                .collect();
            format!(
                "{} head {} caught up {} open {} outbox {} {pending:?}",
                space.id(),
                space.confirmed().head.seq.value(),
                space.is_caught_up(),
                space.is_open(),
                space.outbox().count(),
            )
        })
        .collect();
    format!(
        "{:?}, next {:?}, {} waiting: {spaces:#?}",
        sync.connection(),
        sync.poll_timeout(crate::clock::now()),
        sync.waiting()
    )
}
