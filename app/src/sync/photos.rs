//! Photos that were taken here, on their way to the record.

use baton_core::device_api::{DEPOSIT_PHOTO_PATH, DepositPhoto, PHOTO_PATH, PhotoAnswer, PhotoOf};
use baton_core::id::SpaceId;
use baton_core::photo::PhotoId;
use baton_core::sync::Event;
use serde_bytes::ByteBuf;

use super::keeper::Keeper;
use crate::session::{AskError, Record};

/// Gives the record a photo, from wherever in this vault a tab put it.
pub(super) async fn deposit(
    keeper: &Keeper,
    record: &Record,
    space: SpaceId,
    photo: PhotoId,
) -> Result<Event, AskError> {
    // A browser that does not read now may do so later.
    let kept = keeper.vault().photo(space, photo).await;
    let Some(sealed) = kept.map_err(|_| AskError::Unreachable)? else {
        // The record may have it from before.
        let question = PhotoOf { space, photo };
        let answer: PhotoAnswer = record.ask(&keeper.me().device, PHOTO_PATH, &question).await?;
        return Ok(if answer.sealed.is_some() {
            Event::Deposited(space, photo)
        } else {
            Event::NoPhoto(space, photo)
        });
    };
    let sealed = ByteBuf::from(sealed);
    let question = DepositPhoto { space, sealed };
    let told = record
        .tell(&keeper.me().device, DEPOSIT_PHOTO_PATH, &question)
        .await;
    match told {
        Ok(()) => {
            // Otherwise it is given once more at the next start, which does no harm.
            _ = keeper
                .vault()
                .given(space, photo, question.sealed.into_vec())
                .await;
            Ok(Event::Deposited(space, photo))
        }
        Err(AskError::Refused {
            status: 400 | 413, ..
        }) => Ok(Event::NoPhoto(space, photo)),
        // Too many of this device wait for their messages: nothing else is to wait for that.
        Err(AskError::Refused { reason, .. }) if reason == "photos" => Ok(Event::NoPhoto(space, photo)),
        Err(error) => Err(error),
    }
}
