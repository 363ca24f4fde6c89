//! A space's log as it stands in the database, read behind the record's back.

use anyhow::Result;
use baton_core::id::{DeviceId, OpId, SpaceId};
use tokio_postgres::{Client, NoTls};

/// A row of the log, without what is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// In which space.
    pub space: SpaceId,
    /// Its place.
    pub seq: i64,
    /// Its operation.
    pub op: OpId,
    /// Its device.
    pub device: DeviceId,
}

/// Connects to a database.
pub async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Reads all logs, each in its order.
pub async fn read(url: &str) -> Result<Vec<Row>> {
    let database = connect(url).await?;
    let sql = "SELECT space::text, seq, op_id::text, device::text FROM log ORDER BY space, seq";
    let rows = database.query(sql, &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(Row {
                space: row.try_get::<_, String>(0)?.parse()?,
                seq: row.try_get(1)?,
                op: row.try_get::<_, String>(2)?.parse()?,
                device: row.try_get::<_, String>(3)?.parse()?,
            })
        })
        .collect()
}
