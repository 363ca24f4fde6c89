//! What a person does with photos: adds one to what they write, and looks at those of others.

use std::rc::Rc;

use baton_core::device_api::{PHOTO_PATH, PhotoAnswer, PhotoOf};
use baton_core::id::SpaceId;
use baton_core::photo::{self, Consent, Photo, PhotoId};

use wasm_bindgen_futures::spawn_local;

use super::Command;
use crate::clock;
use crate::vault::DbError;
use crate::web::camera::{self, Picture};

/// Why a photo is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unseen {
    /// The record has no such photo, or another.
    #[error("This photo cannot be shown. Ask who sent it to take it again.")]
    Gone,
    /// It is not on this device, and the record could not be asked.
    #[error("This photo is not on this device yet. It comes when there is a network.")]
    NotHere,
}

impl Command {
    /// Adds a picture to what is being written in a conversation, once this device keeps it.
    pub async fn add_photo(self, space: SpaceId, picture: &Picture, consent: Consent) -> Result<(), DbError> {
        let live = self.live().ok_or(DbError::Erased)?;
        let (sealed, key) = photo::seal(space, &picture.jpeg(), &mut clock::rng());
        let photo = Photo {
            id: PhotoId::of(&sealed),
            key,
            width: picture.width,
            height: picture.height,
            consent,
        };
        let vault = live.keeper.vault();
        let mut batch = vault.batch();
        batch.put_taken(photo.id, sealed);
        vault.write(batch).await?;
        // Somebody else may be here by now.
        if self.live().is_some_and(|now| Rc::ptr_eq(&now, &live)) {
            self.store.drafts.edit(space, |draft| draft.photos.push(photo));
        }
        Ok(())
    }

    /// Takes a photo out of what is being written.
    pub fn leave_photo_out(self, space: SpaceId, photo: PhotoId) {
        let drafts = &self.store.drafts;
        drafts.edit(space, |draft| draft.photos.retain(|other| other.id != photo));
        if let Some(vault) = self.live().map(|live| live.keeper.vault()) {
            // One that cannot be deleted ends with the vault.
            spawn_local(async move { _ = vault.drop_taken(photo).await });
        }
    }

    /// A photo as a page shows it: from this device, or from the record, and then it is kept here.
    pub async fn photo(self, space: SpaceId, photo: &Photo) -> Result<String, Unseen> {
        let live = self.live().ok_or(Unseen::NotHere)?;
        let vault = live.keeper.vault();
        let kept = vault.photo(space, photo.id).await.ok().flatten();
        let is_new = kept.is_none();
        let sealed = if let Some(sealed) = kept {
            sealed
        } else {
            let question = PhotoOf {
                space,
                photo: photo.id,
            };
            let answer: Result<PhotoAnswer, _> = self.ask(PHOTO_PATH, &question).await;
            let answer = answer.map_err(|_| Unseen::NotHere)?;
            answer.sealed.ok_or(Unseen::Gone)?.into_vec()
        };
        let jpeg = photo.open(space, &sealed).map_err(|_| Unseen::Gone)?;
        if is_new {
            let mut batch = vault.batch();
            batch.put_photo(space, photo.id, sealed);
            // One that cannot be kept is fetched anew when it is looked at.
            _ = vault.write(batch).await;
        }
        Ok(camera::shown(&jpeg))
    }
}
