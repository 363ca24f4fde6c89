//! Photos of messages at the record.

use std::time::Duration;

use baton_core::device_api::{DEPOSIT_PHOTO_PATH, DepositPhoto, PHOTO_PATH, PhotoAnswer, PhotoOf};
use baton_core::id::SpaceId;
use baton_core::op::Body;
use baton_core::op::message::{MessageOp, PHOTOS, Posted, Priority};
use baton_core::photo::{self, Consent, PHOTO_BYTES, Photo, PhotoId};
use baton_core::refusal::Refusal;
use serde_bytes::ByteBuf;

use crate::place::{Place, TestDevice, append_one, new_seq, refusal};

/// A photo as a device seals it.
fn taken(place: &Place, space: SpaceId, jpeg: &[u8]) -> (Photo, Vec<u8>) {
    let (sealed, key) = photo::seal(space, jpeg, &mut place.cx.rng());
    let photo = Photo {
        id: PhotoId::of(&sealed),
        key,
        width: 4,
        height: 3,
        consent: Consent::Agreed,
    };
    (photo, sealed)
}

fn showing(photos: &[Photo]) -> Body {
    Body::Message(MessageOp::Posted(Posted {
        text: "The wound today".into(),
        priority: Priority::Routine,
        reply_to: None,
        mentions: vec![],
        roles: vec![],
        about: None,
        photos: photos.to_vec(),
    }))
}

fn given(space: SpaceId, sealed: &[u8]) -> DepositPhoto {
    DepositPhoto {
        space,
        sealed: ByteBuf::from(sealed),
    }
}

async fn deposit(place: &Place, device: &TestDevice, space: SpaceId, sealed: &[u8]) {
    let (status, _) = device.ask(place, DEPOSIT_PHOTO_PATH, &given(space, sealed)).await;
    assert_eq!(status, 204);
}

async fn find(place: &Place, device: &TestDevice, space: SpaceId, photo: PhotoId) -> Option<Vec<u8>> {
    let answer: PhotoAnswer = device.get(place, PHOTO_PATH, &PhotoOf { space, photo }).await;
    answer.sealed.map(ByteBuf::into_vec)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_taken_once_the_record_has_its_photos_and_members_see_them() {
    let Some(place) = Place::open("photo_shown").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let mut ring = amina.keys(&place, space).await;
    let (first, sealed) = taken(&place, space, b"the left heel");
    let (second, other) = taken(&place, space, b"the right heel");
    let both = [first.clone(), second.clone()];
    deposit(&place, &amina, space, &sealed).await;
    let early = amina.seal(&place, &mut ring, showing(&both));
    let result = append_one(&place.cx, space, early.clone()).await;
    assert_eq!(refusal(&mut ring, early.op.op_id, &result), Refusal::NoPhoto);

    // Once more does no harm, and gives nothing else its name.
    deposit(&place, &amina, space, &sealed).await;
    deposit(&place, &amina, space, &other).await;
    assert_eq!(place.count("photo").await, 2);
    let whole = amina.seal(&place, &mut ring, showing(&both));
    new_seq(&append_one(&place.replica(2), space, whole).await);
    let seen = find(&place, &tom, space, first.id).await.unwrap();
    assert_eq!(first.open(space, &seen).unwrap().as_slice(), b"the left heel");
    assert_eq!(
        find(&place, &tom, space, PhotoId::from_bytes([9; 32])).await,
        None
    );
    place.assert_verified(space).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_kept_from_and_given_to_members_of_its_space_alone() {
    let Some(place) = Place::open("photo_members").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let elsewhere = place.team("Theatre", &["siobhan"], &["tom"]).await;
    let (amina, siobhan) = (place.device("amina").await, place.device("siobhan").await);
    let (photo, sealed) = taken(&place, space, b"the left heel");
    deposit(&place, &amina, space, &sealed).await;
    let not_member = (403, "not-member".to_owned());
    let asked = PhotoOf {
        space,
        photo: photo.id,
    };
    assert_eq!(siobhan.refused(&place, PHOTO_PATH, &asked).await, not_member);
    let theirs = given(space, &sealed);
    assert_eq!(
        siobhan.refused(&place, DEPOSIT_PHOTO_PATH, &theirs).await,
        not_member
    );
    // Its name alone gives it to nobody through another space.
    assert_eq!(find(&place, &siobhan, elsewhere, photo.id).await, None);
    let mut ring = siobhan.keys(&place, elsewhere).await;
    let moved = siobhan.seal(&place, &mut ring, showing(&[photo]));
    let result = append_one(&place.cx, elsewhere, moved.clone()).await;
    assert_eq!(refusal(&mut ring, moved.op.op_id, &result), Refusal::NoPhoto);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_too_many_and_empty_are_refused() {
    let Some(place) = Place::open("photo_limits").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &[]).await;
    let amina = place.device("amina").await;
    let mut ring = amina.keys(&place, space).await;
    let (photo, largest) = taken(&place, space, &vec![7; PHOTO_BYTES]);
    deposit(&place, &amina, space, &largest).await;
    let larger = given(space, &[largest.as_slice(), &[0; 256]].concat());
    let refused = amina.refused(&place, DEPOSIT_PHOTO_PATH, &larger).await;
    assert_eq!(refused, (413, "too-large".to_owned()));
    let refused = amina
        .refused(&place, DEPOSIT_PHOTO_PATH, &given(space, b""))
        .await;
    assert_eq!(refused, (400, "malformed".to_owned()));
    let many = vec![photo.clone(); PHOTOS + 1];
    let wide = Photo { width: 0, ..photo };
    for body in [showing(&many), showing(&[wide])] {
        let op = amina.seal(&place, &mut ring, body);
        let result = append_one(&place.cx, space, op.clone()).await;
        assert_eq!(refusal(&mut ring, op.op.op_id, &result), Refusal::TooLong);
    }
    for n in 1..100_u8 {
        deposit(&place, &amina, space, &taken(&place, space, &[n]).1).await;
    }
    let one_more = given(space, &taken(&place, space, b"one more").1);
    let refused = amina.refused(&place, DEPOSIT_PHOTO_PATH, &one_more).await;
    assert_eq!(refused, (429, "photos".to_owned()));
    deposit(&place, &amina, space, &largest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_no_message_shows_is_deleted_after_30_days_and_the_others_stay() {
    let Some(place) = Place::open("photo_unshown").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &[]).await;
    let amina = place.device("amina").await;
    let mut ring = amina.keys(&place, space).await;
    let (shown, sealed) = taken(&place, space, b"the left heel");
    deposit(&place, &amina, space, &sealed).await;
    let op = amina.seal(&place, &mut ring, showing(std::slice::from_ref(&shown)));
    new_seq(&append_one(&place.cx, space, op).await);
    let (_, never) = taken(&place, space, b"the right heel");
    deposit(&place, &amina, space, &never).await;
    place.clock.pass(Duration::from_hours(29 * 24));
    assert_eq!(baton_record::photos::forget_unshown(&place.cx).await.unwrap(), 0);
    place.clock.pass(Duration::from_hours(2 * 24));
    assert_eq!(baton_record::photos::forget_unshown(&place.cx).await.unwrap(), 1);
    let left: Vec<(Vec<u8>,)> = sqlx::query_as("SELECT id FROM photo")
        .fetch_all(&place.cx.pool)
        .await
        .unwrap();
    assert_eq!(left, [(shown.id.as_bytes().to_vec(),)]);
}
