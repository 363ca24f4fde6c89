//! What every request gets: the database, a clock, randomness, keys, caches, counters. Clock and randomness are parameters,
//! so that tests hold both in their hands.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton_core::id::{DeviceId, InvitationId, OpId, PatientId, SpaceId, UserId};
use baton_core::time::At;
use ed25519_dalek::{SigningKey, VerifyingKey};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgPool};
use tokio::sync::Notify;

use crate::config::Config;
use crate::hl7::feed::Feeds;
use crate::identity::Identity;
use crate::keys::KeyEncryption;
use crate::log::cache::Spaces;
use crate::metrics::Metrics;
use crate::people::device::Devices;
use crate::people::directory::DirectoryCache;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The moment.
    fn now(&self) -> At;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the record reads a clock"
    )]
    fn now(&self) -> At {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        At::default().plus(since)
    }
}

/// What every request gets. Cheap to clone.
#[derive(Clone)]
pub struct Context(Arc<Inner>);

/// The fields of a [`Context`].
pub struct Inner {
    /// The settings.
    pub config: Config,
    /// The database.
    pub pool: PgPool,
    /// What is kept under the key-encryption key.
    pub keys: KeyEncryption,
    /// Folded spaces.
    pub spaces: Spaces,
    /// Devices' keys.
    pub devices: Devices,
    /// The directory, decrypted.
    pub directory: DirectoryCache,
    /// The OpenID provider.
    pub identity: Identity,
    /// Counters.
    pub metrics: Metrics,
    /// Wakes the part that tells the edge.
    pub notices: Notify,
    /// Wakes the part that tells spaces of the patients that they speak about ([`crate::patients::wake`]).
    pub patients_due: Notify,
    /// Wakes the part that takes HL7 messages into the index ([`crate::hl7::waiting`]).
    pub hl7_waiting: Notify,
    /// Whose turn it is among HL7 feeds.
    pub feeds: Feeds,
    /// What the OHTTP key is made into.
    pub oblivious: ohttp::Server,
    /// For requests to the edge and to the OpenID provider.
    pub http: reqwest::Client,
    clock: Box<dyn Clock>,
    random: Mutex<ChaCha20Rng>,
}

impl std::ops::Deref for Context {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Context {
    /// Puts everything together; connects to nothing yet.
    pub fn new(config: Config, clock: Box<dyn Clock>, seed: [u8; 32]) -> Result<Self, ContextError> {
        crate::identity::provider::install();
        let pool = pool(&config)?;
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .connect_timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|_| ContextError::Http)?;
        let oblivious =
            crate::edge_api::oblivious::server(&config.keys.ohttp).map_err(|_| ContextError::Oblivious)?;
        Ok(Self(Arc::new(Inner {
            keys: KeyEncryption::new(&config.keys.kek),
            spaces: Spaces::default(),
            devices: Devices::default(),
            directory: DirectoryCache::default(),
            identity: Identity::default(),
            metrics: Metrics::new(),
            feeds: Feeds::new(config.database_connections),
            notices: Notify::new(),
            patients_due: Notify::new(),
            hl7_waiting: Notify::new(),
            pool,
            oblivious,
            http,
            clock,
            random: Mutex::new(ChaCha20Rng::from_seed(seed)),
            config,
        })))
    }

    /// The moment.
    pub fn now(&self) -> At {
        self.clock.now()
    }

    /// A source of randomness of one's own.
    pub fn rng(&self) -> ChaCha20Rng {
        let mut seed = [0; 32];
        self.random
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .fill_bytes(&mut seed);
        ChaCha20Rng::from_seed(seed)
    }

    /// The key that signs what the record says.
    pub fn signing_key(&self) -> &SigningKey {
        &self.config.keys.signing
    }

    /// The key that verifies what the record says.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.config.keys.signing.verifying_key()
    }

    /// Makes the id of a new space.
    pub fn make_space_id(&self) -> SpaceId {
        SpaceId::make(self.now(), self.ten())
    }

    /// Makes the id of a new device.
    pub fn make_device_id(&self) -> DeviceId {
        DeviceId::make(self.now(), self.ten())
    }

    /// Makes the id of a new person.
    pub fn make_user_id(&self) -> UserId {
        UserId::make(self.now(), self.ten())
    }

    /// Makes the id of an operation of the record.
    pub fn make_op_id(&self) -> OpId {
        OpId::make(self.now(), self.ten())
    }

    /// Makes an invitation to a team.
    pub fn make_invitation_id(&self) -> InvitationId {
        InvitationId::make(self.now(), self.ten())
    }

    /// Makes the id of a new patient.
    pub fn make_patient_id(&self) -> PatientId {
        PatientId::make(self.now(), self.ten())
    }

    /// Makes the id of a message that is kept for an operator.
    pub fn make_quarantine_id(&self) -> uuid::Uuid {
        self.make_op_id().uuid()
    }

    fn ten(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.rng().fill_bytes(&mut bytes);
        bytes
    }
}

/// A moment as a database row holds it.
pub(crate) fn millis(at: At) -> i64 {
    i64::try_from(at.millis()).unwrap_or(i64::MAX)
}

/// A moment out of a database row.
pub(crate) fn moment(millis: i64) -> At {
    At::from_millis(u64::try_from(millis).unwrap_or(0))
}

fn pool(config: &Config) -> Result<PgPool, ContextError> {
    let options: PgConnectOptions = config.database_url.parse().map_err(|_| ContextError::Database)?;
    let options = options
        .application_name("baton-record")
        .options([("statement_timeout", "10s"), ("lock_timeout", "5s")]);
    Ok(PgPoolOptions::new()
        .max_connections(config.database_connections)
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        // One that was idle may have died with its server; one that was just used is known to live.
        .before_acquire(|conn, state| {
            Box::pin(async move {
                if state.idle_for > Duration::from_secs(1) {
                    conn.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options))
}

/// Why nothing can start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContextError {
    /// The address cannot be used.
    #[error("BATON_DATABASE_URL is not an address of a PostgreSQL database")]
    Database,
    /// TLS cannot be set up.
    #[error("the HTTP client cannot be made: no root certificates?")]
    Http,
    /// No suite is supported.
    #[error("BATON_OHTTP_KEY cannot be made into a key configuration")]
    Oblivious,
}
