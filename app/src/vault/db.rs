//! The one place that names IndexedDB ([`connection`], [`transaction`]).
//!
//! Nothing is awaited inside a transaction: all of its requests are made at once, and then its end is waited for. What is
//! written is therefore written whole or not at all, and the disk has it (`durability: strict`) where a person wrote it. A
//! browser may cut a connection at any time (Safari does, in the background): it is opened anew and what was asked is asked
//! once more. A database that somebody deleted meanwhile stays deleted.

use baton_core::ordered::SortedSet;
use std::cell::RefCell;

use connection::{Connection, connect};

mod connection;
mod transaction;

pub use connection::Missing;
pub(super) use connection::delete;

/// Something to be read.
#[derive(Clone)]
pub enum Read {
    /// All rows whose keys are from `from` (included) to `to` (not included).
    Between(&'static str, Vec<u8>, Vec<u8>),
    /// All rows.
    All(&'static str),
    /// Keys, without what they name.
    Keys(&'static str, Vec<u8>, Vec<u8>),
    /// One row.
    One(&'static str, Vec<u8>),
}

impl Read {
    pub(super) fn table(&self) -> &'static str {
        match self {
            Self::All(table) | Self::Between(table, ..) | Self::Keys(table, ..) | Self::One(table, _) => {
                table
            }
        }
    }
}

/// A row as it is in the database. The value is empty where it cannot be had: of [`Read::Keys`], and where the browser lost it.
pub type Raw = (Vec<u8>, Vec<u8>);

/// Something to be written.
#[derive(Clone)]
pub enum Write {
    /// Takes rows away, from a key (included) to another (not included).
    Between(&'static str, Vec<u8>, Vec<u8>),
    /// Takes all rows away.
    Clear(&'static str),
    /// Puts a row in place of what was there.
    Put(&'static str, Vec<u8>, Vec<u8>),
    /// Takes a row away.
    Remove(&'static str, Vec<u8>),
}

impl Write {
    /// Where it is written.
    pub fn table(&self) -> &'static str {
        match self {
            Self::Between(table, ..) | Self::Clear(table) | Self::Put(table, ..) | Self::Remove(table, _) => {
                table
            }
        }
    }
}

/// Why the database does not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// Another tab holds an older version open: close it.
    #[error("another tab holds the database open")]
    Blocked,
    /// The browser cut the connection, and a new one did not help.
    #[error("the browser cut the connection to its database")]
    Cut,
    /// It was deleted while it was open: in another tab, or by the browser.
    #[error("the database was erased")]
    Erased,
    /// The device's storage is full, or this site's share of it.
    #[error("storage is full")]
    Full,
    /// A newer version of the app made it.
    #[error("made by a newer version")]
    Newer,
    /// The browser has no database for this page: private browsing, or switched off.
    #[error("the browser keeps nothing for this page")]
    Unavailable,
    /// Something else, by the browser's name for it.
    #[error("the database failed: {0}")]
    Other(String),
}

impl DbError {
    /// Whether a new connection may help. Safari calls a connection that it lost `UnknownError`.
    fn is_of_the_connection(&self) -> bool {
        match self {
            Self::Cut => true,
            Self::Other(name) => name == "UnknownError",
            Self::Blocked | Self::Erased | Self::Full | Self::Newer | Self::Unavailable => false,
        }
    }
}

/// An open database.
pub struct Db {
    name: String,
    version: u32,
    tables: &'static [&'static str],
    missing: Missing,
    connection: RefCell<Connection>,
}

impl Db {
    /// Opens a database, and makes the tables that an older version lacks. `missing` is what is done when there is none, now
    /// and when it has to be opened once more.
    pub async fn open(
        name: &str,
        version: u32,
        tables: &'static [&'static str],
        missing: Missing,
    ) -> Result<Self, DbError> {
        let connection = connect(name, version, tables, missing).await?;
        Ok(Self {
            name: name.to_owned(),
            version,
            tables,
            missing,
            connection: RefCell::new(connection),
        })
    }

    /// Writes everything, or nothing. `strict` waits for the disk. What is written first is never missing where something
    /// is that was written later.
    pub async fn write(&self, writes: &[Write], strict: bool) -> Result<(), DbError> {
        match self.write_once(writes, strict).await {
            Err(error) if error.is_of_the_connection() => {
                self.reconnect().await?;
                self.write_once(writes, strict).await
            }
            written => written,
        }
    }

    async fn write_once(&self, writes: &[Write], strict: bool) -> Result<(), DbError> {
        // Every write is over all tables, which is what keeps their order.
        let begun = self.connection.borrow().begin(self.tables, Some(strict));
        let ended = begun.and_then(|transaction| transaction.issue(writes));
        ended?.await
    }

    /// Reads everything that is asked for, as it is at one moment. Rows that the browser lost come without their value.
    pub async fn read(&self, reads: &[Read]) -> Result<Vec<Vec<Raw>>, DbError> {
        let mut read = self.read_once(reads).await;
        if read.as_ref().is_err_and(DbError::is_of_the_connection) {
            self.reconnect().await?;
            read = self.read_once(reads).await;
        }
        match read {
            Err(DbError::Other(_)) => self.read_each(reads).await,
            read => read,
        }
    }

    async fn read_once(&self, reads: &[Read]) -> Result<Vec<Vec<Raw>>, DbError> {
        let tables: SortedSet<&str> = reads.iter().map(Read::table).collect();
        if tables.is_empty() {
            return Ok(Vec::new());
        }
        let tables: Vec<&str> = tables.into_iter().collect();
        let begun = self.connection.borrow().begin(&tables, None);
        let asked = begun.and_then(|transaction| transaction.ask(reads));
        asked?.await
    }

    /// Reads row by row: a browser that lost one value (Chromium keeps those over 64 KiB in files of their own) gives none
    /// of those that are asked for together with it.
    async fn read_each(&self, reads: &[Read]) -> Result<Vec<Vec<Raw>>, DbError> {
        let mut all = Vec::with_capacity(reads.len());
        for read in reads {
            let keys = match read {
                Read::All(table) => Read::Keys(table, Vec::new(), BEYOND.to_vec()),
                Read::Between(table, from, to) | Read::Keys(table, from, to) => {
                    Read::Keys(table, from.clone(), to.clone())
                }
                Read::One(table, key) => Read::Keys(table, key.clone(), [key.as_slice(), &[0]].concat()),
            };
            let mut rows: Vec<Raw> = self.read_once(&[keys]).await?.into_iter().flatten().collect();
            if !matches!(read, Read::Keys(..)) {
                for (key, value) in &mut rows {
                    let one = self.read_once(&[Read::One(read.table(), key.clone())]).await;
                    match one {
                        Ok(one) => *value = one.into_iter().flatten().next().unwrap_or_default().1,
                        Err(DbError::Other(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            all.push(rows);
        }
        Ok(all)
    }

    async fn reconnect(&self) -> Result<(), DbError> {
        let connection = connect(&self.name, self.version, self.tables, self.missing).await?;
        drop(self.connection.replace(connection));
        Ok(())
    }
}

/// No key is as long as this, and so none comes after it.
const BEYOND: [u8; 64] = [0xFF; 64];
