//! What was written and could not be kept before a vault was locked: its rows, sealed, in memory. No key is needed to write them
//! later, and who opens the vault before that reads them as if they were there.

use baton_core::id::VaultId;
use baton_core::vault::Table;

use super::db::{Db, DbError, Missing, Raw, Read, Write};
use super::{TABLES, VERSION, database};

/// Writes sealed rows into a vault that is locked. One that was erased meanwhile stays so.
pub async fn write(vault: VaultId, rest: &[Write]) -> Result<(), DbError> {
    let db = Db::open(&database(vault), VERSION, &TABLES, Missing::Fail).await?;
    db.write(rest, true).await
}

/// Whether somebody wrote this here, so that it outlives a lease.
pub fn is_of_its_author(write: &Write) -> bool {
    [Table::Draft.name(), Table::Outbox.name(), Table::Taken.name()].contains(&write.table())
}

/// Makes of what was read what will be read once the rest is written.
pub(super) fn lay_over(reads: &[Read], read: &mut [Vec<Raw>], rest: &[Write]) {
    for (asked, rows) in reads.iter().zip(read) {
        for write in rest.iter().filter(|write| write.table() == asked.table()) {
            rows.retain(|(key, _)| !write.takes(key));
            if let Write::Put(_, key, value) = write
                && asked.asks_for(key)
            {
                rows.push((key.clone(), value.clone()));
            }
        }
    }
}

impl Read {
    fn asks_for(&self, key: &[u8]) -> bool {
        match self {
            Self::All(_) => true,
            Self::Between(_, from, to) | Self::Keys(_, from, to) => is_within(key, from, to),
            Self::One(_, one) => one == key,
        }
    }
}

impl Write {
    /// Whether a row that was there before is no more, or another.
    fn takes(&self, key: &[u8]) -> bool {
        match self {
            Self::Between(_, from, to) => is_within(key, from, to),
            Self::Clear(_) => true,
            Self::Put(_, one, _) | Self::Remove(_, one) => one == key,
        }
    }
}

fn is_within(key: &[u8], from: &[u8], to: &[u8]) -> bool {
    from <= key && key < to
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: u8, value: u8) -> Raw {
        (vec![key], vec![value])
    }

    fn put(table: &'static str, key: u8, value: u8) -> Write {
        Write::Put(table, vec![key], vec![value])
    }

    #[test]
    fn what_waits_is_read_as_if_it_were_there() {
        let reads = [
            Read::All("draft"),
            Read::Between("log", vec![2], vec![5]),
            Read::One("me", vec![1]),
        ];
        let mut read = [vec![row(1, 1), row(2, 1)], vec![row(2, 1), row(3, 1)], Vec::new()];
        let rest = [
            put("draft", 1, 9),
            Write::Remove("draft", vec![2]),
            put("draft", 3, 9),
            Write::Between("log", vec![3], vec![9]),
            put("log", 4, 9),
            put("log", 5, 9),
            put("me", 1, 9),
            put("me", 2, 9),
        ];
        lay_over(&reads, &mut read, &rest);
        let expected = [
            vec![row(1, 9), row(3, 9)],
            vec![row(2, 1), row(4, 9)],
            vec![row(1, 9)],
        ];
        assert_eq!(read, expected);
        lay_over(&reads, &mut read, &[Write::Clear("draft"), put("draft", 7, 7)]);
        assert_eq!(read[0], [row(7, 7)]);
    }

    #[test]
    fn what_its_author_wrote_outlives_a_lease_and_nothing_else() {
        for (table, stays) in [
            ("draft", true),
            ("outbox", true),
            ("taken", true),
            ("space", false),
            ("people", false),
        ] {
            assert_eq!(is_of_its_author(&put(table, 1, 1)), stays, "{table}");
        }
    }
}
