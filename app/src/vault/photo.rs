//! Photos in a vault, as they are sealed: those of messages, and those that were taken here and that the record may not have.

use baton_core::id::SpaceId;
use baton_core::photo::PhotoId;
use baton_core::vault::{Rows, Table};

use super::db::{Read, Write};
use super::{DbError, Vault, log};

/// Where a photo of a message is kept: those of a space beside each other.
pub(super) fn key(rows: &Rows, space: SpaceId, photo: PhotoId) -> Vec<u8> {
    let tag = rows.derive_tag(Table::Photo, photo.as_bytes());
    [all_of(rows, space).0.as_slice(), &tag].concat()
}

/// From where to where the photos of a space are.
pub(super) fn all_of(rows: &Rows, space: SpaceId) -> (Vec<u8>, Vec<u8>) {
    log::all_of(&rows.derive_tag(Table::Photo, space.as_bytes()))
}

/// Where a photo that was taken here is kept.
pub(super) fn taken_key(rows: &Rows, photo: PhotoId) -> Vec<u8> {
    rows.derive_tag(Table::Taken, photo.as_bytes()).to_vec()
}

impl Vault {
    /// A photo, sealed, if it is here whole.
    pub async fn photo(&self, space: SpaceId, photo: PhotoId) -> Result<Option<Vec<u8>>, DbError> {
        let reads = [
            Read::One(Table::Taken.name(), taken_key(&self.rows, photo)),
            Read::One(Table::Photo.name(), key(&self.rows, space, photo)),
        ];
        let found = self.db.read(&reads).await?.into_iter().flatten();
        let mut found = found.map(|(_, sealed)| sealed);
        Ok(found.find(|sealed| PhotoId::of(sealed) == photo))
    }

    /// Deletes a photo that was taken here.
    pub(crate) async fn drop_taken(&self, photo: PhotoId) -> Result<(), DbError> {
        let gone = Write::Remove(Table::Taken.name(), taken_key(&self.rows, photo));
        self.db.write(&[gone], false).await
    }

    /// The record has a photo that was taken here: from now on it is one like others.
    pub(crate) async fn given(&self, space: SpaceId, photo: PhotoId, sealed: Vec<u8>) -> Result<(), DbError> {
        let moved = [
            Write::Remove(Table::Taken.name(), taken_key(&self.rows, photo)),
            Write::Put(Table::Photo.name(), key(&self.rows, space, photo), sealed),
        ];
        self.db.write(&moved, false).await
    }
}

/// Where photos of messages are kept.
pub(super) fn names() -> Read {
    Read::Keys(Table::Photo.name(), Vec::new(), vec![0xFF; 64])
}

/// At most so many photos of messages are kept over a start: some 100 MB.
pub(super) const PHOTOS: usize = 400;
